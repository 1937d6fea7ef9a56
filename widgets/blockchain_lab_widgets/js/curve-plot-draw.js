// The parts of a plot that stand around its lines: axes, the time's own line, marks, and names at the lines' ends.
import { LETTER } from "./curve-frame.js";
import { placeLabels, shorten, valueAt } from "./curve-lines.js";
import { setAttributes, setText, svg } from "./dom.js";

const LINE = 14; // pixels from name to name
const AWAY = 10; // from a line's end to its name
const SAMPLE = 16; // pixels of the line that stands before its name
const MOST_LETTERS = 26;

/** Axes with round numbers and their units; made anew each time, for there are few. */
export function drawAxes(group, frame, { y, cursor, marks }) {
  const { x, y: high, left, right, top, bottom, width, times, values } = frame;
  const parts = [];
  for (const { value, text } of values.ticks) {
    const level = Math.round(high(value)) + 0.5;
    parts.push(svg("line", { class: "bl-plot-grid", x1: left, x2: right, y1: level, y2: level }));
    parts.push(svg("text", { x: left - 6, y: level + 4, "text-anchor": "end" }, text));
  }
  for (const { value, text } of times.ticks) {
    const at = Math.round(x(value)) + 0.5;
    parts.push(svg("line", { class: "bl-plot-grid", x1: at, x2: at, y1: top, y2: bottom + 4 }));
    if (at + text.length * LETTER / 2 < right + 8) parts.push(svg("text", { x: at, y: bottom + 16, "text-anchor": "middle" }, text));
  }
  parts.push(svg("text", { x: Math.min(width - 2, right + 12), y: bottom + 16, class: "bl-plot-unit" }, times.unit.name));
  parts.push(svg("text", { x: 2, y: 12, class: "bl-plot-unit" }, values.unit.name ? `${y.title} (${values.unit.name})` : y.title));
  parts.push(svg("path", { class: "bl-plot-axis", d: `M${left + 0.5} ${top}V${bottom + 0.5}H${right}` }));
  parts.push(...drawMarks(marks, frame));
  if (cursor !== null) parts.push(svg("line", { class: "bl-plot-clock", x1: x(cursor), x2: x(cursor), y1: top - 4, y2: bottom }));
  group.replaceChildren(...parts);
}

/** Moments with their names: to the right, else to the left, else without, where they would touch the next. */
function drawMarks(marks, frame) {
  const places = marks.map(mark => ({ ...mark, x: frame.x(mark.at) })).sort((a, b) => a.x - b.x);
  let taken = -Infinity; // up to where names stand
  return places.map(({ x, label, colour }, i) => {
    const room = label.length * LETTER + 9;
    const fitsRight = x + room < Math.min(frame.width, places[i + 1]?.x ?? Infinity) && x > taken;
    const fitsLeft = x - room > Math.max(0, taken, places[i - 1]?.x ?? 0);
    if (fitsRight) taken = x + room;
    return drawMark(x, { label: fitsRight || fitsLeft || places.length === 1 ? label : "", colour, isLeft: !fitsRight }, frame);
  });
}

function drawMark(at, { label, colour = "--bl-edge", isLeft }, { top, bottom, width }) {
  const room = Math.floor((isLeft ? at : width - at) / LETTER) - 2;
  return svg("g", { class: "bl-plot-mark", style: `--bl-own: var(${colour})` },
    svg("line", { x1: at, x2: at, y1: top - 2, y2: bottom }), svg("path", { d: `M${at - 5} ${top - 9}h10l-5 7z` }),
    svg("text", { x: at + (isLeft ? -9 : 9), y: top - 2, "text-anchor": isLeft ? "end" : "start" }, shorten(label, room)));
}

/** Names beside the ends of the lines, in the colour's company: none covers another. */
export function drawLabels(marks, series, end, frame) {
  const ends = series.map(each => lastOf(each, end));
  const shown = series.map((_, i) => i).filter(i => ends[i] !== null);
  const left = Math.min(frame.x(end) + AWAY, frame.right + AWAY);
  const heights = placeLabels(shown.map(i => frame.y(ends[i][1])), LINE, frame.top + 4, frame.bottom - 4);
  marks.forEach(made => setAttributes(made, { visibility: "hidden" }));
  shown.forEach((i, at) => {
    const made = marks[i];
    const [, , lead, name] = made.children;
    const [box, sample, text] = name.children;
    const letters = Math.max(4, Math.min(MOST_LETTERS, Math.floor((frame.width - left - SAMPLE - 8) / LETTER)));
    const from = [frame.x(ends[i][0]), frame.y(ends[i][1])];
    setAttributes(made, { visibility: null });
    setText(text, shorten(series[i].label, letters));
    setAttributes(text, { x: left + SAMPLE + 4, y: heights[at] + 4 });
    setAttributes(sample, { d: `M${left} ${heights[at]}h${SAMPLE}` });
    setAttributes(box, { x: left - 3, y: heights[at] - LINE / 2, width: SAMPLE + text.textContent.length * LETTER + 10, height: LINE });
    setAttributes(lead, { d: `M${from[0]} ${from[1]}H${Math.max(from[0], left - AWAY)}L${left - 3} ${heights[at]}` });
    if (text.textContent !== series[i].label && !series[i].tip) setAttributes(made, { "data-tip": series[i].label });
  });
}

/** Where a line ends: [µs, value]; null when it has not begun. */
function lastOf(series, end) {
  const { points, shape = "step" } = series;
  const value = valueAt({ points, shape: "step" }, end);
  if (value === null) return null;
  const last = points.findLast(([at]) => at <= end);
  return shape === "step" ? [end, value] : last;
}
