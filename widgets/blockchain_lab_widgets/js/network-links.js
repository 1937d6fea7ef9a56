// What is painted over vis' links: those in the light, the way of a chosen message, and dials that failed just now.
import { pointOn } from "./flight-layer.js";
import { classColour } from "./palette.js";

const ARROW = 9; // pixels
const FEW = 20; // links in the light that are drawn bold

/** Dash and dot: between a peer and the gateway that it stands behind. No connection looks like that. */
export const BEHIND = [7, 3, 1.5, 3];

/** Links in the light, dashed as they are. `dashOf(state)` in pixels. */
export function drawLinks(context, links, places, palette, dashOf) {
  const isFew = links.length <= FEW;
  Object.assign(context, { strokeStyle: palette.ink, lineWidth: isFew ? 2.25 : 1.25, globalAlpha: isFew ? 1 : 0.6 });
  for (const { a, b, state } of links) {
    context.setLineDash(dashOf(state));
    context.beginPath();
    context.moveTo(places[a].x, places[a].y);
    context.lineTo(places[b].x, places[b].y);
    context.stroke();
  }
  context.setLineDash([]);
  context.globalAlpha = 1;
}

/**
 * Who stands behind whom: thin, dash and dot.
 *
 * @param {number[]} behind gateway by peer, -1 for none
 * @param {(peer: number) => boolean} isFaded
 */
export function drawBehind(context, behind, places, palette, isFaded) {
  Object.assign(context, { strokeStyle: palette.edge, lineWidth: 1.25 });
  context.setLineDash(BEHIND);
  for (const faded of [true, false]) {
    context.globalAlpha = faded ? 0.35 : 1;
    context.beginPath();
    for (const [peer, gateway] of behind.entries()) {
      if (gateway < 0 || (isFaded(peer) || isFaded(gateway)) !== faded) continue;
      context.moveTo(places[peer].x, places[peer].y);
      context.lineTo(places[gateway].x, places[gateway].y);
    }
    context.stroke();
  }
  context.setLineDash([]);
  context.globalAlpha = 1;
}

/** The way of a message that is spoken of: a faint arrow in its lane, in the colour of its class. */
export function drawWay(context, { source, target }, facts, places, rim, palette) {
  const [from, to] = [0, 1].map(part => pointOn(places[source], places[target], part, rim));
  const { ux, uy } = to;
  Object.assign(context, {
    globalAlpha: 0.55, strokeStyle: classColour(palette, facts.class), fillStyle: classColour(palette, facts.class), lineWidth: 3,
  });
  context.beginPath();
  context.moveTo(from.x, from.y);
  context.lineTo(to.x - ux * ARROW, to.y - uy * ARROW);
  context.stroke();
  context.beginPath();
  context.moveTo(to.x, to.y);
  context.lineTo(to.x - ux * ARROW - uy * 5, to.y - uy * ARROW + ux * 5);
  context.lineTo(to.x - ux * ARROW + uy * 5, to.y - uy * ARROW - ux * 5);
  context.fill();
  context.globalAlpha = 1;
}

/**
 * Dials that failed: a dotted line that grows fainter.
 *
 * @returns {{x, y, alpha}[]} where a cross says so, before the one who was dialled
 */
export function drawDials(context, failed, places, rim, palette) {
  Object.assign(context, { strokeStyle: palette.edge, lineWidth: 1.75 });
  context.setLineDash([1.5, 4]);
  const crosses = failed.map(({ source, target, age }) => {
    const [from, cross, to] = [0, 0.85, 1].map(part => pointOn(places[source], places[target], part, rim, 0));
    context.globalAlpha = 1 - age;
    context.beginPath();
    context.moveTo(from.x, from.y);
    context.lineTo(to.x, to.y);
    context.stroke();
    return { ...cross, alpha: 1 - age };
  });
  context.setLineDash([]);
  context.globalAlpha = 1;
  return crosses;
}
