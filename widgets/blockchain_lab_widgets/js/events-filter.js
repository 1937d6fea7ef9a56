// Which records the list of events shows: of a kind, of a peer, with a word in them.
import { KINDS } from "./kinds.js";
import { labelOf } from "./messages-at.js";
import { tellRecord } from "./why-words.js";

const ARRIVALS = ["deliver", "datagram", "drop"];
const OURS = ["message", "selection"]; // of the shared kinds, told otherwise here, or of no use in a list

/** What may be chosen: messages as they arrive or are lost, everything, and the kinds that the bar steps through. */
export const FILTERS = [
  { name: "messages", test: ({ kinds, columns }, row) => ARRIVALS.includes(kinds[columns.kind[row]]) },
  { name: "everything", test: () => true },
  ...KINDS.filter(({ name }) => !OURS.includes(name)).map(({ title, test }) => ({ name: `${title} only`, test: (trace, row) => test(trace, row, null) })),
];

/** "ann → bob" and "block B3, lost"; of what is no message, who and a sentence. */
export function describeLine(trace, record, index) {
  const { facts, kind, peer, other } = record;
  const nameOf = host => trace.peers[host] ?? "?";
  if (facts.command === undefined) {
    const who = peer < 0 ? "network" : nameOf(peer);
    const words = tellRecord(trace, record, index);
    return { who, what: words.startsWith(`${who} `) ? words.slice(who.length + 1) : words };
  }
  const [from, to] = kind === "send" ? [peer, other] : [other, peer];
  const ending = { drop: ", lost", send: ", sent" }[kind] ?? "";
  return { who: `${nameOf(from)} → ${nameOf(to)}`, what: `${labelOf(facts, index)}${ending}${facts.malformed ? ", unreadable" : ""}` };
}

/** All texts of a trace's lines, made when somebody first looks for a word; small letters. */
export class LineTexts {
  #texts = [];
  #epoch = 0;

  constructor(trace, index) {
    Object.assign(this, { trace, index });
  }

  /** The text of a row. */
  of(row) {
    if (this.#epoch !== this.trace.epoch) this.#texts = [];
    this.#epoch = this.trace.epoch;
    this.#texts[row] ??= Object.values(describeLine(this.trace, this.trace.record(row), this.index)).join(" ").toLowerCase();
    return this.#texts[row];
  }
}

/**
 * The rows that a filter, a host and a word let through. O(rows).
 *
 * @param {{test}} filter one of `FILTERS`
 * @param {number} [host] -1 for everybody
 * @param {string} [word] "" for any
 * @param {LineTexts} [texts] where words are looked for
 */
export function filterRows(trace, filter, host = -1, word = "", texts = null) {
  const { peer, other } = trace.columns;
  const wanted = word.trim().toLowerCase();
  const rows = [];
  for (let row = 0; row < trace.length; row++) {
    if (host >= 0 && peer[row] !== host && other[row] !== host) continue;
    if (filter.test(trace, row) && (!wanted || texts.of(row).includes(wanted))) rows.push(row);
  }
  return rows;
}
