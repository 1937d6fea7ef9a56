// Pools and what waits in them, in words: for marks, the line below, the table and who hears it.
import { countOf, formatCount, formatTime } from "./describe.js";
import { nameOfTx } from "./messages-at.js";
import { ANEW, OFF } from "./mempool-history.js";
import { BLOCK_SIZE, rateOf } from "./mempool-layout.js";

const MOST_NAMES = 4;

/** In what a pool is measured: `rate` in full and short, sizes in full and short, fees likewise; what only one can take. */
const BYTES = { rate: "satoshi per virtual byte", perOne: "sat/vB", sizes: "virtual bytes", size: "vB", fees: "satoshi", fee: "sat", claim: "coin" };
const GAS = { rate: "gwei per unit of gas", perOne: "gwei/gas", sizes: "units of gas", size: "gas", fees: "gwei", fee: "gwei", claim: "nonce" };

/** The units of some that wait; of none, those of bytes. */
export const unitsOf = stays => (stays[0]?.isGas ? GAS : BYTES);

/** "Satoshi per virtual byte (vB)", above the pools. */
export function tellUnits({ rate, size }) {
  return `${capital(rate)}${size === "gas" ? "" : ` (${size})`}`;
}

const ENDS = {
  [OFF]: "lost when the peer was switched off", [ANEW]: "lost when the peer started anew", "made room": "made room for others",
  "reorganised": "gone with its branch",
};
const MEANINGS = {
  "conflict": "a block took its CLAIM, or a parent's, otherwise", "replaced": "another one takes its CLAIM and pays more",
  "expired": "it has waited too long", "made room": "the pool was full, and it paid least",
  "reorganised": "its coins are gone with the branch that was left",
};

/** "14.1": a rate, with as many digits as tell something. */
export function formatRate(rate) {
  return rate >= 1000 ? formatCount(Math.round(rate)) : rate.toFixed(rate >= 100 ? 0 : rate >= 10 ? 1 : 2);
}

/** "0.2 %" of a block; "3.4 blocks" */
export function formatShare(size) {
  const share = size / BLOCK_SIZE;
  if (share > 1) return `${share.toFixed(1)} blocks`;
  const percent = 100 * share;
  return `${percent >= 10 ? percent.toFixed(0) : percent >= 0.1 ? percent.toFixed(1) : "less than 0.1"} % of a block`;
}

/** How much of a block some would take; "" for gas, as no note tells how much of it a block has. */
export function tellShare(stays) {
  return stays.length && !stays[0].isGas ? formatShare(sizeOf(stays)) : "";
}

/** "ann, bob and 3 more" */
export function tellPeers(hosts, peers) {
  const names = [...hosts].sort((a, b) => a - b).slice(0, MOST_NAMES).map(host => peers[host]);
  const more = hosts.length - names.length;
  if (more > 0) return `${names.join(", ")} and ${formatCount(more)} more`;
  return names.length > 1 ? `${names.slice(0, -1).join(", ")} and ${names.at(-1)}` : (names[0] ?? "nobody");
}

export const sizeOf = stays => stays.reduce((sum, { size }) => sum + size, 0);

/** "12 wait, 1,692 vB"; `isOn` as in `PoolHistory`. */
export function tellPool(stays, isOn) {
  if (isOn === null) return "not known";
  if (!isOn) return "off";
  return stays.length ? `${formatCount(stays.length)} ${stays.length === 1 ? "waits" : "wait"}, ${formatCount(sizeOf(stays))} ${unitsOf(stays).size}` : "empty";
}

/** "tx 3f2a, 14.1 satoshi per virtual byte, 71 virtual bytes"; of a bundle how many and between which rates. */
export function tellRow({ stays, size }, isRival) {
  const [first] = stays;
  const { rate, sizes, claim } = unitsOf(stays);
  const coin = isRival ? `, another one takes its ${claim}` : "";
  if (stays.length === 1) {
    return `${nameOfTx(first.txid)}, ${formatRate(rateOf(first))} ${rate}, ${formatCount(size)} ${sizes}${coin}`;
  }
  return `${formatCount(stays.length)} transactions, ${tellRates(stays)} ${rate}, ${formatCount(size)} ${sizes}${coin}`;
}

/** "3.10 – 4.00", best last; one number when all pay the same. */
export function tellRates(stays) {
  const [most, least] = [stays[0], stays.at(-1)].map(stay => formatRate(rateOf(stay)));
  return most === least ? most : `${least} – ${most}`;
}

