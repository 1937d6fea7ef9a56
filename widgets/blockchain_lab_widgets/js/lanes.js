// Download lanes: one lane per peer that was asked, a bar from each request to its answer.
import { BlockIndex } from "./blocks.js";
import { formatCount, formatTime } from "./describe.js";
import { element, setText, svg } from "./dom.js";
import { ENVELOPE_SIZE } from "./fields.js";
import { fitCanvas } from "./flight-layer.js";
import { collectLanes, findAsker, findSpan, findTicks } from "./lanes-data.js";
import { painter } from "./paint.js";
import { tooltip } from "./tooltip.js";
import { toUnsigned } from "./values.js";

const LABEL = 92; // pixels left of the bars
const RIGHT = 14;
const AXIS = 24;
const GAP = 12; // between lanes
const HEADING = 18; // over a lane: its name
const BAR = { least: 2, most: 9 };

/** Draws the lanes into `host`. Options: `seenBy` whose downloads, `span` [from, to] in µs for the time axis. */
export function mount(host, store, options) {
  const view = new LanesView(host, store, options);
  return () => view.stop();
}

class LanesView {
  #known = "";
  #lanes = [];
  #bars = []; // as drawn: {request, lane, x, y, width, height}
  #lit = null;

  constructor(host, store, { seenBy = null, span = null, theme }) {
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
    host.append(element("div", { class: "bl-head" }, element("label", {}, "Downloads of ", this.choice), this.words), this.stage, legend());
    this.tip = tooltip(host);
    this.paint = painter(host, store, () => this.#draw());
    this.resize = new ResizeObserver(() => this.paint.request());
    this.resize.observe(this.stage);
    this.leaveTheme = theme.subscribe(() => this.paint.request());
    this.#bind();
  }

  #collect() {
    const { trace } = this;
    const viewer = trace.peers.indexOf(this.choice.value);
    const known = `${viewer}/${trace.length}/${trace.epoch}/${trace.messages.length}`;
    if (known === this.#known) return;
    this.#known = known;
    this.index.update();
    this.#lanes = collectLanes(trace, viewer, row => countItems(trace, row));
  }

  #draw() {
    const { stage, canvas, store } = this;
    const width = stage.clientWidth;
    if (!width) return;
    this.#collect();
    const span = this.span ? { from: this.span[0], to: this.span[1] } : findSpan(this.#lanes);
    const lines = this.#lanes.reduce((sum, lane) => sum + lane.lines, 0);
    const room = stage.clientHeight - AXIS - this.#lanes.length * (GAP + HEADING);
    const bar = Math.max(BAR.least, Math.min(BAR.most, room / Math.max(1, lines)));
    const height = Math.max(stage.clientHeight, Math.ceil(AXIS + this.#lanes.length * (GAP + HEADING) + lines * bar));
    canvas.style.width = `${width}px`;
    canvas.style.height = `${height}px`;
    const context = fitCanvas(canvas, width, height);
    context.clearRect(0, 0, width, height);
    context.font = `12px ${getComputedStyle(this.host).fontFamily}`;
    if (!span) return void this.#say(null);
    const scale = at => LABEL + ((at - span.from) / (span.to - span.from)) * (width - LABEL - RIGHT);
    this.#drawAxis(context, span, scale, width, height);
    this.#drawLanes(context, scale, bar, width);
    const now = Math.max(LABEL, Math.min(width - RIGHT, scale(store.clock)));
    context.strokeStyle = this.theme.palette.ink;
    context.lineWidth = 1.5;
    context.beginPath();
    context.moveTo(now, 0);
    context.lineTo(now, height - AXIS);
    context.stroke();
    this.#say(store.clock);
  }

  #drawAxis(context, span, scale, width, height) {
    const { palette } = this.theme;
    context.fillStyle = palette.ink;
    context.strokeStyle = palette.full;
    context.lineWidth = 1;
    context.textAlign = "center";
    for (const tick of findTicks(span, (width - LABEL) / 80)) {
      const x = Math.round(scale(tick)) + 0.5;
      context.beginPath();
      context.moveTo(x, 0);
      context.lineTo(x, height - AXIS + 4);
      context.stroke();
      context.fillText(`${tick / 1e6} s`, Math.min(x, width - 20), height - 6);
    }
  }

  #drawLanes(context, scale, bar, width) {
    const { palette } = this.theme;
    const { clock } = this.store;
    this.#bars = [];
    let top = 2;
    for (const lane of this.#lanes) {
      const came = lane.requests.filter(({ what, to }) => what === "block" && to !== null && to <= clock).length;
      context.fillStyle = palette.ink;
      context.textAlign = "left";
      context.fillText(this.trace.peers[lane.other], 10, top + HEADING + 8, LABEL - 16);
      context.fillStyle = palette.faint;
      context.fillText(`${formatCount(came)} ${came === 1 ? "block" : "blocks"}`, 10, top + HEADING + 24, LABEL - 16);
      for (const request of lane.requests) {
        if (request.from > clock) break;
        this.#drawBar(context, lane, request, scale, top + HEADING + request.line * bar, bar);
      }
      this.#drawStalls(context, lane, scale, top, width, bar);
      top += HEADING + lane.lines * bar + GAP;
      context.strokeStyle = palette.full;
      context.lineWidth = 1;
      context.strokeRect(0, Math.round(top - GAP / 2) + 0.5, width, 0);
    }
  }

  // Filled when it has come; an outline while it is on its way, or never comes.
  #drawBar(context, lane, request, scale, y, bar) {
    const { palette } = this.theme;
    const { clock } = this.store;
    const end = Math.min(request.to ?? request.lost ?? Infinity, clock);
    const x = scale(request.from);
    const width = Math.max(1.5, scale(end) - x);
    const height = Math.max(1, bar - 1);
    context.fillStyle = request.what === "block" ? palette.classes.data : palette.classes.announce;
    const isOpen = request.to === null || request.to > clock;
    context.globalAlpha = isOpen ? 0.35 : 1;
    context.fillRect(x, y, width, height);
    context.globalAlpha = 1;
    if (request === this.#lit) {
      context.strokeStyle = palette.selection;
      context.lineWidth = 2;
      context.strokeRect(x - 1, y - 1, width + 2, height + 2);
    }
    this.#bars.push({ request, lane, x, y, width, height });
  }

