// The network: peers on their tips, the links between them, and the messages on their way.
//
// Four layers: vis draws links, which seldom change; a canvas over it the peers and what is in the light, with
// every event; another one the messages, with every frame; and the last one the names, which nothing may cover.
import { element } from "./dom.js";
import { drawCounts, drawCrosses, drawFlights, fitCanvas, placeFlights, pointOn } from "./flight-layer.js";
import { arrange, firstLayout, layoutsOf } from "./layouts.js";
import { summary } from "./legend.js";
import { statesBadge } from "./lens-strip.js";
import { library } from "./libraries.js";
import { drawCut, findCut } from "./network-cut.js";
import { classFinder, networkLegend } from "./network-legend.js";
import { drawBehind, drawDials, drawLinks, drawWay } from "./network-links.js";
import { NameBook } from "./network-names.js";
import { PeerOptions } from "./network-options.js";
import { drawPeers } from "./network-peers.js";
import { bindPointer } from "./network-pointer.js";
import { Scene } from "./network-scene.js";
import { Stage, dashOf } from "./network-stage.js";
import { toolbar } from "./network-tools.js";
import { PEER_COLUMNS, describeNetwork, listPeers } from "./network-words.js";
import { painter } from "./paint.js";
import { drawNames } from "./peer-names.js";
import { drawnBy } from "./share-drawn.js";
import { tableButton } from "./table.js";
import { tooltip } from "./tooltip.js";
import { zoomOf } from "./zoom.js";

const CROWD = 100; // peers from which on dots are smaller
const LINK_PAUSE = 200; // milliseconds

const isStill = () => matchMedia("(prefers-reduced-motion: reduce)").matches;

/**
 * Draws the network into `host` as soon as vis-network is there. `layout` is one of `LAYOUTS`;
 * `overlay(context, {places, radius, palette})` paints over the peers, in pixels.
 */
export function mount(host, store, { theme, layout, overlay = () => {} }) {
  host.classList.add("bl-network");
  const waiting = host.appendChild(element("p", { class: "bl-empty" }, "Loading the network…"));
  let view = null;
  let stopped = false;
  library("vis").then(vis => {
    waiting.remove();
    if (!stopped) view = new NetworkView(vis, host, store, { theme, layout, overlay });
  });
  return () => {
    stopped = true;
    view?.stop();
    host.replaceChildren();
  };
}

class NetworkView {
  #stops = [];
  #peersKey = ""; // of the peers as drawn last
  #places = null;
  #taken = []; // boxes of the partition's words, in which no name may stand
  #named = []; // names as drawn last
  #linked = 0; // when links were drawn last
  #cut = { ground: null, apart: null, curves: [] };

