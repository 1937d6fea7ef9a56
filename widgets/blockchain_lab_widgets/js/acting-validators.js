// What can be asked of a peer that may deposit, vote, leave and burn: a validator's rights, and their abuse.
import { formatCount } from "./describe.js";
import { asks, does } from "./acting-words.js";

const DEPOSITS = [100_000, 1_000_000, 10_000_000]; // units; the stories' founders have a million each
const BURNS = [100, 300, 1_000]; // units
export const MOST_CHECKPOINTS = 6; // to choose from: the newest, and the genesis

/** The checkpoints that a peer can name, with one more: the genesis, then the newest, each once. */
export function withCheckpoint(known, { block, epoch }) {
  if (known.some(each => each.block === block)) return known;
  const all = [...known, { block, epoch }];
  return all.length > MOST_CHECKPOINTS ? [all[0], ...all.slice(2)] : all;
}

/** By command, what a peer's node can be told to do with its rights; `off` is why it can do nothing now. */
export function ordersOfValidator({ state, index }, name, host, off) {
  const checkpoints = state.checkpoints[host];
  const why = off ?? (checkpoints.length ? undefined : "this chain has no validators");
  return {
    MakeDeposit: () => [asks("Deposit …", DEPOSITS.map(amount => does(
      `${formatCount(amount)} units`, { do: "MakeDeposit", peer: name, amount }, `${name} asked to deposit ${formatCount(amount)} units.`)), why)],
    AskExit: () => [does("Leave the validators", { do: "AskExit", peer: name }, `${name} asked to leave.`, why)],
    TakeDeposit: () => [does("Take the deposit back", { do: "TakeDeposit", peer: name }, `${name} asked for its deposit.`, why)],
    CastVote: () => [asks("Vote from …", getSources(index, name, checkpoints), why ?? (checkpoints.length > 1 ? undefined : "there is no checkpoint yet"))],
    BurnCoins: () => [asks("Burn …", BURNS.map(amount => does(
      `${formatCount(amount)} units`, { do: "BurnCoins", peer: name, amount }, `${name} burnt ${formatCount(amount)} units.`)), off)],
    RewriteHistory: () => [does("Rewrite history", { do: "RewriteHistory", peer: name }, `${name} showed another history.`, off)],
  };
}

// Any link between two checkpoints, upwards in epochs or not: commandments can be broken, that is what slashing is for.
function getSources(index, name, checkpoints) {
  const shown = ({ block, epoch }) => `${index.nameOf(block)}, epoch ${formatCount(epoch)}`;
  return checkpoints.map(source => asks(`${shown(source)}, to …`, checkpoints.filter(each => each !== source).map(target => does(
    shown(target), { do: "CastVote", peer: name, source: source.block, target: target.block },
    `${name} voted from ${index.nameOf(source.block)} to ${index.nameOf(target.block)}.`))));
}
