// The block tree as rows of a table: all blocks at the cursor, newest first.
import { UNKNOWN } from "./chain-fold.js";
import { findFirst, formatWork, nameState } from "./tree-words.js";

export const COLUMNS = ["Block", "Height", "State", "Work", "First seen", "Tips on it"];

/**
 * @param {import("./tree-model.js").Model} model with nothing hidden
 * @param {boolean} isAlone only what one peer knows: who saw a block first it does not
 * @returns {{name: string, cells: (string|number|null)[]}[]} O(blocks)
 */
export function listBlocks(trace, model, index, isAlone = false) {
  const { list, holding, standing } = model;
  const orders = [...index.unplaced, ...[...index.byHeight].reverse()].filter(order => holding.of(order) !== UNKNOWN);
  return orders.map(order => {
    const block = list[order];
    const first = isAlone ? null : findFirst(trace, block);
    const tips = (standing.get(order) ?? []).map(({ peer, kind }) => (kind === "best" ? `headers of ${trace.peers[peer]}` : trace.peers[peer]));
    return {
      name: `block:${block.hash}`,
      cells: [
        block.name, block.height, nameState(model, order), block.work ? formatWork(block.work) : null,
        first && `${first.when}, ${first.who}`, tips.join(", ") || null,
      ],
    };
  });
}
