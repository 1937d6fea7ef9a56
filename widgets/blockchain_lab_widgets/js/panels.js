// Panels that float over a view: opened by a button or a key, closed with Escape, and the focus goes back.
import { button, element } from "./dom.js";
import { zoomOf } from "./zoom.js";

/**
 * @param {Element} root of the widget; the panel is laid over it
 * @param {{title: string, name: string, fill: (panel: Element, close: function) => void, isFleeting: boolean}} options
 *   `fill` makes the content whenever the panel opens; a fleeting panel closes when the pointer goes down elsewhere
 * @returns {{open: (opener) => void, close: function, toggle: (opener) => void, isOpen: boolean}}
 *   `opener` is the element that shows by `aria-expanded` whether the panel is open
 */
export function floating(root, { title, name, fill, isFleeting = false }) {
  let panel = null;
  let opener = null;
  let before = null; // who had the focus

  const close = (isFocusReturned = true) => {
    if (!panel) return;
    panel.remove();
    panel = null;
    opener?.setAttribute("aria-expanded", "false");
    root.removeEventListener("keydown", onKey);
    document.removeEventListener("pointerdown", onPointer, true);
    if (isFocusReturned) (before?.isConnected ? before : root).focus({ preventScroll: true });
  };
  const onPointer = ({ target }) => {
    if (isFleeting && !panel.contains(target) && !opener?.contains(target)) close(false);
  };
  const onKey = event => {
    if (event.key !== "Escape" || event.defaultPrevented) return; // what is open inside closes first
    event.preventDefault();
    event.stopPropagation();
    close();
  };
  const open = by => {
    if (panel) return;
    opener = by;
    before = root.contains(document.activeElement) ? document.activeElement : root;
    const head = element("div", { class: "bl-float-head" },
      element("strong", {}, title), button("×", `Close ${title}`, () => close()));
    panel = element("div", { class: `bl-float bl-float-${name}`, role: "dialog", "aria-label": title, tabindex: "-1" }, head);
    panel.addEventListener("keydown", onKey);
    fill(panel, close);
    root.append(panel);
    place(root, panel, opener);
    opener?.setAttribute("aria-expanded", "true");
    root.addEventListener("keydown", onKey); // the focus may have gone back to the view
    document.addEventListener("pointerdown", onPointer, true);
    (panel.querySelector("input") ?? panel).focus({ preventScroll: true });
  };
  return { open, close, toggle: by => (panel ? close() : open(by)), get isOpen() { return panel !== null; } };
}

/** Under the button that opened it; at the top without one. */
function place(root, panel, opener) {
  const below = opener ? (opener.getBoundingClientRect().bottom - root.getBoundingClientRect().top) / zoomOf(root) : 8;
  panel.style.setProperty("--bl-below", `${Math.round(below)}px`);
}
