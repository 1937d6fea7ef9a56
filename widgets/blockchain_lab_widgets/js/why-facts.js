// Which record stands for a fact: why is ann on B5, how did she get a block, why is a link open?
import { readVote } from "./finality-index.js";
import { nameOfTx } from "./messages-at.js";

const ENDINGS = ["disconnect", "hang-up", "dial-failed"];

/**
 * @typedef {object} Fact
 * @property {string} question "Why is ann on B5?"
 * @property {number} row of the record that answers it; -1 when nothing has happened yet that would
 * @property {string} missing why there is no record, or that it lies behind the cursor; "" when all is well
 */

/**
 * What the reader asks about. Looks back from the cursor: O(rows back).
 *
 * @param {string|null} name of the selection grammar; without one, the cursor's event
 * @param {string|null} eyes the peer with whose eyes a block or a transaction is seen; null for the first who had it
 * @returns {Fact}
 */
export function findFact(store, index, name = store.selection, eyes = null) {
  const [, kind = "", rest = ""] = name?.match(/^(\w+):(.*)$/s) ?? [];
  if (!Object.hasOwn(FINDERS, kind)) return findAtCursor(store);
  return FINDERS[kind]({ store, trace: store.trace, index, rest, eyes });
}

const FINDERS = { record: findRecord, peer: findTip, block: findBlock, tx: findTx, link: findLink, vote: findVote };

function findAtCursor({ trace, cursor }) {
  const row = cursor > 0 ? trace.rowsUpTo(cursor - 1) : -1;
  if (row < 0 || row >= trace.length) return { question: "Why?", row: -1, missing: "Nothing has happened yet. Play, or choose something in any view." };
  return { question: "Why did this happen?", row, missing: "" };
}

function findRecord({ store, trace, rest }) {
  const [branch, row] = rest.split(":").map(Number);
  const question = "Why did this happen?";
  if (branch !== store.branch || !(row < trace.length)) return { question, row: -1, missing: "This record is of another future." };
  const isLater = trace.columns.event[row] > store.cursor;
  return { question, row, missing: isLater ? "At the cursor this has not happened yet." : "" };
}

function findTip({ store, trace, index, rest }) {
  const host = trace.peers.indexOf(rest);
  if (host < 0) return { question: "Why?", row: -1, missing: "Nobody of that name takes part." };
  const about = findBack(store, [host], ({ kind, facts }) =>
    ["tip changed", "chain loaded"].includes(facts.topic) || kind === "kill" || kind === "start");
  if (about < 0) return { question: `Why is ${rest} where it is?`, row: -1, missing: `At the cursor ${rest} has not started yet.` };
  const { kind, facts } = trace.record(about);
  if (kind === "kill") return { question: `Why is ${rest} off?`, row: about, missing: "" };
  const tip = kind === "start" ? "the first block" : index.nameOf(facts.topic === "chain loaded" ? facts.tip : facts.hash);
  return { question: `Why is ${rest} on ${tip}?`, row: about, missing: "" };
}

function findBlock({ store, trace, index, rest, eyes }) {
  const name = index.nameOf(rest);
  if (rest === trace.genesis) return { question: `Who made ${name}?`, row: -1, missing: "Everybody has the first block from the start; nothing led to it." };
  const hasBody = ({ topic, hash, hashes, full }) =>
    (topic === "block accepted" && hash === rest) || (topic === "chain loaded" && full && hashes.includes(rest));
  const hasHeader = ({ topic, hash, hashes }) =>
    ((topic === "headers accepted" || topic === "chain loaded") && hashes.includes(rest)) ||
    ((topic === "orphan block" || topic === "block invalid") && hash === rest);
  return findHad(store, eyes, name, "block", [hasBody, hasHeader]);
}

function findTx({ store, rest, eyes }) {
  const isTaken = ({ topic, txid }) => topic === "transaction accepted" && txid === rest;
  const isBrought = ({ command, txids }) => command === "tx" && txids?.[0] === rest;
  return findHad(store, eyes, nameOfTx(rest), "transaction", [isTaken, isBrought]);
}

/** The first record by which a peer had a thing: by the first of `tests` that any record passes. */
function findHad(store, eyes, name, noun, tests) {
  const { trace, cursor } = store;
  const host = eyes === null ? -1 : trace.peers.indexOf(eyes);
  for (const test of tests) {
    const row = findForward(trace, host, test);
    if (row < 0) continue;
    const who = trace.peers[trace.columns.peer[row]];
    const isLater = trace.columns.event[row] > cursor;
    const what = test === tests[0] ? `${noun} ${name.replace(/^tx /, "")}` : `word of ${name}`;
    return { question: `How did ${who} get ${what}?`, row, missing: isLater ? `At the cursor ${who} does not have it yet.` : "" };
  }
  const nobody = eyes === null ? "Nobody ever has" : `${eyes} never has`;
  return { question: `How did ${eyes ?? "anybody"} get ${name}?`, row: -1, missing: `${nobody} ${name} in this future.` };
}

/** Who said so first: the validator itself, or whoever heard of it. */
function findVote({ store, trace, index, rest }) {
  const { target, validator } = readVote(`vote:${rest}`) ?? {};
  const question = `Why does ${validator} vote for ${index.nameOf(target)}?`;
  const row = ["vote sent", "vote heard"].map(topic => findForward(trace, -1, facts => facts.topic === topic && facts.validator === validator && facts.target === target))
    .find(found => found >= 0) ?? -1;
  if (row < 0) return { question, row, missing: `Nobody has heard ${validator} say so in this future.` };
  return { question, row, missing: trace.columns.event[row] > store.cursor ? "At the cursor nobody has heard of it yet." : "" };
}

function findLink({ store, trace, rest }) {
  const [a, b] = rest.split("-").map(Number);
  const [one, two] = [a, b].map(host => trace.peers[host] ?? "somebody");
  const row = findBack(store, [a, b], ({ kind, other }) =>
    kind === "kill" || ((other === a || other === b) && (kind === "connect" || ENDINGS.includes(kind))));
  if (row < 0) return { question: `Why are ${one} and ${two} not connected?`, row, missing: "At the cursor nobody has connected them yet." };
  const isOpen = trace.record(row).kind === "connect";
  return { question: `Why are ${one} and ${two} ${isOpen ? "" : "not "}connected?`, row, missing: "" };
}

/** The last row up to the cursor that is of one of the hosts and passes a test; -1 for none. */
function findBack({ trace, cursor }, hosts, test) {
  const { peer } = trace.columns;
  let row = trace.rowsUpTo(cursor) - 1;
  while (row >= 0 && !(hosts.includes(peer[row]) && test(trace.record(row)))) row -= 1;
  return row;
}

/** The first row of a host (of anybody when below 0) whose facts pass a test; -1 for none. O(facts + rows). */
function findForward(trace, host, test) {
  const { peer, facts } = trace.columns;
  const fits = Uint8Array.from(trace.table, test);
  for (let row = 0; row < trace.length; row++) if (fits[facts[row]] && (host < 0 || peer[row] === host)) return row;
  return -1;
}
