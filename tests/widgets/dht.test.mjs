import assert from "node:assert/strict";
import { test } from "node:test";
import { DhtHistory, RING, TREE } from "../../widgets/blockchain_lab_widgets/js/dht-history.js";
import { BITS, bitsOf, compareDistance, countShared, hasPrefix, readId, readIds, shortId } from "../../widgets/blockchain_lab_widgets/js/dht-ids.js";
import { chooseItems, growTree, itemOf, placeBrackets, placePoint, placeTree, sizeOf } from "../../widgets/blockchain_lab_widgets/js/dht-layout.js";
import { lookupAt } from "../../widgets/blockchain_lab_widgets/js/dht-lookups.js";
import { DHT_NOTES } from "../../widgets/blockchain_lab_widgets/js/dht-notes.js";
import { chooseNamed, placeOnRing, turnOf } from "../../widgets/blockchain_lab_widgets/js/dht-ring-layout.js";
import { countRange, makeScene, weighLeaf } from "../../widgets/blockchain_lab_widgets/js/dht-scene.js";
import { tellEmpty, tellKey, tellLeaf, tellProgress, tellSummary, tellTask } from "../../widgets/blockchain_lab_widgets/js/dht-words.js";
import { drawIds } from "./toy_ids.mjs";
import { ToyStory, ids as toyIds } from "./toy_story.mjs";

const PEERS = ["ann", "bob", "cat", "dan"];
const idOf = bits => BigInt(`0b${bits.padEnd(BITS, "0")}`).toString(16).padStart(40, "0");
const [ANN, BOB, CAT, DAN] = ["00", "01", "10", "11"].map(idOf);
const IDS = [ANN, BOB, CAT, DAN];
const ADDRESSES = ["10.0.0.0:1", "10.0.0.1:1", "10.0.0.2:1", "10.0.0.3:1"];
const who = at => ({ id: IDS[at], address: ADDRESSES[at] });
const added = (at, bucket = "") => ["contact added", { bucket, ...who(at) }];

/** Lines, one event each, behind the starts of all: [host, topic, facts]; or [host, kind, facts, more] of another record. */
function tell(...lines) {
  const story = new ToyStory(PEERS);
  PEERS.forEach((_, at) => story.later(0, () => {
    story.write("start", at);
    story.note(at, "node started", { ...who(at), k: 2, spares: 3 });
  }));
  lines.forEach(([host, what, facts, more, also], at) => story.later(1000 * (at + 1), () => {
    if (["start", "kill", "datagram", "command"].includes(what)) story.write(what, host, facts, more);
    else story.note(host, what, facts);
    if (also) story.note(host, ...also);
  }));
  return story.run().trace();
}

const heard = (host, from, command = "find-node", also) => [host, "datagram", { command, from: ADDRESSES[from] }, { other: from }, also];
const show = table => table?.buckets.map(({ prefix, contacts, waiting, checked }) => `${prefix || "all"}: ${contacts.map(({ id, silent }) => `${PEERS[IDS.indexOf(id)]}${silent || ""}`).join(" ")}${waiting.length ? ` + ${waiting.map(({ id }) => PEERS[IDS.indexOf(id)]).join(" ")}` : ""}${checked ? ` ?${PEERS[IDS.indexOf(checked)]}` : ""}`).join(" | ");

/** Ann's table after each line. */
function tables(trace) {
  const history = new DhtHistory(trace).update();
  return Array.from({ length: trace.lastEvent - 4 }, (_, at) => show(history.tableOf(0, trace.rowsUpTo(at + 5))));
}

function sceneOf(trace, host = 0, event = trace.lastEvent) {
  const history = new DhtHistory(trace).update();
  const rows = trace.rowsUpTo(event);
  return makeScene(history, trace, { rows, host, lookup: history.latestLookup(rows) });
}

