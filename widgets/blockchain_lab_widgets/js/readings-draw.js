// The elements of the readings view: a row for each sentence, and below it the chosen one with its strip.
import { formatCount } from "./describe.js";
import { Keyed, element, setAttributes, setText, svg } from "./dom.js";
import { NAMED } from "./readings-strips.js";
import { titleOf } from "./readings-words.js";
import { badge } from "./tree-badge.js";

const percent = (part, whole) => `${(100 * part / whole).toFixed(3)}%`;

/** The heads of the columns: which side is right is said by a sign and a word. */
export function makeHeads() {
  const head = (sign, words, className) => element("span", { class: className }, element("b", {}, sign), words);
  return element("div", { class: "bl-reading bl-reading-heads", "aria-hidden": "true" },
    element("span"), head("✓ ", "the rule, in this run", "bl-holds"), head("✗ ", "misreading", "bl-says"));
}

export function newRow() {
  return element("div", { class: "bl-reading", role: "button", tabindex: "-1" }, element("b"),
    element("span", { class: "bl-holds", "aria-hidden": "true" }), element("span", { class: "bl-says", "aria-hidden": "true" }), element("span", { class: "bl-hidden" }));
}

/** One sentence's answers in its row. */
export function drawRow(made, { about, values, words, missing }) {
  const [title, rule, misread, heard] = made.children;
  const same = values !== null && !values.parts;
  made.dataset.name = about;
  made.dataset.host = "";
  made.classList.toggle("bl-same", same || values === null);
  setText(title, titleOf(about));
  title.dataset.tip = titleOf(about);
  setText(rule, words?.rule ?? "no example yet");
  setText(misread, words ? (same ? "the same so far" : words.misread) : "–");
  setText(heard, words ? `: the rule: ${words.rule}; misreading: ${misread.textContent}` : `: ${missing}`);
  for (const cell of [rule, misread]) cell.dataset.tip = words ? cell.textContent : missing;
}

/** The chosen sentence: what holds, what is said instead, and a picture of both. */
export class Card {
  constructor() {
    const side = (className, sign, word) => {
      const [sentence, source] = [element("p"), element("p", { class: "bl-source" })];
      return { sentence, source, root: element("section", { class: `bl-reading-side ${className}` }, element("b", { class: "bl-verdict" }, element("span", { "aria-hidden": "true" }, sign), word), sentence, source) };
    };
    this.holds = side("bl-holds", "✓ ", "the rule");
    this.says = side("bl-says", "✗ ", "misreading");
    this.here = element("p", { class: "bl-reading-here" });
    this.strip = new StripPicture();
    this.root = element("div", { class: "bl-reading-card", role: "region", "aria-label": "The chosen sentence", tabindex: "0" },
      element("div", { class: "bl-reading-sides" }, this.holds.root, this.says.root), this.strip.root, this.here);
  }

  /** `strip` and `words` null where the run has no example. */
  draw({ holds, says, source }, strip, here, told) {
    setText(this.holds.sentence, holds);
    setText(this.holds.source, source);
    setText(this.says.sentence, `“${says}”`);
    setText(this.says.source, "popular wording, drawn only");
    setText(this.here, here);
    this.strip.draw(strip, told);
  }
}

/** Cells with spans over and under them; the cells can be walked. */
class StripPicture {
  constructor() {
    const lane = name => element("div", { class: `bl-strip-lane ${name}`, "aria-hidden": "true" });
    [this.over, this.under, this.marks] = ["bl-strip-over", "bl-strip-under", "bl-strip-marks"].map(lane);
    this.cells = element("div", { class: "bl-strip-lane bl-strip-cells", role: "group" });
    this.subject = element("span", { "aria-hidden": "true" });
    this.told = element("p", { class: "bl-hidden" });
    const label = (sign, word) => element("span", { "aria-hidden": "true" }, element("b", {}, sign), word);
    this.root = element("div", { class: "bl-reading-strip" }, label("✓ ", "rule"), this.over, this.subject, this.cells, element("span"), this.marks, label("✗ ", "misreading"), this.under, this.told);
    const spans = lane => new Keyed(lane, () => element("div", { class: "bl-strip-span" }));
    this.spans = { over: spans(this.over), under: spans(this.under) };
    this.live = new Keyed(this.cells, () => element("div", { class: "bl-strip-cell" }));
    this.signs = new Keyed(this.marks, () => element("span", { class: "bl-strip-mark" }));
  }

  draw(strip, told) {
    this.root.hidden = strip === null;
    setText(this.told, told);
    if (!strip) return;
    const { total, subject, cells, marks, left } = strip;
    setText(this.subject, left ? `${formatCount(cells.length)} ${subject}` : subject);
    this.subject.dataset.tip = left ? `${formatCount(left)} more ${subject} are not drawn` : subject;
    setAttributes(this.cells, { "aria-label": subject });
    for (const side of ["over", "under"]) this.#place(this.spans[side], strip[side], total, (made, { text, tip }) => {
      setText(made, text);
      made.dataset.tip = tip;
    });
    this.#place(this.live, cells, total, (made, { name, text, tip, kind }) => {
      made.className = `bl-strip-cell bl-is-${kind}`;
      made.dataset.tip = tip;
      Object.assign(made.dataset, { host: "", part: "" });
      if (name) made.dataset.name = name;
      else delete made.dataset.name;
      setAttributes(made, name ? { role: "button", "aria-label": tip } : { role: null, "aria-label": null, tabindex: null });
      setText(made, cells.length <= NAMED ? text : "");
    });
    this.marks.hidden = marks.length === 0;
    const following = [...marks.slice(1).map(({ at }) => at), total];
    this.#place(this.signs, marks.map((mark, at) => ({ ...mark, from: mark.at, to: following[at] })), total, (made, { text, level }) => {
      const sign = level === null ? "" : svg("svg", { width: 12, height: 12, viewBox: "-8 -8 16 16", "aria-hidden": "true" }, badge(level));
      made.replaceChildren(sign, text);
    });
  }

  #place(keyed, items, total, fill) {
    const byKey = new Map(items.map((item, at) => [String(at), item]));
    keyed.sync(byKey.keys(), (made, key) => {
      const item = byKey.get(key);
      Object.assign(made.style, { left: percent(item.from, total), width: percent(item.to - item.from, total) });
      fill(made, item);
    });
  }
}
