// The peers as marks on a canvas: fill = tip, hollow = not known, shape = role, outline = selection, dash = off,
// dots = unknown to the peer under the lens.
// All of a look at once.
import { groupBy } from "./groups.js";
import { tipColour } from "./palette.js";

/** The fill of a peer whose tip nobody knows. */
export const HOLLOW = -1;

const FADED = 0.35;
const SIDES = { // corners of the shapes, for a radius of 1
  square: [[-0.88, -0.88], [0.88, -0.88], [0.88, 0.88], [-0.88, 0.88]],
  diamond: [[0, -1.2], [1.2, 0], [0, 1.2], [-1.2, 0]],
  triangle: [[0, -1.15], [1.1, 0.85], [-1.1, 0.85]],
  hexagon: [[-0.55, -0.98], [0.55, -0.98], [1.1, 0], [0.55, 0.98], [-0.55, 0.98], [-1.1, 0]],
};

/** Add a peer's outline to a path. */
export function addShape(path, shape, x, y, radius) {
  const corners = SIDES[shape];
  if (!corners) {
    path.moveTo(x + radius, y);
    path.arc(x, y, radius, 0, 2 * Math.PI);
    return;
  }
  corners.forEach(([dx, dy], i) => path[i ? "lineTo" : "moveTo"](x + dx * radius, y + dy * radius));
  path.closePath();
}

/**
 * Draw all peers.
 *
 * @param {{shape, fill, off, unseen, walled, faded, chosen, hovered}[]} looks by peer
 * @param {{x, y}[]} places in pixels
 */
export function drawPeers(context, looks, places, radius, palette) {
  const kinds = groupBy(looks.keys(), peer => `${looks[peer].faded ? 1 : 0}${looks[peer].unseen ? "unseen" : looks[peer].off ? "off" : looks[peer].fill}`);
  const line = radius > 8 ? 1.5 : radius > 4 ? 1 : 0.75;
  const draw = (peers, more = 0) => {
    context.beginPath();
    for (const peer of peers) addShape(context, looks[peer].shape, places[peer].x, places[peer].y, radius + more);
  };
  for (const peers of kinds.values()) {
    const { off, unseen, fill, faded } = looks[peers[0]];
    draw(peers);
    const isThin = unseen && radius <= 6; // what a crowd of unknown ones would cover is what is known
    context.fillStyle = palette.paper; // links end under a peer, a faded one too
    if (!isThin) context.fill();
    context.globalAlpha = faded ? FADED : 1;
    context.fillStyle = off || unseen || fill === HOLLOW ? palette.paper : tipColour(palette, fill);
    if (!isThin) context.fill();
    Object.assign(context, { lineWidth: line, strokeStyle: palette.edge });
    if (unseen) context.setLineDash(radius > 6 ? [1.5, 4] : [1, 2]);
    else if (off) context.setLineDash(radius > 6 ? [4, 3] : [2, 1.5]);
    context.stroke();
    context.setLineDash([]);
    context.globalAlpha = 1;
  }
  const ring = (test, width, colour) => {
    const peers = [...looks.keys()].filter(peer => test(looks[peer]));
    if (!peers.length) return;
    draw(peers, width / 2 + 0.5);
    Object.assign(context, { lineWidth: width, strokeStyle: colour });
    context.stroke();
  };
  ring(look => look.hovered && !look.chosen, 2, palette.faint);
  ring(look => look.chosen, radius > 8 ? 3 : 2, palette.selection);
  drawWalls(context, looks, places, radius, palette);
}

// A firewall: a short wall to the left of its peer.
function drawWalls(context, looks, places, radius, palette) {
  const wide = radius > 8 ? 4 : 2;
  for (const faded of [false, true]) {
    context.globalAlpha = faded ? FADED : 1;
    context.fillStyle = palette.ink;
    context.beginPath();
    for (const [peer, look] of looks.entries()) {
      if (!look.walled || look.faded !== faded) continue;
      const { x, y } = places[peer];
      context.rect(x - radius - 3 - wide, y - radius, wide, 2 * radius);
    }
    context.fill();
  }
  context.globalAlpha = 1;
}
