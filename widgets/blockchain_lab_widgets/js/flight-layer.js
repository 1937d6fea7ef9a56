// Messages on their way, on a canvas over the network: a dot with a tail, in the colour of its class.
import { classColour } from "./palette.js";

const TAIL = 13; // pixels
const ASIDE = 5; // they keep to the right of their link, so both directions can be told apart
const REACH = 9; // how near the pointer must be

/** A larger message is a larger dot: 3 px for 24 bytes, 7 px from 64 kB on. */
function radiusOf(size) {
  return Math.min(7, 3 + Math.max(0, Math.log2((size || 24) / 24)) * 0.36);
}

/**
 * Where every message in flight is, in pixels.
 *
 * @param {object[]} flying of `Trace.flying`
 * @param {(peer: number) => {x: number, y: number}} placeOf
 * @param {number} rim how far from the centre of a peer a link is visible
 */
export function placeFlights(flying, placeOf, rim) {
  return flying.map(flight => {
    const from = placeOf(flight.source);
    const to = placeOf(flight.target);
    const length = Math.hypot(to.x - from.x, to.y - from.y) || 1;
    const [ux, uy] = [(to.x - from.x) / length, (to.y - from.y) / length];
    const along = rim + flight.part * Math.max(0, length - 2 * rim);
    const x = from.x + ux * along - uy * ASIDE;
    const y = from.y + uy * along + ux * ASIDE;
    return { flight, x, y, ux, uy, radius: radiusOf(flight.facts.size) };
  });
}

/** The message under a point, or null; the nearest one when several are. */
export function flightAt(placed, x, y) {
  let best = null;
  let nearest = REACH;
  for (const each of placed) {
    const distance = Math.hypot(each.x - x, each.y - y);
    if (distance < nearest) [best, nearest] = [each, distance];
  }
  return best;
}

/** Give a canvas the size of its box, in the screen's own pixels; its context then works in CSS pixels. */
export function fitCanvas(canvas, width, height) {
  const ratio = globalThis.devicePixelRatio || 1;
  const [wide, high] = [Math.round(width * ratio), Math.round(height * ratio)];
  if (canvas.width !== wide || canvas.height !== high) Object.assign(canvas, { width: wide, height: high });
  const context = canvas.getContext("2d");
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
  return context;
}

/**
 * Draw them all: tails, then halos, then dots, so that a dense queue becomes one streak and not a pile of outlines.
 * `lit` is the row of the sending that is selected or pointed at.
 */
export function drawFlights(context, placed, palette, lit) {
  context.globalAlpha = 0.45;
  for (const each of placed) drawTail(context, each, palette);
  context.globalAlpha = 1;
  context.fillStyle = palette.paper;
  for (const { x, y, radius } of placed) disc(context, x, y, radius + 1);
  for (const { flight, x, y, radius } of placed) {
    context.fillStyle = classColour(palette, flight.facts.class);
    disc(context, x, y, radius);
    if (!flight.dropped) continue;
    context.fillStyle = palette.paper; // it will be lost: a ring
    disc(context, x, y, radius - 1.5);
  }
  const chosen = placed.find(({ flight }) => flight.sent === lit);
  if (chosen) ring(context, chosen, palette);
}

function drawTail(context, { flight, x, y, ux, uy, radius }, palette) {
  const tail = Math.min(TAIL + radius, TAIL * 2);
  context.fillStyle = classColour(palette, flight.facts.class);
  context.beginPath();
  context.moveTo(x - ux * tail, y - uy * tail);
  context.lineTo(x - uy * radius * 0.8, y + ux * radius * 0.8);
  context.lineTo(x + uy * radius * 0.8, y - ux * radius * 0.8);
  context.closePath();
  context.fill();
}

function disc(context, x, y, radius) {
  context.beginPath();
  context.arc(x, y, radius, 0, 2 * Math.PI);
  context.fill();
}

function ring(context, { x, y, radius }, palette) {
  context.beginPath();
  context.arc(x, y, radius + 2.5, 0, 2 * Math.PI);
  context.lineWidth = 2;
  context.strokeStyle = palette.selection;
  context.stroke();
}
