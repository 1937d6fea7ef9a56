// The message map: all commands of the language, who answers whom, lit as they are said, with counts so far.
import { BlockIndex } from "./blocks.js";
import { formatTime } from "./describe.js";
import { element, setText } from "./dom.js";
import { Folded } from "./fold.js";
import { summary } from "./legend.js";
import { holdChoice } from "./lens.js";
import { drawMap, mapLegend, markMap } from "./message-map-draw.js";
import { layoutMap } from "./message-map-layout.js";
import { countsFold, findLit, findMessage, readLanguage } from "./message-map-model.js";
import { TITLES, listAnswers, listAsked, tellLit, tellMap, tellVersions, tellWord } from "./message-map-words.js";
import { describeMessage } from "./messages-at.js";
import { painter } from "./paint.js";
import { roving } from "./roving.js";
import { tableButton } from "./table.js";
import { tooltip } from "./tooltip.js";

const EVERYBODY = "";

/** Draws the map into `host`. Option: `seen_by`, a peer whose messages are counted. */
export function mount(host, store, options) {
  const view = new MessageMap(host, store, options);
  return () => view.stop();
}

class MessageMap {
  #chosen = null; // command
  #hovered = null; // index of a word under the pointer
  #followed = null; // the selection that the choices have followed
  #language = null;
  #read = ""; // what the language was read from
  #all = null; // Folded: everybody's counts
  #own = { host: -1, fold: null }; // those of the peer that was looked at last
  #picture = null; // {root, pills, arrows}
  #drawn = ""; // what it was made of

  constructor(host, store, { seen_by: seenBy = null }) {
    const { trace } = store;
    Object.assign(this, { host, store, trace });
    host.classList.add("bl-message-map");
    this.index = new BlockIndex(trace);
    this.choice = element("select", {}, new Option("all peers", EVERYBODY), ...trace.peers.map(name => new Option(name, name)));
    this.choice.value = trace.peers.includes(seenBy) ? seenBy : EVERYBODY;
    this.shown = element("span", { class: "bl-summary" });
    const head = element("div", { class: "bl-head" }, element("label", {}, "Messages of ", this.choice), this.shown);
    this.stage = element("div", { class: "bl-scroll bl-map-stage" });
    this.text = element("p", { class: "bl-map-text" });
    this.before = this.#makeStep("◂", "The one before", -1);
    this.after = this.#makeStep("▸", "The next one", 1);
    const detail = element("div", { class: "bl-detail" }, this.text, this.before, this.after);
    this.empty = element("p", { class: "bl-empty" }, "Nobody has said anything yet, and nobody has described the language. Play.");
    host.append(head, this.stage, detail, mapLegend(), this.empty);
    tooltip(host);
    this.words = summary(host, "Message map");
    this.#bind();
    this.paint = painter(host, store, () => this.#draw());
    this.resize = new ResizeObserver(() => this.paint.request());
    this.resize.observe(this.stage);
  }

  #makeStep(sign, label, direction) {
    const made = element("button", { type: "button", class: "bl-side", title: label, "aria-label": label }, sign);
    made.addEventListener("click", () => this.#step(direction));
    return made;
  }

  #bind() {
    const { stage } = this;
    const wordAt = target => {
      const mark = target.closest?.("[data-word]");
      return mark ? Number(mark.dataset.word) : null;
    };
    this.roving = roving(stage, () => [...stage.querySelectorAll("[data-word]")]);
    stage.addEventListener("click", ({ target }) => {
      const word = wordAt(target);
      if (word !== null) this.#choose(this.#language.words[word].command);
    });
    const hover = word => {
      if (word === this.#hovered) return;
      this.#hovered = word;
      this.paint.request();
    };
    stage.addEventListener("pointerover", ({ target }) => hover(wordAt(target)));
    stage.addEventListener("pointerleave", () => hover(null));
    this.choice.addEventListener("change", () => this.paint.request());
    this.table = tableButton(this.host, this.store, {
      title: "Commands", graph: stage, columns: ["command", "class", "sent", "arrived", "leads to", "answers", "Bitcoin", "source"], rows: () => this.#makeTable(),
    });
  }

  get #who() {
    return this.trace.peers.indexOf(this.choice.value);
  }

  // --- choosing ----------------------------------------------------------------------------------------------

