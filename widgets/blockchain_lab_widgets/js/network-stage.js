// vis-network holds the graph: its links, where peers stand, what part of it is seen. The only module that knows vis.
// What changes with every event (the peers' looks, the messages) is painted over it: vis draws all or nothing.
import { CONTINENTS, ISLANDS } from "./continents.js";
import { DIALLING, HALF, OPEN, PARTED } from "./network-fold.js";
import { findGap, fit } from "./layouts.js";
import { drawnBy } from "./share-drawn.js";
import { UNSEEN } from "./lens-sight.js";
import { zoomOf } from "./zoom.js";

const FURTHEST = { scale: 6, least: 0.25 };
const RADIUS = { most: 14, least: 2.5 }; // pixels
const CROWD = 300; // peers from which on links are left out while peers move
const GLIDE = 450; // milliseconds from one layout to the next
const DASHES = { [OPEN]: false, [HALF]: [1.5, 4], [DIALLING]: [1.5, 4], [PARTED]: [6, 5], [UNSEEN]: [1.5, 6] };
const GHOST = 0.45; // times that, of a link that the peer under the lens does not know
const MANY_LINKS = 60; // links from which on each is drawn thinner and fainter

/** How a link in each state is dashed, for whoever draws one over it. */
export function dashOf(state) {
  return DASHES[state] || [];
}

/** How strong links are drawn when there are so many of them. */
function strengthOf(links) {
  const part = Math.min(1, MANY_LINKS / links);
  return { opacity: 0.8 * Math.sqrt(part), width: 1 + 0.5 * part };
}

/** A vis network inside `host`. */
export class Stage {
  #arrangement = null; // what `arrange` gave
  #toBox = null;
  #from = null; // while gliding: where everybody was
  #to = [];
  #now = []; // {x, y} in the graph's unit, centre at 0, 0
  #started = 0;
  #size = { width: 0, height: 0 };
  #view = "";
  #seen = null; // places in pixels, until somebody moves
  #own = false; // the reader zoomed or dragged, so we no longer fit
  #links = new Map(); // as vis has them: key -> state
  #width = 1.5; // of links in pixels
  #scaled = 1.5; // in the graph's unit
  #shown = null; // the links of the last call
  #isPart = false; // of those, are some unseen?

