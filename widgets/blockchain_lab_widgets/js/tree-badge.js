// A checkpoint's sign at the corner of its box: a ring, half full, full with a tick, or a diamond with a warning.
import { setAttributes, svg } from "./dom.js";

const RING = "M0 -6a6 6 0 1 1 -.01 0z";
const SHAPES = { checkpoint: RING, justified: RING, finalised: RING, conflicting: "M0 -8 8 0 0 8 -8 0z" };
const SIGNS = { checkpoint: null, justified: "M0 -6a6 6 0 0 0 0 12z", finalised: "M-3 .2l2.2 2.6 3.9 -5", conflicting: "M0 -4.4v4.8M0 3v1" };

/** A sign of a level of tree-checkpoints.js, around its own middle. */
export function badge(level) {
  return svg("g", { class: `bl-badge bl-${level}` }, svg("path", { d: SHAPES[level] }), svg("path", { class: "bl-sign", d: SIGNS[level] }));
}

/** Put a block's sign on its group, or take it away: `mark` is undefined for what is no checkpoint. */
export function setBadge(group, mark, x, y, scale = 1) {
  const [known] = group.getElementsByClassName("bl-badge");
  if (known?.dataset.level !== mark?.level) known?.remove();
  if (!mark) return;
  const made = group.getElementsByClassName("bl-badge")[0] ?? group.appendChild(badge(mark.level));
  made.dataset.level = mark.level;
  setAttributes(made, { transform: `translate(${x}, ${y}) scale(${scale})` });
}
