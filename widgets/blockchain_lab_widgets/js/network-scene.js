// What the network shows at the cursor, computed once for the picture, its words and its table. Knows no page.
import { BlockIndex } from "./blocks.js";
import { Folded } from "./fold.js";
import { shapesFor } from "./marks.js";
import { getLinks, getNeighbours, networkFold } from "./network-fold.js";
import { groupOf, joinLights, lightOf } from "./network-light.js";
import { Cuts, getFlying, getRecent } from "./network-now.js";
import { HOLLOW } from "./network-peers.js";
import { isUnknown } from "./network-words.js";
import { rankTips } from "./palette.js";

/**
 * @property {number} rows records up to the cursor
 * @property {object} state of `networkFold`
 * @property {Map<string, object>} links of `getLinks`
 * @property {number[][]} neighbours by peer
 * @property {Map<string, number>} fills tip -> index of its colour, best first
 * @property {[string, number][]} standing tip and how many peers stand on it, best first; dead ones do not count
 * @property {object[]} flying messages on the wire
 * @property {{lost, failed}} recent
 * @property {import("./network-light.js").Light|null} light
 */
export class Scene {
  #linked = "";
  #lit = "";

  constructor(store) {
    const { trace } = store;
    Object.assign(this, { store, trace, index: new BlockIndex(trace), cuts: new Cuts(trace), light: null });
    this.folded = new Folded(trace, networkFold);
    this.shapes = shapesFor(trace.roles);
  }

  /** Follow the store. */
  update() {
    const { store, trace, index, cuts } = this;
    index.update();
    this.rows = trace.rowsUpTo(store.cursor);
    const state = this.state = this.folded.at(this.rows);
    const linked = `${trace.epoch}/${state.linkedAt}`;
    if (linked !== this.#linked) {
      this.#linked = linked;
      this.links = getLinks(state);
      this.neighbours = getNeighbours(this.links, trace.peers.length);
    }
    this.fills = rankTips(state.tips.map((tip, peer) => (state.off[peer] ? null : tip)), hash => index.look(hash));
    const standing = new Map([...this.fills.keys()].map(tip => [tip, 0]));
    for (const [peer, tip] of state.tips.entries()) if (!state.off[peer] && tip !== null) standing.set(tip, standing.get(tip) + 1);
    this.standing = [...standing];
    cuts.update();
    this.flying = getFlying(trace, cuts, store.clock);
    this.recent = getRecent(trace, cuts, this.rows, store.clock);
    this.#updateLight();
    return this;
  }

  #updateLight() {
    const { store, trace, links, rows } = this;
    const { selection, hover, branch } = store;
    const lit = JSON.stringify([selection, hover, branch, rows, trace.epoch, trace.length]);
    if (lit === this.#lit) return;
    this.#lit = lit;
    const scene = { trace, branch, rows, links, tips: this.state.tips };
    this.light = joinLights(lightOf(selection, scene), hover === selection ? null : lightOf(hover, scene));
  }

  /** The peers that are selected: one, or a group. */
  get chosen() {
    const { selection } = this.store;
    const alone = selection?.startsWith("peer:") ? this.trace.peers.indexOf(selection.slice(5)) : -1;
    return new Set(alone < 0 ? groupOf(selection) : [alone]);
  }

  /** How every peer looks, for `drawPeers`. */
  getLooks() {
    const { trace, state, fills, light, shapes, chosen } = this;
    return trace.peers.map((_, peer) => ({
      shape: shapes.get(trace.roles[peer]) ?? "dot",
      fill: fills.get(state.tips[peer]) ?? (isUnknown(this, peer) ? HOLLOW : 0),
      off: state.off[peer],
      walled: trace.firewalls[peer] ?? false,
      faded: light !== null && !light.peers.has(peer),
      chosen: chosen.has(peer),
      hovered: light?.chosen.has(peer) ?? false,
    }));
  }
}