  /** @param {() => void} onMoved what is seen has moved: paint over it anew */
  constructor(vis, host, onMoved) {
    Object.assign(this, { host, palette: null, radiusAtOne: RADIUS.most });
    this.nodes = new vis.DataSet();
    this.edges = new vis.DataSet();
    this.network = new vis.Network(host, { nodes: this.nodes, edges: this.edges }, {
      physics: false, autoResize: false,
      interaction: { zoomView: false, dragNodes: false, selectable: false, hover: false, keyboard: false }, // wheel: the page's
      edges: { smooth: false, chosen: false, width: 1.5 },
      nodes: { chosen: false, shape: "dot", size: 0.1, borderWidth: 0, color: "transparent" },
    });
    this.#measureZoom();
    drawnBy(host.querySelector("canvas"), context => this.#paint(context));
    host.querySelector(".vis-network").tabIndex = -1; // vis makes it a tab stop without a name: the peers' list is ours
    this.network.on("beforeDrawing", context => this.#drawMap(context));
    this.network.on("afterDrawing", () => {
      const { x, y } = this.network.getViewPosition();
      const view = `${x}/${y}/${this.network.getScale()}`;
      if (view === this.#view) return;
      this.#view = view;
      this.#seen = null;
      onMoved();
    });
    this.network.on("dragEnd", () => { this.#own = true; });
  }

  // vis knows the screen's pixels but not how much a presentation enlarges the page.
  #measureZoom() {
    const { canvas, interactionHandler: pointer } = this.network;
    const [ratio, place] = [canvas._determinePixelRatio, pointer.getPointer];
    canvas._determinePixelRatio = () => ratio.call(canvas) * zoomOf(this.host);
    pointer.getPointer = touch => {
      const { x, y } = place.call(pointer, touch);
      return { x: x / zoomOf(this.host), y: y / zoomOf(this.host) };
    };
  }

  /** Let everybody go to other places: at once, or gliding through the next calls of `tick`. */
  arrange(arrangement, isGliding) {
    this.#arrangement = arrangement;
    this.#own = false;
    if (this.#size.width) this.#fit(isGliding);
  }

  /** Take a size in pixels. False while there is nothing to show, or no room for it. */
  resize({ width, height }) {
    if (!width || !height || !this.#arrangement) return false;
    if (this.#size.width === width && this.#size.height === height) return true;
    this.#size = { width, height };
    this.network.setSize(`${width}px`, `${height}px`);
    this.#fit(false);
    return true;
  }

  #fit(isGliding) {
    const { places, toBox } = fit(this.#arrangement, this.#size.width, this.#size.height);
    Object.assign(this, { radiusAtOne: Math.max(RADIUS.least, Math.min(RADIUS.most, findGap(places) * 0.36)) });
    this.#toBox = this.#arrangement.frame ? toBox : null;
    this.#to = places;
    this.#from = isGliding && this.#now.length ? this.#now : null;
    this.#started = performance.now();
    if (!this.#from) this.#place(places);
    if (!this.#own) this.fit();
  }

  /** Move on towards the present layout. True while it is not reached. */
  tick(now = performance.now()) {
    if (!this.#from) return false;
    const part = Math.min(1, (now - this.#started) / GLIDE);
    const eased = part < 0.5 ? 4 * part ** 3 : 1 - (2 - 2 * part) ** 3 / 2;
    const from = this.#from;
    const mix = (a, b) => a + (b - a) * eased;
    this.#place(this.#to.map((to, peer) => ({ x: mix(from[peer].x, to.x), y: mix(from[peer].y, to.y) })), part < 1);
    if (part === 1) this.#from = null;
    return part < 1;
  }

  #place(places, isOnTheWay = false) {
    this.#now = places;
    this.#seen = null;
    const hidden = isOnTheWay && places.length > CROWD;
    this.host.style.visibility = hidden ? "hidden" : "";
    if (!hidden) this.nodes.update(places.map(({ x, y }, id) => ({ id, x, y })));
  }

  /** Everybody back into the picture, at the scale at which it was made. */
  fit() {
    this.#own = false;
    this.network.moveTo({ position: { x: 0, y: 0 }, scale: 1 });
    this.#setWidth(this.#width);
  }

  /** Zoom by a factor, within limits. */
  zoom(factor) {
    this.#own = true;
    const scale = Math.max(FURTHEST.least, Math.min(FURTHEST.scale, this.network.getScale() * factor));
    this.network.moveTo({ scale });
    this.#setWidth(this.#width);
  }

  // vis would draw thicker lines in a larger picture.
  #setWidth(width) {
    this.#width = width;
    const scaled = width / this.network.getScale();
    if (scaled !== this.#scaled) this.network.setOptions({ edges: { width: scaled } });
    this.#scaled = scaled;
  }

  /** @param {Map<string, {a, b, state}>} links of `getLinks` */
  setLinks(links, palette) {
    if (links === this.#shown && this.palette === palette) return;
    const seen = [...links.values()].filter(({ state }) => state !== UNSEEN).length;
    const isPart = seen < links.size; // of the links: a lens is on
    const isRecoloured = this.palette !== palette || this.#isPart !== isPart;
    this.#shown = links;
    this.#isPart = isPart;
    this.palette = palette;
    const gone = [...this.#links.keys()].filter(key => !links.has(key));
    if (gone.length) this.edges.remove(gone);
    const changed = [...links].filter(([key, { state }]) => isRecoloured || this.#links.get(key) !== state);
    if (changed.length) {
      const { opacity, width } = strengthOf(seen);
      this.#setWidth(width);
      this.edges.update(changed.map(([id, { a, b, state }]) => ({
        id, from: a, to: b, dashes: DASHES[state], color: { color: palette.edge, opacity: state === UNSEEN ? GHOST * opacity : opacity }, hidden: state === UNSEEN && links.size > MANY_LINKS,
      })));
    }
    this.#links = new Map([...links].map(([key, { state }]) => [key, state]));
    if (isRecoloured) this.network.redraw();
  }

  /** What vis shows, once more and in pixels: the map and the links. */
  #paint(context) {
    this.#drawMap(context, points => this.toPixels(points));
    for (const { from, to, dashes, color } of this.edges.get()) {
      Object.assign(context, { strokeStyle: color.color, globalAlpha: color.opacity, lineWidth: this.#width });
      context.setLineDash(dashes || []);
      context.beginPath();
      context.moveTo(this.places[from].x, this.places[from].y);
      context.lineTo(this.places[to].x, this.places[to].y);
      context.stroke();
    }
    context.setLineDash([]);
    context.globalAlpha = 1;
  }

  #drawMap(context, place = points => points) {
    if (!this.#toBox || !this.palette) return;
    const draw = outlines => {
      context.beginPath();
      for (const outline of outlines) {
        place(outline.map(this.#toBox)).forEach(({ x, y }, i) => context[i ? "lineTo" : "moveTo"](x, y));
        context.closePath();
      }
      context.fill("nonzero");
      context.stroke();
    };
    Object.assign(context, {
      fillStyle: this.palette.full, strokeStyle: this.palette.edge, lineWidth: 1, lineJoin: "round", globalAlpha: 0.4,
    });
    draw(Object.values(CONTINENTS).map(({ outline }) => outline));
    draw(ISLANDS);
    context.globalAlpha = 1;
  }

  /** Is everybody where the layout wants them? */
  get isAtRest() {
    return this.#from === null;
  }

  /** The radius of a peer at the present zoom, in pixels: it grows more slowly than the picture. */
  get radius() {
    return Math.min(RADIUS.most * 1.5, this.radiusAtOne * Math.sqrt(this.network.getScale()));
  }

  /** Where peers are in the graph's own unit: a pixel unless zoomed, centre at 0, 0. The same list until they move. */
  get ground() {
    return this.#now;
  }

  /** Points of the ground in pixels from the host's top left corner. */
  toPixels(points) {
    const origin = this.network.canvasToDOM({ x: 0, y: 0 });
    const scale = this.network.getScale();
    return points.map(({ x, y }) => ({ x: origin.x + x * scale, y: origin.y + y * scale }));
  }

  /** Where peers are, in pixels. The same list until something moves. */
  get places() {
    this.#seen ??= this.toPixels(this.#now);
    return this.#seen;
  }

  destroy() {
    this.network.destroy();
  }
}
