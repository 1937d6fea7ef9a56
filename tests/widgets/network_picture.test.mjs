import assert from "node:assert/strict";
import { test } from "node:test";
import { describeDot, drawCounts, flightAt, placeFlights, radiusOf } from "../../widgets/blockchain_lab_widgets/js/flight-layer.js";
import { Folded } from "../../widgets/blockchain_lab_widgets/js/fold.js";
import { findInside } from "../../widgets/blockchain_lab_widgets/js/lasso.js";
import { pairsOf } from "../../widgets/blockchain_lab_widgets/js/layouts.js";
import { isInside } from "../../widgets/blockchain_lab_widgets/js/layouts-regions.js";
import { findCut } from "../../widgets/blockchain_lab_widgets/js/network-cut.js";
import { getLinks, networkFold } from "../../widgets/blockchain_lab_widgets/js/network-fold.js";
import { groupName, groupOf, joinLights, lightOf, whoHas } from "../../widgets/blockchain_lab_widgets/js/network-light.js";
import { Cuts, getFlying, getRecent } from "../../widgets/blockchain_lab_widgets/js/network-now.js";
import { classFinder } from "../../widgets/blockchain_lab_widgets/js/network-legend.js";
import { linkAt, peerAt } from "../../widgets/blockchain_lab_widgets/js/network-pointer.js";
import { describePeer } from "../../widgets/blockchain_lab_widgets/js/network-words.js";
import { placeNames } from "../../widgets/blockchain_lab_widgets/js/peer-names.js";
import { ToyStory, boxes, chainOf, forkAndHeal } from "./toy_story.mjs";

const ROW = [0, 100, 200].map(x => ({ x, y: 0 })); // three peers
const flight = (source, target, part, more = {}) => ({ source, target, part, sent: 1, dropped: false, facts: { size: 100, class: "data", ...more } });

/** Two peers, a message held by a partition that heals, and one lost on purpose. */
function heldAndLost() {
  const toy = new ToyStory(["ann", "bob"]);
  toy.later(0, () => toy.connect(0, 1));
  toy.later(100_000, () => toy.send(0, 1, 0, "inv", { delay: 10_000_000 }));
  toy.later(1_000_000, () => toy.write("action", -1, { do: "Partition", group: ["ann"], against: [] }));
  toy.later(10_000_000, () => toy.write("action", -1, { do: "Heal" }));
  toy.later(20_000_000, () => {
    const said = { command: "block", class: "data", size: 300, label: "block" };
    const sent = toy.write("send", 0, said, { other: 1, conn: 0 });
    toy.later(100_000, () => {
      const action = toy.write("action", -1, { do: "DropMessage", record: sent });
      toy.write("drop", 1, said, { other: 0, conn: 1, cause: action });
    });
  });
  return toy.run().trace();
}

function sceneAt(trace, event) {
  const rows = trace.rowsUpTo(event);
  const state = new Folded(trace, networkFold).at(rows);
  return { trace, branch: 0, rows, links: getLinks(state), tips: state.tips };
}

test("messages keep to the right of their link, and the nearest one is found under the pointer", () => {
  const [there, back] = placeFlights([flight(0, 1, 0.5), flight(1, 0, 0.5)], ROW, 10);

  assert.deepEqual([50, 50], [there.x, back.x]);
  assert.ok(there.y > 0 && back.y < 0);
  assert.equal(there, flightAt([there, back], 51, 4));
  assert.equal(null, flightAt([there, back], 51, 40));
});

test("dots of a kind that would cover each other are one, which counts them; others stay apart", () => {
  const queue = [0.5, 0.51, 0.52, 0.9].map(part => flight(0, 1, part));
  const dots = placeFlights([...queue, flight(0, 1, 0.5, { class: "announce" }), flight(1, 2, 0.5)], ROW, 10);

  assert.deepEqual([1, 1, 1, 3], dots.map(({ flights }) => flights.length).sort());
  assert.equal(0.52, dots.find(({ flights }) => flights.length === 3).flights[0].part); // the foremost leads
  assert.deepEqual([], placeFlights([flight(0, -1, 0.5)], ROW, 10)); // to an address that nobody has
});

