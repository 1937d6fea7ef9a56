// Kademlia's space as a tree: ids as its leaves, the shown peer's buckets as brackets below, and below these the way of a lookup.
import { formatCount } from "./describe.js";
import { svg } from "./dom.js";
import { hasPrefix, shortId } from "./dht-ids.js";
import { chooseItems, countItems, growTree, itemOf, placeBrackets, placePoint, placeTree, sizeOf } from "./dht-layout.js";
import { ANSWERED, ASKED, KNOWN, SILENT } from "./dht-lookups.js";
import { CONTACT, OWN, WAITS, countRange, weighLeaf } from "./dht-scene.js";
import { callId, nameBucket, tellFill, tellLeaf, tellMet } from "./dht-words.js";
import { groupName } from "./network-light.js";

const LEFT = 46; // of the names of hops
const RIGHT = 8;
const LETTER = 6.7; // pixels of a letter of 12 px, about
const TOP = 8;
const LABELS = 40; // pixels below the leaves: name, id
const BRACKETS = 34;
const HOP = 22;
const FOOT = 18; // of the target's name
const TREE = { least: 60, part: 0.34 }; // of the stage's height
const RADIUS = 6;

/** A text in so many pixels, cut when it is longer. */
const fit = (text, room) => (text.length * LETTER <= room ? text : `${text.slice(0, Math.max(1, Math.floor(room / LETTER) - 1))}…`);
/** The same for bits: their end says more. */
const fitEnd = (text, room) => (text.length * LETTER <= room ? text : `…${text.slice(-Math.max(1, Math.floor(room / LETTER) - 1))}`);

/**
 * @param {{width, height, prefix: string, selection: string|null, branch: number}} view `prefix`: only what begins so is drawn
 * @returns {{root: Element, shown: number, all: number}} how many of the peers are drawn by themselves, of how many
 */
export function drawTree(scene, { width, height, prefix, selection, branch }) {
  const leaves = scene.leaves.filter(({ id }) => hasPrefix(id, prefix));
  const ids = leaves.map(({ id }) => id);
  const tree = growTree(ids);
  const branches = chooseItems(tree, countItems(width - LEFT - RIGHT), leaves.map(leaf => weighLeaf(scene, leaf, selection)));
  const laid = placeTree(tree, branches, { left: LEFT, width: width - LEFT - RIGHT, height: Math.max(TREE.least, height * TREE.part) });
  const draft = { scene, leaves, ids, branches, ...laid, branchNumber: branch, selection };
  const base = TOP + laid.depth + RADIUS + 2;
  const hasBrackets = Boolean(scene.table);
  const end = base + LABELS + (hasBrackets ? BRACKETS : 0);
  const way = scene.lookup ? drawWay(draft, end, width) : null;
  const root = svg("svg", { width, height: end + (way?.height ?? 0) + 4, role: "group", "aria-label": "Tree of ids" });
  if (way) root.append(way.line);
  root.append(drawForks(draft), ...laid.items.map(item => drawItem(draft, item, base)));
  if (hasBrackets) root.append(...drawBrackets(draft, base + LABELS));
  if (way) root.append(...way.marks);
  return { root, shown: branches.filter(each => sizeOf(each) === 1).length, all: leaves.length };
}

function drawForks({ forks, leaves }) {
  const own = leaves.findIndex(({ place }) => place === OWN);
  const holds = ({ from, to }) => own >= 0 && from <= own && own < to;
  const lines = [];
  for (const { x, y, ends } of forks) {
    ends.forEach((end, bit) => {
      const isOwn = holds(end.branch);
      const side = bit ? 4 : -4;
      lines[isOwn ? "push" : "unshift"](
        svg("path", { class: `bl-edge-of-tree${isOwn ? " bl-own" : ""}`, d: `M${x} ${TOP + y}H${end.x}V${TOP + end.y}` }),
        ...(end.y - y >= 12 && Math.abs(end.x - x) > 12 ? [svg("text", { class: "bl-bit", x: end.x + side, y: TOP + y + 11, "text-anchor": bit ? "start" : "end" }, String(bit))] : []),
      );
    });
  }
  return svg("g", { "aria-hidden": "true" }, ...lines);
}

function drawItem(draft, { branch, x }, y) {
  return sizeOf(branch) > 1 ? drawBundle(draft, branch, x, y) : drawLeaf(draft, draft.leaves[branch.from], x, y);
}

/** A peer's mark: full for a contact, with a dot for who waits, hollow for a stranger, dashed for who is off. */
export function idMark({ place, isOn, keeps, count }, x = 0, y = 0) {
  const group = svg("g", { class: `bl-id-mark bl-${place}${isOn ? "" : " bl-off"}` }, svg("circle", { class: "bl-ball", cx: x, cy: y, r: RADIUS }));
  if (place === WAITS) group.append(svg("circle", { class: "bl-dot", cx: x, cy: y, r: 2.5 }));
  if (place === OWN) group.append(svg("circle", { class: "bl-ring", cx: x, cy: y, r: RADIUS + 3 }));
  if (keeps || count) group.append(svg("path", { class: `bl-key${keeps ? " bl-wanted" : ""}`, d: `M${x + 9} ${y - 11}l5 5-5 5-5-5z` }));
  return group;
}

