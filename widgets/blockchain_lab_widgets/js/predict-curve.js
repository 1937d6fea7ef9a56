// A line over time: drawn by hand, then held against what was measured, with the area between the two.
import { CurvePlot } from "./curve-plot.js";
import { valueAt } from "./curve-lines.js";
import { sketch } from "./curve-sketch.js";
import { formatTime } from "./describe.js";
import { button, element, setAttributes, svg } from "./dom.js";
import { sayNumber } from "./predict-words.js";
import { tableButton } from "./table.js";

const ROWS = 13; // of the table
const WHOLE = 50; // on axes up to this long whole numbers are drawn: peers, heights, epochs

function makePlot(prediction, more = {}) {
  const root = element("div", { class: "bl-predict-curve" });
  return { root, plot: new CurvePlot(root, { title: prediction.asks, ...more }) };
}

/** Time from the seal to the end, values from least to most: the axes stand still. */
function getAxes({ span: [from, to], unit, least, most }) {
  const isWhole = Number.isInteger(least) && Number.isInteger(most) && most - least <= WHOLE;
  return { from, to, shown: Infinity, y: { title: unit, kind: unit === "bytes" ? "bytes" : "count", isWhole, least, most } };
}

/** A plot without a line, on which one is drawn. */
export class CurveInput {
  constructor(prediction, onChange) {
    this.axes = getAxes(prediction);
    const { root, plot } = makePlot(prediction);
    Object.assign(this, { plot, drawn: sketch(plot, { onChange, label: "your prediction" }) });
    const clear = button("Clear", "Clear the line", () => {
      this.drawn.clear();
      onChange();
    });
    clear.classList.add("bl-predict-clear");
    this.root = element("div", {}, root, clear);
  }

  get value() {
    const points = this.drawn.get();
    return points.length > 1 ? points : null;
  }

  /** In a box of another size, too. */
  draw() {
    this.plot.set(this.axes);
  }

  stop() {
    this.drawn.stop();
    this.plot.stop();
  }
}

/** Both lines. What happens is drawn as far as the reader has read; the area between them when he has read all. */
export class CurveAnswer {
  #drawn = { guess: [], was: [], isRevealed: false };

  constructor(prediction, store) {
    this.store = store;
    this.axes = getAxes(prediction);
    const { root, plot } = makePlot(prediction, { onTime: at => store.gotoTime(at) });
    this.plot = plot;
    this.root = element("div", {}, root);
    const columns = [{ title: "time", format: formatTime }, ...["you said", "it was"].map(title => ({ title, format: sayNumber }))];
    this.table = tableButton(this.root, store, { title: "Both lines", columns, graph: root, place: this.root, rows: () => this.#listRows() });
    this.area = this.plot.layer.appendChild(svg("path", { class: "bl-predict-area", "aria-hidden": "true" }));
    this.leave = this.plot.onLayout(frame => this.#fill(frame));
  }

  show({ guess, outcome, verdict }, isRevealed) {
    const { from, to } = this.axes;
    const { clock } = this.store;
    const end = isRevealed ? to : Math.max(from, Math.min(to, clock));
    const was = toCorners(outcome.value, from, end);
    this.#drawn = { guess: level(guess, from, to), was, isRevealed };
    this.plot.set({
      ...this.axes,
      cursor: clock >= from && clock <= to ? clock : null,
      series: [
        { name: "said", label: "you said", points: this.#drawn.guess, shape: "line", slot: 1 },
        { name: "was", label: "it was", points: was, shape: "line", slot: 0 },
      ],
      marks: isRevealed && !verdict.is_right ? [{ at: verdict.at, label: "furthest apart" }] : [],
    });
  }

  /** Both values at even times; nothing of what happened before it has happened here. */
  #listRows() {
    const { from, to } = this.axes;
    const { guess, was } = this.#drawn;
    return Array.from({ length: ROWS }, (_, at) => Math.round(from + (at / (ROWS - 1)) * (to - from)))
      .map(at => [at, ...[guess, was].map(points => valueAt({ points, shape: "line" }, at))]);
  }

  draw() {
    this.plot.redraw();
  }

  #fill({ x, y }) {
    const { guess, was, isRevealed } = this.#drawn;
    const corners = [...guess, ...[...was].reverse()].map(([at, value]) => `${x(at).toFixed(1)} ${y(value).toFixed(1)}`);
    setAttributes(this.area, { d: isRevealed ? `M${corners.join("L")}Z` : "" });
  }

  stop() {
    this.leave();
    this.table.stop();
    this.plot.stop();
  }
}

/** A hand-drawn line over the whole axis: level before its first point and behind its last, as it is judged. */
export function level(points, from, to) {
  return [[from, points[0][1]], ...points.filter(([at]) => at > from && at < to), [to, points.at(-1)[1]]];
}

/** The corners of a series from one time to another; 0 before its first point, as it is judged. */
export function toCorners(series, from, to) {
  const since = series.findLast(([at]) => at <= from)?.[1] ?? 0;
  const corners = [[from, since]];
  for (const [at, value] of series) {
    if (at <= from || at > to) continue;
    corners.push([at, corners.at(-1)[1]], [at, value]);
  }
  return [...corners, [to, corners.at(-1)[1]]];
}
