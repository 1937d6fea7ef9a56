// The bar for changing bytes: single bits of the byte under the caret, repairs, undo, and sending the result.
import { element, setAttributes, setText } from "./dom.js";
import { ENVELOPE_SIZE } from "./fields.js";
import { readEnvelope } from "./bytes-checks.js";

const DIGIT = /^[0-9a-f]$/i;

/** Changes an `Edits` by pointer and keyboard. Without one it is hidden. */
export class Editor {
  #edits = null;
  #isFramed = false;

  /**
   * @param {ByteLists} lists whose caret says which byte is meant
   * @param {{onChange: () => void, onSend: (flips: number[][]) => void}} handlers
   */
  constructor(lists, { onChange, onSend }) {
    Object.assign(this, { lists, onChange });
    this.place = element("span", { class: "bl-place" });
    this.bits = Array.from({ length: 8 }, (_, i) => this.#makeBit(7 - i));
    const bits = element("span", { class: "bl-bits", role: "group", "aria-label": "Bits of this byte" }, this.place, ...this.bits);
    this.undo = this.#makeButton("Undo", () => this.#undo());
    this.checksum = this.#makeButton("Repair checksum", () => this.#change(edits => edits.repairChecksum()));
    this.length = this.#makeButton("Repair length", () => this.#change(edits => edits.repairLength()));
    this.send = this.#makeButton("Send it instead", () => onSend(this.#edits.flips));
    this.send.classList.add("bl-primary");
    this.root = element("div", { class: "bl-editor", role: "group", "aria-label": "Edit" }, bits, this.undo, this.length, this.checksum, this.send);
    lists.hexBox.addEventListener("keydown", event => this.#onKey(event));
  }

  #makeBit(bit) {
    const made = element("button", { type: "button", class: "bl-bit", "data-bit": bit });
    made.addEventListener("click", () => this.#change(edits => edits.flipBit(this.lists.at, bit)));
    return made;
  }

  #makeButton(words, act) {
    const made = element("button", { type: "button", class: "bl-plain" }, words);
    made.addEventListener("click", act);
    return made;
  }

  /** Edit these from now on; null for not editing. Only of a frame there is an envelope to repair. */
  use(edits, isFramed = false) {
    this.#edits = edits;
    this.#isFramed = isFramed;
    this.root.hidden = edits === null;
  }

  /** Has one of its controls the focus? */
  get isFocused() {
    return this.root.contains(document.activeElement);
  }

  /** Show the byte under the caret, and which buttons have something to do. `whyNot` keeps the result from being sent. */
  draw(whyNot) {
    const edits = this.#edits;
    if (!edits) return;
    const { at } = this.lists;
    const focused = document.activeElement; // asked later it may be gone
    const byte = edits.bytes[at];
    setText(this.place, `byte ${at}`);
    for (const made of this.bits) {
      const isOn = (byte >> Number(made.dataset.bit)) & 1;
      setText(made, String(isOn));
      const isChanged = ((byte ^ edits.original[at]) >> Number(made.dataset.bit)) & 1;
      setAttributes(made, { "aria-label": `bit ${made.dataset.bit} is ${isOn}${isChanged ? ", changed" : ""}: flip it` });
      made.classList.toggle("bl-changed", Boolean(isChanged));
    }
    this.checksum.hidden = !this.#isFramed;
    this.length.hidden = !this.#isFramed || readEnvelope(edits.bytes).length === edits.bytes.length - ENVELOPE_SIZE;
    this.undo.disabled = !edits.canUndo;
    const reason = edits.flips.length ? whyNot : "nothing is changed yet";
    this.send.disabled = Boolean(reason);
    setAttributes(this.send, { title: reason || "The message in flight is replaced by these bytes" });
    if (this.root.contains(focused) && (focused.hidden || focused.disabled)) this.lists.hexBox.focus(); // it did its work and went
  }

  #change(change) {
    change(this.#edits);
    this.onChange();
  }

  #undo() {
    const at = this.#edits.undo();
    if (at !== null) this.lists.moveTo(at);
    this.onChange();
  }

  #onKey(event) {
    if (!this.#edits || event.altKey) return;
    const isCommand = event.ctrlKey || event.metaKey;
    const isUndo = event.key === "Backspace" || (isCommand && event.key === "z");
    if (!isUndo && (isCommand || !DIGIT.test(event.key))) return;
    event.preventDefault();
    if (isUndo) this.#undo();
    else this.#type(parseInt(event.key, 16));
  }

  /** The first digit of a byte, then the second one; then the next byte's turn comes. */
  #type(digit) {
    const { lists } = this;
    const half = lists.half;
    this.#edits.setDigit(lists.at, half, digit);
    if (half) lists.moveTo(lists.at + 1);
    lists.half = 1 - half;
    this.onChange();
  }
}
