// Where the transactions of a pool go: a stack, best payers on top, as high as they are large. Pure.

/** Virtual bytes that fit in a block: 4,000,000 units of weight (BIP 141). */
export const BLOCK_SIZE = 1_000_000;

/** So many pools are shown side by side. */
export const MOST_POOLS = 4;

const LEAST = 13; // pixels: lower ones share a row with their neighbours
const MOST = 34; // pixels for the smallest one: few do not fill the stage
const THIN = 2; // pixels that can be seen
const ROOM_FOR_BLOCK = 22; // pixels below a stack that a block could take whole

/** Satoshi per virtual byte, or gwei per unit of gas. */
export function rateOf({ fee, size }) {
  return fee / Math.max(1, size);
}

/** Best payers first; of equal ones who came first. O(n log n). */
export function sortByRate(stays) {
  return [...stays].sort((a, b) => rateOf(b) - rateOf(a) || a.from - b.from);
}

/**
 * How strong a transaction's colour is, 0 .. 1: one satoshi for a byte is weak, a hundred are full.
 */
export function strengthOf(rate) {
  return Math.max(0, Math.min(1, Math.log(rate + 1) / Math.log(101)));
}

/** Pixels for a virtual byte: all of the stage when there are many, less when there are few. */
export function scaleFor(pools, height) {
  const most = Math.max(1, ...pools.map(stays => stays.reduce((sum, { size }) => sum + Math.max(1, size), 0)));
  const smallest = pools.flat().reduce((least, { size }) => Math.min(least, Math.max(1, size)), Infinity);
  const room = most > BLOCK_SIZE ? height : height - ROOM_FOR_BLOCK;
  return Math.min(room / most, MOST / smallest);
}

/**
 * The rows of one stack. Neighbours that are too low to be seen alone make a bundle; heights stay in proportion.
 *
 * @param {Stay[]} sorted best payers first
 * @param {number} scale pixels for a virtual byte
 * @returns {{stays: Stay[], y: number, height: number, size: number}[]} `stays`: one, or a bundle's, best first
 */
export function stackRows(sorted, scale) {
  const rows = [];
  let bundle = [];
  let size = 0; // of the bundle
  let y = 0;
  const close = () => {
    if (!bundle.length) return;
    rows.push({ stays: bundle, y, height: Math.max(THIN, size * scale), size });
    y += size * scale;
    [bundle, size] = [[], 0];
  };
  for (const stay of sorted) {
    const own = Math.max(1, stay.size);
    if (own * scale >= LEAST) close();
    bundle.push(stay);
    size += own;
    if (size * scale >= LEAST) close();
  }
  close();
  return rows;
}

/**
 * The line at one block's worth, from the top.
 *
 * @param {number} total virtual bytes that wait
 * @returns {{y: number, isBroken: boolean}} broken: the line stands nearer than it should, for all would fit
 */
export function placeBlock(total, scale) {
  if (total > BLOCK_SIZE) return { y: BLOCK_SIZE * scale, isBroken: false };
  const y = total * scale;
  return (BLOCK_SIZE - total) * scale <= ROOM_FOR_BLOCK - 6 ? { y: BLOCK_SIZE * scale, isBroken: false } : { y: y + ROOM_FOR_BLOCK - 6, isBroken: true };
}

/** Which pools to show: those asked for, else of the selected group or peer, else as before. Host numbers. */
export function choosePools(selection, shown, peers) {
  const [, kind, name] = selection?.match(/^(peer|group):(.*)$/s) ?? [];
  const isHost = host => host >= 0 && host < peers.length;
  if (kind === "group") {
    const hosts = name.split(",").map(Number).filter(isHost);
    return hosts.length ? hosts.slice(0, MOST_POOLS) : shown;
  }
  const host = kind === "peer" ? peers.indexOf(name) : -1;
  if (!isHost(host) || shown.includes(host)) return shown;
  return [host, ...shown.slice(1)];
}
