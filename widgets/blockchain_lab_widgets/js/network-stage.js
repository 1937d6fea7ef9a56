// vis-network on a fixed layout: nodes and links in, places in pixels out. The only module that knows vis.
import { tipColour } from "./palette.js";

const MARGIN = { left: 44, right: 44, top: 56, bottom: 56 }; // room for names over and under the nodes
const FURTHEST = { scale: 4, least: 0.25 };
const NODE_RADIUS = 14;
const SMALL_RADIUS = 7;
const MANY = 24; // peers from which on nodes are small, and only the tooltip names them

/**
 * Places for all peers in a box of this size, centre at 0, 0: the scenario's layout stretched to fill it.
 *
 * @param {number[][]} layout [x, y] in any unit
 */
export function fitLayout(layout, width, height) {
  const spread = axis => {
    const values = layout.map(place => place[axis]);
    const [low, high] = [Math.min(...values), Math.max(...values)];
    return { middle: (low + high) / 2, range: high - low };
  };
  if (!layout.length) return [];
  const [horizontal, vertical] = [spread(0), spread(1)];
  const inner = {
    x: Math.max(40, width - MARGIN.left - MARGIN.right),
    y: Math.max(40, height - MARGIN.top - MARGIN.bottom),
  };
  const shift = { x: (MARGIN.left - MARGIN.right) / 2, y: (MARGIN.top - MARGIN.bottom) / 2 };
  return layout.map(([x, y]) => ({
    x: Math.round(horizontal.range ? ((x - horizontal.middle) / horizontal.range) * inner.x + shift.x : shift.x),
    y: Math.round(vertical.range ? ((y - vertical.middle) / vertical.range) * inner.y + shift.y : shift.y),
  }));
}

/** How a peer's node looks. Fill = tip, shape = role, outline = selection, dash = off. */
function nodeLook({ shape, fill, off, selected, hovered }, palette, small) {
  const border = selected ? palette.selection : palette.edge;
  const background = off ? palette.paper : tipColour(palette, fill);
  return {
    shape, size: (small ? SMALL_RADIUS : NODE_RADIUS) * (shape === "diamond" ? 1.15 : shape === "square" ? 0.9 : 1),
    borderWidth: selected ? 4 : hovered ? 3 : 1.5, color: { background, border },
    shapeProperties: { borderDashes: off ? [4, 3] : false },
  };
}

/** A vis network inside `host`. `paint` is called whenever vis has drawn. */
export class Stage {
  #places = [];
  #size = "";
  #own = false; // the reader zoomed or dragged, so we no longer fit

  constructor(vis, host, count, onDrawn) {
    this.host = host;
    this.small = count > MANY;
    this.nodes = new vis.DataSet();
    this.edges = new vis.DataSet();
    this.network = new vis.Network(host, { nodes: this.nodes, edges: this.edges }, {
      physics: false, autoResize: false,
      interaction: { zoomView: false, selectConnectedEdges: false, hover: false, keyboard: false }, // wheel: the page's
      edges: { smooth: false, chosen: false, width: 1.5 },
      nodes: { chosen: false },
    });
    this.network.on("afterDrawing", onDrawn);
    this.network.on("dragEnd", () => { this.#own = true; });
  }

  /** Fit into the host's present size, unless the reader has moved the picture. False while it has none. */
  resize(layout) {
    const { clientWidth: width, clientHeight: height } = this.host;
    if (!width || !height) return false;
    if (this.#size === `${width}x${height}`) return true;
    this.#size = `${width}x${height}`;
    this.network.setSize(`${width}px`, `${height}px`);
    this.#places = fitLayout(layout, width, height);
    if (!this.#own) this.fit();
    return true;
  }

  /** Everybody back to the scenario's places, at the scale at which type has its size. */
  fit() {
    this.#own = false;
    this.nodes.update(this.#places.map((place, id) => ({ id, ...place })));
    this.network.moveTo({ position: { x: 0, y: 0 }, scale: 1 });
  }

  /** Zoom by a factor, within limits. */
  zoom(factor) {
    this.#own = true;
    const scale = Math.max(FURTHEST.least, Math.min(FURTHEST.scale, this.network.getScale() * factor));
    this.network.moveTo({ scale });
  }

  /** @param {object[]} looks one per peer; @param {Map} links of `getLinks` */
  update(looks, links, palette) {
    this.nodes.update(looks.map((look, id) => ({ id, ...this.#places[id], ...nodeLook(look, palette, this.small) })));
    const gone = this.edges.getIds().filter(id => !links.has(id));
    if (gone.length) this.edges.remove(gone);
    this.edges.update([...links].map(([id, { a, b, reachable }]) => ({
      id, from: a, to: b, dashes: reachable ? false : [5, 5],
      color: { color: palette.edge, opacity: reachable ? 0.8 : 0.6 },
    })));
  }

  /** The radius of a node at the present zoom, in pixels. */
  get radius() {
    return (this.small ? SMALL_RADIUS : NODE_RADIUS) * this.network.getScale();
  }

  /** Where a peer is, in pixels from the host's top left corner. */
  placeOf(peer) {
    return this.network.canvasToDOM(this.network.getPosition(peer));
  }

  destroy() {
    this.network.destroy();
  }
}
