// Messages on their way, on a canvas over the links: a dot with a tail, in the colour of its class.
import { countOf } from "./describe.js";
import { groupBy } from "./groups.js";
import { classColour } from "./palette.js";
import { zoomOf } from "./zoom.js";

const TAIL = 13; // pixels
const ASIDE = 5; // they keep to the right of their link, so both directions can be told apart
const REACH = 9; // how near the pointer must be
const SIZES = [[200, 3], [4_000, 4.5], [Infinity, 6.5]]; // messages up to so many bytes are dots of this radius
const FADED = 0.35; // those that are not spoken of
const SMALL = 0.72; // times that in a crowd
const CLOSE = 0.8; // dots are one when they cover each other by more than this leaves free

/** Three sizes of dot: a ping or an inv, a list, a full block. */
export function radiusOf(size, isCrowd = false) {
  return SIZES.find(([most]) => (size ?? 24) <= most)[1] * (isCrowd ? SMALL : 1);
}

/** A point on the way from one place to another, aside of the link; and the direction in which it leads. */
export function pointOn(from, to, part, rim, aside = ASIDE) {
  const length = Math.hypot(to.x - from.x, to.y - from.y) || 1;
  const [ux, uy] = [(to.x - from.x) / length, (to.y - from.y) / length];
  const along = rim + part * Math.max(0, length - 2 * rim);
  return { x: from.x + ux * along - uy * aside, y: from.y + uy * along + ux * aside, ux, uy };
}

/**
 * The dots: where every message in flight is, in pixels. Those of a kind that would cover each other are one.
 *
 * @param {object[]} flying of `Trace.flying`, their `part` as it is shown
 * @param {{x: number, y: number}[]} places by peer
 * @param {number} rim how far from the centre of a peer a link is visible
 * @returns {{flights, x, y, ux, uy, radius}[]} `flights` are the messages of a dot, the foremost one first
 */
export function placeFlights(flying, places, rim, isCrowd = false) {
  const reachable = flying.filter(({ target }) => places[target]); // not to an address that nobody has
  const ways = groupBy(reachable, ({ source, target }) => source * places.length + target);
  const dots = [];
  for (const flights of ways.values()) {
    const last = new Map(); // class and fate -> its hindmost dot
    for (const flight of flights.sort((a, b) => b.part - a.part)) {
      const place = pointOn(places[flight.source], places[flight.target], flight.part, rim);
      const radius = radiusOf(flight.facts.size, isCrowd);
      const kind = `${flight.facts.class}${flight.dropped}`;
      const before = last.get(kind);
      if (before && Math.hypot(before.x - place.x, before.y - place.y) < CLOSE * (before.radius + radius)) {
        before.flights.push(flight);
        before.radius = Math.max(before.radius, radius);
        continue;
      }
      const dot = { flights: [flight], radius, ...place };
      last.set(kind, dot);
      dots.push(dot);
    }
  }
  return dots;
}

/** The dot under a point, or null; the nearest one when several are. */
export function flightAt(dots, x, y) {
  let best = null;
  let nearest = REACH;
  for (const each of dots) {
    const distance = Math.hypot(each.x - x, each.y - y);
    if (distance < nearest) [best, nearest] = [each, distance];
  }
  return best;
}

/** Give a canvas the size of its box, in the screen's own pixels; its context then works in CSS pixels. */
export function fitCanvas(canvas, width, height) {
  const ratio = (globalThis.devicePixelRatio || 1) * zoomOf(canvas);
  const [wide, high] = [Math.round(width * ratio), Math.round(height * ratio)];
  if (canvas.width !== wide || canvas.height !== high) Object.assign(canvas, { width: wide, height: high });
  const context = canvas.getContext("2d");
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
  context.clearRect(0, 0, width, height);
  return context;
}

/**
 * Draw them all: tails, then halos, then dots, so that a dense queue becomes one streak and not a pile of outlines.
 *
 * @param {(dot) => boolean} isFaded dots that are not spoken of
 * @param {(dot) => boolean} isChosen dots that get a ring
 */
export function drawFlights(context, dots, palette, isFaded, isChosen) {
  for (const [faded, alpha] of [[true, FADED], [false, 1]]) {
    const shown = dots.filter(dot => isFaded(dot) === faded);
    const byClass = groupBy(shown, ({ flights }) => flights[0].facts.class);
    for (const [name, some] of byClass) {
      context.fillStyle = classColour(palette, name);
      context.globalAlpha = 0.45 * alpha;
      fill(context, some, addTail);
    }
    context.globalAlpha = alpha;
    context.fillStyle = palette.paper;
    fill(context, shown, (path, dot) => addDisc(path, dot, 1));
    for (const [name, some] of byClass) {
      context.fillStyle = classColour(palette, name);
      fill(context, some, (path, dot) => addDisc(path, dot, 0));
    }
  }
  context.globalAlpha = 1;
  for (const dot of dots) if (isChosen(dot)) ring(context, dot, palette);
}

