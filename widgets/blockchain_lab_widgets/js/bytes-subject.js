// What the bytes view shows: which record's message, what was changed on its way, and which part of it is meant.
import { applyFlips } from "./bytes-edits.js";
import { findMessageRow, nameOfTx, rowOfSelection } from "./messages-at.js";

const NO_MESSAGE = "No message yet. Play, or choose one in the network or among the events.";
const ON_THEIR_WAY = "These bytes are still on their way from Python.";

/** The edits of messages in flight, by the record of the sending. */
export class EditLog {
  #trace;
  #rows = 0;
  #epoch = 0;
  #flips = new Map(); // row of the sending -> flips

  constructor(trace) {
    this.#trace = trace;
  }

  /** Read the records that came since. O(new records). */
  update() {
    const { epoch, length, kinds, columns, table } = this.#trace;
    if (epoch !== this.#epoch) {
      this.#flips.clear();
      this.#rows = 0;
    }
    this.#epoch = epoch;
    const action = kinds.indexOf("action");
    for (; this.#rows < length; this.#rows++) {
      const facts = table[columns.facts[this.#rows]];
      if (columns.kind[this.#rows] !== action || facts.do !== "EditMessage") continue;
      this.#flips.set(facts.record, [...(this.#flips.get(facts.record) ?? []), ...facts.flips]);
    }
    return this;
  }

  /** The flips that a sent message underwent, [position, mask] each; null for none. */
  of(send) {
    return this.#flips.get(send) ?? null;
  }
}

/**
 * @typedef {object} Subject
 * @property {number} row -1 when there is nothing to show; then `missing` says why
 * @property {number} send the record of the sending; -1 when none is known, so that it cannot be edited
 * @property {{command, bytes, fields}} message as shown
 * @property {Uint8Array} original the frame as it was sent
 * @property {number[][]|null} flips what was done to it on the way
 * @property {{start, end}|null} part what of it the selection means; null for all
 */

/**
 * The selected message; of a selected block or transaction the message that carries it; else the cursor's latest.
 *
 * @param {Carriers} carriers
 * @param {EditLog} edits
 * @returns {Subject}
 */
export function findSubject(store, carriers, edits, index) {
  const [, kind, hash] = store.selection?.match(/^(block|tx):(.*)$/s) ?? [];
  const carrier = kind ? carriers.find(store.selection) : null;
  if (kind && !carrier) return { row: -1, missing: `No message has carried ${kind === "tx" ? nameOfTx(hash) : `block ${index.nameOf(hash)}`}, so there are no bytes to see.` };
  const row = carrier?.row ?? rowOfSelection(store) ?? findMessageRow(store.trace, store.cursor);
  if (row === null) return { row: -1, missing: NO_MESSAGE };
  return describeRow(store.trace, row, edits, carrier?.part ?? null);
}

function describeRow(trace, row, edits, part) {
  const record = trace.record(row);
  const send = record.kind === "send" ? row : isSend(trace, record.cause) ? record.cause : -1;
  const own = trace.messageOf(row);
  const sent = send < 0 ? own : trace.messageOf(send);
  if (!own || !sent) return { row: -1, missing: ON_THEIR_WAY };
  const flips = edits.of(send);
  const found = { row, send, part, flips, missing: "" };
  if (!flips || row === send) return { ...found, message: own, original: own.bytes };
  return { ...found, message: arrived(sent, own, record.facts, flips), original: sent.bytes };
}

/** A message that its receiver could not read is shown as it arrived, with the fields that it was sent with. */
function arrived(sent, own, { malformed }, flips) {
  if (malformed === undefined && own.bytes.length === sent.bytes.length) return own;
  return { command: sent.command, bytes: applyFlips(sent.bytes, flips), fields: sent.fields };
}

function isSend(trace, row) {
  return row >= 0 && trace.kinds[trace.columns.kind[row]] === "send";
}
