// Undo, note and photos of a house: hundreds of closed drawers make a page slow, so a house gets its own when it comes
// near the screen, or when something is said of it before. Without a script each house has them from the office.
//
// template[data-house-parts]: form[data-undo-form] and details[data-more] · li[data-listed]: a house.
(() => {
  "use strict";

  const parts = document.querySelector("template[data-house-parts]");
  if (!parts) return;
  const one = (part) => parts.content.querySelector(part).cloneNode(true);

  function complete(house) {
    const form = house.querySelector("[data-verdict-form]");
    if (!house.querySelector("[data-undo-form]")) form.before(one("[data-undo-form]"));
    if (house.querySelector("[data-more]")) return;
    form.append(one("[data-more]"));
    // Enter in a field presses the first button of its form: this one does nothing.
    const nothing = document.createElement("button");
    nothing.disabled = nothing.hidden = true;
    form.prepend(nothing);
  }

  globalThis.reviewParts = complete;
  const near = new IntersectionObserver(
    (seen) => {
      for (const { isIntersecting, target } of seen) {
        if (!isIntersecting) continue;
        near.unobserve(target);
        complete(target);
      }
    },
    { rootMargin: "600px 0px" },
  );
  for (const house of document.querySelectorAll("[data-listed]")) near.observe(house);
})();
