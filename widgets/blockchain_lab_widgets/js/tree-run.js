// The bar that stands for a run of blocks: how much of it is known and full, down to the pixel. Pure.
import { FULL, HEADER, INVALID, ORPHAN, UNKNOWN } from "./chain-fold.js";

export const RUN_HEIGHT = 12;
const TOP = 8; // of the bar, within a box's height
const NAMES = [[FULL, "body"], [HEADER, "header"], [INVALID, "invalid"], [ORPHAN, "orphan"], [UNKNOWN, "unknown"]];

/** How many blocks of a run are in each state, those states that occur. O(blocks of the run). */
export function countStates(orders, holding) {
  const counts = new Uint32Array(FULL + 1);
  for (const order of orders) counts[holding.of(order)] += 1;
  return Object.fromEntries(NAMES.map(([state, name]) => [name, counts[state]]).filter(([, count]) => count));
}

/**
 * The parts of a bar whose blocks are known at least so well, as a path: one rectangle per stretch, at most one per
 * pixel. O(blocks of the run).
 *
 * @param {ArrayLike<number>} orders oldest block first
 * @param {{of: (order: number) => number}} holding
 * @param {number} least state of chain-fold.js
 * @param {number} inset pixels off the bar's upper and lower edge
 */
export function fullPath(orders, holding, least, width, inset) {
  const pixels = Math.max(1, Math.floor(width));
  const counts = new Float32Array(pixels);
  const sizes = new Float32Array(pixels);
  for (let index = 0; index < orders.length; index++) {
    const from = Math.floor((index * pixels) / orders.length);
    const to = Math.max(from + 1, Math.floor(((index + 1) * pixels) / orders.length));
    const isMeant = holding.of(orders[index]) >= least;
    for (let pixel = from; pixel < to; pixel++) {
      sizes[pixel] += 1;
      if (isMeant) counts[pixel] += 1;
    }
  }
  const [top, height] = [TOP + inset, RUN_HEIGHT - 2 * inset];
  let path = "";
  for (let pixel = 0, begin = -1; pixel <= pixels; pixel++) {
    const isFull = pixel < pixels && counts[pixel] * 2 >= sizes[pixel];
    if (isFull && begin < 0) begin = pixel;
    if (!isFull && begin >= 0) {
      path += `M${begin} ${top}h${pixel - begin}v${height}h${begin - pixel}z`;
      begin = -1;
    }
  }
  return path;
}
