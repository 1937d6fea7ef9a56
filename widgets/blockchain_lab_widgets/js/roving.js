// One tab stop for many marks: Up and Down move among them, Enter selects. Left and Right stay the time's.
import { element } from "./dom.js";

/**
 * @param {Element} container
 * @param {() => Element[]} getItems in reading order
 * @returns {{update: function, stop: function}} call `update` after the items changed;
 *   with an item, to make it the tab stop
 */
export function roving(container, getItems) {
  let current = null;

  const update = (wanted = current) => {
    const items = getItems();
    current = items.includes(wanted) ? wanted : (items[0] ?? null);
    for (const item of items) item.setAttribute("tabindex", item === current ? "0" : "-1");
  };
  const onKey = event => {
    const step = { ArrowUp: -1, ArrowDown: 1 }[event.key];
    if (event.key === "Enter" && event.target === current) {
      event.preventDefault();
      current.dispatchEvent(new MouseEvent("click", { bubbles: true }));
    }
    if (!step || event.ctrlKey || event.metaKey || event.altKey) return;
    const items = getItems();
    const next = items[items.indexOf(event.target) + step];
    event.preventDefault();
    if (!next || !items.includes(event.target)) return;
    current = next;
    update();
    next.focus();
  };
  const onFocus = event => {
    if (!getItems().includes(event.target)) return;
    current = event.target;
    update();
  };
  if (container instanceof SVGElement) container.setAttribute("tabindex", "-1"); // Chromium makes what listens for the focus a tab stop
  container.addEventListener("keydown", onKey);
  container.addEventListener("focusin", onFocus);
  return {
    update,
    stop() {
      container.removeEventListener("keydown", onKey);
      container.removeEventListener("focusin", onFocus);
    },
  };
}

/**
 * Buttons side by side that are one tab stop. ARIA is told "vertical" because of the keys: Up and Down move among them.
 *
 * @param {Element[]} buttons
 * @param {Element} [first] where Tab arrives at first
 */
export function buttonRow(label, className, buttons, first = buttons[0]) {
  const root = element("div", { class: className, role: "toolbar", "aria-orientation": "vertical", "aria-label": label }, ...buttons);
  roving(root, () => buttons).update(first);
  return root;
}
