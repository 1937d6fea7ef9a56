// What a record is, in a plain sentence that stands alone: "bob sends block B3 to ann".
import { listNames } from "./acting-words.js";
import { readAddress, showAddress } from "./address-book-groups.js";
import { countOf, describeRecord, formatCount, formatTime } from "./describe.js";
import { DHT_COMMANDS, DHT_NOTES } from "./dht-notes.js";
import { FINALITY_ACTIONS, FINALITY_COMMANDS, FINALITY_NOTES } from "./finality-notes.js";
import { LEDGER_ACTIONS, LEDGER_COMMANDS, LEDGER_NOTES } from "./ledger-notes.js";
import { labelOf, nameOfTx } from "./messages-at.js";
import { BLOCKED } from "./nat-words.js";
import { SETTLEMENT_ACTIONS, SETTLEMENT_COMMANDS, SETTLEMENT_NOTES } from "./settlement-notes.js";
import { TOY_NOTES } from "./toy-notes.js";

const NOTES = {
  "tip changed": ({ me, block, facts }) =>
    `${me} stands on ${block} now${facts.disconnected ? `, having left ${countOf(facts.disconnected, "block")} of another branch` : ""}`,
  "block accepted": ({ me, block }) => `${me} accepts block ${block}`,
  "headers accepted": ({ me, facts, nameOf }) =>
    `${me} accepts ${facts.hashes.length === 1 ? "the header of" : `${countOf(facts.hashes.length, "header")}, up to`} ${nameOf(facts.hashes.at(-1))}`,
  "best header": ({ me, block }) => `${me}'s best header is ${block}`,
  "chain loaded": ({ me, facts, nameOf }) =>
    `${me} has ${countOf(facts.height, facts.full ? "block" : "header")} from before, up to ${nameOf(facts.tip)}`,
  "orphan block": ({ me, block, facts, nameOf }) => `${me} keeps block ${block} aside: its parent ${nameOf(facts.parent)} is missing`,
  "block invalid": ({ me, block, facts }) => `${me} refuses block ${block}: ${facts.reason}`,
  "handshake done": ({ me, you }) => `${me} and ${you} have introduced themselves`,
  "peer misbehaved": ({ me, you, facts }) => `${me} notes that ${you} broke the protocol: ${facts.reason}`,
  stalling: ({ me, you, block }) => `${me} has waited too long for block ${block}${you === "somebody" ? "" : ` from ${you}`}`,
  "sync started": ({ me, facts }) => `${me} begins to catch up (${facts.mode})`,
  "sync finished": ({ me }) => `${me} has caught up`,
  "transaction accepted": ({ me, facts }) => `${me} takes ${nameOfTx(facts.txid)} into its pool`,
  "alert accepted": ({ me, facts }) => `${me} believes alert ${facts.id}: ${facts.text}${facts.applies ? "" : " (not for its program)"}`,
  "alert cancelled": ({ me, facts }) => `${me} forgets alert ${facts.id}: alert ${facts.by} cancels it`,
  "alert dropped": ({ me, facts }) => `${me} forgets alert ${facts.id}: ${facts.reason}`,
  "alert refused": ({ me, facts }) => `${me} does not believe an alert: ${facts.reason}`,
  "gateway rules": ({ me, facts }) => `${me} stands between ${countOf(facts.inside.length, "peer")} inside and the world`,
  "mapping opened": ({ me, facts, place }) => `${me} opens ${place(facts.outside)} for ${place(facts.inside)}: something went out from there`,
  "mapping expired": ({ me, facts, place }) => `${me} forgets ${place(facts.outside)}, unused for too long: ${place(facts.inside)} is not reached there any more`,
  "port leased": ({ me, facts, place }) => `${me} opens ${place(facts.outside)} to everybody, as ${place(facts.inside)} has asked`,
  "packet blocked": ({ me, facts, place }) => `${me} lets nothing pass from ${place(facts.from)} to ${place(facts.to)}: ${BLOCKED[facts.reason] ?? facts.reason}`,
  "outside address": ({ me, facts, place }) => `${me} learns that it is seen as ${place(facts.address)}`,
  "port granted": ({ me, facts, place }) => `${me} has a port of its own at its box: ${place(facts.outside)}`,
  "port refused": ({ me }) => `${me}'s box opens no port when asked`,
  "peer reached": ({ me, facts }) => `${me} reaches ${facts.name} by ${facts.by}${facts.tried.length ? `, after ${listNames(facts.tried)} failed` : ""}`,
  "peer not reached": ({ me, facts }) => `${me} does not reach ${facts.name}: ${facts.reason}`,
  "order begun": ({ me, facts }) => `${me} wants to pay ${facts.to} by IP`,
  "order paid": ({ me }) => `${me} hears that its payment by IP was taken`,
  "order failed": ({ me, facts }) => `${me}'s payment by IP failed: ${facts.reason}${facts.txid ? "; it is on its way all the same" : ""}`,
  "order received": ({ me, facts }) => `${me} is paid by IP: ${formatCount(facts.amount)} satoshi`,
  "order refused": ({ me, facts }) => `${me} refuses a payment by IP: ${facts.reason}`,
  ...DHT_NOTES, ...FINALITY_NOTES, ...LEDGER_NOTES, ...SETTLEMENT_NOTES, ...TOY_NOTES,
};

