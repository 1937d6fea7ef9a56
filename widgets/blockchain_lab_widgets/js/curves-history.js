// All series of a run, folded from its records once: Python's `study.curves`, in the page.
//
// What a peer holds is read off the fold of standing.js record by record, as `follow` does. Everything is kept with
// the row that brought it, so a jump of the cursor folds nothing anew: it cuts.
import { SeriesGroup } from "./curves-series.js";
import { standingFold } from "./standing.js";

/** Topic -> what a peer has from now on: the fact that names it, and the kind of thing. */
const LEARNING = {
  "block accepted": ["hash", "block"],
  "transaction accepted": ["txid", "tx"],
  "item learned": ["item", "item"],
};
const IN_LINE = ["piece wanted", "piece given"]; // notes that say how many wait at their peer now
const ANSWERS = { pong: "ping", "alive-answer": "alive-ask" }; // both carry the same nonce
const ASKS = Object.values(ANSWERS);
const READ = {
  heights: peer => peer.height,
  justified: peer => peer.justified,
  finalised: peer => peer.finalised,
  pools: peer => (peer.isOn ? peer.pool.size : 0),
};

/**
 * @typedef {object} Thing a block, a transaction or an item that spread
 * @property {string} name "block:<hash>", "tx:<txid>", "item:<name>"
 * @property {"block"|"tx"|"item"} kind
 * @property {{row: number, at: number, host: number}[]} learned who had it when, each peer's first time, earliest first
 */

/** @property {Map<string, Thing>} things by their name, in the order of appearance */
export class CurvesHistory {
  #rows = 0;
  #epoch;
  #fold;
  #state;
  #open; // pings without an answer: key -> µs
  #holders; // thing -> hosts

  constructor(trace) {
    this.trace = trace;
    this.#reset();
  }

  #reset() {
    const names = [...Object.keys(READ), "trips", "queues"];
    this.groups = { ...Object.fromEntries(names.map(name => [name, new SeriesGroup()])), bytes: new SeriesGroup(false) };
    this.things = new Map();
    this.#open = new Map();
    this.#holders = new Map();
    this.#fold = standingFold();
    this.#state = this.#fold.initial(this.trace);
    this.#rows = 0;
    this.#epoch = this.trace.epoch;
  }

  /** Read the records that came since; all of them when the future was replaced. O(new records). */
  update() {
    const { trace } = this;
    if (this.#epoch !== trace.epoch || this.#state.peers.length !== trace.peers.length) this.#reset();
    for (; this.#rows < trace.length; this.#rows++) this.#read(trace.record(this.#rows));
    return this;
  }

  #read(record) {
    const { kind, peer, row, at, facts } = record;
    this.#fold.apply(this.#state, record, this.trace);
    if (peer < 0) return;
    const standing = this.#state.peers[peer];
    for (const [name, read] of Object.entries(READ)) this.groups[name].change(peer, row, at, read(standing));
    if (kind === "note") this.#note(record);
    else if (kind === "kill" && this.groups.queues.byName.has(peer)) this.groups.queues.change(peer, row, at, 0);
    else if (kind === "send") this.#send(record);
    else if ((kind === "deliver" || kind === "datagram") && facts.nonce !== undefined) this.#answer(record);
  }

  #note(record) {
    const { peer, row, at, facts } = record;
    if (IN_LINE.includes(facts.topic) && Number.isInteger(facts.waiting)) this.groups.queues.change(peer, row, at, facts.waiting);
    else this.#learn(record);
  }

  #learn({ peer: host, row, at, facts }) {
    const [fact, kind] = Object.hasOwn(LEARNING, facts.topic) ? LEARNING[facts.topic] : [];
    if (typeof facts[fact] !== "string") return;
    const name = `${kind}:${facts[fact]}`;
    if (!this.things.has(name)) {
      this.things.set(name, { name, kind, learned: [] });
      this.#holders.set(name, new Set());
    }
    if (this.#holders.get(name).has(host)) return;
    this.#holders.get(name).add(host);
    this.things.get(name).learned.push({ row, at, host });
  }

  #send({ peer, conn, row, at, facts }) {
    if (facts.size === undefined) return; // a control packet
    const name = facts.counted ?? facts.class;
    this.groups.bytes.push(name, row, at, (this.groups.bytes.byName.get(name)?.last ?? 0) + facts.size);
    if (facts.nonce !== undefined && ASKS.includes(facts.command)) this.#open.set(`${peer} ${conn} ${facts.command} ${facts.nonce}`, at);
  }

  #answer({ peer, other, conn, row, at, facts }) {
    const key = `${peer} ${conn} ${ANSWERS[facts.command]} ${facts.nonce}`;
    if (!this.#open.has(key)) return;
    this.groups.trips.push(`${peer} ${other}`, row, at, at - this.#open.get(key));
    this.#open.delete(key);
  }
}

/** How many peers have a thing after so many records: [µs, count]. */
export function coverageOf({ learned }, rows) {
  const points = [];
  for (const { row, at } of learned) {
    if (row >= rows) break;
    if (points.at(-1)?.[0] === at) points.at(-1)[1] += 1;
    else points.push([at, (points.at(-1)?.[1] ?? 0) + 1]);
  }
  return points;
}

/**
 * How long it took until a percentage of all peers had a thing, from the first one on: µs; null while they do not.
 *
 * @param {number} peers in the network
 */
export function waitFor({ learned }, percent, peers, rows) {
  const wanted = learned[Math.ceil(peers * percent / 100) - 1];
  return wanted && wanted.row < rows ? wanted.at - learned[0].at : null;
}