/** "12 tx confirmed in B5", "tx 3f2a replaced" */
export function tellLeaving({ reason, txids }, tip, index) {
  const what = txids.length === 1 ? nameOfTx(txids[0]) : `${formatCount(txids.length)} tx`;
  return `${what} ${tellEnd(reason, tip, index)}`;
}

/** "confirmed in B5"; a block that came with others is only the tip that they led to. */
export function tellEnd(reason, tip, index) {
  if (Object.hasOwn(ENDS, reason)) return ENDS[reason];
  if (!tip || !["confirmed", "conflict"].includes(reason)) return reason;
  const way = { confirmed: ["confirmed in", "confirmed on the way to"], conflict: ["in conflict with", "in conflict on the way to"] }[reason];
  return `${way[tip.connected === 1 ? 0 : 1]} ${index.nameOf(tip.hash)}`;
}

/**
 * Everything about one transaction at the cursor: what it pays, who has it, and where it is not any more, or never was.
 *
 * @returns {string[]} sentences
 */
export function tellTransaction(txid, { history, coins, index, peers, columns, rows }) {
  const known = history.staysOf(txid).filter(({ from }) => from < rows);
  const holders = history.holders(txid, rows);
  const [any] = known;
  const units = unitsOf(known);
  const pays = any ? `${formatCount(any.fee)} ${units.fees} for ${formatCount(any.size)} ${units.size}, ${formatRate(rateOf(any))} for one.` : "";
  const share = history.eyes === null ? ` (${formatCount(holders.length)} of ${formatCount(peers.length)})` : "";
  const who = holders.length ? `Waits at ${tellPeers(holders.map(({ host }) => host), peers)}${share}.`
    : known.length ? "Waits nowhere any more." : "Nobody has accepted it yet.";
  const rivals = coins.rivalsOf(txid).filter(other => history.isHeard(other, rows));
  const rival = rivals.length ? `Takes the same coin as ${rivals.map(nameOfTx).join(", ")}: at most one of them can be confirmed.` : "";
  return [pays, who, rival, ...tellEnds(txid, known, { history, index, peers, columns, rows }), ...tellRefusals(txid, { history, peers, rows })].filter(Boolean);
}

function tellEnds(txid, known, { history, index, peers, columns, rows }) {
  const groups = new Map(); // what became of it -> hosts and the first time
  for (const stay of known) {
    if (stay.to >= rows) continue;
    const what = tellEnd(stay.reason, history.tipBehind({ host: stay.host, row: stay.to }), index);
    if (!groups.has(what)) groups.set(what, { hosts: [], at: Infinity, meaning: Object.hasOwn(MEANINGS, stay.reason) ? MEANINGS[stay.reason].replace("CLAIM", unitsOf([stay]).claim) : "" });
    const group = groups.get(what);
    group.hosts.push(stay.host);
    group.at = Math.min(group.at, columns.at[stay.to]);
  }
  return [...groups].map(([what, { hosts, at, meaning }]) => {
    const from = hosts.length > 1 ? ", from" : " at";
    return `${capital(what)}${from} ${formatTime(at)}${hosts.length > 1 ? " on" : ""}: ${tellPeers(hosts, peers)}${meaning ? ` (${meaning})` : ""}.`;
  });
}

function tellRefusals(txid, { history, peers, rows }) {
  const groups = new Map();
  for (const { host, row, reason } of history.refusalsOf(txid)) {
    if (row >= rows) continue;
    const what = reason === null ? "Came before a parent at" : `Refused (${reason}) by`;
    groups.set(what, (groups.get(what) ?? new Set()).add(host));
  }
  return [...groups].map(([what, hosts]) => `${what} ${tellPeers([...hosts], peers)}.`);
}

const capital = text => text[0].toUpperCase() + text.slice(1);

/** A pool in a sentence, for who does not see it. */
export function tellSummary(name, stays, isOn, rivals) {
  if (isOn === null) return `What waits at ${name} is not known.`;
  if (!isOn) return `${name} is off.`;
  if (!stays.length) return `No transaction waits at ${name}.`;
  const rates = stays.length > 1 ? `from ${formatRate(rateOf(stays[0]))} down to ${formatRate(rateOf(stays.at(-1)))}` : formatRate(rateOf(stays[0]));
  const conflicts = rivals ? ` ${formatCount(rivals)} of them ${rivals === 1 ? "takes" : "take"} a coin that another one takes.` : "";
  return `${[`${countOf(stays.length, "transaction")} at ${name}`, tellShare(stays), `${rates} ${unitsOf(stays).rate}`].filter(Boolean).join(", ")}.${conflicts}`;
}