const COMMANDS = {
  Mine: ({ me, facts }) => `${me} is told to mine ${facts.count > 1 ? countOf(facts.count, "block") : "a block"}`,
  Pay: ({ me }) => `${me} is told to make a transaction`,
  PayByIp: ({ me, facts }) => `${me} is told to pay ${facts.to} by IP`,
  SendAlert: ({ me }) => `${me} is told to send an alert`,
  SubmitTx: ({ me }) => `${me} is told to announce a transaction`,
  SetPolicy: ({ me }) => `${me}'s policy is changed`,
  ...DHT_COMMANDS, ...FINALITY_COMMANDS, ...LEDGER_COMMANDS, ...SETTLEMENT_COMMANDS,
};

const ACTIONS = {
  Mine: ({ peer }) => `${peer} shall mine`,
  Pay: ({ peer }) => `${peer} shall pay`,
  PayByIp: ({ peer, to }) => `${peer} shall pay ${to} by IP`,
  SendAlert: ({ peer }) => `${peer} shall send an alert`,
  Connect: ({ peer, to }) => `${peer} shall connect to ${to}`,
  Disconnect: ({ peer, other }) => `${peer} shall leave ${other}`,
  Kill: ({ peer }) => `${peer} is switched off`,
  Revive: ({ peer }) => `${peer} is switched on again`,
  Partition: ({ group, against }) => `the network is cut: ${listNames(group)} here, ${against.length ? listNames(against) : "everybody else"} there`,
  Heal: () => "the cut is healed",
  DropMessage: () => "a message is taken out of flight",
  DelayMessage: ({ by }) => `a message is held up for ${formatTime(by)}`,
  DuplicateMessage: () => "a message is doubled",
  EditMessage: ({ flips }) => `${countOf(flips.length, "byte")} of a message ${flips.length === 1 ? "is" : "are"} changed on the way`,
  ...FINALITY_ACTIONS, ...LEDGER_ACTIONS, ...SETTLEMENT_ACTIONS,
};

/** A sentence with the sender in it; a note as a reader would say it. Peers' own words stay as they are. */
export function tellRecord(trace, record, index) {
  const { kind, facts, peer, other } = record;
  const nameOf = hash => index.nameOf(hash);
  const words = {
    facts, nameOf, place: showPlace, me: trace.peers[peer] ?? "somebody", you: trace.peers[findPartner(trace, record)] ?? "somebody",
    block: facts.hash === undefined ? "" : nameOf(facts.hash), at: address => trace.peers[trace.addresses?.indexOf(address)] ?? address,
  };
  if (kind === "note") return Object.hasOwn(NOTES, facts.topic) ? NOTES[facts.topic](words) : describeRecord(trace, record, index);
  if (kind === "command" && Object.hasOwn(COMMANDS, facts.do)) return COMMANDS[facts.do](words);
  if (kind === "action") return tellAction(facts);
  if (kind === "timer") return `${words.me}'s timer “${facts.timer}” runs out`;
  if ((kind === "deliver" || kind === "datagram") && other >= 0) {
    return `${labelOf(facts, index)} from ${words.you} reaches ${words.me}${facts.malformed ? ", unreadable" : ""}`;
  }
  return describeRecord(trace, record, index);
}

// A note's addresses are lists; whatever a learner's node says in their place is shown as it is.
function showPlace(value) {
  return readAddress(value) ? showAddress(value) : String(value);
}

// A note about a connection names an end, not a host: who it was is known from the message that caused the note.
function findPartner(trace, { other, cause }) {
  return other >= 0 || cause < 0 ? other : trace.columns.other[cause];
}

/** "the network is cut: ann and bob here, everybody else there"; of an action that we have no words for, its fields. */
export function tellAction({ do: name, ...fields }) {
  if (Object.hasOwn(ACTIONS, name)) return ACTIONS[name](fields);
  const said = Object.entries(fields).filter(([, value]) => value !== null && String(value) !== "");
  return [name, ...said.map(([key, value]) => `${key} ${JSON.stringify(value).replaceAll('"', "")}`)].join(" ");
}
