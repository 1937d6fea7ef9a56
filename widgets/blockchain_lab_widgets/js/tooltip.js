// Short texts beside the pointer. One element for a whole view; text only.
import { element } from "./dom.js";

/** A tooltip inside `root`, which must be positioned. `show(lines, event)` at the pointer, `hide()`. */
export function tooltip(root) {
  const box = root.appendChild(element("div", { class: "bl-tooltip", "aria-hidden": "true" }));
  let shown = "";
  return {
    show(text, { clientX, clientY }) {
      if (shown !== text) box.textContent = text;
      shown = text;
      box.style.display = "block";
      const frame = root.getBoundingClientRect();
      const x = clientX - frame.left + 12;
      const y = clientY - frame.top + 14;
      const fitsRight = x + box.offsetWidth < frame.width;
      const fitsBelow = y + box.offsetHeight < frame.height;
      box.style.left = `${Math.max(2, fitsRight ? x : x - box.offsetWidth - 20)}px`;
      box.style.top = `${Math.max(2, fitsBelow ? y : y - box.offsetHeight - 20)}px`;
    },
    hide() {
      if (shown) box.style.display = "none";
      shown = "";
    },
  };
}