  constructor(vis, host, store, { theme, layout, overlay }) {
    const { trace } = store;
    Object.assign(this, { host, store, trace, theme, overlay, dots: [], isLasso: false, scene: null, box: { width: 0, height: 0 } });
    this.nextScene = new Scene(store);
    this.font = getComputedStyle(host).fontFamily;
    const remembered = layout ?? store.memory.get("network:layout");
    this.layout = layoutsOf(trace).includes(remembered) ? remembered : firstLayout(trace);
    this.#build(vis);
    this.paint = painter(host, store, () => this.#draw());
    const resize = new ResizeObserver(entries => {
      const { width, height } = entries.at(-1).contentRect; // asked for with every frame it would cost a layout
      this.box = { width: Math.floor(width), height: Math.floor(height) };
      this.paint.request();
    });
    resize.observe(this.stageBox);
    this.#stops.push(() => this.paint.stop(), () => resize.disconnect(), theme.subscribe(() => this.paint.request()));
    this.#arrange(false);
  }

  #build(vis) {
    const { host, store, trace, nextScene } = this;
    this.states = statesBadge(store);
    this.tools = toolbar(trace, {
      layout: this.layout, onLayout: name => this.setLayout(name), onLasso: () => this.#setLasso(!this.isLasso),
      onZoom: factor => this.stage.zoom(factor), onFit: () => this.stage.fit(), states: this.states.root,
    });
    const [links, list] = [element("div", { class: "bl-links" }), element("div", {
      class: "bl-peers", role: "listbox", "aria-label": "Peers", "aria-multiselectable": "true",
    })];
    [this.peerCanvas, this.flightCanvas, this.nameCanvas] = [0, 1, 2].map(() => element("canvas", { "aria-hidden": "true" }));
    this.stageBox = element("div", { class: "bl-stage" }, links, this.peerCanvas, this.flightCanvas, this.nameCanvas, list);
    drawnBy(this.peerCanvas, context => this.scene && this.#paintPeers(context, this.scene));
    drawnBy(this.flightCanvas, context => this.scene && this.#paintFlights(context, this.scene));
    drawnBy(this.nameCanvas, context => this.scene && this.#paintNames(context, this.scene));
    this.legend = networkLegend(nextScene.shapes, { isWalled: trace.firewalls.some(Boolean), isBehind: trace.behind.some(gateway => gateway >= 0) });
    this.findClasses = classFinder(trace);
    host.append(this.tools.root, this.stageBox, this.legend.root);
    this.summary = summary(host, "Network");
    this.stage = new Stage(vis, links, () => this.paint.request());
    this.names = new NameBook(trace, this.font);
    const choose = peer => {
      const name = `peer:${trace.peers[peer]}`;
      store.select(store.selection === name ? null : name);
    };
    this.options = new PeerOptions(list, trace, choose);
    this.table = tableButton(host, store, { title: "Peers", columns: PEER_COLUMNS, rows: () => listPeers(nextScene.update()) });
    const unbind = bindPointer(this, this.stageBox, list, store, tooltip(this.stageBox));
    this.#stops.push(unbind, () => this.table.stop(), () => this.options.stop(), () => this.summary.stop(), () => this.stage.destroy());
  }

  /** Let everybody go where another layout wants them. */
  setLayout(name) {
    this.layout = name;
    this.store.memory.set("network:layout", name);
    this.#arrange(!isStill());
  }

  async #arrange(isGliding) {
    const wanted = this.layout;
    this.host.classList.toggle("bl-settling", wanted === "spring"); // the only one that takes its time
    const arrangement = await arrange(wanted, this.trace, () => this.layout === wanted && !this.isStopped);
    if (!arrangement || this.layout !== wanted || this.isStopped) return;
    this.host.classList.remove("bl-settling");
    this.stage.arrange(arrangement, isGliding);
    this.arranged = wanted;
    this.paint.request();
  }

  #setLasso(isOn) {
    this.isLasso = isOn;
    this.tools.setLasso(isOn);
    this.stageBox.classList.toggle("bl-drawing", isOn);
  }

  /** One line was drawn: the pointer pans again. */
  endLasso() {
    this.#setLasso(false);
  }

  #draw() {
    const { stage } = this;
    const scene = this.nextScene.update();
    this.#describe(scene);
    if (!stage.resize(this.box)) return;
    this.scene = scene;
    if (stage.tick()) this.paint.request();
    else this.host.dataset.layout = this.arranged; // everybody is there
    this.#drawLinks(scene.links);
    this.stageBox.classList.toggle("bl-lit", scene.light !== null);
    this.#drawPeers(scene);
    this.#drawFlights(scene);
  }

  // vis takes a frame and a half for thousands of links: while a crowd connects, they follow five times a second.
  #drawLinks(links) {
    const { store, trace, stage, theme: { palette } } = this;
    const now = performance.now();
    if (store.playing && trace.peers.length > CROWD && now - this.#linked < LINK_PAUSE) return;
    this.#linked = now;
    stage.setLinks(links, palette);
  }

