// The drawing of download lanes: where lanes and bars go, and how they look on a canvas.
import { findTicks } from "./lanes-data.js";

const LABEL = 92; // pixels left of the bars: a lane's name and count
const RIGHT = 14;
const AXIS = 24;
const GAP = 11; // between lanes
const ABOVE = 5; // over the bars
const STALL = 16; // over the bars of a lane that stalled: the word
const LEAST = 32; // two lines of text beside the bars
const BAR = { least: 2, most: 9 };

/**
 * Where each lane goes; the bars are as high as the room allows, within limits.
 *
 * @returns {{bar: number, height: number, rows: {lane, top, bars, bottom}[]}} `bars`: the upper edge of the first
 */
export function arrangeLanes(lanes, room) {
  let { most: bar } = BAR;
  while (bar > BAR.least && stack(lanes, bar).at(-1)?.bottom > room - AXIS) bar -= 0.5;
  const rows = stack(lanes, bar);
  return { bar, rows, height: Math.max(room, Math.ceil((rows.at(-1)?.bottom ?? 0) + AXIS)) };
}

function stack(lanes, bar) {
  let top = 0;
  return lanes.map(lane => {
    const bars = top + (lane.stalls.length ? STALL : ABOVE);
    const bottom = Math.max(bars + lane.lines * bar, top + ABOVE + LEAST) + GAP;
    const row = { lane, top, bars, bottom };
    top = bottom;
    return row;
  });
}

/** From µs to pixels. */
function scaleFor(span, width) {
  return at => LABEL + ((at - span.from) / (span.to - span.from)) * (width - LABEL - RIGHT);
}

function line(context, x1, y1, x2, y2, colour, width = 1) {
  context.strokeStyle = colour;
  context.lineWidth = width;
  context.beginPath();
  context.moveTo(x1, y1);
  context.lineTo(x2, y2);
  context.stroke();
}

/** Round times below, and lines up from them. */
export function drawAxis(context, span, width, height, palette) {
  const scale = scaleFor(span, width);
  context.fillStyle = palette.ink;
  context.textAlign = "center";
  for (const tick of findTicks(span, (width - LABEL) / 80)) {
    const x = Math.round(scale(tick)) + 0.5;
    line(context, x, 0, x, height - AXIS + 4, palette.full);
    context.fillText(`${tick / 1e6} s`, Math.max(LABEL, Math.min(x, width - 22)), height - 6);
  }
}

/** Name and count at the left, a rule below. */
export function drawLabel(context, { top, bottom }, name, count, width, palette) {
  context.textAlign = "left";
  context.fillStyle = palette.ink;
  context.fillText(name, 10, top + ABOVE + 12, LABEL - 16);
  context.fillStyle = palette.faint;
  context.fillText(count, 10, top + ABOVE + 27, LABEL - 16);
  line(context, 0, Math.round(bottom - GAP / 2) + 0.5, width, Math.round(bottom - GAP / 2) + 0.5, palette.full);
}

/**
 * The bars of a lane up to the clock: solid when the answer has come, pale while it is on its way or never comes.
 *
 * @returns {{request, lane, x, y, width, height}[]} where they are
 */
export function drawBars(context, row, bar, span, clock, width, palette) {
  const scale = scaleFor(span, width);
  const drawn = [];
  for (const request of row.lane.requests) {
    if (request.from > clock) break;
    const end = Math.min(request.to ?? request.lost ?? Infinity, clock);
    const x = scale(request.from);
    const height = bar > 3 ? bar - 1 : bar - 0.5;
    const shape = { x, y: row.bars + request.line * bar, width: Math.max(1.5, scale(end) - x), height };
    context.fillStyle = request.what === "block" ? palette.classes.data : palette.classes.announce;
    context.globalAlpha = request.to === null || request.to > clock ? 0.35 : 1;
    context.fillRect(shape.x, shape.y, shape.width, shape.height);
    drawn.push({ request, lane: row.lane, ...shape });
  }
  context.globalAlpha = 1;
  return drawn;
}

/** Where the peer was found to hold everybody up. */
export function drawStalls(context, row, span, clock, width, palette) {
  const scale = scaleFor(span, width);
  for (const at of row.lane.stalls) {
    if (at > clock) continue;
    const x = Math.min(scale(at), width - RIGHT);
    line(context, x, row.top + 3, x, row.bottom - GAP, palette.alarm, 2);
    const isRight = x > width * 0.7;
    context.fillStyle = palette.ink;
    context.textAlign = isRight ? "right" : "left";
    context.strokeStyle = palette.paper; // a halo: the line of the present may stand there
    context.lineWidth = 4;
    context.strokeText("stalled", x + (isRight ? -5 : 5), row.top + 12);
    context.fillText("stalled", x + (isRight ? -5 : 5), row.top + 12);
  }
}

/** The present. */
export function drawNow(context, span, clock, width, height, palette) {
  const x = Math.max(LABEL, Math.min(width - RIGHT, scaleFor(span, width)(clock)));
  line(context, x, 0, x, height - AXIS, palette.ink, 1.5);
}

/** A frame around the bar under the pointer. */
export function outline(context, { x, y, width, height }, palette) {
  context.strokeStyle = palette.selection;
  context.lineWidth = 2;
  context.strokeRect(x - 1, y - 1, width + 2, height + 2);
}
