// The bytes of one message: its fields with their values on the left, the frame in hexadecimal on the right.
import { BlockIndex } from "./blocks.js";
import { formatCount, formatTime } from "./describe.js";
import { element, setAttributes, setText } from "./dom.js";
import { ENVELOPE_SIZE, flatten, pathTo, readMessage } from "./fields.js";
import { describeMessage, findMessageRow, rowOfSelection } from "./messages-at.js";
import { painter } from "./paint.js";
import { longValueOf, valueOf } from "./values.js";
import { virtualList } from "./virtual.js";

const FIELD_HEIGHT = 22;
const LINE_HEIGHT = 20;
const FEW = 12; // so many parts are shown opened at first
const NARROW = 8; // bytes in a line
const WIDE = 16;
const WIDE_FROM = 720; // pixels of the pane
const NOTHING = "No message yet. Play, or choose one in the network or among the events.";

/** Draws the selected message into `host`; with none selected, the cursor's latest. */
export function mount(host, store) {
  const view = new BytesView(host, store);
  return () => view.stop();
}

class BytesView {
  #message = null;
  #nodes = [];
  #rows = [];
  #open = new Map(); // node -> has the reader opened or closed it
  #lit = null; // the node under the pointer or the focus
  #active = 0; // the row that takes the focus
  #perLine = NARROW;

