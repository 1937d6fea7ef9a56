// What notes on a ledger's transactions, attestations and private ways say, and what an account is told to do, in sentences.
import { listNames } from "./acting-words.js";
import { countOf, formatCount } from "./describe.js";
import { nameOfTx } from "./messages-at.js";

const call = ({ to, function: name }) => (name ? `calls ${name} of ${to}` : `pays ${to}`);
const own = ({ facts, me }) => (facts.sender === me ? "its own" : `${facts.sender}'s`);

export const LEDGER_NOTES = {
  "transaction made": ({ me, facts }) =>
    `${me} signs ${nameOfTx(facts.txid)}, nonce ${formatCount(facts.nonce)}: it ${call(facts)}${facts.private ? ", and only its builder is told" : ""}`,
  "transactions promoted": ({ me, facts }) => `a gap has closed at ${me}: ${countOf(facts.txids.length, "queued transaction")} can run now`,
  "transactions demoted": ({ me, facts }) => `a gap has opened at ${me}: ${countOf(facts.txids.length, "transaction")} must wait for a nonce before it`,
  "transaction executed": ({ me, facts, nameOf }) => facts.ok
    ? `${me} runs ${nameOfTx(facts.txid)} in block ${nameOf(facts.block)}, for ${formatCount(facts.gas_used)} units of gas`
    : `${nameOfTx(facts.txid)} fails at ${me} in block ${nameOf(facts.block)}, and pays ${formatCount(facts.fee)} gwei all the same: ${facts.reason}`,
  "transactions undone": ({ me, facts, nameOf }) => `${me} leaves block ${nameOf(facts.block)}: what ${countOf(facts.txids.length, "transaction")} did there has not happened`,
  "private transaction taken": words => `${words.me} takes ${nameOfTx(words.facts.txid)}, ${own(words)}, for its own next block, and tells nobody`,
  "private transaction gone": ({ me, facts }) => `${me} forgets the private ${nameOfTx(facts.txid)}: ${facts.reason}`,
  "attestation sent": ({ me, facts, nameOf }) =>
    `${me} attests ${nameOf(facts.block)} in slot ${formatCount(facts.slot)} on subnet ${facts.subnet}, ${facts.told ? `to ${countOf(facts.told, "neighbour")}` : "to which no neighbour listens"}`,
  "attestation heard": ({ me, facts, nameOf }) => `${me} hears on subnet ${facts.subnet} that ${facts.validator} attests ${nameOf(facts.block)}`,
  "aggregate made": ({ me, facts, nameOf }) => `${me} tells everybody who attests ${nameOf(facts.block)} on subnet ${facts.subnet}: ${listNames(facts.validators)}`,
  "aggregate heard": ({ me, facts, nameOf }) => `${me} hears who attests ${nameOf(facts.block)} on subnet ${facts.subnet}: ${listNames(facts.validators)}`,
};

export const LEDGER_COMMANDS = {
  SendCall: ({ me, facts }) => `${me} is told to ${facts.function ? `call ${facts.function} of` : "pay"} ${facts.receiver}${facts.private ? ", through its builder" : ""}`,
  RaisePrice: ({ me, facts }) => `${me} is told to pay ${formatCount(facts.gas_price)} gwei a unit for its nonce ${formatCount(facts.nonce)}`,
  CancelCall: ({ me, facts }) => `${me} is told to cancel its nonce ${formatCount(facts.nonce)}`,
};

export const LEDGER_ACTIONS = {
  SendCall: ({ peer, receiver, function: name }) => `${peer} shall ${name ? `call ${name} of` : "pay"} ${receiver}`,
  RaisePrice: ({ peer, nonce }) => `${peer} shall pay more for its nonce ${formatCount(nonce)}`,
  CancelCall: ({ peer, nonce }) => `${peer} shall cancel its nonce ${formatCount(nonce)}`,
};