function drawLeaf({ scene, slot, branchNumber }, leaf, x, y) {
  const { host, id, met } = leaf;
  const name = host >= 0 ? `peer:${scene.peers[host]}` : `record:${branchNumber}:${met?.row ?? 0}`;
  const said = tellLeaf(scene, leaf);
  const shown = [host >= 0 ? fit(scene.peers[host], slot - 2) : "?", shortId(id, undefined, Math.max(2, Math.min(4, Math.floor((slot - 2) / LETTER))))];
  return svg("g", { // a mark's name begins with what is written on it
    class: `bl-id bl-${leaf.place}`, tabindex: "-1", role: "button", "aria-label": [shown.join(" "), ...said.slice(shown[0] === said[0] ? 1 : 0)].join(", "), "data-tip": said.join("\n"), "data-name": name, "data-host": host, "data-part": "leaf", "data-count": 1,
  }, svg("rect", { class: "bl-touch", x: x - slot / 2, y: y - RADIUS - 4, width: slot, height: LABELS + 7 }), idMark(leaf, x, y),
  svg("text", { class: "bl-name", x, y: y + 20, "text-anchor": "middle" }, shown[0]), " ",
  svg("text", { class: "bl-short", x, y: y + 33, "text-anchor": "middle" }, shown[1]));
}

function drawBundle({ scene, leaves, slot }, { from, to, shared }, x, y) {
  const inside = leaves.slice(from, to);
  const [known, waits] = [CONTACT, WAITS].map(place => inside.filter(leaf => leaf.place === place).length);
  const hosts = inside.map(({ host }) => host).filter(host => host >= 0);
  const words = `${formatCount(inside.length)} peers, ${formatCount(known)} known${waits ? `, ${formatCount(waits)} wait` : ""}`;
  return svg("g", {
    class: "bl-id bl-bundle-of-ids", tabindex: "-1", role: "button", "aria-label": `×${formatCount(inside.length)}${known ? ` ${formatCount(known)}` : ""}, ${words}, press to look in`, "data-tip": `${words}\nthey share ${shared} bits\npress to look in`,
    "data-name": groupName(hosts), "data-host": hosts[0], "data-part": "leaf", "data-count": inside.length, "data-prefix": shared, "data-id": inside[0].id,
  }, svg("rect", { class: "bl-touch", x: x - slot / 2, y: y - RADIUS - 4, width: slot, height: LABELS + 2 }),
  svg("path", { class: `bl-heap${known ? " bl-contact" : ""}`, d: `M${x} ${y - RADIUS - 2}l11 14h-22z` }),
  svg("text", { class: "bl-name", x, y: y + 20, "text-anchor": "middle" }, fit(`×${formatCount(inside.length)}`, slot)),
  ...(known ? [" ", svg("text", { class: "bl-short", x: x + 2, y: y + 33, "text-anchor": "end" }, formatCount(known)), svg("circle", { class: "bl-known-of", cx: x + 9, cy: y + 29, r: 3.5 })] : []));
}

function drawBrackets({ scene, ids, branches, items, slot }, y) {
  const { table, history } = scene;
  const inUse = table.buckets.filter(({ prefix }) => ids.some(id => hasPrefix(id, prefix))).map(({ prefix }) => prefix);
  return placeBrackets(ids, branches, inUse).map(({ first, last, prefixes }) => {
    const buckets = table.buckets.filter(({ prefix }) => prefixes.includes(prefix));
    const [from, to] = [items[first].x - slot / 2 + 2, items[last].x + slot / 2 - 2];
    const hosts = buckets.flatMap(({ contacts }) => contacts.map(({ id }) => history.hosts.get(id))).filter(host => host !== undefined);
    const isOne = buckets.length === 1;
    const [known, all] = prefixes.map(prefix => countRange(scene, prefix)).reduce(([a, b], [c, d]) => [a + c, b + d], [0, 0]);
    const words = isOne ? `${nameBucket(buckets[0])}: ${tellFill(buckets[0], table.k)}` : `${buckets.length} buckets`;
    const held = `${formatCount(known)} of ${formatCount(all)} peers there are known`;
    const room = to - from;
    const short = isOne ? tellShort(buckets[0], table.k, room) : formatCount(known);
    const label = isOne ? fitEnd(buckets[0].prefix || "all", room) : fit(`${buckets.length} buckets`, room);
    return svg("g", {
      class: "bl-bracket", tabindex: "-1", role: "button", "aria-label": `${label} ${short}, ${words}; ${held}`, "data-tip": `${words}\n${held}`, "data-name": groupName(hosts) ?? "group:", "data-host": scene.host, "data-part": `bucket ${prefixes[0]}`, "data-count": 1,
    }, svg("rect", { class: "bl-touch", x: from, y: y - 4, width: to - from, height: BRACKETS - 4 }), svg("path", { class: "bl-arm", d: `M${from} ${y - 4}v4H${to}v-4` }),
    svg("text", { class: "bl-prefix", x: (from + to) / 2, y: y + 13, "text-anchor": "middle" }, label), " ",
    svg("text", { class: "bl-fill", x: (from + to) / 2, y: y + 27, "text-anchor": "middle" }, short));
  });
}

