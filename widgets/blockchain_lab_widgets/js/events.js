// The records one under another, around the cursor: choose one to see its bytes and what led to it.
import { BlockIndex } from "./blocks.js";
import { getCauses } from "./causes.js";
import { firstIndex } from "./columns.js";
import { describeRecord, formatCount, formatTime } from "./describe.js";
import { element, setAttributes, setText } from "./dom.js";
import { messageMark } from "./marks.js";
import { labelOf } from "./messages-at.js";
import { painter } from "./paint.js";
import { virtualList } from "./virtual.js";

const ROW_HEIGHT = 22;
const FILTERS = {
  messages: ["deliver", "datagram", "drop"],
  "all records": null,
  notes: ["note", "action", "command", "kill", "start"],
};
const WHY = "what led to it";

/** Rows whose kind a filter lets through. O(rows). */
export function filterRows(trace, kinds) {
  const wanted = kinds && new Set(kinds.map(name => trace.kinds.indexOf(name)));
  const rows = [];
  for (let row = 0; row < trace.length; row++) if (!wanted || wanted.has(trace.columns.kind[row])) rows.push(row);
  return rows;
}

/** Draws the list into `host`. */
export function mount(host, store) {
  const view = new EventsView(host, store);
  return () => view.stop();
}

class EventsView {
  #rows = [];
  #filter = "messages";
  #known = ""; // what #rows was made of
  #followed = -1;
  #active = 0;
  #causes = new Set();
  #selected = -1; // row

  constructor(host, store) {
    Object.assign(this, { host, store, trace: store.trace });
    host.classList.add("bl-events");
    this.index = new BlockIndex(store.trace);
    const choice = element("select", {}, ...[...Object.keys(FILTERS), WHY].map(name => new Option(name)));
    choice.addEventListener("change", () => {
      this.#filter = choice.value;
      this.paint.request();
    });
    this.count = element("span", { class: "bl-summary" });
    this.box = element("div", { role: "listbox", "aria-label": "Records" });
    host.append(element("div", { class: "bl-head" }, element("label", {}, "Show ", choice), this.count), this.box);
    this.list = virtualList(this.box, ROW_HEIGHT, position => this.#makeRow(position));
    this.box.addEventListener("click", event => this.#choose(event.target.closest(".bl-event")?.dataset.position));
    this.box.addEventListener("keydown", event => this.#onKey(event));
    this.paint = painter(host, store, () => this.#draw());
  }

  #draw() {
    const { store, trace } = this;
    this.index.update();
    const selected = Number(store.selection?.match(/^record:\d+:(\d+)$/)?.[1] ?? -1);
    this.#causes = selected >= 0 && selected < trace.length ? new Set(getCauses(trace, selected)) : new Set();
    const known = `${this.#filter}/${trace.length}/${trace.epoch}/${this.#filter === WHY ? selected : ""}`;
    if (known !== this.#known) {
      this.#known = known;
      this.#rows = this.#filter === WHY ? [...this.#causes] : filterRows(trace, FILTERS[this.#filter]);
      this.list.setCount(this.#rows.length);
      this.#followed = -1;
    }
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
    const { peers } = this.trace;
    const isMessage = record.facts.command !== undefined;
    const [from, to] = record.kind === "send" ? [record.peer, record.other] : [record.other, record.peer];
    const who = isMessage ? `${peers[from] ?? "?"} → ${peers[to] ?? "?"}` : (peers[record.peer] ?? "network");
    const lost = record.kind === "drop" ? ", lost" : record.kind === "send" ? ", sent" : "";
    const what = isMessage ? `${labelOf(record.facts, this.index)}${lost}` : this.#tell(record);
    const made = element("div", { class: "bl-event", role: "option", "data-position": position },
      element("span", { class: "bl-at" }, formatTime(record.at)),
      isMessage ? messageMark(record.facts.class) : element("span", { class: "bl-no-mark" }),
      element("span", { class: "bl-who" }, who), element("span", { class: "bl-what" }, what));
    this.#mark(made, position);
    return made;
  }

  #tell(record) {
    const { facts, kind } = record;
    if (kind !== "note") return describeRecord(this.trace, record);
    const block = facts.hash ? ` ${this.index.nameOf(facts.hash)}` : "";
    const many = facts.hashes ? ` × ${formatCount(facts.hashes.length)}` : "";
    return `${facts.topic}${block}${many}${facts.reason ? `: ${facts.reason}` : ""}`;
  }

  #mark(made, position) {
    const row = this.#rows[position];
    const event = this.trace.columns.event[row];
    const { cursor } = this.store;
    const kinds = {
      "bl-later": event > cursor, "bl-now": event === cursor,
      "bl-because": this.#causes.has(row), "bl-selected": row === this.#selected,
    };
    for (const [name, is] of Object.entries(kinds)) made.classList.toggle(name, is);
    const tabindex = position === this.#active ? "0" : "-1";
    setAttributes(made, { "aria-selected": String(row === this.#selected), tabindex });
  }

  #choose(position) {
    if (position === undefined) return;
    this.#active = Number(position);
    const row = this.#rows[this.#active];
    this.store.pause();
    this.store.select(`record:${this.store.branch}:${row}`);
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
    this.paint.stop();
    this.list.stop();
    this.host.replaceChildren();
  }
}
