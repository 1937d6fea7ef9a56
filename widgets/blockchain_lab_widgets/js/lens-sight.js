// What the peer under the lens knows at the cursor, computed once for all views of a lab. Knows no page.
import { BlockIndex } from "./blocks.js";
import { Holding, UNKNOWN, chainFold } from "./chain-fold.js";
import { Folded } from "./fold.js";
import { Homes } from "./homes.js";
import { hostOf } from "./lens.js";
import { knowledgeFold } from "./lens-knowledge.js";
import { OPEN, DIALLING, linkName } from "./network-fold.js";
import { rankTips } from "./palette.js";
import { Standings, countStates } from "./standing.js";

/** The state of a link of which the peer does not know. */
export const UNSEEN = "unseen";

/** How well the peer knows another one; the larger number is better. */
export const NOT_AT_ALL = 0;
export const BY_ADDRESS = 1; // it has heard of the address
export const BY_LINE = 2;
export const ITSELF = 3;

const MEMORY = "lens";

/** The sight of a store, shared by its views; up to date with its cursor. Null without a lens. */
export function sightOf(store) {
  if (hostOf(store) === null) return null;
  return makeSight(store).update();
}

/** How many different local states there are at the cursor, for everybody together. */
export function countLocalStates(store) {
  return makeSight(store).countStates();
}

function makeSight(store) {
  if (!store.memory.has(MEMORY)) store.memory.set(MEMORY, new Sight(store));
  return store.memory.get(MEMORY);
}

/**
 * @property {number} host the peer
 * @property {string} name
 * @property {import("./lens-knowledge.js").Knowledge} knowledge
 * @property {number[]} ways how well it knows each host
 * @property {Map<string, number>} fills tips that it knows of -> index of their colour
 * @property {string} key names this very sight: while it is the same, so is all that the peer knows
 */
export class Sight {
  #folded = null;
  #of = ""; // what #folded was made for
  #actions = 0; // how many records have been looked through for moves
  #epoch = -1;

  constructor(store) {
    const { trace } = store;
    Object.assign(this, { store, trace, index: new BlockIndex(trace), standings: new Standings(trace), key: "" });
    this.chain = new Folded(trace, chainFold(this.index));
  }

  /** How many different local states there are at the cursor. */
  countStates() {
    return countStates(this.standings.at(this.trace.rowsUpTo(this.store.cursor)));
  }

  /** Follow the store. O(records between the last place and this one). */
  update() {
    const { store, trace, index } = this;
    const rows = trace.rowsUpTo(store.cursor);
    const key = `${store.lens}/${trace.epoch}/${rows}/${trace.length}`;
    if (key === this.key) return this;
    index.update();
    this.#findHomes();
    const host = hostOf(store);
    if (this.#of !== store.lens) [this.#of, this.#folded] = [store.lens, new Folded(trace, knowledgeFold(index, host))];
    const knowledge = this.#folded.at(rows);
    Object.assign(this, { key, host, name: store.lens, rows, knowledge });
    this.ways = this.#findWays();
    this.fills = knowledge.off ? new Map() : rankTips(knowledge.tips, hash => index.look(hash));
    return this;
  }

  // Who lives where is known from actions of all times: read once.
  #findHomes() {
    const { trace } = this;
    if (this.#epoch !== trace.epoch) [this.homes, this.#actions, this.#epoch] = [new Homes(trace), 0, trace.epoch];
    const action = trace.kinds.indexOf("action");
    const { kind } = trace.columns;
    for (; this.#actions < trace.length; this.#actions++) {
      if (kind[this.#actions] === action) this.homes.follow(this.#actions, trace.record(this.#actions).facts);
    }
  }

  #findWays() {
    const { host, knowledge: { off, lines, dials, heard }, trace, homes, rows } = this;
    const ways = trace.peers.map(() => NOT_AT_ALL);
    if (off) return ways;
    for (const address of heard) ways[homes.ownerOf(address, rows)] = BY_ADDRESS;
    for (const other of dials.values()) ways[other] = BY_ADDRESS;
    for (const other of lines.values()) ways[other] = BY_LINE;
    ways[host] = ITSELF;
    delete ways[-1]; // nobody's address
    return ways;
  }

  /** Is it the peer itself, or one of which it has heard? */
  isKnown(peer) {
    return this.ways[peer] > NOT_AT_ALL;
  }

  /** The tip of a peer as far as this one knows, null when it was never told; its own, too. */
  tipOf(peer) {
    return this.ways[peer] >= BY_LINE ? this.knowledge.tips[peer] : null;
  }

  /** How many peers it knows, itself included. */
  get met() {
    return this.ways.filter(way => way > NOT_AT_ALL).length;
  }

  /** How many blocks it knows anything of, and how many there are anywhere. */
  countBlocks() {
    const { of, all } = this.chain.at(this.rows);
    return { known: of[this.host].known, all: all.known };
  }

  /** A state of `chainFold` as the peer knows it: its own, and of the others the tips that they have told it of. */
  dress(state) {
    const { host, knowledge: { tips, best }, ways } = this;
    const nothing = new Holding();
    return { ...state, tips, best, off: ways.map(way => way < BY_LINE), of: state.of.map((own, peer) => (peer === host ? own : nothing)) };
  }

  /** Has it a block, its header, or at least heard its name? */
  knowsBlock(hash) {
    const order = this.index.get(hash)?.order;
    const { of } = this.chain.at(this.rows);
    return (order !== undefined && of[this.host].of(order) !== UNKNOWN) || this.knowledge.tips.includes(hash);
  }

  /** Has it seen what a record tells: did it do it, or has it reached it by now? */
  knowsRow(row) {
    const { trace, host } = this;
    const { peer, other, kind } = trace.columns;
    if (row >= this.rows) return false;
    const what = trace.kinds[kind[row]];
    if (peer[row] === host) return what !== "drop" && what !== "kill"; // what is lost on the way reaches nobody
    return what === "send" && other[row] === host && this.#hasArrived(row);
  }

  // O(rows between the sending and the cursor).
  #hasArrived(sent) {
    const { kinds, columns: { cause, kind } } = this.trace;
    const arrivals = ["deliver", "datagram"].map(name => kinds.indexOf(name));
    for (let row = sent + 1; row < this.rows; row++) if (cause[row] === sent && arrivals.includes(kind[row])) return true;
    return false;
  }
}

/** The links of a network as the peer knows them: its own as its own end is, all others unseen. */
export function linksAsSeen({ host, knowledge }, links) {
  const own = new Map(); // "a-b" -> state of its end
  for (const other of knowledge.dials.values()) if (other >= 0) own.set(linkName(host, other), DIALLING);
  for (const other of knowledge.lines.values()) if (other >= 0) own.set(linkName(host, other), OPEN);
  return new Map([...links].map(([key, link]) => [key, { ...link, state: own.get(key) ?? UNSEEN }]));
}
