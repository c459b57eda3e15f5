/* Shows the time left; the server alone decides. Read aloud at 60, 30 and 10 seconds. Fires « timer:over ». */
export function start(root) {
  root.querySelectorAll("[data-timer]:not([data-live])").forEach((box) => {
    box.dataset.live = "";
    // The end is counted on the monotonic clock: a laptop whose clock jumps neither gains nor loses time.
    const end = performance.now() + Number(box.dataset.timer) * 1000;
    const value = box.querySelector(".timer-value");
    const words = box.querySelector("[data-timer-words]");
    let said = Infinity;
    const tick = () => {
      if (!box.isConnected) return;
      const left = Math.max(0, Math.ceil((end - performance.now()) / 1000));
      value.textContent = `${Math.floor(left / 60)}:${String(left % 60).padStart(2, "0")}`;
      box.classList.toggle("is-short", left <= 30 && left > 0);
      for (const mark of [10, 30, 60]) {
        if (left <= mark && said > mark && left > mark - 5) {
          said = mark;
          words.textContent = `${mark} s`;
        }
      }
      if (left > 0) return void setTimeout(tick, 250);
      box.classList.add("is-over");
      words.textContent = box.dataset.timerOver;
      box.querySelector(".timer-label").textContent = box.dataset.timerOver;
      box.dispatchEvent(new CustomEvent("timer:over", { bubbles: true }));
    };
    tick();
  });
}
