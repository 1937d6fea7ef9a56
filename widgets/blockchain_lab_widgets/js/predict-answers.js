// What was said against what was so: a number on its scale; a choice and an order as two columns with lines between them.
import { element, svg } from "./dom.js";
import { Scale } from "./predict-scale.js";

const ROW = 26; // pixels

/** A number's scale with both marks; without the outcome while it is not revealed. */
export class NumberAnswer {
  constructor(prediction) {
    this.scale = new Scale(prediction);
    this.root = element("div", { class: "bl-predict-number" }, this.scale.root);
  }

  show({ guess, outcome }, isRevealed) {
    this.scale.show(guess, isRevealed ? outcome.value : undefined);
  }
}

/** Two columns: what was said, and what was so. */
export class ColumnsAnswer {
  #shown = "";

  constructor() {
    this.root = element("div", { class: "bl-predict-columns" });
  }

  show(prediction, isRevealed) {
    const shown = JSON.stringify([prediction.guess, isRevealed && prediction.outcome.value]);
    if (shown === this.#shown) return;
    this.#shown = shown;
    const { said, was, lines } = prediction.kind === "order" ? listOrder(prediction) : listChoice(prediction);
    const height = ROW * Math.max(said.length, was.length);
    const picture = svg("svg", { class: "bl-measure", height, "aria-hidden": "true" }, ...(isRevealed ? lines : []).map(drawLine));
    this.root.replaceChildren(
      makeColumn("You said", said), element("div", {}, element("b", {}, "\u00a0"), picture),
      makeColumn("It was", isRevealed ? was : was.map(() => ({ text: "?", place: "" }))));
  }
}

/** The options twice; a line from the one that was said to each that came true. */
export function listChoice({ options, guess, outcome }) {
  const from = options.indexOf(guess);
  const rows = isIt => options.map(text => ({ text, isIt: isIt(text) }));
  const lines = outcome.value.map(text => ({ from, to: options.indexOf(text), isRight: text === guess }));
  return { said: rows(text => text === guess), was: rows(text => outcome.value.includes(text)), lines };
}

/** Each thing twice; those of one instant share a place, and those that never came have none. */
export function listOrder({ guess, outcome: { value } }) {
  const groups = value.slice(0, -1);
  const missing = value.at(-1);
  let before = 0;
  const was = groups.flatMap(group => {
    const place = group.length > 1 ? `${before + 1}–${before + group.length}` : `${before + 1}`;
    before += group.length;
    return group.map(text => ({ text, place, first: before - group.length, last: before - 1 }));
  });
  was.push(...missing.map(text => ({ text, place: "never", first: before, last: before + missing.length - 1 })));
  const lines = guess.map((text, from) => {
    const to = was.findIndex(each => each.text === text);
    return { from, to, isRight: was[to].first <= from && from <= was[to].last };
  });
  return { said: guess.map((text, at) => ({ text, place: `${at + 1}` })), was, lines };
}

function makeColumn(title, rows) {
  const items = rows.map(({ text, place, isIt }) => element("li", { class: isIt ? "bl-predict-it" : null },
    ...(isIt === undefined ? [element("span", { class: "bl-predict-place" }, place)] : [element("span", { class: "bl-predict-place" }, isIt ? "●" : "○")]),
    element("span", { class: "bl-predict-thing", title: text }, text), ...(isIt ? [element("span", { class: "bl-hidden" }, " (this)")] : [])));
  return element("div", {}, element("b", {}, title), element("ul", {}, ...items));
}

const middle = row => ROW * row + ROW / 2;

/** Right: drawn through. Not so: broken. */
function drawLine({ from, to, isRight }) {
  return svg("line", { class: isRight ? "bl-predict-right" : "bl-predict-wrong", x1: "2%", x2: "98%", y1: middle(from), y2: middle(to) });
}
