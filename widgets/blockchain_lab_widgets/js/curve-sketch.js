// A line drawn by hand on a plot: by pointer, or point by point with the keyboard. Values never leave the axes.
//
//   const drawn = sketch(plot, { onChange: points => …, count: 24 });      // points: [[µs, value], …], those that are drawn
//   drawn.get(); drawn.set([[0, 0], [30e6, 9]]); drawn.clear(); drawn.lock(true); drawn.stop();
//
// The axes must stand still while somebody draws: give the plot's `y` a `least` and a `most`. Whole values where `y.isWhole`.
// Tab reaches one point; Left and Right go among points, Up and Down change its value (PageUp and PageDown ten times as
// fast), Home and End go to the first and the last, Delete takes it away. Each point is a slider, so it is read out.
import { valueAt } from "./curve-lines.js";
import { formatValue } from "./curve-scale.js";
import { formatTime } from "./describe.js";
import { setAttributes, svg } from "./dom.js";
import { placeIn } from "./zoom.js";

const COUNT = 24; // points, evenly from the first to the last moment of the axis
const STEPS = 50; // key presses from the bottom to the top, where values are not whole

/**
 * @param {CurvePlot} plot
 * @param {(points: number[][]) => void} options.onChange after each change by the reader
 * @param {number} [options.count] how many points the line has
 * @param {string} [options.label] what is drawn: "your prediction"
 */
export function sketch(plot, { onChange = () => {}, count = COUNT, label = "your line" } = {}) {
  const drawn = new Sketch(plot, { onChange, count, label });
  return {
    get: () => drawn.points,
    set: points => drawn.take(points),
    clear: () => drawn.take([]),
    lock: isLocked => drawn.lock(isLocked),
    stop: () => drawn.stop(),
  };
}

class Sketch {
  #values; // by point; null where nothing is drawn
  #isLocked = false;
  #frame = null;
  #last = null; // {point, value} that the pointer drew last
  #current = 0; // the point that Tab reaches

  constructor(plot, { onChange, count, label }) {
    Object.assign(this, { plot, onChange, label });
    this.#values = new Array(count).fill(null);
    this.touch = svg("rect", { class: "bl-sketch-touch" });
    this.line = svg("path", { class: "bl-sketch-line" });
    this.marks = this.#values.map((_, at) => svg("circle", { class: "bl-sketch-point", r: 4, role: "slider", "data-point": at, "aria-orientation": "vertical" }));
    this.name = svg("text", { class: "bl-sketch-label", "aria-hidden": "true" });
    this.root = plot.layer.appendChild(svg("g", { class: "bl-sketch", role: "group", "aria-label": label }, this.touch, this.line, this.name, ...this.marks));
    this.#bind();
    this.leave = plot.onLayout(frame => this.#layOut(frame));
  }

  // --- what is drawn -----------------------------------------------------------------------------------------

  /** [µs, value] of the points that are drawn. */
  get points() {
    const times = this.#values.map((_, at) => this.#timeOf(at));
    return this.#values.flatMap((value, at) => (value === null ? [] : [[times[at], value]]));
  }

  #timeOf(point) {
    const { from, to } = this.#frame;
    return Math.round(from + (point / (this.#values.length - 1)) * (to - from));
  }

  /** Show this line instead: each point takes the line's value at its time. */
  take(points) {
    const nearest = at => points.find(([time]) => Math.abs(time - at) <= 1)?.[1] ?? valueAt({ points, shape: "line" }, at);
    this.#values = this.#values.map((_, at) => (points.length && this.#frame ? this.#fit(nearest(this.#timeOf(at))) : null));
    this.#draw();
  }

  /** Show it, and let nobody change it. */
  lock(isLocked) {
    this.#isLocked = isLocked;
    this.#draw();
  }

  #fit(value) {
    if (value === null) return null;
    const { least, most } = this.#frame;
    const kept = Math.max(least, Math.min(most, value));
    return this.plot.y.isWhole ? Math.round(kept) : Number(kept.toPrecision(6));
  }

  #layOut(frame) {
    this.#frame = frame;
    setAttributes(this.touch, { x: frame.left, y: frame.top, width: frame.right - frame.left, height: frame.bottom - frame.top });
    this.#draw();
  }

  #draw() {
    if (!this.#frame) return;
    const { x, y, least, most, bottom } = this.#frame;
    const { kind, title } = this.plot.y;
    const isDrawn = this.#values.some(value => value !== null);
    this.touch.style.display = this.#isLocked ? "none" : "";
    setAttributes(this.line, { d: this.points.map(([at, value], i) => `${i ? "L" : "M"}${x(at)} ${y(value)}`).join("") });
    this.marks.forEach((mark, at) => {
      const value = this.#values[at];
      const time = this.#timeOf(at);
      mark.classList.toggle("bl-undrawn", value === null);
      mark.style.display = this.#isLocked ? "none" : "";
      setAttributes(mark, {
        cx: x(time), cy: value === null ? bottom : y(value), tabindex: at === this.#current && !this.#isLocked ? "0" : "-1",
        "aria-label": `${this.label} at ${formatTime(time)}`, "aria-valuemin": least, "aria-valuemax": most, "aria-valuenow": value ?? least,
        "aria-valuetext": value === null ? "nothing drawn" : `${title} ${formatValue(value, kind)}`,
      });
    });
    const last = this.points.at(-1);
    this.name.textContent = isDrawn ? this.label : "";
    if (last) setAttributes(this.name, { x: x(last[0]) - 6, y: Math.max(24, y(last[1]) - 9), "text-anchor": "end" });
  }

  #change(point, value) {
    this.#values[point] = this.#fit(value);
    this.#draw();
    this.onChange(this.points);
  }

