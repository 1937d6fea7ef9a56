// Where everything stands in the chart: lanes side by side, time downwards. Pure geometry, in pixels of the plot.
import { FLYING, LOST } from "./chart-data.js";

/** Arrowheads stop this far from the middle of a lane, where marks stand. */
const SHORT = 5;

/** A lost message is crossed out at this part of its way; one that flies when the trace ends gets so far. */
const LOST_AT = 0.82;
const FLOWN = 0.6;

const LABEL_HEIGHT = 14;

/** The lanes' middles: `{gap, xOf(host)}`; a host without a lane stands at undefined. */
export function placeLanes(hosts, width) {
  const gap = width / Math.max(1, hosts.length);
  const places = new Map(hosts.map((host, index) => [host, (index + 0.5) * gap]));
  return { gap, xOf: host => places.get(host) };
}

/**
 * The hosts that get a lane, in order. All that are not hidden, while they are few; else those of the first messages,
 * `wanted` ones before them.
 *
 * @param {Set<number>} hidden by the reader
 * @param {number[]} wanted hosts that must be seen
 * @param {{from, to}[]} ranked messages, the most important one first
 */
export function chooseLanes(count, hidden, wanted, ranked, most) {
  const all = Array.from({ length: count }, (_, host) => host).filter(host => !hidden.has(host));
  if (all.length <= most) return all;
  const chosen = new Set(wanted.filter(host => host >= 0 && !hidden.has(host)));
  for (const { from, to } of ranked) {
    const fresh = [from, to].filter(host => host >= 0 && !chosen.has(host) && !hidden.has(host));
    if (chosen.size + fresh.length > most) break;
    fresh.forEach(host => chosen.add(host));
  }
  return [...chosen].sort((one, other) => one - other);
}

/** The line of an arrow from lane to lane, not clipped; null when a lane is missing. `yOf` gives pixels. */
export function lineOf(arrow, { xOf, gap }, yOf, lastEvent) {
  const x0 = xOf(arrow.from);
  const x2 = arrow.to < 0 ? x0 + gap / 2 : xOf(arrow.to);
  if (x0 === undefined || x2 === undefined) return null;
  const y0 = yOf(arrow.begins);
  if (arrow.fate === FLYING) return { x0, y0, x1: x0 + FLOWN * (x2 - x0), y1: Math.max(y0, yOf(lastEvent)) + 12 };
  const y1 = yOf(arrow.ends);
  if (arrow.fate === LOST) return { x0, y0, x1: x0 + LOST_AT * (x2 - x0), y1 };
  const length = Math.hypot(x2 - x0, y1 - y0) || 1;
  const back = Math.min(SHORT, length / 3) / length;
  return { x0, y0, x1: x2 - back * (x2 - x0), y1: y1 - back * (y1 - y0) };
}

/** The part of a line that lies inside (0, 0, width, height), after Liang and Barsky; null when none does. */
export function clip({ x0, y0, x1, y1 }, width, height) {
  const [dx, dy] = [x1 - x0, y1 - y0];
  let [from, to] = [0, 1];
  for (const [step, room] of [[-dx, x0], [dx, width - x0], [-dy, y0], [dy, height - y0]]) {
    if (step === 0 && room < 0) return null;
    const part = room / step;
    if (step < 0) from = Math.max(from, part);
    if (step > 0) to = Math.min(to, part);
  }
  return from > to ? null : { x0: x0 + from * dx, y0: y0 + from * dy, x1: x0 + to * dx, y1: y0 + to * dy };
}

/** The point of a line at a height; for the message that is there now. */
export function pointAt({ x0, y0, x1, y1 }, y) {
  return { x: y1 === y0 ? x0 : x0 + ((y - y0) / (y1 - y0)) * (x1 - x0), y };
}

/** Distance of a point from a line, and how far along the nearest point lies (0 .. 1). */
export function distanceTo({ x0, y0, x1, y1 }, x, y) {
  const [dx, dy] = [x1 - x0, y1 - y0];
  const square = dx * dx + dy * dy;
  const part = square ? Math.max(0, Math.min(1, ((x - x0) * dx + (y - y0) * dy) / square)) : 0;
  return { part, distance: Math.hypot(x0 + part * dx - x, y0 + part * dy - y) };
}

/** How far the nearer end of an arrow is from a height: what begins or ends here is what happens here. */
export function awayFrom(arrow, timeline, y) {
  const begin = Math.abs(timeline.yOf(arrow.begins) - y);
  return arrow.fate === FLYING ? begin : Math.min(begin, Math.abs(timeline.yOf(arrow.ends) - y));
}

/** May a box stand there: inside the plot, and over no other one? */
function isFree(box, taken, width, height) {
  if (box.x < 0 || box.y < 0 || box.x + box.width > width || box.y + box.height > height) return false;
  return !taken.some(other => box.x < other.x + other.width && other.x < box.x + box.width
    && box.y < other.y + other.height && other.y < box.y + box.height);
}

/**
 * Give labels a place, the most important first; what does not fit gets none.
 *
 * @param {{text: string, spots: {x: number, y: number, left: boolean}[]}[]} wanted a spot is the end of the text that is
 *   nearer to its mark, and `left` when the text stands left of it
 * @param {(text: string) => number} measure width in pixels
 * @param {{x, y, width, height}[]} taken
 * @returns {({x: number, y: number, width: number, height: number}|null)[]} as given; y is the top
 */
export function placeLabels(wanted, measure, taken, width, height) {
  const used = [...taken];
  return wanted.map(({ text, spots }) => {
    const wide = measure(text);
    for (const { x, y, left } of spots) {
      const box = { x: left ? x - wide : x, y: y - LABEL_HEIGHT / 2, width: wide, height: LABEL_HEIGHT };
      if (!isFree(box, used, width, height)) continue;
      used.push(box);
      return box;
    }
    return null;
  });
}

/** Where the label of an arrow may stand: behind its head, under its head, else at its tail. */
export function spotsOf({ x0, y0, x1, y1 }, height, room) {
  const toRight = x1 >= x0;
  const way = toRight ? 1 : -1;
  if (y1 > height) return [{ x: x0 + way * 6, y: y0 - 5, left: !toRight }];
  return [
    { x: x1 + way * (SHORT + room), y: y1, left: !toRight },
    { x: x1 - way * 8, y: y1 + 5, left: toRight },
    { x: x0 + way * 6, y: y0 - 5, left: !toRight },
  ];
}

/**
 * What is written along the axis: times where there is room, and the length of long waits between them.
 *
 * @param {{at: number, y: number}[]} stops with y in pixels
 * @param {(µs: number) => string} format a time, and `tellWait` the time between two
 * @returns {{y: number, text: string, isWait: boolean}[]}
 */
export function placeTimes(stops, format, tellWait, shortest = 500_000) {
  const written = [];
  let free = -Infinity;
  let last = null;
  stops.forEach(({ at, y }, index) => {
    const before = stops[index - 1];
    if (before && at - before.at >= shortest && y - before.y >= 32) {
      written.push({ y: (y + before.y) / 2, text: tellWait(at - before.at), isWait: true });
    }
    const text = format(at);
    if (y < free || text === last) return;
    written.push({ y, text, isWait: false });
    last = text;
    free = y + LABEL_HEIGHT + 1;
  });
  return written;
}
