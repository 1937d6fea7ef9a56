// What lists and trees of marks do with the pointer: light up, and ask for the menu.

/**
 * Pointing at a mark lights it up in every view; a right click, the Menu key or Shift+F10 on it asks for its menu.
 *
 * @param {Element} box holds the marks
 * @param {(target: Element) => string|null|undefined} nameAt what an element in it stands for, in the selection grammar
 * @returns {function} ends it
 */
export function bindPointing(box, store, nameAt) {
  const onOver = event => store.point(nameAt(event.target) ?? null);
  const onLeave = () => store.point(null);
  const onMenu = event => {
    const name = nameAt(event.target);
    if (!name || event.shiftKey && event.button === 2) return; // with Shift it stays the browser's
    event.preventDefault();
    event.stopPropagation();
    const { left, bottom } = event.target.getBoundingClientRect();
    const place = event.clientX ? { x: event.clientX, y: event.clientY } : { x: left + 12, y: bottom };
    event.target.dispatchEvent(new CustomEvent("bl-menu", { bubbles: true, detail: { target: name, ...place } }));
  };
  const bound = { pointerover: onOver, pointerleave: onLeave, contextmenu: onMenu };
  for (const [type, act] of Object.entries(bound)) box.addEventListener(type, act);
  return () => {
    for (const [type, act] of Object.entries(bound)) box.removeEventListener(type, act);
  };
}
