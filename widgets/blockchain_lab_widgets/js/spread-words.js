// A propagation in words: for the line under the picture, its table, its marks' names.
import { countOf, formatCount, formatTime } from "./describe.js";
import { nameOfTx } from "./messages-at.js";
import { findPercentiles } from "./spread-model.js";

const MOST_NAMES = 4;

/** "B3" or "tx 3f2a" */
export function nameOfSubject(name, index) {
  const id = name.slice(name.indexOf(":") + 1);
  return name.startsWith("block:") ? index.nameOf(id) : nameOfTx(id);
}

/** "50 % after 0.824 s · 90 % after 1.731 s · all 6 after 2.002 s" */
export function tellPercentiles(spread, peers) {
  const all = peers - spread.before.length - spread.unknown.length;
  return findPercentiles(spread, peers).map(({ share, wait }) => {
    const who = share === 1 ? (all === 1 ? "the one" : `all ${formatCount(all)}`) : `${share * 100} %`;
    return wait === null ? `${who} never` : `${who} after ${formatTime(wait)}`;
  }).join(" · ");
}

function names(hosts, peers) {
  const shown = hosts.slice(0, MOST_NAMES).map(host => peers[host]).join(", ");
  return hosts.length > MOST_NAMES ? `${shown} and ${formatCount(hosts.length - MOST_NAMES)} more` : shown;
}

/** What was said or sent for nothing, and who was left out; sentences. */
export function tellRest({ words, again, before, headersOnly, never, unknown }, peers) {
  const unused = words.filter(({ isUsed }) => !isUsed).length;
  return [
    `${countOf(unused, "announcement")} of ${formatCount(words.length)} not used.`,
    again.length ? `Brought ${formatCount(again.length)} ${again.length === 1 ? "time" : "times"} to somebody who had it.` : "",
    before.length ? `From before: ${names(before, peers)}.` : "",
    headersOnly.length ? `Only the header: ${names(headersOnly.map(({ host }) => host), peers)}.` : "",
    never.length ? `Never heard of it: ${names(never, peers)}.` : "",
    unknown.length ? `Not known: ${names(unknown, peers)}.` : "",
  ].filter(Boolean).join(" ");
}

/** "bob, 0.770 s after the first: has it from ann at 3.918 s"; it begins with the words in the picture. */
export function tellReceipt({ host, from, at }, { start }, peers) {
  const way = from < 0 ? "made it" : `has it from ${peers[from]}`;
  return `${peers[host]}${at > start ? `, ${formatTime(at - start)} after the first:` : ""} ${way} at ${formatTime(at)}`;
}
