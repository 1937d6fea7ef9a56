// Who is on, who is connected with whom or dials, and which tip each peer stands on.
import { tipsFold } from "./chain-fold.js";

/** The states of a link. The first that holds of any of a pair's connections, or of the pair, is its state. */
export const PARTED = "parted"; // a partition stands between
export const OPEN = "open"; // at both ends
export const HALF = "half"; // the other end does not know of it yet, or is gone
export const DIALLING = "dialling"; // no answer yet

export const networkFold = {
  initial: trace => ({
    ...tipsFold.initial(trace),
    off: trace.peers.map(() => true), // until a peer's start
    ends: new Map(), // number of an open end -> [peer, other]
    dials: new Map(), // number of an end that waits for its answer -> [peer, other]
    isShared: false, // a copy has the same maps: make our own before changing them
    apart: null, // during a partition: each peer's side, 1 or -1; 0 for those that are not concerned
    linkedAt: -1, // the last row that changed a link: while it stays the same, so do all links
  }),

  apply(state, record, trace) {
    tipsFold.apply(state, record, trace);
    const change = CHANGES[record.kind];
    if (change?.(state, record, trace)) state.linkedAt = record.row;
  },

  copy(state) {
    state.isShared = true;
    return { ...state, ...tipsFold.copy(state), off: state.off.slice() };
  },
};

// What each kind of record does; true when links may have changed.
const CHANGES = {
  start(state, { peer }) {
    state.off[peer] = false;
  },

  kill(state, { peer }) {
    state.off[peer] = true;
    own(state);
    for (const ends of [state.ends, state.dials]) {
      for (const [conn, [owner]] of ends) if (owner === peer) ends.delete(conn);
    }
    return true;
  },

  dial(state, { conn, peer, other }) {
    own(state).dials.set(conn, [peer, other]);
    return true;
  },

  "dial-failed": (state, { conn }) => own(state).dials.delete(conn),

  connect(state, { conn, peer, other }) {
    own(state).dials.delete(conn);
    state.ends.set(conn, [peer, other]);
    return true;
  },

  disconnect: close,
  "hang-up": close,

  action(state, { facts }, trace) {
    if (facts.do === "Partition") state.apart = sidesOf(trace, facts);
    else if (facts.do === "Heal") state.apart = null;
    else return false;
    return true;
  },
};

function close(state, { conn }) {
  own(state).dials.delete(conn); // who loses patience hangs up
  return state.ends.delete(conn) || true;
}

function own(state) {
  if (state.isShared) Object.assign(state, { ends: new Map(state.ends), dials: new Map(state.dials), isShared: false });
  return state;
}

// A partition with one group parts it from everybody else; with two, those in neither keep all their links.
function sidesOf({ peers }, { group, against }) {
  return peers.map(name => (group.includes(name) ? 1 : !against.length || against.includes(name) ? -1 : 0));
}

/** The two ends of a connection have numbers 2n and 2n + 1; they may need more than 32 bits. */
const pairOf = conn => conn - (conn % 2);

/** The name of a pair's link, as in `link:<name>`. */
export const linkName = (a, b) => (a < b ? `${a}-${b}` : `${b}-${a}`);

/**
 * The links to draw: every pair with a connection, or of which one dials the other. Who dials an address that
 * nobody has is linked with nobody.
 *
 * @returns {Map<string, {a: number, b: number, state: string}>} by "a-b", a < b
 */
export function getLinks(state) {
  const open = new Map(); // connection -> how many ends are open
  for (const conn of state.ends.keys()) open.set(pairOf(conn), (open.get(pairOf(conn)) ?? 0) + 1);
  const links = new Map();
  const add = (one, other, found) => {
    if (other < 0) return;
    const [a, b] = one < other ? [one, other] : [other, one];
    const key = linkName(a, b);
    const known = links.get(key)?.state;
    if (known === undefined || found === OPEN) links.set(key, { a, b, state: isParted(state, a, b) ? PARTED : found });
  };
  for (const [conn, [peer, other]] of state.ends) add(peer, other, open.get(pairOf(conn)) === 2 ? OPEN : HALF);
  for (const [peer, other] of state.dials.values()) add(peer, other, DIALLING);
  return links;
}

/** Does a partition stand between two peers? */
export function isParted({ apart }, a, b) {
  return apart !== null && apart[a] * apart[b] < 0;
}

/** With whom each peer is connected, by host number, across a partition too. O(links). */
export function getNeighbours(links, count) {
  const found = Array.from({ length: count }, () => []);
  for (const { a, b, state } of links.values()) {
    if (state !== OPEN && state !== PARTED) continue;
    found[a].push(b);
    found[b].push(a);
  }
  return found;
}