/** "3/3 +2", "20/20", "20": as much as there is room for. */
function tellShort({ contacts: { length }, waiting }, k, room) {
  const filled = `${length}/${k}`;
  const all = waiting.length ? `${filled} +${waiting.length}` : filled;
  return [all, filled].find(text => text.length * LETTER <= room) ?? String(length);
}

// --- the way of a lookup -------------------------------------------------------------------------------------

const SIGNS = { [ASKED]: "?", [SILENT]: "×", [ANSWERED]: "" };

/** Hop by hop downwards: who was asked, by whom told of; the target as a line that all of it comes near. */
function drawWay({ scene, leaves, ids, branches, items, slot, branchNumber }, top, width) {
  const { lookup, state } = scene;
  const xOf = id => {
    const at = itemOf(branches, ids.indexOf(id));
    return at < 0 ? null : items[at].x;
  };
  const begin = items.length ? items[0].x - slot / 2 : LEFT;
  const target = begin + placePoint(ids, branches, lookup.target) * slot;
  const asked = [...state.met.values()].filter(each => each.state !== KNOWN && xOf(each.id) !== null);
  const hops = Math.max(1, ...asked.map(({ depth }) => depth));
  const yOf = depth => top + 10 + depth * HOP;
  const foot = yOf(hops) + HOP / 2 + 6;
  const asker = leaves.find(({ host }) => host === lookup.host);
  const start = asker ? xOf(asker.id) : null;
  const place = new Map(asked.map(each => [each.id, { x: xOf(each.id), y: yOf(each.depth) }]));
  const arrows = asked.map(({ id, by }) => drawArrow(by === null ? (start === null ? null : { x: start, y: yOf(0) }) : place.get(by), place.get(id)));
  const names = Array.from({ length: hops }, (_, at) => svg("text", { class: "bl-hop", x: 6, y: yOf(at + 1) + 4 }, `hop ${at + 1}`));
  const called = callId(scene, lookup.target);
  const side = target > width - 90 ? "end" : target < 90 ? "start" : "middle";
  const line = svg("g", { class: "bl-goal", "aria-hidden": "true" }, svg("path", { class: "bl-goal-line", d: `M${target} ${TOP}V${foot}` }));
  const foots = svg("g", { class: "bl-goal", "aria-hidden": "true" }, svg("path", { class: "bl-goal-mark", d: `M${target} ${foot - 8}l5 6h-10z` }),
    svg("text", { x: target, y: foot + 12, "text-anchor": side }, `target ${fit(called, 150)}`));
  const holder = state.result?.holder ?? null;
  const marks = asked.map(each => {
    const { x, y } = place.get(each.id);
    const words = `${callId(scene, each.id)}, ${tellMet(scene, each)}${each.id === holder ? ", had the value" : ""}`;
    return svg("g", {
      class: `bl-step bl-${each.state}${each.id === holder ? " bl-holder" : ""}`, tabindex: "-1", role: "button", "aria-label": words, "data-tip": words.replace(", ", "\n"),
      "data-name": `record:${branchNumber}:${each.row}`, "data-host": scene.history.hosts.get(each.id) ?? -1, "data-part": `step ${each.id}`, "data-count": 1,
    }, svg("circle", { class: "bl-ball", cx: x, cy: y, r: 7 }), svg("text", { x, y: y + 4, "text-anchor": "middle" }, each.id === holder ? "★" : SIGNS[each.state]));
  });
  const asks = start === null ? [] : [svg("g", { class: "bl-asker", "aria-hidden": "true" }, svg("circle", { cx: start, cy: yOf(0), r: 4 }), svg("text", { x: 6, y: yOf(0) + 4 }, "asks"))];
  return { line, marks: [svg("g", { "aria-hidden": "true" }, ...names, ...arrows.filter(Boolean)), ...asks, foots, ...marks], height: foot - top + FOOT };
}

/** An arrow of the way; null without both ends. */
export function drawArrow(from, to) {
  if (!from || !to) return null;
  const [dx, dy] = [to.x - from.x, to.y - from.y];
  const length = Math.hypot(dx, dy) || 1;
  const [ux, uy] = [dx / length, dy / length];
  const [x, y] = [to.x - 8 * ux, to.y - 8 * uy];
  const head = `M${x} ${y}l${-6 * ux - 3 * uy} ${-6 * uy + 3 * ux} ${6 * uy} ${-6 * ux}z`;
  return svg("g", { class: "bl-told-arrow" }, svg("path", { d: `M${from.x + 5 * ux} ${from.y + 5 * uy}L${x - 4 * ux} ${y - 4 * uy}` }), svg("path", { class: "bl-tip", d: head }));
}
