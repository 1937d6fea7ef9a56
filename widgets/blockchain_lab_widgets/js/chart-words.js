// The chart in words: one line of what it hides, a name for those who do not see it, and what each item is.
import { FLYING, LOST } from "./chart-data.js";
import { tellArrow } from "./chart-plan.js";
import { countOf, formatCount, formatTime } from "./describe.js";
import { describeSelection } from "./narration.js";
import { tellRecord } from "./why-words.js";

/**
 * @param {object} chart plan, trace, index, cursor, `total` messages that the filters let through, `subject` that they
 *   are restricted to or null, `shown` classes, `hidden` lanes
 * @returns {{short: string, long: string}} for the eye, and as the accessible name of the whole picture
 */
export function tellChart({ plan, trace, index, cursor, total, subject, shown, hidden }) {
  const drawn = plan.strong.length;
  const of = drawn < total ? `${formatCount(drawn)} of ${countOf(total, "message")}` : countOf(total, "message");
  const name = subject === null ? "" : describeSelection(subject, trace, index);
  const what = subject === null ? `around event ${formatCount(cursor)}` : subject.startsWith("record:") ? `before and after “${name}”` : `about ${name}`;
  const thin = plan.faint.length ? `${formatCount(plan.faint.length)} thin` : "";
  const lanes = trace.peers.length - plan.hosts.length;
  const missing = lanes ? `${countOf(lanes, "lane")} hidden${lanes > hidden.size ? ", they have nothing here" : ""}` : "";
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