  /** A command is chosen: its last message up to the cursor is selected. Once more: it is let go. */
  #choose(command) {
    const { store, trace } = this;
    if (this.#chosen === command) {
      this.#chosen = null;
      store.select(null);
    } else {
      this.#chosen = command;
      const row = findMessage(trace, { command, host: this.#who, row: trace.rowsUpTo(store.cursor), direction: -1 });
      this.#followed = row < 0 ? null : `record:${store.branch}:${row}`;
      store.select(this.#followed);
    }
    this.paint.request();
  }

  /** To the next message of the chosen command, or the one before. */
  #step(direction) {
    const row = this.#findNext(direction);
    if (row < 0) return;
    this.#followed = `record:${this.store.branch}:${row}`;
    this.store.goto(this.trace.columns.event[row]);
    this.store.select(this.#followed);
  }

  #findNext(direction) {
    const { store, trace } = this;
    if (this.#chosen === null) return -1;
    const row = direction > 0 ? trace.rowsUpTo(store.cursor) - 1 : trace.rowsUpTo(store.cursor - 1);
    return findMessage(trace, { command: this.#chosen, host: this.#who, row, direction });
  }

  /** A selected message chooses its command, a selected peer whose messages are counted. */
  #follow() {
    const { store: { selection, branch }, trace } = this;
    if (selection === this.#followed) return;
    this.#followed = selection;
    const [, on, row] = selection?.match(/^record:(\d+):(\d+)$/) ?? [];
    if (selection === null) this.#chosen = null;
    else if (selection.startsWith("peer:") && trace.peers.includes(selection.slice(5))) this.choice.value = selection.slice(5);
    else if (row !== undefined && Number(on) === branch && Number(row) < trace.length) this.#chosen = trace.record(Number(row)).facts.command ?? null;
  }

  // --- what is shown -----------------------------------------------------------------------------------------

  #update() {
    const { trace } = this;
    this.index.update();
    const read = `${trace.table.length}/${trace.commands.length}`;
    if (read !== this.#read) {
      this.#read = read;
      const count = this.#language?.words.length;
      const language = readLanguage(trace);
      if (language.words.length !== count) { // a table that grows seldom brings new words
        this.#language = language;
        this.#all = new Folded(trace, countsFold(language));
        this.#own = { host: -1, fold: null };
      }
    }
    this.#follow();
    holdChoice(this.choice, this.store);
  }

  #count() {
    const host = this.#who;
    if (host >= 0 && host !== this.#own.host) this.#own = { host, fold: new Folded(this.trace, countsFold(this.#language, host)) };
    const fold = host < 0 ? this.#all : this.#own.fold;
    return { ...fold.at(this.trace.rowsUpTo(this.store.cursor)), isOfPeer: host >= 0 };
  }

  #draw() {
    this.#update();
    const { stage, trace, store } = this;
    const language = this.#language;
    const isThere = language.words.length > 0;
    for (const part of [stage, this.text.parentElement, this.host.querySelector(".bl-legend")]) part.hidden = !isThere;
    this.empty.hidden = isThere;
    if (!isThere) return;
    const drawn = `${language.words.length} ${stage.clientWidth} ${stage.clientHeight}`;
    if (stage.clientWidth && drawn !== this.#drawn) this.#drawPicture(drawn);
    const counts = this.#count();
    const lit = findLit(trace, store.cursor, language);
    const chosen = language.numberOf.get(this.#chosen) ?? null;
    if (this.#picture) markMap(this.#picture, language, { counts, lit, chosen, hovered: this.#findHovered() });
    const now = tellLit(language, lit);
    setText(this.shown, now && `Now: ${now}`);
    this.words.set(tellMap(language, counts, lit, this.choice.value));
    this.#tell(chosen, counts);
    this.table.update();
  }

  /** The word under the pointer, or that of the message that another view points at. */
  #findHovered() {
    if (this.#hovered !== null) return this.#hovered;
    const [, on, row] = this.store.hover?.match(/^record:(\d+):(\d+)$/) ?? [];
    if (row === undefined || Number(on) !== this.store.branch || Number(row) >= this.trace.length) return null;
    return this.#language.numberOf.get(this.trace.record(Number(row)).facts.command) ?? null;
  }

  #drawPicture(drawn) {
    const { stage } = this;
    this.#drawn = drawn;
    const focused = stage.querySelector(":focus")?.dataset.word;
    const room = { width: Math.max(380, stage.clientWidth), height: stage.clientHeight };
    this.#picture = drawMap(this.#language, layoutMap(this.#language, room));
    stage.replaceChildren(this.#picture.root);
    this.roving.update();
    if (focused !== undefined) stage.querySelector(`[data-word="${focused}"]`)?.focus();
  }

  #tell(chosen, counts) {
    const { store, trace } = this;
    for (const [made, direction] of [[this.before, -1], [this.after, 1]]) {
      made.hidden = chosen === null;
      made.disabled = this.#findNext(direction) < 0;
    }
    if (chosen === null) return void setText(this.text, "Choose a command: what it leads to, who knew it, and its last message.");
    const row = findMessage(trace, { command: this.#chosen, host: this.#who, row: trace.rowsUpTo(store.cursor), direction: -1 });
    const last = row < 0 ? "" : ` The last one: ${describeMessage(trace, trace.record(row), this.index)}, at ${formatTime(trace.columns.at[row])}.`;
    this.text.replaceChildren(element("b", {}, this.#chosen), ` ${tellWord(this.#language, counts, chosen, this.choice.value)}${last}`);
  }

  #makeTable() {
    this.#update();
    const language = this.#language;
    const { sent, came } = this.#count();
    const { store, trace } = this;
    return language.words.map((word, at) => {
      const row = came[at] ? findMessage(trace, { command: word.command, host: this.#who, row: trace.rowsUpTo(store.cursor), direction: -1 }) : -1;
      const cells = [word.command, TITLES[word.kind] ?? word.kind, sent[at], came[at], listAnswers(language, at), listAsked(language, at), tellVersions(word), word.source];
      return { name: row < 0 ? null : `record:${store.branch}:${row}`, cells };
    });
  }

  stop() {
    this.paint.stop();
    this.resize.disconnect();
    this.roving.stop();
    this.table.stop();
    this.words.stop();
    this.host.replaceChildren();
  }
}
