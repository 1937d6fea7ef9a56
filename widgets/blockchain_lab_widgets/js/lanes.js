// Download lanes: one lane per peer that was asked, a bar from each request to its answer.
import { BlockIndex } from "./blocks.js";
import { countOf, formatCount, formatTime } from "./describe.js";
import { element, setText, svg } from "./dom.js";
import { fitCanvas } from "./flight-layer.js";
import { collectLanes, countBlocks, findAsker, findSpan } from "./lanes-data.js";
import { arrangeLanes, drawAxis, drawBars, drawLabel, drawNow, drawStalls, outline } from "./lanes-draw.js";
import { holdChoice } from "./lens.js";
import { painter } from "./paint.js";
import { drawnBy } from "./share-drawn.js";
import { tableButton } from "./table.js";
import { tooltip } from "./tooltip.js";
import { placeIn } from "./zoom.js";

/** Draws the lanes into `host`. Options: `seen_by` whose downloads, `span` [from, to] in µs for the time axis. */
export function mount(host, store, options) {
  const view = new LanesView(host, store, options);
  return () => view.stop();
}

class LanesView {
  #known = "";
  #lanes = [];
  #bars = []; // as drawn
  #lit = null; // the request under the pointer

  constructor(host, store, { seen_by: seenBy = null, span = null, theme }) {
    const { trace } = store;
    Object.assign(this, { host, store, trace, theme, span });
    host.classList.add("bl-lanes");
    this.index = new BlockIndex(trace);
    const asker = trace.peers.includes(seenBy) ? seenBy : trace.peers[findAsker(trace)];
    this.choice = element("select", {}, ...trace.peers.map(name => new Option(name, name, name === asker, name === asker)));
    this.choice.addEventListener("change", () => this.paint.request());
    this.words = element("span", { class: "bl-summary" });
    this.stage = element("div", { class: "bl-stage" });
    this.canvas = this.stage.appendChild(element("canvas", { role: "img" }));
    drawnBy(this.canvas, context => this.#draw(context));
    const label = element("label", {}, "Downloads of ", this.choice);
    host.append(element("div", { class: "bl-head" }, label, this.words), this.stage, legend());
    this.tip = tooltip(host);
    this.#bind();
    const columns = ["What", "From", { title: "Asked at", format: formatTime }, { title: "Came at", format: formatTime }, "State"];
    this.table = tableButton(host, store, { title: "Requests", columns, rows: () => this.#tell() });
    this.choice.addEventListener("change", () => this.table.update());
    this.paint = painter(host, store, () => this.#draw());
    this.resize = new ResizeObserver(() => this.paint.request());
    this.resize.observe(this.stage);
    this.leaveTheme = theme.subscribe(() => this.paint.request());
  }

  #collect() {
    const { trace } = this;
    holdChoice(this.choice, this.store);
    const viewer = trace.peers.indexOf(this.choice.value);
    const known = `${viewer}/${trace.length}/${trace.epoch}/${trace.messages.length}`;
    if (known === this.#known) return;
    this.#known = known;
    this.index.update();
    this.#lanes = collectLanes(trace, viewer, row => countBlocks(trace, row));
  }

  #draw(other = null) {
    const { stage, canvas, theme: { palette }, store: { clock } } = this;
    const width = stage.clientWidth;
    if (!width) return;
    this.#collect();
    const { bar, rows, height } = arrangeLanes(this.#lanes, stage.clientHeight);
    canvas.style.width = `${width}px`;
    canvas.style.height = `${height}px`;
    const context = other ?? fitCanvas(canvas, width, height);
    context.clearRect(0, 0, width, height);
    context.font = `12px ${getComputedStyle(this.host).fontFamily}`;
    const span = this.span ? { from: this.span[0], to: this.span[1] } : findSpan(this.#lanes);
    this.#bars = [];
    if (span) {
      drawAxis(context, span, width, height, palette);
      for (const row of rows) {
        const came = countOf(countCome(row.lane, clock), "block");
        drawLabel(context, row, this.trace.peers[row.lane.other], came, width, palette);
        this.#bars.push(...drawBars(context, row, bar, span, clock, width, palette));
      }
      drawNow(context, span, clock, width, height, palette);
      for (const row of rows) drawStalls(context, row, span, clock, width, palette);
      const lit = this.#bars.find(({ request }) => request === this.#lit);
      if (lit) outline(context, lit, palette);
    }
    this.#say(Boolean(span));
  }

  #say(hasAsked) {
    const counts = this.#lanes.map(lane => countCome(lane, this.store.clock)).filter(Boolean);
    const sum = counts.reduce((total, count) => total + count, 0);
    const words = hasAsked ? `${countOf(sum, "block")} from ${countOf(counts.length, "peer")}`
      : `${this.choice.value} asks for nothing in this story`;
    setText(this.words, words);
    this.canvas.setAttribute("aria-label", `Download lanes of ${this.choice.value}: ${words}`);
  }

  /** All requests made so far, as rows of a table. */
  #tell() {
    this.#collect();
    const { clock, branch } = this.store;
    const asked = this.#lanes.flatMap(lane => lane.requests.filter(({ from }) => from <= clock).map(request => ({ request, lane })));
    return asked.sort((one, other) => one.request.from - other.request.from).map(({ request, lane }) => {
      const hasCome = request.to !== null && request.to <= clock;
      const state = hasCome ? "came" : request.lost !== null && request.lost <= clock ? "given up" : "on its way";
      const cells = [this.#nameOf(request), this.trace.peers[lane.other], request.from, hasCome ? request.to : null, state];
      return { name: `record:${branch}:${request.row ?? request.asked}`, cells };
    });
  }

  #nameOf({ row, what }) {
    const facts = row === null ? {} : this.trace.record(row).facts;
    if (what !== "block") return facts.label ?? "headers";
    return facts.blocks ? this.index.nameOf(facts.blocks[0]) : "a block";
  }

  #find(event) {
    const [x, y] = placeIn(this.canvas, event);
    const isHit = bar => x >= bar.x - 2 && x <= bar.x + bar.width + 2 && y >= bar.y - 0.5 && y <= bar.y + bar.height + 0.5;
    return this.#bars.find(isHit) ?? null;
  }

  #describe({ request, lane }) {
    const { clock } = this.store;
    const asked = `${this.#nameOf(request)} from ${this.trace.peers[lane.other]}\nasked at ${formatTime(request.from)}`;
    if (request.to !== null && request.to <= clock) {
      return `${asked}\ncame after ${formatCount(Math.round((request.to - request.from) / 1000))} ms`;
    }
    return `${asked}\n${request.lost !== null && request.lost <= clock ? "given up" : "has not come yet"}`;
  }

  #bind() {
    const { canvas, store } = this;
    const nameOf = found => found && `record:${store.branch}:${found.request.row ?? found.request.asked}`;
    const light = (found, event) => {
      if (found) this.tip.show(this.#describe(found), event);
      else this.tip.hide();
      if ((found?.request ?? null) === this.#lit) return;
      this.#lit = found?.request ?? null;
      store.point(nameOf(found));
      this.paint.request();
    };
    canvas.addEventListener("pointermove", event => light(this.#find(event), event));
    canvas.addEventListener("pointerleave", event => light(null, event));
    canvas.addEventListener("click", event => store.select(nameOf(this.#find(event))));
  }

  stop() {
    this.leaveTheme();
    this.table.stop();
    this.paint.stop();
    this.resize.disconnect();
    this.host.replaceChildren();
  }
}

/** How many blocks have come by then. O(requests). */
function countCome(lane, clock) {
  return lane.requests.filter(({ what, to }) => what === "block" && to !== null && to <= clock).length;
}

function legend() {
  const mark = (colour, opacity) => svg("svg", { width: 18, height: 8, "aria-hidden": "true" },
    svg("rect", { width: 18, height: 8, opacity, style: `fill: var(--bl-class-${colour})` }));
  const item = (sign, text) => element("span", {}, sign, element("span", {}, text));
  return element("div", { class: "bl-legend" }, item(mark("announce", 1), "headers or hashes"),
    item(mark("data", 1), "a block, from asking to arrival"), item(mark("data", 0.35), "on its way"));
}
