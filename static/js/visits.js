// Whole lanes and whole events are ticked at once. Without it the server ticks them, for each box is sent by name.
// [data-ticks="lane-3"]: ticks every [data-in~="lane-3"] · form[data-most]: the bar says it when more are ticked.
(() => {
  "use strict";

  for (const form of document.querySelectorAll("form[data-most]")) {
    const wholes = [...form.querySelectorAll("[data-ticks]")];
    const boxes = [...form.querySelectorAll("[data-in]")];
    const of = (whole) => boxes.filter((box) => box.dataset.in.split(" ").includes(whole.dataset.ticks));

    const show = () => {
      for (const whole of wholes) {
        const ticked = of(whole).filter((box) => box.checked).length;
        whole.checked = ticked === of(whole).length;
        whole.indeterminate = ticked > 0 && !whole.checked;
        // What its houses say is sent, so that one taken out again stays out.
        whole.removeAttribute("name");
      }
      const over = boxes.filter((box) => box.checked).length > Number(form.dataset.most);
      form.querySelector(".selection-bar")?.classList.toggle("over", over);
    };

    form.addEventListener("change", (event) => {
      if (wholes.includes(event.target)) for (const box of of(event.target)) box.checked = event.target.checked;
      show();
    });
    form.addEventListener("click", () => setTimeout(show));
    window.addEventListener("pageshow", show);
    show();
  }
})();
