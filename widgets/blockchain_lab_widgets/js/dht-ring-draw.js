// Chord's space as a ring: the shown peer's successors along it, its fingers across it, and a lookup's hops.
import { formatCount } from "./describe.js";
import { svg } from "./dom.js";
import { shortId } from "./dht-ids.js";
import { ANSWERED, KNOWN, SILENT } from "./dht-lookups.js";
import { chooseNamed, drawArc, placeOnRing, turnOf } from "./dht-ring-layout.js";
import { CONTACT, OWN, weighLeaf } from "./dht-scene.js";
import { drawArrow, idMark } from "./dht-tree-draw.js";
import { callId, tellLeaf, tellMet } from "./dht-words.js";

const MARGIN = { x: 92, part: 0.2, y: 40 }; // pixels around the ring, for names; at most that part of the width
const LEAST = 70; // pixels of the radius
const MOST = 190;
const INNER = 17; // of a hop's mark, inwards
const FEW = 60; // peers of whom each has a mark that can be chosen
const LETTER = 7; // pixels of a letter of 12 px, about
const SIGNS = { [SILENT]: "×" };

/** As `drawTree`. */
export function drawRing(scene, { width, height, selection, branch }) {
  const { leaves, home, lookup } = scene;
  const beside = Math.min(MARGIN.x, MARGIN.part * width);
  const radius = Math.max(LEAST, Math.min(MOST, width / 2 - beside, (height * 0.92 - 2 * MARGIN.y) / 2));
  const centre = { x: width / 2, y: MARGIN.y + radius };
  const points = leaves.map(leaf => ({ leaf, turn: turnOf(leaf.id, home.bits), weight: weigh(scene, leaf, selection) }));
  const draft = { scene, radius, centre, branch, width, named: chooseNamed(points, radius, points.length <= FEW ? 0 : 1), turn: id => turnOf(id, home.bits), at: (id, inwards = 0) => placeOnRing(turnOf(id, home.bits), radius - inwards, centre) };
  const isFew = points.length <= FEW;
  const marks = points.map((point, at) => [point, at]).filter(([{ weight }]) => isFew || weight > 0);
  const ticks = isFew ? [] : [svg("path", { class: "bl-ring-ticks", d: points.map(({ turn }) => tick(turn, radius, centre)).join("") })];
  const root = svg("svg", { width, height: 2 * (radius + MARGIN.y), role: "group", "aria-label": "Ring of points" },
    svg("circle", { class: "bl-ring-line", cx: centre.x, cy: centre.y, r: radius }), ...ticks, ...drawKnown(draft), ...(lookup ? drawTarget(draft) : []),
    ...marks.map(([point, at]) => drawPoint(draft, point, at)), ...(lookup ? drawHops(draft) : []));
  if (!isFew) root.append(svg("text", { class: "bl-short", x: centre.x, y: centre.y, "text-anchor": "middle" }, `${formatCount(points.length)} peers`));
  return { root, shown: marks.length, all: points.length };
}

const weigh = (scene, leaf, selection) => weighLeaf(scene, leaf, selection) + (leaf.place === CONTACT ? 1 : 0);

function tick(turn, radius, centre) {
  const [a, b] = [-4, 4].map(out => placeOnRing(turn, radius + out, centre));
  return `M${a.x.toFixed(1)} ${a.y.toFixed(1)}L${b.x.toFixed(1)} ${b.y.toFixed(1)}`;
}

/** What it owns, its successors as an arc outside, its fingers as lines across. */
function drawKnown({ scene, radius, centre, turn, at }) {
  const { ring, home, isOn } = scene;
  if (!isOn || !ring) return [];
  const [own, parts] = [at(home.id), []];
  for (const id of new Set(ring.fingers.map(each => each.id))) {
    const there = at(id, 8);
    parts.push(svg("path", { class: "bl-finger", d: `M${own.x} ${own.y}L${there.x} ${there.y}` }));
  }
  if (ring.predecessor) parts.push(svg("path", { class: "bl-owned", d: drawArc(turn(ring.predecessor), turn(home.id), radius, centre) }));
  if (ring.successors.length) parts.push(svg("path", { class: "bl-behind", d: drawArc(turn(home.id), turn(ring.successors.at(-1)), radius + 11, centre) }));
  return [svg("g", { "aria-hidden": "true" }, ...parts)];
}

