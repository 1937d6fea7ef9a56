// The only way to draw: at most once a frame, and never while hidden or off screen.

/**
 * Calls `draw()` after every change of the store, and once at the start.
 * `host.dataset.drawn` holds the cursor that was drawn last.
 *
 * @returns {{request: function, now: function, stop: function}} `request` asks for one more drawing (after a resize,
 *   say); `now` does not wait for the next frame with what was asked for: where the focus goes next depends on it
 */
export function painter(host, store, draw) {
  let queued = 0;
  let seen = false; // until the observer has said so
  let dirty = true;

  const isVisible = () => seen && !document.hidden;
  const frame = () => {
    queued = 0;
    if (!isVisible()) return;
    dirty = false;
    draw();
    host.dataset.drawn = store.cursor;
  };
  const request = () => {
    dirty = true;
    if (!queued && isVisible()) queued = requestAnimationFrame(frame);
  };
  const now = () => {
    if (!queued) return;
    cancelAnimationFrame(queued);
    frame();
  };
  const appear = () => {
    store.setVisible(host, isVisible());
    if (dirty) request();
  };

  const watcher = new IntersectionObserver(entries => {
    seen = entries.at(-1).isIntersecting;
    appear();
  });
  watcher.observe(host);
  document.addEventListener("visibilitychange", appear);
  const leave = store.subscribe(request);

  return {
    request,
    now,
    stop() {
      leave();
      watcher.disconnect();
      cancelAnimationFrame(queued);
      document.removeEventListener("visibilitychange", appear);
      store.setVisible(host, false);
    },
  };
}
