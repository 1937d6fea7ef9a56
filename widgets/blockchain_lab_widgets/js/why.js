// "Why?" of anything: the chain of records that led to it, origin first; or all that came of it.
import { BlockIndex } from "./blocks.js";
import { Effects, getCauses } from "./causes.js";
import { countOf, formatTime } from "./describe.js";
import { element, setAttributes, setText } from "./dom.js";
import { painter } from "./paint.js";
import { bindPointing } from "./pointing.js";
import { roving } from "./roving.js";
import { findFact } from "./why-facts.js";
import { makeGap, makeStep } from "./why-steps.js";

const MOST_EFFECTS = 50;
const SHOWN_FIRST = 12; // steps of a long chain, from its origin
const SHOWN_LAST = 48;
const CAUSES = "causes";
const EFFECTS = "effects";
const SENTENCES = {
  [CAUSES]: "Each step set off the next one. That is not all that counted: what a peer had seen before decides what it does then.",
  [EFFECTS]: "All that this set off, as a tree: what stands further in was set off by what it stands under.",
};

/** Draws the answer into `host`; `options.seen_by` names the peer whose copy of a block is meant. */
export function mount(host, store, options) {
  const view = new WhyView(host, store, options);
  return () => view.stop();
}

class WhyView {
  #mode = CAUSES;
  #isWhole = false; // are all steps of a long chain shown?
  #known = ""; // what the list was made of
  #chosen = null; // a record that was chosen in this list: the question stays
  #asked = null; // the fact that stays, while its own steps are walked
  #eyes; // a peer's name, null for whoever was first

