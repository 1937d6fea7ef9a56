// A pool as a picture: bars as high as their transactions are large, and the line at one block's worth.
import { formatCount } from "./describe.js";
import { svg } from "./dom.js";
import { nameOfTx } from "./messages-at.js";
import { BLOCK_SIZE, rateOf, strengthOf } from "./mempool-layout.js";
import { formatRate, tellPeers, tellRates, tellRow, unitsOf } from "./mempool-words.js";

const LEFT = 8;
const NOTCH = 4; // of a transaction with a rival
const LETTER = 6.4; // pixels of a letter of 12 px, about
const LABELLED = 11; // pixels that a row needs for its text
const DOT = " · ";
const BLANK = " "; // between two texts of a mark, for those who hear them

/** The width of the bars in a column of that width. */
export function barWidth(width) {
  return Math.round(Math.max(28, Math.min(200, width * 0.28)));
}

/**
 * @param {object} pool `rows` of `stackRows`, `line` of `placeBlock` or null, `isRival(txid)`, `holders(txid)` hosts, `isAlone`: who else has what is not told, `peers`
 * @returns {{root: Element, marks: Map<Element, {stays: Stay[]}>}} the picture, and which mark stands for whom
 */
export function drawPool(pool, { host, width, height }) {
  const root = svg("svg", { width, height, role: "group", "aria-label": `Mempool of ${pool.peers[host]}, satoshi per virtual byte first` });
  const marks = new Map();
  for (const row of pool.rows) {
    const mark = drawRow(pool, row, host, width);
    marks.set(mark, row);
    root.append(mark);
  }
  if (pool.line) root.append(drawLine(pool.line, width));
  return { root, marks };
}

function drawRow({ isRival, holders, isAlone, peers }, row, host, width) {
  const { stays, y, height } = row;
  const bar = barWidth(width);
  const hasRival = stays.some(({ txid }) => isRival(txid));
  const words = tellRow(row, hasRival);
  const hosts = holders(stays[0].txid);
  const parts = describeParts(row, isAlone ? null : hosts, peers);
  const tip = stays.length > 1 ? `${words}\npress to look in` : `${words}\nwaits at ${tellPeers(hosts, peers)}\n${stays[0].txid}`;
  const mark = svg("g", {
    class: "bl-waiting", tabindex: "-1", role: "button", "aria-label": `${parts.join(DOT)}${hasRival ? `${DOT}another one takes its ${unitsOf(stays).claim}` : ""}`, "data-tip": tip, "data-host": host,
    "data-name": `tx:${stays[0].txid}`, "data-count": stays.length,
  });
  const shape = svg("rect", { class: "bl-bar", x: LEFT, y, width: bar, height: Math.max(1, height - 1) });
  shape.style.setProperty("--bl-strength", `${Math.round(12 + 68 * strengthOf(rateOf(stays[0])))}%`);
  mark.append(svg("rect", { class: "bl-touch", x: 0, y, width, height }), shape);
  if (stays.length > 1) mark.append(drawSeams(row, bar));
  if (hasRival) mark.append(svg("rect", { class: "bl-rival", x: LEFT, y: y + 0.5, width: NOTCH, height: Math.max(1, height - 2) }));
  if (height >= LABELLED) {
    const text = fitParts(parts, (width - LEFT - bar - 12) / LETTER);
    mark.append(svg("text", { x: LEFT + bar + 7, y: y + Math.min(height, 34) / 2 + 4 }, text), BLANK);
  }
  return mark;
}

/** A bundle's bar is cut into strips: a few, whatever their number. */
function drawSeams({ stays, y, height }, bar) {
  const strips = Math.min(stays.length, Math.max(2, Math.min(4, Math.floor(height / 5))));
  const group = svg("g", { class: "bl-seams" });
  for (let at = 1; at < strips; at++) {
    const level = y + (height * at) / strips;
    group.append(svg("line", { x1: LEFT, x2: LEFT + bar, y1: level, y2: level }));
  }
  return group;
}

/** What a mark says, the rate first: its name is all of it, its label as much of it as there is room for. */
function describeParts({ stays, size }, hosts, peers) {
  const [first] = stays;
  const { size: unit, fee } = unitsOf(stays);
  if (stays.length > 1) return [tellRates(stays), `${formatCount(stays.length)} tx`, `${formatCount(size)} ${unit}`];
  const where = hosts === null ? [] : [`at ${formatCount(hosts.length)} of ${formatCount(peers.length)} peers`];
  return [formatRate(rateOf(first)), nameOfTx(first.txid), `${formatCount(size)} ${unit}`, `${formatCount(first.fee)} ${fee}`, ...where];
}

function fitParts([first, ...rest], letters) {
  let text = first;
  for (const part of rest) {
    if (text.length + DOT.length + part.length > letters) break;
    text += DOT + part;
  }
  return text;
}

function drawLine({ y, isBroken }, width) {
  const group = svg("g", { class: "bl-block-line" });
  const middle = LEFT + barWidth(width) / 2;
  if (isBroken) group.append(svg("path", { d: `M${middle} ${y - 16}v3l-5 2 10 3 -5 2v3`, class: "bl-break" }));
  group.append(svg("line", { x1: 0, x2: width, y1: y, y2: y }));
  const full = width > 190 ? `one block: ${formatCount(BLOCK_SIZE)} vB` : "one block";
  group.append(svg("text", { x: width - 6, y: y - 4, "text-anchor": "end" }, full));
  return group;
}
