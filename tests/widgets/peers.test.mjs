import assert from "node:assert/strict";
import test from "node:test";
import { COLUMNS, textIn } from "../../widgets/blockchain_lab_widgets/js/peers-columns.js";
import { layColumns } from "../../widgets/blockchain_lab_widgets/js/peers-draw.js";
import { PeersScene } from "../../widgets/blockchain_lab_widgets/js/peers-scene.js";
import { Store } from "../../widgets/blockchain_lab_widgets/js/store.js";
import { ToyStory, hashOf } from "./toy_story.mjs";

const B1 = hashOf("0001a");

/** Three peers: ann dials bob and cat, finds a block, tells bob; a link becomes slow, bob a policy, cat goes. */
function makeStory() {
  const story = new ToyStory(["ann", "bob", "cat10", "cat9"], ["miner", "peer", "peer", "peer"]);
  story.head = {
    links: [[0, 1]], latencies: [20_000], firewalls: [false, true, false, false], behind: [-1, -1, 1, -1], eras: ["today", "2010", "today", null],
    knobs: [{ name: "far", path: "links.between.0.latency", pair: [0, 2], min: 1, max: 9, unit: "", value: 5 }],
  };
  const conns = [];
  story.later(0, () => story.peers.forEach((_, host) => story.write("start", host))); // event 1
  story.later(10, () => { conns[0] = story.connect(0, 1); }); // 2, 3
  story.later(20, () => { // 4, 5
    conns[1] = story.connect(0, 2);
    for (const row of story.rows.slice(-2)) story.facts[row[6] - 1].latency = 6_500;
  });
  story.later(30, () => { // 6
    story.note(0, "block accepted", { hash: B1, parent: story.genesis, height: 1 });
    story.note(0, "tip changed", { hash: B1, height: 1 });
    story.send(0, 1, conns[0], "inv", { delay: 5, size: 1_500 }); // arrives as 7
  });
  story.later(40, () => story.write("action", -1, { do: "SetLink", a: "bob", b: "ann", latency: 1_200_000 })); // 8
  story.later(50, () => story.write("action", -1, { do: "SetKnob", knob: "far", value: 44_000 })); // 9
  story.later(60, () => story.write("command", 1, { do: "SetPolicy", peer: "bob", key: "in_transit", value: 3 })); // 10
  story.later(70, () => story.note(1, "peer misbehaved", { conn: conns[0] + 1, reason: "lies" })); // 11
  story.later(80, () => story.write("kill", 2, { reason: "Kill" })); // 12
  story.later(90, () => story.write("start", 2, { life: 1, policy: { era: "2014" } })); // 13
  story.run();
  const store = new Store();
  store.append(...story.packed());
  return store;
}

const store = makeStory();
const scene = new PeersScene(store);

/** A column of all peers at an event. */
function columnAt(event, id) {
  store.goto(event);
  scene.update();
  return store.trace.peers.map((_, host) => textIn(COLUMNS.find(column => column.id === id), scene, host));
}

/** The names in the order of a column. */
function order(column, down = false, filter = "") {
  scene.update();
  return scene.arrange(column && { column, down }, filter).map(host => store.trace.peers[host]);
}

test("cells tell who is on, what keeps others from dialling it, how high it stands", () => {
  assert.deepEqual(["off", "off, behind a firewall", "off, behind bob", "off"], columnAt(0, "state"));
  assert.deepEqual(["on", "on, behind a firewall", "on, behind bob", "on"], columnAt(6, "state"));
  assert.deepEqual(["", "", "", ""], columnAt(0, "tip"));
  assert.deepEqual(["B1", "G", "G", "G"], columnAt(6, "tip"));
  assert.deepEqual(["0", "1", "1", "1"], columnAt(6, "behind"));
  assert.deepEqual(["1", "0", "", "0"], columnAt(12, "height"));
});

