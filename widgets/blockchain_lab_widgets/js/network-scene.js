// What the network shows at the cursor, computed once for the picture, its words and its table. Knows no page.
import { BlockIndex } from "./blocks.js";
import { Folded } from "./fold.js";
import { flyingAs, lightAs, recentAs } from "./lens-network.js";
import { UNSEEN, linksAsSeen, sightOf } from "./lens-sight.js";
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
 * @property {import("./lens-sight.js").Sight|null} sight of the peer under the lens: then all of this is as that peer knows it
 * @property {(string|null)[]} tips by peer; null for one that is off, or of which nobody knows it
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
    const sight = this.sight = sightOf(store);
    const linked = `${trace.epoch}/${state.linkedAt}/${store.lens}`;
    if (linked !== this.#linked) {
      this.#linked = linked;
      this.links = sight ? linksAsSeen(sight, getLinks(state)) : getLinks(state);
      this.neighbours = getNeighbours(this.links, trace.peers.length);
    }
    this.tips = state.tips.map((tip, peer) => (sight ? sight.tipOf(peer) : state.off[peer] ? null : tip));
    this.fills = rankTips(this.tips, hash => index.look(hash));
    const standing = new Map([...this.fills.keys()].map(tip => [tip, 0]));
    for (const tip of this.tips) if (tip !== null) standing.set(tip, standing.get(tip) + 1);
    this.standing = [...standing];
    cuts.update();
    const [flying, recent] = [getFlying(trace, cuts, store.clock), getRecent(trace, cuts, this.rows, store.clock)];
    this.flying = sight ? flyingAs(sight, flying) : flying;
    this.recent = sight ? recentAs(sight, recent) : recent;
    this.#updateLight();
    return this;
  }

  #updateLight() {
    const { store, trace, links, rows } = this;
    const { selection, hover, branch, lens } = store;
    const lit = JSON.stringify([selection, hover, branch, rows, trace.epoch, trace.length, lens]);
    if (lit === this.#lit) return;
    this.#lit = lit;
    const seen = this.sight ? new Map([...links].filter(([, { state }]) => state !== UNSEEN)) : links;
    const scene = { trace, branch, rows, links: seen, tips: this.tips };
    const light = joinLights(lightOf(selection, scene), hover === selection ? null : lightOf(hover, scene));
    this.light = this.sight ? lightAs(this.sight, light, [selection, hover]) : light;
  }

  /** The peers that are selected: one, or a group. */
  get chosen() {
    const { selection } = this.store;
    const alone = selection?.startsWith("peer:") ? this.trace.peers.indexOf(selection.slice(5)) : -1;
    return new Set(alone < 0 ? groupOf(selection) : [alone]);
  }

  /** Who stands behind whom, -1 for nobody; under the lens a peer knows that of itself. */
  get behind() {
    const { trace, sight } = this;
    return sight ? trace.behind.map((gateway, peer) => (peer === sight.host ? gateway : -1)) : trace.behind;
  }

  /** How every peer looks, for `drawPeers`. */
  getLooks() {
    const { trace, state, fills, light, shapes, chosen, sight, tips } = this;
    const isOwn = peer => sight === null || peer === sight.host; // what one peer knows of itself alone
    return trace.peers.map((_, peer) => ({
      shape: shapes.get(trace.roles[peer]) ?? "dot",
      fill: fills.get(tips[peer]) ?? (isUnknown(this, peer) ? HOLLOW : 0),
      off: state.off[peer] && isOwn(peer),
      unseen: !isOwn(peer) && !sight.isKnown(peer),
      walled: (trace.firewalls[peer] ?? false) && isOwn(peer),
      faded: light !== null && !light.peers.has(peer),
      chosen: chosen.has(peer),
      hovered: light?.chosen.has(peer) ?? false,
    }));
  }
}
