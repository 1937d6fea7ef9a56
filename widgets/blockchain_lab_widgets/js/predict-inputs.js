// How a number, a choice and an order are given: each a part of the card with a `value`, null while nothing is said.
import { element, setAttributes, setText } from "./dom.js";
import { Scale } from "./predict-scale.js";
import { sayNumber } from "./predict-words.js";

const STEPS = 100; // key presses from one end of a scale to the other, about

/** The next round step: 1, 2 or 5 of a power of ten; whole where the scale's ends are. */
export function findStep({ least, most, tolerance }) {
  const span = (most - least) / STEPS;
  const power = 10 ** Math.floor(Math.log10(span));
  const round = [1, 2, 5, 10].map(part => part * power).find(step => step >= span * (1 - 1e-9));
  return [least, most, tolerance].every(Number.isInteger) ? Math.max(1, Math.round(round)) : Number(round.toPrecision(3));
}

/** A slider on its scale, and the same number to be written. What is written goes to Python as it stands. */
export class NumberInput {
  value = null;

  constructor(terms, onChange) {
    Object.assign(this, { terms, onChange });
    const { least, most, unit } = terms;
    this.scale = new Scale(terms);
    this.slider = element("input", {
      type: "range", class: "bl-knob-slider bl-predict-slider bl-unsaid", min: least, max: most, step: findStep(terms), "data-bl-own-keys": "",
      "aria-label": "Your prediction", "aria-valuetext": "nothing said yet",
    });
    this.slider.value = (least + most) / 2;
    this.field = element("input", { type: "text", inputmode: "decimal", class: "bl-knob-number", autocomplete: "off", "aria-label": `Your prediction, in ${unit}` });
    this.scale.root.append(this.slider);
    this.root = element("div", { class: "bl-predict-number" }, this.scale.root, element("label", { class: "bl-predict-field" }, this.field, ` ${unit}`));
    this.slider.addEventListener("input", () => this.#say(Number(this.slider.value), true));
    this.slider.addEventListener("pointerup", () => this.#say(Number(this.slider.value), true)); // a press on the middle moves nothing
    this.field.addEventListener("input", () => {
      const text = this.field.value.trim();
      this.#say(text === "" ? null : Number.isFinite(Number(text)) ? Number(text) : text, false);
    });
    this.scale.show(null);
  }

  #say(value, isSlid) {
    this.value = value;
    const isNumber = typeof value === "number";
    if (isSlid) this.field.value = String(value);
    else if (isNumber) this.slider.value = value;
    this.slider.classList.toggle("bl-unsaid", !isNumber);
    setAttributes(this.slider, { "aria-valuetext": isNumber ? sayNumber(value, this.terms.unit) : "nothing said yet" });
    this.scale.show(isNumber ? value : null);
    this.onChange();
  }
}

/** Options as radio buttons. */
export class ChoiceInput {
  value = null;

  constructor({ key, asks, options }, onChange) {
    const radios = options.map(option => {
      const radio = element("input", { type: "radio", name: `bl-predict-${key}`, "data-bl-own-keys": "" });
      radio.addEventListener("change", () => {
        this.value = option;
        onChange();
      });
      return element("label", {}, radio, element("span", {}, option));
    });
    this.root = element("fieldset", { class: "bl-predict-choice" }, element("legend", { class: "bl-hidden" }, asks), ...radios);
  }
}

/** Things in a list: dragged, or moved by the buttons behind each. As they stand they are said. */
export class OrderInput {
  #names;
  #held = null; // the thing that the pointer drags

  constructor({ things }, onChange) {
    this.#names = [...things];
    this.onChange = onChange;
    this.list = element("ol", { class: "bl-predict-order" });
    this.live = element("span", { class: "bl-hidden", role: "status" });
    this.root = element("div", {}, this.list, this.live);
    this.items = new Map(things.map(name => [name, this.#makeItem(name)]));
    this.list.addEventListener("pointermove", event => this.#drag(event));
    for (const type of ["pointerup", "pointercancel"]) this.list.addEventListener(type, () => this.#hold(null));
    this.#draw();
  }

  get value() {
    return [...this.#names];
  }

  #makeItem(name) {
    const move = (words, text, by) => {
      const made = element("button", { type: "button", "aria-label": `${name} ${words}`, title: `${name} ${words}` }, text);
      made.addEventListener("click", () => {
        this.#moveTo(name, this.#names.indexOf(name) + by);
        made.focus(); // its row has moved, and the focus with it
      });
      return made;
    };
    const item = element("li", {}, element("span", { class: "bl-predict-thing" }, name), move("earlier", "▲", -1), move("later", "▼", 1));
    item.addEventListener("pointerdown", event => {
      if (event.button || event.target.closest("button")) return;
      event.preventDefault();
      this.list.setPointerCapture(event.pointerId);
      this.#hold(name);
    });
    return item;
  }

  #hold(name) {
    this.#held = name;
    for (const [each, item] of this.items) item.classList.toggle("bl-held", each === name);
  }

  #drag({ clientY }) {
    if (this.#held === null) return;
    const rows = [...this.list.children].map(row => row.getBoundingClientRect());
    const place = rows.findIndex(({ bottom }) => clientY < bottom);
    this.#moveTo(this.#held, place < 0 ? rows.length - 1 : place);
  }

  #moveTo(name, place) {
    const from = this.#names.indexOf(name);
    const to = Math.max(0, Math.min(this.#names.length - 1, place));
    if (from === to) return;
    this.#names.splice(to, 0, ...this.#names.splice(from, 1));
    this.#draw();
    setText(this.live, `${name} is number ${to + 1} of ${this.#names.length}`);
    this.onChange();
  }

  #draw() {
    const last = this.#names.length - 1;
    this.list.append(...this.#names.map(name => this.items.get(name)));
    this.#names.forEach((name, at) => {
      const [, earlier, later] = this.items.get(name).children;
      setAttributes(earlier, { "aria-disabled": at === 0 ? "true" : null });
      setAttributes(later, { "aria-disabled": at === last ? "true" : null });
    });
  }
}
