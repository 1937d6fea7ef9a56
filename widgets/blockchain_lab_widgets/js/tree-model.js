// What the block tree shows at the cursor: which blocks are there and in what state, who stands where. Pure.
import { FULL, HEADER, INVALID, ORPHAN, UNKNOWN, holdingOf } from "./chain-fold.js";
import { rankTips } from "./palette.js";
import { findCheckpoints } from "./tree-checkpoints.js";
import { findHidden } from "./tree-bundles.js";
import { NOWHERE, markPath, plantTree, waysTo } from "./tree-lanes.js";
import { MOST_TAGS } from "./tree-tags.js";

const STATES = { [UNKNOWN]: "unknown", [ORPHAN]: "orphan", [INVALID]: "invalid", [HEADER]: "header", [FULL]: "body" };

/** What was planted before: a tree is planted anew only when a block appears or goes. */
export class Nursery {
  #trees = new Map(); // place -> [key, tree]

  /** The tree that stood at `place` under this key, or a new one. */
  get(place, key, plant) {
    const [known, tree] = this.#trees.get(place) ?? [];
    if (known === key) return tree;
    const planted = plant();
    this.#trees.set(place, [key, planted]);
    return planted;
  }
}

/**
 * @typedef {object} Model
 * @property {object[]} list blocks by order
 * @property {object} tree of `plantTree`, without what is hidden
 * @property {Map<number, {branches, blocks}>} bundles by order of the block that stands for them
 * @property {number} hidden how many blocks are not drawn
 * @property {string} head hash of the end of the straight lane
 * @property {Map<string, number>} fills tips that peers stand on, best first
 * @property {(order) => "unknown"|"orphan"|"invalid"|"header"|"body"} stateOf
 * @property {(order) => boolean} isActive on the way to a tip
 * @property {(order) => boolean} isStale
 * @property {"stale"|"not confirmed"} away what such a block is called: where votes confirm, it may still be taken
 * @property {Map<number, Tag[]>} tags words by order
 * @property {Map<number, {peer, kind}[]>} standing who stands where
 * @property {import("./tree-checkpoints.js").Checkpoints|null} checkpoints null where nobody speaks of any
 */

/**
 * O(1) in the number of blocks while none appears, given the nursery of the last time.
 *
 * @param {object} state of `chainFold`
 * @param {import("./blocks.js").BlockIndex} index
 * @param {number|null} viewer the peer through whose eyes we look; null for everybody together
 * @param {{nursery: Nursery, opened: number[], wishes: Map<number, number>, finality, world}} keep `opened`: orders not to be hidden;
 *   `world`: where everybody stands, when `state` tells only what one peer knows of that
 * @returns {Model}
 */
