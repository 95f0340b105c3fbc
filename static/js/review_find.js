// Finding a house number on the page itself, so that it works without a signal: form[data-find-form] shows the houses
// (li[data-number]) whose number begins with what is typed, in Thai or Arabic digits, and the lanes that hold one.
(() => {
  "use strict";

  const form = document.querySelector("[data-find-form]");
  const lanes = [...document.querySelectorAll("[data-lane]")];
  // A page that the office has narrowed itself is searched there.
  if (!form || !document.querySelector("[data-progress]")) return;

  const plain = (text) => text.replace(/\s/g, "").replace(/[๐-๙]/g, (digit) => "๐๑๒๓๔๕๖๗๘๙".indexOf(digit));

  function show() {
    const begins = plain(form.elements.number.value);
    for (const lane of lanes) {
      const houses = [...lane.querySelectorAll("[data-number]")];
      for (const house of houses) house.hidden = !plain(house.dataset.number).startsWith(begins);
      lane.hidden = houses.every((house) => house.hidden);
      const rest = lane.querySelector("[data-rest-form]");
      // "The rest of this soi" would mean houses that cannot be seen.
      if (rest) rest.toggleAttribute("data-aside", Boolean(begins));
    }
    const none = form.querySelector("[data-find-none]");
    if (none) none.hidden = lanes.some((lane) => !lane.hidden);
  }

  form.elements.number.addEventListener("input", show);
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    event.stopPropagation();
    show();
    form.elements.number.blur();
    document.querySelector("[data-number]:not([hidden])")?.scrollIntoView({ block: "center" });
  });
})();
