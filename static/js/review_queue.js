// The review on a weak signal: every tap is stored on the phone first (review_store.js), shown at once, and sent in
// its order when there is a signal. Without IndexedDB the forms are sent as ever.
//
// [data-review-queue]: the bar, with the addresses, whose phone it is, and all sentences (templates/verification/
// _review_queue.html) · li[data-listed][data-verdict]: a house; in it form[data-verdict-form] (button[name=kind], one of
// them [data-save] for the note alone), form[data-undo-form] (button[name=take_back], its value the verdict's key),
// [data-kind-said], [data-said], details[data-more] with the fields note, house_no and photo (review_parts.js brings
// them to a house that lacks them) · li[data-added]: a house
// added to the list · section[data-lane]: a lane with [data-progress] and form[data-rest-form] ([data-left]) ·
// form[data-missing-form] · [data-decided], [data-all-progress]: all houses · [data-continue]: to the first undecided.
//
// Every word has a key of its own, made here: however often it is sent, it is kept once. The office answers each
// word: saved, late, moved, refused and why. No answer at all means: it waits.
(() => {
  "use strict";

  const bar = document.querySelector("[data-review-queue]");
  if (!bar || !globalThis.indexedDB || !globalThis.reviewStore) return;

  const store = globalThis.reviewStore;
  const { person, visit, send: address } = bar.dataset;
  const say = (name, n) => (bar.dataset[`say${name}`] || "").replace("{n}", written(n ?? ""));
  const AT_ONCE = 20; // words of one message
  const LARGEST_PHOTO = 20 * 1024 * 1024;
  const LONGEST_WAIT = 60_000; // milliseconds
  const SHOWN = 4_000; // milliseconds in which the bar says that all is sent
  const PATIENCE = { words: 30_000, photo: 180_000 };
  const MARGIN = 10_000; // milliseconds: a page made that soon after an answer may not know of it yet

  // As the office drew it; a worker of this visit has kept it already.
  const kept = navigator.serviceWorker?.controller?.scriptURL.includes(visit);
  const page = kept ? "" : `<!doctype html>${document.documentElement.outerHTML}`;

  let items = [];
  let trouble = ""; // "", NoSignal or SignedOut
  let sending = false;
  let failures = 0;
  let timer = 0;
  let storing = Promise.resolve();
  let notKept = false;
  let unseen = false; // that all has been sent

  // --- small things ---

  const thai = document.documentElement.classList.contains("thai-digits");
  function written(number) {
    return thai ? String(number).replace(/[0-9]/g, (digit) => "๐๑๒๓๔๕๖๗๘๙"[digit]) : String(number);
  }

  function newKey() {
    if (crypto.randomUUID) return crypto.randomUUID();
    const bytes = crypto.getRandomValues(new Uint8Array(16));
    bytes[6] = (bytes[6] & 0x0f) | 0x40;
    bytes[8] = (bytes[8] & 0x3f) | 0x80;
    const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
    return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
  }

  const cookie = (name) => document.cookie.match(`(?:^|; )${name}=([^;]*)`)?.[1] ?? "";
  const houses = () => [...document.querySelectorAll("[data-listed]")];
  const house = (listed) => document.querySelector(`[data-listed="${Number(listed)}"]`);
  const of = (listed) => items.filter((item) => item.listed === listed || item.houses?.includes(listed));

  // --- what is said: stored first, then shown, then sent ---

  const deeds = {
    verdictForm: sayOfHouse,
    undoForm: takeBack,
    restForm: confirmRest,
    missingForm: reportMissing,
  };

  document.addEventListener(
    "submit",
    (event) => {
      const form = event.target;
      const deed = Object.keys(deeds).find((name) => name in form.dataset);
      const leaves = new URL(form.action, location.href).pathname.endsWith("/sign-out/");
      if (!deed && !leaves) return;
      const words = deed ? deeds[deed](form, event.submitter) : null;
      if (deed && words === undefined) return;
      event.preventDefault();
      event.stopImmediatePropagation();
      if (leaves) leave(form);
      else if (words) storing = storing.then(() => keep(words));
    },
    true,
  );

  // A deed returns its words, null for nothing new to say, undefined where the form is none of the queue's.
  function sayOfHouse(form, submitter) {
    const row = form.closest("[data-listed]");
    const kind = submitter?.name === "kind" ? submitter.value : row.dataset.verdict;
    if (!kind) return undefined;
    const typed = {};
    for (const name of ["note", "house_no", "lane"]) typed[name] = row.querySelector(`[name="${name}"]`)?.value ?? "";
    const photos = photosIn(row);
    const listed = Number(row.dataset.listed);
    const said = word("verdict", { listed, label: labelOf(row), word: { kind, listed, ...typed } });
    if (row.dataset.verdict !== kind || changed(row)) return { words: [said], photos, fields: row };
    // Pressed twice, nothing new is said; photos alone belong to what was said before.
    return photos.length ? { words: [], photos, fields: row, of: { ...said, key: standing(row) } } : null;
  }

  // The key of what stands of a house: said here, else as the office's page told.
  function standing(row) {
    const said = of(Number(row.dataset.listed)).filter((item) => item.deed !== "photo" && item.state !== "refused");
    return said.at(-1)?.key ?? row.querySelector("[name=take_back]")?.value ?? "";
  }

  const written_in = (part) => [...part.querySelectorAll("textarea, input[name=house_no]")];
  const changed = (row) => written_in(row).some((field) => field.value !== field.defaultValue);
  const photosIn = (part) => [...part.querySelectorAll("input[type=file]")].flatMap((field) => [...field.files]);
  const labelOf = (row) => row.querySelector("h3").textContent.trim();

  function takeBack(form) {
    const row = form.closest("[data-listed]");
    const listed = row ? Number(row.dataset.listed) : 0;
    const takes = row ? standing(row) : form.elements.take_back.value;
    if ((row && !row.dataset.verdict) || takenBack(takes, listed)) return null;
    const label = labelOf(form.closest("li"));
    return { words: [word("undo", { listed, label, word: { takes, listed } })], photos: [] };
  }

  const takenBack = (takes, listed) =>
    items.some(
      ({ deed, state, listed: where, word: said }) =>
        deed === "undo" && state !== "refused" && said.takes === takes && where === listed,
    );

  function confirmRest(form) {
    const left = undecided(form.closest("[data-lane]"));
    if (!left.length) return null;
    const { lane_order } = form.elements;
    const listed = left.map((row) => Number(row.dataset.listed));
    const said = { lane_order: lane_order.value, number: left.length };
    return { words: [word("rest", { listed: 0, houses: listed, label: "", word: said })], photos: [] };
  }

  function reportMissing(form) {
    const value = (name) => form.elements[name]?.value.trim() ?? "";
    const typed = { house_no: value("house_no"), lane: value("lane_other") || value("lane"), note: value("note") };
    return {
      words: [word("missing", { listed: 0, label: `${typed.house_no} ${typed.lane}`.trim(), word: typed })],
      photos: photosIn(form),
      fields: form,
      reset: form,
    };
  }

  function word(deed, { listed, houses, label, word: said }) {
    const said_at = new Date().toISOString();
    return {
      key: newKey(),
      deed,
      send: address,
      page: location.pathname + location.search,
      listed,
      houses,
      label,
      state: "waiting",
      word: { ...said, said_at },
    };
  }

  // The words first, then each photo as soon as it is small: making it small takes a while on an old phone.
  async function keep({ words, photos, fields, reset, of: shown = words[0] }) {
    try {
      notKept = !(await store.add(person, words));
      if (notKept) return;
      for (const field of fields ? written_in(fields) : []) field.defaultValue = field.value;
      await read();
      for (const file of photos) await store.add(person, [await photoWord(shown, file)]);
      for (const field of fields?.querySelectorAll("input[type=file]") ?? []) field.value = "";
      reset?.reset();
    } catch {
      notKept = true;
    } finally {
      await read();
      sendSoon();
    }
  }

  async function photoWord(verdict, file) {
    const photo = await globalThis.reviewPhotos.small(file);
    const made = { ...verdict, key: newKey(), deed: "photo", state: "waiting", word: { of: verdict.key }, photo };
    if (photo.bytes.byteLength <= LARGEST_PHOTO) return made;
    return { ...made, photo: null, state: "refused", sentence: say("TooLarge") };
  }

  // --- what is shown ---

  async function read() {
    items = await store.all(person);
    show();
    others?.postMessage("changed");
  }

  function show() {
    const spoken = new Set(items.flatMap((item) => item.houses ?? [item.listed]));
    showBar();
    if (!items.length && !before.size) return; // the page is as the office drew it
    for (const row of houses()) if (before.has(row) || spoken.has(Number(row.dataset.listed))) showHouse(row);
    for (const row of document.querySelectorAll("[data-added]")) row.hidden = takenBack(row.dataset.added, 0);
    for (const lane of document.querySelectorAll("[data-lane]")) showLane(lane);
    showProgress();
  }

  // What the office's page said of a house, before anything that was said here.
  const before = new Map();
  function beforeOf(row) {
    if (!before.has(row)) {
      globalThis.reviewParts?.(row);
      const said = row.querySelector("[data-said]").cloneNode(true);
      before.set(row, { verdict: row.dataset.verdict, said, chip: row.querySelector("[data-kind-said]").textContent });
    }
    return before.get(row);
  }

  function showHouse(row) {
    const first = beforeOf(row);
    const own = of(Number(row.dataset.listed));
    const verdict = own.reduce(verdictAfter, first.verdict);
    const doubtful = !["", "right"].includes(verdict);
    if (row.dataset.verdict !== verdict) {
      row.dataset.verdict = verdict;
      row.querySelector("[data-more]").open = doubtful;
    }
    const chip = row.querySelector("[data-kind-said]");
    chip.textContent = verdict === first.verdict ? first.chip : labelOfKind(row, verdict);
    chip.classList.toggle("done", verdict === "right");
    chip.classList.toggle("look", doubtful);
    const save = row.querySelector("[data-save]");
    save.value = verdict;
    save.hidden = !doubtful;
    row.querySelector("[data-undo-form]").hidden = !verdict;
    showSaid(row, own, first.said);
  }

  const labelOfKind = (row, kind) => row.querySelector(`.kinds [value="${CSS.escape(kind)}"]`)?.textContent ?? "";

  function showSaid(row, own, first) {
    const said = row.querySelector("[data-said]");
    if (!own.length) {
      delete row.dataset.sending;
      said.replaceChildren(...first.cloneNode(true).childNodes);
      return;
    }
    row.dataset.sending = stateOf(own);
    const text = sentenceOf(own, row.dataset.verdict);
    if (said.textContent !== text) said.textContent = text;
  }

  function verdictAfter(before, item) {
    if (item.state === "refused" || item.late || item.deed === "photo") return before;
    return { verdict: item.word.kind, undo: "", rest: "right" }[item.deed];
  }

  function stateOf(own) {
    if (own.some((item) => item.state === "waiting")) return "waiting";
    return own.at(-1).state === "refused" ? "refused" : "saved";
  }

  const stateNamed = (state) => say({ waiting: "Waiting", saved: "Saved", refused: "Refused" }[state]);

  function sentenceOf(own, verdict) {
    const photos = own.filter((item) => item.deed === "photo" && item.state !== "refused").length;
    const why = [...new Set(own.map((item) => item.sentence).filter(Boolean))];
    const parts = [verdict ? "" : say("Undecided"), photos ? say("Photos", photos) : "", stateNamed(stateOf(own)), ...why];
    return parts.filter(Boolean).join(" · ");
  }

  const undecided = (part) => [...part.querySelectorAll('[data-listed][data-verdict=""]')];

  function showLane(lane) {
    const all = lane.querySelectorAll("[data-listed]").length;
    const left = undecided(lane).length;
    put(lane.querySelector("[data-progress]"), `${all - left} / ${all}`);
    const form = lane.querySelector("[data-rest-form]");
    if (!form) return;
    form.elements.number.value = left;
    form.hidden = left === 0;
    put(form.querySelector("[data-left]"), left);
  }

  function showProgress() {
    // A page of found houses alone cannot count them all.
    if (!document.querySelector("[data-progress]")) return;
    const all = houses().length;
    const left = undecided(document);
    put(document.querySelector("[data-decided]"), all - left.length);
    for (const place of document.querySelectorAll("[data-all-progress]")) put(place, `${all - left.length} / ${all}`);
    showTrack(document.querySelector(".review-top .track"), (100 * (all - left.length)) / (all || 1));
    const next = document.querySelector("[data-continue]");
    if (next && left.length) next.hash = left[0].id;
  }

  function showTrack(track, share) {
    if (!track) return;
    const done = track.querySelector(".a") ?? document.createElementNS(track.namespaceURI, "rect");
    for (const [name, value] of Object.entries({ class: "a", height: "100%", width: `${share}%` })) done.setAttribute(name, value);
    if (!done.parentNode) track.prepend(done);
  }

  function put(place, text) {
    const now = written(text);
    if (place && place.textContent !== now) place.textContent = now;
  }

  function showBar() {
    const waiting = items.filter((item) => item.state === "waiting").length;
    const refused = items.filter((item) => item.state === "refused").length;
    if (waiting) unseen = true;
    const sentences = sentencesOf(waiting, refused);
    if (unseen && !waiting) {
      sentences.push(say("AllSaved"));
      setTimeout(seen, SHOWN);
    }
    bar.dataset.state = refused || notKept ? "refused" : waiting ? "waiting" : "saved";
    put(bar.querySelector("[data-queue-says]"), sentences.join(" · "));
    bar.querySelector("[data-queue-sign-in]").hidden = !(waiting && trouble === "SignedOut");
    bar.querySelector("[data-queue-now]").hidden = !(waiting && trouble === "NoSignal");
    const lines = items.filter((item) => item.state === "refused" || isNews(item));
    bar.querySelector("[data-queue-words]").replaceChildren(...lines.map(lineOf));
    bar.hidden = !sentences.length && !lines.length;
  }

  function sentencesOf(waiting, refused) {
    const sentences = [];
    if (notKept) sentences.push(say("NotKept"));
    if (waiting) sentences.push(say("Count", waiting));
    if (waiting && trouble) sentences.push(say(trouble));
    else if (waiting && sending) sentences.push(say("Sending"));
    if (refused) sentences.push(say("Refusals", refused));
    return sentences;
  }

  function seen() {
    unseen = items.some((item) => item.state === "waiting");
    showBar();
  }

  // What has no row of its own on the page stands in the bar, as does what was refused.
  function isNews(item) {
    if (item.houses || house(item.listed)) return false;
    return item.state === "waiting" || item.sentence || (unseen && item.deed === "missing");
  }

  function lineOf(item) {
    const line = document.createElement("li");
    const what = item.deed === "photo" ? say("Photo") : "";
    line.textContent = [item.label, what, stateNamed(item.state), item.sentence].filter(Boolean).join(" · ");
    if (item.state !== "refused") return line;
    if (item.deed !== "photo" || item.photo) line.append(" ", button("Again", () => resend(item)));
    line.append(" ", button("Noted", () => drop(item)));
    return line;
  }

  function button(name, press) {
    const made = document.createElement("button");
    made.type = "button";
    made.className = "btn small";
    made.textContent = say(name);
    made.addEventListener("click", press);
    return made;
  }

  const resend = (item) => change([[item.place, { state: "waiting", sentence: "", code: "" }]]).then(sendSoon);
  const drop = (item) => change([[item.place, null]]);

  async function change(changes) {
    await store.change(person, changes);
    await read();
  }

  // --- sending: one tab at a time, one message after the other ---

  function sendSoon() {
    failures = 0;
    return sendNow();
  }

  let running = null;
  function sendNow() {
    clearTimeout(timer);
    running ??= alone(drain)
      .catch(() => (trouble = "NoSignal"))
      .finally(() => {
        running = null;
        sending = false;
        showBar();
        if (trouble || items.some((item) => item.state === "waiting")) again();
      });
    return running;
  }

  const alone = (work) => (navigator.locks ? navigator.locks.request("review-send", work) : work());

  function again() {
    failures = Math.min(failures + 1, 10);
    const wait = trouble ? Math.min(LONGEST_WAIT, 1000 * 2 ** (failures - 1)) : 0;
    timer = setTimeout(sendNow, wait * (0.75 + Math.random() / 2));
  }

  async function drain() {
    let most = AT_ONCE;
    trouble = "";
    for (;;) {
      items = await store.all(person);
      const batch = nextBatch(most);
      if (!batch.length) return;
      sending = true;
      showBar();
      const outcome = await post(batch);
      if (outcome === "smaller") most = Math.ceil(batch.length / 2);
      else if (typeof outcome === "string") {
        trouble = outcome;
        return;
      } else {
        failures = 0;
        await change(outcome);
      }
    }
  }

  function nextBatch(most) {
    const waiting = items.filter((item) => item.state === "waiting");
    const [first] = waiting;
    if (!first || first.deed === "photo") return first ? [first] : [];
    const other = waiting.findIndex((item) => item.deed === "photo" || item.send !== first.send);
    return waiting.slice(0, Math.min(most, other < 0 ? most : other));
  }

  // What to change in the store after the office has answered; else in one word what hinders:
  // NoSignal (no answer), SignedOut, smaller (too much at once).
  async function post(batch) {
    const response = await fetch(batch[0].send, requestOf(batch)).catch(() => null);
    if (!response || response.status >= 500) return "NoSignal";
    if (response.type === "opaqueredirect" || response.status === 403) return "SignedOut";
    if (response.status === 409) {
      location.reload();
      return "SignedOut";
    }
    const told = await response.json().catch(() => null);
    if (response.ok) return told ? changesAfter(batch, told) : "NoSignal";
    if (batch.length > 1 && response.status !== 404) return "smaller";
    const sentence = told?.sentence || say({ 404: "Gone", 413: "TooLarge" }[response.status] || "NotUnderstood");
    return batch.map((item) => [item.place, { state: "refused", sentence }]);
  }

  function requestOf(batch) {
    const [item] = batch;
    const headers = { "X-CSRFToken": cookie("csrftoken"), "Review-Person": person, Accept: "application/json" };
    const request = { method: "POST", headers, redirect: "manual", credentials: "same-origin", cache: "no-store" };
    const stop = new AbortController();
    setTimeout(() => stop.abort(), item.photo ? PATIENCE.photo : PATIENCE.words);
    if (item.deed === "photo") {
      const form = new FormData();
      form.set("key", item.key);
      form.set("of", item.word.of);
      form.set("listed", item.listed);
      form.set("photo", new Blob([item.photo.bytes], { type: item.photo.type }), item.photo.name || "photo");
      return { ...request, body: form, signal: stop.signal };
    }
    headers["Content-Type"] = "application/json";
    const words = batch.map(({ key, deed, word: said }) => ({ key, deed, ...said }));
    return { ...request, body: JSON.stringify({ words }), signal: stop.signal };
  }

  function changesAfter(batch, { answers, at }) {
    const fits = answers?.length === batch.length && batch.every((item, nth) => answers[nth].key === item.key);
    if (!fits) return "NoSignal";
    return batch.map((item, nth) => {
      const { state, sentence = "", code = "" } = answers[nth];
      if (state === "refused") return [item.place, { state, sentence, code }];
      return [item.place, { state: "saved", late: state === "late", sentence, at, photo: null }];
    });
  }

  // --- leaving ---

  const leaving = document.querySelector("[data-queue-leaving]");
  let leavingBy = null;

  async function leave(form) {
    leavingBy = form;
    await storing;
    items = await store.all(person);
    const left = items.filter((item) => item.state === "waiting").length;
    if (!left) return signOut();
    leaving.querySelector("[data-queue-left]").textContent = say("Count", left);
    if (!leaving.open) leaving.showModal();
  }

  async function signOut() {
    // The worker removes everything once the office has answered; without a worker it is done here.
    if (!navigator.serviceWorker?.controller) await store.forget();
    const token = leavingBy.elements.csrfmiddlewaretoken;
    if (token) token.value = cookie("csrftoken") || token.value;
    leavingBy.submit();
  }

  leaving?.addEventListener("click", async ({ target }) => {
    const wish = target.dataset.leave;
    if (!wish) return;
    if (wish === "send") {
      await sendSoon();
      const left = items.filter((item) => item.state === "waiting").length;
      const lines = [say("Count", left), say(trouble)];
      leaving.querySelector("[data-queue-left]").textContent = lines.join(" · ");
      if (left) return;
    }
    if (wish === "drop") await change(items.filter((item) => item.state === "waiting").map((item) => [item.place, null]));
    leaving.close();
    if (wish !== "stay") signOut();
  });

  // --- the worker, and when to try again ---

  async function keepPage() {
    const query = new URLSearchParams({ visit, files: bar.dataset.files });
    const registered = await navigator.serviceWorker.register(`${bar.dataset.worker}?${query}`, { scope: "/" });
    const worker = registered.installing || registered.waiting || registered.active;
    await untilActive(worker);
    const used = performance.getEntriesByType("resource").map((entry) => entry.name);
    const files = used.filter((name) => new URL(name).pathname.startsWith(bar.dataset.files));
    worker.postMessage({ visit, address: location.pathname + location.search, page, files });
  }

  const untilActive = (worker) =>
    new Promise((resolve) => {
      const look = () => ["activated", "redundant"].includes(worker.state) && resolve();
      worker.addEventListener("statechange", look);
      look();
    });

  const others = globalThis.BroadcastChannel ? new BroadcastChannel("review") : null;
  if (others) {
    others.onmessage = async () => {
      items = await store.all(person);
      show();
    };
  }

  // The button of the soi stands above the bar.
  const making_room = new ResizeObserver(([{ target }]) => {
    const height = `${target.offsetHeight}px`;
    const root = document.documentElement.style;
    if (height !== (root.getPropertyValue("--queue-bar") || "0px")) root.setProperty("--queue-bar", height);
  });
  making_room.observe(bar);

  addEventListener("online", sendSoon);
  document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && sendSoon());
  bar.querySelector("[data-queue-now]").addEventListener("click", sendSoon);
  addEventListener("pageshow", (event) => event.persisted && location.reload());

  async function start() {
    const made_at = Number(bar.dataset.madeAt);
    const mine = await store.own({ person, visit, made_at });
    if (!mine) return location.reload();
    items = await store.all(person);
    const known = items.filter((item) => item.state === "saved" && item.at < made_at - MARGIN);
    if (known.length) await store.change(person, known.map((item) => [item.place, null]));
    await read();
    navigator.storage?.persist?.();
    sendSoon();
    if (navigator.serviceWorker) keepPage().catch(() => {});
    if (location.hash === "#sign-out") leave(document.querySelector("form[action$='/sign-out/']"));
  }

  storing = start();
})();
