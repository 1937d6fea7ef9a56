// The way out by keyboard: Escape closes what is open in a picture; then it leads back to the notebook's cell.

/** What Escape closes first. */
const OPEN = ".bl-menu, .bl-float, .bl-chooser[open], .bl-chart-lane-list:not([hidden]), .bl-drawing";
const OWN_KEYS = "select, textarea, [contenteditable], [data-bl-own-keys], input:not([type=range], [type=checkbox], [type=radio])";

/**
 * Calls `act` with each Escape that nothing in `root` has a use for: nothing is open, nothing is explained, and
 * the focus is in no field. Returns a function that ends this.
 */
export function onFreeEscape(root, act) {
  let isElsewhere = false; // Escape has something to close already
  const isShown = tip => tip.style.display === "block";
  const look = ({ key }) => { // before anybody closes anything
    if (key === "Escape") isElsewhere = root.querySelector(OPEN) !== null || [...root.querySelectorAll(".bl-tooltip")].some(isShown);
  };
  const onKey = event => {
    const { key, target, defaultPrevented } = event;
    if (key === "Escape" && !isElsewhere && !defaultPrevented && !target.matches(OWN_KEYS)) act(event);
  };
  window.addEventListener("keydown", look, true);
  root.addEventListener("keydown", onKey);
  return () => {
    window.removeEventListener("keydown", look, true);
    root.removeEventListener("keydown", onKey);
  };
}

/**
 * A free Escape gives the focus back to the cell around `host`, whose arrow keys go on to the next one: else a
 * reader without a pointer must press Tab through the whole picture. A presentation ends with it instead.
 */
export function leaveByEscape(host) {
  return onFreeEscape(host, event => {
    const cell = host.closest(".jp-Cell");
    if (!cell || host.querySelector(".bl-presenting")) return;
    event.preventDefault();
    cell.focus({ preventScroll: true });
  });
}