function drawTarget({ scene, radius, centre, turn }) {
  const { lookup, home } = scene;
  const here = turn(lookup.target);
  const [tip, foot, text] = [3, 15, 26].map(out => placeOnRing(here, radius + out, centre));
  const side = Math.abs(text.x - centre.x) < 30 ? "middle" : text.x < centre.x ? "end" : "start";
  const bits = Math.ceil(home.bits / 4);
  const called = callId(scene, lookup.target);
  return [svg("g", { class: "bl-goal", "aria-hidden": "true" }, svg("path", { class: "bl-goal-way", d: `M${foot.x} ${foot.y}L${tip.x} ${tip.y}` }), svg("circle", { class: "bl-goal-mark", cx: foot.x, cy: foot.y, r: 4 }),
    svg("text", { x: text.x, y: text.y + 4, "text-anchor": side }, called.length > bits + 12 ? shortId(lookup.target, home.bits) : called))];
}

function drawPoint({ scene, radius, centre, named, branch, width }, { leaf, turn }, at) {
  const { x, y } = placeOnRing(turn, radius, centre);
  const text = placeOnRing(turn, radius + 19, centre);
  const said = tellLeaf(scene, leaf);
  const side = Math.abs(text.x - centre.x) < 24 ? "middle" : text.x < centre.x ? "end" : "start";
  const isOpposite = scene.lookup && Math.abs(turn - turnOf(scene.lookup.target, scene.home.bits)) * radius * 2 * Math.PI < 13 && leaf.place !== OWN; // the target's name stands there
  return svg("g", {
    class: `bl-id bl-${leaf.place}`, tabindex: "-1", role: "button", "aria-label": said.join(", "), "data-tip": said.join("\n"),
    "data-name": leaf.host >= 0 ? `peer:${scene.peers[leaf.host]}` : `record:${branch}:${leaf.met?.row ?? 0}`, "data-host": leaf.host, "data-part": "leaf", "data-count": 1,
  }, svg("circle", { class: "bl-touch", cx: x, cy: y, r: 11 }), idMark(leaf, x, y),
  ...(named.has(at) && !isOpposite ? [svg("text", { class: "bl-name", x: text.x, y: text.y + 4, "text-anchor": side }, leaf.host >= 0 ? nameWithPoint(scene, leaf, side === "end" ? text.x : width - text.x) : "?")] : []));
}

/** "ann 4e2f" where there is room. */
function nameWithPoint({ peers, home, leaves }, { host, id }, room) {
  const name = peers[host].length > 8 ? `${peers[host].slice(0, 7)}…` : peers[host];
  const both = `${name} ${shortId(id, home.bits)}`;
  return leaves.length <= 24 && home.bits <= 16 && both.length * LETTER <= room ? both : name;
}

/** From who asks over all who were asked to the owner; each mark bears its number. */
function drawHops({ scene, branch, at }) {
  const { lookup, state, history } = scene;
  const asked = [...state.met.values()].filter(each => each.state !== KNOWN);
  const home = history.homeOf(lookup.host, scene.rows);
  const ways = [];
  let last = home ? at(home.id, 8) : null;
  for (const each of asked) {
    const next = at(each.id, INNER);
    ways.push(drawArrow(last, next));
    if (each.state !== SILENT) last = next;
  }
  const owner = state.result?.closest[0];
  const end = owner && !asked.some(({ id, state: what }) => id === owner && what === ANSWERED) ? drawArrow(last, at(owner, 4)) : null;
  end?.classList.add("bl-last");
  const marks = asked.map(each => {
    const { x, y } = at(each.id, INNER);
    const words = `${callId(scene, each.id)}, ${tellMet(scene, each)}`;
    return svg("g", {
      class: `bl-step bl-${each.state}`, tabindex: "-1", role: "button", "aria-label": words, "data-tip": words.replace(", ", "\n"), "data-name": `record:${branch}:${each.row}`,
      "data-host": history.hosts.get(each.id) ?? -1, "data-part": `step ${each.id}`, "data-count": 1,
    }, svg("circle", { class: "bl-ball", cx: x, cy: y, r: 8 }), svg("text", { x, y: y + 4, "text-anchor": "middle" }, SIGNS[each.state] ?? String(each.depth)));
  });
  return [svg("g", { "aria-hidden": "true" }, ...[...ways, end].filter(Boolean)), ...marks];
}