test("bits, prefixes and distances are those of whole numbers", () => {
  const all = drawIds(40);
  const [a, b, target] = all;
  const far = id => BigInt(`0x${id}`) ^ BigInt(`0x${target}`);

  assert.equal(BigInt(`0x${a}`).toString(2).padStart(BITS, "0").slice(0, 13), bitsOf(a, 13));
  assert.deepEqual([true, false, true], [hasPrefix(a, bitsOf(a, 7)), hasPrefix(DAN, "10"), hasPrefix(DAN, "")]);
  assert.deepEqual([BITS, 0, 1], [countShared(a, a), countShared(ANN, DAN), countShared(CAT, DAN)]);
  for (const one of all) {
    assert.equal(BITS - (BigInt(`0x${one}`) ^ BigInt(`0x${b}`)).toString(2).length, one === b ? 159 : countShared(one, b));
    assert.equal(Math.sign(Number(far(one) - far(b))), Math.sign(compareDistance(one, b, target)));
  }
});

test("an id of a note is read only when it is one", () => {
  assert.deepEqual([`${"0".repeat(36)}4800`, null, null, null, null], ["4800", "xyz", 5, "", "0".repeat(41)].map(readId));
  assert.deepEqual([[ANN], []], [readIds([ANN, 3]), readIds("ids")]);
  assert.deepEqual(["4000", "4800"], [shortId(BOB), shortId(readId("4800"), 16)]);
});

test("a table is who was added and not removed, who spoke last stands last", () => {
  const trace = tell([0, ...added(1)], [0, ...added(2)], heard(0, 1), [0, "bucket changed", { bucket: "" }], [0, ...added(3, "1")], heard(0, 2), [0, "contact removed", { bucket: "1", ...who(3) }]);

  assert.deepEqual([
    "all: bob", "all: bob cat", "all: cat bob", "0: bob | 1: cat", "0: bob | 1: cat dan", "0: bob | 1: dan cat", "0: bob | 1: cat",
  ], tables(trace));
});

test("who waits, who is asked whether it is there, who is silent", () => {
  const note = (what, at) => [0, `contact ${what}`, { bucket: "", ...who(at) }];
  const trace = tell([0, ...added(1)], note("waits", 2), note("waits", 3), note("checked", 1), heard(0, 2), heard(0, 1), note("silent", 1), heard(0, 1, "node-pong"), note("forgotten", 3), note("removed", 1), [0, ...added(2)]);

  assert.deepEqual([
    "all: bob", "all: bob + cat", "all: bob + cat dan", "all: bob + cat dan ?bob", "all: bob + dan cat ?bob", "all: bob + dan cat ?bob", "all: bob1 + dan cat",
    "all: bob + dan cat", "all: bob + cat", "all:  + cat", "all: cat",
  ], tables(trace));
});

test("nonsense, another address and other protocols move nobody", () => {
  const trace = tell(
    [0, ...added(1)], [0, ...added(2)], heard(0, 1, "find-node", ["peer misbehaved", { reason: "unasked" }]), [0, "datagram", { command: "find-node", from: "9.9.9.9:1" }, { other: 1 }],
    heard(0, 1, "ping"), [0, "datagram", { command: "stored", from: ADDRESSES[1], malformed: "cut" }, { other: 1 }], [1, "kill", { reason: "" }], heard(0, 1),
  );

  assert.deepEqual(["all: bob", ...Array(6).fill("all: bob cat"), "all: cat bob"], tables(trace)); // the last was sent before the end
});

test("a restart empties a table, and a future that is replaced is read again", () => {
  const trace = tell([0, ...added(1)], [0, "kill", { reason: "" }], [0, "start", {}, {}, ["node started", { ...who(0), k: 5, spares: 0 }]]);
  assert.deepEqual(["all: bob", undefined, "all: "], tables(trace));
  const history = new DhtHistory(trace).update();
  assert.deepEqual([2, 5], [5, 7].map(event => history.tableOf(0, trace.rowsUpTo(event)).k));
  assert.deepEqual([4, 3], [5, 6].map(event => history.homesAt(trace.rowsUpTo(event)).length));

  const story = new ToyStory(PEERS);
  story.later(0, () => story.note(0, "node started", { ...who(0), k: 2, spares: 3 }));
  [1, 2].forEach(at => story.later(at, () => story.note(0, ...added(at))));
  const other = story.run().trace();
  const read = new DhtHistory(other).update();
  assert.equal("all: bob cat", show(read.tableOf(0, other.length)));
  story.rows.splice(-1, 1);
  other.append(...story.packed({ epoch: 1, cut: 0 }));
  assert.equal("all: bob", show(read.update().tableOf(0, other.length)));
});

