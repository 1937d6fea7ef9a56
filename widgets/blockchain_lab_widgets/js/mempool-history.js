// Who waited in whose pool, from when to when, and why it left: every stay of a trace, read once.
//
// A pool at the cursor is the stays that have begun and not ended by then; so jumping costs nothing, and who else
// has a transaction, and what became of it elsewhere, stands in the same lists.
import { firstIndex } from "./columns.js";
import { sortByRate } from "./mempool-layout.js";

/** Reasons of ours: a pool is in a node's memory and does not survive it. */
export const OFF = "switched off";
export const ANEW = "started anew";

/**
 * @typedef {object} Stay one transaction in one peer's pool
 * @property {string} txid
 * @property {number} host
 * @property {number} fee satoshi; gwei at most, where there is gas
 * @property {number} size virtual bytes; units of gas at most, where there is gas
 * @property {boolean} isGas does it pay for gas? Its rate is then the price of a unit
 * @property {number} from row of the note that it was accepted
 * @property {number} to row of the record that ended it; Infinity when nothing has
 * @property {string} reason of the end, "" without one
 *
 * @typedef {{host: number, row: number, reason: string, txids: string[]}} Leaving those who left one pool together
 * @typedef {{host: number, row: number, reason: string|null}} Refusal null: it came before a parent and waits for that
 */

/** All stays of a trace, past and future; `update` reads the records that came since. */
export class PoolHistory {
  #trace;
  #rows = 0; // how many records have been read
  #epoch;
  #open; // by host: txid -> Stay without an end
  #ranked; // by host: its stays, best payers first; sorted when somebody asks and new ones have come
  eyes = null; // the host that sees no other one's pool: of a transaction only its own stays and refusals are told

  constructor(trace) {
    this.#trace = trace;
    this.#reset();
  }

