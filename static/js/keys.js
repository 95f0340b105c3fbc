// The keyboard run of a page. Everything here can also be done by mouse or touch.
// [data-search]: where "/" goes · [data-rows]: a list whose children (or tbody rows) are walked ·
// [data-open]: the row's link for Enter (else its first link) · [data-key="t"]: what the key t presses ·
// [data-enter]: what Enter presses on the whole page · details.unfold: its first field is
// typed into once a key opened it. A keyboard switched to Thai works as well.
(() => {
  "use strict";

  const typing = (target) => target.closest("input:not([type=checkbox], [type=radio]), select, textarea, dialog");
  const rows = () =>
    [...document.querySelectorAll("[data-rows]")].flatMap((list) =>
      [...(list.tBodies ? [...list.tBodies].flatMap((body) => [...body.rows]) : list.children)].filter(
        (row) => !row.matches(".group, .context, [hidden]"),
      ),
    );
  let place = -1;

  function go(row) {
    document.querySelector(".here")?.classList.remove("here");
    row.classList.add("here");
    row.tabIndex = -1;
    row.focus({ preventScroll: true });
    row.scrollIntoView({ block: "nearest" });
  }

  function tick(row, ticked) {
    const box = row.querySelector("input[type=checkbox]");
    if (!box || box.disabled) return;
    box.checked = ticked ?? !box.checked;
    box.dispatchEvent(new Event("change", { bubbles: true }));
  }

  function step(by, extending) {
    const all = rows();
    if (!all.length) return;
    const from = all.findIndex((row) => row.contains(document.activeElement));
    const before = from >= 0 ? from : Math.min(place, all.length - 1);
    place = before < 0 ? 0 : Math.min(Math.max(before + by, 0), all.length - 1);
    if (extending) {
      if (all[before]) tick(all[before], true);
      tick(all[place], true);
    }
    go(all[place]);
  }

  // A page that names one of its rows begins there.
  const landed = location.hash && rows().find((row) => `#${row.id}` === location.hash);
  if (landed) go(landed);

  const current = () => rows().find((row) => row === document.activeElement);

  const steps = { j: 1, ArrowDown: 1, k: -1, ArrowUp: -1, J: 1, K: -1 };

  // The Latin key where the keyboard types Thai: by the digit it shows, else by its place.
  function latin({ key, code, shiftKey }) {
    if (key.length > 1 || /^[ -~]$/.test(key)) return key;
    if ("๐" <= key && key <= "๙") return String("๐๑๒๓๔๕๖๗๘๙".indexOf(key));
    if (code === "Slash") return shiftKey ? "?" : "/";
    const place = /^(?:Key|Digit)(.)$/.exec(code);
    if (!place) return key;
    return shiftKey ? place[1] : place[1].toLowerCase();
  }

  function onKey(event) {
    if (event.key === "Escape") {
      const menu = document.querySelector("details.menu[open]");
      if (menu) {
        menu.open = false;
        menu.querySelector("summary").focus();
      }
      return;
    }
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || typing(event.target)) return;
    if (obey(event)) event.preventDefault();
  }

  function obey(event) {
    const key = latin(event);
    if (key === "/") return reach(document.querySelector("[data-search]"));
    if (key === "?") return show(document.getElementById("keys"));
    if (key in steps && rows().length) return step(steps[key], event.shiftKey) ?? true;
    const row = current();
    if (row && (key === " " || (key === "x" && row.querySelector("input[type=checkbox]")))) return tick(row) ?? true;
    if (key === "Enter" && !event.target.closest("a, button, summary")) return enter(row);
    if (!/^[a-z0-9]$/.test(key)) return false;
    const named = `[data-key="${key}"]`;
    return press([...(row?.querySelectorAll(named) ?? []), ...document.querySelectorAll(named)].find(is_at_hand));
  }

  // What lies folded away is not pressed by its key.
  const is_at_hand = (control) => !control.closest("details:not([open])") || control.matches("summary");

  function enter(row) {
    const whole = document.querySelector("[data-enter]");
    return press(whole ?? row?.querySelector("[data-open], a[href]"));
  }

  function reach(field) {
    if (!field) return false;
    field.focus();
    field.select?.();
    return true;
  }

  function show(dialog) {
    dialog?.showModal();
    return Boolean(dialog);
  }

  function press(control) {
    if (!control || control.disabled) return false;
    if (control.matches("select, input:not([type=checkbox], [type=radio], [type=submit])")) control.focus();
    else control.click();
    const unfolded = control.closest("summary")?.closest("details.unfold[open]");
    unfolded?.querySelector("input:not([type=hidden]), select, textarea")?.focus();
    return true;
  }

  document.addEventListener("keydown", onKey);

  // After a part of the page was exchanged, the walk goes on from the same place.
  document.addEventListener("htmx:beforeSwap", () => {
    const row = document.activeElement?.closest("[data-rows] > *, [data-rows] tr");
    if (row) place = rows().indexOf(row);
  });
  document.addEventListener("htmx:afterSettle", () => {
    const all = rows();
    if (place >= 0 && all.length && (!document.activeElement || document.activeElement === document.body)) {
      go(all[Math.min(place, all.length - 1)]);
    }
  });

  // A menu closes when the person looks elsewhere.
  document.addEventListener("click", (event) => {
    for (const menu of document.querySelectorAll("details.menu[open]")) {
      if (!menu.contains(event.target)) menu.open = false;
    }
  });
})();
