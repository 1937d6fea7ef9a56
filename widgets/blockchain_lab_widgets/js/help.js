// The help panel: what the keys do, what the pointer does, and what each channel of the marks means.
import { element, svg } from "./dom.js";
import { KINDS } from "./kinds.js";
import { messageMark, shapeMark } from "./marks.js";
import { CLASSES } from "./palette.js";
import { floating } from "./panels.js";

const key = name => element("kbd", {}, name);
const kindOf = store => KINDS.find(({ name }) => name === store.kind).title;

/** [keys, what they do]; the order is that of use. */
function getKeys(store) {
  return [
    [[key("Space")], "play, pause"],
    [[key("←"), key("→")], "one event back, on"],
    [[key("Shift"), key("←"), key("→")], `to the event of the kind chosen in the bar: ${kindOf(store)}`],
    [[key("Home"), key("End")], "to the start, to the end"],
    [[key("?")], "why? of the selection, else of the latest record"],
    [[key("↑"), key("↓")], "among the marks of a graph, the lines of a list, the futures, the buttons that play or zoom"],
    [[key("Enter")], "select the mark; again: let it go"],
    [[key("Menu")], "what can be done here (or Shift+F10)"],
    [[key("Tab")], "to the next control, list or graph"],
    [[key("PgDn"), key("PgUp")], "in a presentation: to the next moment, to the one before"],
    [[key("Esc")], "close a panel or a menu; end a presentation; then back to the notebook"],
    [[key("F1")], "this help"],
  ];
}

const POINTER = [
  [["point"], "lights a thing in every view, and says what it is"],
  [["click"], "selects it, for every view; again: lets it go"],
  [["right click"], "what can be done with it; with Shift, the browser's own menu"],
  [["drag"], "on the scrubber: through time; in a graph: the picture"],
  [["Shift+drag"], "on the scrubber: a loop; in the network: round a group of peers"],
  [["Ctrl+click"], "one more peer for the group (by key: Shift+Enter)"],
  [["wheel"], "scrolls the page; with Ctrl it zooms a graph"],
];

/** A peer's mark with one thing about it changed. */
function peer(attributes, fill = "var(--bl-tip-0)") {
  const mark = shapeMark("dot", fill);
  for (const [name, value] of Object.entries(attributes)) mark.firstChild.setAttribute(name, value);
  return mark;
}

/** A line as between two peers, with a head when it is an arrow. */
function line({ dashed = false, arrow = false }) {
  const stroke = arrow ? "var(--bl-class-data)" : "var(--bl-edge)";
  const shaft = svg("path", { d: "M1 6H25", stroke, "stroke-width": 1.5, "stroke-dasharray": dashed ? "5 4" : null });
  const head = svg("path", { d: arrow ? "M26 6 18.5 2.5v7z" : null, fill: stroke });
  return svg("svg", { width: 26, height: 12, "aria-hidden": "true" }, shaft, head);
}

function getMarks() {
  const tips = [0, 1, 2].map(fill => shapeMark("dot", `var(--bl-tip-${fill})`));
  const shapes = ["square", "diamond", "dot"].map(shape => shapeMark(shape, "none"));
  const classes = CLASSES.map(name => element("span", { class: "bl-help-class" }, messageMark(name), name));
  return [
    [tips, "fill: the block that a peer stands on, its tip; the first colour is the best one"],
    [shapes, "shape: what a peer does; the legend names it"],
    [[peer({ stroke: "var(--bl-selection)", "stroke-width": 3 })], "outline: selected"],
    [[peer({ "stroke-dasharray": "3 2" }, "none"), line({ dashed: true })], "dash: cannot be reached"],
    [[line({ arrow: true })], element("span", {}, "dots on their way, and arrows: a message; its colour is its class", element("br"), ...classes)],
  ];
}

function list(title, entries) {
  const rows = entries.flatMap(([marks, words]) => [element("dt", {}, ...marks), element("dd", {}, words)]);
  return element("section", {}, element("h3", {}, title), element("dl", { class: "bl-help-list" }, ...rows));
}

/**
 * A panel over `root`, opened by F1 or by an event "bl-help" from inside. Returns `{toggle, stop}`.
 * It is not modal: the views under it go on, and so do the keys of time.
 */
export function helpPanel(root, store) {
  const panel = floating(root, {
    name: "help", title: "Help",
    fill: box => box.append(element("div", { class: "bl-help-parts" },
      element("div", {}, list("Keys", getKeys(store))),
      element("div", {}, list("Pointer", POINTER), list("Marks", getMarks())))),
  });
  const onHelp = ({ target }) => panel.toggle(target);
  root.addEventListener("bl-help", onHelp);
  return {
    toggle: () => panel.toggle(null),
    stop() {
      panel.close(false);
      root.removeEventListener("bl-help", onHelp);
    },
  };
}
