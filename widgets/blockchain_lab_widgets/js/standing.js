// How each peer stands at the cursor: chain, lines, pool, items, finality, traffic. Python's `study.standing`, in the page.
//
//     const standings = new Standings(store.trace);                    once per view
//     const peers = standings.at(store.trace.rowsUpTo(store.cursor));  by host number: peers[0].height, peers[0].pool.size
//     countStates(peers)                                               how many different local states
//
// A step forward costs the records between; a jump at most some hundred records of a usual run. What `at` gives belongs
// to the fold: read it before you ask for another place, and change nothing. To keep a peer, copy the fields you want.
import { BranchEpochs } from "./branch-epochs.js";
import { Folded } from "./fold.js";
import { HeldNames } from "./held-names.js";

/**
 * @typedef {object} Standing one peer; counters go on through its lives, the rest is of the life that it lives now
 * @property {string} name
 * @property {boolean} isOn
 * @property {boolean} isKnown false of a program that is no node of ours: nobody sees what it holds
 * @property {string|null} tip hash as shown; null while it is off, or without a chain of blocks
 * @property {number|null} height
 * @property {Map<number, number>} lines its open ends -> host number of the other side, -1 for nobody's
 * @property {HeldNames} pool txids that wait, oldest first
 * @property {HeldNames} items names of gossiped items, on its disk too
 * @property {number|null} justified epoch, on the branch to its tip; null without Casper
 * @property {number|null} finalised
 * @property {number} sent messages
 * @property {number} received messages
 * @property {number} bytesSent envelopes included
 * @property {number} bytesReceived
 * @property {number} faults of its own, that others have noted
 */

const OFF = { isOn: false, tip: null, height: null, justified: null, finalised: null };

function start(name) {
  return {
    name, ...OFF, isKnown: true, lines: new Map(), pool: new HeldNames(), items: new HeldNames(),
    sent: 0, received: 0, bytesSent: 0, bytesReceived: 0, faults: 0,
  };
}

/** A new fold for one trace: it remembers of blocks what is true of them at any time. */
export function standingFold() {
  const epochs = new BranchEpochs();
  return {
    initial: ({ peers, addresses }) => ({
      peers: peers.map(start),
      own: new Uint8Array(peers.length).fill(1), // 0: a copy has the same object, make our own before changing it
      hosts: new Map(addresses.flatMap((address, host) => [[ipOf(address), host], [address, host]])), // replaced when changed
      hasCasper: false,
      epochs,
    }),

    apply(state, record, trace) {
      if (record.kind === "action") move(state, record.facts, trace);
      if (record.peer >= 0) CHANGES[record.kind]?.(state, record, trace);
    },

    copy(state) {
      state.own.fill(0);
      return { ...state, peers: state.peers.slice(), own: new Uint8Array(state.own.length) };
    },
  };
}

/** A peer, to be changed: lines are replaced, the names know themselves whether they are shared. */
function change(state, host) {
  if (!state.own[host]) {
    const { pool, items, ...rest } = state.peers[host];
    state.peers[host] = { ...rest, pool: pool.copy(), items: items.copy() };
    state.own[host] = 1;
  }
  return state.peers[host];
}

// --- records -------------------------------------------------------------------------------------------------

const CHANGES = {
  note(state, { peer, facts }, trace) {
    if (Object.hasOwn(NOTES, facts.topic)) NOTES[facts.topic](state, peer, facts, trace);
  },

  send(state, { peer, facts }) {
    const sender = change(state, peer);
    sender.sent += 1;
    sender.bytesSent += facts.size ?? 0;
  },

  deliver: receive,
  datagram: receive,

  connect(state, { peer, conn, other }) {
    const end = change(state, peer);
    end.lines = new Map(end.lines).set(conn, other);
  },

  disconnect: close,
  "hang-up": close,

  start(state, { peer, facts }, { genesis, items }) {
    const born = change(state, peer);
    Object.assign(born, { isOn: true, isKnown: !facts.unknown });
    if (genesis !== null && !facts.unknown) Object.assign(born, { tip: genesis, height: 0 });
    if (!facts.life) born.items = new HeldNames(items[peer]);
  },

  kill(state, { peer }) {
    Object.assign(change(state, peer), OFF, { lines: new Map(), pool: new HeldNames() });
  },
};

