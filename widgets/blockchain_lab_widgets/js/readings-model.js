// Each sentence about Casper and what popular texts make of it, as numbers of one branch at the cursor. Pure.
import { drawCommittee, findGrowingEpoch, findHastyHeight, findHastyWithdrawal, findVagueCheckpoints } from "./readings-misread.js";

/** What texts say a deposit must be: EIP-1011's MIN_DEPOSIT_SIZE, and the beacon chain's, which came later. In coins. */
export const DEPOSITS = { rule: 1500, misread: 32 };

/**
 * @typedef {object} Scene
 * @property {object} rules of the head's `readings`
 * @property {import("./readings-branch.js").Walk} walk
 * @property {import("./finality-branch.js").BranchState} state behind the head
 * @property {import("./finality-branch.js").BranchState|null} voted state behind the last block that carries a vote
 * @property {{name: string, head: string, dynasty: number}[]} others tips of other peers' branches
 * @property {string|null} chosen the validator that is selected
 * @property {number} waiting votes that the peer has heard and no block carries yet
 */

const READ = {
  "epoch"({ rules, walk }) {
    const height = walk.blocks.length - 1;
    const number = Math.floor(height / rules.epoch_length);
    const misread = findGrowingEpoch(height, rules.epoch_length);
    return { height, number, begins: number * rules.epoch_length, misread, parts: number !== misread.number };
  },
  "checkpoint"({ walk, state }) {
    const misread = findVagueCheckpoints(heightOf(walk, state.finalised.block), walk.blocks.length - 1);
    const epoch = state.epoch ?? 0;
    return { hash: state.checkpoints.get(epoch), epoch, count: walk.checkpoints.size, misread, parts: misread.to >= misread.from };
  },
  "dynasty"({ walk, others }) {
    const elsewhere = others.filter(({ dynasty }) => dynasty !== walk.dynasty);
    return { dynasty: walk.dynasty, misread: walk.finals, elsewhere, parts: walk.finals > 0 };
  },
  "finality"({ rules, walk, state }) {
    const [final, justified] = [state.finalised, state.justified].map(({ block }) => heightOf(walk, block));
    const misread = findHastyHeight(state.justified.epoch, rules.epoch_length, walk.blocks.length - 1);
    return { final, justified, epoch: state.justified.epoch, misread, parts: misread !== final };
  },
  "withdrawal"({ rules, walk, state, chosen }) {
    const exit = walk.exits.find(({ validator }) => validator === chosen) ?? walk.exits.at(-1);
    if (!exit) return null;
    const begins = walk.starts.get(exit.ends + rules.withdrawal_after) ?? null;
    const misread = findHastyWithdrawal(exit.asked, rules.withdrawal_delay);
    const allowed = begins === null ? null : begins + rules.withdrawal_delay;
    return { ...exit, begins, allowed, misread, now: state.epoch ?? 0, taken: walk.withdrawn.get(exit.validator) ?? null, parts: allowed !== misread };
  },
  "deposit"({ rules, walk }) {
    const coins = [...walk.deposits].map(([name, units]) => ({ name, units, coins: units / rules.coin }));
    const least = coins.reduce((less, each) => (less === null || each.units < less.units ? each : less), null);
    return { minimum: rules.minimum_deposit, coins, least, parts: true };
  },
  "who votes"({ voted }) {
    if (!voted) return null;
    const members = [...new Set([...voted.forward, ...voted.rear])];
    const votes = new Set(voted.counted.get(voted.epoch)?.keys());
    const drawn = drawCommittee(members, voted.epoch);
    return { epoch: voted.epoch, members, voted: members.filter(name => votes.has(name)), drawn, parts: drawn.length < members.length };
  },
  "stake"({ walk }) {
    if (!walk.vote) return null;
    const shares = (walk.gains?.of ?? []).map(each => ({ ...each, share: each.after / each.before - 1 }));
    const bounds = hasVoted => findBounds(shares.filter(({ voted }) => voted === hasVoted).map(({ share }) => share));
    return { ...walk.vote, bet: walk.blocks.at(-1).hash, paid: walk.gains?.epoch ?? null, voters: bounds(true), silent: bounds(false), parts: true };
  },
  "consensus"({ walk, waiting }) {
    return { next: walk.blocks.length, waiting, parts: true };
  },
};

function findBounds(numbers) {
  return numbers.length ? { least: Math.min(...numbers), most: Math.max(...numbers) } : null;
}

/** The height of a block of a branch; 0 for one that is not on it. */
function heightOf({ blocks, checkpoints }, hash) {
  return checkpoints.has(hash) ? Math.max(0, blocks.findLastIndex(block => block.hash === hash)) : 0;
}

/**
 * The values of one sentence; null where this run has no example yet. `parts`: do rule and popular text give different answers here?
 *
 * @param {string} about which sentence
 * @param {Scene} scene
 */
export function readScene(about, scene) {
  return Object.hasOwn(READ, about) ? READ[about](scene) : null;
}
