// Puts a field of the entry, or all of them in their order, on the clipboard. Without JavaScript they are marked by hand.
(() => {
  "use strict";

  const block = document.querySelector("[data-copy-block]");
  if (!block || !navigator.clipboard) return;
  const says = block.querySelector("[data-copied]");
  const fields = [...block.querySelectorAll("[data-copy]")];
  const valueOf = (field) => field.querySelector(".plan-value").textContent.trim();
  const nameOf = (field) => field.querySelector("dt").textContent.trim();

  async function copy(button, text, name) {
    await navigator.clipboard.writeText(text);
    says.textContent = `${says.dataset.copied}: ${name}`;
    for (const marked of block.querySelectorAll("button.copied")) marked.classList.remove("copied");
    button.classList.add("copied");
  }

  for (const field of fields) {
    const button = field.querySelector("button");
    button.hidden = false;
    button.addEventListener("click", () => copy(button, valueOf(field), nameOf(field)));
  }
  const all = block.querySelector("[data-copy-all]");
  all.hidden = false;
  all.addEventListener("click", () =>
    copy(all, fields.map((field) => `${nameOf(field)}: ${valueOf(field)}`).join("\n"), all.textContent.trim())
  );
})();
