// The network: peers on their tips, the links between them, and the messages on their way.
import { BlockIndex } from "./blocks.js";
import { countOf, formatCount } from "./describe.js";
import { element, Keyed, button, setAttributes } from "./dom.js";
import { drawFlights, fitCanvas, flightAt, placeFlights } from "./flight-layer.js";
import { Folded } from "./fold.js";
import { networkLegend, summary } from "./legend.js";
import { library } from "./libraries.js";
import { shapesFor } from "./marks.js";
import { countNeighbours, getLinks, networkFold } from "./network-fold.js";
import { Stage } from "./network-stage.js";
import { painter } from "./paint.js";
import { drawNames, findRaised } from "./peer-names.js";
import { CLASSES, rankTips } from "./palette.js";
import { roving } from "./roving.js";
import { tooltip } from "./tooltip.js";

/** The classes of message that a trace has, in the legend's order. O(distinct facts). */
function classesOf({ table }) {
  const found = new Set(table.map(facts => facts.class));
  return CLASSES.filter(name => found.has(name));
}

/** The peers as they are drawn: label, shape, fill, off, selected, hovered; and the tips they stand on. */
function lookAt(state, trace, index, shapes, store) {
  const counted = state.tips.map((tip, peer) => (state.off[peer] ? null : tip));
  const fills = rankTips(counted, hash => index.look(hash));
  const looks = trace.peers.map((name, peer) => ({
    label: `${name}\n${heights(state, peer, index)}`,
    shape: shapes.get(trace.roles[peer]) ?? "dot",
    fill: fills.get(state.tips[peer]) ?? 0,
    off: state.off[peer],
    selected: store.selection === `peer:${name}`,
    hovered: store.hover === `peer:${name}`,
  }));
  return { looks, fills, counted };
}

/** "87", or "87 / 151" while headers are ahead of blocks. */
function heights(state, peer, index) {
  if (state.off[peer]) return "off";
  const tip = index.look(state.tips[peer]).height;
  const best = index.look(state.best[peer]).height;
  return best > tip ? `${formatCount(tip)} / ${formatCount(best)}` : formatCount(tip);
}

function describePeer(state, trace, index, links, peer) {
  const name = trace.peers[peer];
  const role = trace.roles[peer] ? `, ${trace.roles[peer]}` : "";
  if (state.off[peer]) return `${name}${role}\noff`;
  const tip = index.get(state.tips[peer]);
  const best = index.get(state.best[peer]);
  const lines = [`${name}${role}`, `tip ${tip?.name ?? "none"}, height ${formatCount(tip?.height ?? 0)}`];
  if ((best?.height ?? 0) > (tip?.height ?? 0)) lines.push(`headers up to ${best.name}`);
  return [...lines, `connected to ${countOf(countNeighbours(links, peer), "peer")}`].join("\n");
}

function describeFlight({ flight }, trace) {
  const { facts, source, target } = flight;
  const size = facts.size ? `, ${formatCount(facts.size)} bytes` : "";
  return `${facts.label ?? facts.command ?? "control packet"}${size}\n${trace.peers[source]} → ${trace.peers[target]}`;
}

function summarise(fills, counted, index, flying) {
  const standing = [...fills.keys()].map(tip =>
    `${counted.filter(each => each === tip).length} on ${index.nameOf(tip)}`);
  return `${countOf(counted.length, "peer")}: ${standing.join(", ")}. ${countOf(flying, "message")} on the way.`;
}

/** Draws the network into `host` as soon as vis-network is there. */
export function mount(host, store, { theme }) {
  host.classList.add("bl-network");
  const stageBox = host.appendChild(element("div", { class: "bl-stage" }));
  const waiting = stageBox.appendChild(element("p", { class: "bl-empty" }, "Loading the network…"));
  let view = null;
  let stopped = false;
  library("vis").then(vis => {
    waiting.remove();
    if (!stopped) view = new NetworkView(vis, host, stageBox, store, theme);
  });
  return () => {
    stopped = true;
    view?.stop();
    host.replaceChildren();
  };
}

class NetworkView {
  #shown = "";
  #placed = []; // flights as drawn last
  #stops = [];

