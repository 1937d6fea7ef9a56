// Who has which id, what every peer of a structured overlay heard and noted, who looks up what and who keeps what: a trace, read once.
import { firstIndex } from "./columns.js";
import { BITS, readId, readIds } from "./dht-ids.js";
import { HOUSEKEEPING, beginLookup, followLookup } from "./dht-lookups.js";
import { tableFold } from "./dht-table.js";
import { Folded } from "./fold.js";

/** What an overlay is. */
export const TREE = "tree"; // Kademlia
export const RING = "ring"; // Chord

const ANSWERS = new Set(["node-pong", "found-nodes", "found-value", "stored", "providers"]);
const MESSAGES = new Set([...ANSWERS, "node-ping", "find-node", "find-value", "store", "add-provider", "ask-provider"]);
const TABLE_TOPICS = { "contact added": "added", "contact removed": "removed", "contact waits": "waits", "contact forgotten": "forgotten", "contact checked": "checked", "contact silent": "silent" };
const MOST_FOLDS = 4; // tables whose copies are kept at hand
const EVERY = 64; // steps between two copies of a table

/**
 * @typedef {{host, id, shape: string, bits: number, address: string, from: number, to: number, joined: number}} Home a peer's id,
 *   from its start to its end, and the row at which it had joined
 * @typedef {{key: string, host: number, id: string|null, from: number, to: number, source: string}} Kept a value; with an id, who provides something
 */
export class DhtHistory {
  #trace;
  #rows = 0;
  #epoch;
  #open; // by host: {home, lookups by number, kept}
  #ids; // by host: the last id
  #heard; // by host: the step of the last message, while it may turn out to be nonsense
  #orders; // by host: {event, name} of the last command that names a target
  #folds = new Map(); // host -> Folded, used last stands last

  constructor(trace) {
    this.#trace = trace;
    this.#reset();
  }

