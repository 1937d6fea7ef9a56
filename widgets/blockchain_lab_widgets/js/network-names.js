// Which peers have a name in the picture, and what it says.
import { describeHeight } from "./network-words.js";
import { findRaised, placeNames } from "./peer-names.js";

const FEW = 24; // up to so many peers all have a name, and their height under it
const MANY = 200; // more peers than that in sight: only those that are spoken of
const WALL = 8; // pixels to the left of a peer
const MOST_NEEDED = 6; // peers that are meant at once and must have a name, even over others
const MOST_NEAR = 60; // names of those that have to do with a selection

/** The boxes of all peers, but of those that stand back, with their walls. */
function marksOf(looks, places, radius) {
  const boxOf = ({ x, y }, wall) => [x - radius - wall, y - radius, x + radius, y + radius];
  return places.map((place, peer) => boxOf(place, looks[peer].walled ? WALL : 0)).filter((_, peer) => !looks[peer].faded);
}

/** Keeps what is dear to compute: widths of texts, and where names should stand. */
export class NameBook {
  #widths = new Map();
  #places = null;
  #raised = [];

  constructor(trace, font) {
    this.trace = trace;
    this.context = document.createElement("canvas").getContext("2d");
    this.context.font = `12px ${font}`;
  }

  #measure(text) {
    if (!this.#widths.has(text)) this.#widths.set(text, this.context.measureText(text).width);
    return this.#widths.get(text);
  }

  /** The names to draw, as `placeNames` gives them; `taken` are boxes in which none may stand. */
  place(scene, looks, { places, radius }, box, taken) {
    const { trace, light, neighbours } = scene;
    const isFew = trace.peers.length <= FEW;
    if (this.#places !== places) [this.#places, this.#raised] = [places, findRaised(places, trace.links, box.height / 2)];
    const isSeen = peer => {
      const { x, y } = places[peer];
      return x >= 0 && y >= 0 && x <= box.width && y <= box.height;
    };
    const meant = looks.filter(({ chosen, hovered }) => chosen || hovered).length;
    const rank = peer => (looks[peer].chosen ? 3 : looks[peer].hovered ? 2 : light?.peers.has(peer) ? 1 : 0);
    const seen = [...trace.peers.keys()].filter(peer => isSeen(peer) && !looks[peer].unseen);
    const asked = seen.length > MANY ? [...(light?.peers ?? [])].filter(peer => isSeen(peer) && !looks[peer].unseen).slice(0, MOST_NEAR) : seen;
    if (!asked.length) return [];
    const order = asked.sort((a, b) => rank(b) - rank(a) || neighbours[b].length - neighbours[a].length || a - b);
    return placeNames({
      places, order, raised: this.#raised, radius, box, taken: [...taken, ...marksOf(looks, places, radius)],
      isNeeded: peer => isFew || (meant <= MOST_NEEDED && (looks[peer].chosen || looks[peer].hovered)),
      linesOf: peer => [trace.peers[peer], isFew ? describeHeight(scene, peer) : ""].filter(Boolean),
      measure: text => this.#measure(text),
    });
  }
}