function receive(state, { peer, facts }) {
  const receiver = change(state, peer);
  receiver.received += 1;
  receiver.bytesReceived += facts.size ?? 0;
}

function close(state, { peer, conn }) {
  const { lines } = state.peers[peer];
  if (lines.has(conn)) change(state, peer).lines = new Map([...lines].filter(([end]) => end !== conn));
}

const NOTES = {
  "chain loaded"(state, host, { full = true, tip, height }) {
    if (full) Object.assign(change(state, host), { tip, height });
  },
  "block accepted"({ epochs }, host, { hash, parent }) {
    epochs.accept(hash, parent);
  },
  "tip changed"(state, host, { hash, height }) {
    Object.assign(change(state, host), { tip: hash, height });
    settle(state, host);
  },
  "finality loaded"(state, host) {
    state.hasCasper = true;
    Object.assign(change(state, host), { justified: 0, finalised: 0 }); // the genesis
  },
  "checkpoint justified"(state, host, { by, epoch }) {
    state.epochs.tell("justified", by, epoch);
    settle(state, host);
  },
  "checkpoint finalised"(state, host, { by, epoch }) {
    state.epochs.tell("finalised", by, epoch);
    settle(state, host);
  },
  "transaction accepted"(state, host, { txid }) {
    change(state, host).pool.add(txid);
  },
  "transactions removed"(state, host, { txids }) {
    const { pool } = change(state, host);
    for (const txid of txids) pool.delete(txid);
  },
  "item learned"(state, host, { item }) {
    change(state, host).items.add(item);
  },
  "peer misbehaved"(state, host, facts, { peers }) {
    const blamed = "conn" in facts ? state.peers[host].lines.get(facts.conn) : findHost(state, peers, facts.from);
    if (blamed >= 0) change(state, blamed).faults += 1;
  },
};

// What is justified and final is true of a branch, so it is read off the one to the peer's tip.
function settle(state, host) {
  if (state.hasCasper) Object.assign(change(state, host), state.epochs.at(state.peers[host].tip));
}

// --- who is blamed -------------------------------------------------------------------------------------------

/** "10.0.0.1" of "10.0.0.1:8333", "::1" of "[::1]:8333"; an address without a port is as it is. */
function ipOf(address) {
  return address.replace(/^\[(.*)\]:\d+$/, "$1").replace(/^([^:]*):\d+$/, "$1");
}

const show = ([ip, port]) => (String(ip).includes(":") ? `[${ip}]:${port}` : `${ip}:${port}`);

/** The blamed one is named by its name, or by an address as a text or a pair. */
function findHost({ hosts }, names, who) {
  const address = Array.isArray(who) ? show(who) : String(who);
  const host = names.indexOf(address);
  return host >= 0 ? host : (hosts.get(address) ?? hosts.get(ipOf(address)));
}

// Who has a new address is still the same peer to those who blame it.
function move(state, { peer, address }, { peers }) {
  const host = peers.indexOf(peer);
  if (host >= 0 && Array.isArray(address)) state.hosts = new Map(state.hosts).set(show(address), host).set(String(address[0]), host);
}

// --- asking --------------------------------------------------------------------------------------------------

/** All peers at any place of a trace. */
export class Standings {
  #folded;

  constructor(trace) {
    this.#folded = new Folded(trace, standingFold());
  }

  /** @returns {Standing[]} after so many records, by host number */
  at(rows) {
    return this.#folded.at(rows).peers;
  }
}

/**
 * What a peer holds, as a text: tip, waiting transactions, items, epochs; not its name, its lines or its counters.
 * Equal for two peers when their local states are equal. O(1).
 */
export function stateOf({ tip, pool, items, justified, finalised }) {
  return [tip, pool.size, pool.sign, items.size, items.sign, justified, finalised].join("/");
}

/** How many different local states there are among the peers that are on, those of which nobody knows it left out. */
export function countStates(standings) {
  return new Set(standings.filter(({ isOn, isKnown }) => isOn && isKnown).map(stateOf)).size;
}
