// What waits on the phone, in IndexedDB: the words of one person, in the order in which they were said.
// Loaded by the review pages and, before review_worker.js, by the service worker.
//
// items: { place, key, deed, send, page, listed, word, photo, state: waiting | saved | refused, … }, by place.
// facts: the one record "owner": whose words these are ({ person, visit, made_at, page }).
//
// A page that is older than the owner's is somebody else's or outlived: it writes nothing (the answer is false).
(() => {
  "use strict";

  const NAME = "review";
  let connection = null;

  const answer = (request) =>
    new Promise((resolve, reject) => {
      request.onsuccess = () => resolve(request.result);
      request.onerror = () => reject(request.error);
    });

  function open() {
    if (connection) return connection;
    const request = indexedDB.open(NAME, 1);
    request.onupgradeneeded = () => {
      request.result.createObjectStore("items", { keyPath: "place", autoIncrement: true });
      request.result.createObjectStore("facts");
    };
    connection = answer(request);
    connection.then(
      (database) => {
        // Signing out removes the database: nobody may hold it.
        database.onversionchange = () => close();
        database.onclose = () => close();
      },
      () => (connection = null),
    );
    return connection;
  }

  function close() {
    connection?.then((database) => database.close());
    connection = null;
  }

  // Runs `work(items, facts)` in one transaction; strict: what is stored outlives a flat battery.
  async function inside(mode, work) {
    const database = await open();
    const transaction = database.transaction(["items", "facts"], mode, { durability: "strict" });
    const ended = new Promise((resolve, reject) => {
      transaction.oncomplete = () => resolve();
      transaction.onabort = () => reject(transaction.error);
    });
    const result = await work(transaction.objectStore("items"), transaction.objectStore("facts"));
    await ended;
    return result;
  }

  const owned = async (facts, person) => (await answer(facts.get("owner")))?.person === person;

  // The page that was made last says whose phone it is; what another person left is removed. False: not this page.
  const own = (owner) =>
    inside("readwrite", async (items, facts) => {
      const before = await answer(facts.get("owner"));
      if (before && before.person !== owner.person) {
        if (before.made_at > owner.made_at) return false;
        items.clear();
      }
      if (!before || before.made_at <= owner.made_at) facts.put(owner, "owner");
      return true;
    });

  const all = (person) =>
    inside("readonly", async (items, facts) => ((await owned(facts, person)) ? answer(items.getAll()) : []));

  // Stores words that belong together, all or none.
  const add = (person, words) =>
    inside("readwrite", async (items, facts) => {
      if (!(await owned(facts, person))) return false;
      for (const word of words) items.add(word);
      return true;
    });

  // Changes the items that are still there; null in `changes` removes one.
  const change = (person, changes) =>
    inside("readwrite", async (items, facts) => {
      if (!(await owned(facts, person))) return false;
      for (const [place, fields] of changes) {
        const item = await answer(items.get(place));
        if (item && fields) items.put({ ...item, ...fields });
        else if (item) items.delete(place);
      }
      return true;
    });

  const owner = () => inside("readonly", (_items, facts) => answer(facts.get("owner")));

  const waiting = () =>
    inside("readonly", async (items) => (await answer(items.getAll())).filter((item) => item.state === "waiting"));

  // Nothing stays: neither the words nor the kept pages and files.
  async function forget() {
    close();
    for (const name of (await globalThis.caches?.keys()) ?? []) {
      if (name.startsWith("review-")) await caches.delete(name);
    }
    await answer(indexedDB.deleteDatabase(NAME));
  }

  globalThis.reviewStore = { own, owner, all, add, change, waiting, forget };
})();
