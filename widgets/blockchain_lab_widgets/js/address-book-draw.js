// A book as a picture: slots for connections, two tables of buckets, and what happened last.
import { formatCount } from "./describe.js";
import { element, svg } from "./dom.js";
import { I2P, IPV6, ONION } from "./address-book-groups.js";
import { BUNDLES, NAMES, countColumns, countRanks, placeTicks, sizeCell } from "./address-book-layout.js";
import { INBOUND, isOpen } from "./address-book-lines.js";
import { KINDS, TITLES, callAddress, countAddresses, nameOfAddress, tellBundle, tellCell, tellMarks, tellSlots, tellTable, tellTip, tellWho } from "./address-book-words.js";
import { MOST_GROUPS } from "./palette.js";

const SHAPES = { // 12 x 12
  [IPV6]: "M6 1a5 5 0 1 0 .01 0z", [ONION]: "M6 .5 11.5 6 6 11.5.5 6z", [I2P]: "M6 1 11.2 10.5H.8z",
};
const SQUARE = "M1.5 1.5h9v9h-9z";
const SIGNS = [null, "M3 6h6", "M6 3v6", "M4.5 4.5h3v3h-3z"]; // by rank, so that no group is told by colour alone
const STRIP = { height: 12, least: 4, tick: 2 };
const SHARES = 100; // units of a bundle's bar
const HOLLOW = MOST_GROUPS + 1; // of other groups, and nobody is there

/**
 * What an address looks like: shape its network, fill its group, hollow where nobody is, crossed out when discouraged.
 *
 * @param {{net: string, rank: number, isNobody: boolean, isBad: boolean}} look rank: 0 .. 3, or 4 for all other groups
 */
export function addressMark({ net, rank, isNobody = false, isBad = false }) {
  const mark = svg("svg", { class: `bl-address bl-rank-${rank}${isNobody ? " bl-nobody" : ""}`, width: 12, height: 12, viewBox: "0 0 12 12", "aria-hidden": "true" });
  mark.append(svg("path", { class: "bl-shape", d: SHAPES[net] ?? SQUARE }));
  if (SIGNS[rank]) mark.append(svg("path", { class: "bl-sign", d: SIGNS[rank] }));
  if (isBad) mark.append(svg("path", { class: "bl-crossed", d: "M1 1 11 11M11 1 1 11" }));
  return mark;
}

/** One address as a button. `marks`: what is special about it, as `lookAt` of the scene finds it. */
function drawCell(scene, stay, style) {
  const marks = scene.lookAt(stay);
  const cell = element("button", {
    type: "button", tabindex: "-1", class: `bl-cell${classesOf(marks, scene.rows)}`, "data-name": nameOfAddress(scene, stay.address), "data-host": stay.host,
    "data-part": stay.table, "data-count": 1, "data-tip": tellTip(scene, stay, marks), "aria-label": tellCell(scene, stay, marks),
  }, addressMark(marks));
  if (style === NAMES) cell.append(element("span", {}, callAddress(scene, stay.address)));
  return cell;
}

function classesOf({ isScheming, line }, rows) {
  return `${isScheming ? " bl-scheming" : ""}${line ? (isOpen(line, rows) ? " bl-open" : " bl-dialling") : ""}`;
}