test("there are three sizes of dot", () => {
  const radii = [24, 200, 201, 4000, 4001, 4e6].map(size => radiusOf(size));

  assert.equal(3, new Set(radii).size);
  assert.deepEqual(radii, radii.toSorted((a, b) => a - b));
});

test("a dot says what it carries, and of several how many of what", () => {
  const trace = { peers: ["ann", "bob"] };
  const one = describeDot({ flights: [{ ...flight(0, 1, 0.5), isHeld: true }] }, trace, () => "block B3");
  const both = describeDot({ flights: ["inv", "inv", "tx"].map(command => flight(0, 1, 0.5, { command })) }, trace, () => "");

  assert.equal("block B3, 100 bytes\nann → bob\nheld back by the partition", one);
  assert.equal("3 messages: 2 × inv, 1 × tx\nann → bob", both);
});

test("a partition holds a message on its way, and lets it go on when it heals", () => {
  const trace = heldAndLost();
  const cuts = new Cuts(trace).update();
  const at = clock => getFlying(trace, cuts, clock).map(({ part, isHeld }) => [Number(part.toFixed(2)), isHeld]);

  assert.deepEqual([[0.4, true]], at(5_000_000));
  assert.deepEqual([[0.4, true]], at(9_999_999));
  assert.deepEqual([[0.4, false]], at(10_000_000));
  assert.ok(at(10_090_000)[0][0] > 0.9);
  assert.deepEqual([], at(10_200_000));
});

test("a message lost on purpose is on its way until then, never arrives, and leaves a cross that fades", () => {
  const trace = heldAndLost();
  const cuts = new Cuts(trace).update();
  const [half] = getFlying(trace, cuts, 20_050_000);
  const crosses = clock => getRecent(trace, cuts, trace.rowsUpTo(trace.eventAt(clock)), clock).lost;

  assert.equal(true, half.dropped);
  assert.equal(0.3, half.part);
  assert.deepEqual([], crosses(20_050_000));
  const [cross] = crosses(20_100_000);
  assert.deepEqual([0, 1, 0.6, 0], [cross.source, cross.target, cross.part, cross.age]);
  assert.ok(crosses(20_400_000)[0].age > 0.5);
});

test("a dial that failed shows for a while", () => {
  const toy = new ToyStory(["ann", "bob"]);
  toy.later(1000, () => toy.write("dial", 0, {}, { other: 1, conn: 0 }));
  toy.later(2000, () => toy.write("dial-failed", 0, { reason: "refused" }, { other: 1, conn: 0 }));
  toy.later(1_000_000, () => toy.note(0, "bored"));
  toy.later(3_000_000, () => toy.note(0, "bored"));
  const trace = toy.run().trace();
  const failed = event => getRecent(trace, new Cuts(trace).update(), trace.rowsUpTo(event), trace.timeOf(event)).failed;

  assert.deepEqual([0, 1, 1, 0], [1, 2, 3, 4].map(event => failed(event).length));
});

test("the line of a partition parts the two sides, and there is none where they are mixed all over", () => {
  const places = [[50, 50], [60, 90], [250, 60], [240, 120]].map(([x, y]) => ({ x, y }));
  const box = { left: 0, top: 0, right: 300, bottom: 150 };
  const curves = findCut(places, [1, 1, -1, -1], box);

  assert.equal(1, curves.length);
  for (const { x } of curves[0]) assert.ok(x > 70 && x < 230, `${x}`);
  const [round] = findCut(places, [1, -1, -1, -1], box); // one against all others stands on an island
  assert.ok(isInside(round.map(({ x, y }) => [x, y]), [50, 50]) || round.length > 4);
  const mixed = Array.from({ length: 100 }, (_, i) => ({ x: 30 * (i % 10), y: 15 * Math.floor(i / 10) }));
  assert.deepEqual([], findCut(mixed, mixed.map((_, i) => (((i % 10) + Math.floor(i / 10)) % 2 ? 1 : -1)), box));
});