  constructor(vis, host, stageBox, store, theme) {
    const { trace } = store;
    Object.assign(this, { host, stageBox, store, trace, theme });
    this.index = new BlockIndex(trace);
    this.folded = new Folded(trace, networkFold);
    this.shapes = shapesFor(trace.roles);
    this.raised = findRaised(trace.layout, trace.links);
    this.font = getComputedStyle(host).fontFamily;
    const canvas = element("div");
    this.over = element("canvas", { "aria-hidden": "true" });
    this.list = element("div", { class: "bl-peers", role: "listbox", "aria-label": "Peers" });
    stageBox.append(canvas, this.over, this.list);
    this.stage = new Stage(vis, canvas, trace.peers.length, () => this.#drawOver());
    this.legend = networkLegend(this.shapes, classesOf(trace));
    this.legend.root.append(this.#zoomButtons());
    host.append(this.legend.root);
    this.summary = summary(host, "Network");
    this.tip = tooltip(stageBox);
    this.options = new Keyed(this.list, peer => this.#makeOption(peer));
    this.roving = roving(this.list, () => [...this.list.children]);
    this.#bindPointer();
    this.paint = painter(host, store, () => this.#draw());
    const resize = new ResizeObserver(() => this.paint.request());
    resize.observe(stageBox);
    this.#stops.push(() => this.paint.stop(), () => resize.disconnect(), () => this.roving.stop(),
      () => this.summary.stop(), theme.subscribe(() => this.paint.request()), () => this.stage.destroy());
  }

  #draw() {
    const { trace, store, index, stage } = this;
    if (!stage.resize(trace.layout)) return;
    index.update();
    this.state = this.folded.at(trace.rowsUpTo(store.cursor));
    this.links = getLinks(this.state);
    const { looks, fills, counted } = lookAt(this.state, trace, index, this.shapes, store);
    this.labels = looks.map(look => look.label);
    const shown = JSON.stringify([looks, [...this.links], this.theme.palette.name]);
    if (shown !== this.#shown) {
      this.#shown = shown;
      stage.update(looks, this.links, this.theme.palette);
      const standing = tip => counted.filter(each => each === tip).length;
      this.legend.update([...fills].map(([tip, fill]) => [index.nameOf(tip), fill, standing(tip)]));
      this.#updateOptions(looks);
    }
    this.#drawOver();
    this.summary.set(summarise(fills, counted, index, this.#placed.length));
  }

  #drawOver() {
    if (!this.state) return;
    const { stageBox, store, trace, stage } = this;
    const context = fitCanvas(this.over, stageBox.clientWidth, stageBox.clientHeight);
    context.clearRect(0, 0, stageBox.clientWidth, stageBox.clientHeight);
    this.#placed = placeFlights(trace.flying(store.clock), peer => stage.placeOf(peer), stage.radius + 2);
    const lit = [store.hover, store.selection].map(name => name?.match(/^record:\d+:(\d+)$/)?.[1]).find(Boolean);
    drawFlights(context, this.#placed, this.theme.palette, lit === undefined ? -1 : Number(lit));
    const places = trace.peers.map((_, peer) => stage.placeOf(peer));
    if (!stage.small) drawNames(context, places, this.labels, this.raised, stage.radius, this.theme.palette, this.font);
    this.host.dataset.dots = this.#placed.length;
    for (const [peer, option] of this.options.live) {
      const { x, y } = places[peer];
      option.style.translate = `${Math.round(x)}px ${Math.round(y)}px`;
    }
  }

  #makeOption(peer) {
    const option = element("div", { class: "bl-peer", role: "option" });
    option.addEventListener("click", () => this.#select(`peer:${this.trace.peers[peer]}`));
    return option;
  }

  #updateOptions(looks) {
    this.options.sync(looks.map((_, peer) => String(peer)), (option, peer) => setAttributes(option, {
      "aria-label": describePeer(this.state, this.trace, this.index, this.links, Number(peer)).replaceAll("\n", ", "),
      "aria-selected": String(looks[peer].selected),
    }));
    this.roving.update();
  }

  #select(name) {
    this.store.select(this.store.selection === name ? null : name);
  }

  #zoomButtons() {
    return element("div", { class: "bl-zoom" },
      button("+", "Zoom in (Ctrl+wheel)", () => this.stage.zoom(1.25)),
      button("−", "Zoom out (Ctrl+wheel)", () => this.stage.zoom(0.8)),
      button("⤢", "Fit the picture again", () => this.stage.fit()));
  }

  /** What lies under the pointer: a message before a peer, for it is the smaller. */
  #find({ clientX, clientY }) {
    const frame = this.stageBox.getBoundingClientRect();
    const [x, y] = [clientX - frame.left, clientY - frame.top];
    const flight = flightAt(this.#placed, x, y);
    if (flight) {
      return { name: `record:${this.store.branch}:${flight.flight.sent}`, text: describeFlight(flight, this.trace) };
    }
    const near = peer => {
      const place = this.stage.placeOf(peer);
      return Math.hypot(place.x - x, place.y - y) < this.stage.radius + 4;
    };
    const peer = this.trace.peers.findIndex((_, number) => near(number));
    if (peer < 0 || !this.state) return null;
    const text = describePeer(this.state, this.trace, this.index, this.links, peer);
    return { name: `peer:${this.trace.peers[peer]}`, text };
  }

  #bindPointer() {
    const { stageBox, store, tip } = this;
    const onMove = event => {
      const found = event.buttons ? null : this.#find(event);
      store.point(found?.name ?? null);
      if (found) tip.show(found.text, event);
      else tip.hide();
      stageBox.style.cursor = found ? "pointer" : "";
    };
    const onLeave = () => {
      store.point(null);
      tip.hide();
    };
    let pressed = null;
    const onDown = event => { pressed = [event.clientX, event.clientY]; };
    const onUp = event => {
      if (!pressed) return;
      const moved = Math.hypot(event.clientX - pressed[0], event.clientY - pressed[1]);
      pressed = null;
      if (moved > 4) return; // that was a drag
      const found = this.#find(event);
      if (found) this.#select(found.name);
      else store.select(null);
    };
    const onWheel = event => {
      if (!event.ctrlKey) return; // the wheel alone scrolls the notebook
      event.preventDefault();
      this.stage.zoom(Math.exp(-event.deltaY / 400));
    };
    const handlers = { pointermove: onMove, pointerleave: onLeave, pointerdown: onDown, pointerup: onUp, wheel: onWheel };
    for (const [type, handler] of Object.entries(handlers)) {
      const options = { passive: type !== "wheel", capture: type !== "pointerleave" };
      stageBox.addEventListener(type, handler, options);
      this.#stops.push(() => stageBox.removeEventListener(type, handler, options));
    }
  }

  stop() {
    for (const stop of this.#stops.reverse()) stop();
  }
}
