// Lane strips: walking from cell to cell, choosing by drag, by shift and by touch. Without it every cell is a plain
// checkbox beside a link. [data-strips]: the form, or the box of a person who may not tag · .cell: one house ·
// [data-choosing]: the switch that lets a tap choose instead of open · [data-lights]: what lights up its cells ·
// [data-suggested]: said where the community was taken from the neighbours. Counting is left to select.js.
(() => {
  "use strict";

  const strips = document.querySelector("[data-strips]");
  if (!strips) return;
  const cells = [...strips.querySelectorAll(".cell")];
  const place = new Map(cells.map((cell, index) => [cell, index]));
  const box = (cell) => cell.querySelector("input");
  const handle = (cell) => box(cell) ?? cell.querySelector("a");
  const cell_of = (target) => target?.closest?.(".cell") ?? null;
  const sees_only = !strips.matches("form");

  strips.classList.add("live");
  for (const cell of cells) {
    cell.querySelector("a").tabIndex = -1;
    cell.querySelector("a").draggable = false;
    handle(cell).tabIndex = -1;
  }
  if (cells.length) handle(cells[0]).tabIndex = 0;

  // --- choosing ---

  let anchor = null;

  function changed() {
    strips.dispatchEvent(new Event("change", { bubbles: true }));
    suggest();
  }

  function choose(cell, chosen) {
    if (box(cell)) box(cell).checked = chosen;
  }

  function between(one, other) {
    const [from, to] = [place.get(one), place.get(other)].sort((a, b) => a - b);
    return cells.slice(from, to + 1);
  }

  function reach_to(cell) {
    for (const each of between(anchor ?? cell, cell)) choose(each, true);
    changed();
  }

  function toggle(cell) {
    choose(cell, !box(cell).checked);
    anchor = cell;
    changed();
  }

  function choose_none() {
    if (!cells.some((cell) => box(cell)?.checked)) return;
    for (const cell of cells) choose(cell, false);
    changed();
  }

  // --- drag with the mouse, along one side of a lane ---

  let drag = null;
  let was_dragged = false;

  strips.addEventListener("pointerdown", (event) => {
    was_dragged = false;
    const cell = cell_of(event.target);
    if (sees_only || !cell || event.pointerType !== "mouse" || event.button || event.ctrlKey || event.metaKey || event.shiftKey) return;
    const side = [...cell.parentElement.querySelectorAll(".cell")];
    drag = { from: cell, side, before: side.map((each) => box(each).checked), to: !box(cell).checked };
    event.preventDefault();
  });

  document.addEventListener("pointermove", (event) => {
    if (!drag) return;
    const cell = cell_of(document.elementFromPoint(event.clientX, event.clientY));
    if (!cell || !drag.side.includes(cell) || (cell === drag.from && !was_dragged)) return;
    was_dragged = true;
    const [from, to] = [drag.side.indexOf(drag.from), drag.side.indexOf(cell)].sort((a, b) => a - b);
    drag.side.forEach((each, index) => choose(each, index >= from && index <= to ? drag.to : drag.before[index]));
    changed();
  });

  document.addEventListener("pointerup", () => {
    if (drag && was_dragged) anchor = drag.from;
    drag = null;
  });

  // --- clicks ---

  const choosing = strips.querySelector("[data-choosing]");
  if (choosing) {
    choosing.hidden = false;
    choosing.addEventListener("click", () => {
      choosing.setAttribute("aria-pressed", String(choosing.getAttribute("aria-pressed") !== "true"));
    });
  }

  strips.addEventListener("click", (event) => {
    const cell = cell_of(event.target);
    if (!cell || sees_only) return;
    if (event.target.matches("input")) {
      anchor = cell;
      suggest();
      return;
    }
    if (event.ctrlKey || event.metaKey) return;
    if (was_dragged) event.preventDefault();
    else if (event.shiftKey) {
      event.preventDefault();
      if (anchor) reach_to(cell);
      else toggle(cell);
      go(cell);
    } else if (choosing?.getAttribute("aria-pressed") === "true") {
      event.preventDefault();
      toggle(cell);
    }
  });

  // --- keys ---

  function go(cell) {
    for (const each of cells) handle(each).tabIndex = -1;
    handle(cell).tabIndex = 0;
    handle(cell).focus({ preventScroll: true });
    cell.scrollIntoView({ block: "nearest" });
  }

  // The nearest cell in the next row of cells above or below, in whichever side or lane that is.
  function beside(cell, down) {
    const here = cell.getBoundingClientRect();
    const middle = here.left + here.width / 2;
    let best = null;
    for (const other of cells) {
      const there = other.getBoundingClientRect();
      const away = down ? there.top - here.bottom : here.top - there.bottom;
      if (away < -2) continue;
      const aside = Math.abs(there.left + there.width / 2 - middle);
      if (!best || away < best.away - 8 || (Math.abs(away - best.away) <= 8 && aside < best.aside)) best = { other, away, aside };
    }
    return best?.other ?? null;
  }

  const steps = {
    ArrowRight: (cell) => cells[place.get(cell) + 1],
    ArrowLeft: (cell) => cells[place.get(cell) - 1],
    ArrowDown: (cell) => beside(cell, true),
    ArrowUp: (cell) => beside(cell, false),
    Home: (cell) => cell.parentElement.querySelector(".cell"),
    End: (cell) => [...cell.parentElement.querySelectorAll(".cell")].at(-1),
  };

  strips.addEventListener("keydown", (event) => {
    const cell = cell_of(event.target);
    if (!cell || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "Enter") {
      event.preventDefault();
      cell.querySelector("a").click();
      return;
    }
    if (!(event.key in steps)) return;
    event.preventDefault();
    const next = steps[event.key](cell);
    if (!next) return;
    if (event.shiftKey && !sees_only) {
      if (!box(cell).checked) anchor = cell;
      reach_to(next);
    } else if (!sees_only) anchor = next;
    go(next);
  });

  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && !sees_only && !event.target.closest("dialog, details.menu")) choose_none();
  });

  // --- the community of the neighbours is proposed until the person chooses one ---

  const community = strips.querySelector("select[name=community]");
  const suggested = strips.querySelector("[data-suggested]");
  const codes = new Map(
    [...document.querySelectorAll("[data-lights][data-code]")].map((item) => [item.dataset.lights, item.dataset.code]),
  );
  let by_person = false;
  community?.addEventListener("change", (event) => {
    event.stopPropagation();
    by_person = community.value !== "";
    suggested.hidden = true;
  });

  const has = (cell) => box(cell).value.split(":")[1];

  function nearest(cell, step) {
    const side = [...cell.parentElement.querySelectorAll(".cell")];
    for (let at = side.indexOf(cell) + step; side[at]; at += step) {
      if (!box(side[at]).checked && has(side[at]) && side[at].matches(".tagged")) return has(side[at]);
    }
    return null;
  }

  function suggest() {
    if (!community || by_person) return;
    const votes = new Map();
    for (const cell of cells.filter((each) => box(each).checked)) {
      for (const vote of [nearest(cell, -1), nearest(cell, 1)].filter(Boolean)) votes.set(vote, (votes.get(vote) ?? 0) + 1);
    }
    const [winner] = [...votes].sort((a, b) => b[1] - a[1])[0] ?? [];
    const code = codes.get(winner) ?? "";
    community.value = [...community.options].some((option) => option.value === code) ? code : "";
    suggested.hidden = community.value === "";
  }

  // --- the legend lights up its cells; a name appears over a cell ---

  const unlit_before = cells.map((cell) => cell.classList.contains("unlit"));
  function light(what) {
    for (const [index, cell] of cells.entries()) {
      if (!what) {
        cell.classList.toggle("unlit", unlit_before[index]);
        continue;
      }
      const lit = cell.classList.contains(what) || (/^\d+$/.test(what) && cell.classList.contains(`of-${what}`));
      cell.classList.toggle("unlit", !lit);
    }
  }
  for (const item of document.querySelectorAll("[data-lights]")) {
    for (const start of ["pointerenter", "focus"]) item.addEventListener(start, () => light(item.dataset.lights));
    for (const end of ["pointerleave", "blur"]) item.addEventListener(end, () => light(""));
  }
  strips.addEventListener("pointerover", (event) => {
    const cell = cell_of(event.target);
    if (cell && box(cell) && !cell.title) cell.title = box(cell).getAttribute("aria-label");
  });
  suggest();
})();
