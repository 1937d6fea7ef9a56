// A peer leaves one branch for another: found in the records, told in words, shown as a way through the picture.
import { BOX } from "./tree-layout.js";
import { markOn } from "./tree-tags.js";
import { listNames } from "./tree-words.js";

/** Moves of the cursor over more records are jumps: nothing travels then. */
export const FARTHEST = 400;

/** Milliseconds that a chip is on its way, and that the text stays when the cursor has gone on. */
export const TRAVEL = 1100;
export const HOLD = 2500;

/**
 * The reorganisations among the records `from` .. `to` (not included).
 *
 * @param {number|null} viewer only this peer's
 * @returns {{row, peer, previous, hash, off, on}[]} `off` and `on`: how many blocks left and joined the active chain
 */
export function findReorganisations(trace, from, to, viewer) {
  const note = trace.kinds.indexOf("note");
  const { kind, facts, peer } = trace.columns;
  const found = [];
  for (let row = from; row < to; row++) {
    if (kind[row] !== note || (viewer !== null && peer[row] !== viewer)) continue;
    const { topic, disconnected, connected, previous, hash } = trace.table[facts[row]];
    if (topic === "tip changed" && disconnected > 0) {
      found.push({ row, peer: peer[row], previous, hash, off: disconnected, on: connected });
    }
  }
  return found;
}

/** "ann and bob reorganised: 2 off, 3 on" */
export function describeReorganisations(found, peers) {
  const groups = new Map();
  for (const { peer, off, on } of found) {
    const what = `reorganised: ${off} off, ${on} on`;
    groups.set(what, [...(groups.get(what) ?? []), peers[peer]]);
  }
  return [...groups].map(([what, names]) => `${listNames([...new Set(names)])} ${what}`).join("; ");
}

/**
 * The way from the old tip back to the fork and up to the new one, through the middles of what is drawn. What is
 * hidden is passed over.
 *
 * @returns {[number, number][]} points
 */
export function findWay({ parents, list }, { spotOf }, from, to) {
  const [down, up] = [[], []];
  let [back, forth] = [from, to];
  while (back !== forth && back >= 0 && forth >= 0) {
    if (list[back].height >= list[forth].height) {
      down.push(back);
      back = parents[back];
    } else {
      up.unshift(forth);
      forth = parents[forth];
    }
  }
  const orders = [...down, ...(back >= 0 ? [back] : []), ...up];
  return passThrough(orders.map(order => ({ order, spot: spotOf(order) })).filter(({ spot }) => spot), list);
}

// From middle to middle; where a branch leaves the other's lane, along the corners of its arrow.
function passThrough(places, list) {
  const points = [];
  let before = null;
  for (const { order, spot } of places) {
    const y = spot.y + BOX.height / 2;
    if (before !== null && before.y !== y) {
      const [parent, child] = before.spot.x < spot.x ? [before.spot, spot] : [spot, before.spot];
      const corner = (child.x + parent.x + parent.width + 6) / 2; // as tree-draw.js draws it
      points.push([corner, before.y], [corner, y]);
    }
    points.push([spot.orders ? markOn(spot, list[order], list) : spot.x + spot.width / 2, y]);
    before = { spot, y };
  }
  return points;
}

/** How far along a way each of its points is, 0 .. 1. */
export function measureWay(points) {
  const lengths = points.map(([x, y], at) => (at ? Math.hypot(x - points[at - 1][0], y - points[at - 1][1]) : 0));
  const whole = lengths.reduce((sum, length) => sum + length, 0) || 1;
  let gone = 0;
  return lengths.map(length => (gone += length) / whole);
}

/** Has the reader asked the system for less motion? */
export function isStill() {
  return matchMedia("(prefers-reduced-motion: reduce)").matches;
}
