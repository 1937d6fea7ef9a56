// What notes on channels, a rollup and a bridge say, and what their peers are told to do, in sentences.
import { countOf, formatCount } from "./describe.js";

const ACTIONS = {
  transfer: "pays somebody on the chain", fund: "opens a channel", "close-both": "closes a channel, both have signed",
  "close-alone": "closes a channel alone", punish: "proves that an old state was posted", settle: "asks for what was posted",
  "enter-rollup": "enters the rollup", "post-batch": "posts a batch", prove: "objects to a batch", claim: "claims an exit",
  depart: "sends coins to the other chain", arrive: "says what has left the other chain",
};
const call = ({ sender, nonce, action }) => `${sender}'s call ${formatCount(nonce)}, which ${ACTIONS[action] ?? action}`;
const coins = amount => countOf(amount, "coin");
const shares = facts => `${coins(facts.opener_coins)} for ${facts.opener}, ${formatCount(facts.partner_coins)} for ${facts.partner}`;
const parcel = ({ amount, name }) => `${coins(amount)} of ${name}'s`;

export const SETTLEMENT_NOTES = {
  "call made": ({ me, facts }) => `${me} signs ${call(facts)}`,
  "call heard": ({ me, facts }) => `${me} hears ${call(facts)}`,
  "call refused": ({ me, facts }) => `${me} does not keep ${call(facts)}: ${facts.detail}`,
  "call carried": ({ facts, nameOf, me }) => `${carrierOf(facts, nameOf)} at ${me} carries ${call(facts)}`,
  "call undone": ({ facts, nameOf, me }) => `${me} leaves ${carrierOf(facts, nameOf)}: ${call(facts)}, has not happened`,
  "call dropped": ({ me, facts }) => `${me} forgets ${call(facts)}: ${facts.reason}`,
  "call failed": ({ me, facts }) => `${me} sees a call of ${facts.sender}'s fail, which ${ACTIONS[facts.action] ?? facts.action}: ${facts.detail}`,
  "coins moved": ({ facts }) => `${facts.sender} has paid ${facts.to} ${coins(facts.amount)} on the chain ${facts.chain}`,
  "channel opened": ({ facts }) => `${facts.opener} has opened a channel with ${facts.partner}: ${coins(facts.opener_coins)}`,
  "channel proposed": ({ me, facts }) => `${me} signs state ${formatCount(facts.number)}: ${shares(facts)}`,
  "channel updated": ({ me, facts }) => `${me} holds state ${formatCount(facts.number)} with both signatures: ${shares(facts)}`,
  "channel stays open": ({ me }) => `${me} does not sign to close the channel`,
  "channel closing": ({ facts }) => `${facts.by_whom} closes the channel alone with state ${formatCount(facts.number)}: ${shares(facts)}`,
  "channel punished": ({ facts }) =>
    `${facts.cheater} had signed state ${formatCount(facts.newer)} and posted state ${formatCount(facts.number)}: ${facts.by_whom} gets all`,
  "channel closed": ({ facts }) => `the channel is paid out (${facts.how}): ${shares(facts)}`,
  "rollup entered": ({ facts }) => `${parcel(facts)} are in the rollup's contract`,
  "rollup payment made": ({ me, facts }) => `${me} ${pays(facts)} on the rollup`,
  "rollup payment heard": ({ me, facts }) => `${me} hears that ${facts.sender} ${pays(facts)} on the rollup`,
  "batch posted": ({ facts }) => `${facts.poster} has posted batch ${formatCount(facts.batch)} with ${countOf(facts.steps, "step")}; its window ends with block ${formatCount(facts.until)}`,
  "fraud found": ({ me, facts }) => `${me} finds step ${formatCount(facts.step)} of ${facts.poster}'s batch ${formatCount(facts.batch)} wrong`,
  "batch reverted": ({ facts }) =>
    `${facts.prover} has shown that step ${formatCount(facts.step)} of ${facts.poster}'s batch ${formatCount(facts.batch)} is wrong (${facts.reason}): the batch is undone`,
  "batch final": ({ me, facts }) => `${me} sees the window of batch ${formatCount(facts.batch)} end: it is final, right or wrong`,
  "exit paid": ({ facts }) => `the rollup's contract pays ${facts.name} ${coins(facts.amount)}`,
  "coins locked": ({ facts }) => `${parcel(facts)} are locked in the vault`,
  "coins minted": ({ facts }) => `${parcel(facts)} are made on the side chain`,
  "coins burnt": ({ facts }) => `${parcel(facts)} are destroyed on the side chain`,
  "coins released": ({ facts }) => `${parcel(facts)} come out of the vault`,
  "arrival held back": ({ me, facts }) => `${me} cannot let ${parcel(facts)} arrive on the chain ${facts.chain}: ${facts.reason}`,
  "bridge unbacked": ({ me, facts }) => `${me} sees ${coins(facts.coins)} on the other chain that never left the chain ${facts.chain}; the vault has ${formatCount(facts.vault)}`,
  "bridge backed again": ({ me, facts }) => `${me} sees that all has left the chain ${facts.chain} that has arrived on the other one`,
  "side block accepted": ({ me, facts }) => `${me} accepts block ${formatCount(facts.height)} of the side chain`,
  "side tip changed": ({ me, facts }) => `${me} stands on block ${formatCount(facts.height)} of the side chain`,
};

const pays = ({ to, amount }) => (to ? `pays ${to} ${coins(amount)}` : `leaves with ${coins(amount)}`);
const carrierOf = ({ chain, by }, nameOf) => (chain === "main" ? `block ${nameOf(by)}` : `a block of the chain ${chain}`);

export const SETTLEMENT_COMMANDS = {
  PayOnChain: ({ me, facts }) => `${me} is told to pay ${facts.to} ${coins(facts.amount)} on the chain itself`,
  OpenChannel: ({ me, facts }) => `${me} is told to open a channel with ${facts.to}, of ${coins(facts.amount)}`,
  CloseChannel: ({ me, facts }) => `${me} is told to close its channel with ${facts.other}${howOf(facts)}`,
  EnterLayer: ({ me, facts }) => `${me} is told to take ${coins(facts.amount)} to the layer above or beside`,
  LeaveLayer: ({ me, facts }) => `${me} is told to take ${coins(facts.amount)} back to the main chain`,
};

export const SETTLEMENT_ACTIONS = {
  PayOnChain: ({ peer, to, amount }) => `${peer} shall pay ${to} ${coins(amount)} on the chain itself`,
  OpenChannel: ({ peer, to, amount }) => `${peer} shall open a channel with ${to}, of ${coins(amount)}`,
  CloseChannel: fields => `${fields.peer} shall close its channel with ${fields.other}${howOf(fields)}`,
  EnterLayer: ({ peer, amount }) => `${peer} shall take ${coins(amount)} to the layer above or beside`,
  LeaveLayer: ({ peer, amount }) => `${peer} shall take ${coins(amount)} back to the main chain`,
};

function howOf({ together, number }) {
  if (together) return " together";
  return number === -1 ? " alone" : ` alone, with state ${formatCount(number)}`;
}
