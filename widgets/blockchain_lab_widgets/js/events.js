// The records one under another, around the cursor: choose one to go there and to see what it is about.
import { BlockIndex } from "./blocks.js";
import { getCauses } from "./causes.js";
import { firstIndex } from "./columns.js";
import { formatCount, formatTime } from "./describe.js";
import { element, setAttributes, setText } from "./dom.js";
import { FILTERS, LineTexts, describeLine, filterRows } from "./events-filter.js";
import { holdChoice, hostOf, ownRecords } from "./lens.js";
import { messageMark } from "./marks.js";
import { painter } from "./paint.js";
import { bindPointing } from "./pointing.js";
import { virtualList } from "./virtual.js";

const ROW_HEIGHT = 22;
const TYPING = 200; // ms after the last letter until the list is searched

/** Draws the list into `host`. */
export function mount(host, store) {
  const view = new EventsView(host, store);
  return () => view.stop();
}

class EventsView {
  #rows = [];
  #known = ""; // what #rows was made of
  #followed = -1;
  #active = 0;
  #causes = new Set();
  #selected = -1; // row
  #timer = 0;

  constructor(host, store) {
    Object.assign(this, { host, store, trace: store.trace });
    host.classList.add("bl-events");
    this.index = new BlockIndex(store.trace);
    this.texts = new LineTexts(store.trace, this.index);
    this.kind = element("select", { "aria-label": "Show" }, ...FILTERS.map(({ name }) => new Option(name)));
    this.peer = element("select", { "aria-label": "Of whom" });
    this.word = element("input", { type: "search", placeholder: "find", "aria-label": "Find a word", spellcheck: "false" });
    this.why = element("button", { type: "button", class: "bl-plain", title: "What led to the selected record" }, "Why?");
    this.count = element("span", { class: "bl-summary" });
    this.box = element("div", { role: "listbox", "aria-label": "Records" });
    this.empty = element("p", { class: "bl-empty" }, "No such record.");
    host.append(element("div", { class: "bl-head" }, this.kind, this.peer, this.word, this.why, this.count), this.box, this.empty);
    this.list = virtualList(this.box, ROW_HEIGHT, position => this.#makeRow(position));
    this.#bind();
    this.paint = painter(host, store, () => this.#draw());
  }

  #bind() {
    const { box, store } = this;
    const positionOf = target => target.closest?.(".bl-event")?.dataset.position;
    for (const choice of [this.kind, this.peer]) choice.addEventListener("change", () => this.paint.request());
    this.word.addEventListener("input", () => {
      clearTimeout(this.#timer);
      this.#timer = setTimeout(() => this.paint.request(), TYPING);
    });
    this.why.addEventListener("click", () => store.askWhy());
    box.addEventListener("click", ({ target }) => this.#choose(positionOf(target)));
    box.addEventListener("keydown", event => this.#onKey(event));
    this.unpoint = bindPointing(box, store, target => {
      const position = positionOf(target);
      return position === undefined ? null : this.#nameOf(this.#rows[position]);
    });
  }

  #nameOf(row) {
    return `record:${this.store.branch}:${row}`;
  }

  // --- what is listed ----------------------------------------------------------------------------------------

  #draw() {
    const { store, trace } = this;
    this.index.update();
    this.#drawPeers();
    holdChoice(this.peer, store, String(hostOf(store)));
    const selected = Number(store.selection?.match(/^record:\d+:(\d+)$/)?.[1] ?? -1);
    this.#causes = selected >= 0 && selected < trace.length ? new Set(getCauses(trace, selected)) : new Set();
    const known = [this.kind.selectedIndex, this.peer.value, this.word.value, trace.length, trace.epoch, store.lens].join("/");
    if (known !== this.#known) this.#filter();
    this.#known = known;
    const last = this.#positionOf(store.cursor);
    if (store.cursor !== this.#followed) {
      this.#followed = store.cursor;
      this.#active = Math.max(0, last);
      this.list.reveal(this.#active, 4);
    }
    if (selected !== this.#selected) this.#showSelected(selected);
    for (const [position, made] of this.list.live) this.#mark(made, position);
    setText(this.count, `${formatCount(last + 1)} of ${formatCount(this.#rows.length)}`);
  }

  #drawPeers() {
    const { peers } = this.trace;
    if (this.peer.options.length === peers.length + 1) return;
    this.peer.replaceChildren(new Option("everybody", "-1"), ...peers.map((name, host) => new Option(name, host)));
  }

  #filter() {
    const filter = ownRecords(this.store, FILTERS[this.kind.selectedIndex]);
    this.#rows = filterRows(this.trace, filter, Number(this.peer.value), this.word.value, this.texts);
    this.list.setCount(this.#rows.length);
    this.box.hidden = !this.#rows.length;
    this.empty.hidden = this.#rows.length > 0;
    this.#followed = -1;
  }

  // Somebody chose a record, perhaps in another view: bring it into sight, if the filter lets it through.
  #showSelected(row) {
    this.#selected = row;
    const position = this.#firstFrom(row);
    if (row < 0 || this.#rows[position] !== row) return;
    this.#active = position;
    this.list.reveal(position, 2);
  }

  // The position of the last listed record that has happened at the cursor; -1 when none has.
  #positionOf(cursor) {
    return this.#firstFrom(this.trace.rowsUpTo(cursor)) - 1;
  }

  // The position of the first listed record from a row on. O(log rows).
  #firstFrom(row) {
    return firstIndex(this.#rows.length, position => this.#rows[position] >= row);
  }

  #makeRow(position) {
    const record = this.trace.record(this.#rows[position]);
    const { who, what } = describeLine(this.trace, record, this.index);
    const mark = record.facts.command === undefined ? element("span", { class: "bl-no-mark" }) : messageMark(record.facts.class);
    const made = element("div", { class: `bl-event bl-kind-${record.kind}`, role: "option", "data-position": position },
      element("span", { class: "bl-at" }, formatTime(record.at)), mark,
      element("span", { class: "bl-who" }, who), element("span", { class: "bl-what" }, what));
    this.#mark(made, position);
    return made;
  }

  #mark(made, position) {
    const row = this.#rows[position];
    const event = this.trace.columns.event[row];
    const { cursor, hover } = this.store;
    const kinds = {
      "bl-later": event > cursor, "bl-now": event === cursor, "bl-hover": hover === this.#nameOf(row),
      "bl-because": this.#causes.has(row), "bl-selected": row === this.#selected,
    };
    for (const [name, is] of Object.entries(kinds)) made.classList.toggle(name, is);
    const tabindex = position === this.#active ? "0" : "-1";
    setAttributes(made, { "aria-selected": String(row === this.#selected), tabindex });
  }

  // --- the reader --------------------------------------------------------------------------------------------

  #choose(position) {
    if (position === undefined) return;
    this.#active = Number(position);
    const row = this.#rows[this.#active];
    this.store.pause();
    this.store.select(this.#nameOf(row));
    this.store.goto(this.trace.columns.event[row]);
  }

  #onKey(event) {
    const step = { ArrowUp: -1, ArrowDown: 1, PageUp: -10, PageDown: 10 }[event.key];
    if (event.ctrlKey || event.metaKey || event.altKey || !(step || event.key === "Enter")) return;
    event.preventDefault();
    if (event.key === "Enter") return void this.#choose(this.#active);
    this.#active = Math.max(0, Math.min(this.#rows.length - 1, this.#active + step));
    this.list.reveal(this.#active, 1);
    for (const [position, made] of this.list.live) this.#mark(made, position);
    this.list.elementAt(this.#active)?.focus({ preventScroll: true });
  }

  stop() {
    clearTimeout(this.#timer);
    this.paint.stop();
    this.unpoint();
    this.list.stop();
    this.host.replaceChildren();
  }
}