export function makeModel(state, index, viewer, { nursery = new Nursery(), opened = [], wishes = new Map(), finality = null, world = state } = {}) {
  const { list } = index;
  const { all, off } = state;
  const [tips, best] = [state.tips, state.best].map(hashes => hashes.map((hash, peer) => (off[peer] && peer !== viewer ? null : hash)));
  const holding = holdingOf(state, viewer);
  const orderOf = hash => index.get(hash)?.order ?? -1;
  const age = `${all.grown}/${index.age}`;
  const pathTo = (place, head) => nursery.get(place, `${head}/${age}`, () => markPath(index.parents, head));
  const head = findHead({ tips, best }, index, viewer);
  const beyond = orderOf(findHead(world === state ? { tips, best } : world, index, null));
  // To the eyes of one who is behind, the lane goes straight on.
  const end = pathTo("beyond", beyond)[orderOf(head)] ? beyond : orderOf(head);
  const main = end === beyond ? pathTo("beyond", beyond) : pathTo("main", end);
  const isThere = order => holding.of(order) !== UNKNOWN || (main[order] === 1 && all.of(order) !== UNKNOWN);
  const key = `${viewer}/${end}/${age}/${holding.grown}`;
  const whole = nursery.get("whole", key, () => plantTree(index, isThere, main));
  const followed = waysTo(whole, [...new Set([...tips, ...best])].map(orderOf));
  const kept = new Set(opened.map(order => whole.stretchOf[order]));
  const isKept = ({ id, orders }) => kept.has(id) || followed(orders[0]);
  const { hidden, bundles } = findHidden(whole, isKept, wishes);
  const tree = hidden.size === 0 ? whole : nursery.get("rest", `${key}/${[...hidden]}`, () => plantTree(
    index, order => isThere(order) && !hidden.has(order), main));
  const isActive = waysTo(tree, (viewer === null ? [...new Set(tips)] : [tips[viewer]]).map(orderOf));
  const active = waysTo(tree, [orderOf(head)]);
  const isStale = order => {
    if (list[order].height === null || active(order)) return false;
    return viewer !== null ? holding.of(order) !== UNKNOWN : !followed(order);
  };
  const away = index.hasVotes ? "not confirmed" : "stale";
  const fills = rankTips(tips, hash => index.look(hash));
  const checkpoints = finality && nursery.get("checkpoints", `${viewer}/${index.age}/${finality.age}/${holding.touched}`, () =>
    findCheckpoints(finality, index, holding, viewer));
  return {
    list, tree, holding, head, fills, checkpoints, isActive, isStale, away, stateOf: order => STATES[holding.of(order)], bundles,
    hidden: hidden.size + bundles.size,
    ...tagsOf({ tips, best }, index, { tree, isStale, away, holding, bundles }),
  };
}

/** The block at the end of the straight lane: the best header chain, or when that is no better, the best tip. */
function findHead(state, index, viewer) {
  const candidates = viewer === null ? [...state.tips, ...state.best] : [state.tips[viewer], state.best[viewer]];
  const ranked = [...rankTips(candidates, hash => index.look(hash)).keys()];
  return ranked[0];
}

/** Tags by order: who stands there with blocks, who with headers only, and a word for what is unusual. */
function tagsOf({ tips, best }, index, { tree, isStale, away, holding, bundles }) {
  const tags = new Map();
  const standing = new Map();
  const stand = (hash, peer, kind) => {
    const order = index.get(hash)?.order ?? -1;
    if (!(tree.stretchOf[order] >= 0)) return;
    if (!standing.has(order)) standing.set(order, []);
    standing.get(order).push({ peer, kind });
  };
  tips.forEach((tip, peer) => stand(tip, peer, "tip"));
  best.forEach((header, peer) => {
    if (header !== null && header !== tips[peer] && index.isMore(header, tips[peer])) stand(header, peer, "best");
  });
  const say = (order, text) => tags.set(order, [{ key: `word:${order}`, kind: "word", text }]);
  for (const { isEnd, orders } of tree.stretches) {
    const order = orders.at(-1);
    if (isEnd && isStale(order) && holding.of(order) > INVALID) say(order, away);
  }
  for (const order of index.odd) {
    const state = holding.of(order);
    if ((state === INVALID || state === ORPHAN) && tree.stretchOf[order] !== NOWHERE) say(order, STATES[state]);
  }
  for (const order of bundles.keys()) say(order, "hidden");
  return { tags, standing };
}

/** Peers' names go into the tags; more than fit become a count, and the tooltip names them. */
export function fillTags({ tags, standing }, peers) {
  const filled = new Map();
  for (const [order, words] of tags) filled.set(order, [...words]);
  for (const [order, stands] of standing) {
    const list = filled.get(order) ?? [];
    const room = MOST_TAGS - list.length;
    const shown = stands.length > room ? stands.slice(0, room - 1) : stands;
    for (const { peer, kind } of shown) {
      list.push({ key: `${kind}:${peer}`, kind, peer, text: peers[peer] });
    }
    if (shown.length < stands.length) {
      list.push({ key: `more:${order}`, kind: "word", text: `+ ${stands.length - shown.length} more` });
    }
    filled.set(order, list);
  }
  return filled;
}
