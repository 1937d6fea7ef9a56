// What happens on a lane besides messages: starts, kills, timers, blocks found, tips changed, hang-ups, partitions.

/** Records that concern everybody: they have a line through all lanes. */
const EVERYWHERE = ["Partition", "Heal", "SetLink", "SetKnob"];

/** The way in which a record is marked, or null when it is not. */
export function markOf({ kind, facts, peer }) {
  if (kind === "start") return facts.life ? "revive" : "start";
  if (kind === "kill" || kind === "timer" || kind === "connect") return kind;
  if (kind === "hang-up" || kind === "disconnect" || kind === "dial-failed") return "hang-up";
  if (kind === "command" && facts.do === "Mine") return "mine";
  if (kind === "note" && facts.topic === "tip changed") return "tip";
  if (kind === "action" && EVERYWHERE.includes(facts.do)) return "everywhere";
  return kind === "command" && peer >= 0 ? "command" : null;
}

/** Is a record so important that it is shown whatever the reader filters? */
export function isLandmark(record) {
  return ["kill", "revive", "everywhere"].includes(markOf(record));
}

/** What an action that concerns everybody did, in a few words. */
export function tellAction({ do: what, group = [], against = [], knob, value, a, b }) {
  if (what === "Partition") return `cut: ${group.join(", ")} | ${against.length ? against.join(", ") : "the others"}`;
  if (what === "Heal") return "healed";
  return what === "SetKnob" ? `${knob} = ${value}` : `link ${a} – ${b} changed`;
}

const WORDS = { start: "starts", kill: "killed", revive: "starts again", mine: "mines", command: null, "hang-up": "hangs up" };

/** A mark's own label, "" for one that needs none. */
export function labelOfMark({ mark, record }, index) {
  if (mark === "tip") return `tip ${index.nameOf(record.facts.hash)}`;
  if (mark === "command") return record.facts.do;
  if (mark === "hang-up" && record.kind !== "hang-up") return "";
  return WORDS[mark] ?? "";
}

/**
 * The marks of some events, in the order of their records; those of one event and lane stand side by side.
 *
 * @param {{event: number, y: number}[]} stops y in pixels
 * @param {(host: number) => number|undefined} xOf
 * @param {(row: number) => boolean} has is a record shown?
 * @returns {{key: string, row: number, mark: string, record: object, x: number, y: number}[]} x is undefined for "everywhere"
 */
export function placeMarks(trace, stops, xOf, has) {
  const found = [];
  for (const { event, y } of stops) {
    const taken = new Map(); // host -> how many marks it has here
    for (let row = trace.rowsUpTo(event - 1); row < trace.length && trace.columns.event[row] === event; row++) {
      const record = trace.record(row);
      const mark = markOf(record);
      if (mark === null || (!has(row) && !isLandmark(record))) continue;
      const x = xOf(record.peer);
      if (mark !== "everywhere" && x === undefined) continue;
      const place = taken.get(record.peer) ?? 0;
      taken.set(record.peer, place + 1);
      found.push({ key: `mark ${row}`, row, mark, record, x: mark === "everywhere" ? undefined : x + 13 * place, y });
    }
  }
  return found;
}

/** Outlines around (0, 0). */
export const SHAPES = {
  start: "M-3.5 -4.5 4.5 0-3.5 4.5z",
  revive: "M-3.5 -4.5 4.5 0-3.5 4.5z",
  kill: "M-4.5 -4.5 4.5 4.5M4.5 -4.5-4.5 4.5",
  connect: "M-2.5 0a2.5 2.5 0 1 0 5 0a2.5 2.5 0 1 0 -5 0z",
  timer: "M-2.5 0a2.5 2.5 0 1 0 5 0a2.5 2.5 0 1 0 -5 0z",
  "hang-up": "M-4 -3.5v7M4 -3.5v7M-4 0h2.5M4 0h-2.5",
  mine: "M0 -5.5 5.5 0 0 5.5-5.5 0z",
  tip: "M-4.5 -4.5h9v9h-9z",
  command: "M-4.5 0a4.5 4.5 0 1 0 9 0a4.5 4.5 0 1 0 -9 0z",
};
