// Where peers stand: the ways to lay out a network. Pure; places are in any unit, `fit` brings them into a box.
import { CONTINENTS, FRAME } from "./continents.js";
import { spreadInside } from "./layouts-regions.js";
import { Springs, settle } from "./layouts-spring.js";
import { sortSides, splitSides } from "./layouts-sides.js";

/** Name -> what a reader is offered. */
export const LAYOUTS = {
  story: "As told", ring: "Ring", spring: "Spring", bipartite: "Two sides", regions: "World map",
};

const IN_A_ROW = 72; // peers on one ring; more stand on rings inside one another
const INNERMOST = 0.35; // of the outermost ring's radius
const MOST_STRETCH = 1.7; // of a map's height, to fill a box
const MARGIN = { x: 44, y: 52 }; // room for names around
const CROWDED = 7; // pixels between neighbours below which a picture is no good to open with

/** The names of the layouts that a trace can have: no map without regions. */
export function layoutsOf({ regions }) {
  return Object.keys(LAYOUTS).filter(name => name !== "regions" || regions.some(region => region));
}

/** What to open with: the scenario's own places, unless its peers would stand on one another. */
export function firstLayout({ layout }) {
  return findGap(fit({ places: layout }, 400, 400).places) < CROWDED && layout.length > 1 ? "ring" : "story";
}

/** All pairs that are linked at any time, each once: what the scenario says, who stands behind whom, and what the records say. O(records). */
export function pairsOf(trace) {
  const pairs = new Map();
  const add = (a, b) => {
    if (a !== b && b >= 0) pairs.set(`${Math.min(a, b)}-${Math.max(a, b)}`, [a, b]);
  };
  for (const [a, b] of trace.links) add(a, b);
  trace.behind?.forEach((gateway, peer) => add(peer, gateway));
  const { kind, peer, other } = trace.columns;
  const connect = trace.kinds.indexOf("connect");
  for (let row = 0; row < trace.length; row++) if (kind[row] === connect) add(peer[row], other[row]);
  return [...pairs.values()];
}

/**
 * Lay out a trace's peers.
 *
 * @param {string} name one of `LAYOUTS`
 * @param {() => boolean} isWanted asked while a long computation goes on; when it says no, nothing comes back
 * @returns {Promise<{places: number[][], frame: object|null}|null>} `frame` {left, top, right, bottom} is what must
 *   be in the picture besides the peers, and is never stretched out of shape
 */
export async function arrange(name, trace, isWanted = () => true) {
  if (name === "ring") return { places: ring(trace.peers.length), frame: null };
  if (name === "bipartite") return { places: sortSides(splitSides(trace), pairsOf(trace)), frame: null };
  if (name === "regions") return { places: standOnMap(trace.regions), frame: FRAME };
  if (name !== "spring") return { places: trace.layout, frame: null };
  const places = await settle(new Springs(trace.peers.length, pairsOf(trace)), isWanted);
  return places && { places, frame: null };
}

/** Clockwise from the left; many peers by turns on rings inside one another, so that neighbours stay close. */
export function ring(count) {
  const rows = Math.ceil(count / IN_A_ROW);
  return Array.from({ length: count }, (_, peer) => {
    const angle = Math.PI + (2 * Math.PI * peer) / count;
    const radius = rows < 2 ? 1 : 1 - (1 - INNERMOST) * ((peer % rows) / (rows - 1));
    return [radius * Math.cos(angle), radius * Math.sin(angle)];
  });
}

/** Everybody inside the own continent; who says nothing of it is at sea, along the lower edge. */
export function standOnMap(regions) {
  const places = regions.map(() => null);
  for (const [name, { outline }] of Object.entries(CONTINENTS)) {
    const peers = [...regions.keys()].filter(peer => regions[peer] === name);
    spreadInside(outline, peers.length).forEach((place, i) => { places[peers[i]] = place; });
  }
  const atSea = [...regions.keys()].filter(peer => !places[peer]);
  const step = (FRAME.right - FRAME.left) / (atSea.length + 1);
  atSea.forEach((peer, i) => { places[peer] = [FRAME.left + step * (i + 1), FRAME.bottom]; });
  return places;
}

/**
 * Into a box of this size, with room for names around; centre at 0, 0.
 *
 * @returns {{places: {x: number, y: number}[], toBox: function}} `toBox([x, y])` takes any point along
 */
export function fit({ places, frame = null }, width, height, margin = MARGIN) {
  const spread = axis => {
    let [low, high] = [Infinity, -Infinity];
    for (const place of places) [low, high] = [Math.min(low, place[axis]), Math.max(high, place[axis])];
    return places.length ? [low, high] : [0, 0];
  };
  const [left, right] = frame ? [frame.left, frame.right] : spread(0);
  const [top, bottom] = frame ? [frame.top, frame.bottom] : spread(1);
  const room = { x: Math.max(40, width - 2 * (frame ? 8 : margin.x)), y: Math.max(40, height - 2 * (frame ? 12 : margin.y)) };
  let scale = { x: right > left ? room.x / (right - left) : 0, y: bottom > top ? room.y / (bottom - top) : 0 };
  if (frame) {
    const least = Math.min(scale.x, scale.y);
    scale = { x: Math.min(scale.x, least * MOST_STRETCH), y: Math.min(scale.y, least * MOST_STRETCH) };
  }
  const toBox = ([x, y]) => ({ x: (x - (left + right) / 2) * scale.x, y: (y - (top + bottom) / 2) * scale.y });
  return { places: places.map(toBox), toBox };
}

/** How far from its nearest neighbour a peer stands, as a rule: one in twenty stands closer. O(peers squared). */
export function findGap(places) {
  if (places.length < 2) return Infinity;
  const nearest = places.map((one, i) => {
    let least = Infinity;
    for (let j = 0; j < places.length; j++) {
      if (j !== i) least = Math.min(least, (one.x - places[j].x) ** 2 + (one.y - places[j].y) ** 2);
    }
    return least;
  });
  nearest.sort((a, b) => a - b);
  return Math.sqrt(nearest[Math.floor(nearest.length / 20)]);
}
