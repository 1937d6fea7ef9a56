// Lines of a plot: values at a time, paths, and where the names at their ends go. Pure.
//
// A line is a list of [µs, value] in order of time. "step": a value holds until the next one. "line": drawn straight
// between points, and read so. "dots": single measurements, told apart by dots; the last one counts.
import { firstIndex } from "./columns.js";

/** The points up to a time, without those behind it. O(log points). */
export function cutLine(points, at) {
  return points.slice(0, firstIndex(points.length, i => points[i][0] > at));
}

/** What a line says at a time; null before its first point, and behind the last one of a straight line. */
export function valueAt({ points, shape = "step" }, at) {
  const next = firstIndex(points.length, i => points[i][0] > at);
  if (!next) return null;
  const [since, value] = points[next - 1];
  if (shape !== "line" || since === at) return value;
  if (next === points.length) return null;
  const [until, then] = points[next];
  return value + ((at - since) / (until - since)) * (then - value);
}

/** Points that can be told apart on a screen: of each column of pixels the first, the lowest, the highest, the last. */
export function thinLine(points, x) {
  if (points.length < 1500) return points;
  const found = [];
  for (let from = 0; from < points.length;) {
    const column = Math.floor(x(points[from][0]));
    let [to, low, high] = [from, from, from];
    for (; to < points.length && Math.floor(x(points[to][0])) === column; to++) {
      if (points[to][1] < points[low][1]) low = to;
      if (points[to][1] > points[high][1]) high = to;
    }
    for (const at of [...new Set([from, low, high, to - 1])].sort((a, b) => a - b)) found.push(points[at]);
    from = to;
  }
  return found;
}

const round = pixels => Math.round(pixels * 10) / 10;

/** The corners of a stepped line, whose last value holds up to `end`. */
function cornersOf(points, end) {
  const corners = points.flatMap(([at, value], i) => (i ? [[at, points[i - 1][1]], [at, value]] : [[at, value]]));
  const last = points.at(-1);
  return last && end > last[0] ? [...corners, [end, last[1]]] : corners;
}

const join = (points, x, y) => points.map(([at, value], i) => `${i ? "L" : "M"}${round(x(at))} ${round(y(value))}`).join("");

/**
 * The `d` of a line; "" for none.
 *
 * @param {number} end µs: how far the last value of a stepped line holds
 */
export function pathOf({ points, shape = "step" }, end, x, y) {
  const thin = thinLine(points, x);
  return join(shape === "step" ? cornersOf(thin, end) : thin, x, y);
}

/** The `d` of a stepped band of [µs, low, high], up to `end`; "" for none. */
export function bandOf(points, end, x, y) {
  const edge = which => cornersOf(thinLine(points.map(point => [point[0], point[which]]), x), end);
  return points.length ? `${join([...edge(2), ...edge(1).reverse()], x, y)}Z` : "";
}

/**
 * Heights for names, as near to their lines as can be without touching, in the order of the lines' ends: names that
 * would touch stand around the middle of what they want. O(n log n).
 *
 * @param {number[]} wanted where each would stand
 * @param {number} gap between two
 * @returns {number[]} within `top` .. `bottom` as far as there is room
 */
export function placeLabels(wanted, gap, top, bottom) {
  const order = wanted.map((_, i) => i).sort((a, b) => wanted[a] - wanted[b] || a - b);
  const step = wanted.length > 1 ? Math.min(gap, (bottom - top) / (wanted.length - 1)) : gap;
  const blocks = []; // names that touch: {from, count, sum} of where their first would stand
  for (const [from, i] of order.entries()) {
    let block = { from, count: 1, sum: wanted[i] - from * step };
    while (blocks.length && blocks.at(-1).sum / blocks.at(-1).count >= block.sum / block.count) {
      const before = blocks.pop();
      block = { from: before.from, count: before.count + block.count, sum: before.sum + block.sum };
    }
    blocks.push(block);
  }
  const found = [];
  const last = wanted.length - 1;
  for (const { from, count, sum } of blocks) {
    for (let at = from; at < from + count; at++) {
      const base = Math.max(top, Math.min(bottom - last * step, sum / count)); // all of them stay between the two
      found[order[at]] = base + at * step;
    }
  }
  return found;
}

/** As much of a text as fits into so many letters. */
export function shorten(text, letters) {
  return text.length > letters ? `${text.slice(0, Math.max(1, letters - 1))}…` : text;
}
