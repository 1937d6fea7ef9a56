// What notes of the toy chain's peers say, in sentences.
import { formatCount } from "./describe.js";

export const TOY_NOTES = {
  "block confirmed": ({ me, block, facts }) =>
    `${me} holds block ${block} of slot ${formatCount(facts.slot)} for confirmed: ${formatCount(facts.votes)} of ${formatCount(facts.total)} of the stake vote for it`,
  "block final": ({ me, block, facts }) =>
    `block ${block} is final for ${me}${facts.payments.length ? `, and with it ${facts.payments.join(", ")}` : ""}`,
  "vote cast": ({ me, facts, nameOf }) => `${me} votes for block ${nameOf(facts.block)}, in slot ${formatCount(facts.slot)} for no other one`,
  "claim refused": ({ me, facts }) => `${me} refuses what is said in ${facts.author}'s name: ${facts.reason}`,
  "payment waits": ({ me, facts }) => `at ${me} a payment waits for a block: ${facts.payment}`,
  "payment still waits": ({ me, facts }) => `at ${me} a payment still waits that is final: ${facts.payment}`,
  "payment forgotten": ({ me, facts }) => `${me} forgets a payment that is not final: ${facts.payment}`,
};
