// A plot of lines over time, for any view and any card. It knows no store: who draws one calls `set`.
//
//   const plot = new CurvePlot(host, { title: "Heights", onTime: at => store.gotoTime(at), onPick: name => store.select(name) });
//   plot.set({
//     from: 0, to: 60e6,                    // µs: the time axis
//     shown: store.clock,                   // nothing behind it is drawn; Infinity for all
//     isAhead: false,                       // true: what lies behind `shown` is drawn too, faint: a series' `ahead`, else its `points`
//     cursor: store.clock,                  // a line at this time; null for none
//     y: { title: "height", kind: "count", isWhole: true },    // kind: "count", "bytes", "time" (µs); `least`, `most` fix the axis
//     series: [{ name: "peer:ann", label: "ann", points: [[0, 0], [3_200_000, 1]], shape: "step" }],
//     band: { label: "all 200 peers", points: [[0, 0, 0], [9e6, 0, 2]] },      // [µs, low, high]; null for none
//     marks: [{ at: 4e6, label: "first difference", colour: "--bl-alarm" }],
//   });
//   plot.light({ chosen: "peer:ann", hover: null });          // outlines and thickens; draws nothing anew
//
// Call `set` from a painter, after a change and after a resize. `shape` is "step" (a value holds until the next), "line"
// (straight between points) or "dots" (single measurements). A series may bring `colour` (a CSS variable's name) and
// `slot` (0 .. 7: colour and dashes; by default its place in the list). `sketch` of curve-sketch.js lets a reader draw a
// line by hand on a plot. `rows()` is what a table behind it lists: `tableButton(host, store, {columns: plot.columns, rows: …})`.
//
// One tab stop: Up and Down go from line to line and pick it, Enter picks; Left and Right stay the time's.
import { frameOf } from "./curve-frame.js";
import { bandOf, cutLine, pathOf, shorten, valueAt } from "./curve-lines.js";
import { drawAxes, drawLabels } from "./curve-plot-draw.js";
import { formatValue } from "./curve-scale.js";
import { formatTime } from "./describe.js";
import { Keyed, element, setAttributes, setText, svg } from "./dom.js";
import { PALETTES } from "./palette.js";
import { roving } from "./roving.js";
import { tooltip } from "./tooltip.js";
import { placeIn } from "./zoom.js";

const MOST_LINES = PALETTES[0].curves.length; // then colours and dashes repeat
const NEAR = 26; // pixels from a line at which the pointer means it
const NARROW = 400; // pixels: less is told of the values there
const MOST_TOLD = 9;
const REST = 300; // ms that a value stands still before it is read out
const MOST_DOTS = 300;
const EMPTY = { from: 0, to: 1, shown: Infinity, isAhead: false, cursor: null, y: { title: "", kind: "count" }, series: [], band: null, marks: [] };

export class CurvePlot {
  #model = EMPTY;
  #frame = null;
  #lit = { chosen: null, hover: null };
  #listeners = new Set(); // want to know the new frame
  #timer = 0;
  #told = ""; // what of the line with the focus was heard last