const NAME = { lookup: 7, purpose: "value", target: DAN };
const started = [0, "command", { do: "GetValue", key: "song" }, {}, ["lookup started", { ...NAME, k: 2, alpha: 2, closest: [BOB] }]];
const LOOKUP = [
  started, [0, "lookup asked", { ...NAME, ...who(1), hops: 1 }], [0, "lookup answered", { ...NAME, ...who(1), told: 1, new: [CAT] }], [0, "lookup asked", { ...NAME, ...who(2), hops: 2 }],
  [0, "lookup answered", { ...NAME, ...who(2), told: 1, new: [DAN] }], [0, "lookup asked", { ...NAME, ...who(3), hops: 3 }], [0, "lookup silent", { ...NAME, ...who(3) }],
  [0, "lookup finished", { ...NAME, closest: [CAT, BOB], hops: 2, asked: 3, silent: 1, value: null, holder: null }],
];

test("a lookup: whom it knows, closest first, by whom told of, how many hops away", () => {
  const trace = tell(...LOOKUP);
  const history = new DhtHistory(trace).update();
  const [lookup] = history.lookups;
  const at = event => lookupAt(lookup, trace.rowsUpTo(event));
  const say = event => at(event).shortlist.map(({ id, state, depth, by }) => `${PEERS[IDS.indexOf(id)]} ${state} ${depth}${by ? ` by ${PEERS[IDS.indexOf(by)]}` : ""}`).join(", ");

  assert.deepEqual([
    "bob known 1", "bob asked 1", "cat known 2 by bob, bob answered 1", "cat asked 2 by bob, bob answered 1", "dan known 3 by cat, cat answered 2 by bob, bob answered 1",
    "dan asked 3 by cat, cat answered 2 by bob, bob answered 1", "cat answered 2 by bob, bob answered 1", "cat answered 2 by bob, bob answered 1",
  ], [5, 6, 7, 8, 9, 10, 11, 12].map(say));
  assert.deepEqual([[false, 1], [true, 0]], [6, 12].map(at).map(({ isOver, waiting }) => [isOver, waiting]));
  assert.deepEqual("song", history.names.get(DAN));
});

test("a lookup that is broken off has no result; housekeeping does not hide what was ordered", () => {
  const join = [1, "lookup started", { lookup: 1, purpose: "join", target: BOB, k: 2, alpha: 1, closest: [] }];
  const trace = tell(join, started, [1, "lookup started", { lookup: 2, purpose: "refresh", target: CAT, k: 2, alpha: 1, closest: [] }], [0, "kill", { reason: "" }]);
  const history = new DhtHistory(trace).update();
  const latest = event => history.latestLookup(trace.rowsUpTo(event))?.purpose;

  assert.deepEqual([undefined, "join", "value", "value"], [4, 5, 6, 7].map(latest));
  assert.equal("join", history.latestLookup(trace.length, 1).purpose); // not the refreshing that came after
  const scene = sceneOf(trace);
  assert.equal("broken off: ann was switched off", tellProgress(scene));
});

test("a lookup in words", () => {
  const trace = tell(...LOOKUP);
  assert.equal("ann wants dan", tellTask(sceneOf(trace), sceneOf(trace).lookup));
  assert.equal("0 of 2 on their way; 0 questions so far; closest: bob", tellProgress(sceneOf(trace, 0, 5)));
  assert.equal("not found: 2 hops, 3 questions, 1 without an answer, 0.007 s", tellProgress(sceneOf(trace)));
  assert.equal("4 peers in the space. ann knows 0 peers in 1 bucket of 2. ann wants dan: not found: 2 hops, 3 questions, 1 without an answer, 0.007 s.", tellSummary(sceneOf(trace)));
});

