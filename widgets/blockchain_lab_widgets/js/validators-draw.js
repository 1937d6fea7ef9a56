// The elements of the validators view: chips of checkpoints, bars of votes, a row for each validator.
import { formatCount } from "./describe.js";
import { Keyed, element, setAttributes, setText, svg } from "./dom.js";
import { nameOfVote } from "./finality-index.js";
import { badge } from "./tree-badge.js";
import { lostBy } from "./validators-model.js";
import { formatShare, tellAccount, tellCell, tellDynasties, tellRow, tellState, tellTally } from "./validators-words.js";

const CELLS = { included: "●", heard: "○", elsewhere: "◌", missing: "–", outside: "" };
const percent = part => `${(100 * Math.max(0, Math.min(1, part))).toFixed(2)}%`;

/** A bar with a mark at the part that is needed: two thirds of the votes, a third of the account. */
function makeBar(needed, words) {
  return svg("svg", { class: "bl-measure", height: 18, "aria-hidden": "true" },
    svg("rect", { class: "bl-track", y: 4, width: "100%", height: 10 }), svg("rect", { class: "bl-part", y: 4, height: 10 }),
    svg("line", { class: "bl-needed", x1: percent(needed), x2: percent(needed), y1: 1, y2: 17 }), svg("title", {}, words));
}

/** The lines over the rows. */
export class FinalityHead {
  constructor() {
    this.strip = element("div", { class: "bl-final-strip", role: "group", "aria-label": "Checkpoints" });
    this.link = element("span", { class: "bl-link-words" });
    this.lines = element("div", { class: "bl-tallies" });
    this.root = element("div", { class: "bl-finality" }, element("div", { class: "bl-final-line" }, this.strip, this.link), this.lines);
    this.chips = new Keyed(this.strip, level => element("button", { type: "button", class: "bl-tip", tabindex: "-1" },
      svg("svg", { width: 16, height: 16, viewBox: "-8 -8 16 16", "aria-hidden": "true" }, badge(level)), element("b"), " ", element("span")));
    this.bars = new Keyed(this.lines, key => element("div", { class: "bl-tally" }, element("span", { class: "bl-tally-name" }),
      makeBar(key === "account" ? 1 / 3 : 2 / 3, key === "account" ? "a third" : "two thirds"), element("span", { class: "bl-tally-words" })));
  }

  draw(state, tallies, account, nameOf) {
    const checkpoint = state.checkpoints.get(state.epoch);
    const chips = new Map([["finalised", ["final", state.finalised]], ["justified", ["justified", state.justified]]]);
    if (state.epoch && checkpoint && state.justified.block !== checkpoint) chips.set("checkpoint", ["vote", { block: checkpoint, epoch: state.epoch }]);
    this.chips.sync(chips.keys(), (chip, level) => {
      const [word, { block, epoch }] = chips.get(level);
      const words = `${nameOf(block)} ${word}, epoch ${formatCount(epoch)}`;
      Object.assign(chip.dataset, { name: `block:${block}`, tip: `checkpoint ${words}` });
      setAttributes(chip, { "aria-label": words });
      setText(chip.children[1], nameOf(block));
      setText(chip.children[2], `${word}, epoch ${formatCount(epoch)}`);
    });
    setText(this.link, tallies.length ? "" : "no epoch has begun yet");
    const lines = new Map(tallies.map(each => [each.side, each]));
    if (account) lines.set("account", { votes: account.weight, total: account.total });
    this.bars.sync(lines.keys(), (line, key) => {
      const { votes, total } = lines.get(key);
      const [name, bar, words] = line.children;
      const isAccount = key === "account";
      line.dataset.tip = isAccount ? tellAccount(account, nameOf) : `votes for ${nameOf(state.source.block)} → ${nameOf(checkpoint)}, ${tellTally(lines.get(key))}`;
      line.classList.toggle("bl-account", isAccount);
      setText(name, isAccount ? "slashable" : `${key} set`);
      setAttributes(bar.children[1], { width: total ? percent(votes / total) : "100%" });
      setText(words, total ? `${formatCount(votes)} of ${formatCount(total)}, ${formatShare(votes, total)}` : "nobody: enough");
    });
  }
}

