// What happens at an action, as a caption for those who listen to a lecture. Pure.
import { listNames } from "./acting-words.js";
import { countOf, formatTime } from "./describe.js";

/** "PutValue" -> "put value" */
const split = name => name.replace(/(?!^)[A-Z]/g, letter => ` ${letter}`).toLowerCase();

const cap = text => text.charAt(0).toUpperCase() + text.slice(1);

const WORDS = {
  Mine: ({ peer, count = 1 }) => `${peer} mines ${count === 1 ? "a block" : countOf(count, "block")}`,
  Pay: ({ peer }) => `${peer} pays`,
  SubmitTx: ({ peer }) => `${peer} gets a transaction`,
  Connect: ({ peer, to }) => `${peer} dials ${to}`,
  Disconnect: ({ peer, other }) => `${peer} hangs up on ${other}`,
  Partition: ({ group, against = [] }) => `The network is cut: ${listNames(group)} | ${against.length ? listNames(against) : "everybody else"}`,
  Heal: () => "The cut heals",
  Kill: ({ peer, seen_as: seenAs }) => `${peer} is killed${seenAs === "silence" ? ", without a word" : ""}`,
  Revive: ({ peer }) => `${peer} starts again from its disk`,
  ChangeAddress: ({ peer }) => `${peer} gets another address`,
  DropMessage: () => "A message is lost on purpose",
  DelayMessage: ({ by }) => `A message is held back for ${formatTime(by)}`,
  DuplicateMessage: () => "A message comes twice",
  EditMessage: () => "A message is changed on its way",
  SetLink: ({ a, b }) => `The link of ${a} and ${b} becomes another`,
  SetKnob: ({ knob, value }) => `${knob} is set to ${value}`,
  SetPolicy: ({ peer }) => `${peer} gets another policy`,
  CastVote: ({ peer }) => `${peer} votes by hand`,
};

/** "ann mines a block"; of an action that is not known here, who does it and its name. */
export function tellAction(facts) {
  const { do: name, peer } = facts;
  const told = WORDS[name]?.(facts) ?? (peer ? `${peer}: ${split(name)}` : split(name));
  return cap(told);
}
