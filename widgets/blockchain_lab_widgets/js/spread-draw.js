// The propagation tree as a picture: a row for each peer, time to the right. Made anew only when something else spread.
import { formatTime } from "./describe.js";
import { svg } from "./dom.js";
import { findTicks } from "./lanes-data.js";
import { findPercentiles, orderTree } from "./spread-model.js";
import { tellReceipt } from "./spread-words.js";

const LOW = 24; // pixels of a row, at least
const HIGH = 44; // and at most
const TOP = 34; // for the axis and the shares' names
const BOTTOM = 8;
const NAMES = 92; // for the peers' names
const RIGHT = 74; // for the last one's time
const DOT = 5;
const INDENT = 7; // of a name, for each peer it came through
const DEEPEST = 5;
const MOST_WORDS = 400; // announcements drawn
const MOST_LETTERS = 12;
const BLANK = " "; // between two texts of a mark, for those who hear them

/** More peers than these are not drawn; the line below says so. */
export const MOST_PEERS = 300;

/** The time axis: µs -> pixels. */
export class TimeAxis {
  constructor({ start, end }, width) {
    const room = Math.max(120, width - NAMES - RIGHT);
    Object.assign(this, { start, end: Math.max(end, start + 1), left: NAMES, right: NAMES + room });
  }

  /** Where a moment stands; what was before the start stands on it. */
  x(at) {
    const part = (Math.max(this.start, Math.min(at, this.end)) - this.start) / (this.end - this.start);
    return this.left + part * (this.right - this.left);
  }
}

/**
 * @param {Spread} spread
 * @param {{peers: string[], columns, nameOf: (row: number) => string, width: number, height: number}} options `nameOf` names
 *   a record; the picture is as high as it must be, and rows spread out when there is room
 * @returns {{root: Element, axis: TimeAxis, hidden: number}} each mark carries `data-name` and `data-event`
 */
export function drawSpread(spread, { peers, columns, nameOf, width, height: room }) {
  const axis = new TimeAxis(spread, width);
  const tree = orderTree(spread);
  const shown = tree.slice(0, MOST_PEERS);
  const known = new Set(tree.map(({ host }) => host));
  const late = [...spread.headersOnly.map(({ host }) => host), ...spread.never].filter(host => !known.has(host));
  const rest = late.slice(0, MOST_PEERS - shown.length);
  const hosts = [...shown.map(({ host }) => host), ...rest];
  const row = Math.max(LOW, Math.min(HIGH, Math.floor((room - TOP - BOTTOM) / hosts.length)));
  const places = new Map(hosts.map((host, i) => [host, TOP + row * (i + 0.5)]));
  const context = { axis, places, row, peers, columns, nameOf, spread };
  const height = TOP + row * places.size + BOTTOM;
  const root = svg("svg", { width, height, role: "group", "aria-label": "Propagation tree" },
    drawAxis(context, height), drawWords(context), ...shown.map(each => drawEdge(context, each)),
    ...shown.map(each => drawPeer(context, each)), ...rest.map(host => drawLeftOut(context, host)));
  return { root, axis, hidden: tree.length + late.length - places.size };
}

function drawAxis({ axis, spread, peers }, height) {
  const { start, end } = axis;
  const ticks = findTicks({ from: 0, to: end - start }, Math.max(2, (axis.right - axis.left) / 110));
  const group = svg("g", { class: "bl-axis" });
  for (const tick of ticks) {
    const x = axis.x(start + tick);
    group.append(svg("line", { class: "bl-tick", x1: x, x2: x, y1: TOP - 4, y2: height }));
    group.append(svg("text", { x, y: 12, "text-anchor": "middle" }, tick === 0 ? formatTime(start) : `+${Number((tick / 1e6).toPrecision(3))} s`));
  }
  let free = Infinity; // names that would touch are left out: the line below the picture has them all
  for (const { share, wait } of findPercentiles(spread, peers.length).reverse()) {
    if (wait === null) continue;
    const x = axis.x(start + wait);
    group.append(svg("line", { class: "bl-share", x1: x, x2: x, y1: TOP - 6, y2: height }));
    if (x < free) group.append(svg("text", { x, y: 27, "text-anchor": "middle" }, share === 1 ? "all" : `${share * 100} %`));
    free = Math.min(free, x - 34);
  }
  group.append(svg("line", { class: "bl-clock", x1: 0, x2: 0, y1: TOP - 8, y2: height }));
  return group;
}

