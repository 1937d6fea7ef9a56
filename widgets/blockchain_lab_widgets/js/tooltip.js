// Short texts beside the pointer or the focus. One box for a whole view; text only.
//
// After WCAG 2.2, 1.4.13: Escape takes it away, the pointer may go onto it (to read it magnified, or to copy a
// hash), and it stays as long as what it explains is pointed at.
import { element } from "./dom.js";
import { placeIn, zoomOf } from "./zoom.js";

/** So long (ms) the pointer may take from a mark to its text. */
const GRACE = 250;

/**
 * A tooltip inside `root`, which must be positioned. Elements of `root` with a `data-tip` show it by themselves, under
 * the pointer and when the keyboard reaches them; what is painted calls `show(text, event)` and `hide()`.
 *
 * @returns {{show: function, hide: function}}
 */
export function tooltip(root) {
  const box = root.appendChild(element("div", { class: "bl-tooltip", "aria-hidden": "true" }));
  let shown = "";
  let dismissed = ""; // taken away with Escape: stays away until something else is pointed at
  let timer = 0;

  const keep = () => {
    clearTimeout(timer);
    timer = 0;
  };
  const close = () => {
    keep();
    document.removeEventListener("keydown", onKey, true);
    box.style.display = "none";
    shown = "";
  };
  const onKey = ({ key }) => {
    if (key !== "Escape") return;
    dismissed = shown;
    close();
  };
  /** Beside (left, top); on the other side of what is explained, at (back, up), where there is no room. */
  const place = (text, { left, top, back, up }) => {
    keep();
    if (text === dismissed) return;
    dismissed = "";
    if (shown !== text) box.textContent = text;
    if (!shown) document.addEventListener("keydown", onKey, true);
    shown = text;
    box.style.display = "block";
    const fitsRight = left + box.offsetWidth < root.clientWidth;
    const fitsBelow = top + box.offsetHeight < root.clientHeight;
    box.style.left = `${Math.max(2, fitsRight ? left : back - box.offsetWidth)}px`;
    box.style.top = `${Math.max(2, fitsBelow ? top : up - box.offsetHeight)}px`;
  };
  const tip = {
    show(text, event) {
      if (box.contains(event.target)) return;
      const [x, y] = placeIn(root, event);
      place(text, { left: x + 12, top: y + 14, back: x - 8, up: y - 6 });
    },
    hide() {
      dismissed = "";
      if (shown && !timer) timer = setTimeout(close, GRACE);
    },
  };
  const showBeside = mark => {
    const [frame, spot] = [root.getBoundingClientRect(), mark.getBoundingClientRect()];
    const zoom = zoomOf(root);
    const [left, right, top, bottom] = [spot.left - frame.left, spot.right - frame.left, spot.top - frame.top, spot.bottom - frame.top]
      .map(each => each / zoom);
    place(mark.dataset.tip, { left, top: bottom + 6, back: right, up: top - 6 });
  };

  const onMark = act => event => {
    const mark = event.target.closest?.("[data-tip]");
    if (mark) act(mark, event);
  };
  root.addEventListener("pointerover", onMark((mark, event) => tip.show(mark.dataset.tip, event)));
  root.addEventListener("pointerout", onMark(() => tip.hide()));
  root.addEventListener("focusin", onMark(mark => { if (mark.matches(":focus-visible")) showBeside(mark); }));
  root.addEventListener("focusout", onMark(() => tip.hide()));
  box.addEventListener("pointermove", keep);
  box.addEventListener("pointerleave", () => tip.hide());
  return tip;
}
