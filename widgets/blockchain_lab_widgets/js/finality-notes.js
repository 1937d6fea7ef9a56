// What notes on checkpoints, validators and lotteries say, and what validators are told to do, in sentences that stand alone.
import { listNames } from "./acting-words.js";
import { formatCount } from "./describe.js";

const onBranch = ({ facts, nameOf }) => (facts.by ? `: block ${nameOf(facts.by)} says so` : "");
const link = ({ facts, nameOf }) => `${nameOf(facts.source)} → ${nameOf(facts.target)}`;

export const FINALITY_NOTES = {
  "block proposed": ({ me, block, facts }) => `${me} sees that block ${block} is by ${facts.proposer}`,
  "checkpoint reached": ({ facts, nameOf }) => `epoch ${formatCount(facts.epoch)} begins: ${nameOf(facts.block)} is its checkpoint`,
  "checkpoint justified": words => {
    const { me, facts, nameOf } = words;
    const { source, votes, total } = facts;
    return `${nameOf(facts.block)}, checkpoint of epoch ${formatCount(facts.epoch)}, is justified to ${me} by ${formatCount(votes)} of ${formatCount(total)} for the link from ${nameOf(source)}${onBranch(words)}`;
  },
  "checkpoint finalised": words =>
    `${words.nameOf(words.facts.block)}, checkpoint of epoch ${formatCount(words.facts.epoch)}, is final to ${words.me}${words.facts.child ? `, for its child ${words.nameOf(words.facts.child)} is justified by it` : ""}${onBranch(words)}`,
  "dynasty began": ({ facts, nameOf }) => `dynasty ${formatCount(facts.dynasty)} begins with block ${nameOf(facts.by)}: ${listNames(facts.forward)} may vote`,
  "vote sent": words => `${words.me} votes for ${link(words)}`,
  "vote heard": words => `${words.me} hears that ${words.facts.validator} votes for ${link(words)}`,
  "vote counted": ({ facts, nameOf }) => `block ${nameOf(facts.by)} carries the vote of ${facts.validator} for ${nameOf(facts.target)}, which weighs ${formatCount(facts.weight)}`,
  "operation refused": ({ me, facts }) => `${me} refuses ${/^[aeiou]/.test(facts.kind) ? "an" : "a"} ${facts.kind}${facts.from ? ` from ${facts.from}` : ""}: ${facts.detail || facts.rule}`,
  "evidence found": ({ me, facts }) => `${me} has two votes of ${facts.validator} that break a commandment`,
  "deposit made": ({ facts }) => `${facts.validator} deposits ${formatCount(facts.amount)} and is a validator from dynasty ${formatCount(facts.starts)} on`,
  "exit asked": ({ facts }) => `${facts.validator} asks to leave, and does with dynasty ${formatCount(facts.ends)}`,
  "withdrawn": ({ facts }) => `${facts.validator} is paid out ${formatCount(facts.amount)}`,
  "slashed": ({ facts, nameOf }) =>
    `${facts.validator} is slashed in block ${nameOf(facts.by)}: a ${facts.reason} vote costs ${formatCount(facts.amount)}, and ${facts.finder} gets ${formatCount(facts.bounty)}`,
  "deposits changed": ({ facts }) => `epoch ${formatCount(facts.epoch)} is settled${facts.leak ? ": deposits leak, for nothing has become final for long" : ""}`,
  "anchor moved": ({ me, facts, nameOf }) => `${me} will never leave the branch to ${nameOf(facts.block)} again`,
  "anchor told": ({ me, facts, nameOf }) => `${me} takes over the checkpoint ${nameOf(facts.block)}${facts.from ? ` of ${facts.from}` : ""}, whom it trusts`,
  "finality conflict": ({ me, facts, nameOf }) => `${me} holds on to ${nameOf(facts.anchor)}, and another branch calls ${nameOf(facts.block)} final: a third must have broken a commandment`,
  "finality loaded": ({ me, facts }) => `${me} knows who may vote at the start: ${listNames(facts.forward)}`,
  lottery: ({ me, facts }) => `${me} knows who has which share in the lottery: ${listNames(Object.entries(facts.shares).map(([name, units]) => `${name} ${formatCount(units)}`))}`,
};

export const FINALITY_COMMANDS = {
  MakeDeposit: ({ me, facts }) => `${me} is told to deposit ${formatCount(facts.amount)}`,
  AskExit: ({ me }) => `${me} is told to ask to leave`,
  TakeDeposit: ({ me }) => `${me} is told to take its deposit back`,
  BurnCoins: ({ me, facts }) => `${me} is told to burn ${formatCount(facts.amount)}`,
  CastVote: ({ me, facts }) => `${me} is told to vote for ${String(facts.source).slice(0, 6)} → ${String(facts.target).slice(0, 6)}, whatever it costs`,
  RewriteHistory: ({ me }) => `${me} is told to make another history with the keys that it holds`,
};

export const FINALITY_ACTIONS = {
  MakeDeposit: ({ peer, amount }) => `${peer} shall deposit ${formatCount(amount)}`,
  AskExit: ({ peer }) => `${peer} shall ask to leave`,
  TakeDeposit: ({ peer }) => `${peer} shall take its deposit back`,
  BurnCoins: ({ peer, amount }) => `${peer} shall burn ${formatCount(amount)}`,
  CastVote: ({ peer }) => `${peer} shall vote, whatever it costs`,
  RewriteHistory: ({ peer }) => `${peer} shall rewrite history`,
};
