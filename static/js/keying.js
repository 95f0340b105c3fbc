// Codes to the clipboard ([data-copy]: the button, its text in the attribute), for the central register's screen.
// [data-copied]: where it is said. Without JavaScript, or without a clipboard, the buttons are not there.
(() => {
  "use strict";

  document.documentElement.classList.add("can-copy");

  // Outside of HTTPS and of the machine itself the browser offers no clipboard: a marked text is copied instead.
  function copy_marked(text) {
    const field = document.createElement("textarea");
    field.value = text;
    field.className = "visually-hidden";
    document.body.append(field);
    field.select();
    const copied = document.execCommand("copy");
    field.remove();
    return copied;
  }

  async function copy(text) {
    try {
      await navigator.clipboard.writeText(text);
      return true;
    } catch {
      return copy_marked(text);
    }
  }

  document.addEventListener("click", async (event) => {
    const button = event.target.closest("[data-copy]");
    if (!button) return;
    const copied = await copy(button.dataset.copy);
    const said = document.querySelector("[data-copied]");
    if (said) said.textContent = copied ? said.dataset.copied : said.dataset.notCopied;
    // Enter goes on to mean "keyed", not "copy once more".
    document.querySelector("[data-bench] h2[tabindex]")?.focus({ preventScroll: true });
  });
})();