  constructor(host, store) {
    Object.assign(this, { host, store, trace: store.trace });
    host.classList.add("bl-bytes");
    this.index = new BlockIndex(store.trace);
    this.title = element("div", { class: "bl-title" });
    this.fieldBox = element("div", { class: "bl-fields", role: "tree", "aria-label": "Fields" });
    this.hexBox = element("div", { class: "bl-hex", role: "img" });
    this.split = element("div", { class: "bl-split" }, this.fieldBox, this.hexBox);
    this.empty = element("p", { class: "bl-empty" }, NOTHING);
    this.detail = element("div", { class: "bl-detail" });
    host.append(this.title, this.split, this.detail, this.empty);
    this.fields = virtualList(this.fieldBox, FIELD_HEIGHT, row => this.#makeField(row));
    this.lines = virtualList(this.hexBox, LINE_HEIGHT, line => this.#makeLine(line));
    this.#bind();
    this.paint = painter(host, store, () => this.#draw());
    this.resize = new ResizeObserver(() => this.#measure());
    this.resize.observe(host);
  }

  #measure() {
    const perLine = this.host.clientWidth >= WIDE_FROM ? WIDE : NARROW;
    if (perLine === this.#perLine && this.hexBox.style.width) return;
    this.#perLine = perLine;
    this.hexBox.style.width = `${62 + perLine * 23 + 16}px`;
    this.#setLines();
  }

  #draw() {
    const { store, trace } = this;
    this.index.update();
    const row = rowOfSelection(store) ?? findMessageRow(trace, store.cursor);
    const message = row === null ? null : trace.messageOf(row);
    this.split.hidden = this.title.hidden = this.detail.hidden = !message;
    this.empty.hidden = Boolean(message);
    if (row !== null && !message) this.empty.textContent = "These bytes are still on their way from Python.";
    if (!message) return;
    const record = trace.record(row);
    const words = describeMessage(trace, record, this.index);
    const small = element("small", {}, `${formatCount(message.bytes.length)} bytes · ${formatTime(record.at)}`);
    this.title.replaceChildren(words, small);
    if (message !== this.#message) this.#show(message);
  }

  #show(message) {
    this.#message = message;
    this.#nodes = readMessage(message);
    this.#open = new Map();
    this.#lit = null;
    this.#active = Math.min(1, this.#nodes.length - 1); // behind the envelope
    this.fieldBox.scrollTop = this.hexBox.scrollTop = 0;
    this.hexBox.setAttribute("aria-label", `${message.bytes.length} bytes in hexadecimal`);
    this.#flatten();
    this.#measure();
    this.#setLines();
    this.#explain();
  }

  #isOpen(node) {
    const isShort = node.parts.length <= FEW && node.number === null;
    return this.#open.get(node) ?? (node.depth === 0 && node.end > ENVELOPE_SIZE && isShort);
  }

  #flatten() {
    this.#rows = flatten(this.#nodes, node => this.#isOpen(node));
    this.#active = Math.min(this.#active, this.#rows.length - 1);
    this.fields.setCount(this.#rows.length);
  }

  #setLines() {
    if (this.#message) this.lines.setCount(Math.ceil(this.#message.bytes.length / this.#perLine));
  }

  // --- the two lists -----------------------------------------------------------------------------------------

  #makeField(row) {
    const node = this.#rows[row];
    const isOpen = this.#isOpen(node);
    const twist = element("span", { class: "bl-twist" }, node.parts.length ? (isOpen ? "▾" : "▸") : "");
    const name = `${node.name.replaceAll("_", " ")}${node.number === null ? "" : ` ${node.number}`}`;
    const value = node.parts.length
      ? element("span", { class: "bl-parts" }, `${formatCount(node.end - node.start)} bytes`)
      : element("span", { class: "bl-value" }, valueOf(node, this.#message.bytes, hash => this.index.get(hash)?.name));
    const field = element("div", {
      class: "bl-field", role: "treeitem", "aria-level": node.depth + 1, tabindex: row === this.#active ? "0" : "-1",
      "aria-expanded": node.parts.length ? String(isOpen) : null, "data-row": row,
    }, twist, element("span", {}, name), value);
    field.style.paddingLeft = `${4 + node.depth * 14}px`;
    if (this.#isLit(node)) field.classList.add("bl-lit");
    return field;
  }

  #makeLine(line) {
    const { bytes } = this.#message;
    const begin = line * this.#perLine;
    const made = element("div", { class: "bl-line" }, element("i", {}, begin.toString(16).padStart(5, "0")));
    for (let at = begin; at < Math.min(begin + this.#perLine, bytes.length); at++) {
      const cell = element("b", { "data-at": at }, bytes[at].toString(16).padStart(2, "0"));
      if (at < ENVELOPE_SIZE) cell.classList.add("bl-envelope");
      if (this.#lit && at >= this.#lit.start && at < this.#lit.end) cell.classList.add("bl-lit");
      made.append(cell);
    }
    return made;
  }

  // --- pointing ----------------------------------------------------------------------------------------------

  /** Light up a node's field and bytes; `from` is the list that keeps its place. */
  #light(node, from) {
    if (node === this.#lit) return;
    this.#lit = node;
    for (const [row, made] of this.fields.live) made.classList.toggle("bl-lit", this.#isLit(this.#rows[row]));
    for (const made of this.lines.live.values()) {
      for (const cell of made.querySelectorAll("b")) {
        const at = Number(cell.dataset.at);
        cell.classList.toggle("bl-lit", Boolean(node) && at >= node.start && at < node.end);
      }
    }
    this.#explain();
    if (node && from === "fields") this.lines.reveal(Math.floor(node.start / this.#perLine), 1);
    if (node && from === "bytes") {
      const row = this.#rows.findIndex(each => this.#isLit(each));
      if (row >= 0) this.fields.reveal(row, 1);
    }
  }

  #explain() {
    const names = hash => this.index.get(hash)?.name;
    setText(this.detail, this.#lit ? longValueOf(this.#lit, this.#message.bytes, names) : "Point at a field or at a byte.");
  }

  /** Is this row lit: the field itself, a part of it, or the closed compound that hides it? */
  #isLit(node) {
    const lit = this.#lit;
    if (!lit) return false;
    if (node.start >= lit.start && node.end <= lit.end && node.depth >= lit.depth) return true;
    return node.depth < lit.depth && node.start <= lit.start && node.end >= lit.end && !this.#isOpen(node);
  }

  #bind() {
    const { fieldBox, hexBox } = this;
    const rowAt = event => event.target.closest?.(".bl-field")?.dataset.row;
    fieldBox.addEventListener("pointermove", event => this.#light(this.#rows[rowAt(event)] ?? null, "fields"));
    hexBox.addEventListener("pointermove", event => {
      const at = event.target.closest?.("b")?.dataset.at;
      this.#light(at === undefined ? null : (pathTo(this.#nodes, Number(at)).at(-1) ?? null), "bytes");
    });
    for (const box of [fieldBox, hexBox]) {
      box.addEventListener("pointerleave", () => this.#light(null));
    }
    fieldBox.addEventListener("click", event => {
      const row = rowAt(event);
      if (row !== undefined) this.#toggle(Number(row));
    });
    fieldBox.addEventListener("focusin", event => {
      const row = rowAt(event);
      if (row !== undefined) this.#light(this.#rows[row], "fields");
    });
    fieldBox.addEventListener("keydown", event => this.#onKey(event));
  }

  #toggle(row) {
    const node = this.#rows[row];
    this.#active = row;
    if (!node.parts.length) return this.#focus(row);
    this.#open.set(node, !this.#isOpen(node));
    const top = this.fieldBox.scrollTop;
    this.#flatten();
    this.fieldBox.scrollTop = top;
    return this.#focus(row);
  }

  #focus(row) {
    this.fields.elementAt(this.#active)?.setAttribute("tabindex", "-1");
    this.#active = row;
    this.fields.reveal(row, 1);
    const made = this.fields.elementAt(row);
    if (!made) return;
    setAttributes(made, { tabindex: "0" });
    made.focus({ preventScroll: true });
  }

  #onKey(event) {
    if (event.ctrlKey || event.metaKey || event.altKey || !event.target.closest(".bl-field")) return;
    const step = { ArrowUp: -1, ArrowDown: 1, PageUp: -10, PageDown: 10 }[event.key];
    if (event.key === "Enter") this.#toggle(this.#active);
    else if (step) this.#focus(Math.max(0, Math.min(this.#rows.length - 1, this.#active + step)));
    else return;
    event.preventDefault();
  }

  stop() {
    this.paint.stop();
    this.resize.disconnect();
    this.fields.stop();
    this.lines.stop();
    this.host.replaceChildren();
  }
}
