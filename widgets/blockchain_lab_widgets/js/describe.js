// What a record or an event is, in a few plain words. Pure; for labels, tooltips and screen readers.
import { labelOf } from "./messages-at.js";

const NUMBER = new Intl.NumberFormat("en-GB");

/** A count as people write it: 4,500. */
export function formatCount(count) {
  return NUMBER.format(count);
}

/** "1 block", "4,500 blocks" */
export function countOf(count, noun) {
  return `${formatCount(count)} ${noun}${count === 1 ? "" : "s"}`;
}

/** Simulated time: "2.300 s", and "1:02:03.300" from an hour on. */
export function formatTime(microseconds) {
  const seconds = microseconds / 1e6;
  if (seconds < 3600) return `${seconds.toFixed(3)} s`;
  const pad = (number, digits) => number.toFixed(digits).padStart(digits ? 3 + digits : 2, "0");
  return `${Math.floor(seconds / 3600)}:${pad(Math.floor(seconds / 60) % 60, 0)}:${pad(seconds % 60, 3)}`;
}

const SENTENCES = {
  start: ({ me }) => `${me} starts`,
  connect: ({ me, you, facts }) => (facts.inbound ? `${you} is connected to ${me}` : `${me} is connected to ${you}`),
  "dial-failed": ({ me, facts }) => `${me} cannot reach ${facts.remote}: ${facts.reason}`,
  deliver: ({ me, what }) => `${what} reaches ${me}`,
  datagram: ({ me, what }) => `${what} reaches ${me}`,
  timer: ({ me, facts }) => `timer ${facts.timer} of ${me}`,
  disconnect: ({ me, you, facts }) => `${me} lost ${you}: ${facts.reason}`,
  command: ({ me, facts }) => `${me} is told: ${facts.do}`,
  kill: ({ me, facts }) => `${me} is killed: ${facts.reason}`,
  send: ({ me, you, what }) => `${me} sends ${what} to ${you}`,
  drop: ({ me, what }) => `${what} to ${me} is lost`,
  dial: ({ me, facts }) => `${me} dials ${facts.remote}`,
  "hang-up": ({ me, you, facts }) => `${me} hangs up on ${you}: ${facts.reason}`,
  note: ({ me, facts }) => `${me}: ${facts.topic}`,
  action: ({ facts }) => facts.do,
};

/** "headers 151 reaches bob"; with a `BlockIndex`, "block B3 reaches bob" */
export function describeRecord(trace, { kind, peer, other, facts }, index = null) {
  const nameOf = host => trace.peers[host] ?? "somebody";
  const what = index ? labelOf(facts, index) : (facts.label ?? "a control packet");
  return SENTENCES[kind]({ me: nameOf(peer), you: nameOf(other), facts, what });
}

/** An event is described by its first record, which is what triggered it. "" before the first event. */
export function describeEvent(trace, event, index = null) {
  const row = trace.rowsUpTo(event - 1);
  return event > 0 && row < trace.length ? describeRecord(trace, trace.record(row), index) : "";
}

/** "event 41 of 180, 2.300 s" */
export function describePlace({ trace, cursor, clock }) {
  return `event ${formatCount(cursor)} of ${formatCount(trace.lastEvent)}, ${formatTime(clock)}`;
}

/** "event 41 of 180, 2.300 s, block B3 reaches bob": all that the bar shows, in words. */
export function describeCursor(store, index = null) {
  return [describePlace(store), describeEvent(store.trace, store.cursor, index)].filter(Boolean).join(", ");
}
