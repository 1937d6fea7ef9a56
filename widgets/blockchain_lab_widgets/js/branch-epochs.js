// Which epochs are justified and final on the branch to a block, as the notes so far tell it.
//
// What a block justifies is as true as the block itself: it holds at every peer and for ever. So this is told once,
// whoever notes it, and never forgotten; only from when on a peer knows of it is the business of a fold.

const NONE = { justified: 0, finalised: 0 }; // the genesis

/** Both numbers of a block are the highest that any block of its branch says. */
export class BranchEpochs {
  #parents = new Map(); // block -> its parent
  #said = { justified: new Map(), finalised: new Map() }; // block -> epoch
  #found = new Map(); // block -> {justified, finalised}, of those that were asked for

  /** A block was accepted on its parent. */
  accept(block, parent) {
    if (this.#parents.get(block) === parent) return;
    this.#parents.set(block, parent);
    if (this.#found.has(block)) this.#found.clear(); // who asked came too early
  }

  /** @param {"justified"|"finalised"} what a block says of an epoch */
  tell(what, block, epoch) {
    const said = this.#said[what];
    if (epoch <= (said.get(block) ?? 0)) return;
    said.set(block, epoch);
    if (this.#found.has(block)) this.#found.clear();
  }

  /** @returns {{justified: number, finalised: number}} O(blocks up to one that was asked for before) */
  at(block) {
    const way = [];
    let at = block;
    while (at !== undefined && at !== null && !this.#found.has(at)) {
      way.push(at);
      this.#found.set(at, NONE); // whoever notes a ring of blocks comes round to here
      at = this.#parents.get(at);
    }
    let { justified, finalised } = this.#found.get(at) ?? NONE;
    for (const each of way.reverse()) {
      justified = Math.max(justified, this.#said.justified.get(each) ?? 0);
      finalised = Math.max(finalised, this.#said.finalised.get(each) ?? 0);
      this.#found.set(each, { justified, finalised });
    }
    return { justified, finalised };
  }
}