/** Several addresses as one button: from which bucket to which, how many, and the groups' shares. */
function drawBundle(scene, bundle, table, host) {
  const { first, last, stays } = bundle;
  const range = first === null ? "" : first === last ? `${first}` : `${first}–${last}`;
  const where = first === null ? "" : `bucket${first === last ? "" : "s"} ${range} `; // a name begins with what is read
  const bar = svg("svg", { class: "bl-shares", height: 12, viewBox: `0 0 ${SHARES} 12`, preserveAspectRatio: "none", "aria-hidden": "true" });
  let x = 0;
  const rankOf = ({ rank, isNobody }) => (rank === MOST_GROUPS && isNobody ? HOLLOW : rank);
  for (const [rank, count] of countRanks(stays, stay => rankOf(scene.lookAt(stay)))) {
    const width = (SHARES * count) / stays.length;
    bar.append(svg("rect", { class: `bl-share bl-rank-${rank}`, x, y: 0.5, width, height: 11 }));
    x += width;
  }
  return element("button", {
    type: "button", tabindex: "-1", class: "bl-cell bl-bundle", "data-name": nameOfAddress(scene, stays[0].address), "data-host": host, "data-part": table,
    "data-count": stays.length, "data-tip": `${tellBundle(bundle)}\npress to look in`, "aria-label": `${where}${countAddresses(stays.length)}, press to look in`,
  }, bar, element("span", {}, range), " ", element("b", {}, formatCount(stays.length)));
}

/**
 * One table of a book.
 *
 * @param {{buckets: Bucket[], bundles: Bucket[]|null, style: string, letters: number, width: number}} laid `buckets` in use,
 *   all of them; `bundles` what is drawn in their place; `letters` of the longest name
 * @returns {{root: Element, marks: [Element, Stay[]][]}}
 */
export function drawTable(scene, table, host, stays, { buckets, bundles, style, letters, width }) {
  const marks = [];
  const add = (mark, found) => {
    marks.push([mark, found]);
    return mark;
  };
  const isList = buckets.some(({ first }) => first === null);
  const { width: cell } = sizeCell(style, letters);
  const drawBox = bucket => {
    const columns = countColumns(bucket.stays.length, cell, width, !isList);
    const cells = element("div", { class: "bl-cells" }, ...bucket.stays.map(stay => add(drawCell(scene, stay, style), [stay])));
    cells.style.gridTemplateColumns = `repeat(${columns}, ${cell}px)`;
    return isList ? element("div", { class: "bl-bucket bl-plain" }, cells)
      : element("div", { class: "bl-bucket", "data-bucket": bucket.first }, element("span", { class: "bl-bucket-name", "aria-hidden": "true" }, bucket.first), cells);
  };
  const drawAll = bundle => add(bundle.stays.length > 1 ? drawBundle(scene, bundle, table, host) : drawCell(scene, bundle.stays[0], NAMES), bundle.stays);
  const boxes = style === BUNDLES ? bundles.map(drawAll) : buckets.map(drawBox);
  const words = tellTable(table, stays, buckets);
  const title = isList ? "List" : TITLES[table];
  const root = element("div", { class: `bl-book-table bl-style-${style}`, role: "group", "aria-label": `${title}, ${scene.peers[host]}: ${words}` },
    element("div", { class: "bl-book-title", title: `${title} ${words}` }, element("b", {}, title), ` ${words}`),
    isList ? "" : drawStrip(table, buckets, width), element("div", { class: "bl-buckets" }, ...(boxes.length ? boxes : [element("span", { class: "bl-nobody-yet" }, "nobody")])));
  return { root, marks };
}

/** All buckets of a table side by side, those in use as ticks, as high as they are full. */
function drawStrip(table, buckets, width) {
  const { height, least, tick } = STRIP;
  const ticks = placeTicks(buckets, table).map(({ bucket, x, part }) => {
    const high = least + (height - least) * part;
    return svg("rect", { class: "bl-tick", "data-bucket": bucket, x: Math.min(width - tick, x * width), y: height - high, width: tick, height: high });
  });
  return svg("svg", { class: "bl-strip", width, height, "aria-hidden": "true" }, ...ticks);
}

/**
 * The connections of a peer, kind by kind, with the places that are free.
 *
 * @param {{kind: string, most: number|null, lines: Line[]}[]} kinds as `listSlots` makes them
 * @returns {{root: Element, marks: [Element, Line][]}}
 */