test("what is kept where: values and providers, until they are dropped or their keeper is switched off", () => {
  const key = idOf("0110");
  const stored = (host, from = "") => [host, "value stored", { key, size: 1, from, until: 5 }];
  const trace = tell(stored(1), stored(1), stored(2), [3, "provider stored", { key, ...who(0) }], [1, "value expired", { key }], [3, "provider expired", { key, id: ANN }], [2, "kill", { reason: "" }], [3, "value dropped", { key }]);
  const history = new DhtHistory(trace).update();
  const at = event => (history.keysAt(trace.rowsUpTo(event)).get(key) ?? []).map(({ host, id }) => `${PEERS[host]}${id ? "*" : ""}`).join(" ");

  assert.deepEqual(["", "bob", "bob", "bob cat", "bob cat dan*", "cat dan*", "cat", "", ""], [4, 5, 6, 7, 8, 9, 10, 11, 12].map(at));
  const scene = sceneOf(trace, 0, 8);
  assert.equal("6000 at bob, cat, dan; closest to it are bob, ann, dan", tellKey(scene, key, scene.keys.get(key)));
  assert.deepEqual([0, 1, 1, 1], scene.leaves.map(({ count }) => count));
});

test("leaves say what they are for the shown peer", () => {
  const trace = tell([0, ...added(1)], [0, "contact waits", { bucket: "", ...who(2) }], [1, "kill", { reason: "" }]);
  const scene = sceneOf(trace);

  assert.deepEqual(["own true", "contact false", "waits true", "stranger true"], scene.leaves.map(({ place, isOn }) => `${place} ${isOn}`));
  assert.deepEqual(["bob", "id 40000000…", "off", "a contact", "the only bucket", "begins as ann's with 1 bit"], tellLeaf(scene, scene.leaves[1]));
  assert.deepEqual([1, 3], countRange(scene, ""));
  assert.deepEqual([5, 0], [0, 3].map(at => weighLeaf(scene, scene.leaves[at], null)));
  assert.equal("", tellEmpty(scene));
  const none = new ToyStory(PEERS);
  none.later(0, () => none.write("start", 0));
  assert.match(tellEmpty(sceneOf(none.run().trace(), -1)), /^Nobody in this story has an id/);
});

test("notes that do not fit change nothing", () => {
  const trace = tell([0, "contact added", { bucket: "", id: "zz", address: 5 }], [0, "bucket changed", { bucket: "0101" }], [0, "lookup asked", { lookup: 9, id: BOB, hops: 1 }], [0, "lookup started", { lookup: 1, target: "?" }], [0, "value stored", { key: [] }], [3, "ring changed", { successors: 5, fingers: [5, [1, "zz"]] }]);

  assert.deepEqual(Array(6).fill("all: "), tables(trace));
  assert.deepEqual([0, 0], [sceneOf(trace).keys.size, new DhtHistory(trace).update().lookups.length]);
});

test("the tree of four ids, and what is drawn of it where there is room for less", () => {
  const tree = growTree(IDS);
  assert.deepEqual([0, 1, 1], [tree, ...tree.halves].map(({ shared }) => shared));
  assert.equal(null, growTree([]));
  const shares = (most, weights = [0, 0, 0, 0]) => chooseItems(tree, most, weights).map(sizeOf);

  assert.deepEqual([[4], [2, 2], [1, 1, 2], [2, 1, 1], [1, 1, 1, 1]], [shares(1), shares(2), shares(3), shares(3, [0, 0, 1, 0]), shares(9)]);
  const items = chooseItems(tree, 3, [0, 0, 0, 1]);
  const laid = placeTree(tree, items, { left: 10, width: 120, height: 40 });
  assert.deepEqual([30, 70, 110], laid.items.map(({ x }) => x));
  assert.deepEqual([[60, 0], [90, 20]], laid.forks.map(({ x, y }) => [x, y]));
  assert.equal(40, laid.depth);
  assert.deepEqual([0, 0, 1, 2], [0, 1, 2, 3].map(leaf => itemOf(items, leaf)));
});

