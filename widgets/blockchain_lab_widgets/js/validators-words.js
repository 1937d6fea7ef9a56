// Validators in words: for their rows, the line below, the table, and who hears the view. Pure.
import { countOf, formatCount } from "./describe.js";
import { listNames } from "./tree-words.js";
import { lostBy } from "./validators-model.js";

/** "71.5 %"; of nothing nothing: an empty set agrees to everything. */
export function formatShare(part, whole) {
  return whole ? `${((100 * part) / whole).toFixed(1)} %` : "100.0 %";
}

/** "2 to 5", "from 2", "from start": dynasties of membership, the last one not included. */
export function tellDynasties({ starts, ends }) {
  const from = starts === null ? "?" : starts <= 0 ? "start" : formatCount(starts);
  return ends === null ? `from ${from}` : `${from} to ${formatCount(ends)}`;
}

/** "F R": the sets it belongs to. */
export function tellSets({ isForward, isRear }) {
  return [isForward ? "forward" : "", isRear ? "rear" : ""].filter(Boolean).join(" and ") || "none";
}

const KINDS = { included: "in a block", heard: "only heard of", elsewhere: "for another branch", missing: "none heard of", outside: "no member" };

/** "2 → 4, in block B18"; `nameOf` a block's short name. */
export function tellCell({ kind, source, epoch, by, target, others }, nameOf) {
  const link = target === null ? "" : `${source === null ? "" : `${formatCount(source)} `}→ ${formatCount(epoch)}, `;
  const where = by === null ? KINDS[kind] : `in block ${nameOf(by)}`;
  return `${link}${kind === "elsewhere" ? `${KINDS.elsewhere} (${nameOf(target)})` : where}${others ? `; and ${formatCount(others)} more in this epoch` : ""}`;
}

/** What is unusual about a validator, in few words: the most important first. */
export function tellState(row, dynasty) {
  const { slashed, withdrawn, ends, starts, isOff, leaked, cells, isForward, isRear } = row;
  const isSilent = (isForward || isRear) && cells.length > 0 && cells.every(({ kind }) => kind === "missing");
  return [
    slashed ? `slashed: ${slashed.reason}, −${formatCount(slashed.amount)}` : "",
    withdrawn !== null ? `withdrawn ${formatCount(withdrawn)}` : "",
    isOff ? "switched off" : isSilent ? "silent" : "",
    starts !== null && dynasty !== null && starts > dynasty ? `joins in dynasty ${formatCount(starts)}` : "",
    ends !== null && withdrawn === null ? (dynasty !== null && ends <= dynasty ? "has left" : `leaves in dynasty ${formatCount(ends)}`) : "",
    leaked ? `leaked ${formatCount(leaked)}` : "",
  ].filter(Boolean);
}

/** One row in a sentence. */
export function tellRow(row, dynasty, nameOf) {
  const deposit = row.deposit === null ? "deposit not told" : `deposit ${formatCount(row.deposit)}`;
  const votes = row.cells.map(cell => `epoch ${formatCount(cell.epoch)}: ${tellCell(cell, nameOf)}`);
  return [row.name, deposit, `dynasties ${tellDynasties(row)}`, `sets: ${tellSets(row)}`, ...votes, ...tellState(row, dynasty)].join(", ");
}

/** All about one validator, as sentences for the line below. */
export function tellValidator(row, dynasty) {
  const { deposit, slashed, starts, ends } = row;
  const lost = lostBy(row);
  const since = starts === null ? "" : starts <= 0 ? "A validator from the start" : `${dynasty !== null && starts > dynasty ? "Will be a validator" : "A validator"} from dynasty ${formatCount(starts)} on`;
  const until = ends === null ? "" : `, in the rear set of dynasty ${formatCount(ends)} for the last time`;
  return [
    deposit === null ? "" : `${countOf(deposit, "unit")} deposited${lost ? `, ${formatCount(lost)} lost` : ""}.`, since ? `${since}${until}.` : "",
    slashed ? `Slashed (${slashed.reason}): ${slashed.finder} found two votes that break a commandment, and got ${formatCount(slashed.bounty)}.` : "",
  ].filter(Boolean);
}

/** "forward set: 81,370 of 113,756, 71.5 %"; two thirds are enough. */
export function tellTally({ side, votes, total, isEnough }) {
  if (!total) return `${side} set: nobody, which is enough`;
  return `${side} set: ${formatCount(votes)} of ${formatCount(total)}, ${formatShare(votes, total)}${isEnough ? ", enough" : ""}`;
}

/** Who broke a commandment, and whether that is the third that the theorem promises. */
export function tellAccount({ block, anchor, slashable, weight, total, isEnough }, nameOf) {
  const who = slashable.length ? `${listNames(slashable)} can be slashed` : "nobody can be slashed by what is heard here";
  const sum = `${formatCount(weight)} of ${formatCount(total)}, ${formatShare(weight, total)}`;
  return `${nameOf(anchor)} and ${nameOf(block)} are both final and in conflict: ${who}, ${sum}, ${isEnough ? "a third or more" : "less than a third"}.`;
}

/** The view in a few sentences, for who does not see it. */
export function tellSummary(viewer, state, list, tallies, account, nameOf) {
  const { epoch, dynasty, justified, finalised } = state;
  const place = epoch === null ? "before the first epoch" : `epoch ${formatCount(epoch)}`;
  const slashed = list.filter(row => row.slashed).map(({ name }) => name);
  return [
    `Validators on the branch of ${viewer}, ${place}, dynasty ${formatCount(dynasty ?? 0)}: ${countOf(list.length, "validator")}.`,
    `Justified ${nameOf(justified.block)} of epoch ${formatCount(justified.epoch)}, final ${nameOf(finalised.block)} of epoch ${formatCount(finalised.epoch)}.`,
    tallies.length ? `Votes for this epoch's link: ${tallies.map(tellTally).join("; ")}.` : "",
    slashed.length ? `Slashed: ${listNames(slashed)}.` : "", state.leaks ? "Deposits leak, for nothing has become final for long." : "",
    account ? tellAccount(account, nameOf) : "",
  ].filter(Boolean).join(" ");
}
