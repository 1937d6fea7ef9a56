// What a selection is about: a record's causes and consequences, a peer's messages, a block's and what they triggered.
import { getCauses } from "./causes.js";
import { Columns } from "./columns.js";

/** The row that `record:<branch>:<row>` names on this branch, or -1. */
export function rowOf(name, branch) {
  const [, on, row] = name?.match(/^record:(\d+):(\d+)$/) ?? [];
  return row === undefined || Number(on) !== branch ? -1 : Number(row);
}

/** What a record's consequences came from: a note only tells what its event did, so it stands for that event. */
function getRoot({ columns, kinds, length }, row) {
  return row >= 0 && row < length && kinds[columns.kind[row]] === "note" && columns.cause[row] >= 0 ? columns.cause[row] : row;
}

/** The host numbers that "peer:ann", "link:2-5" or "group:1,2,3" names; null for any other name. */
export function hostsOf(name, peers) {
  const [, kind, rest] = name?.match(/^(peer|link|group):(.*)$/s) ?? [];
  if (kind === "peer") return new Set([peers.indexOf(rest)]);
  return kind ? new Set(rest.split(kind === "link" ? "-" : ",").map(Number)) : null;
}

/** Does a record's facts speak of a block, or of a transaction? */
function speaksOf(facts, kind, hash) {
  if (kind === "block") return facts.hash === hash || Boolean(facts.blocks?.includes(hash) || facts.hashes?.includes(hash));
  return facts.txid === hash || Boolean(facts.txids?.includes(hash));
}

/**
 * The records that belong to a name of the selection grammar. Grows with its trace: O(new records).
 *
 * `record`: its causes back to the origin, and all that it triggered (of a note: all that its event triggered). `block`, `tx`: the messages and notes about
 * it, and what they triggered. `peer`: what it sends, gets and notes. `link`, `group`: what passes between them.
 */
export class Cone {
  #epoch;
  #chain = new Set();
  #row = -1;
  #root = -1;
  #hosts = null;
  #about = null; // [kind, hash]
  #speaks = []; // by facts: do they speak of it?

  constructor(trace, name, branch) {
    Object.assign(this, { trace, name, branch });
    this.#reset();
  }

  #reset() {
    const { trace, name, branch } = this;
    this.#epoch = trace.epoch;
    this.members = new Columns({ is: Uint8Array });
    this.#row = rowOf(name, branch);
    this.#root = getRoot(trace, this.#row);
    this.chain = this.#row < trace.length ? getCauses(trace, this.#row) : [];
    this.#chain = new Set(this.chain);
    this.#hosts = hostsOf(name, trace.peers);
    this.#about = name.match(/^(block|tx):(.*)$/s)?.slice(1) ?? null;
    this.#speaks = [];
  }

  /** Does the name stand for anything on this branch? */
  get isEmpty() {
    return !this.#about && !this.#hosts && !this.chain.length;
  }

  update() {
    if (this.#epoch !== this.trace.epoch) this.#reset();
    const { members, trace } = this;
    if (this.#row >= 0 && !this.chain.length) this.#reset(); // its record has come meanwhile
    members.reserve(trace.length - members.length);
    const { cause } = trace.columns;
    for (let row = members.length; row < trace.length; row++) {
      members.is[row] = this.#begins(row) || (!this.#hosts && this.#inherits(cause[row])) ? 1 : 0;
      members.length += 1;
    }
    return this;
  }

  // A cause is always an earlier row, so one pass forward finds all that something triggered.
  #inherits(cause) {
    return cause >= 0 && this.members.is[cause] === 1 && (this.#row < 0 || cause >= this.#root);
  }

  #begins(row) {
    if (this.#row >= 0) return this.#chain.has(row) || row === this.#root;
    const { peer, other, facts } = this.trace.columns;
    if (this.#hosts) return this.#concerns(peer[row], other[row]);
    if (!this.#about) return false; // a record of another branch
    const entry = facts[row];
    return (this.#speaks[entry] ??= speaksOf(this.trace.table[entry], ...this.#about));
  }

  #concerns(peer, other) {
    const hosts = this.#hosts;
    return this.name.startsWith("peer:") ? hosts.has(peer) || hosts.has(other) : hosts.has(peer) && hosts.has(other);
  }

  /** Does a record belong to it? `update()` must have seen it. */
  has(row) {
    return row >= 0 && row < this.members.length && this.members.is[row] === 1;
  }
}

/** Is an arrow what a name stands for? For lighting up: no causes, no consequences. */
export function isNamed(trace, name, branch, arrow) {
  if (!name) return false;
  const row = rowOf(name, branch);
  if (row >= 0) return arrow.sent === row || arrow.end === row;
  const hosts = hostsOf(name, trace.peers);
  if (hosts) return name.startsWith("peer:") ? hosts.has(arrow.from) || hosts.has(arrow.to) : hosts.has(arrow.from) && hosts.has(arrow.to);
  const [, kind, hash] = name.match(/^(block|tx):(.*)$/s) ?? [];
  return kind ? speaksOf(trace.table[trace.columns.facts[arrow.sent]], kind, hash) : false;
}
