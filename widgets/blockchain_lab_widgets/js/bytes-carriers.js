// Which message carries a block or a transaction: found by hashing what the messages hold, not by what they are called.
import { displayHash, hash256 } from "./checksum.js";
import { ENVELOPE_SIZE, nestFields } from "./fields.js";

const HEADER_SIZE = 80;

/** The bytes of a transaction that its txid hashes: all but the witnesses and their mark (BIP 144). O(size). */
export function stripWitness(node, bytes) {
  const kept = node.parts.filter(({ name }) => name !== "marker_and_flag" && name !== "witness");
  if (!kept.length || kept.length === node.parts.length) return bytes.subarray(node.start, node.end);
  const size = kept.reduce((sum, { start, end }) => sum + end - start, 0);
  const stripped = new Uint8Array(size);
  let at = 0;
  for (const { start, end } of kept) {
    stripped.set(bytes.subarray(start, end), at);
    at += end - start;
  }
  return stripped;
}

/** A transaction's name, 32 bytes in the order of the wire. */
export function txidOf(node, bytes) {
  return hash256(stripWitness(node, bytes));
}

/** A header's hash, which is its block's name, 32 bytes in the order of the wire. */
export function headerHashOf({ start }, bytes) {
  return hash256(bytes.subarray(start, start + HEADER_SIZE));
}

/** The parts of a message that may be looked at alone: its headers and its transactions. */
export function partsOf(nodes) {
  return nodes.filter(({ name, start }) => start >= ENVELOPE_SIZE && (name === "header" || name === "transaction"));
}

/** Who carries what, for all messages that a trace's table has. Entries of the table never change, so nothing is read twice. */
export class Carriers {
  #trace;
  #read = 0; // messages
  #found = new Map(); // "block:<hash>" | "tx:<txid>" -> {message, part, rank}[]
  #rows = []; // message -> its first row in this future, -1 for none
  #placed = ""; // for which future

  constructor(trace) {
    this.#trace = trace;
  }

  /**
   * The best carrier of a name: a whole block before a header alone, a lone transaction before one in a block.
   * Reads all messages at the first call: O(bytes), some 50 ms a megabyte.
   *
   * @returns {{row, part: {start, end}|null}|null} a record of this future, and where in its frame the thing stands;
   *   no part when the message is nothing else
   */
  find(name) {
    this.#update();
    const carriers = (this.#found.get(name) ?? []).filter(({ message }) => this.#rows[message] >= 0);
    const best = carriers.reduce((one, other) => (other.rank < (one?.rank ?? Infinity) ? other : one), null);
    return best && { row: this.#rows[best.message], part: best.part };
  }

  #update() {
    const { messages } = this.#trace;
    for (; this.#read < messages.length; this.#read++) this.#readMessage(this.#read, messages.get(this.#read));
    this.#place();
  }

  #readMessage(message, { command, bytes, fields }) {
    if (!["block", "headers", "tx"].includes(command)) return;
    for (const node of partsOf(nestFields(fields))) {
      const isHeader = node.name === "header";
      const hash = displayHash(isHeader ? headerHashOf(node, bytes) : txidOf(node, bytes));
      const name = isHeader ? `block:${hash}` : `tx:${hash}`;
      const isWhole = command === (isHeader ? "block" : "tx");
      if (!this.#found.has(name)) this.#found.set(name, []);
      this.#found.get(name).push({ message, part: isWhole ? null : node, rank: isWhole ? 0 : 1 });
    }
  }

  // A message that only another future has is of no use here.
  #place() {
    const { length, epoch, table, columns } = this.#trace;
    if (this.#placed === `${epoch}/${length}`) return;
    this.#placed = `${epoch}/${length}`;
    this.#rows = new Array(this.#trace.messages.length).fill(-1);
    for (let row = length - 1; row >= 0; row--) {
      const { message } = table[columns.facts[row]];
      if (message !== undefined) this.#rows[message] = row;
    }
  }
}
