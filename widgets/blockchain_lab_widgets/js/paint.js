// The only way to draw: at most once a frame, and never while hidden or off screen.

/**
 * Calls `draw()` after every change of the store, and once at the start: in the very next frame where the host is in
 * sight by then, so that nobody sees it empty.
 * `host.dataset.drawn` holds the cursor that was drawn last.
 *
 * @returns {{request: function, now: function, stop: function}} `request` asks for one more drawing (after a resize,
 *   say); `now` does not wait for the next frame with what was asked for: where the focus goes next depends on it
 */
export function painter(host, store, draw) {
  let queued = 0;
  let seen = null; // until somebody has looked
  let dirty = true;

  const isVisible = () => seen && !document.hidden;
  const frame = () => {
    queued = 0;
    seen ??= isInSight(host); // the observer speaks only after this frame
    if (!isVisible()) return;
    dirty = false;
    draw();
    host.dataset.drawn = store.cursor;
  };
  const request = () => {
    dirty = true;
    if (!queued && seen !== false && !document.hidden) queued = requestAnimationFrame(frame);
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
  request();

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

/** Has an element a place in the window? Whether a box that scrolls hides it, only the observer knows. */
function isInSight(host) {
  const { left, right, top, bottom } = host.getBoundingClientRect();
  return right > left && bottom > 0 && right > 0 && top < innerHeight && left < innerWidth;
}
