// Icons drawn by us, on a square of 16: symbol fonts are missing on many machines.
import { svg } from "./dom.js";

const PATHS = {
  first: "M3 3h2v10H3zM13 3v10L6 8z",
  back: "M12 3v10L5 8z",
  play: "M4 2.5v11L13.5 8z",
  pause: "M4 3h3v10H4zM9 3h3v10H9z",
  step: "M4 3v10l7-5z",
  last: "M11 3h2v10h-2zM3 3v10l7-5z",
};

/** A new SVG element with the named icon, in the colour of the text. */
export function icon(name) {
  const box = { viewBox: "0 0 16 16", width: 16, height: 16, fill: "currentColor", "aria-hidden": "true" };
  return svg("svg", box, svg("path", { d: PATHS[name] }));
}
