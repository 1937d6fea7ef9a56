// Kinds of event that a reader steps through: what he looks for when single steps are too many.
import { readAddress, showAddress } from "./address-book-groups.js";
import { formatCount } from "./describe.js";

/** @typedef {(trace: Trace, row: number, selection: string|null) => boolean} Test is a record of this kind? */

const isOneOf = (...names) => ({ kinds, columns }, row) => names.includes(kinds[columns.kind[row]]);
const isMessage = isOneOf("deliver", "datagram");
const isNote = isOneOf("note");
const factsOf = ({ table, columns }, row) => table[columns.facts[row]];
const isNoteOn = (...topics) => (trace, row) => isNote(trace, row) && topics.includes(factsOf(trace, row).topic);
const isTipChange = isNoteOn("tip changed");
const isTransactionNote = isNoteOn("transaction accepted");

/** @type {{name: string, title: string, test: Test}[]} in the order in which a list offers them */
export const KINDS = [
  { name: "message", title: "message", test: isMessage },
  { name: "block", title: "block", test: isNoteOn("block accepted", "block invalid", "orphan block") },
  { name: "tip", title: "tip change", test: isTipChange },
  {
    name: "reorganisation", title: "reorganisation",
    test: (trace, row) => isTipChange(trace, row) && factsOf(trace, row).disconnected > 0,
  },
  {
    name: "transaction", title: "transaction",
    test: (trace, row) => isTransactionNote(trace, row)
      || (isMessage(trace, row) && factsOf(trace, row).command === "tx"),
  },
  {
    name: "checkpoint", title: "checkpoint",
    test: isNoteOn("checkpoint reached", "checkpoint justified", "checkpoint finalised", "finality conflict", "slashed"),
  },
  { name: "connection", title: "connection", test: isOneOf("connect", "dial-failed", "disconnect", "hang-up") },
  { name: "loss", title: "loss", test: isOneOf("drop") },
  { name: "action", title: "action", test: isOneOf("action", "command", "kill") },
  { name: "selection", title: "about the selection", test: isAbout },
];

/** What a record must be to concern a selected thing: `kind:rest` -> (trace, row, rest). */
const CONCERNS = {
  peer: (trace, row, name) => concernsHost(trace, row, trace.peers.indexOf(name)),
  group: (trace, row, hosts) => hosts.split(",").some(host => concernsHost(trace, row, Number(host))),
  link: (trace, row, ends) => {
    const [a, b] = ends.split("-").map(Number);
    return concernsHost(trace, row, a) && concernsHost(trace, row, b);
  },
  record: (trace, row, name) => {
    const chosen = Number(name.split(":")[1]);
    const { cause } = trace.columns;
    return row === chosen || cause[row] === chosen || cause[chosen] === row;
  },
  block: (trace, row, hash) => {
    const { hash: own, blocks, hashes } = factsOf(trace, row);
    return own === hash || Boolean(blocks?.includes(hash) || hashes?.includes(hash));
  },
  address: (trace, row, text) => {
    const { address, remote, from, to, inside, outside } = factsOf(trace, row);
    const isIt = value => value === text || (readAddress(value) !== null && showAddress(value) === text);
    return [address, remote, from, to, inside, outside].some(isIt);
  },
  vote: (trace, row, name) => {
    const { target, validator } = factsOf(trace, row);
    return `${target}:${validator}` === name;
  },
  validator: (trace, row, name) => {
    const { validator, proposer, forward } = factsOf(trace, row);
    return validator === name || proposer === name || Boolean(forward?.includes?.(name));
  },
  tx: (trace, row, txid) => {
    const { txid: own, txids } = factsOf(trace, row);
    return own === txid || Boolean(txids?.includes(txid));
  },
};

function concernsHost({ columns }, row, host) {
  return host >= 0 && (columns.peer[row] === host || columns.other[row] === host);
}

/** Does a record concern the selected thing? Of a selected record: it, its cause and what it caused. */
export function isAbout(trace, row, selection) {
  const [, kind, rest] = selection?.match(/^(\w+):(.*)$/s) ?? [];
  return Boolean(kind && Object.hasOwn(CONCERNS, kind) && CONCERNS[kind](trace, row, rest));
}

/**
 * The nearest event of a kind after `cursor`, or before it when `direction` is -1; null when there is none.
 * O(records in between).
 */
export function findEvent({ trace, cursor, selection }, name, direction) {
  const { test } = KINDS.find(kind => kind.name === name);
  const { event } = trace.columns;
  const isFound = row => test(trace, row, selection);
  if (direction > 0) {
    for (let row = trace.rowsUpTo(cursor); row < trace.length; row++) if (isFound(row)) return event[row];
  } else {
    for (let row = trace.rowsUpTo(cursor - 1) - 1; row >= 0; row--) if (isFound(row)) return event[row];
  }
  return null;
}

/** "There is no reorganisation after event 120." */
export function describeMiss({ cursor, selection }, name, direction) {
  if (name === "selection" && !selection) return "Nothing is selected.";
  const { title } = KINDS.find(kind => kind.name === name);
  const what = name === "selection" ? "event about the selection" : title;
  return `There is no ${what} ${direction > 0 ? "after" : "before"} event ${formatCount(cursor)}.`;
}
