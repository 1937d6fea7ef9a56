// Lights up what is selected or pointed at, in elements that are drawn already. Nothing is built or moved here.
import { setAttributes } from "./dom.js";
import { readVote } from "./finality-index.js";
import { markOn } from "./tree-tags.js";

/** The blocks that a name of the selection grammar is about: a block itself, a vote's target, or those of a record. */
export function blocksOf({ trace, branch }, name) {
  if (name?.startsWith("block:")) return [name.slice(6)];
  if (name?.startsWith("vote:")) return [readVote(name).target];
  const [, on, row] = name?.match(/^record:(\d+):(\d+)$/) ?? [];
  if (row === undefined || Number(on) !== branch || Number(row) >= trace.length) return [];
  const { blocks, hash } = trace.record(Number(row)).facts;
  return blocks ?? (hash === undefined ? [] : [hash]);
}

/** The names that a name stands for: a peer, each peer of a group, a block, each block of a record. */
function namesOf(store, name) {
  if (name?.startsWith("group:")) return name.slice(6).split(",").map(peer => `peer:${store.trace.peers[peer]}`);
  const blocks = blocksOf(store, name).map(hash => `block:${hash}`);
  return blocks.length ? blocks : [name];
}

/** Toggle the classes of all elements in `root` that carry a `data-name`. O(elements). */
export function lightUp(root, store) {
  const [selected, hovered] = [new Set(namesOf(store, store.selection)), new Set(namesOf(store, store.hover))];
  const isBlocks = /^(record|vote):/.test(store.selection); // a record is selected, not its blocks
  for (const mark of root.querySelectorAll("[data-name]")) {
    const { name } = mark.dataset;
    const isSelected = selected.has(name) && !isBlocks;
    mark.classList.toggle("bl-selected", isSelected);
    mark.classList.toggle("bl-about", selected.has(name) && isBlocks);
    mark.classList.toggle("bl-hover", hovered.has(name));
    setAttributes(mark, { "aria-pressed": String(isSelected) });
  }
}

/** A tick on the bar of a run where a block is that lies in it: pointed at, or of the selected record. */
export function tickRuns({ runs, runOf, layout, model }, store, index) {
  const marked = [...blocksOf(store, store.hover), ...blocksOf(store, store.selection)].map(hash => index.get(hash));
  const ticks = new Map();
  for (const block of marked) {
    const run = block && layout.spotOf(block.order);
    if (run?.orders && !ticks.has(run.key)) ticks.set(run.key, markOn(run, block, model.list) - run.x - 2);
  }
  for (const key of runOf.keys()) {
    const x = ticks.get(key);
    setAttributes(runs.live.get(key).lastChild, { x: x ?? null, visibility: x === undefined ? "hidden" : null });
  }
}
