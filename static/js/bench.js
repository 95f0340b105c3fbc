// One thing after the other: a part of the page ([data-bench]) is exchanged for the next one by htmx.
// Here is what makes that safe: a key pressed twice decides once, the focus goes to what is new ([autofocus]),
// and an answer that is not the bench (signed out, no connection) is never taken for one.
// [data-bench-failed]: the sentence for "no answer". The pages work without any of it.
// The exchange settles at once (settle:0ms), so that no key finds a form that htmx has not yet taken over.
(() => {
  "use strict";

  const bench = document.querySelector("[data-bench]");
  if (!bench) return;
  const failed = document.querySelector("[data-bench-failed]");
  const BOUNCE = 150; // milliseconds: the same key again so soon is a slip of the finger
  const typing = "input:not([type=checkbox], [type=radio]), select, textarea, dialog";
  let under_way = false;
  let last = { key: "", at: 0 };

  function is_slip(event) {
    const again = event.key === last.key && event.timeStamp - last.at < BOUNCE;
    if (!again) last = { key: event.key, at: event.timeStamp };
    return event.repeat || under_way || again;
  }

  document.addEventListener(
    "keydown",
    (event) => {
      const walks = /^(.{2,}|[jkJK ]|Shift)$/.test(event.key) && event.key !== "Enter";
      if (walks || event.ctrlKey || event.metaKey || event.altKey || event.target.closest(typing)) return;
      if (!is_slip(event)) return;
      event.preventDefault();
      event.stopImmediatePropagation();
    },
    true,
  );

  // The second click of a double click would meet the next row.
  bench.addEventListener(
    "click",
    (event) => {
      if (event.target.closest("button") && (under_way || event.detail > 1)) event.preventDefault();
    },
    true,
  );

  // What unfolds must not stay behind the bar at the bottom.
  bench.addEventListener(
    "toggle",
    ({ target }) => {
      if (!target.open) return;
      target.querySelector("button[name=reason]")?.focus({ preventScroll: true });
      target.scrollIntoView({ block: "nearest" });
    },
    true,
  );

  function busy(is_busy) {
    under_way = is_busy;
    bench.setAttribute("aria-busy", String(is_busy));
  }

  document.addEventListener("htmx:beforeRequest", () => busy(true));
  document.addEventListener("htmx:afterRequest", () => busy(false));
  document.addEventListener("htmx:beforeSwap", (event) => {
    const { xhr } = event.detail;
    const elsewhere = xhr.responseURL && new URL(xhr.responseURL).pathname !== location.pathname;
    if (elsewhere || xhr.status === 403) {
      event.detail.shouldSwap = false;
      location.reload();
    } else if (xhr.status === 409 || xhr.status === 422) {
      event.detail.shouldSwap = true;
      event.detail.isError = false;
    }
  });
  for (const problem of ["htmx:sendError", "htmx:responseError", "htmx:timeout"]) {
    document.addEventListener(problem, () => {
      failed.hidden = false;
      failed.scrollIntoView({ block: "nearest" });
    });
  }
  document.addEventListener("htmx:afterSwap", () => {
    failed.hidden = true;
    bench.querySelector("[autofocus]")?.focus();
  });
})();