const NUMBER = { width: 26, height: 13 }; // pixels that a number of messages takes

/**
 * "×16" beside a dot that stands for several messages, on its other side where a name is in the way.
 * Where numbers would cover each other the largest is written; where names stand on both sides, none.
 *
 * @param {(dot) => boolean} isFaded dots that are not spoken of
 * @param {{box: number[]}[]} names as `placeNames` gives them
 */
export function drawCounts(context, dots, palette, font, { isFaded, names }) {
  const many = dots.filter(({ flights }) => flights.length > 1);
  if (!many.length) return;
  Object.assign(context, {
    font: `12px ${font}`, textAlign: "center", textBaseline: "middle", lineJoin: "round", lineWidth: 4,
    strokeStyle: palette.paper, fillStyle: palette.ink,
  });
  const written = [];
  for (const dot of many.sort((a, b) => b.flights.length - a.flights.length)) {
    const { flights, x, y, ux, uy, radius } = dot;
    const sides = [1, -1].map(side => ({ left: x - side * uy * (radius + 12), top: y + side * ux * (radius + 10) })); // the outer side of its lane first
    const free = sides.find(place => !names.some(({ box }) => isOver(place, box)));
    if (!free) continue;
    const { left, top } = free;
    if (written.some(place => Math.abs(place.left - left) < NUMBER.width && Math.abs(place.top - top) < NUMBER.height)) continue;
    written.push({ left, top });
    context.globalAlpha = isFaded(dot) ? FADED : 1;
    context.strokeText(`×${flights.length}`, left, top);
    context.fillText(`×${flights.length}`, left, top);
  }
  context.globalAlpha = 1;
}

/** Would a number whose middle is there cover a box? */
function isOver({ left, top }, box) {
  const [wide, high] = [NUMBER.width / 2, NUMBER.height / 2];
  return left + wide > box[0] && left - wide < box[2] && top + high > box[1] && top - high < box[3];
}

/** Where a message was lost: a cross, which grows fainter. */
export function drawCrosses(context, crosses, palette) {
  context.lineCap = "round";
  for (const { x, y, alpha } of crosses) {
    for (const [colour, width] of [[palette.paper, 5], [palette.alarm, 2.25]]) {
      Object.assign(context, { globalAlpha: alpha, strokeStyle: colour, lineWidth: width });
      context.beginPath();
      for (const [dx, dy] of [[4.5, 4.5], [4.5, -4.5]]) {
        context.moveTo(x - dx, y - dy);
        context.lineTo(x + dx, y + dy);
      }
      context.stroke();
    }
  }
  Object.assign(context, { globalAlpha: 1, lineCap: "butt" });
}

/** "block, 250 bytes" of one message, "16 messages" and what they are of several. `labelOf(facts)` names a message. */
export function describeDot({ flights }, trace, labelOf) {
  const [{ source, target, facts, dropped, isHeld }] = flights;
  const way = `${trace.peers[source]} → ${trace.peers[target]}`;
  const fate = isHeld ? "\nheld back by the partition" : dropped ? "\nwill be lost" : "";
  if (flights.length === 1) {
    return `${labelOf(facts)}${facts.size ? `, ${countOf(facts.size, "byte")}` : ""}\n${way}${fate}`;
  }
  const kinds = groupBy(flights, flight => flight.facts.command ?? "control packet");
  const parts = [...kinds].map(([command, some]) => `${some.length} × ${command}`);
  return `${countOf(flights.length, "message")}: ${parts.join(", ")}\n${way}${fate}`;
}

function fill(context, dots, add) {
  context.beginPath();
  for (const dot of dots) add(context, dot);
  context.fill();
}

function addTail(path, { x, y, ux, uy, radius }) {
  const tail = Math.min(TAIL + radius, 4 * radius);
  path.moveTo(x - ux * tail, y - uy * tail);
  path.lineTo(x - uy * radius * 0.8, y + ux * radius * 0.8);
  path.lineTo(x + uy * radius * 0.8, y - ux * radius * 0.8);
}

function addDisc(path, { x, y, radius }, more) {
  path.moveTo(x + radius + more, y);
  path.arc(x, y, radius + more, 0, 2 * Math.PI);
}

function ring(context, { x, y, radius }, palette) {
  context.beginPath();
  context.arc(x, y, radius + 2.5, 0, 2 * Math.PI);
  Object.assign(context, { lineWidth: 2, strokeStyle: palette.selection });
  context.stroke();
}
