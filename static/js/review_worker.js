// The service worker of the president's review: the page opens without a signal, and nothing outlives the sign-out.
// Its address names the visit that it serves (?visit=) and where the files lie (&files=); another sign-in is another
// visit, and its pages are kept apart. What waits to be sent is in review_store.js; the page sends it, not the worker.
(() => {
  "use strict";

  const own = new URL(globalThis.location.href);
  const visit = own.searchParams.get("visit");
  const root = new URL("./", own).pathname;
  const reviews = `${root}review/`;
  const files = own.searchParams.get("files") || `${root}static/`;
  const PAGES = `review-pages-${visit}`;
  const FILES = "review-files";
  const PATIENCE = 4000; // milliseconds until a kept page is better than a signal that hardly is one
  const HASHED = /\.[0-9a-f]{12}\.\w+$/;

  addEventListener("install", () => skipWaiting());
  addEventListener("activate", (event) => event.waitUntil(dropOtherVisits().then(() => clients.claim())));

  async function dropOtherVisits() {
    for (const name of await caches.keys()) {
      if (name.startsWith("review-pages-") && name !== PAGES) await caches.delete(name);
    }
  }

  addEventListener("fetch", (event) => {
    const { request } = event;
    const { origin, pathname } = new URL(request.url);
    if (origin !== own.origin) return;
    if (request.method === "GET" && pathname.startsWith(files)) event.respondWith(file(request));
    else if (request.mode !== "navigate") return;
    else if (request.method === "GET" && pathname.startsWith(reviews)) event.respondWith(page(event));
    else if (request.method === "POST" && pathname === `${root}sign-out/`) event.respondWith(signOut(request));
    else if (request.method === "POST" && !pathname.startsWith(reviews)) event.respondWith(perhapsAnother(event));
  });

  addEventListener("message", (event) => {
    if (event.data?.visit === visit) event.waitUntil(keep(event.data));
  });

  // --- files: what has its fingerprint in its name never changes ---

  async function file(request) {
    const kept = await caches.match(request);
    if (kept && HASHED.test(new URL(request.url).pathname)) return kept;
    try {
      const fresh = await fetch(request);
      if (fresh.ok) await put(FILES, request, fresh.clone());
      return fresh;
    } catch (problem) {
      if (kept) return kept;
      throw problem;
    }
  }

  // --- pages: from the network, else as they were when last seen ---

  async function page(event) {
    const coming = fromNetwork(event);
    const kept = await keptPage(event.request);
    if (!kept) return coming.catch(() => somePage(event.request));
    const late = new Promise((resolve) => setTimeout(() => resolve(kept), PATIENCE));
    event.waitUntil(coming.catch(() => {}));
    return Promise.race([coming, late]).catch(() => kept);
  }

  const keptPage = (address) => caches.match(address, { cacheName: PAGES, ignoreVary: true });

  async function fromNetwork(event) {
    const fresh = await fetch(event.request);
    if (fresh.type === "opaqueredirect") event.waitUntil(checkWhose());
    else if (isPage(fresh)) await put(PAGES, event.request, fresh.clone());
    return fresh;
  }

  const isPage = (response) =>
    response.ok && !response.redirected && (response.headers.get("Content-Type") || "").startsWith("text/html");

  // Without a signal, the address that leads on to the review cannot lead there: the kept page is named instead.
  async function somePage(request) {
    const asked = new URL(request.url).pathname;
    const [kept] = await (await caches.open(PAGES)).keys();
    return asked === reviews && kept ? Response.redirect(kept.url) : Response.error();
  }

  // A page that came before the worker stood says itself how it was: fetching it again would double the first visit.
  async function keep({ address, page: text, files: names }) {
    if (text && !(await keptPage(address))) {
      const told = await fetch(`${reviews}whose/`, { redirect: "manual" });
      const headers = { "Content-Type": "text/html; charset=utf-8" };
      for (const name of ["Content-Security-Policy", "Referrer-Policy"]) headers[name] = told.headers.get(name) ?? "";
      if (told.ok) await put(PAGES, address, new Response(text, { headers }));
    }
    for (const name of names) {
      if (new URL(name, own).pathname.startsWith(files) && !(await caches.match(name))) {
        const fresh = await fetch(name);
        if (fresh.ok) await put(FILES, name, fresh);
      }
    }
  }

  // Somebody has signed out: what still passes through is kept no more.
  let over = false;
  const writing = new Set();

  // A full phone keeps no pages; the review goes on with a signal.
  async function put(name, request, response) {
    if (over) return;
    const written = caches.open(name).then((cache) => cache.put(request, response));
    writing.add(written);
    await written.catch(() => {});
    writing.delete(written);
  }

  // --- whose phone it is ---

  async function signOut(request) {
    const left = await reviewStore.waiting();
    if (left.length) return Response.redirect(`${left[0].page}#sign-out`, 303);
    const response = await fetch(request);
    if (response.type === "opaqueredirect" || response.ok) {
      over = true;
      await Promise.allSettled(writing);
      await reviewStore.forget();
      await registration.unregister();
    }
    return response;
  }

  // A form that leads away may have been a sign-in.
  async function perhapsAnother(event) {
    const response = await fetch(event.request);
    if (response.type === "opaqueredirect") event.waitUntil(checkWhose());
    return response;
  }

  // Nobody is signed in: no page stays, what waits stays for the same person. Somebody else is: nothing stays.
  async function checkWhose() {
    let response;
    try {
      response = await fetch(`${reviews}whose/`, { redirect: "manual" });
    } catch {
      return;
    }
    if (response.type === "opaqueredirect") return caches.delete(PAGES);
    if (!response.ok && response.status !== 404) return;
    const person = response.ok ? (await response.json()).person : "";
    const owner = await reviewStore.owner();
    if (owner && owner.person !== person) await reviewStore.forget();
  }
})();
