// Behind the boxes of the block tree: where epochs begin, and supermajority links as thin arcs.
import { formatCount } from "./describe.js";
import { Keyed, setAttributes, setText, svg } from "./dom.js";
import { readVote } from "./finality-index.js";
import { findVoted } from "./tree-checkpoints.js";
import { BOX } from "./tree-layout.js";
import { blocksOf } from "./tree-light.js";
import { markOn } from "./tree-tags.js";

/** Room over the tree, in pixels: for the epochs' numbers, for arcs over the boxes, and for those of a side branch. */
const HEAD = { epochs: 16, links: 18, lanes: 16 };
const FEW = 8; // links: more are shown only where a selected block or vote takes part
const LETTER = 6.5; // pixels
const CLOSEST = 14; // pixels between two borders

/** How much room a tree's checkpoints need, as `layoutTree` wants it; none without any. */
export function headRoom(checkpoints) {
  const hasLinks = Boolean(checkpoints?.links.length);
  return { over: checkpoints ? HEAD.epochs + (hasLinks ? HEAD.links : 0) : 0, lanes: hasLinks ? HEAD.lanes : 0 };
}

/**
 * Borders from left to right, each with as many words as there is room for. Pure.
 *
 * @returns {{key, epoch, x, text}[]}
 */
export function placeEpochs({ marks }, spotOf, list) {
  const borders = new Map(); // epoch -> x
  for (const [order, { epoch }] of marks) {
    const spot = spotOf(order);
    if (!spot || epoch === 0) continue;
    const x = spot.orders ? markOn(spot, list[order], list) : spot.x - 8;
    borders.set(epoch, Math.min(x, borders.get(epoch) ?? Infinity));
  }
  const placed = [];
  const sorted = [...borders].sort(([, a], [, b]) => a - b);
  let [free, last] = [0, -Infinity];
  sorted.forEach(([epoch, x], at) => {
    if (x - last < CLOSEST) return;
    last = x;
    const room = (sorted[at + 1]?.[1] ?? Infinity) - x - 6;
    const text = [`epoch ${formatCount(epoch)}`, formatCount(epoch)].find(words => words.length * LETTER <= room && x >= free) ?? "";
    if (text) free = x + text.length * LETTER + 6;
    placed.push({ key: String(epoch), epoch, x, text });
  });
  return placed;
}

/** An arc from a checkpoint to the one that it justifies. Pure; null when one of them is not in the picture. */
export function arcPath(from, to, spotOf, list) {
  const [start, end] = [from, to].map(order => {
    const spot = spotOf(order);
    if (!spot) return null;
    return spot.orders ? { x: markOn(spot, list[order], list), y: spot.y + 6 } : { x: spot.x + spot.width / 2, y: spot.y - 1 };
  });
  if (!start || !end) return null;
  if (end.y > start.y) return sinkTo(start, end);
  const rise = 16 + Math.min(10, Math.abs(end.x - start.x) / 40);
  return {
    line: `M${start.x} ${start.y}C${start.x} ${start.y - rise} ${end.x} ${end.y - rise} ${end.x} ${end.y - 3}`,
    head: `M${end.x} ${end.y}l-3.5 -6h7z`,
  };
}

/** To a branch below: through the room under the boxes. */
function sinkTo({ x, y }, end) {
  const from = y + BOX.height + 2;
  const middle = (from + end.y - 3) / 2;
  return {
    line: `M${x} ${from}C${x} ${middle + 8} ${end.x} ${middle - 8} ${end.x} ${end.y - 3}`,
    head: `M${end.x} ${end.y}l-3.5 -6h7z`,
  };
}

const newArc = () => svg("g", { class: "bl-arc" }, svg("path", { class: "bl-arc-line" }), svg("path", { class: "bl-arrow" }));

/** Draws into a picture, behind all that is there. Without checkpoints nothing is added to it. */
export class Epochs {
  #arcs = null;
  #borders = null;
  #drawn = null; // {model, layout}

  constructor(picture) {
    this.picture = picture;
  }

  draw(model, layout) {
    const { checkpoints } = model;
    this.#drawn = { model, layout };
    if (!checkpoints && !this.#arcs) return;
    if (!this.#arcs) this.#build();
    const borders = new Map(checkpoints ? placeEpochs(checkpoints, layout.spotOf, model.list).map(each => [each.key, each]) : []);
    this.#borders.sync(borders.keys(), (group, key) => {
      const { x, text } = borders.get(key);
      const [line, label] = group.children;
      setAttributes(line, { x1: x, x2: x, y1: 2, y2: layout.height - 2 });
      setAttributes(label, { x: x + 4, y: 11 });
      setText(label, text);
    });
    const links = new Map((checkpoints?.links ?? []).map(link => [link.key, link]));
    this.#arcs.sync(links.keys(), (group, key) => this.#place(group, links.get(key)));
    this.#arcs.parent.classList.toggle("bl-many", links.size > FEW);
  }

  #build() {
    const [borders, arcs] = ["bl-borders", "bl-arcs"].map(name => svg("g", { class: name, "aria-hidden": "true" }));
    this.picture.prepend(borders, arcs);
    this.#borders = new Keyed(borders, () => svg("g", {}, svg("line"), svg("text")));
    this.#arcs = new Keyed(arcs, newArc);
    this.vote = newArc();
    this.vote.classList.add("bl-vote");
  }

  #place(group, { source, target }) {
    const { model, layout } = this.#drawn;
    const path = arcPath(source, target, layout.spotOf, model.list);
    const [line, head] = group.children;
    setAttributes(line, { d: path?.line ?? null });
    setAttributes(head, { d: path?.head ?? null });
  }

  /** Arcs at what is selected or pointed at; and of a selected vote its own, which may have come to nothing. */
  light(store, finality, index) {
    if (!this.#arcs) return;
    const names = [store.selection, store.hover].filter(name => !readVote(name)); // a vote lights its own arc alone
    const near = new Set(names.flatMap(name => blocksOf(store, name)).map(hash => index.get(hash)?.order));
    const voted = findVoted(store.selection, finality, index);
    for (const link of this.#drawn.model.checkpoints?.links ?? []) {
      this.#arcs.live.get(link.key)?.classList.toggle("bl-lit", near.has(link.source) || near.has(link.target));
    }
    if (!voted) return void this.vote.remove();
    this.#place(this.vote, voted);
    this.#arcs.parent.append(this.vote);
  }
}