/** The row of column heads. */
export function makeHeads() {
  const heads = ["deposit", "dynasties", "sets", "", ""].map(text => element("span", {}, text));
  const root = element("div", { class: "bl-validator bl-validator-heads", "aria-hidden": "true" }, element("span", {}, "validator"), ...heads, element("span"));
  const update = epochs => [0, 1].forEach(at => {
    const epoch = epochs[epochs.length - 2 + at];
    setText(heads[3 + at], epoch === undefined ? "" : `epoch ${formatCount(epoch)}`);
  });
  return { root, update };
}

/** Its cells are for the eye: a hidden text behind the name says all of them. */
export function newRow() {
  const cell = () => element("span", { class: "bl-vote-cell", "aria-hidden": "true" });
  const unheard = { "aria-hidden": "true" };
  return element("div", { class: "bl-validator", role: "button", tabindex: "-1" }, element("b"),
    element("span", { class: "bl-deposit", ...unheard },
      svg("svg", { height: 14, "aria-hidden": "true" }, svg("rect", { class: "bl-bar", y: 1, height: 12 }), svg("rect", { class: "bl-lost", y: 1, height: 12 })), element("span")),
    element("span", unheard), element("span", { class: "bl-sets", ...unheard }, element("i", {}, "F"), element("i", {}, "R")), cell(), cell(),
    element("span", { class: "bl-state", ...unheard }), element("span", { class: "bl-hidden" }));
}

/** Write a validator into its row. `scale`: the deposit of a full bar. */
export function drawRow(made, row, { scale, dynasty, nameOf }) {
  const [name, deposit, dynasties, sets, before, now, state, heard] = made.children;
  const [bar, lost] = deposit.firstChild.children;
  const words = tellRow(row, dynasty, nameOf);
  Object.assign(made.dataset, { name: row.host >= 0 ? `peer:${row.name}` : `validator:${row.name}`, validator: row.name, host: "" });
  made.classList.toggle("bl-outside", !row.isForward && !row.isRear);
  made.classList.toggle("bl-slashed", row.slashed !== null);
  setAttributes(made, { title: words });
  setText(heard, words.slice(row.name.length));
  setText(name, row.name);
  setAttributes(bar, { width: percent((row.deposit ?? 0) / scale) });
  setAttributes(lost, { x: percent((row.deposit ?? 0) / scale), width: percent(lostBy(row) / scale) });
  setText(deposit.lastChild, row.deposit === null ? "?" : formatCount(row.deposit));
  setText(dynasties, tellDynasties(row));
  [row.isForward, row.isRear].forEach((isIn, at) => sets.children[at].classList.toggle("bl-in", isIn));
  [before, now].forEach((cell, at) => drawCell(cell, row.cells[row.cells.length - 2 + at], row.name, nameOf));
  setText(state, tellState(row, dynasty).join(", "));
}

function drawCell(made, cell, validator, nameOf) {
  made.className = `bl-vote-cell${cell ? ` bl-${cell.kind}` : ""}`;
  if (!cell?.target) {
    delete made.dataset.vote;
    setText(made, cell ? CELLS[cell.kind] : "");
    return;
  }
  made.dataset.vote = nameOfVote({ validator, target: cell.target });
  made.dataset.tip = `${validator}: ${tellCell(cell, nameOf)}`;
  setText(made, `${CELLS[cell.kind]} ${cell.source === null ? "" : formatCount(cell.source)}→${formatCount(cell.epoch)}${cell.others ? " !" : ""}`);
}

/** What the marks mean. */
export function validatorsLegend() {
  const entry = (mark, words) => element("span", {}, mark, element("span", {}, words));
  const sign = text => element("b", { class: "bl-sign-of-vote", "aria-hidden": "true" }, text);
  const box = name => svg("svg", { width: 18, height: 12, "aria-hidden": "true" }, svg("rect", { class: name, x: 1, y: 1, width: 16, height: 10 }));
  const needed = svg("svg", { width: 18, height: 14, "aria-hidden": "true" }, svg("rect", { class: "bl-part", x: 1, y: 3, width: 9, height: 8 }), svg("line", { class: "bl-needed", x1: 12, x2: 12, y1: 0, y2: 14 }));
  return element("div", { class: "bl-legend", role: "note", "aria-label": "Legend" },
    entry(sign("●"), "vote in a block"), entry(sign("○"), "only heard of"), entry(sign("◌"), "for another branch"), entry(box("bl-bar"), "deposit"), entry(box("bl-lost"), "lost"),
    entry(needed, "needed"));
}
