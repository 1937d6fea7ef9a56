// What one peer knows at the cursor, told by its own records alone: its lines, the addresses it has heard of, and what
// others have told it of their chains. What it holds itself (blocks, pool, book) stands in the folds of those views.
import { readAddress, showAddress } from "./address-book-groups.js";
import { tipsFold } from "./chain-fold.js";

/** Messages by which somebody says that it has a block. Who asks for one, or names a place in its chain, does not. */
const TELLINGS = ["inv", "headers", "cmpctblock", "block", "head", "proposal", "branch"];
/** Notes of what such a message has told, for a message that names more blocks than a record lists. */
const TOLD = ["headers accepted", "block accepted"];
/** Notes by which a peer remembers an address, and forgets it. */
const HEARD = [
  "address added", "contact added", "contact waits", "peer introduced", "peer met", "peer appeared", "successor changed",
  "predecessor changed",
];
const FORGOTTEN = ["address removed", "contact removed", "contact forgotten", "peer dropped"];

/**
 * @typedef {object} Knowledge
 * @property {boolean} off it knows nothing
 * @property {boolean} isHidden it is a program whose inside nobody sees
 * @property {(string|null)[]} tips by host: its own tip, and of the others the best block that they have told it of
 * @property {(string|null)[]} best its own best header; null for the others
 * @property {Map<number, number>} lines its open ends -> host number of the other side, -1 for nobody's
 * @property {Map<number, number>} dials its ends that wait for an answer -> host number
 * @property {Set<string>} heard addresses that it remembers, as "ip:port"
 */

/** @param {import("./blocks.js").BlockIndex} index kept up to date by whoever owns it, before the fold is asked */
export function knowledgeFold(index, host) {
  return {
    initial: trace => ({
      off: true, isHidden: false, ...nothing(trace, host), tips: ownOf(trace, host), best: ownOf(trace, host),
    }),

    apply(state, record, trace) {
      if (record.peer !== host) return; // of others it knows what reached it
      tipsFold.apply(state, record, trace);
      CHANGES[record.kind]?.(state, record, { trace, host, index });
    },

    copy: state => ({
      ...state, tips: state.tips.slice(), best: state.best.slice(),
      lines: new Map(state.lines), dials: new Map(state.dials), heard: new Set(state.heard),
    }),
  };
}

const ownOf = ({ peers, genesis }, host) => peers.map((_, peer) => (peer === host ? genesis : null));

/** Whom its settings name it knows from the start. */
function nothing({ links, addresses }, host) {
  const named = links.filter(([dialler]) => dialler === host).map(([, dialled]) => addresses[dialled]);
  return { lines: new Map(), dials: new Map(), heard: new Set(named.filter(Boolean)) };
}

const CHANGES = {
  start(state, { facts }, { trace, host }) {
    Object.assign(state, nothing(trace, host), { off: false, isHidden: facts.unknown === true });
  },

  kill(state, record, { trace, host }) {
    Object.assign(state, nothing(trace, host), { off: true, tips: state.tips.map((tip, peer) => (peer === host ? tip : null)) });
  },

  dial(state, { conn, other }) {
    state.dials.set(conn, other);
  },

  "dial-failed": (state, { conn }) => state.dials.delete(conn),

  connect(state, { conn, other }) {
    state.dials.delete(conn);
    state.lines.set(conn, other);
  },

  disconnect: close,
  "hang-up": close,

  deliver(state, { other, facts }, { index }) {
    if (TELLINGS.includes(facts.command)) tell(state, other, facts.blocks?.at(-1), index);
  },

  datagram(state, { facts }) {
    if (typeof facts.from === "string") state.heard.add(facts.from);
  },

  note(state, { facts, cause }, { trace, index }) {
    const { topic } = facts;
    if (HEARD.includes(topic)) state.heard.add(readPlace(facts.address));
    else if (FORGOTTEN.includes(topic)) state.heard.delete(readPlace(facts.address));
    else if (topic === "addresses loaded") for (const entry of facts.addresses) state.heard.add(readPlace(entry));
    else if (TOLD.includes(topic)) tell(state, tellerOf(trace, cause), facts.hash ?? facts.hashes.at(-1), index);
    state.heard.delete(null); // a learner's node may say anything
  },
};

function close(state, { conn, other }) {
  state.dials.delete(conn); // who loses patience hangs up
  state.lines.delete(conn);
  if (![...state.lines.values()].includes(other)) state.tips[other] = null; // what it told was told on this line
}

// Somebody says that it has a block; of all that it has said, the best is where it may stand.
function tell(state, other, hash, index) {
  if (hash === undefined || !(other >= 0) || ![...state.lines.values()].includes(other)) return;
  const before = state.tips[other];
  if (before === null || index.isMore(hash, before)) state.tips[other] = hash;
}

/** The host whose message a record was caused by; -1 for none. */
function tellerOf({ columns, kinds }, row) {
  return row >= 0 && kinds[columns.kind[row]] === "deliver" ? columns.other[row] : -1;
}

/** "ip:port" of an address as notes have it: a text, or a pair and more; null for anything else. */
function readPlace(address) {
  if (typeof address === "string") return address;
  const place = readAddress(address);
  return place && showAddress(place);
}