/** Announcements, faint: those that led to nothing are dashed. */
function drawWords({ axis, places, spread, columns }) {
  const group = svg("g", { class: "bl-words-lines" });
  for (const { sent, row, from, to, isUsed } of spread.words.slice(0, MOST_WORDS)) {
    if (sent < 0 || !places.has(from) || !places.has(to)) continue;
    const ends = { x1: axis.x(columns.at[sent]), y1: places.get(from), x2: axis.x(columns.at[row]), y2: places.get(to) };
    group.append(svg("line", { ...ends, class: isUsed ? "bl-used" : "bl-unused", "data-event": columns.event[row] }));
  }
  return group;
}

/** From the sender, at the moment of sending, to the receiver, at the moment of arrival. */
function drawEdge({ axis, places, columns }, { host, receipt }) {
  if (!receipt || receipt.from < 0 || !places.has(receipt.from)) return "";
  const ends = {
    x1: axis.x(columns.at[receipt.sent]), y1: places.get(receipt.from),
    x2: axis.x(columns.at[receipt.row]), y2: places.get(host),
  };
  return svg("line", { ...ends, class: "bl-edge", "data-event": columns.event[receipt.row] });
}

function drawName({ places, peers }, host, depth) {
  const name = peers[host];
  const short = name.length > MOST_LETTERS ? `${name.slice(0, MOST_LETTERS - 1)}…` : name;
  return svg("text", { class: "bl-host", x: 10 + INDENT * Math.min(depth, DEEPEST), y: places.get(host) + 4 }, short);
}

function drawPeer(context, { host, depth, receipt }) {
  const { axis, places, row, peers, columns, nameOf, spread } = context;
  const y = places.get(host);
  const from = receipt ? axis.x(receipt.at) : axis.left;
  const group = svg("g", {
    class: "bl-receipt", tabindex: "-1", role: "button", "data-host": host,
    "data-name": receipt ? nameOf(receipt.row) : `peer:${peers[host]}`, "data-event": receipt ? columns.event[receipt.accepted] : 0,
    "aria-label": receipt ? tellReceipt(receipt, spread, peers) : `${peers[host]}, ${spread.before.includes(host) ? "from before: had it already" : "has it: passed it on"}`,
  });
  group.append(svg("rect", { class: "bl-touch", x: 0, y: y - row / 2, width: axis.right + RIGHT, height: row }));
  group.append(drawName(context, host, depth), BLANK);
  group.append(svg("line", { class: "bl-has", x1: from, x2: axis.right, y1: y, y2: y }));
  if (receipt?.header) {
    const x = axis.x(receipt.header.at);
    group.append(svg("line", { class: "bl-header-line", x1: x, x2: from, y1: y, y2: y }));
    group.append(svg("circle", { class: "bl-header", cx: x, cy: y, r: DOT - 1 }));
  }
  group.append(svg("circle", { class: "bl-halo", cx: from, cy: y, r: DOT + 3.5 }), svg("circle", { class: "bl-full", cx: from, cy: y, r: DOT }));
  const words = !receipt ? (spread.before.includes(host) ? "from before" : "has it") : receipt.at > spread.start ? `+${formatTime(receipt.at - spread.start)}` : receipt.from < 0 ? "made it" : "";
  group.append(svg("text", { class: "bl-after", x: from + DOT + 5, y: y - 3 }, words));
  return group;
}

/** A peer that got the header at most. */
function drawLeftOut(context, host) {
  const { axis, places, row, peers, columns, nameOf, spread } = context;
  const y = places.get(host);
  const header = spread.headersOnly.find(each => each.host === host) ?? null;
  const words = header ? "only the header" : "never heard of it";
  const group = svg("g", {
    class: "bl-receipt", tabindex: "-1", role: "button", "data-host": host, "data-name": header ? nameOf(header.row) : `peer:${peers[host]}`,
    "data-event": header ? columns.event[header.row] : 0, "aria-label": `${peers[host]}: ${words}`,
  }, svg("rect", { class: "bl-touch", x: 0, y: y - row / 2, width: axis.right + RIGHT, height: row }), drawName(context, host, 0), BLANK);
  const x = header ? axis.x(header.at) : axis.left;
  if (header) group.append(svg("circle", { class: "bl-halo", cx: x, cy: y, r: DOT + 2.5 }), svg("circle", { class: "bl-header", cx: x, cy: y, r: DOT - 1 }));
  group.append(svg("text", { class: "bl-after", x: x + DOT + 5, y: y + 4 }, words));
  return group;
}