  #drawStalls(context, lane, scale, top, width, bar) {
    const { palette } = this.theme;
    for (const at of lane.stalls) {
      if (at > this.store.clock) continue;
      const x = Math.min(scale(at), width - RIGHT);
      context.strokeStyle = palette.alarm;
      context.lineWidth = 2;
      context.beginPath();
      context.moveTo(x, top + 4);
      context.lineTo(x, top + HEADING + lane.lines * bar);
      context.stroke();
      context.fillStyle = palette.ink;
      const isLeft = x > width / 2;
      context.textAlign = isLeft ? "right" : "left";
      context.fillText("stalled", x + (isLeft ? -5 : 5), top + 13);
    }
  }

  #say(clock) {
    const blocks = this.#lanes.flatMap(lane => lane.requests).filter(({ what, to }) => what === "block" && to !== null && to <= clock);
    const words = clock === null ? `${this.choice.value} asks for nothing in this story`
      : `${formatCount(blocks.length)} blocks from ${new Set(blocks.map(({ asked }) => this.trace.columns.other[asked])).size} peers`;
    setText(this.words, words);
    this.canvas.setAttribute("aria-label", `Download lanes of ${this.choice.value}: ${words}`);
  }

  #find(event) {
    const frame = this.canvas.getBoundingClientRect();
    const [x, y] = [event.clientX - frame.left, event.clientY - frame.top];
    return this.#bars.find(bar => x >= bar.x - 2 && x <= bar.x + bar.width + 2 && y >= bar.y - 0.5 && y <= bar.y + bar.height + 0.5) ?? null;
  }

  #describe({ request, lane }) {
    const facts = request.row === null ? {} : this.trace.record(request.row).facts;
    const what = request.what === "headers" ? (facts.label ?? "headers") : facts.blocks ? this.index.nameOf(facts.blocks[0]) : "a block";
    const { clock } = this.store;
    const asked = `${what} from ${this.trace.peers[lane.other]}\nasked at ${formatTime(request.from)}`;
    if (request.to !== null && request.to <= clock) {
      return `${asked}\ncame after ${formatCount(Math.round((request.to - request.from) / 1000))} ms`;
    }
    return `${asked}\n${request.lost !== null && request.lost <= clock ? "given up" : "has not come yet"}`;
  }

  #bind() {
    const { canvas, store } = this;
    canvas.addEventListener("pointermove", event => {
      const found = this.#find(event);
      if (found) this.tip.show(this.#describe(found), event);
      else this.tip.hide();
      if ((found?.request ?? null) === this.#lit) return;
      this.#lit = found?.request ?? null;
      const row = found && (found.request.row ?? found.request.asked);
      store.point(found ? `record:${store.branch}:${row}` : null);
      this.paint.request();
    });
    canvas.addEventListener("pointerleave", () => {
      this.#lit = null;
      this.tip.hide();
      store.point(null);
    });
    canvas.addEventListener("click", event => {
      const found = this.#find(event);
      store.select(found ? `record:${store.branch}:${found.request.row ?? found.request.asked}` : null);
    });
  }

  stop() {
    this.leaveTheme();
    this.paint.stop();
    this.resize.disconnect();
    this.host.replaceChildren();
  }
}

/** How many things a getdata asks for: the CompactSize behind its envelope; 1 while its bytes are not here. */
function countItems(trace, row) {
  const { bytes, fields } = trace.messageOf(row) ?? {};
  const count = fields?.find(({ name }) => name === "item_count");
  if (!count || count.start < ENVELOPE_SIZE) return 1;
  const written = bytes.subarray(count.start, count.end);
  return Number(toUnsigned(written.length > 1 ? written.subarray(1) : written));
}

function legend() {
  const mark = (colour, opacity) => svg("svg", { width: 18, height: 8, "aria-hidden": "true" },
    svg("rect", { width: 18, height: 8, opacity, style: `fill: var(--bl-class-${colour})` }));
  const item = (sign, text) => element("span", {}, sign, element("span", {}, text));
  return element("div", { class: "bl-legend" }, item(mark("announce", 1), "headers"), item(mark("data", 1), "block, from asking to arrival"),
    item(mark("data", 0.35), "on its way"));
}
