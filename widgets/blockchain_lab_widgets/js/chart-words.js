// The chart in words: one line of what it hides, a name for those who do not see it, and what each item is.
import { ARRIVED, FLYING, LOST } from "./chart-data.js";
import { countOf, formatCount, formatTime } from "./describe.js";
import { labelOf } from "./messages-at.js";
import { describeSelection } from "./narration.js";
import { tellRecord } from "./why-words.js";

const HOUR = 3_600_000_000; // µs

/** A time that fits the axis: the milliseconds go when hours come. */
export function formatTick(at) {
  return at < HOUR ? formatTime(at) : formatTime(at).replace(/\.\d+$/, "");
}

/** "0.7 s later", "30 s later", "6 min later" */
export function formatWait(gap) {
  const seconds = gap / 1e6;
  const [count, unit] = seconds < 120 ? [seconds, "s"] : seconds < 7200 ? [seconds / 60, "min"] : [seconds / 3600, "h"];
  return `${count.toFixed(seconds < 10 ? 1 : 0)} ${unit} later`;
}

/** "block B3", "inv 1: B4, copy", "ping, 500 ms late" */
export function tellArrow(arrow, trace, index) {
  const text = labelOf(trace.record(arrow.sent).facts, index);
  const late = arrow.late ? `, ${Math.round(arrow.late / 1000)} ms late` : "";
  return `${text}${late}${arrow.isCopy ? ", copy" : ""}${arrow.isEdited ? ", edited" : ""}`;
}

/**
 * @param {object} chart plan, trace, index, cursor, `total` messages that the filters let through, `subject` that they
 *   are restricted to or null, `shown` classes
 * @returns {{short: string, long: string}} for the eye, and as the accessible name of the whole picture
 */
export function tellChart({ plan, trace, index, cursor, total, subject, shown }) {
  const drawn = plan.strong.length;
  const of = drawn < total ? `${formatCount(drawn)} of ${countOf(total, "message")}` : countOf(total, "message");
  const name = subject === null ? "" : describeSelection(subject, trace, index);
  const what = subject === null ? `around event ${formatCount(cursor)}` : subject.startsWith("record:") ? `before and after “${name}”` : `about ${name}`;
  const thin = plan.faint.length ? `${formatCount(plan.faint.length)} thin` : "";
  const missing = plan.hosts.length < trace.peers.length ? `${plan.hosts.length} of ${countOf(trace.peers.length, "lane")}` : "";
  const classes = shown.size < 4 ? (shown.size ? `only ${[...shown].join(", ")}` : "no class chosen") : "";
  const short = [`${of} ${what}`, thin, classes, missing].filter(Boolean).join("; ");
  const seen = plan.stops.filter(({ event }) => event > 0);
  const span = seen.length ? `from ${formatTime(seen[0].at)} to ${formatTime(seen.at(-1).at)}` : "nothing has happened";
  return { short, long: `Space-time chart, ${countOf(plan.hosts.length, "lane")}, ${span}, time not to scale: ${short}` };
}

/** "block B3, bob → ann, sent at 2.300 s, arrived after 65 ms"; `isLong` for a tooltip, with what only a hover shows. */
export function tellItem(each, trace, index, isLong = false) {
  const lines = each.arrow ? tellMessage(each.arrow, trace, index) : [tellRecord(trace, each.record, index), formatTime(each.record.at)];
  if (!isLong) return lines.join(", ");
  const { facts } = each.record ?? trace.record(each.arrow.sent);
  const size = facts.size === undefined ? "" : countOf(facts.size, "byte");
  return [...lines, size, ...(facts.blocks ?? []), ...(facts.txids ?? []), facts.hash ?? ""].filter(Boolean).join("\n");
}

function tellMessage(arrow, trace, index) {
  const { at } = trace.columns;
  const way = `${trace.peers[arrow.from] ?? "?"} → ${trace.peers[arrow.to] ?? "nobody"}`;
  const sent = `sent at ${formatTime(at[arrow.sent])}`;
  if (arrow.fate === FLYING) return [`${tellArrow(arrow, trace, index)}`, way, sent, "still on its way at the end"];
  const took = `${formatCount(Math.round((at[arrow.end] - at[arrow.sent]) / 1000))} ms`;
  return [tellArrow(arrow, trace, index), way, sent, arrow.fate === LOST ? `lost after ${took}` : `takes ${took}`];
}

/** Of the table behind the chart. */
export const COLUMNS = [
  { title: "Sent at", format: formatTime }, { title: "Arrived at", format: formatTime }, "From", "To", "What", "Bytes", "Fate",
];

/** What was sent up to the cursor, as rows of that table. O(messages so far). */
export function listMessages(arrows, passes, { trace, branch, cursor }, index) {
  const { at } = trace.columns;
  const rows = [];
  for (let number = 0; number < arrows.length && arrows.columns.begins[number] <= cursor; number++) {
    if (!passes(number)) continue;
    const arrow = arrows.get(number);
    const isOver = arrow.ends <= cursor;
    const fate = !isOver ? "on its way" : arrow.fate === LOST ? "lost" : "arrived";
    rows.push({ name: `record:${branch}:${isOver ? arrow.end : arrow.sent}`, cells: [
      at[arrow.sent], isOver && arrow.fate === ARRIVED ? at[arrow.end] : null, trace.peers[arrow.from], trace.peers[arrow.to] ?? "nobody",
      tellArrow(arrow, trace, index), trace.record(arrow.sent).facts.size ?? null, fate,
    ] });
  }
  return rows;
}
