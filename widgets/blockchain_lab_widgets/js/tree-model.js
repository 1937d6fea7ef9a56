// What the block tree shows at the cursor: which blocks are there and in what state, who stands where. Pure.
import { FULL, HEADER, INVALID, ORPHAN, UNKNOWN, seenBy } from "./chain-fold.js";
import { rankTips } from "./palette.js";
import { markPath, plantTree } from "./tree-lanes.js";
import { MOST_TAGS } from "./tree-tags.js";

const STATES = { [UNKNOWN]: "unknown", [ORPHAN]: "orphan", [INVALID]: "invalid", [HEADER]: "header", [FULL]: "body" };

/**
 * @param {object} state of `chainFold`
 * @param {import("./blocks.js").BlockIndex} index
 * @param {boolean[]} off peers that are switched off
 * @param {number|null} viewer the peer through whose eyes we look; null for everybody together
 */
export function makeModel(state, index, viewer) {
  const { list } = index;
  const anybody = seenBy(state, null, list.length);
  const has = viewer === null ? anybody : seenBy(state, viewer, list.length);
  const orderOf = hash => index.get(hash)?.order;
  const everything = plantTree(index, order => anybody[order] !== UNKNOWN);
  const head = findHead(state, index, viewer);
  const active = markPath(everything, orderOf(head));
  const beyond = markPath(everything, orderOf(findHead(state, index, null)));
  const main = beyond[orderOf(head)] ? beyond : active; // to the eyes of one who is behind, the lane goes straight on
  const isThere = order => has[order] !== UNKNOWN || (anybody[order] !== UNKNOWN && main[order] === 1);
  const tree = viewer === null ? everything : plantTree(index, isThere);
  const followed = markFollowed(tree, state, orderOf);
  const fills = rankTips(state.tips, hash => index.look(hash));
  const isStale = order => {
    if (active[order] || list[order].height === null) return false;
    return viewer !== null ? has[order] !== UNKNOWN : !followed[order];
  };
  const stateOf = order => STATES[has[order]];
  return { list, tree, has, main, head, fills, isStale, stateOf, ...tagsOf(state, index, tree, isStale, has) };
}

/** The block at the end of the straight lane: the best header chain, or when that is no better, the best tip. */
function findHead(state, index, viewer) {
  const candidates = viewer === null ? [...state.tips, ...state.best] : [state.tips[viewer], state.best[viewer]];
  const ranked = [...rankTips(candidates, hash => index.look(hash)).keys()];
  return ranked[0];
}

/** Blocks on somebody's active chain or best header chain, as flags. A branch that nobody follows is stale. */
function markFollowed(tree, { tips, best }, orderOf) {
  const flags = new Uint8Array(tree.list.length);
  for (const hash of new Set([...tips, ...best])) {
    for (let order = orderOf(hash) ?? -1; order >= 0 && !flags[order]; order = tree.parents[order]) flags[order] = 1;
  }
  return flags;
}

/** Tags by order: who stands there with blocks, who with headers only, and a word for what is unusual. */
function tagsOf({ tips, best }, index, tree, isStale, has) {
  const tags = new Map();
  const standing = new Map();
  const add = (order, tag) => {
    if (!tags.has(order)) tags.set(order, []);
    tags.get(order).push(tag);
  };
  const placed = new Set(tree.orders);
  const stand = (hash, peer, kind) => {
    const order = index.get(hash)?.order;
    if (!placed.has(order)) return;
    if (!standing.has(order)) standing.set(order, []);
    standing.get(order).push({ peer, kind });
  };
  tips.forEach((tip, peer) => stand(tip, peer, "tip"));
  best.forEach((header, peer) => {
    if (index.look(header).height > index.look(tips[peer]).height) stand(header, peer, "best");
  });
  for (const order of [...tree.orders, ...tree.loose]) {
    const word = wordFor(order, tree, isStale, has);
    if (word) add(order, { key: `word:${order}`, kind: "word", text: word });
  }
  return { tags, standing };
}

function wordFor(order, tree, isStale, has) {
  if (has[order] === INVALID) return "invalid";
  if (has[order] === ORPHAN) return "orphan";
  return tree.children[order] === 0 && isStale(order) ? "stale" : null;
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
