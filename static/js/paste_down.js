// A column copied from a sheet, pasted into one field, fills the fields below it, a line each.
document.addEventListener("paste", (event) => {
  const field = event.target.closest("[data-paste-down]");
  if (!field) return;
  const lines = event.clipboardData.getData("text").replace(/\r?\n$/, "").split(/\r?\n/);
  if (lines.length < 2) return;
  event.preventDefault();
  const fields = [...document.querySelectorAll("[data-paste-down]")];
  lines.forEach((line, nth) => {
    const below = fields[fields.indexOf(field) + nth];
    if (below) below.value = line.trim();
  });
});