test("names do not cover each other; the important ones come first, the needed ones always", () => {
  const places = [{ x: 100, y: 100 }, { x: 104, y: 100 }, { x: 108, y: 100 }, { x: 300, y: 100 }];
  const ask = more => placeNames({
    places, order: [2, 0, 1, 3], isNeeded: () => false, linesOf: peer => [`peer${peer}`], measure: () => 40,
    raised: [true, true, true, true], radius: 3, box: { width: 400, height: 200 }, taken: [], ...more,
  });
  const boxes = ask().map(({ x, y }) => [x - 20, y - 6, x + 20, y + 6]);

  assert.equal(2, ask()[0].peer);
  for (const [i, one] of boxes.entries()) {
    for (const two of boxes.slice(0, i)) assert.ok(one[0] >= two[2] || two[0] >= one[2] || one[1] >= two[3] || two[1] >= one[3]);
  }
  assert.equal(4, ask({ isNeeded: () => true, box: { width: 400, height: 120 } }).length);
  assert.deepEqual([3], ask({ order: [3], box: { width: 400, height: 200 } }).map(({ peer }) => peer));
  assert.deepEqual([], ask({ order: [3], box: { width: 200, height: 200 } })); // out of sight
});

test("a peer, a link or a group lights up what belongs to it", () => {
  const scene = sceneAt(forkAndHeal().trace(), 60);
  const show = name => {
    const { chosen, peers, links } = lightOf(name, scene);
    return [[...chosen], [...peers].sort(), [...links].sort()];
  };

  assert.deepEqual([[2], [0, 1, 2, 3], ["0-2", "1-2", "2-3"]], show("peer:cat"));
  assert.deepEqual([[], [2, 3], ["2-3"]], show("link:2-3"));
  assert.deepEqual([[0, 1], [0, 1], ["0-1"]], show("group:0,1"));
  assert.equal(null, lightOf("peer:nobody", scene));
  assert.equal(null, lightOf(null, scene));
});

test("who stands behind somebody is in his light, is kept near him, and says so", () => {
  const trace = boxes({ homes: 2, each: 2 }).trace(); // server; box0 with two peers; box1 with two
  const scene = sceneAt(trace, trace.lastEvent);
  const light = name => [...lightOf(name, scene).peers].sort();

  assert.deepEqual([[1, 2], [1, 2, 3], [0]], ["peer:peer0x0", "peer:box0", "peer:server"].map(light));
  assert.deepEqual([[1, 2], [1, 3], [4, 5], [4, 6]], pairsOf(trace).map(pair => pair.sort()));
  const words = { ...scene, state: { off: [], tips: trace.peers.map(() => null), best: [] }, index: { get: () => undefined }, neighbours: trace.peers.map(() => []) };
  assert.match(describePeer(words, 2), /stands behind box0/);
  assert.doesNotMatch(describePeer(words, 1), /stands behind/);
});

test("a block lights up those who stand on it, and those who have it", () => {
  const trace = forkAndHeal().trace();
  const [first, second] = chainOf(1, 2);
  const event = [...Array(trace.lastEvent).keys()].find(at => sceneAt(trace, at).tips.filter(tip => tip === second).length === 2);
  const scene = sceneAt(trace, event);

  assert.deepEqual([0, 1, 2, 3, 4, 5], [...whoHas(trace, scene.rows, "block", first)].sort());
  assert.deepEqual([[0, 1], [0, 1]], ["chosen", "peers"].map(part => [...lightOf(`block:${second}`, scene)[part]].sort()));
  assert.equal(4, lightOf(`block:${first}`, scene).chosen.size);
  assert.equal(6, whoHas(trace, scene.rows, "block", trace.genesis).size);
});

test("a transaction lights up those who took it and the messages about it; a restart forgets it", () => {
  const toy = new ToyStory(["ann", "bob"]);
  const txid = "ab".repeat(32);
  toy.later(0, () => toy.connect(0, 1));
  toy.later(1000, () => {
    toy.note(0, "transaction accepted", { txid, size: 200 });
    toy.send(0, 1, 0, "tx", { txids: [txid], onArrival: row => toy.note(1, "transaction accepted", { txid, size: 200 }, row) });
  });
  toy.later(500_000, () => toy.write("start", 0));
  const trace = toy.run().trace();
  const peers = [1, 3, 4, 5].map(event => [...lightOf(`tx:${txid}`, sceneAt(trace, event)).peers]);
  const { isMessage } = lightOf(`tx:${txid}`, sceneAt(trace, 3));

  assert.deepEqual([[], [0], [0, 1], [1]], peers);
  assert.ok(isMessage({ facts: { txids: [txid] } }) && !isMessage({ facts: {} }));
});

