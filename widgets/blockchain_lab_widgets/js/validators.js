// The validators view: who may vote on a peer's branch, who has, what is justified and final there, and who was slashed.
import { BlockIndex } from "./blocks.js";
import { BranchChoice } from "./branch-choice.js";
import { chainFold } from "./chain-fold.js";
import { countOf, formatCount } from "./describe.js";
import { Keyed, element, setAttributes, setText } from "./dom.js";
import { BranchStates } from "./finality-branch.js";
import { FinalityIndex, nameOfVote, readVote } from "./finality-index.js";
import { Folded } from "./fold.js";
import { summary } from "./legend.js";
import { painter } from "./paint.js";
import { bindPointing } from "./pointing.js";
import { roving } from "./roving.js";
import { bindStack } from "./stack-keys.js";
import { tableButton } from "./table.js";
import { tooltip } from "./tooltip.js";
import { FinalityHead, drawRow, makeHeads, newRow, validatorsLegend } from "./validators-draw.js";
import { epochsOf, findAccount, findScale, listTallies, listValidators } from "./validators-model.js";
import { tellCell, tellDynasties, tellSets, tellState, tellSummary, tellValidator } from "./validators-words.js";

const MOST_ROWS = 40; // at first; four times as many at each wish
const MEMORY = "validators";
const COLUMNS = ["Validator", "Deposit", "Dynasties", "Sets", "Last epoch", "This epoch", "Leaked", "Slashed", "State"];

/** Draws the validators into `host`. Option `seen_by`: the peer on whose branch they are shown. */
export function mount(host, store, options) {
  const view = new ValidatorsView(host, store, options);
  return () => view.stop();
}

class ValidatorsView {
  #shown = ""; // what was drawn
  #room = MOST_ROWS;
  #scene = null;

  constructor(host, store, { seen_by: seenBy = null }) {
    const { trace } = store;
    Object.assign(this, { host, store, trace });
    host.classList.add("bl-validators");
    this.index = new BlockIndex(trace);
    this.finality = new FinalityIndex(trace);
    this.folded = new Folded(trace, chainFold(this.index));
    this.states = new BranchStates(this.index, this.finality);
    this.choice = new BranchChoice(store, MEMORY, seenBy, () => this.paint.request());
    this.shown = element("span", { class: "bl-summary" });
    this.top = new FinalityHead();
    this.heads = makeHeads();
    this.list = element("div", { class: "bl-rows" });
    this.more = element("button", { type: "button", class: "bl-side bl-more-rows" });
    this.stage = element("div", { class: "bl-validators-stage bl-scroll" }, this.heads.root, this.list, this.more);
    this.text = element("span");
    this.votes = element("span", { class: "bl-detail-votes" });
    this.detail = element("div", { class: "bl-detail" }, this.text, " ", this.votes);
    this.empty = element("p", { class: "bl-empty" }, "Nobody votes here: this lab has no validators, or none has been heard of yet.");
    this.parts = [this.top.root, this.stage, this.detail, validatorsLegend()];
    host.append(element("div", { class: "bl-head" }, this.choice.root, this.shown), ...this.parts, this.empty);
    this.rows = new Keyed(this.list, newRow);
    tooltip(host);
    this.words = summary(host, "Validators");
    this.#bind();
    this.paint = painter(host, store, () => this.#draw());
    this.table = tableButton(host, store, { title: "Validators", columns: COLUMNS, graph: this.stage, rows: () => this.#makeTable() });
  }

  #bind() {
    const { store, host, stage, top } = this;
    const nameAt = target => target.closest?.("[data-vote]")?.dataset.vote ?? target.closest?.("[data-name]")?.dataset.name ?? null;
    this.unpoint = bindPointing(host, store, nameAt);
    this.keys = bindStack(stage, store, () => null);
    this.chipKeys = roving(top.strip, () => [...top.chips.live.values()]);
    this.voteKeys = roving(this.votes, () => [...this.votes.children]);
    this.more.addEventListener("click", () => {
      this.#room *= 4;
      this.paint.request();
    });
    host.addEventListener("click", ({ target }) => {
      const name = target.closest(".bl-table") ? null : nameAt(target);
      if (name) store.select(store.selection === name ? null : name);
    });
  }

  // --- what is shown -----------------------------------------------------------------------------------------

  /** All that the picture is made of, at the cursor. */
  #look() {
    const { store, trace, index, finality } = this;
    index.update();
    finality.update();
    this.choice.follow();
    const rows = trace.rowsUpTo(store.cursor);
    const viewer = this.choice.host;
    const { tips, off } = this.folded.at(rows);
    const isThere = finality.isThere && viewer >= 0 && !off[viewer] && (tips[viewer] ?? null) !== null;
    const state = isThere ? this.states.at(tips[viewer], viewer) : null;
    const list = state ? listValidators(state, { finality, viewer, rows, peers: trace.peers, off }) : [];
    return { rows, viewer, state, list, isOff: off[viewer] === true };
  }

  #draw() {
    const { store, trace } = this;
    this.index.update();
    this.choice.follow();
    const place = [trace.rowsUpTo(store.cursor), trace.epoch, trace.length, this.choice.value, this.#room].join(" ");
    if (place !== this.#shown) this.#rebuild();
    this.#shown = place;
    this.#mark();
    this.table.update();
  }

  #rebuild() {
    const scene = this.#scene = this.#look();
    const { state, list, viewer, rows, isOff } = scene;
    const isThere = list.length > 0;
    for (const part of this.parts) part.hidden = !isThere;
    this.empty.hidden = isThere;
    const name = this.choice.value;
    if (!isThere) {
      setText(this.empty, isOff && this.finality.isThere ? `${name} is off.` : "Nobody votes here: this lab has no validators, or none has been heard of yet.");
      setText(this.shown, "");
      this.words.set(this.empty.textContent);
      return;
    }
    const nameOf = hash => this.index.nameOf(hash);
    const tallies = listTallies(state);
    const account = findAccount(state, this.finality, viewer, rows);
    this.top.draw(state, tallies, account, nameOf);
    this.chipKeys.update();
    this.heads.update(epochsOf(state));
    const few = list.slice(0, this.#room);
    const byName = new Map(few.map(row => [row.name, row]));
    const look = { scale: findScale(list), dynasty: state.dynasty, nameOf };
    this.rows.sync(byName.keys(), (made, key) => drawRow(made, byName.get(key), look));
    this.list.append(...few.map((row, at) => [this.rows.live.get(row.name), at]).filter(([made, at]) => this.list.children[at] !== made).map(([made]) => made));
    this.keys.update();
    this.#tellRest(list.slice(this.#room));
    const epoch = state.epoch === null ? "" : `epoch ${formatCount(state.epoch)}, `;
    setText(this.shown, `${epoch}dynasty ${formatCount(state.dynasty ?? 0)}, ${countOf(list.length, "validator")}${state.leaks ? ", deposits leak" : ""}`);
    this.words.set(tellSummary(name, state, list, tallies, account, nameOf));
  }

  #tellRest(rest) {
    this.more.hidden = rest.length === 0;
    const voted = rest.filter(({ cells }) => cells.at(-1)?.kind === "included").length;
    const units = rest.reduce((sum, { deposit }) => sum + (deposit ?? 0), 0);
    setText(this.more, `${formatCount(rest.length)} more with ${countOf(units, "unit")}, ${formatCount(voted)} voted in this epoch: show more`);
  }

  /** Selection and hover change no row's place. */
  #mark() {
    const { store, host } = this;
    const vote = readVote(store.selection);
    const name = vote ? vote.validator : store.selection?.replace(/^(peer|validator):/, "");
    for (const made of this.rows.live.values()) {
      const isChosen = made.dataset.name === store.selection;
      made.classList.toggle("bl-selected", isChosen);
      made.classList.toggle("bl-about", vote?.validator === made.dataset.validator);
      made.classList.toggle("bl-hover", made.dataset.name === store.hover);
      setAttributes(made, { "aria-pressed": String(isChosen) });
    }
    for (const mark of host.querySelectorAll(".bl-tip, .bl-detail-votes button, [data-vote]")) {
      const own = mark.dataset.vote ?? mark.dataset.name;
      mark.classList.toggle("bl-selected", own === store.selection);
      mark.classList.toggle("bl-hover", own === store.hover);
      if (mark.matches("button")) setAttributes(mark, { "aria-pressed": String(own === store.selection) });
    }
    this.#tell(this.#scene.list.find(row => row.name === name) ?? null);
  }

