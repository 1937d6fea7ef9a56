// The two lists of the bytes view: the fields on the left, the hexadecimal digits on the right; pointing at one lights the other.
import { formatCount } from "./describe.js";
import { element, setAttributes } from "./dom.js";
import { envelopeEnd, flatten, pathTo } from "./fields.js";
import { valueOf } from "./values.js";
import { virtualList } from "./virtual.js";

const FIELD_HEIGHT = 22;
const LINE_HEIGHT = 20;
const CELL = 23; // pixels
const FEW = 12; // so many parts are shown opened at first
const NARROW = 8; // bytes in a line
const WIDE = 16;
const WIDE_FROM = 720; // pixels of the pane

/** Shows one message, or a part of it, of which single bytes may have changed. */
export class ByteLists {
  #what = null; // {nodes, bytes, original, part}
  #payload = 0; // where it begins
  #rows = []; // nodes in sight
  #open = new Map(); // node -> has the reader opened or closed it
  #lit = null; // the node under the pointer or the focus
  #active = 0; // the row of the fields that takes the focus
  #perLine = NARROW;

  /**
   * @param {(hash: string) => string|undefined} nameOf short names of blocks
   * @param {() => void} onLight after something else was lit, or another byte reached
   */
  constructor(nameOf, onLight) {
    Object.assign(this, { nameOf, onLight, caret: 0, half: 0 });
    this.fieldBox = element("div", { class: "bl-fields", role: "tree", "aria-label": "Fields" });
    this.hexBox = element("div", { class: "bl-hex", role: "application", tabindex: "0", "data-bl-own-keys": "" });
    this.root = element("div", { class: "bl-split" }, this.fieldBox, this.hexBox);
    this.fields = virtualList(this.fieldBox, FIELD_HEIGHT, row => this.#makeField(row));
    this.lines = virtualList(this.hexBox, LINE_HEIGHT, line => this.#makeLine(line));
    this.#bind();
  }

  /** The innermost field that is lit, or null. */
  get lit() {
    return this.#lit;
  }

  /** The byte that typing changes, as an offset into the frame. */
  get at() {
    return this.caret;
  }

  /** Show another message, or another part of it: everything closed, the caret on its first byte. */
  show(what) {
    this.#what = what;
    this.#open = new Map();
    this.#lit = null;
    this.#payload = envelopeEnd(what.nodes);
    this.caret = what.part.start || Math.max(0, Math.min(this.#payload, what.bytes.length - 1));
    this.half = 0;
    this.fieldBox.scrollTop = this.hexBox.scrollTop = 0;
    const name = `${formatCount(what.part.end - what.part.start)} bytes in hexadecimal. Arrows move from byte to byte, Escape leaves`;
    this.hexBox.setAttribute("aria-label", name);
    this.#flatten();
    this.#active = Math.min(what.part.start || !this.#payload ? 0 : 1, this.#rows.length - 1); // behind the envelope
    this.#setLines();
    this.onLight();
  }

  /** Some bytes are others now. */
  refresh() {
    this.fields.redraw();
    this.lines.redraw();
  }

  /** As many bytes in a line as a pane of this width bears. */
  measure(width) {
    const perLine = width >= WIDE_FROM ? WIDE : NARROW;
    if (perLine === this.#perLine && this.hexBox.style.width) return;
    this.#perLine = perLine;
    this.hexBox.style.width = `${62 + perLine * CELL + 16}px`;
    this.#setLines();
  }

  #isOpen(node) {
    const isShort = node.parts.length <= FEW && node.number === null;
    const isAlone = node.start === this.#what.part.start && node.end === this.#what.part.end;
    return this.#open.get(node) ?? (node.depth === 0 && (isAlone || (node.end > this.#payload && isShort)));
  }

  #flatten() {
    const { nodes, part } = this.#what;
    const inside = nodes.filter(({ start, end }) => start >= part.start && end <= part.end);
    this.#rows = flatten(inside, node => this.#isOpen(node));
    this.#active = Math.min(this.#active, this.#rows.length - 1);
    this.fields.setCount(this.#rows.length);
  }

  #setLines() {
    if (this.#what) this.lines.setCount(Math.ceil((this.#what.part.end - this.#what.part.start) / this.#perLine));
  }

  // --- the rows ----------------------------------------------------------------------------------------------

  #makeField(row) {
    const node = this.#rows[row];
    const { bytes } = this.#what;
    const isOpen = this.#isOpen(node);
    const twist = element("span", { class: "bl-twist" }, node.parts.length ? (isOpen ? "▾" : "▸") : "");
    const name = `${node.name.replaceAll("_", " ")}${node.number === null ? "" : ` ${node.number}`}`;
    const value = node.parts.length
      ? element("span", { class: "bl-parts" }, `${formatCount(node.end - node.start)} bytes`)
      : element("span", { class: "bl-value" }, valueOf(node, bytes, this.nameOf));
    const field = element("div", {
      class: "bl-field", role: "treeitem", "aria-level": node.depth + 1, tabindex: row === this.#active ? "0" : "-1",
      "aria-expanded": node.parts.length ? String(isOpen) : null, "data-row": row,
    }, twist, element("span", {}, name), value);
    field.style.paddingLeft = `${4 + node.depth * 14}px`;
    field.classList.toggle("bl-lit", this.#isLit(node));
    field.classList.toggle("bl-changed", this.#hasChanged(node));
    return field;
  }

  #hasChanged({ start, end }) {
    const { bytes, original } = this.#what;
    return bytes.subarray(start, end).some((byte, i) => byte !== original[start + i]);
  }

  #makeLine(line) {
    const { bytes, original, part } = this.#what;
    const begin = part.start + line * this.#perLine;
    const made = element("div", { class: "bl-line" }, element("i", {}, begin.toString(16).padStart(5, "0")));
    for (let at = begin; at < Math.min(begin + this.#perLine, part.end); at++) {
      const isChanged = bytes[at] !== original[at];
      const cell = element("b", { "data-at": at, title: isChanged ? `was ${toDigits(original[at])}` : null }, toDigits(bytes[at]));
      if (at < this.#payload) cell.classList.add("bl-envelope");
      if (isChanged) cell.classList.add("bl-changed");
      if (at === this.caret) cell.classList.add("bl-caret");
      if (this.#lit && at >= this.#lit.start && at < this.#lit.end) cell.classList.add("bl-lit");
      made.append(cell);
    }
    return made;
  }

  // --- pointing ----------------------------------------------------------------------------------------------

  /** Light up a node's field and bytes; `from` is the list that keeps its place. */
  light(node, from) {
    if (node === this.#lit) return;
    this.#lit = node;
    for (const [row, made] of this.fields.live) made.classList.toggle("bl-lit", this.#isLit(this.#rows[row]));
    this.#eachCell((cell, at) => cell.classList.toggle("bl-lit", Boolean(node) && at >= node.start && at < node.end));
    this.onLight();
    if (node && from === "fields") this.lines.reveal(Math.floor((node.start - this.#what.part.start) / this.#perLine), 1);
    if (!node || from !== "bytes") return;
    const row = this.#rows.findIndex(each => this.#isLit(each));
    if (row >= 0) this.fields.reveal(row, 1);
  }

  #eachCell(act) {
    for (const line of this.lines.live.values()) {
      for (const cell of line.querySelectorAll("b")) act(cell, Number(cell.dataset.at));
    }
  }

  /** Is this row lit: the field itself, a part of it, or the closed compound that hides it? */
  #isLit(node) {
    const lit = this.#lit;
    if (!lit) return false;
    if (node.start >= lit.start && node.end <= lit.end && node.depth >= lit.depth) return true;
    return node.depth < lit.depth && node.start <= lit.start && node.end >= lit.end && !this.#isOpen(node);
  }

  /** Put the caret on a byte, as near as the part allows, and light its field. */
  moveTo(at) {
    const { part, nodes } = this.#what;
    this.caret = Math.max(part.start, Math.min(at, part.end - 1));
    this.half = 0;
    this.lines.reveal(Math.floor((this.caret - part.start) / this.#perLine), 0);
    this.#eachCell((cell, each) => cell.classList.toggle("bl-caret", each === this.caret));
    this.light(pathTo(nodes, this.caret).at(-1) ?? null, "bytes");
    this.onLight();
  }

  #bind() {
    const { fieldBox, hexBox } = this;
    const rowAt = event => event.target.closest?.(".bl-field")?.dataset.row;
    const byteAt = event => event.target.closest?.("b")?.dataset.at;
    fieldBox.addEventListener("pointermove", event => this.light(this.#rows[rowAt(event)] ?? null, "fields"));
    hexBox.addEventListener("pointermove", event => {
      const at = byteAt(event);
      this.light(at === undefined ? null : (pathTo(this.#what.nodes, Number(at)).at(-1) ?? null), "bytes");
    });
    for (const box of [fieldBox, hexBox]) box.addEventListener("pointerleave", () => this.light(null));
    fieldBox.addEventListener("click", event => {
      const row = rowAt(event);
      if (row !== undefined) this.#toggle(Number(row));
    });
    hexBox.addEventListener("click", event => {
      const at = byteAt(event);
      if (at !== undefined) this.moveTo(Number(at));
    });
    hexBox.addEventListener("focus", () => {
      if (hexBox.matches(":focus-visible")) this.moveTo(this.caret); // a click says itself where
    });
    fieldBox.addEventListener("focusin", event => {
      const row = rowAt(event);
      if (row !== undefined) this.light(this.#rows[row], "fields");
    });
    fieldBox.addEventListener("keydown", event => this.#onFieldKey(event));
    hexBox.addEventListener("keydown", event => this.#onHexKey(event));
  }

  // --- keys --------------------------------------------------------------------------------------------------

  #toggle(row) {
    const node = this.#rows[row];
    if (node.parts.length) {
      this.#open.set(node, !this.#isOpen(node));
      const top = this.fieldBox.scrollTop;
      this.#flatten();
      this.fieldBox.scrollTop = top;
    }
    this.#focus(row);
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

  #onFieldKey(event) {
    if (event.ctrlKey || event.metaKey || event.altKey || !event.target.closest(".bl-field")) return;
    const step = { ArrowUp: -1, ArrowDown: 1, PageUp: -10, PageDown: 10 }[event.key];
    if (event.key === "Enter") this.#toggle(this.#active);
    else if (step) this.#focus(Math.max(0, Math.min(this.#rows.length - 1, this.#active + step)));
    else return;
    event.preventDefault();
  }

  #onHexKey(event) {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const line = this.#perLine;
    const step = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -line, ArrowDown: line, PageUp: -8 * line, PageDown: 8 * line }[event.key];
    const { part } = this.#what;
    const next = this.caret + step;
    const isBeyond = Math.abs(step) === line && (next < part.start || next >= part.end); // no line above or below
    if (step) this.moveTo(isBeyond ? this.caret : next);
    else if (event.key === "Home") this.moveTo(part.start);
    else if (event.key === "End") this.moveTo(part.end - 1);
    else if (event.key === "Escape") this.hexBox.closest(".blockchain-lab").focus();
    else return;
    event.preventDefault();
  }

  stop() {
    this.fields.stop();
    this.lines.stop();
  }
}

/** A byte as two digits. */
export function toDigits(byte) {
  return byte.toString(16).padStart(2, "0");
}
