// What the pointer and the menu key mean on the tree: which block, which peer, or empty space.

/**
 * Pointing lights up what is pointed at, a click picks it, a right click, the Menu key or Shift+F10 ask for its menu.
 *
 * @param {Element} box
 * @param {{nameAt: (mark: Element, event: object) => string|null, pick: function, point: function}} act `nameAt` gives a
 *   name of the selection grammar for an element with `data-name`, a run or a bundle; `pick(mark, name)` and
 *   `point(mark, name, event)` are told what was clicked and what the pointer is on (mark and name may be null)
 * @returns {function} ends it
 */
export function bindPicks(box, { nameAt, pick, point }) {
  const markAt = event => event.target.closest?.("[data-name], [data-bundle], .bl-run") ?? null;
  const onMove = event => {
    const mark = markAt(event);
    point(mark, mark && nameAt(mark, event), event);
  };
  const onLeave = event => point(null, null, event);
  const onClick = event => {
    const mark = markAt(event);
    if (mark) pick(mark, nameAt(mark, event));
  };
  const onMenu = event => {
    const isKey = event.button !== 2;
    if (event.shiftKey && !isKey) return; // Shift+right-click stays the browser's
    const mark = markAt(event);
    const target = mark && nameAt(mark, event);
    event.preventDefault();
    event.stopPropagation();
    const { left, bottom } = (mark ?? event.target).getBoundingClientRect();
    const place = event.clientX ? { x: event.clientX, y: event.clientY } : { x: left + 12, y: bottom };
    event.target.dispatchEvent(new CustomEvent("bl-menu", { bubbles: true, detail: { target, ...place } }));
  };
  const bound = { pointermove: onMove, pointerleave: onLeave, click: onClick, contextmenu: onMenu };
  for (const [type, act] of Object.entries(bound)) box.addEventListener(type, act);
  return () => {
    for (const [type, act] of Object.entries(bound)) box.removeEventListener(type, act);
  };
}
