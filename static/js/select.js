// Ticking many rows. The form works without it: boxes are plain checkboxes and the bar is always there.
// form[data-select] holds the rows' boxes ([data-tick]) · [data-tick-all]: ticks the page ·
// [data-tick-matching]: "all that match", its value the number, "1000+" for more than are counted ·
// [data-says]: output with a sentence that holds {n} · [data-needs-ticks]: controls that wait for a tick.
// Forms that htmx brings are equipped as they come.
(() => {
  "use strict";

  const thai = document.documentElement.classList.contains("thai-digits");
  const written = (number) => {
    const text = Number.parseInt(number, 10).toLocaleString("en-US") + (String(number).endsWith("+") ? "+" : "");
    return thai ? text.replace(/[0-9]/g, (digit) => "๐๑๒๓๔๕๖๗๘๙"[digit]) : text;
  };
  const shows = new Map();

  function equip(form) {
    const boxes = () => [...form.querySelectorAll("[data-tick]:not(:disabled)")];
    const whole = () => form.querySelector("[data-tick-all]");
    const matching = () => form.querySelector("[data-tick-matching]");
    let last = null;

    function show() {
      const list = boxes();
      const ticked = list.filter((box) => box.checked).length;
      const every = Boolean(matching()?.checked);
      const number = every ? matching().value : ticked;
      for (const box of list) box.closest("tr, li")?.classList.toggle("ticked", box.checked || every);
      const all = whole();
      if (all) {
        all.checked = list.length > 0 && ticked === list.length;
        all.indeterminate = ticked > 0 && ticked < list.length;
      }
      for (const output of form.querySelectorAll("[data-says]")) {
        output.textContent = output.dataset.says.replace("{n}", written(number));
      }
      const none = !every && ticked === 0;
      form.toggleAttribute("data-none-ticked", none);
      for (const control of form.querySelectorAll("[data-needs-ticks]")) control.disabled = none;
    }

    function extend(box) {
      const list = boxes();
      const [from, to] = [list.indexOf(last), list.indexOf(box)].sort((a, b) => a - b);
      if (from < 0) return;
      for (const between of list.slice(from, to + 1)) between.checked = box.checked;
    }

    form.addEventListener("click", (event) => {
      if (!event.target.matches("[data-tick]")) return;
      if (event.shiftKey && last) extend(event.target);
      last = event.target;
      show();
    });
    form.addEventListener("change", (event) => {
      if (event.target === whole()) for (const box of boxes()) box.checked = event.target.checked;
      show();
    });
    shows.set(form, show);
  }

  function showAll() {
    for (const form of shows.keys()) if (!form.isConnected) shows.delete(form);
    for (const form of document.querySelectorAll("form[data-select]")) if (!shows.has(form)) equip(form);
    for (const show of shows.values()) show();
  }

  document.addEventListener("htmx:afterSettle", showAll);
  window.addEventListener("pageshow", showAll);
  showAll();
})();