test("a record shows its message's way, wherever the cursor is; one of another branch shows nothing", () => {
  const trace = heldAndLost();
  const scene = sceneAt(trace, 1);
  const rowOf = kind => [...Array(trace.length).keys()].find(row => trace.record(row).kind === kind);
  const { way, peers } = lightOf(`record:0:${rowOf("deliver")}`, scene);

  assert.deepEqual({ source: 0, target: 1, sent: rowOf("send") }, way);
  assert.deepEqual([0, 1], [...peers]);
  assert.equal(null, lightOf(`record:3:${rowOf("send")}`, scene));
  assert.equal(null, lightOf("record:0:99999", scene));
  assert.equal(null, lightOf(`record:0:${rowOf("connect")}`, scene).way);
});

test("two lights are one with all that is in either", () => {
  const scene = sceneAt(forkAndHeal().trace(), 60);
  const both = joinLights(lightOf("peer:ann", scene), lightOf("link:3-4", scene));

  assert.deepEqual([0, 1, 2, 3, 4], [...both.peers].sort());
  assert.ok(both.isMessage({ source: 4, target: 3 }) && both.isMessage({ source: 0, target: 1 }));
  assert.ok(!both.isMessage({ source: 4, target: 5 }));
  assert.equal(null, joinLights(null, null));
});

test("a group's name lists its hosts in order, and an empty group is none", () => {
  assert.equal("group:1,3,20", groupName([20, 3, 1, 3]));
  assert.equal(null, groupName([]));
  assert.deepEqual([[1, 3], [], []], ["group:1,3", "peer:ann", null].map(groupOf));
});

test("a lasso takes who is inside its line, and a click takes nobody", () => {
  const line = [[-20, -20], [120, -20], [120, 20], [-20, 20]];

  assert.deepEqual([0, 1], findInside(line, ROW));
  assert.deepEqual([], findInside([[0, 0], [2, 2], [4, 0]], ROW));
});

test("a peer is found before its links, and a link within a few pixels", () => {
  const links = new Map([["0-1", { a: 0, b: 1 }], ["1-2", { a: 1, b: 2 }]]);

  assert.equal(1, peerAt(ROW, 10, 108, 3));
  assert.equal(-1, peerAt(ROW, 10, 150, 0));
  assert.equal("1-2", linkAt(links, ROW, 150, 4)[0]);
  assert.equal(undefined, linkAt(links, ROW, 150, 9));
});

test("the legend learns of the kinds of message that come later", () => {
  const trace = { table: [{}, { class: "data" }] };
  const find = classFinder(trace);
  assert.deepEqual(["data"], find());

  trace.table.push({ class: "connection" }, {});
  assert.deepEqual(["connection", "data"], find());
});

/** What numbers are written, and where, beside dots that lead to the right; boxes of names are in the way. */
function countsOf(dots, ...boxes) {
  const written = [];
  const context = { strokeText() {}, fillText: (text, x, y) => written.push([text, x, y]) };
  const full = dots.map(([count, x]) => ({ flights: new Array(count), x, y: 50, ux: 1, uy: 0, radius: 4 }));
  drawCounts(context, full, { paper: "", ink: "" }, "sans-serif", { isFaded: () => false, names: boxes.map(box => ({ box })) });
  return written;
}

test("where numbers of messages would cover each other, the largest is written", () => {
  assert.deepEqual([["×19", 8, 64], ["×7", 60, 64]], countsOf([[3, 0], [1, 5], [19, 8], [7, 60]]));
});

test("a number of messages covers no name: it goes to the dot's other side, or is left out", () => {
  const [below, above] = [[0, 58, 40, 84], [0, 20, 40, 40]];

  assert.deepEqual([["×5", 20, 36]], countsOf([[5, 20]], below));
  assert.deepEqual([], countsOf([[5, 20]], below, above));
  assert.deepEqual([["×5", 60, 64]], countsOf([[5, 60]], below, above));
});
