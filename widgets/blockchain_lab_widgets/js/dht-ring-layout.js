// Where the points of a ring go: clockwise from the top, and which of them can have their names beside them. Pure.
import { BITS, DIGITS } from "./dht-ids.js";

const MOST_NAMED = 48; // names around a ring
const ARC = { beside: 15, above: 44 }; // pixels along the ring between two names: on its sides, and at its top and bottom

/** How far around the ring a point stands, 0 .. 1. `bits`: of a point. */
export function turnOf(id, bits = BITS) {
  return Number(BigInt(`0x${id.slice(DIGITS - Math.ceil(bits / 4))}`)) / 2 ** bits;
}

/** A place at a turn, so far from the centre. */
export function placeOnRing(turn, radius, { x, y }) {
  const angle = 2 * Math.PI * turn - Math.PI / 2;
  return { x: x + radius * Math.cos(angle), y: y + radius * Math.sin(angle) };
}

/** An arc clockwise from one turn to another, as an SVG path. */
export function drawArc(from, to, radius, centre) {
  const [a, b] = [from, to].map(turn => placeOnRing(turn, radius, centre));
  const way = (to - from + 1) % 1;
  return `M${a.x} ${a.y}A${radius} ${radius} 0 ${way > 0.5 ? 1 : 0} 1 ${b.x} ${b.y}`;
}

/**
 * Whose names are written: the most important first, and none so near another one that it covers it.
 *
 * @param {{turn: number, weight: number}[]} points in order around the ring
 * @param {number} lightest who weighs less has no name
 * @returns {Set<number>} indexes
 */
export function chooseNamed(points, radius, lightest = 0) {
  const leastAt = turn => (ARC.beside + (ARC.above - ARC.beside) * Math.cos(2 * Math.PI * turn) ** 4) / (2 * Math.PI * radius);
  const order = points.map((_, at) => at).filter(at => points[at].weight >= lightest).sort((a, b) => points[b].weight - points[a].weight || a - b);
  const named = new Set();
  const isFree = turn => [...named].every(at => Math.abs(((points[at].turn - turn + 1.5) % 1) - 0.5) >= leastAt(turn));
  for (const at of order) if (named.size < MOST_NAMED && isFree(points[at].turn)) named.add(at);
  return named;
}
