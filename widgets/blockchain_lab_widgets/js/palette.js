// All colours that carry a meaning, once for light and once for dark paper. Marks only, never text.
//
// After Okabe and Ito, "Color Universal Design" (2008), darkened or lightened until each stands out 3:1
// from its paper. One channel, one meaning: a node's fill is its tip, a moving mark's colour its class.

/** The four classes of message of the lecture, in the order in which a legend lists them. */
export const CLASSES = ["connection", "addresses", "announce", "data"];

/** Tips beyond these share one grey. */
export const MOST_TIPS = 4;

/** Network groups of addresses beyond these share it, too. */
export const MOST_GROUPS = 4;

const LIGHT = {
  name: "light",
  paper: "#ffffff",
  tips: ["#0072c6", "#c48400", "#2c9c74", "#7d2a68"],
  groups: ["#0072c6", "#c48400", "#2c9c74", "#7d2a68"],
  curves: ["#0762c8", "#c82e0f", "#007959", "#761770", "#bb8a1a", "#303030", "#4394e8", "#de61a3"],
  rest: "#666666",
  classes: { connection: "#404040", addresses: "#a79200", announce: "#2b8cc4", data: "#b8440a" },
  alarm: "#c00018",
  selection: "#000000",
  ink: "#212121",
  faint: "#5c5c5c",
  edge: "#7d7d7d",
  full: "#d9d9d9",
  known: "#0072c6",
};

const DARK = {
  name: "dark",
  paper: "#111111",
  tips: ["#2f8ee6", "#ffb92e", "#74ecc8", "#b8609a"],
  groups: ["#2f8ee6", "#ffb92e", "#74ecc8", "#b8609a"],
  curves: ["#2d82fe", "#cc5116", "#41b49f", "#a7489c", "#ddbd2d", "#e7ffd7", "#86d6ff", "#ffff0e"],
  rest: "#a0a0a0",
  classes: { connection: "#cccccc", addresses: "#f5ea30", announce: "#4a9fd6", data: "#ee6a1c" },
  alarm: "#ff6b72",
  selection: "#ffffff",
  ink: "#e4e4e4",
  faint: "#ababab",
  edge: "#8a8a8a",
  full: "#4a4a4a",
  known: "#2f8ee6",
};

export const PALETTES = [LIGHT, DARK];

/** The palette that fits the paper: a CSS colour as `getComputedStyle` gives it. */
export function paletteFor(paper) {
  const numbers = paper.match(/[\d.]+/g)?.map(Number) ?? [255, 255, 255];
  const isTransparent = numbers.length > 3 && numbers[3] === 0;
  const [red, green, blue] = isTransparent ? [255, 255, 255] : numbers;
  return 0.299 * red + 0.587 * green + 0.114 * blue < 128 ? DARK : LIGHT;
}

/**
 * The distinct tips that peers stand on, best first, with their fill: index 0 .. 3, or 4 for all the rest.
 *
 * So the first colour always means "the best tip that anybody stands on", and no colour moves when a peer
 * changes sides. Best is most work, as nodes see it; where a trace does not tell everybody's work, the height.
 * Ties go to the block that was seen first.
 *
 * @param {(string|null)[]} tips one per peer; null for a peer that does not count
 * @param {(hash: string) => {height: number, order: number, work: bigint|null}} look
 * @returns {Map<string, number>} hash -> fill, in rank order
 */
export function rankTips(tips, look) {
  const distinct = [...new Set(tips.filter(tip => tip !== null))].map(tip => ({ tip, ...look(tip) }));
  const isWorkKnown = distinct.every(({ work }) => typeof work === "bigint");
  const sizeOf = ({ work, height }) => (isWorkKnown ? work : height);
  distinct.sort((a, b) => (sizeOf(a) === sizeOf(b) ? a.order - b.order : sizeOf(a) > sizeOf(b) ? -1 : 1));
  return new Map(distinct.map(({ tip }, rank) => [tip, Math.min(rank, MOST_TIPS)]));
}

/** The colour of a fill index. */
export function tipColour(palette, fill) {
  return palette.tips[fill] ?? palette.rest;
}

/** The colour of a message's class; an unknown class is drawn as the most ordinary one. */
export function classColour(palette, name) {
  return palette.classes[CLASSES.includes(name) ? name : "connection"];
}

/** Hand the palette to the stylesheet as custom properties of an element. */
export function applyPalette(element, palette) {
  const set = (name, value) => element.style.setProperty(`--bl-${name}`, value);
  palette.tips.forEach((colour, index) => set(`tip-${index}`, colour));
  palette.groups.forEach((colour, index) => set(`group-${index}`, colour));
  palette.curves.forEach((colour, index) => set(`curve-${index}`, colour));
  set(`tip-${MOST_TIPS}`, palette.rest);
  for (const name of CLASSES) set(`class-${name}`, palette.classes[name]);
  for (const name of ["alarm", "selection", "faint", "edge", "full", "known"]) set(name, palette[name]);
  element.dataset.palette = palette.name;
}