  #reset() {
    const each = make => this.#trace.peers.map(make);
    this.stays = each(() => []); // by host, in the order of coming
    this.leavings = each(() => []); // by host, oldest first
    this.changes = each(() => []); // by host: rows at which the pool, or whether there is one, changed
    this.lives = each(() => []); // by host: [row, is on]; null: it is on, and nobody sees its pool
    this.byTx = new Map(); // txid -> Stay[]
    this.refusals = new Map(); // txid -> Refusal[]
    this.#open = each(() => new Map());
    this.#ranked = each(() => []);
    this.#rows = 0;
    this.#epoch = this.#trace.epoch;
  }

  /** O(new records); all of them when the future was replaced. */
  update() {
    const trace = this.#trace;
    if (this.#epoch !== trace.epoch || this.stays.length !== trace.peers.length) this.#reset();
    const [note, start, kill] = ["note", "start", "kill"].map(name => trace.kinds.indexOf(name));
    const { kind, peer, facts } = trace.columns;
    for (; this.#rows < trace.length; this.#rows++) {
      const row = this.#rows;
      if (kind[row] === note) this.#learn(peer[row], row, trace.table[facts[row]]);
      else if (kind[row] === start) this.#switch(peer[row], row, trace.table[facts[row]].unknown ? null : true);
      else if (kind[row] === kill) this.#switch(peer[row], row, false);
    }
    return this;
  }

  #learn(host, row, facts) {
    const { topic, txid, reason } = facts;
    if (topic === "transaction accepted") this.#enter(host, row, facts);
    else if (topic === "transactions removed") this.#leave(host, row, facts.txids, reason);
    else if (topic === "transaction refused") push(this.refusals, txid, { host, row, reason });
    else if (topic === "transaction orphaned") push(this.refusals, txid, { host, row, reason: null });
  }

  #enter(host, row, { txid, fee, virtual_size: bytes, gas_price: price }) {
    if (this.#open[host].has(txid)) return; // it waits already
    const size = price ? fee / price : bytes; // who offers nothing for gas does not say how much it wants
    const stay = { txid, host, fee, size, isGas: price !== undefined, from: row, to: Infinity, reason: "" };
    this.#open[host].set(txid, stay);
    this.stays[host].push(stay);
    push(this.byTx, txid, stay);
    this.changes[host].push(row);
  }

  #leave(host, row, txids, reason) {
    const left = txids.filter(txid => this.#open[host].has(txid));
    for (const txid of left) {
      Object.assign(this.#open[host].get(txid), { to: row, reason });
      this.#open[host].delete(txid);
    }
    if (left.length) this.leavings[host].push({ host, row, reason, txids: left });
    this.changes[host].push(row);
  }

  #switch(host, row, isOn) {
    this.lives[host].push([row, isOn]);
    this.#leave(host, row, [...this.#open[host].keys()], isOn ? ANEW : OFF);
  }

  /** Those who wait in a pool after so many records, oldest first, as in the node. O(stays of the host). */
  waiting(host, rows) {
    return this.stays[host].filter(stay => isWaiting(stay, rows));
  }

  /** The same, best payers first. O(stays of the host), once they are sorted. */
  bestWaiting(host, rows) {
    const stays = this.stays[host];
    if (this.#ranked[host].length !== stays.length) this.#ranked[host] = sortByRate(stays);
    return this.#ranked[host].filter(stay => isWaiting(stay, rows));
  }

  /** The stays of one transaction that last after so many records: who has it. */
  holders(txid, rows) {
    return this.staysOf(txid).filter(stay => isWaiting(stay, rows));
  }

  /** A number that stays the same as long as the pool does. O(log changes). */
  versionOf(host, rows) {
    const changes = this.changes[host];
    return firstIndex(changes.length, at => changes[at] >= rows);
  }

  /** Is the peer on after so many records? Null when it is, and nobody knows what waits there. */
  isOn(host, rows) {
    const lives = this.lives[host];
    const at = firstIndex(lives.length, life => lives[life][0] >= rows);
    return at > 0 && lives[at - 1][1];
  }

  /** The last few leavings up to then, newest first. O(log leavings). */
  lastLeft(host, rows, most) {
    const leavings = this.leavings[host];
    const end = firstIndex(leavings.length, at => leavings[at].row >= rows);
    return leavings.slice(Math.max(0, end - most), end).reverse();
  }

  /** Has anybody accepted or refused a transaction by then? */
  isHeard(txid, rows) {
    const isEarlier = row => row < rows;
    return this.staysOf(txid).some(({ from }) => isEarlier(from)) || this.refusalsOf(txid).some(({ row }) => isEarlier(row));
  }

  /** Every stay of a transaction in any pool, past and future. */
  staysOf(txid) {
    return this.#seen(this.byTx.get(txid) ?? []);
  }

  /** Every refusal of a transaction, past and future. */
  refusalsOf(txid) {
    return this.#seen(this.refusals.get(txid) ?? []);
  }

  #seen(list) {
    return this.eyes === null ? list : list.filter(({ host }) => host === this.eyes);
  }

  /** The peer into whose pool most came; the first when nothing ever came into any. */
  busiest() {
    const counts = this.stays.map(({ length }) => length);
    return Math.max(0, counts.indexOf(Math.max(0, ...counts)));
  }

  /**
   * With which block a removal came: the tip that the peer noted in the same event, before it; null for none.
   *
   * @returns {{hash: string, connected: number}|null} `connected`: how many blocks came into the chain with it
   */
  tipBehind({ host, row }) {
    const { columns: { event, peer, facts }, table } = this.#trace;
    for (let at = row - 1; at >= 0 && event[at] === event[row]; at--) {
      const { topic, hash, connected = 1 } = table[facts[at]];
      if (peer[at] === host && topic === "tip changed") return { hash, connected };
    }
    return null;
  }
}

function isWaiting({ from, to }, rows) {
  return from < rows && to >= rows;
}

function push(map, key, value) {
  if (map.has(key)) map.get(key).push(value);
  else map.set(key, [value]);
}
