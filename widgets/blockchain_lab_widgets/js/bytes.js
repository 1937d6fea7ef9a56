// The bytes of a message, a block or a transaction: fields on the left, hexadecimal on the right, and what can be
// computed from them above. The bytes can be changed and sent in the message's place.
import { BlockIndex } from "./blocks.js";
import { Carriers, partsOf } from "./bytes-carriers.js";
import { checkBytes } from "./bytes-checks.js";
import { Editor } from "./bytes-editor.js";
import { Edits, takeWish } from "./bytes-edits.js";
import { ByteLists, toDigits } from "./bytes-lists.js";
import { Outcome } from "./bytes-outcome.js";
import { EditLog, findSubject } from "./bytes-subject.js";
import { toHex } from "./checksum.js";
import { formatCount, formatTime } from "./describe.js";
import { element, setAttributes, setText } from "./dom.js";
import { isFramed, readMessage } from "./fields.js";
import { describeMessage } from "./messages-at.js";
import { painter } from "./paint.js";
import { longValueOf } from "./values.js";

const MOST_PARTS = 500; // in the list of parts: more make it slow, and nobody looks for them there
const KEPT = "bytes: editing"; // under which an unfinished edit is found again

/** Draws the selected thing into `host`; with none selected, the cursor's latest message. */
export function mount(host, store) {
  const view = new BytesView(host, store);
  return () => view.stop();
}

class BytesView {
  #subject = null;
  #shown = ""; // which record's bytes are shown, as far as they are the same bytes
  #nodes = [];
  #part = null; // {start, end} of what is shown
  #edits = null;
  #sent = -1; // an edited message's sending, while the page waits for what comes of it

