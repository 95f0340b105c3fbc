// Each press on the camera adds photos to those taken before, small as for the review, and the page shows them.
// Without it a second press takes the place of the first, as browsers do. Needs js/review_photos.js.
(() => {
  "use strict";

  const SIDE = 72; // pixels

  for (const input of document.querySelectorAll("[data-photos]")) {
    const taken = [];
    const shown = document.createElement("ul");
    shown.className = "plain photos-taken";
    shown.setAttribute("aria-live", "polite");
    input.after(shown);
    input.classList.add("visually-hidden");

    const give = () => {
      const all = new DataTransfer();
      for (const file of taken) all.items.add(file);
      input.files = all.files;
    };

    input.addEventListener("change", () => {
      for (const file of input.files) {
        const place = taken.push(file) - 1;
        shown.append(line(file));
        // Until it is small it waits as it is, so that saving at once loses nothing.
        globalThis.reviewPhotos.small(file).then(({ name, type, bytes }) => {
          taken[place] = new File([bytes], name, { type });
          give();
        });
      }
      give();
    });
  }

  function line(file) {
    const item = document.createElement("li");
    item.textContent = file.name;
    createImageBitmap(file).then((picture) => item.replaceChildren(drawn(picture, file.name)), () => {});
    return item;
  }

  // The middle of the picture, drawn: the page loads pictures from the registry alone.
  function drawn(picture, name) {
    const canvas = document.createElement("canvas");
    const cut = Math.min(picture.width, picture.height);
    canvas.width = canvas.height = SIDE * 2;
    canvas.setAttribute("role", "img");
    canvas.setAttribute("aria-label", name);
    const [left, top] = [(picture.width - cut) / 2, (picture.height - cut) / 2];
    canvas.getContext("2d").drawImage(picture, left, top, cut, cut, 0, 0, canvas.width, canvas.height);
    picture.close();
    return canvas;
  }
})();
