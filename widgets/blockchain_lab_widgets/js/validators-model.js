// Who may vote on a branch, and who has: the rows of the validators view, its bars, and the account of a conflict. Pure.
import { tally } from "./finality-branch.js";

/**
 * @typedef {object} Cell what a validator has said in one epoch
 * @property {number} epoch
 * @property {"included"|"heard"|"elsewhere"|"missing"|"outside"} kind a block of this branch carries its vote; it is heard of and no
 *   block carries it; it was for another branch; nothing was heard; it is no member
 * @property {number|null} source epoch, of the vote that is shown
 * @property {string|null} target hash
 * @property {string|null} by hash of the block that carries it
 * @property {number} others votes of this epoch for something else: more than none break a commandment
 *
 * @typedef {object} Row
 * @property {string} name
 * @property {number} host of the peer of that name, -1 for none
 * @property {boolean} isForward
 * @property {boolean} isRear
 * @property {boolean} isOff its peer is switched off
 * @property {Cell[]} cells of the last epoch and of this one
 */

/** A row for each validator of a branch, in the order in which they came. O(validators x votes of each). */
export function listValidators(state, { finality, viewer, rows, peers, off }) {
  const [forward, rear] = [new Set(state.forward), new Set(state.rear)];
  const hosts = new Map(peers.map((name, host) => [name, host]));
  const epochs = epochsOf(state);
  return [...state.validators].map(([name, validator]) => {
    const host = hosts.get(name) ?? -1;
    const [isForward, isRear] = [forward, rear].map(set => set.has(name));
    const heard = finality.votesHeard(name, viewer, rows);
    const cells = epochs.map(epoch => findCell(state, epoch, name, heard, isForward || isRear));
    return { ...validator, name, host, isForward, isRear, isOff: host >= 0 && off[host], cells };
  });
}

/** The last epoch and this one; of the first there is no last one, and nobody votes in epoch 0. */
export function epochsOf({ epoch }) {
  return epoch === null || epoch < 1 ? [] : [epoch - 1, epoch].filter(each => each > 0);
}

function findCell({ counted, checkpoints }, epoch, name, heard, isMember) {
  const votes = heard.filter(({ target_epoch: target }) => target === epoch);
  const vote = counted.get(epoch)?.get(name);
  const others = target => votes.filter(each => each.target !== target).length;
  if (vote) return { epoch, kind: "included", source: vote.source ?? votes.find(({ target }) => target === vote.target)?.source_epoch ?? null, target: vote.target, by: vote.by, others: others(vote.target) };
  const own = votes.find(({ target }) => target === checkpoints.get(epoch)) ?? votes.at(-1);
  if (!own) return { epoch, kind: isMember ? "missing" : "outside", source: null, target: null, by: null, others: 0 };
  const kind = own.target === checkpoints.get(epoch) ? "heard" : "elsewhere";
  return { epoch, kind, source: own.source_epoch, target: own.target, by: null, others: others(own.target) };
}

/** What the link of this epoch has of both sets: {side, votes, total, isEnough}; none before the first epoch. */
export function listTallies(state) {
  if (!state.epoch) return [];
  return ["forward", "rear"].map(side => {
    const { votes, total } = tally(state, side);
    return { side, votes, total, isEnough: 3 * votes >= 2 * total };
  });
}

/** Do two votes of one validator break a commandment? "double", "surround" or null; as the paper has it. */
export function compareVotes(one, other) {
  if (one.target === other.target && one.source === other.source) return null;
  if (one.target_epoch === other.target_epoch) return "double";
  const [outer, inner] = one.target_epoch > other.target_epoch ? [one, other] : [other, one];
  return outer.source_epoch < inner.source_epoch ? "surround" : null;
}

/** Those of whom a peer has heard two votes that break a commandment: Map(name -> reason). O(validators x votes^2). */
export function findOffenders(finality, viewer, rows) {
  const found = new Map();
  for (const name of finality.votes.keys()) {
    const heard = finality.votesHeard(name, viewer, rows);
    const reason = heard.flatMap((one, at) => heard.slice(at + 1).map(other => compareVotes(one, other))).find(Boolean);
    if (reason) found.set(name, reason);
  }
  return found;
}

/**
 * The account of a conflict that a peer knows of: who can be slashed for it, and how much that is. Null without one.
 *
 * @returns {{block, epoch, anchor, slashable: string[], weight: number, total: number, isEnough: boolean}|null} `weight` and `total` in
 *   units, before anybody was slashed; `isEnough`: a third, as the theorem says
 */
export function findAccount(state, finality, viewer, rows) {
  const conflict = finality.lastOf("conflicts", viewer, rows)?.facts;
  if (!conflict) return null;
  const { block, epoch, anchor } = conflict;
  const isTold = Array.isArray(conflict.slashable) && conflict.weight >= 0 && conflict.total > 0;
  const { slashable, weight, total } = isTold ? conflict : countOffenders(state, [...findOffenders(finality, viewer, rows).keys()]);
  return { block, epoch, anchor, slashable, weight, total, isEnough: 3 * weight >= total };
}

function countOffenders({ validators, forward, rear }, slashable) {
  const worth = name => (validators.get(name)?.deposit ?? 0) + (validators.get(name)?.slashed?.amount ?? 0);
  const sum = names => [...names].reduce((units, name) => units + worth(name), 0);
  return { slashable, weight: sum(slashable), total: sum(new Set([...forward, ...rear, ...slashable])) };
}

/** The largest deposit that anybody has or had: the scale of all bars. */
export function findScale(list) {
  return list.reduce((most, row) => Math.max(most, (row.deposit ?? 0) + lostBy(row)), 1);
}

/** What a validator has lost so far: by the leak, and by being slashed. */
export function lostBy({ leaked, slashed }) {
  return leaked + (slashed?.amount ?? 0);
}