  #describe(scene) {
    const { index, fills, standing, links, recent, state, flying, sight } = scene;
    const ranked = standing.map(([tip, count]) => [index.nameOf(tip), fills.get(tip), count]);
    const states = new Set(Array.from(links.values(), link => link.state));
    this.legend.update(ranked, states, {
      off: sight ? sight.knowledge.off : state.off.includes(true), lost: recent.lost.length > 0, failed: recent.failed.length > 0,
      classes: this.findClasses(),
    });
    this.states.update();
    this.summary.set(describeNetwork(scene, standing, flying.length));
  }

  #drawFlights(scene) {
    this.#paintFlights(fitCanvas(this.flightCanvas, this.box.width, this.box.height), scene);
    this.host.dataset.dots = scene.flying.length;
  }

  #paintFlights(context, { flying, recent, light }) {
    const { stage, theme: { palette } } = this;
    const { places } = stage;
    const rim = stage.radius + 2;
    const isCrowd = places.length > CROWD;
    const failed = drawDials(context, recent.failed, places, rim, palette);
    this.dots = placeFlights(flying, places, rim, isCrowd);
    const isMeant = dot => dot.flights.some(light?.isMessage ?? (() => false));
    const isFaded = dot => light !== null && !isMeant(dot);
    drawFlights(context, this.dots, palette, isFaded, dot => light?.way && isMeant(dot));
    const lost = recent.lost.map(({ source, target, part, age }) => ({ ...pointOn(places[source], places[target], part, rim), alpha: 1 - age }));
    drawCrosses(context, [...failed, ...lost], palette);
    drawCounts(context, this.dots, palette, this.font, { isFaded, names: this.#named });
    this.overlay(context, { places, radius: stage.radius, palette });
  }

  #drawPeers(scene) {
    const { stage, store, theme: { palette }, box } = this;
    const { places } = stage;
    const key = JSON.stringify([scene.rows, scene.trace.epoch, store.selection, store.hover, store.lens, palette.name, box, devicePixelRatio * zoomOf(this.peerCanvas)]);
    if (key === this.#peersKey && places === this.#places) return;
    this.#peersKey = key;
    this.#places = places;
    this.#paintPeers(fitCanvas(this.peerCanvas, box.width, box.height), scene);
    this.#paintNames(fitCanvas(this.nameCanvas, box.width, box.height), scene);
    this.options.update(scene, scene.chosen, places, stage.radius);
  }

  #paintPeers(context, scene) {
    const { stage, theme: { palette }, box, font } = this;
    const { places } = stage;
    const looks = scene.getLooks();
    const { light, links, trace } = scene;
    drawBehind(context, scene.behind, places, palette, peer => looks[peer].faded);
    if (light) drawLinks(context, [...light.links].map(key => links.get(key)).filter(Boolean), places, palette, dashOf);
    if (light?.way) drawWay(context, light.way, trace.record(light.way.sent).facts, places, stage.radius + 2, palette);
    this.#taken = stage.isAtRest ? drawCut(context, this.#findCut(scene, box), places, palette, font, box) : [];
    drawPeers(context, looks, places, stage.radius, palette);
  }

  #paintNames(context, scene) {
    const { stage, theme: { palette }, box, font } = this;
    const looks = scene.getLooks();
    this.#named = stage.isAtRest ? this.names.place(scene, looks, stage, box, this.#taken) : [];
    drawNames(context, this.#named, peer => looks[peer].faded, palette, font);
  }

  /** The partition's line; computed anew when somebody moves, not when the picture does. */
  #findCut({ state: { apart } }, { width, height }) {
    if (!apart || this.scene.sight) return []; // who is cut off sees silence, not a line
    const { stage } = this;
    const { ground } = stage;
    if (this.#cut.ground !== ground || this.#cut.apart !== apart) {
      const room = { left: -width, top: -height, right: width, bottom: height }; // more than is seen, for who drags
      this.#cut = { ground, apart, curves: findCut(ground, apart, room) };
    }
    return this.#cut.curves.map(curve => stage.toPixels(curve));
  }

  stop() {
    this.isStopped = true;
    for (const stop of this.#stops.reverse()) stop();
  }
}