test("lines are counted by who dialled; how long they take is their mean, or that to the chosen peer", () => {
  assert.deepEqual([["2", "0", "0", "0"], ["0", "1", "1", "0"]], [columnAt(5, "out"), columnAt(5, "in")]);
  assert.deepEqual(["13 ms", "20 ms", "6.5 ms", ""], columnAt(5, "latency"));
  store.select("peer:ann");
  assert.deepEqual(["", "20 ms", "6.5 ms", ""], columnAt(7, "latency"));
  assert.deepEqual(["", "1,200 ms", "6.5 ms", ""], columnAt(8, "latency"));
  assert.deepEqual(["", "1,200 ms", "44 ms", ""], columnAt(9, "latency"));
  store.select(null);
  assert.deepEqual(["622 ms", "1,200 ms", "44 ms", ""], columnAt(9, "latency"));
});

test("what was turned, and the era with it; in a second life, too", () => {
  assert.deepEqual(["", "in transit 3", "", ""], columnAt(11, "turned"));
  assert.deepEqual(["today", "2010", "today", ""], columnAt(12, "era"));
  assert.deepEqual(["today", "2010", "2014", ""], columnAt(13, "era"));
  assert.deepEqual(["1", "0", "0", "0"], columnAt(11, "faults"));
});

test("columns that hold nothing in this run are left out", () => {
  const ids = scene.update().columns.map(({ id }) => id);

  assert.deepEqual(["waiting", "items", "justified", "final"], COLUMNS.map(({ id }) => id).filter(id => !ids.includes(id)));
});

test("sorted up and down, equal ones by host number, unknown ones last; names as people count", () => {
  store.goto(12);
  assert.deepEqual(["ann", "bob", "cat10", "cat9"], order(null));
  assert.deepEqual(["ann", "bob", "cat9", "cat10"], order("name"));
  assert.deepEqual(["cat10", "cat9", "bob", "ann"], order("name", true));
  assert.deepEqual(["bob", "cat9", "ann", "cat10"], order("height"));
  assert.deepEqual(["ann", "bob", "cat9", "cat10"], order("height", true));
  assert.deepEqual(["ann", "bob", "cat10", "cat9"], order("no such column"));
});

test("a filter wants all its words in a row, anywhere", () => {
  store.goto(12);
  assert.deepEqual(["cat10", "cat9"], order(null, false, "CAT"));
  assert.deepEqual(["cat10"], order(null, false, "  off cat "));
  assert.deepEqual(["bob"], order("name", true, "2010"));
  assert.deepEqual([], order(null, false, "<b>"));
});

test("what an event has changed is known of who had to do with it; nobody changes by being left behind", () => {
  const changesAt = event => {
    store.goto(event);
    return [...scene.findChanges()];
  };
  assert.deepEqual([], changesAt(0));
  assert.deepEqual(["0/tip", "0/height", "0/sent", "0/bytes-sent"], changesAt(6));
  assert.deepEqual(["1/received", "1/bytes-received"], changesAt(7));
  assert.deepEqual(["0/latency", "1/latency"], changesAt(8));
  assert.deepEqual(["0/faults"], changesAt(11));
  assert.deepEqual(["2/state", "2/tip", "2/height", "2/in", "2/latency"], changesAt(12));
  assert.equal(scene.peers[2].isOn, false); // the scene stands at the cursor again
});

test("under the lens only what that peer knows is told", () => {
  store.lookAs("ann");
  assert.deepEqual(["on", "connected", "connected", "not known"], columnAt(7, "state"));
  assert.deepEqual(["1", "", "", ""], columnAt(7, "sent"));
  assert.deepEqual(["B1", "", "", ""], columnAt(7, "tip"));
  assert.deepEqual([], [...scene.findChanges()]);
  store.lookAs(null);
  assert.deepEqual(["B1", "G", "G", "G"], columnAt(7, "tip"));
});

test("columns are as wide as their heads and usual texts; names of any length leave room for others", () => {
  const firstOf = names => layColumns(scene.columns, names, false)[0];
  const stateOf = isWide => layColumns(scene.columns, ["ann"], isWide)[1];

  assert.ok(firstOf(["ann"]) < firstOf(["a long name of a peer"]));
  assert.equal(firstOf(["x".repeat(40)]), firstOf(["x".repeat(4_000)]));
  assert.ok(stateOf(false) < stateOf(true));
});
