// How the tables of an address book are laid out: buckets in use as boxes, and what is too much as bundles. Pure.

/** Places of the tables: `address_buckets.py`. */
export const BUCKETS = { new: 1024, tried: 256 };
export const BUCKET_SIZE = 64;

/** How addresses are drawn: with their names, as marks alone, as marks side by side, or several in one mark. */
export const NAMES = "names";
export const CELLS = "cells";
export const DOTS = "dots";
export const BUNDLES = "bundles";

const PER_ROW = 8; // cells of a bucket side by side: 8 x 8 are a full one
const BUNDLE = { width: 128, height: 24 };
const NAME = { least: 56, most: 112, mark: 27, letter: 7 }; // pixels
const LABEL = 30; // pixels of a bucket's number
const LEAST = 18; // pixels of a box with a number
const GAP = 4; // between boxes
const SCROLLED = 200; // pixels of marks for which one may have to scroll
const MOST_CELLS = 800; // elements that one table may have, in all columns together
const MOST_BUNDLES = 96;
const LEAST_BUNDLES = 6;

/**
 * @typedef {object} Bucket of a table, or several neighbours in one bundle
 * @property {number|null} first null: a list without buckets
 * @property {number|null} last the same as `first` unless it is a bundle
 * @property {Stay[]} stays
 */

/** The buckets in use, in order; of each its addresses in the order in which they came. O(n log n). */
export function sortBuckets(stays) {
  const buckets = new Map();
  for (const stay of stays) {
    if (!buckets.has(stay.bucket)) buckets.set(stay.bucket, []);
    buckets.get(stay.bucket).push(stay);
  }
  return [...buckets].sort(([a], [b]) => (a ?? -1) - (b ?? -1)).map(([bucket, found]) => ({ first: bucket, last: bucket, stays: found }));
}

/** Pixels of a cell. `letters`: of the longest name. */
export function sizeCell(style, letters) {
  if (style === DOTS) return { width: 14, height: 14 };
  if (style === CELLS) return { width: 20, height: 20 };
  const { least, most, mark, letter } = NAME;
  return { width: Math.round(Math.max(least, Math.min(most, mark + letter * letters))), height: 22 };
}

/** How many cells of that width stand side by side in a box with so many. */
export function countColumns(count, cell, width, isBucketed) {
  const room = Math.max(1, Math.floor((width - (isBucketed ? LABEL : 0) - 2) / cell));
  return Math.min(count, room, isBucketed ? PER_ROW : room);
}

/** Pixels of boxes, one after another in lines of that width: the height of all lines. */
export function measureLines(boxes, width, gap) {
  let [x, height, row] = [0, 0, 0];
  for (const box of boxes) {
    if (x && x + box.width > width) {
      height += row + gap;
      [x, row] = [0, 0];
    }
    x += box.width + gap;
    row = Math.max(row, box.height);
  }
  return height + row;
}

/** Pixels of all boxes of a table with cells of a size. O(buckets). */
export function measureTable(buckets, { width: cell, height: line }, width) {
  const boxes = buckets.map(({ first, stays }) => {
    const isBucketed = first !== null;
    const columns = countColumns(stays.length, cell, width, isBucketed);
    const height = Math.max(Math.ceil(stays.length / columns) * line, isBucketed ? LEAST : 0) + 2;
    return { width: (isBucketed ? LABEL : 0) + columns * cell + 2, height };
  });
  return measureLines(boxes, width, GAP);
}

/**
 * The richest way to draw a table that needs no more than `height`; marks alone may need more, for one can scroll.
 *
 * @param {number} letters of the longest name
 * @param {number} share of the elements that there may be, 0 .. 1
 */
export function chooseStyle(buckets, { width, height, letters, share = 1 }) {
  const count = buckets.reduce((sum, { stays }) => sum + stays.length, 0);
  const measure = style => measureTable(buckets, sizeCell(style, letters), width);
  const fits = [NAMES, CELLS].find(style => measure(style) <= height);
  const isFew = count <= MOST_CELLS * share && measure(DOTS) <= Math.max(3 * height, SCROLLED);
  return fits ?? (isFew ? DOTS : BUNDLES);
}

/** Neighbouring buckets put together until there are at most so many; a list is cut in pieces. O(addresses). */
export function bundleBuckets(buckets, most) {
  const all = buckets.reduce((sum, { stays }) => sum + stays.length, 0);
  const least = Math.max(2, Math.ceil(all / most));
  if (buckets.length === 1) return cutIntoPieces(buckets[0], least);
  const bundles = [];
  let open = null;
  for (const { first, last, stays } of buckets) {
    open = open ? { ...open, last, stays: [...open.stays, ...stays] } : { first, last, stays };
    if (open.stays.length < least) continue;
    bundles.push(open);
    open = null;
  }
  return open ? [...bundles, open] : bundles;
}

function cutIntoPieces({ first, last, stays }, size) {
  return Array.from({ length: Math.ceil(stays.length / size) }, (_, at) => ({ first, last, stays: stays.slice(at * size, (at + 1) * size) }));
}

/** How many bundles have room. */
export function countBundles({ width, height }) {
  const room = Math.floor(width / (BUNDLE.width + GAP)) * Math.floor(height / (BUNDLE.height + GAP));
  return Math.max(LEAST_BUNDLES, Math.min(MOST_BUNDLES, room));
}

/** Parts of a bundle by what they are drawn as, the ranked groups first: [rank, count]; none is empty. */
export function countRanks(stays, rankOf) {
  const counts = new Map();
  for (const stay of stays) counts.set(rankOf(stay), (counts.get(rankOf(stay)) ?? 0) + 1);
  return [...counts].sort(([a], [b]) => a - b);
}

/** Where the ticks of the strip stand that shows all buckets: x and height, in parts of the whole. */
export function placeTicks(buckets, table) {
  const all = BUCKETS[table];
  return buckets.filter(({ first }) => first !== null && first < all)
    .map(({ first, stays }) => ({ bucket: first, x: first / all, part: Math.min(1, stays.length / BUCKET_SIZE) }));
}
