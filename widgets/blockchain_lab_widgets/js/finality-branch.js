// The state behind a block: epoch, dynasty, validators, votes, shares, as its branch's notes tell it. Pure.
//
// A branch is folded from the genesis to the block; two branches have two states, and no state needs a clock.

const MOST_STATES = 48; // kept: a cursor that walks passes through neighbours
const EPOCHS = 4; // of votes that are kept

/**
 * @typedef {object} Validator as a branch knows it
 * @property {number|null} deposit units; null while no note told it
 * @property {number|null} starts first dynasty; 0 for who was there from the start
 * @property {number|null} ends first dynasty without it; null while it stays
 * @property {number} leaked units that were lost while nothing became final
 * @property {{reason, amount, finder, bounty, by}|null} slashed
 * @property {number|null} withdrawn units
 *
 * @typedef {object} BranchState
 * @property {string} head
 * @property {number} blocks from height 1 to the head
 * @property {number|null} epoch of the last checkpoint; null where there is none
 * @property {number|null} dynasty
 * @property {string[]} forward names of those who vote in this epoch, as are those of `rear`
 * @property {{forward, rear}} next those of the last dynasty that began: they vote from the next epoch on
 * @property {{block, epoch}} justified the highest; the genesis is that of epoch 0
 * @property {{block, epoch}} finalised
 * @property {{block, epoch}} source what was justified when the epoch began: where its votes should begin
 * @property {boolean} leaks
 * @property {Map<number, string>} checkpoints epoch -> hash
 * @property {Map<string, Validator>} validators
 * @property {Map<string, number>} weights what a vote weighs in this epoch: deposits at its start
 * @property {Map<number, Map<string, {target, source, weight, rear, by}>>} counted epoch -> validator -> its vote in a block
 * @property {Map<string, number>} shares of the next block's lottery; empty where nobody tells
 * @property {Map<string, {blocks, expected, variance}>} luck name -> blocks on this branch against what shares promised
 */

function start(genesis) {
  return {
    head: genesis, blocks: 0, epoch: null, dynasty: null, forward: [], rear: [], next: {},
    justified: { block: genesis, epoch: 0 }, finalised: { block: genesis, epoch: 0 }, source: { block: genesis, epoch: 0 }, leaks: false,
    checkpoints: new Map([[0, genesis]]), validators: new Map(), weights: new Map(), counted: new Map(), shares: new Map(), luck: new Map(),
  };
}

function copy(state) {
  const { counted, checkpoints, validators, luck } = state;
  const kept = [...counted].slice(-EPOCHS).map(([epoch, votes]) => [epoch, new Map(votes)]);
  return { ...state, checkpoints: new Map(checkpoints), validators: new Map(validators), counted: new Map(kept), luck: new Map(luck) };
}

const NOBODY = { deposit: null, starts: null, ends: null, leaked: 0, slashed: null, withdrawn: null };

/** Others may stand on the old one: a validator is replaced, never changed. */
function change({ validators }, name, fields) {
  validators.set(name, { ...NOBODY, ...validators.get(name), ...fields });
}

const TOPICS = {
  "finality loaded"(state, { epoch, forward, rear, deposits }) {
    Object.assign(state, { epoch, dynasty: 0, forward, rear, next: { forward, rear } });
    for (const [name, units] of Object.entries(deposits)) change(state, name, { deposit: units, starts: 0 });
    state.weights = weigh(state);
  },
  "checkpoint reached"(state, { block, epoch }) {
    state.checkpoints.set(epoch, block);
    Object.assign(state, { epoch: Math.max(state.epoch ?? 0, epoch), source: state.justified, weights: weigh(state), ...state.next });
  },
  "checkpoint justified"(state, { block, epoch, source, source_epoch }) {
    if (!state.checkpoints.has(source_epoch)) state.checkpoints.set(source_epoch, source);
    if (epoch > (state.justified.epoch)) state.justified = { block, epoch };
  },
  "checkpoint finalised"(state, { block, epoch }) {
    if (epoch > (state.finalised.epoch)) state.finalised = { block, epoch };
  },
  "dynasty began"(state, { dynasty, forward, rear }) {
    Object.assign(state, { dynasty, next: { forward, rear } });
    if (state.epoch === null) Object.assign(state, state.next);
    for (const name of forward) if ((state.validators.get(name)?.starts ?? null) === null) change(state, name, { starts: dynasty });
    if (state.weights.size === 0) state.weights = weigh(state);
  },
  "deposits changed"(state, { leak, deposits }) {
    for (const [name, units] of Object.entries(deposits)) {
      const { deposit = null, leaked = 0 } = state.validators.get(name) ?? {};
      const lost = leak && deposit !== null ? Math.max(0, deposit - units) : 0;
      change(state, name, { deposit: units, leaked: leaked + lost });
    }
    state.leaks = leak;
  },
  "deposit made"(state, { validator, amount, starts }) {
    change(state, validator, { deposit: amount, starts });
  },
  "exit asked"(state, { validator, ends }) {
    change(state, validator, { ends });
  },
  "withdrawn"(state, { validator, amount }) {
    change(state, validator, { withdrawn: amount, deposit: 0 });
  },
  "slashed"(state, { validator, reason, amount, finder, bounty, by, ends = null }) {
    const { slashed, deposit, ends: before } = state.validators.get(validator) ?? NOBODY;
    if (slashed?.by === by) return; // said twice
    const left = deposit === null ? null : Math.max(0, deposit - amount);
    change(state, validator, { slashed: { reason, amount, finder, bounty, by }, deposit: left, ends: ends ?? before });
  },
  "vote counted"(state, { validator, target, target_epoch, source_epoch = null, weight, rear_weight: rear = weight, by }) {
    if (!state.counted.has(target_epoch)) state.counted.set(target_epoch, new Map());
    state.counted.get(target_epoch).set(validator, { target, source: source_epoch, weight, rear, by });
  },
  "lottery"(state, { shares }) {
    state.shares = new Map(Object.entries(shares));
  },
};