  /**
   * @param {Element} host with a height of its own; the plot fills it
   * @param {string} options.title what is drawn, for who hears it
   * @param {(at: number) => void} [options.onTime] a moment was pressed, or dragged to: µs
   * @param {(name: string, isWalk: boolean) => void} [options.onPick] a line was pressed, or reached by Up and Down
   * @param {(name: string|null) => void} [options.onHover]
   */
  constructor(host, { title, onTime = null, onPick = null, onHover = null }) {
    Object.assign(this, { onTime, onPick, onHover });
    this.axes = svg("g", { class: "bl-plot-axes", "aria-hidden": "true" });
    this.band = svg("path", { class: "bl-plot-band", "aria-hidden": "true" });
    this.ahead = svg("g", { class: "bl-plot-ahead", "aria-hidden": "true" });
    this.lines = svg("g");
    this.top = svg("g", { class: "bl-plot-top", "aria-hidden": "true" }, svg("path", { class: "bl-plot-edge" }), svg("path", { class: "bl-plot-line" }));
    this.hair = svg("g", { class: "bl-plot-hair", "aria-hidden": "true", visibility: "hidden" }, svg("line"), svg("circle", { r: 4 }));
    this.layer = svg("g"); // for who draws on it: above all
    this.svg = svg("svg", { role: "group", "aria-label": title }, this.axes, this.band, this.ahead, this.lines, this.top, this.hair, this.layer);
    this.live = element("p", { class: "bl-hidden", "aria-live": "polite" });
    this.root = host.appendChild(element("div", { class: "bl-plot" }, this.svg, this.live));
    this.tip = tooltip(this.root);
    this.series = new Keyed(this.lines, makeSeries);
    this.faint = new Keyed(this.ahead, () => svg("path"));
    this.roving = roving(this.svg, () => this.#marks());
    this.#bind();
  }

  // --- what is drawn -----------------------------------------------------------------------------------------

  /** Draw this. O(points that are shown). */
  set(model) {
    this.#model = { ...EMPTY, ...model };
    this.redraw();
  }

  /** Draw the same again, in a box of another size. Nothing while it has none. */
  redraw() {
    const { clientWidth: width, clientHeight: height } = this.root;
    if (!width || !height) return;
    const model = this.#model;
    const frame = this.#frame = frameOf({ width, height }, model);
    setAttributes(this.svg, { width, height, viewBox: `0 0 ${width} ${height}` });
    drawAxes(this.axes, frame, model);
    const end = this.#end;
    setAttributes(this.band, { d: model.band ? bandOf(cutLine(model.band.points, end), end, frame.x, frame.y) : "" });
    const byName = new Map(model.series.map((each, at) => [each.name, { slot: at % MOST_LINES, ...each }]));
    this.faint.sync(model.isAhead ? byName.keys() : [], (made, name) => {
      paint(made, byName.get(name));
      const { points, ahead = points, shape } = byName.get(name);
      setAttributes(made, { d: pathOf({ points: ahead, shape }, model.to, frame.x, frame.y) });
    });
    this.series.sync(byName.keys(), (made, name) => this.#drawSeries(made, byName.get(name)));
    drawLabels(this.#marks(), model.series, this.#end, frame);
    this.roving.update();
    this.light(this.#lit);
    for (const listener of this.#listeners) listener(frame);
    this.#tellLater();
  }

  /** The values' axis, as it was set. */
  get y() {
    return this.#model.y;
  }

  get #end() {
    return Math.min(this.#model.shown, this.#model.to);
  }

  #drawSeries(made, series) {
    const { x, y } = this.#frame;
    const points = cutLine(series.points, this.#end);
    const shown = { ...series, points };
    const [line, dots] = made.children;
    made.dataset.name = series.name;
    setAttributes(made, { "aria-label": `${series.label}, ${this.#tellValue(series, this.#model.cursor ?? this.#end)}`, "data-tip": series.tip });
    paint(made, series);
    setAttributes(line, { d: pathOf(shown, this.#end, x, y) });
    const isDotted = series.shape === "dots" && points.length <= MOST_DOTS || points.length === 1 && series.shape === "line";
    dots.replaceChildren(...(isDotted ? points.map(([at, value]) => svg("circle", { cx: x(at), cy: y(value), r: 2.5 })) : []));
  }

  /** Outline what is chosen, thicken what is pointed at; names of series. */
  light({ chosen = null, hover = null }) {
    this.#lit = { chosen, hover };
    for (const made of this.#marks()) {
      const { name } = made.dataset;
      made.classList.toggle("bl-selected", name === chosen);
      made.classList.toggle("bl-hover", name === hover);
      setAttributes(made, { "aria-pressed": String(name === chosen) });
    }
    this.lines.classList.toggle("bl-some-lit", this.series.live.has(hover));
    this.#raise(this.series.live.get(chosen));
  }

  /** What is chosen lies over the others, though it keeps its place among them. */
  #raise(made) {
    const d = made?.querySelector(".bl-plot-line").getAttribute("d") ?? "";
    for (const path of this.top.children) setAttributes(path, { d });
    if (made) setAttributes(this.top, { style: made.getAttribute("style"), "data-slot": made.dataset.slot });
  }

  // --- values in words ---------------------------------------------------------------------------------------

  #tellValue(series, at) {
    const { y: { title, kind } } = this.#model;
    const value = valueAt({ ...series, points: cutLine(this.#pointsOf(series), this.#seen) }, at);
    return `${title} ${value === null ? "none" : formatValue(value, kind)} at ${formatTime(at)}`;
  }

  #pointsOf({ points, ahead = points }) {
    return this.#model.isAhead ? ahead : points;
  }

  get #seen() {
    return this.#model.isAhead ? Infinity : this.#model.shown;
  }

  /** The values of the lines nearest to one at a time, the highest first: "3.200 s", then "ann 5". */
  #listValues(at, value, near) {
    const { series, y: { kind }, band } = this.#model;
    const known = series.map(each => ({ ...each, value: valueAt({ ...each, points: this.#pointsOf(each) }, at) })).filter(({ value }) => value !== null);
    const close = known.sort((a, b) => Math.abs(a.value - value) - Math.abs(b.value - value)).slice(0, this.#frame.width < NARROW ? 3 : MOST_TOLD);
    const lines = close.sort((a, b) => b.value - a.value).map(({ name, label, value: own }) => `${name === near ? "▸ " : ""}${shorten(label, 24)}  ${formatValue(own, kind)}`);
    const range = band && cutLine(band.points, at).at(-1);
    if (range) lines.push(`${band.label}  ${formatValue(range[1], kind)} to ${formatValue(range[2], kind)}`);
    return [formatTime(at), ...lines].join("\n");
  }

  /** The line that the keyboard is on is read out anew when its value has changed, and stands still. */
  #tellLater() {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      const label = this.#focused?.getAttribute("aria-label") ?? "";
      if (label !== this.#told) setText(this.live, label);
      this.#told = label;
    }, REST);
  }

  get #focused() {
    const mark = document.activeElement;
    return this.lines.contains(mark) ? mark : null;
  }

  /** Who comes to a line hears its name and value by itself. */
  #arrive() {
    setText(this.live, "");
    this.#told = this.#focused?.getAttribute("aria-label") ?? "";
  }

  /** Heads of the table behind the plot. */
  get columns() {
    const { y: { title, kind } } = this.#model;
    const format = value => formatValue(value, kind);
    return ["line", { title, format }, { title: "since", format: formatTime }, { title: "least", format }, { title: "most", format }];
  }

  /** A row for each line: its value at the end of what is shown, since when, and between which it was. */
  rows() {
    return this.#model.series.map(({ name, label, points }) => {
      const seen = cutLine(points, this.#end);
      const values = seen.map(([, value]) => value);
      const range = values.length ? [values.reduce((a, b) => Math.min(a, b)), values.reduce((a, b) => Math.max(a, b))] : [null, null];
      return { name, cells: [label, values.at(-1) ?? null, seen.at(-1)?.[0] ?? null, ...range] };
    });
  }

  // --- pointer and keys --------------------------------------------------------------------------------------

  #marks() {
    return [...this.lines.children];
  }

  #bind() {
    const { svg: stage } = this;
    const place = event => {
      const [x, y] = placeIn(stage, event);
      return { x, y };
    };
    const move = event => this.onTime?.(this.#frame.atX(place(event).x));
    stage.addEventListener("pointermove", event => {
      if (!this.#frame) return;
      this.#point(place(event), event);
      if (stage.hasPointerCapture(event.pointerId)) move(event);
    });
    stage.addEventListener("pointerleave", () => this.#unpoint());
    stage.addEventListener("pointerdown", event => {
      if (event.button || !this.onTime || !this.#frame || event.target.closest(".bl-plot-name")) return;
      stage.setPointerCapture(event.pointerId);
      move(event);
    });
    this.lines.addEventListener("click", ({ target }) => {
      const name = target.closest(".bl-plot-name, .bl-plot-series:focus")?.closest(".bl-plot-series")?.dataset.name;
      if (name) this.onPick?.(name, false);
    });
    stage.addEventListener("keydown", ({ key, target }) => {
      const mark = document.activeElement; // roving has moved it
      if (["ArrowUp", "ArrowDown"].includes(key) && mark !== target && mark?.dataset.name) this.onPick?.(mark.dataset.name, true);
    });
    stage.addEventListener("focusin", () => this.#arrive());
  }

  #point({ x, y }, event) {
    const frame = this.#frame;
    const named = event.target.closest?.(".bl-plot-name")?.closest(".bl-plot-series");
    if (named) return this.onHover?.(named.dataset.name);
    const at = Math.min(frame.atX(x), this.#seen);
    const near = this.#findNear(at, y);
    const made = near && this.series.live.get(near.name);
    setAttributes(this.hair, { visibility: "visible" });
    setAttributes(this.hair.firstChild, { x1: frame.x(at), x2: frame.x(at), y1: frame.top, y2: frame.bottom });
    setAttributes(this.hair.lastChild, { cx: frame.x(at), cy: near ? frame.y(near.value) : 0, visibility: near ? null : "hidden", style: made?.getAttribute("style") });
    this.tip.show(this.#listValues(at, frame.atY(y), near?.name), event);
    this.onHover?.(near?.name ?? null);
  }

  #findNear(at, y) {
    const known = this.#model.series.map(each => ({ name: each.name, value: valueAt({ ...each, points: this.#pointsOf(each) }, at) })).filter(({ value }) => value !== null);
    const far = ({ value }) => Math.abs(this.#frame.y(value) - y);
    const [first] = known.sort((a, b) => far(a) - far(b));
    return first && far(first) <= NEAR ? first : null;
  }

  #unpoint() {
    setAttributes(this.hair, { visibility: "hidden" });
    this.tip.hide();
    this.onHover?.(null);
  }

  /** Call `listener(frame)` after each drawing, and now if there was one. Returns a function that ends it. */
  onLayout(listener) {
    this.#listeners.add(listener);
    if (this.#frame) listener(this.#frame);
    return () => this.#listeners.delete(listener);
  }

  /** Take it away. */
  stop() {
    clearTimeout(this.#timer);
    this.roving.stop();
    this.root.remove();
  }
}

function makeSeries() {
  const name = svg("g", { class: "bl-plot-name" }, svg("rect", { rx: 3 }), svg("path", { class: "bl-plot-line" }), svg("text"));
  return svg("g", { class: "bl-plot-series", role: "button", tabindex: "-1" }, svg("path", { class: "bl-plot-line" }), svg("g", { class: "bl-plot-dots" }), svg("path", { class: "bl-plot-lead" }), name);
}

/** Colour and dashes of a line. */
function paint(made, { slot, colour = `--bl-curve-${slot}` }) {
  made.dataset.slot = slot;
  made.style.setProperty("--bl-own", `var(${colour})`);
}
