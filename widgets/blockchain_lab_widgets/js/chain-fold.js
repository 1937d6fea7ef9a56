// What each peer knows of the chain at the cursor: its tip, its best header, and every block's state with it.

/** What a peer has of a block; the larger number wins when peers are looked at together. */
export const UNKNOWN = 0;
export const ORPHAN = 1; // kept aside: its parent is missing
export const INVALID = 2;
export const HEADER = 3; // the header only
export const FULL = 4;

/** The tip of every peer: fully downloaded, and by headers alone. Part of several folds. */
export const tipsFold = {
  initial: ({ peers, genesis }) => ({ tips: peers.map(() => genesis), best: peers.map(() => genesis) }),

  apply(state, { kind, peer, facts }, { genesis }) {
    if (kind === "start") state.tips[peer] = state.best[peer] = genesis; // a revived peer reads its disk again
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
 * Tips, and for every peer one byte per block of the index.
 *
 * @param {import("./blocks.js").BlockIndex} index kept up to date by whoever owns it, before the fold is asked
 */
export function chainFold(index) {
  return {
    initial: trace => ({ ...tipsFold.initial(trace), has: trace.peers.map(() => new Uint8Array(0)) }),

    apply(state, record, trace) {
      tipsFold.apply(state, record, trace);
      if (record.kind === "start") state.has[record.peer] = withGenesis(index.list.length);
      if (record.kind === "note") learn(state, record, index);
    },

    copy: state => ({ ...tipsFold.copy(state), has: state.has.map(bytes => bytes.slice()) }),
  };
}

function withGenesis(length) {
  const bytes = new Uint8Array(length);
  if (length) bytes[0] = FULL;
  return bytes;
}

function learn(state, { peer, facts }, index) {
  const set = (hash, what) => {
    const order = index.get(hash)?.order;
    if (order === undefined) return;
    if (order >= state.has[peer].length) state.has[peer] = grown(state.has[peer], index.list.length);
    if (what === INVALID || what > state.has[peer][order]) state.has[peer][order] = what;
  };
  const { topic, hash, hashes } = facts;
  if (topic === "chain loaded") hashes.forEach(each => set(each, facts.full ? FULL : HEADER));
  if (topic === "headers accepted") hashes.forEach(each => set(each, HEADER));
  if (topic === "block accepted") set(hash, FULL);
  if (topic === "block invalid") set(hash, INVALID);
  if (topic === "orphan block") set(hash, ORPHAN);
}

function grown(bytes, length) {
  const larger = new Uint8Array(length);
  larger.set(bytes);
  return larger;
}

/** What `peer` has of every block, or when it is null the most that anybody has. O(peers x blocks). */
export function seenBy(state, peer, length) {
  const together = new Uint8Array(length);
  const looked = peer === null ? state.has : [state.has[peer]];
  for (const bytes of looked) {
    for (let order = 0; order < bytes.length; order++) together[order] = Math.max(together[order], bytes[order]);
  }
  return together;
}
