// All letters of a round, one community after the other: how far it is stands below, and the joined file comes last.
// Without JavaScript each letter has its own button and the file another.
(() => {
  "use strict";

  const page = document.querySelector("[data-letters]");
  const all = page?.querySelector("[data-make-all]");
  if (!all) return;
  const letters = [...page.querySelectorAll("[data-letter]")];
  const bar = page.querySelector("progress");
  const says = page.querySelector("[data-says]");
  const failed = page.querySelector("[data-failed]");
  const join = page.querySelector("[data-join]");
  const purpose = page.querySelector("#purpose");
  all.hidden = false;

  async function make(form) {
    const data = new FormData(form);
    data.set("purpose", purpose.value);
    const answer = await fetch(form.action, { method: "POST", body: data, headers: { "X-Requested-With": "fetch" } });
    if (answer.status !== 204) throw new Error(answer.status === 409 ? await answer.text() : "");
    form.querySelector("[data-made]").textContent = "✓";
  }

  function tell(made) {
    bar.value = made;
    says.textContent = says.dataset.says.replace("{n}", made).replace("{all}", letters.length);
  }

  all.addEventListener("click", async () => {
    all.disabled = true;
    bar.hidden = false;
    failed.hidden = true;
    try {
      for (const [made, form] of letters.entries()) {
        tell(made);
        await make(form);
      }
      tell(letters.length);
      join.requestSubmit();
    } catch (problem) {
      failed.hidden = false;
      failed.firstElementChild.textContent = problem.message || failed.dataset.failed;
    }
    all.disabled = false;
  });
})();
