// A number's scale: what was said above the line, what was so below it, and between which numbers it counts as right.
import { findTicks } from "./curve-scale.js";
import { element, setAttributes, setText, svg } from "./dom.js";
import { sayNumber } from "./predict-words.js";

const LINE = 30; // pixels from the top to the line
const TICKS = 6;
const EDGE = 16; // per cent from an end within which a label grows inwards

/** Where a value stands, in per cent of the scale; beyond an end: at the end. */
export function partOf(value, { least, most }) {
  return 100 * Math.max(0, Math.min(1, (value - least) / (most - least)));
}

/** The scale as a picture; its sizes are in per cent, so it fits any width. */
export class Scale {
  /** @param {{least, most, tolerance, unit}} terms of the question */
  constructor(terms) {
    this.terms = terms;
    this.band = svg("rect", { class: "bl-predict-band", y: LINE - 9, height: 18 });
    this.said = makeMark("bl-predict-said", `M-6 -15h12l-6 12z`);
    this.was = makeMark("bl-predict-was", `M-6 15h12l-6 -12z`);
    const axis = svg("line", { class: "bl-predict-line", x1: "0%", x2: "100%", y1: LINE, y2: LINE });
    const ticks = findTicks(terms, TICKS, "count").ticks.map(({ value, text }) => {
      const x = `${partOf(value, terms).toFixed(2)}%`;
      return svg("g", {}, svg("line", { class: "bl-predict-tick", x1: x, x2: x, y1: LINE - 4, y2: LINE + 4 }), svg("text", { x, y: LINE + 20, "text-anchor": "middle" }, text));
    });
    this.svg = svg("svg", { class: "bl-measure", height: 72, "aria-hidden": "true" }, this.band, axis, ...ticks, this.said.root, this.was.root);
    this.root = element("div", { class: "bl-predict-scale" }, this.svg);
  }

  /** Show a prediction, and the outcome when it is known; undefined for neither. */
  show(guess, outcome) {
    const { tolerance, unit } = this.terms;
    const isSaid = typeof guess === "number";
    place(this.said, isSaid ? guess : null, `you: ${sayNumber(isSaid ? guess : 0, unit)}`, 12, this.terms);
    place(this.was, outcome ?? null, outcome === undefined ? "" : `it was ${sayNumber(outcome, unit)}${this.#tellOff(outcome)}`, 70, this.terms);
    const [from, to] = [guess - tolerance, guess + tolerance].map(value => partOf(value, this.terms));
    setAttributes(this.band, { x: `${from || 0}%`, width: `${to - from || 0}%`, visibility: isSaid && tolerance ? null : "hidden" });
  }

  #tellOff(outcome) {
    const { least, most } = this.terms;
    return outcome !== null && (outcome < least || outcome > most) ? ", off this scale" : "";
  }
}

function makeMark(name, d) {
  const mark = svg("path", { d });
  const holder = svg("svg", { y: LINE, overflow: "visible" }, mark); // an SVG of its own: it can stand at a per cent
  const text = svg("text");
  return { root: svg("g", { class: name }, holder, text), holder, text };
}

function place({ root, holder, text }, value, words, y, terms) {
  setAttributes(root, { visibility: value === null ? "hidden" : null });
  if (value === null) return;
  const part = partOf(value, terms);
  setText(text, words);
  setAttributes(holder, { x: `${part.toFixed(2)}%` });
  setAttributes(text, { x: `${part.toFixed(2)}%`, y, dx: part < EDGE ? -6 : part > 100 - EDGE ? 6 : 0, "text-anchor": part < EDGE ? "start" : part > 100 - EDGE ? "end" : "middle" });
}