test("a thousand ids are drawn as few, our own and the target's among them", () => {
  const all = drawIds(1000).sort();
  const weights = all.map((_, at) => (at === 500 ? 5 : at === 20 ? 4 : 0));
  const items = chooseItems(growTree(all), 30, weights);

  assert.equal(30, items.length);
  assert.equal(1000, items.reduce((sum, item) => sum + sizeOf(item), 0));
  for (const leaf of [500, 20]) assert.equal(1, sizeOf(items[itemOf(items, leaf)]));
});

test("brackets stand below their buckets' ids, a point between its neighbours", () => {
  const all = chooseItems(growTree(IDS), 4, [0, 0, 0, 0]);
  const say = (items, prefixes) => placeBrackets(IDS, items, prefixes).map(({ first, last, prefixes: own }) => `${first}-${last} ${own.join("+")}`);
  assert.deepEqual(["0-0 00", "1-1 01", "2-3 1"], say(all, ["00", "01", "1"]));
  const few = chooseItems(growTree(IDS), 2, [0, 0, 0, 0]);
  assert.deepEqual(["0-0 00+01", "1-1 1"], say(few, ["00", "01", "1"]));
  assert.deepEqual(["0-1 "], say(few, [""]));

  assert.deepEqual([1.5, 2, 4, 0.5], [[all, BOB], [all, idOf("011")], [all, idOf("111")], [few, idOf("001")]].map(([items, point]) => placePoint(IDS, items, point)));
});

test("a ring goes clockwise from the top; names do not cover each other", () => {
  const centre = { x: 100, y: 100 };
  const near = ({ x, y }) => [Math.round(x), Math.round(y)];
  assert.deepEqual([0, 0.25, 0.5], ["0000", "4000", "8000"].map(text => turnOf(readId(text), 16)));
  assert.deepEqual([[100, 50], [150, 100], [100, 150]], [0, 0.25, 0.5].map(turn => near(placeOnRing(turn, 50, centre))));
  const points = [0.2, 0.201, 0.25, 0.3].map((turn, at) => ({ turn, weight: at === 1 ? 3 : 0 }));
  assert.deepEqual([1, 2, 3], [...chooseNamed(points, 100)].sort());
  assert.deepEqual([1], [...chooseNamed(points, 100, 1)]);
});

test("a node of Chord knows its ring; its lookup asks one after another", () => {
  const trace = toyIds({ count: 20, isRing: true }).trace();
  const scene = sceneOf(trace);
  assert.deepEqual([RING, 32, true], [scene.home.shape, scene.home.bits, scene.isRing]);
  assert.equal(7, scene.leaves.filter(({ place }) => place === "contact").length);
  const met = [...scene.state.met.values()].map(({ state, depth }) => `${state} ${depth}`);
  assert.deepEqual(["answered 1", "silent 2"], met);
  assert.match(tellSummary(scene), /^20 peers in the space\. n0's successor is n2, of 4 known; before it n1; 2 fingers\./);
  assert.equal(TREE, sceneOf(toyIds({ count: 20 }).trace()).home.shape);
});

test("notes are told in sentences, odd ones too", () => {
  const words = { me: "ann", at: address => address };
  const facts = { id: BOB, address: "bob", bucket: "01", target: DAN, purpose: "value", key: DAN, from: "cat", k: 3, told: 2, asked: 4, value: "la", successors: [1], fingers: [] };
  const told = Object.fromEntries(Object.entries(DHT_NOTES).map(([topic, say]) => [topic, say({ ...words, facts })]));

  assert.equal("ann takes bob into its table (bucket 01)", told["contact added"]);
  assert.equal("ann has an answer of bob, for a lookup of the value c000: it tells of 2 contacts", told["lookup answered"]);
  assert.equal("ann ends a lookup of the value c000, after 4 questions: it has found “la”", told["lookup finished"]);
  assert.equal("ann keeps the value of c000, which cat has given it", told["value stored"]);
  assert.equal("ann has the id nobo", DHT_NOTES["node started"]({ ...words, facts: { id: "nobody's" } }));
});
