// Sliders for the values that a story lets one turn while it runs. A turn is an action: it happens at the cursor.
import { does } from "./acting-words.js";
import { formatCount } from "./describe.js";
import { element, setAttributes, setText } from "./dom.js";
import { getTurned, isFixed, showValue } from "./knob-values.js";

const PATIENCE = 300; // ms: some taps on a key are one turn

/** @returns {{root: Element, update: (scene, why?: string) => void, stop: function}} */
export function knobs(store, onChoose) {
  const root = element("div", { class: "bl-knobs" });
  let made = []; // Knob[]
  let known = null; // the list of which they were made

  const update = ({ state }, why) => {
    if (known !== store.trace.knobs) {
      known = store.trace.knobs;
      made.forEach(knob => knob.stop());
      made = known.map(knob => new Knob(knob, onChoose));
      root.replaceChildren(...made.map(({ root: row }) => row));
      if (!made.length) root.append(element("p", { class: "bl-act-sentence" }, "This story has no knobs."));
    }
    for (const knob of made) knob.update(state.knobs.get(knob.knob.name), why);
  };
  return { root, update, stop: () => made.forEach(knob => knob.stop()) };
}

/** One value: a slider and a number, in step with each other. It acts when it is let go, not on the way. */
class Knob {
  #draft = null; // where the reader has turned it, not yet done
  #timer = 0;
  #value = 0; // at the cursor

  constructor(knob, onChoose) {
    Object.assign(this, { knob, onChoose });
    const { name, min, max, unit, path } = knob;
    const range = { min, max, step: 1, "aria-label": name };
    this.slider = element("input", { type: "range", class: "bl-knob-slider", "data-bl-own-keys": "", ...range });
    this.number = element("input", { type: "number", class: "bl-knob-number", ...range, "aria-label": `${name}, ${unit || "number"}` });
    this.hint = element("small", { class: "bl-knob-hint" });
    this.root = element("div", { class: "bl-knob", role: "group", "aria-label": name, title: path },
      element("span", { class: "bl-knob-name" }, name), this.hint,
      this.slider, this.number, element("span", { class: "bl-knob-unit" }, unit));
    this.slider.addEventListener("input", () => this.#turn(Number(this.slider.value)));
    this.slider.addEventListener("change", () => this.#act());
    this.slider.addEventListener("keydown", event => this.#onKey(event));
    this.slider.addEventListener("blur", () => this.#act());
    this.number.addEventListener("change", () => {
      this.#turn(this.number.value === "" ? this.#value : Math.round(Number(this.number.value)));
      this.#act();
    });
  }

  /** `value` at the cursor; `why` nobody can act now. */
  update(value, why) {
    this.#value = value;
    const { min, max, path, unit, value: first } = this.knob;
    const reason = isFixed(path) ? "fixed once a run has begun" : undefined;
    for (const input of [this.slider, this.number]) input.disabled = Boolean(reason ?? why);
    const start = value === first ? "" : `, at the start ${showValue(first, unit)}`;
    setText(this.hint, reason ?? `${formatCount(min)} … ${formatCount(max)}${start}`);
    this.#show();
  }

  #show() {
    const value = String(this.#draft ?? this.#value);
    if (this.slider.value !== value) this.slider.value = value;
    if (this.number !== document.activeElement || this.#draft === null) this.number.value = value;
    const { min, max, unit } = this.knob;
    this.slider.style.setProperty("--bl-part", max > min ? (Number(value) - min) / (max - min) : 0);
    setAttributes(this.slider, { "aria-valuetext": showValue(Number(value), unit) });
  }

  #turn(value) {
    this.#draft = value;
    this.#show();
  }

  // The browser's own step would be 1 of a million. Left and Right turn here: they are not the time's.
  #onKey(event) {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const turned = getTurned(this.knob, this.#draft ?? this.#value, event.key);
    if (turned === null) return;
    event.preventDefault();
    this.#turn(turned);
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#act(), PATIENCE);
  }

  async #act() {
    clearTimeout(this.#timer);
    const value = this.#draft;
    if (value === null) return;
    const { name, unit } = this.knob;
    if (value !== this.#value) {
      await this.onChoose(does(name, { do: "SetKnob", knob: name, value }, `${name} is ${showValue(value, unit)} from now on.`));
    }
    if (this.#draft === value) this.#draft = null;
    this.#show();
  }

  stop() {
    clearTimeout(this.#timer);
  }
}