const weigh = ({ validators }) => new Map([...validators].map(([name, { deposit }]) => [name, deposit ?? 0]));

/** A block is drawn from the shares behind its parent: what they promised is added up, with its variance. */
function drawLot({ luck, shares }, proposer) {
  const total = [...shares.values()].reduce((sum, units) => sum + units, 0);
  for (const [name, units] of total ? shares : []) {
    const { blocks = 0, expected = 0, variance = 0 } = luck.get(name) ?? {};
    const chance = units / total;
    luck.set(name, { blocks, expected: expected + chance, variance: variance + chance * (1 - chance) });
  }
  if (proposer === undefined) return;
  const { blocks = 0, expected = 0, variance = 0 } = luck.get(proposer) ?? {};
  luck.set(proposer, { blocks: blocks + 1, expected, variance });
}

/** States of blocks, folded when they are asked for; those that were asked for last are kept. */
export class BranchStates {
  #states = new Map(); // "host/hash" -> BranchState
  #age = "";

  /**
   * @param {import("./blocks.js").BlockIndex} index
   * @param {import("./finality-index.js").FinalityIndex} finality both kept up to date by whoever owns them
   */
  constructor(index, finality) {
    Object.assign(this, { index, finality });
  }

  /**
   * The state behind a block, as a peer tells it; read it, do not change it. O(blocks since the nearest state that is kept).
   *
   * @param {string|null} hash null for no block: the state before all notes
   * @param {number|null} host
   * @returns {BranchState}
   */
  at(hash, host) {
    const { index, finality } = this;
    const age = `${index.age}/${finality.age}`;
    if (age !== this.#age) this.#states.clear();
    this.#age = age;
    const way = [];
    let at = index.get(hash);
    while (at && !this.#states.has(`${host}/${at.hash}`)) {
      way.push(at);
      at = index.get(at.parent);
    }
    let state = at ? this.#states.get(`${host}/${at.hash}`) : start(way.at(-1)?.hash ?? hash);
    if (!way.length) return state;
    state = copy(state);
    for (const block of way.reverse()) this.#step(state, block, host);
    this.#keep(`${host}/${hash}`, state);
    return state;
  }

  #step(state, { hash, height }, host) {
    const facts = this.finality.factsOf(hash, host);
    if (height > 0) drawLot(state, facts.find(({ topic }) => topic === "block proposed")?.proposer);
    Object.assign(state, { head: hash, blocks: height ?? state.blocks });
    for (const each of facts) if (Object.hasOwn(TOPICS, each.topic)) TOPICS[each.topic](state, each);
  }

  #keep(key, state) {
    this.#states.set(key, state);
    if (this.#states.size > MOST_STATES) this.#states.delete(this.#states.keys().next().value);
  }
}

/**
 * What the validators of a set have voted for the link that the epoch expects, and what all of them weigh.
 *
 * @param {"forward"|"rear"} side
 * @returns {{votes: number, total: number}} units
 */
export function tally(state, side) {
  const { counted, weights, checkpoints, epoch, source } = state;
  const votes = counted.get(epoch) ?? new Map();
  const target = checkpoints.get(epoch);
  let [sum, total] = [0, 0];
  for (const name of state[side]) {
    const vote = votes.get(name);
    total += weights.get(name) ?? 0;
    if (vote?.target === target && (vote.source === null || vote.source === source.epoch)) sum += side === "rear" ? vote.rear : vote.weight;
  }
  return { votes: sum, total };
}
