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

/** Draw them all. `lit` is the row of the sending that is selected or pointed at. */
export function drawFlights(context, placed, palette, lit) {
  for (const { flight, x, y, ux, uy, radius } of placed) {
    const colour = classColour(palette, flight.facts.class);
    const tail = Math.min(TAIL + radius, TAIL * 2);
    context.beginPath();
    context.moveTo(x - ux * tail, y - uy * tail);
    context.lineTo(x - uy * radius * 0.8, y + ux * radius * 0.8);
    context.lineTo(x + uy * radius * 0.8, y - ux * radius * 0.8);
    context.closePath();
    context.globalAlpha = 0.45;
    context.fillStyle = colour;
    context.fill();
    context.globalAlpha = 1;
    context.beginPath();
    context.arc(x, y, radius, 0, 2 * Math.PI);
    context.fillStyle = flight.dropped ? palette.paper : colour;
    context.fill();
    context.lineWidth = flight.sent === lit ? 3 : 1;
    context.strokeStyle = flight.sent === lit ? palette.selection : flight.dropped ? colour : palette.ink;
    context.stroke();
  }
}
