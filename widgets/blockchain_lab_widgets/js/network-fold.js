// Who is on, who is connected with whom, and which tip each peer stands on.
import { tipsFold } from "./chain-fold.js";

export const networkFold = {
  initial: trace => ({
    ...tipsFold.initial(trace),
    off: trace.peers.map(() => true), // until a peer's start
    ends: new Map(), // number of an open end -> [peer, other]
    apart: null, // during a partition: each peer's side, 1 or -1; 0 for those that are not concerned
  }),

  apply(state, record, trace) {
    tipsFold.apply(state, record, trace);
    const { kind, peer, other, conn, facts } = record;
    if (kind === "start") state.off[peer] = false;
    if (kind === "kill") switchOff(state, peer);
    if (kind === "connect") state.ends.set(conn, [peer, other]);
    if (kind === "disconnect" || kind === "hang-up") state.ends.delete(conn);
    if (kind === "action" && facts.do === "Partition") state.apart = sidesOf(trace, facts);
    if (kind === "action" && facts.do === "Heal") state.apart = null;
  },

  copy: state => ({ ...tipsFold.copy(state), off: state.off.slice(), ends: new Map(state.ends), apart: state.apart }),
};

function switchOff(state, peer) {
  state.off[peer] = true;
  for (const [conn, [owner]] of state.ends) if (owner === peer) state.ends.delete(conn);
}

// A partition with one group parts it from everybody else; with two, those in neither keep all their links.
function sidesOf({ peers }, { group, against }) {
  return peers.map(name => (group.includes(name) ? 1 : !against.length || against.includes(name) ? -1 : 0));
}

/** The two ends of a connection have numbers 2n and 2n + 1; they may need more than 32 bits. */
const pairOf = conn => conn - (conn % 2);

/**
 * The links to draw: every pair with a connection, reachable when both ends are open and no partition parts them.
 *
 * @returns {Map<string, {a: number, b: number, reachable: boolean}>} by "a-b", a < b
 */
export function getLinks(state) {
  const open = new Map(); // connection -> how many ends are open
  for (const conn of state.ends.keys()) open.set(pairOf(conn), (open.get(pairOf(conn)) ?? 0) + 1);
  const links = new Map();
  for (const [conn, [peer, other]] of state.ends) {
    const [a, b] = peer < other ? [peer, other] : [other, peer];
    const key = `${a}-${b}`;
    const reachable = open.get(pairOf(conn)) === 2 && !isParted(state, a, b);
    links.set(key, { a, b, reachable: reachable || (links.get(key)?.reachable ?? false) });
  }
  return links;
}

/** Does a partition stand between two peers? */
function isParted({ apart }, a, b) {
  return apart !== null && apart[a] * apart[b] < 0;
}

/** With how many others a peer has a connection. */
export function countNeighbours(links, peer) {
  let count = 0;
  for (const { a, b } of links.values()) if (a === peer || b === peer) count += 1;
  return count;
}