  #reset() {
    const each = make => this.#trace.peers.map(make);
    this.homes = []; // Home[], oldest first
    this.lookups = []; // Lookup[], oldest first
    this.kept = []; // Kept[], oldest first
    this.steps = each(() => []); // by host: of its table
    this.rings = each(() => []); // by host: {row, predecessor, successors, fingers}
    this.names = new Map(); // id -> what somebody called it
    this.hosts = new Map(); // id -> the host that had it last
    this.changes = []; // rows at which anything happened that all see
    this.#open = each(() => ({ home: null, lookups: new Map(), kept: new Map() }));
    this.#ids = each(() => null);
    this.#heard = each(() => null);
    this.#orders = each(() => null);
    this.#folds.clear();
    this.#rows = 0;
    this.#epoch = this.#trace.epoch;
  }

  /** O(new records); all of them when the future was replaced. */
  update() {
    const trace = this.#trace;
    if (this.#epoch !== trace.epoch || this.steps.length !== trace.peers.length) this.#reset();
    const { kind, facts } = trace.columns;
    for (; this.#rows < trace.length; this.#rows++) {
      const row = this.#rows;
      const name = trace.kinds[kind[row]];
      if (name === "note" ? Object.hasOwn(NOTES, trace.table[facts[row]].topic) : Object.hasOwn(KINDS, name)) this.#read(name, trace.record(row));
    }
    return this;
  }

  #read(name, record) {
    const { peer: host, row, event, facts } = record;
    if (name === "datagram") this.#hear(record);
    else if (name === "command") this.#orders[host] = { event, name: facts.key ?? facts.target };
    else if (name === "start" || name === "kill") this.#stop(host, row);
    else NOTES[facts.topic].call(this, host, row, facts, event);
  }

  #hear({ peer: host, other, row, event, facts: { command, malformed, from } }) {
    if (malformed || !MESSAGES.has(command)) return;
    const id = this.#ids[other]; // it may have been switched off since
    if (!id || !this.#open[host].home) return;
    this.#heard[host] = { row, event, what: "heard", id, address: from, isAnswer: ANSWERS.has(command) };
    this.steps[host].push(this.#heard[host]);
  }

  #stop(host, row) {
    const { home, lookups, kept } = this.#open[host];
    if (!home) return;
    for (const ended of [home, ...lookups.values(), ...kept.values()]) ended.to = row;
    this.#open[host] = { home: null, lookups: new Map(), kept: new Map() };
    this.steps[host].push({ row, what: "stop" });
    if (home.shape === RING) this.rings[host].push({ row, predecessor: null, successors: [], fingers: [] });
    this.changes.push(row);
  }

  begin(host, row, { id: name, address, k, spares = 0, m }) {
    const id = readId(name);
    if (!id) return;
    this.#stop(host, row);
    const shape = Number.isInteger(m) ? RING : TREE;
    const home = { host, id, shape, bits: shape === RING ? m : BITS, address, from: row, to: Infinity, joined: Infinity };
    this.#open[host].home = home;
    this.#ids[host] = id;
    this.homes.push(home);
    this.hosts.set(id, host);
    if (shape === TREE) this.steps[host].push({ row, what: "start", k: k ?? 0, most: spares });
    this.changes.push(row);
  }

  join(host, row) {
    if (this.#open[host].home) this.#open[host].home.joined = row;
    this.changes.push(row);
  }

  step(host, row, { topic, bucket, id: name, address, k, spares }) {
    const id = readId(name);
    if (topic === "bucket limits") this.steps[host].push({ row, what: "limits", k, most: spares });
    else if (topic === "bucket changed") this.steps[host].push({ row, what: "split", prefix: bucket });
    else if (id) this.steps[host].push({ row, what: TABLE_TOPICS[topic], id, address });
  }

  /** What was just heard was nonsense: nobody has spoken. */
  misbehaved(host, row, facts, event) {
    if (this.#heard[host]?.event === event) this.steps[host].splice(this.steps[host].lastIndexOf(this.#heard[host]), 1);
  }

  lookUp(host, row, facts, event) {
    const { lookups } = this.#open[host];
    this.changes.push(row);
    if (facts.topic !== "lookup started") {
      if (lookups.has(facts.lookup)) followLookup(lookups.get(facts.lookup), row, facts);
      if (facts.topic === "lookup finished") lookups.delete(facts.lookup);
      return;
    }
    const made = beginLookup(host, row, facts);
    if (!made) return;
    lookups.set(facts.lookup, made);
    this.lookups.push(made);
    const order = this.#orders[host];
    const isOrdered = order?.event === event && typeof order.name === "string" && !HOUSEKEEPING.has(facts.purpose);
    if (isOrdered && readId(order.name) !== made.target) this.names.set(made.target, order.name);
  }

  keep(host, row, { topic, key: name, id: provider = null, from: source = "" }) {
    const [key, id] = [readId(name), provider === null ? null : readId(provider)];
    if (!key) return;
    const place = `${key} ${id ?? ""}`;
    const { kept } = this.#open[host];
    const before = kept.get(place);
    this.changes.push(row);
    if (topic.endsWith(" stored")) {
      if (before) return;
      const made = { key, host, id, from: row, to: Infinity, source };
      kept.set(place, made);
      this.kept.push(made);
    } else if (before) {
      before.to = row;
      kept.delete(place);
    }
  }

  turn(host, row, { predecessor, successors, fingers }) {
    const places = Array.isArray(fingers) ? fingers.filter(Array.isArray).map(([index, id]) => ({ index, id: readId(id) })).filter(({ id }) => id) : [];
    this.rings[host].push({ row, predecessor: readId(predecessor), successors: readIds(successors), fingers: places });
    this.changes.push(row);
  }

  // --- at the cursor -----------------------------------------------------------------------------------------

  /** Who has an id after so many records. O(homes). */
  homesAt(rows) {
    return this.homes.filter(({ from, to }) => from < rows && to >= rows);
  }

  /** The last home of a host that began before so many records, on or off; null for none. */
  homeOf(host, rows) {
    return this.homes.findLast(home => home.host === host && home.from < rows) ?? null;
  }

  /** A peer's routing table after so many records; null when it is off, or has none. */
  tableOf(host, rows) {
    const steps = this.steps[host];
    const fold = this.#folds.get(host) ?? new Folded({ epoch: 0, cutAt: 0, record: at => steps[at] }, tableFold, EVERY);
    this.#folds.delete(host);
    this.#folds.set(host, fold);
    if (this.#folds.size > MOST_FOLDS) this.#folds.delete(this.#folds.keys().next().value);
    const table = fold.at(firstIndex(steps.length, at => steps[at].row >= rows));
    return table.buckets.length ? table : null;
  }

  /** What a peer knows of its ring; null when it is off, or knows nothing. */
  ringOf(host, rows) {
    const rings = this.rings[host];
    const at = firstIndex(rings.length, index => rings[index].row >= rows);
    return at ? rings[at - 1] : null;
  }

  /** Key -> Kept[] after so many records, in the order in which keys came. */
  keysAt(rows) {
    const keys = new Map();
    for (const kept of this.kept) {
      if (kept.from >= rows || kept.to < rows) continue;
      if (!keys.has(kept.key)) keys.set(kept.key, []);
      keys.get(kept.key).push(kept);
    }
    return keys;
  }

  /** The lookup that began last and was ordered, or serves values; else the last that joins; else any; null for none. O(lookups). */
  latestLookup(rows, host = -1) {
    const fits = lookup => lookup.from < rows && (host < 0 || lookup.host === host);
    const find = test => this.lookups.findLast(lookup => fits(lookup) && test(lookup.purpose));
    return find(purpose => !HOUSEKEEPING.has(purpose)) ?? find(purpose => purpose === "join") ?? find(() => true) ?? null;
  }

  /** A number that stays the same as long as a picture of this peer does. O(log changes). */
  versionOf(host, rows) {
    const steps = this.steps[host] ?? [];
    return `${firstIndex(this.changes.length, at => this.changes[at] >= rows)}/${firstIndex(steps.length, at => steps[at].row >= rows)}`;
  }
}

const { begin, join, step, misbehaved, lookUp, keep, turn } = DhtHistory.prototype;
const KINDS = { datagram: true, command: true, start: true, kill: true };
const NOTES = {
  "node started": begin, joined: join, "bucket changed": step, "bucket limits": step, "peer misbehaved": misbehaved, "ring changed": turn,
  ...Object.fromEntries(Object.keys(TABLE_TOPICS).map(topic => [topic, step])),
  ...Object.fromEntries(["started", "asked", "answered", "silent", "finished"].map(what => [`lookup ${what}`, lookUp])),
  ...Object.fromEntries(["value stored", "value expired", "value dropped", "provider stored", "provider expired"].map(topic => [topic, keep])),
};
