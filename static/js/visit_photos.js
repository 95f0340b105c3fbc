// Each press on the camera adds photos to those taken before, and the page shows how many there are.
// Without it a second press takes the place of the first, as browsers do.
(() => {
  "use strict";

  for (const input of document.querySelectorAll("[data-photos]")) {
    const kept = new DataTransfer();
    const shown = document.createElement("ul");
    shown.className = "plain photos-taken";
    shown.setAttribute("aria-live", "polite");
    input.after(shown);
    input.classList.add("visually-hidden");
    input.addEventListener("change", () => {
      for (const file of input.files) kept.items.add(file);
      input.files = kept.files;
      shown.replaceChildren(...[...kept.files].map(line));
    });
  }

  function line(file, place) {
    const item = document.createElement("li");
    const picture = document.createElement("img");
    picture.alt = `${place + 1}`;
    picture.src = URL.createObjectURL(file);
    picture.addEventListener("error", () => picture.replaceWith(file.name));
    item.append(picture);
    return item;
  }
})();
