// What the sentences about Casper are compared by: a peer's own branch at the cursor, folded from the notes. No elements.
import { BlockIndex } from "./blocks.js";
import { chainFold } from "./chain-fold.js";
import { BranchStates } from "./finality-branch.js";
import { FinalityIndex } from "./finality-index.js";
import { Folded } from "./fold.js";
import { walkBranch } from "./readings-branch.js";
import { readScene } from "./readings-model.js";
import { tellMissing, tellReading } from "./readings-words.js";
import { listValidators } from "./validators-model.js";

const MOST_OTHERS = 4; // branches beside the peer's own

/** The validator that a name of the selection grammar means, or null. */
export function validatorOf(selection) {
  return selection?.match(/^(?:peer|validator):(.*)$/s)?.[1] ?? null;
}

/** All sentences of a trace with what they come to, for any peer at any event. */
export class Readings {
  constructor(trace) {
    this.trace = trace;
    this.index = new BlockIndex(trace);
    this.finality = new FinalityIndex(trace);
    this.folded = new Folded(trace, chainFold(this.index));
    this.states = new BranchStates(this.index, this.finality);
  }

  /**
   * @param {number} rows records that have happened
   * @param {number} viewer host
   * @param {string|null} options.chosen the validator that is looked at first
   * @param {boolean} options.isAlone are other peers' branches unknown, as under a lens?
   * @returns {{list: {about, says, holds, source, values, words, missing}[], scene: object|null, isOff: boolean}} an empty list
   *   where nothing can be compared
   */
  look(rows, viewer, { chosen = null, isAlone = false } = {}) {
    const { trace, index, finality, states } = this;
    index.update();
    finality.update();
    const { tips, off } = this.folded.at(rows);
    const head = viewer >= 0 && !off[viewer] ? (tips[viewer] ?? null) : null;
    if (!trace.readings || head === null || !finality.isThere) return { list: [], scene: null, isOff: off[viewer] === true };
    const { sentences, rules } = trace.readings;
    const walk = walkBranch(index, finality, head, viewer, rules.epoch_length);
    const state = states.at(head, viewer);
    const cells = listValidators(state, { finality, viewer, rows, peers: trace.peers, off }).map(row => row.cells.at(-1));
    const scene = {
      rules, walk, state, voted: walk.voted === null ? null : states.at(walk.voted, viewer), others: isAlone ? [] : this.#findOthers(tips, off, viewer),
      chosen, waiting: cells.filter(cell => cell?.kind === "heard").length,
      peers: trace.peers, nameOf: hash => index.nameOf(hash),
    };
    const names = { ...scene, nameAt: height => walk.blocks[height]?.name ?? `B${height}` };
    const list = sentences.map(sentence => {
      const values = readScene(sentence.about, scene);
      return { ...sentence, values, words: tellReading(sentence.about, values, names), missing: tellMissing(sentence.about, sentence.story) };
    });
    return { list, scene, isOff: false };
  }

  /** Where the other peers' branches end, each end once. O(peers). */
  #findOthers(tips, off, viewer) {
    const first = new Map();
    tips.forEach((tip, host) => {
      if (!off[host] && tip !== null && tip !== tips[viewer] && !first.has(tip)) first.set(tip, host);
    });
    return [...first].slice(0, MOST_OTHERS).map(([head, host]) => ({ name: this.trace.peers[host], head, dynasty: this.states.at(head, host).dynasty ?? 0 }));
  }
}
