// How a box is laid out: who stands inside on the left, its ports in the middle, whom they let in on the right. Pure.

/** So many boxes are drawn whole; of the others there is a button. */
export const MOST_BOXES = 4;

export const LINE = 28; // pixels of a line of marks
export const CLOSED = 24; // pixels of the last line of a box: all that is not open
const CHIP = { least: 64, usual: 100, most: 128, gap: 6 };
const INSIDE = { part: 0.16, least: 60, most: 148 };
const DOOR = { part: 0.25, least: 96, most: 208 };
const WIRE = { part: 0.045, least: 12, most: 64 };

const between = (value, { least, most }) => Math.round(Math.max(least, Math.min(most, value)));

const BESIDE = 860; // pixels from which on two boxes stand side by side

/** How many boxes stand side by side. */
export function countBeside(boxes, width) {
  return boxes > 1 && width >= BESIDE ? 2 : 1;
}

/**
 * The columns of a box of a width in pixels.
 *
 * @returns {{inside: {x, width}, door: {x, width}, outside: {x, width, chip, perLine}}} `chip`: the width of a mark
 */
export function measure(width) {
  const inside = between(width * INSIDE.part, INSIDE);
  const door = between(width * DOOR.part, DOOR);
  const wire = between(width * WIRE.part, WIRE);
  const x = inside + wire + door + wire;
  const rest = Math.max(CHIP.least, width - x);
  const perLine = Math.max(1, Math.floor((rest + CHIP.gap) / (CHIP.usual + CHIP.gap)));
  const chip = Math.min(CHIP.most, Math.floor((rest - CHIP.gap * (perLine - 1)) / perLine));
  return { inside: { x: 0, width: inside }, door: { x: inside + wire, width: door }, outside: { x, width: rest, chip, perLine } };
}

/** The place of the n-th mark on the right of a line that begins at `y`. */
export function placeRemote({ outside: { x, chip, perLine } }, y, at) {
  return { x: x + (at % perLine) * (chip + CHIP.gap), y: y + LINE * Math.floor(at / perLine) };
}

/**
 * Where everything of a box stands.
 *
 * @param {{groups: {doors: {remotes: object[], more: number}[]}[], hidden: number}} box of `Scene.boxAt`
 * @returns {{height: number, groups: {group, y, lines: {door, y, height}[]}[], hiddenAt: number, closedAt: number}} `y` of a group: the
 *   middle of its peer; of a line: its upper edge; `hiddenAt`: -1 when all mappings are drawn
 */
export function layBox({ groups, hidden }, { outside: { perLine } }) {
  let y = 0;
  const laid = groups.map(group => {
    const top = y;
    const lines = group.doors.map(door => {
      const marks = door.remotes.length + (door.more ? 1 : 0);
      const line = { door, y, height: LINE * Math.max(1, Math.ceil(marks / perLine)) };
      y += line.height;
      return line;
    });
    if (!lines.length) y += LINE;
    return { group, y: (top + y) / 2, lines };
  });
  const hiddenAt = hidden ? y : -1;
  if (hidden) y += CLOSED;
  return { height: y + CLOSED, groups: laid, hiddenAt, closedAt: y };
}

/** A smooth way from one place to another that leaves and arrives level. */
export function bend(from, to) {
  const middle = (from.x + to.x) / 2;
  return `M${from.x} ${from.y}C${middle} ${from.y} ${middle} ${to.y} ${to.x} ${to.y}`;
}

/** Which boxes to show: as before, with the wanted one in place of the last when it is not among them. */
export function chooseBoxes(wanted, shown, gateways) {
  if (wanted < 0 || shown.includes(wanted) || !gateways.includes(wanted)) return shown;
  const kept = shown.length < MOST_BOXES ? shown : shown.slice(0, MOST_BOXES - 1);
  return gateways.filter(host => host === wanted || kept.includes(host));
}

/** Those to open with: named ones, else those through which most went. */
export function firstBoxes(named, gateways, trafficOf) {
  const known = named.filter(host => gateways.includes(host)).slice(0, MOST_BOXES);
  if (known.length) return gateways.filter(host => known.includes(host));
  const busiest = [...gateways].sort((a, b) => trafficOf(b) - trafficOf(a) || a - b).slice(0, MOST_BOXES);
  return gateways.filter(host => busiest.includes(host));
}
