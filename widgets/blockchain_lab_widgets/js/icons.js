// Icons drawn by us, on a square of 16: symbol fonts are missing on many machines.
import { svg } from "./dom.js";

const PATHS = {
  first: "M3 3h2v10H3zM13 3v10L6 8z",
  back: "M12 3v10L5 8z",
  play: "M4 2.5v11L13.5 8z",
  pause: "M4 3h3v10H4zM9 3h3v10H9z",
  step: "M4 3v10l7-5z",
  last: "M11 3h2v10h-2zM3 3v10l7-5z",
  "back-to": "M8.5 3v10L1.5 8zM12 5.5a2.5 2.5 0 1 0 .01 0z",
  "on-to": "M7.5 3v10l7-5zM4 5.5a2.5 2.5 0 1 0 .01 0z",
  more: "M3 6.5a1.5 1.5 0 1 0 .01 0zM8 6.5a1.5 1.5 0 1 0 .01 0zM13 6.5a1.5 1.5 0 1 0 .01 0z",
  eye: "M8 3C4.4 3 1.6 5.2.5 8 1.6 10.8 4.4 13 8 13s6.4-2.2 7.5-5C14.4 5.2 11.6 3 8 3zM8 4.6c2.6 0 4.7 1.5 5.7 3.4-1 1.9-3.1 3.4-5.7 3.4S3.3 9.9 2.3 8C3.3 6.1 5.4 4.6 8 4.6zM8 5.8a2.2 2.2 0 1 0 .01 0z",
  share: "M8 .5 12 5H9v5.5H7V5H4zM1.5 8h3v1.75h-1.25v4h9.5v-4H11.5V8h3v7.5h-13z",
  fork: "M1 4h14v1.75H7.2L9.4 10H15v1.75H8.3L5.2 5.75H1z",
};

/** A new SVG element with the named icon, in the colour of the text. */
export function icon(name) {
  const box = { viewBox: "0 0 16 16", width: 16, height: 16, fill: "currentColor", "aria-hidden": "true" };
  return svg("svg", box, svg("path", { d: PATHS[name], "fill-rule": "evenodd" }));
}
