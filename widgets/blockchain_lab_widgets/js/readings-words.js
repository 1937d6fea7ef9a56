// What the readings view says in words: of each sentence the rule's answer for this run, and the popular text's. Pure.
import { countOf, formatCount } from "./describe.js";
import { DEPOSITS } from "./readings-model.js";
import { listNames } from "./tree-words.js";

/** @typedef {{rule: string, misread: string, here: string}} Words of a row: both answers in few words; and a sentence on this run */

const percent = share => `${share < 0 ? "−" : "+"}${Math.abs(100 * share).toFixed(2)} %`;
const range = ({ least, most }) => (percent(least) === percent(most) ? percent(most) : `${percent(least)} to ${percent(most)}`);
const formatCoins = coins => formatCount(Math.round(100 * coins) / 100);

const TELL = {
  "epoch"({ height, number, begins, misread, parts }, { nameAt }) {
    return {
      rule: `epoch ${formatCount(number)}, from ${nameAt(begins)} on`, misread: `epoch ${formatCount(misread.number)}, from ${nameAt(misread.begins)} on`,
      here: parts ? `${nameAt(height)} is in epoch ${formatCount(number)}; with epochs that grow it would be in ${formatCount(misread.number)}.` : `Up to here both give ${nameAt(height)} the same epoch.`,
    };
  },
  "checkpoint"({ hash, epoch, count, misread, parts }, { nameOf, nameAt }) {
    const many = Math.max(0, misread.to - misread.from + 1);
    return {
      rule: `${nameOf(hash)}, of epoch ${formatCount(epoch)}`, misread: parts ? `any of ${countOf(many, "block")}, ${nameAt(misread.from)} on` : "none, all are final",
      here: `${countOf(count, "checkpoint")} on this branch, one for each epoch; votes name no other block.`,
    };
  },
  "dynasty"({ dynasty, misread, elsewhere }, { nameOf }) {
    const there = elsewhere.slice(0, 2).map(({ name, head, dynasty: other }) => `${formatCount(other)} behind ${nameOf(head)} of ${name}`);
    return {
      rule: `${formatCount(dynasty)} behind the head${there.length ? `, ${there.join(", ")}` : ""}`, misread: `${formatCount(misread)} for all blocks`,
      here: `Each block has a dynasty: the final checkpoints from the root to its parent. ${there.length ? `At the same time it is ${listNames(there)}.` : `The head's is ${formatCount(dynasty)}.`}`,
    };
  },
  "finality"({ final, justified, misread }, { nameAt }) {
    const behind = misread - final;
    return {
      rule: `up to ${nameAt(final)}${justified > final ? `; ${nameAt(justified)} is justified` : ""}`, misread: `up to ${nameAt(misread)}`,
      here: behind > 0 ? `${countOf(behind, "block")} would be called final and can still be left.` : "Nothing but the genesis has two thirds of the votes yet.",
    };
  },
  "withdrawal"({ validator, asked, ends, begins, allowed, misread, now, taken }) {
    const wait = begins === null ? `its dynasty ${formatCount(ends)} has not begun` : `its dynasty ${formatCount(ends)} ended its membership in epoch ${formatCount(begins)}`;
    const state = taken !== null ? `It was paid out in epoch ${formatCount(taken)}.` : allowed !== null && now >= allowed ? "It may withdraw now." : `Now is epoch ${formatCount(now)}.`;
    return {
      rule: allowed === null ? `${validator}: delay has not begun` : `${validator}: from epoch ${formatCount(allowed)}`, misread: `${validator}: from epoch ${formatCount(misread)}`,
      here: `${validator} asked in epoch ${formatCount(asked)}; ${wait}. ${state}`,
    };
  },
  "deposit"({ minimum, least }, { rules }) {
    const small = least ? ` The smallest deposit here is ${least.name}'s, ${countOf(least.units, "unit")}${rules.coin > 1 ? ` or ${formatCoins(least.coins)} coins` : ""}.` : "";
    return {
      rule: `${countOf(minimum, "unit")} here`, misread: `${DEPOSITS.misread} coins`,
      here: `The chain's own rule asks for ${countOf(minimum, "unit")}${rules.coin > 1 ? `; ${formatCount(rules.coin)} units make a coin` : ""}.${small}`,
    };
  },
  "who votes"({ epoch, members, voted, drawn }) {
    const others = voted.filter(name => !drawn.includes(name));
    return {
      rule: `all ${formatCount(members.length)}; ${formatCount(voted.length)} voted so far`, misread: `${formatCount(drawn.length)} by lot: ${listNames(drawn)}`,
      here: `Epoch ${formatCount(epoch)}: ${others.length ? `the ${others.length === 1 ? "vote" : "votes"} of ${listNames(others)} count, and no lot was drawn` : "no lot was drawn"}. The lot is made up for this picture.`,
    };
  },
  "stake"({ source, target, epoch, bet, paid, voters, silent }, { nameOf }) {
    const gains = [voters ? `who voted ${range(voters)}` : "", silent ? `who was silent ${range(silent)}` : ""].filter(Boolean).join(", ");
    return {
      rule: `link ${formatCount(source)} → ${formatCount(epoch)}`, misread: `a bet on ${nameOf(bet)}`,
      here: `The last votes go from epoch ${formatCount(source)} to ${nameOf(target)} of epoch ${formatCount(epoch)}.${gains ? ` Epoch ${formatCount(paid)} changed deposits: ${gains}.` : ""}`,
    };
  },
  "consensus"({ next, waiting }) {
    return {
      rule: `waits for block ${formatCount(next)}${waiting ? `, with ${countOf(waiting, "vote")}` : ""}`, misread: "needs no proposer",
      here: `No vote counts before a block carries it${waiting ? `: ${countOf(waiting, "vote")} ${waiting === 1 ? "is" : "are"} heard and in no block of this branch` : ""}. When the proposer stops, so does finality.`,
    };
  },
};

/**
 * @param {object|null} values of `readScene`
 * @param {{nameOf: (hash) => string, nameAt: (height) => string, rules}} names
 * @returns {Words|null} null without an example
 */
export function tellReading(about, values, names) {
  return values === null ? null : TELL[about](values, names);
}

/** "Epoch" */
export function titleOf(about) {
  return about.charAt(0).toUpperCase() + about.slice(1);
}

/** What stands where the run has no example. */
export function tellMissing(about, story) {
  const what = { withdrawal: "Nobody has asked to leave on this branch yet", "who votes": "No block of this branch carries a vote yet", stake: "No block of this branch carries a vote yet" };
  return `${what[about] ?? "Nothing to compare yet"}; the story ${story} shows it.`;
}

/** The whole view for who does not see it. */
export function tellSummary(viewer, rows) {
  const told = rows.map(({ about, words, values }) => (words ? `${titleOf(about)}: ${words.rule}; ${values.parts ? `misread: ${words.misread}` : "the misreading says the same so far"}.` : `${titleOf(about)}: no example yet.`));
  return `Readings on the branch of ${viewer}, each rule and its popular misreading. ${told.join(" ")}`;
}
