// [data-print]: a button that prints the page. Without JavaScript it stays away, and the browser's own menu prints.
(() => {
  "use strict";

  for (const button of document.querySelectorAll("[data-print]")) {
    button.hidden = false;
    button.addEventListener("click", () => window.print());
  }
})();