export function drawSlots(scene, host, kinds, { isNamed, fits }) {
  const marks = [];
  const rows = kinds.map(({ kind, most, lines }) => {
    const shown = lines.length > fits ? lines.slice(0, fits - 1) : lines;
    const slots = shown.map(line => {
      const mark = drawSlot(scene, line, isNamed);
      marks.push([mark, line]);
      return mark;
    });
    const free = kind === INBOUND || most === null ? 0 : Math.min(Math.max(0, most - lines.length), fits - shown.length);
    const empty = Array.from({ length: free }, () => element("span", { class: "bl-slot-free", "aria-hidden": "true" }));
    const more = lines.length > shown.length ? [element("span", { class: "bl-slot-more" }, `+ ${lines.length - shown.length}`)] : [];
    const words = tellSlots(lines, most, scene.rows);
    return element("div", { class: "bl-slot-row", role: "group", "aria-label": `${KINDS[kind]}, ${scene.peers[host]}: ${words}` },
      element("span", { class: "bl-slot-kind", title: words }, KINDS[kind], " ", element("span", {}, words.replace(" of ", "/"))), ...slots, ...empty, ...more);
  });
  return { root: element("div", { class: `bl-slots${isNamed ? " bl-slots-named" : ""}` }, ...rows), marks };
}

function drawSlot(scene, line, isNamed) {
  const marks = { ...scene.lookAtAddress(line.remote, line.host), line };
  const told = tellMarks(marks, scene.rows).join(", ");
  const mark = element("button", {
    type: "button", tabindex: "-1", class: `bl-cell bl-slot${classesOf(marks, scene.rows)}`, "data-name": nameOfAddress(scene, line.remote), "data-host": line.host,
    "data-part": `line ${line.conn}`, "data-count": 1, "data-tip": `${KINDS[line.kind] ?? line.kind}: ${tellWho(scene, line.remote)}\n${told}`,
    "aria-label": `${KINDS[line.kind] ?? line.kind}: ${callAddress(scene, line.remote)}, ${told}`,
  }, addressMark(marks));
  if (isNamed) mark.append(element("span", {}, callAddress(scene, line.remote)));
  return mark;
}

/** Kinds of connections with their lines and how many there may be; those that nobody wants and nobody has are left out. */
export function listSlots(lines, slots) {
  const of = kind => lines.filter(line => line.kind === kind);
  const limits = { "full relay": slots?.full_relay, "blocks only": slots?.blocks_only, feeler: slots?.feeler, [INBOUND]: slots?.inbound };
  return Object.keys(KINDS).map(kind => ({ kind, most: limits[kind] ?? null, lines: of(kind) })).filter(({ kind, most, lines: own }) => kind === INBOUND || most || own.length);
}

/** What the marks mean: only what occurs. `groups`: those with a colour, largest first. */
export function drawLegend({ nets, groups, hasOthers, isAnybodyNobody, isAnybodyScheming, isAnybodyBad }) {
  const entry = (picture, words, title = words) => element("span", { title }, picture, element("span", {}, words));
  const plain = look => addressMark({ rank: MOST_GROUPS, ...look });
  const shaped = [IPV6, ONION, I2P].filter(net => nets.has(net));
  const line = name => element("i", { class: `bl-key ${name}`, "aria-hidden": "true" }, plain({}));
  return [
    ...groups.map((group, rank) => entry(addressMark({ rank }), group, `group ${group}`)),
    ...(hasOthers || !groups.length ? [entry(plain({}), groups.length ? "other groups" : "alone in their groups")] : []),
    ...shaped.map(net => entry(plain({ net }), net)),
    ...(isAnybodyNobody ? [entry(plain({ isNobody: true }), "nobody there")] : []),
    ...(isAnybodyScheming ? [entry(line("bl-scheming"), "attacker")] : []),
    ...(isAnybodyBad ? [entry(plain({ isBad: true }), "discouraged")] : []),
    entry(line("bl-open"), "connected"), entry(line("bl-dialling"), "dialled"), entry(line("bl-told"), "told by the chosen"),
  ];
}