  /** The line below: one validator, and its last votes as buttons. */
  #tell(row) {
    const { finality, store, index } = this;
    const { viewer, rows, state } = this.#scene;
    if (row === null) {
      setText(this.text, "Choose a validator: what it has at stake, and how it voted.");
      this.votes.replaceChildren();
      this.votes.dataset.of = "";
      return;
    }
    this.text.replaceChildren(element("b", {}, row.name), ` ${[...tellValidator(row, state.dynasty)].join(" ")} ${row.cells.length ? "Last votes heard here:" : ""}`);
    const heard = finality.votesHeard(row.name, viewer, rows).slice(-4).reverse();
    const of = `${row.name}/${heard.map(nameOfVote)}/${store.selection}`;
    if (this.votes.dataset.of === of) return;
    this.votes.dataset.of = of;
    const focused = this.votes.contains(document.activeElement) ? document.activeElement.dataset.name : null;
    this.votes.replaceChildren(...heard.flatMap(vote => {
      const name = nameOfVote(vote);
      const words = `${index.nameOf(vote.source)} → ${index.nameOf(vote.target)}`;
      const made = element("button", {
        type: "button", class: "bl-side", tabindex: "-1", "data-name": name, "aria-pressed": String(name === store.selection),
        "aria-label": `vote ${words}`, "data-tip": `epoch ${formatCount(vote.source_epoch)} → ${formatCount(vote.target_epoch)}`,
      }, words);
      return [made];
    }));
    this.voteKeys.update();
    if (focused) [...this.votes.children].find(({ dataset }) => dataset.name === focused)?.focus();
  }

  #makeTable() {
    const { state, list } = this.#look();
    const nameOf = hash => this.index.nameOf(hash);
    return list.map(row => {
      const [now, before] = [row.cells.at(-1), row.cells.at(-2)];
      const cells = [
        row.name, row.deposit, tellDynasties(row), tellSets(row), before ? tellCell(before, nameOf) : null, now ? tellCell(now, nameOf) : null,
        row.leaked, row.slashed ? row.slashed.amount : null, tellState(row, state.dynasty).join(", "),
      ];
      return { name: row.host >= 0 ? `peer:${row.name}` : `validator:${row.name}`, cells };
    });
  }

  stop() {
    for (const part of [this.paint, this.keys, this.chipKeys, this.voteKeys, this.table, this.words]) part.stop();
    this.unpoint();
    this.host.replaceChildren();
  }
}
