// One branch from the genesis to its head, with what the sentences about Casper are about: dynasties, exits, rewards. Pure.

/**
 * @typedef {object} Walk
 * @property {{hash, height, name, dynasty}[]} blocks by height
 * @property {Map<string, number>} checkpoints hash -> epoch
 * @property {number} finals how many checkpoints have become final, the genesis not counted
 * @property {Map<number, number>} starts dynasty -> epoch in which it began
 * @property {{validator, ends, asked}[]} exits `ends` a dynasty, `asked` the epoch of the block that carries the request
 * @property {Map<string, number>} withdrawn validator -> epoch
 * @property {string|null} voted hash of the last block that carries a vote
 * @property {{source: number, target: string, epoch: number}|null} vote the last one
 * @property {{epoch: number, of: {name, before, after, voted}[]}|null} gains deposits before and after the last epoch that changed any
 */

/**
 * What a peer's notes tell of the branch to a block. O(height).
 *
 * @param {number} length of an epoch, in blocks
 * @returns {Walk}
 */
export function walkBranch(index, finality, head, host, length) {
  const way = [];
  for (let at = index.get(head); at; at = index.get(at.parent)) way.push(at);
  const walk = {
    blocks: [], checkpoints: new Map(), finals: 0, dynasty: 0, starts: new Map([[0, 0]]), exits: [], withdrawn: new Map(), voted: null, vote: null,
    gains: null, deposits: new Map(), voters: new Map(),
  };
  for (const { hash, height, name } of way.reverse()) {
    const place = { hash, epoch: Math.floor(height / length) };
    for (const facts of finality.factsOf(hash, host)) if (Object.hasOwn(TOPICS, facts.topic)) TOPICS[facts.topic](walk, facts, place);
    walk.blocks.push({ hash, height, name, dynasty: walk.dynasty });
  }
  return walk;
}

const TOPICS = {
  "finality loaded"(walk, { block, deposits }) {
    walk.checkpoints.set(block, 0);
    for (const [name, units] of Object.entries(deposits)) walk.deposits.set(name, units);
  },
  "dynasty began"(walk, { dynasty }, { epoch }) {
    walk.dynasty = dynasty;
    walk.starts.set(dynasty, epoch);
  },
  "checkpoint reached"(walk, { block, epoch }) {
    walk.checkpoints.set(block, epoch);
  },
  "checkpoint finalised"(walk) {
    walk.finals += 1;
  },
  "exit asked"(walk, { validator, ends }, { epoch }) {
    walk.exits.push({ validator, ends, asked: epoch });
  },
  "deposit made"(walk, { validator, amount }) {
    walk.deposits.set(validator, amount);
  },
  "withdrawn"(walk, { validator }, { epoch }) {
    walk.withdrawn.set(validator, epoch);
    walk.deposits.delete(validator);
  },
  "slashed"(walk, { validator, amount }) {
    walk.deposits.set(validator, Math.max(0, (walk.deposits.get(validator) ?? amount) - amount));
  },
  "vote counted"(walk, { validator, target, target_epoch: epoch, source_epoch: source = epoch - 1 }, { hash }) {
    Object.assign(walk, { voted: hash, vote: { source, target, epoch } });
    if (!walk.voters.has(epoch)) walk.voters = new Map([[epoch, new Set()]]);
    walk.voters.get(epoch).add(validator);
  },
  "deposits changed"(walk, { epoch, deposits }) {
    const voters = walk.voters.get(epoch) ?? new Set();
    const known = Object.entries(deposits).filter(([name]) => walk.deposits.get(name) > 0);
    walk.gains = { epoch, of: known.map(([name, after]) => ({ name, before: walk.deposits.get(name), after, voted: voters.has(name) })) };
    for (const [name, units] of Object.entries(deposits)) walk.deposits.set(name, units);
  },
};