  constructor(host, store, options = {}) {
    Object.assign(this, { host, store, trace: store.trace });
    host.classList.add("bl-why");
    this.#eyes = options.seen_by ?? null;
    this.index = new BlockIndex(store.trace);
    this.effects = new Effects(store.trace);
    this.modes = [[CAUSES, "What led to it"], [EFFECTS, "What came of it"]].map(([mode, title]) => this.#makeMode(mode, title));
    this.eyes = element("select", { "aria-label": "Whose copy" });
    this.eyesLabel = element("label", {}, "by ", this.eyes);
    this.count = element("span", { class: "bl-summary" });
    this.question = element("h3", { class: "bl-question" });
    this.answer = element("p", { class: "bl-answer" });
    this.list = element("ol", { class: "bl-steps" });
    this.sentence = element("p", { class: "bl-detail" });
    const choice = element("span", { class: "bl-choice", role: "group", "aria-label": "Direction" }, ...this.modes);
    const scroll = element("div", { class: "bl-scroll" }, this.question, this.answer, this.list);
    host.append(element("div", { class: "bl-head" }, choice, this.eyesLabel, this.count), scroll, this.sentence);
    this.#bind();
    this.paint = painter(host, store, () => this.#draw());
  }

  #makeMode(mode, title) {
    const made = element("button", { type: "button", "aria-pressed": String(mode === this.#mode), "data-mode": mode }, title);
    made.addEventListener("click", () => {
      this.#mode = mode;
      for (const each of this.modes) setAttributes(each, { "aria-pressed": String(each === made) });
      this.paint.request();
    });
    return made;
  }

  #bind() {
    const nameAt = target => {
      const row = target.closest?.(".bl-step")?.dataset.row;
      return row === undefined ? null : this.#nameOf(row);
    };
    this.unpoint = bindPointing(this.list, this.store, nameAt);
    this.roving = roving(this.list, () => [...this.list.querySelectorAll(".bl-step-main, .bl-gap")]);
    this.list.addEventListener("click", event => this.#onClick(event));
    this.list.addEventListener("focusin", event => this.#onFocus(event.target));
    this.eyes.addEventListener("change", () => {
      this.#eyes = this.eyes.value || null;
      this.#asked = null;
      this.paint.request();
    });
  }

  #nameOf(row) {
    return `record:${this.store.branch}:${row}`;
  }

  // --- what is asked -----------------------------------------------------------------------------------------

  /** While its own steps are chosen one after another, the question stays; any other selection asks anew. */
  #findFact() {
    const { store, index } = this;
    if (this.#asked && store.selection === this.#chosen && this.#asked.epoch === this.trace.epoch) return this.#asked;
    this.#asked = this.#chosen = null;
    return findFact(store, index, store.selection, this.#eyes);
  }

  #draw() {
    const { store, trace } = this;
    this.index.update();
    this.#drawEyes();
    const fact = this.fact = this.#findFact();
    setText(this.question, this.#mode === CAUSES ? fact.question : fact.question.replace(/^Why.*/, "What came of it?"));
    setText(this.answer, fact.missing);
    this.answer.hidden = !fact.missing;
    setText(this.sentence, SENTENCES[this.#mode]);
    const known = [fact.row, this.#mode, this.#isWhole, trace.epoch, this.#mode === CAUSES || trace.length, this.index.list.length].join("/");
    if (known !== this.#known) this.#makeList(fact.row);
    this.#known = known;
    this.#mark();
  }

  #drawEyes() {
    const isAsked = /^(block|tx):/.test(this.store.selection ?? "");
    this.eyesLabel.hidden = !isAsked;
    if (this.eyes.options.length === this.trace.peers.length + 1) return;
    this.eyes.replaceChildren(new Option("whoever had it first", ""), ...this.trace.peers.map(name => new Option(name)));
    this.eyes.value = this.#eyes ?? "";
  }

  // --- the list ----------------------------------------------------------------------------------------------

  #makeList(row) {
    const open = new Set([...this.list.querySelectorAll(".bl-step.bl-open")].map(made => made.dataset.row));
    const focused = this.list.contains(document.activeElement);
    this.list.replaceChildren(...(row < 0 ? [] : this.#mode === CAUSES ? this.#makeCauses(row) : this.#makeEffects(row)));
    for (const made of this.list.querySelectorAll(".bl-step")) if (open.has(made.dataset.row)) made.querySelector(".bl-unfold")?.click();
    this.list.setAttribute("aria-label", this.question.textContent);
    this.roving.update();
    if (focused) this.list.querySelector("[tabindex='0']")?.focus();
    else if (this.#mode === CAUSES) this.list.parentElement.scrollTop = 0;
  }

  #makeCauses(row) {
    const chain = getCauses(this.trace, row);
    const took = this.trace.columns.at[row] - this.trace.columns.at[chain[0]];
    setText(this.count, chain.length > 1 ? `${countOf(chain.length, "step")}, ${formatTime(took)}` : "nothing led to it");
    const isShort = this.#isWhole || chain.length <= SHOWN_FIRST + SHOWN_LAST + 1;
    const made = chain.map((each, at) => (isShort || at < SHOWN_FIRST || at >= chain.length - SHOWN_LAST
      ? makeStep(this, each, { number: at + 1, since: chain[at - 1] ?? null }) : null));
    if (isShort) return made;
    const hidden = chain.length - SHOWN_FIRST - SHOWN_LAST;
    return [...made.slice(0, SHOWN_FIRST), makeGap(`${countOf(hidden, "step")} in between: show them`), ...made.slice(-SHOWN_LAST)];
  }

  #makeEffects(row) {
    const { rows, hidden } = this.effects.update().treeOf(row, MOST_EFFECTS);
    const total = rows.length - 1 + hidden;
    setText(this.count, total ? `${countOf(total, "record")} came of it` : "nothing came of it");
    const { cause } = this.trace.columns;
    const made = rows.map(({ row: each, depth }) => makeStep(this, each, { depth, since: depth ? cause[each] : null }));
    if (hidden) made.push(element("li", { class: "bl-hidden-count" }, `The first ${MOST_EFFECTS - 1} are shown; ${countOf(hidden, "later record")} left out.`));
    return made;
  }

  #mark() {
    const { store, trace } = this;
    for (const made of this.list.querySelectorAll(".bl-step")) {
      const name = this.#nameOf(made.dataset.row);
      const event = trace.columns.event[made.dataset.row];
      const kinds = {
        "bl-later": event > store.cursor, "bl-now": event === store.cursor,
        "bl-selected": name === store.selection, "bl-hover": name === store.hover,
      };
      for (const [kind, is] of Object.entries(kinds)) made.classList.toggle(kind, is);
      setAttributes(made.firstElementChild, { "aria-current": event === store.cursor ? "step" : null });
    }
  }

  // --- the reader --------------------------------------------------------------------------------------------

  #onClick({ target }) {
    const made = target.closest(".bl-step");
    if (target.closest(".bl-gap")) {
      this.#isWhole = true;
      this.paint.request();
    } else if (made && target.closest(".bl-show-bytes")) {
      this.#keep(made.dataset.row);
      this.store.open("bytes");
    } else if (made && target.closest(".bl-step-main")) this.#goto(Number(made.dataset.row));
  }

  /** Select a step without asking a new question. */
  #keep(row) {
    this.#asked = { ...this.fact, missing: "", epoch: this.trace.epoch };
    this.#chosen = this.#nameOf(row);
    this.store.select(this.#chosen);
  }

  #goto(row) {
    this.#keep(row);
    this.store.goto(this.trace.columns.event[row]);
  }

  /** Only the focused step's own buttons are tab stops. */
  #onFocus(target) {
    const current = target.closest(".bl-step");
    for (const made of this.list.querySelectorAll(".bl-unfold, .bl-show-bytes")) {
      made.setAttribute("tabindex", current?.contains(made) ? "0" : "-1");
    }
  }

  stop() {
    this.paint.stop();
    this.roving.stop();
    this.unpoint();
    this.host.replaceChildren();
  }
}
