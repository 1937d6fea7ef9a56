// What each peer knows of the chain at the cursor: its tip, its best header, and every block's state with it.

/** What a peer has of a block; the larger number wins when peers are looked at together. */
export const UNKNOWN = 0;
export const ORPHAN = 1; // kept aside: its parent is missing
export const INVALID = 2;
export const HEADER = 3; // the header only
export const FULL = 4;

/** The tip of every peer: fully downloaded, and by headers alone; null where nobody can know it. Part of several folds. */
export const tipsFold = {
  initial: ({ peers, genesis }) => ({ tips: peers.map(() => genesis), best: peers.map(() => genesis) }),

  apply(state, { kind, peer, facts }, { genesis }) {
    if (kind === "start") state.tips[peer] = state.best[peer] = facts.unknown ? null : genesis; // a revived peer reads its disk again
    if (kind !== "note") return;
    const { topic } = facts;
    if (topic === "tip changed") state.tips[peer] = facts.hash;
    if (topic === "best header") state.best[peer] = facts.hash;
    if (topic !== "chain loaded") return;
    state.best[peer] = facts.tip;
    if (facts.full) state.tips[peer] = facts.tip;
  },

  copy: ({ tips, best }) => ({ tips: tips.slice(), best: best.slice() }),
};

/**
 * What somebody has of all blocks: one byte per block of the index. Copies share the bytes until one of them
 * writes, so that a thousand peers with the same long chain cost little.
 *
 * @property {number} full how many blocks with their bodies
 * @property {number} known how many of which anything is known
 * @property {number} touched one more than the row that last changed a byte: it names this very content
 * @property {number} grown one more than the row that last made a block known or unknown
 * @property {number} sign 32 bits made of all bytes: who has the same has the same sign
 */
export class Holding {
  constructor(bytes = new Uint8Array(0)) {
    Object.assign(this, { bytes, shared: false, full: 0, known: 0, touched: 0, grown: 0, sign: 0 });
  }

  /** What it has of a block; blocks behind the end are not known. */
  of(order) {
    return order < this.bytes.length ? this.bytes[order] : UNKNOWN;
  }

  /** Write one byte. `length` is how many blocks there may be. Returns what stood there before. */
  set(order, what, row, length) {
    const had = this.of(order);
    if (had === what) return had;
    if (this.shared || order >= this.bytes.length) {
      const larger = new Uint8Array(Math.max(length, this.bytes.length));
      larger.set(this.bytes);
      Object.assign(this, { bytes: larger, shared: false });
    }
    this.bytes[order] = what;
    this.full += Number(what === FULL) - Number(had === FULL);
    this.known += Number(what !== UNKNOWN) - Number(had !== UNKNOWN);
    this.sign ^= mix(order, had) ^ mix(order, what);
    this.touched = row + 1;
    if ((had === UNKNOWN) !== (what === UNKNOWN)) this.grown = row + 1;
    return had;
  }

  copy() {
    this.shared = true;
    return Object.assign(new Holding(), this);
  }
}

// Scatters (order, what) over 32 bits; what is not known counts for nothing.
function mix(order, what) {
  if (what === UNKNOWN) return 0;
  let bits = Math.imul(8 * order + what, 0x9e3779b1);
  bits = Math.imul(bits ^ (bits >>> 15), 0x85ebca6b);
  return bits ^ (bits >>> 13);
}

/**
 * Tips, who is off, what every peer holds (`of`) and the most that anybody holds (`all`).
 *
 * @param {import("./blocks.js").BlockIndex} index kept up to date by whoever owns it, before the fold is asked
 */
export function chainFold(index) {
  return {
    initial: trace => ({
      ...tipsFold.initial(trace), off: trace.peers.map(() => true), of: trace.peers.map(() => new Holding()), all: new Holding(),
    }),

    apply(state, record, trace) {
      tipsFold.apply(state, record, trace);
      if (record.kind === "start") readDisk(state, record, index);
      if (record.kind === "kill") state.off[record.peer] = true;
      if (record.kind === "note") learn(state, record, index);
    },

    copy: state => ({
      ...tipsFold.copy(state), off: state.off.slice(), of: state.of.map(holding => holding.copy()), all: state.all.copy(),
    }),
  };
}

// A life begins with the genesis; what else is on the disk is noted right behind.
function readDisk(state, { peer, row, facts }, index) {
  const before = state.of[peer];
  state.off[peer] = false;
  const now = state.of[peer] = new Holding();
  now.touched = now.grown = row + 1; // also when nothing is left
  for (let order = 0; order < before.bytes.length; order++) if (before.bytes[order]) lower(state, order, row);
  if (index.list.length && !facts.unknown) hold(state, peer, 0, FULL, row, index.list.length);
}

function learn(state, { peer, row, facts }, index) {
  const { length } = index.list;
  const set = (hash, what) => {
    const order = index.get(hash)?.order;
    if (order !== undefined) hold(state, peer, order, what, row, length);
  };
  const { topic, hash, hashes } = facts;
  if (topic === "chain loaded") for (const each of hashes) set(each, facts.full ? FULL : HEADER);
  if (topic === "headers accepted") for (const each of hashes) set(each, HEADER);
  if (topic === "block accepted") set(hash, FULL);
  if (topic === "block invalid") set(hash, INVALID);
  if (topic === "orphan block") set(hash, ORPHAN);
}

// A peer learns more of a block, or that it is invalid after all.
function hold(state, peer, order, what, row, length) {
  const had = state.of[peer].of(order);
  if (what <= had && what !== INVALID) return;
  state.of[peer].set(order, what, row, length);
  if (what >= state.all.of(order)) state.all.set(order, what, row, length);
  else if (what < had) lower(state, order, row);
}

// Somebody has less of a block than before: what is the most that anybody has? O(peers).
function lower(state, order, row) {
  const most = state.of.reduce((sum, holding) => Math.max(sum, holding.of(order)), UNKNOWN);
  state.all.set(order, most, row, state.all.bytes.length);
}

/** What `peer` holds; when it is null, the most that anybody holds. */
export function holdingOf(state, peer) {
  return peer === null ? state.all : state.of[peer];
}

/**
 * Peers that are on, those with the same local state together: same tip, same best header, same of every block.
 * In the order of their first peers, without those of which nothing is known. O(peers).
 *
 * @returns {number[][]}
 */
export function groupByState({ tips, best, off, of }) {
  const groups = new Map();
  off.forEach((isOff, peer) => {
    if (isOff || tips[peer] === null) return;
    const { sign, full, known } = of[peer];
    const key = [tips[peer], best[peer], sign, full, known].join("|");
    if (!groups.has(key)) groups.set(key, []);
    groups.get(key).push(peer);
  });
  return [...groups.values()];
}
