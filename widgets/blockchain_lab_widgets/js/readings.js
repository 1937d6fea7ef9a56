// The readings view: what popular texts say about Casper beside the rule that holds, both for a peer's own branch.
import { BranchChoice } from "./branch-choice.js";
import { Keyed, element, setAttributes, setText } from "./dom.js";
import { summary } from "./legend.js";
import { painter } from "./paint.js";
import { bindPointing } from "./pointing.js";
import { Card, drawRow, makeHeads, newRow } from "./readings-draw.js";
import { Readings, validatorOf } from "./readings-scene.js";
import { makeStrip, tellStrip } from "./readings-strips.js";
import { tellSummary, titleOf } from "./readings-words.js";
import { bindStack } from "./stack-keys.js";
import { tableButton } from "./table.js";
import { tooltip } from "./tooltip.js";

const MEMORY = { viewer: "readings", about: "readings:about" };
const COLUMNS = ["About", "The rule here", "Misreading here", "The rule", "Popular wording (misreading)", "Source"];
const NOTHING = "No popular sentences are known about the rules of this run: Casper's have some. The story happy_finality shows them.";

/** Draws the sentences into `host`. Option `seen_by`: the peer on whose branch they are compared. */
export function mount(host, store, options) {
  const view = new ReadingsView(host, store, options);
  return () => view.stop();
}

class ReadingsView {
  #shown = "";
  #about = "";

  constructor(host, store, { seen_by: seenBy = null }) {
    const { trace } = store;
    Object.assign(this, { host, store, trace });
    host.classList.add("bl-readings");
    this.readings = new Readings(trace);
    this.choice = new BranchChoice(store, MEMORY.viewer, seenBy, () => this.paint.request());
    this.shown = element("span", { class: "bl-summary" });
    this.list = element("div", { class: "bl-rows" });
    this.stage = element("div", { class: "bl-readings-stage bl-scroll" }, makeHeads(), this.list);
    this.card = new Card();
    this.empty = element("p", { class: "bl-empty" }, NOTHING);
    this.parts = [this.stage, this.card.root];
    host.append(element("div", { class: "bl-head" }, this.choice.root, this.shown), ...this.parts, this.empty);
    this.rows = new Keyed(this.list, newRow);
    tooltip(host);
    this.words = summary(host, "Readings");
    this.#bind();
    this.paint = painter(host, store, () => this.#draw());
    this.table = tableButton(host, store, { title: "Readings", columns: COLUMNS, graph: this.stage, rows: () => this.#makeTable() });
  }

  #bind() {
    const { store, card: { strip: { cells } } } = this;
    const nameAt = target => target.closest?.(".bl-strip-cell[data-name]")?.dataset.name ?? null;
    this.unpoint = bindPointing(cells, store, nameAt);
    this.keys = bindStack(this.list, store, () => null, about => this.#choose(about));
    this.cellKeys = bindStack(cells, store, () => null);
    this.list.addEventListener("click", ({ target }) => this.#choose(target.closest(".bl-reading")?.dataset.name));
    cells.addEventListener("click", ({ target }) => {
      const name = nameAt(target);
      if (name) store.select(store.selection === name ? null : name);
    });
  }

  #choose(about) {
    if (!about) return;
    this.store.memory.set(MEMORY.about, about);
    this.paint.request();
  }

  // --- what is shown -----------------------------------------------------------------------------------------

  /** All sentences with their values at the cursor; none without a branch. */
  #look() {
    const { store, trace } = this;
    this.choice.follow();
    const viewer = this.choice.host;
    return this.readings.look(trace.rowsUpTo(store.cursor), viewer, { chosen: validatorOf(store.selection), isAlone: store.lens !== null });
  }

  #draw() {
    const { store, trace } = this;
    this.choice.follow();
    const about = store.memory.get(MEMORY.about);
    const place = [trace.rowsUpTo(store.cursor), trace.epoch, trace.length, this.choice.value, about, validatorOf(store.selection), store.lens].join(" ");
    if (place !== this.#shown) this.#rebuild(about);
    this.#shown = place;
    this.#mark();
    this.table.update();
  }

  #rebuild(about) {
    const { list, scene, isOff } = this.#look();
    const isThere = list.length > 0;
    for (const part of this.parts) part.hidden = !isThere;
    this.empty.hidden = isThere;
    if (!isThere) {
      setText(this.empty, isOff && this.trace.readings ? `${this.choice.value} is off.` : NOTHING);
      setText(this.shown, "");
      this.words.set(this.empty.textContent);
      return;
    }
    const byAbout = new Map(list.map(row => [row.about, row]));
    this.rows.sync(byAbout.keys(), (made, key) => drawRow(made, byAbout.get(key)));
    this.keys.update();
    const chosen = byAbout.get(about) ?? list[0];
    this.#about = chosen.about;
    const strip = chosen.values ? makeStrip(chosen.about, chosen.values, scene) : null;
    this.card.draw(chosen, strip, chosen.words?.here ?? chosen.missing, strip ? tellStrip(strip) : "");
    setAttributes(this.card.root, { "aria-label": titleOf(chosen.about) });
    this.cellKeys.update();
    const parting = list.filter(({ values }) => values?.parts).length;
    setText(this.shown, `${parting} of ${list.length} give another answer here`);
    this.words.set(tellSummary(this.choice.value, list));
  }

  /** Selection and hover move nothing. */
  #mark() {
    const { store } = this;
    for (const [about, made] of this.rows.live) {
      made.classList.toggle("bl-selected", about === this.#about);
      setAttributes(made, { "aria-pressed": String(about === this.#about) });
    }
    for (const made of this.card.strip.cells.children) {
      const { name } = made.dataset;
      made.classList.toggle("bl-selected", name !== undefined && name === store.selection);
      made.classList.toggle("bl-hover", name !== undefined && name === store.hover);
      setAttributes(made, { "aria-pressed": name === undefined ? null : String(name === store.selection) });
    }
  }

  #makeTable() {
    return this.#look().list.map(({ about, words, values, holds, says, source }) => ({
      name: null, cells: [titleOf(about), words?.rule ?? "no example yet", words ? (values.parts ? words.misread : "the same so far") : null, holds, says, source],
    }));
  }

  stop() {
    for (const part of [this.paint, this.keys, this.cellKeys, this.table, this.words]) part.stop();
    this.unpoint();
    this.host.replaceChildren();
  }
}
