// The strip of futures under the bar: where each left the others, and which one is looked at.
import { describeFuture, getDescent, getLines } from "./branch-lines.js";
import { element, setAttributes, setText, svg } from "./dom.js";
import { icon } from "./icons.js";
import { roving } from "./roving.js";
import { placeIn } from "./zoom.js";

const MOST = 8; // futures with a button and a line of their own; the others are in a list
const WIDTH = 1000; // of the drawing in its own unit: the scrubber's length
const ROW = 5; // pixels from line to line
const MARGIN = 4; // pixels above the first and below the last

/** A line's way: down from its parent, then to its end, or out of the picture when the scrubber ends before. */
function pathOf({ row, from, at, to }, toX) {
  const y = index => MARGIN + index * ROW;
  const down = from === row ? `M0 ${y(row)}` : `M${toX(at)} ${y(from)}V${y(row)}`;
  return `${down}H${toX(to)}${to <= at ? "" : `M${toX(to)} ${y(row)}h0`}`;
}

/** The whole way from the start to the end of a future, through all that it descends from. */
function wayOf(lines, descent, toX) {
  const y = branch => MARGIN + lines[branch].row * ROW;
  const turns = descent.slice(1).map(branch => `H${toX(lines[branch].at)}V${y(branch)}`);
  return `M0 ${y(descent[0])}${turns.join("")}H${toX(lines[descent.at(-1)].to)}`;
}

/** The lines on the scrubber's scale; they are an extra for the pointer, the buttons are for everybody. */
function drawing(onPoint, onChoose) {
  const lines = svg("g", { class: "bl-futures-lines" });
  const way = svg("path", { class: "bl-futures-way" });
  const picture = svg("svg", { preserveAspectRatio: "none", "aria-hidden": "true" }, lines, way);
  const root = element("div", { class: "bl-futures-picture" }, picture, element("span", { class: "bl-futures-cursor" }));
  let rows = []; // row -> branch
  const branchAt = event => {
    const row = Math.round((placeIn(picture, event)[1] - MARGIN) / ROW);
    return rows[Math.max(0, Math.min(rows.length - 1, row))];
  };
  root.addEventListener("pointermove", event => onPoint(branchAt(event)));
  root.addEventListener("pointerleave", () => onPoint(null));
  root.addEventListener("click", event => onChoose(branchAt(event)));

  const draw = ({ branches, branch, trace }) => {
    const descent = getDescent(branches, branch);
    const all = getLines(branches, index => index < MOST || descent.includes(index));
    const shown = [...all.keys()].filter(index => all[index].row >= 0);
    const toX = event => (trace.lastEvent ? Math.min(WIDTH, (WIDTH * event) / trace.lastEvent) : 0);
    const height = 2 * MARGIN + (shown.length - 1) * ROW;
    rows = [];
    for (const index of shown) rows[all[index].row] = index;
    setAttributes(picture, { viewBox: `0 0 ${WIDTH} ${height}`, height });
    lines.replaceChildren(...shown.map(index => svg("path", { d: pathOf(all[index], toX), "data-branch": index })));
    setAttributes(way, { d: wayOf(all, descent, toX) });
  };
  const light = pointed => {
    for (const line of lines.children) line.classList.toggle("bl-hover", Number(line.dataset.branch) === pointed);
  };
  return { root, draw, light };
}

/** @returns {{roots: Element[], update: function, stop: function}} parts that the bar's grid lays out */
export function branchStrip(store) {
  let pointed = null; // the branch under the pointer or with the focus
  const choose = branch => {
    if (branch !== store.branch) store.switchTo(branch);
  };
  const point = branch => {
    pointed = branch;
    show();
  };
  const { root: picture, draw, light } = drawing(point, choose);
  const buttons = element("div", { class: "bl-futures", role: "group", "aria-label": "Futures" });
  const rest = element("select", { class: "bl-futures-rest", "aria-label": "More futures", title: "More futures" });
  const words = element("div", { class: "bl-futures-words" });
  const walk = roving(buttons, () => [...buttons.querySelectorAll("button")]);
  rest.addEventListener("change", () => {
    if (rest.value) choose(Number(rest.value));
  });

  const toButton = branch => {
    const name = describeFuture(store.branches, branch, store.branch);
    const isCurrent = branch === store.branch;
    const made = element("button", {
      type: "button", class: "bl-future", "aria-label": name, title: name, "aria-current": isCurrent ? "true" : null,
    }, String(branch + 1));
    made.addEventListener("click", () => choose(branch));
    for (const type of ["pointerenter", "focus"]) made.addEventListener(type, () => point(branch));
    for (const type of ["pointerleave", "blur"]) made.addEventListener(type, () => point(null));
    return made;
  };
  const show = () => {
    if (!store.branches[store.branch]) return; // the strip is about to go
    light(pointed);
    setText(words, describeFuture(store.branches, pointed ?? store.branch, null)); // its button is framed: no need to say so
    words.title = words.textContent;
  };
  const rebuild = () => {
    const { branches, branch } = store;
    const numbers = [...branches.keys()];
    const isFocused = buttons.contains(document.activeElement);
    pointed = null;
    buttons.replaceChildren(icon("fork"), ...numbers.slice(0, MOST).map(toButton));
    const others = numbers.slice(MOST).map(index => new Option(describeFuture(branches, index, branch), index));
    if (others.length) {
      rest.replaceChildren(new Option(`+ ${others.length}`, ""), ...others);
      rest.value = branch >= MOST ? String(branch) : "";
      buttons.append(rest);
    }
    draw(store);
    const current = buttons.querySelector("[aria-current]");
    walk.update(current);
    if (isFocused) (current ?? buttons.querySelector("button"))?.focus({ preventScroll: true });
    show();
  };
  let shown = "";
  const update = () => {
    const { branches, branch, trace } = store;
    const look = JSON.stringify([branches, branch, trace.lastEvent]);
    const isAlone = branches.length < 2 || !branches[branch]; // the list and the records come one after the other
    for (const root of [picture, buttons, words]) root.hidden = isAlone;
    if (isAlone || look === shown) return;
    shown = look;
    rebuild();
  };
  return { roots: [picture, buttons, words], update, stop: walk.stop };
}
