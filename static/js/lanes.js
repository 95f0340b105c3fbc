// One tick for a lane's rows. [data-lane]: the group · [data-tick-lane]: its tick · [data-tick]: the rows' ticks.
// Without it the form sends the lane's tick, which stands for the rows shown under it.
(() => {
  "use strict";

  const ticksOf = (lane) => [...lane.querySelectorAll("[data-tick]:not(:disabled)")];

  function show() {
    for (const lane of document.querySelectorAll("[data-lane]")) {
      const whole = lane.querySelector("[data-tick-lane]");
      if (!whole) continue;
      const ticks = ticksOf(lane);
      const ticked = ticks.filter((box) => box.checked).length;
      whole.checked = ticked > 0 && ticked === ticks.length;
      whole.indeterminate = ticked > 0 && ticked < ticks.length;
    }
  }

  // Before the form counts its ticks, hence in the capturing phase.
  document.addEventListener(
    "change",
    (event) => {
      if (!event.target.matches("[data-tick-lane]")) return;
      for (const box of ticksOf(event.target.closest("[data-lane]"))) box.checked = event.target.checked;
    },
    true,
  );
  document.addEventListener("change", show);
  // A click with Shift ticks rows between without telling each; a lane's own tick is not yet settled at its click.
  document.addEventListener("click", (event) => {
    if (event.target.matches("[data-tick]")) show();
  });
  window.addEventListener("pageshow", show);
  show();
})();
