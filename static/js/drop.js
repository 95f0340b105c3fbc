// A file field that also takes a file dropped on it, and says which files it holds.
(() => {
  "use strict";

  const size = (bytes) => (bytes < 1e6 ? `${Math.ceil(bytes / 1024)} KB` : `${(bytes / 1048576).toFixed(1)} MB`);

  function equip(area) {
    const field = area.querySelector("input[type=file]");
    const chosen = area.querySelector("[data-chosen]");
    area.querySelector("[data-drop-hint]").hidden = false;

    const say = () => {
      chosen.textContent = [...field.files].map((file) => `${file.name} · ${size(file.size)}`).join(", ");
    };
    const over = (event) => {
      if (!event.dataTransfer?.types.includes("Files")) return;
      event.preventDefault();
      area.classList.add("over");
    };

    field.addEventListener("change", say);
    document.addEventListener("dragover", over);
    document.addEventListener("dragleave", (event) => {
      if (!event.relatedTarget) area.classList.remove("over");
    });
    document.addEventListener("drop", (event) => {
      if (!event.dataTransfer?.files.length) return;
      event.preventDefault();
      area.classList.remove("over");
      field.files = event.dataTransfer.files;
      field.dispatchEvent(new Event("change", { bubbles: true }));
      field.focus();
    });
    say();
  }

  // One drop area a page: a file may be let go anywhere.
  const area = document.querySelector("[data-drop]");
  if (area) equip(area);
})();
