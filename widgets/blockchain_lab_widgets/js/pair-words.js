// How two runs differ, in words. Pure.
import { tellAction } from "./why-words.js";
import { countOf, formatCount, formatTime } from "./describe.js";
import { showValue } from "./knob-values.js";

/** What can differ in the end: title, and what one more of it is. Fields of `blockchain_lab/study/standing.py`. */
export const OUTCOMES = {
  is_on: "running",
  tip: "tip",
  height: "height",
  justified: "justified epoch",
  finalised: "final epoch",
  pool: "mempool",
  items: "items",
  lines: "connections",
  faults: "faults",
  messages_sent: "messages sent",
  messages_received: "messages received",
  bytes_sent: "bytes sent",
  bytes_received: "bytes received",
};

/** "jitter: A 20 ms, B 0": one difference between two set-ups; `knobs` are the story's. */
export function nameOfPath(path, knobs) {
  const knob = knobs.find(each => each.path === path);
  if (path === "action") return "done live";
  return knob ? `${knob.name} (${path})` : path;
}

/** One side of a difference: "20 ms", "not set", "at 6.214 s a message is taken out of flight". */
export function tellValue(value, path, knobs) {
  if (value === null) return path === "action" ? "nothing" : "not set";
  if (typeof value === "object") return `at ${formatTime(value.at)} ${tellAction(value.action)}`;
  if (typeof value === "string") return value;
  return showValue(value, knobs.find(each => each.path === path)?.unit ?? "");
}

/** The set-up in one sentence, for the line over both runs. */
export function tellSetUp({ setUp }, knobs) {
  if (!setUp.length) return "The set-up is the same.";
  const [{ path, a, b }] = setUp;
  const values = [a, b].map((value, side) => `${"AB"[side]} ${tellValue(value, path, knobs)}`);
  const told = path === "action" && (a === null || b === null)
    ? `Only in ${a === null ? "B" : "A"}, ${tellValue(a ?? b, path, knobs)}`
    : `${nameOfPath(path, knobs)}: ${values.join(", ")}`;
  return `${told}.${setUp.length > 1 ? ` And ${countOf(setUp.length - 1, "other difference")}.` : ""}`;
}

/** "First difference at 0.101 s: eve." */
export function tellFirst({ divergences, until }) {
  const [first] = divergences;
  if (!first) return `No record differs up to ${formatTime(until)}.`;
  return `First difference at ${formatTime(first.at)}: ${first.peer || "the network"}.`;
}

/** "3 of 6 reached" */
export function tellReached(count, peers) {
  return `${formatCount(count)} of ${formatCount(peers)} reached`;
}

/** What is in a cell of the table of outcomes. `nameOf` names a block. */
export function tellOutcome(field, value, nameOf) {
  if (value === null) return "none";
  if (field === "tip") return `${nameOf(value)} ${value.slice(0, 8)}…`;
  if (field === "is_on") return value ? "on" : "off";
  return value;
}

/** How B's value differs from A's: "same", "+3", "another block", "2 only in A, 1 only in B". */
export function tellChange(field, [a, b, onlyA, onlyB]) {
  if (onlyA !== undefined) return tellContents(onlyA, onlyB);
  if (a === b) return "same";
  if (field === "tip" && a !== null && b !== null) return "another block";
  if (typeof a !== "number" || typeof b !== "number") return "changed";
  return b > a ? `+${formatCount(b - a)}` : `−${formatCount(a - b)}`;
}

function tellContents(onlyA, onlyB) {
  const parts = [onlyA && `${formatCount(onlyA)} only in A`, onlyB && `${formatCount(onlyB)} only in B`].filter(Boolean);
  return parts.length ? parts.join(", ") : "same";
}