  // --- pointer -----------------------------------------------------------------------------------------------

  #bind() {
    const { touch, root } = this;
    touch.addEventListener("pointerdown", event => {
      if (event.button || !this.#frame) return;
      event.stopPropagation();
      event.preventDefault();
      touch.setPointerCapture(event.pointerId);
      this.#last = null;
      this.#drag(event);
    });
    touch.addEventListener("pointermove", event => {
      event.stopPropagation(); // while somebody draws, the plot under it reads nothing out
      if (touch.hasPointerCapture(event.pointerId)) this.#drag(event);
    });
    root.addEventListener("keydown", event => this.#onKey(event));
    root.addEventListener("focusin", ({ target }) => this.#stand(Number(target.dataset.point)));
  }

  /** From where the pointer was to where it is: no point between the two is left out. */
  #drag(event) {
    const frame = this.#frame;
    const [x, y] = placeIn(this.plot.svg, event);
    const part = (frame.atX(x) - frame.from) / (frame.to - frame.from);
    const here = { point: Math.round(part * (this.#values.length - 1)), value: frame.atY(y) };
    const from = this.#last ?? here;
    const steps = Math.abs(here.point - from.point);
    for (let i = 0; i <= steps; i++) {
      const point = from.point + Math.sign(here.point - from.point) * i;
      if (i || !steps) this.#values[point] = this.#fit(from.value + (steps ? i / steps : 1) * (here.value - from.value));
    }
    this.#last = here;
    this.#draw();
    this.onChange(this.points);
  }

  // --- keys --------------------------------------------------------------------------------------------------

  #stand(point) {
    if (!Number.isInteger(point)) return;
    this.#current = point;
    this.marks.forEach((mark, at) => setAttributes(mark, { tabindex: at === point && !this.#isLocked ? "0" : "-1" }));
  }

  #onKey(event) {
    const { key, target, ctrlKey, metaKey, altKey } = event;
    const point = Number(target.dataset.point);
    if (ctrlKey || metaKey || altKey || !Number.isInteger(point) || this.#isLocked) return;
    const last = this.#values.length - 1;
    const to = { ArrowLeft: point - 1, ArrowRight: point + 1, Home: 0, End: last }[key];
    const steps = { ArrowUp: 1, ArrowDown: -1, PageUp: 10, PageDown: -10 }[key];
    if (to === undefined && steps === undefined && key !== "Delete" && key !== "Backspace") return;
    event.preventDefault(); // else the time would move, or the line under the focus change
    event.stopPropagation();
    if (to !== undefined) this.marks[Math.max(0, Math.min(last, to))].focus();
    else if (steps === undefined) this.#change(point, null);
    else this.#change(point, this.#valueNear(point) + steps * this.#step);
  }

  get #step() {
    const { least, most } = this.#frame;
    return this.plot.y.isWhole ? Math.max(1, Math.round((most - least) / STEPS)) : (most - least) / STEPS;
  }

  /** Its own value, or that of the nearest one before it: who draws by keys goes on from there. */
  #valueNear(point) {
    return this.#values.slice(0, point + 1).findLast(value => value !== null) ?? this.#frame.least;
  }

  stop() {
    this.leave();
    this.root.remove();
  }
}
