// A form is sent once, and says that it is on its way ([data-working] inside the form).
(() => {
  "use strict";

  function sent(form, under_way) {
    form.toggleAttribute("data-sent", under_way);
    form.setAttribute("aria-busy", String(under_way));
    for (const note of form.querySelectorAll("[data-working]")) note.hidden = !under_way;
    for (const button of form.querySelectorAll("button:not([type=button]), input[type=submit]")) {
      button.toggleAttribute("aria-disabled", under_way);
      if (under_way) button.setAttribute("aria-disabled", "true");
    }
  }

  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.method !== "post" || form.closest("[hx-boost=true]") || form.hasAttribute("hx-post")) return;
    if (form.hasAttribute("data-sent")) event.preventDefault();
    // A form that answers with a file leaves the page standing: it may be sent again.
    else if (!form.hasAttribute("data-answers-with-file")) sent(form, true);
  });

  // Coming back by the browser's arrow finds the form ready again.
  window.addEventListener("pageshow", () => {
    for (const form of document.querySelectorAll("form[data-sent]")) sent(form, false);
  });
})();