  constructor(host, store) {
    Object.assign(this, { host, store, trace: store.trace });
    host.classList.add("bl-bytes");
    this.index = new BlockIndex(store.trace);
    this.carriers = new Carriers(store.trace);
    this.editLog = new EditLog(store.trace);
    this.lists = new ByteLists(hash => this.index.get(hash)?.name, () => this.#explain());
    this.outcome = new Outcome(store, this.index);
    this.editor = new Editor(this.lists, { onChange: () => this.#onEdit(), onSend: flips => this.#send(flips) });
    this.words = element("span", { class: "bl-words" });
    this.parts = element("select", { "aria-label": "Part" });
    this.toggle = element("button", { type: "button", class: "bl-plain", "aria-pressed": "false" }, "Edit");
    this.title = element("div", { class: "bl-title" }, this.words, this.parts, this.toggle);
    this.checks = element("dl", { class: "bl-checks" });
    this.empty = element("p", { class: "bl-empty" });
    this.detail = element("div", { class: "bl-detail" });
    this.shell = element("div", { class: "bl-bytes-shell" },
      this.title, this.checks, this.outcome.root, this.lists.root, this.editor.root, this.detail);
    host.append(this.shell, this.empty);
    this.parts.addEventListener("change", () => this.#choosePart());
    this.toggle.addEventListener("click", () => this.#toggleEditing());
    this.editor.use(null);
    this.paint = painter(host, store, () => this.#draw());
    this.resize = new ResizeObserver(() => this.lists.measure(host.clientWidth));
    this.resize.observe(host);
  }

  // --- what is shown -----------------------------------------------------------------------------------------

  #draw() {
    const { store } = this;
    this.index.update();
    this.editLog.update();
    if (this.#sent >= 0 && this.editLog.of(this.#sent)) this.#showArrival();
    const subject = this.#subject = findSubject(store, this.carriers, this.editLog, this.index);
    this.shell.hidden = subject.row < 0;
    this.empty.hidden = subject.row >= 0;
    if (subject.row < 0) {
      this.#shown = "";
      return void setText(this.empty, subject.missing);
    }
    this.#drawTitle(subject);
    const shown = `${subject.row}/${store.branch}/${this.trace.epoch}/${subject.flips?.length}/${subject.part?.start}`;
    if (shown !== this.#shown) this.#show(subject);
    this.#shown = shown;
    if (takeWish(store, subject.send) && !this.#edits) this.#toggleEditing();
    this.outcome.draw(subject);
    this.editor.draw(this.#whyNot());
  }

  #drawTitle({ row, send, message, flips }) {
    const record = this.trace.record(row);
    const words = `${describeMessage(this.trace, record, this.index)}${flips && row !== send ? ", edited on its way" : ""}`;
    const small = element("small", {}, `${formatCount(message.bytes.length)} bytes · ${formatTime(record.at)}`);
    if (this.words.textContent !== words + small.textContent) this.words.replaceChildren(words, small);
  }

  #show({ message, part, send }) {
    this.#nodes = readMessage(message);
    this.#part = part ?? { start: 0, end: message.bytes.length };
    const kept = this.store.memory.get(KEPT);
    const isKept = kept && kept.send === send && kept.branch === this.store.branch && this.#subject.flips === null;
    this.toggle.disabled = send < 0;
    this.#useEdits(isKept ? kept.edits : null);
    setAttributes(this.toggle, { title: send < 0 ? "Nobody has sent this: there is nothing in flight to edit" : "Change bytes, and send them instead" });
    this.#drawParts();
    this.#showBytes();
    this.lists.measure(this.host.clientWidth);
  }

  /** The edited bytes, when somebody edits; else those of the message. */
  get #bytes() {
    return this.#edits?.bytes ?? this.#subject.message.bytes;
  }

  #showBytes() {
    const { original } = this.#subject;
    this.lists.show({ nodes: this.#nodes, bytes: this.#bytes, original, part: this.#part });
    this.#drawChecks();
  }

  #drawParts() {
    const parts = partsOf(this.#nodes);
    this.parts.hidden = !parts.length;
    if (!parts.length) return;
    const whole = { name: "whole message", number: null, start: 0, end: this.#subject.message.bytes.length };
    const all = [whole, ...parts].slice(0, MOST_PARTS);
    this.parts.replaceChildren(...all.map(({ name, number, start, end }) => {
      const option = new Option(number === null ? name : `${name} ${number}`, `${start}-${end}`);
      return option;
    }));
    this.parts.value = `${this.#part.start}-${this.#part.end}`;
  }

  #choosePart() {
    if (this.#subject.row < 0) return;
    const [start, end] = this.parts.value.split("-").map(Number);
    this.#part = { start, end };
    this.#showBytes();
  }

  #drawChecks() {
    const { original } = this.#subject;
    const magic = toHex(original.subarray(0, 4));
    const names = hash => this.index.get(hash)?.name;
    const checks = checkBytes({ bytes: this.#bytes, nodes: this.#nodes, part: this.#part, original, magic, nameOf: names });
    const mark = { true: "✓ ", false: "✗ ", null: "" };
    this.checks.replaceChildren(...checks.flatMap(({ name, value, words, isRight }) => [
      element("dt", {}, name),
      element("dd", { class: isRight === false ? "bl-wrong" : null },
        element("code", { class: value.length > 20 ? "bl-long" : null, title: value.length > 20 ? value : null }, value),
        element("span", {}, `${mark[isRight]}${words}`)),
    ]));
  }

  #explain() {
    const { lit } = this.lists;
    if (!this.#subject || this.#subject.row < 0) return;
    const { original } = this.#subject;
    const at = this.lists.at;
    const byte = `byte ${at} is ${toDigits(this.#bytes[at])}${original[at] === this.#bytes[at] ? "" : `, was ${toDigits(original[at])}`}`;
    const isHere = document.activeElement === this.lists.hexBox;
    const value = lit ? longValueOf(lit, this.#bytes, hash => this.index.get(hash)?.name) : "Point at a field or at a byte.";
    setText(this.detail, isHere && this.#edits ? `${byte}; ${value}` : value);
    this.editor.draw(this.#whyNot());
  }

  // --- editing -----------------------------------------------------------------------------------------------

  #useEdits(edits) {
    const isLeft = !edits && this.editor.isFocused; // it is about to hide
    this.#edits = edits;
    setAttributes(this.toggle, { "aria-pressed": String(edits !== null) });
    setText(this.toggle, edits ? "Stop editing" : "Edit");
    this.host.classList.toggle("bl-editing", edits !== null);
    for (const part of [this.checks, this.detail]) setAttributes(part, { "aria-live": edits ? "polite" : null }); // else pointing would speak
    this.editor.use(edits, isFramed(this.#nodes));
    if (isLeft) (this.toggle.disabled ? this.lists.hexBox : this.toggle).focus();
  }

  #toggleEditing() {
    const { send, original, message } = this.#subject;
    const isSame = original.length === message.bytes.length; // else what arrived begins at another byte
    this.#useEdits(this.#edits ? null : new Edits(original, isSame ? message.bytes : original));
    if (this.#edits) this.store.memory.set(KEPT, { send, branch: this.store.branch, edits: this.#edits });
    else this.store.memory.delete(KEPT);
    const { at } = this.lists;
    this.#showBytes();
    this.lists.moveTo(at);
    this.editor.draw(this.#whyNot());
    if (this.#edits) this.lists.hexBox.focus();
  }

  #onEdit() {
    this.lists.refresh();
    this.#drawChecks();
    this.#explain();
  }

  #whyNot() {
    return this.store.isOpen ? "" : `${this.store.absence}: the run cannot be changed`;
  }

  /** Replace the message in flight, right behind its sending; the page then shows how it arrived. */
  async #send(flips) {
    const { store, trace } = this;
    const { send } = this.#subject;
    const keep = this.outcome.keep(send);
    store.select(`record:${store.branch}:${send}`);
    const { ok } = await store.act({ do: "EditMessage", record: send, flips }, trace.columns.event[send]);
    if (!ok) return;
    keep();
    store.memory.delete(KEPT);
    this.#useEdits(null);
    this.#sent = send;
    this.paint.request();
  }

  #showArrival() {
    const arrival = this.outcome.findArrival(this.#sent);
    this.#sent = -1;
    this.store.select(`record:${this.store.branch}:${arrival}`);
  }

  stop() {
    this.paint.stop();
    this.resize.disconnect();
    this.lists.stop();
    this.host.replaceChildren();
  }
}
