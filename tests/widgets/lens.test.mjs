import assert from "node:assert/strict";
import { test } from "node:test";
import { ARRIVED, FLYING, LOST } from "../../widgets/blockchain_lab_widgets/js/chart-data.js";
import { FILTERS, filterRows } from "../../widgets/blockchain_lab_widgets/js/events-filter.js";
import { aboutOf, holdChoice, hostOf, ownRecords, seeThrough, shownOf } from "../../widgets/blockchain_lab_widgets/js/lens.js";
import { unseenIn } from "../../widgets/blockchain_lab_widgets/js/lens-chart.js";
import { countLocalStates, sightOf } from "../../widgets/blockchain_lab_widgets/js/lens-sight.js";
import { spreadAs, tellSpreadAs } from "../../widgets/blockchain_lab_widgets/js/lens-spread.js";
import { tellChosen, tellShare } from "../../widgets/blockchain_lab_widgets/js/lens-words.js";
import { Scene } from "../../widgets/blockchain_lab_widgets/js/network-scene.js";
import { describeLink, describeNetwork, describePeer, listPeers } from "../../widgets/blockchain_lab_widgets/js/network-words.js";
import { findSpread } from "../../widgets/blockchain_lab_widgets/js/spread-model.js";
import { Store } from "../../widgets/blockchain_lab_widgets/js/store.js";
import { ToyStory, chainOf } from "./toy_story.mjs";

const [FIRST] = chainOf(1, 1);
const HOMES = ["10.0.0.1:8333", "10.0.0.2:8333", "10.0.0.3:8333", "10.0.0.4:8333"];
const MS = 1000;

/** ann and bob are connected, bob and cat too; cat mines, bob hears of it, and at last ann; dan is alone, and is killed. */
function line(change = () => {}) {
  const toy = new ToyStory(["ann", "bob", "cat", "dan"]);
  const { genesis } = toy;
  const has = (peer, cause = -1) => {
    toy.note(peer, "block accepted", { hash: FIRST, parent: genesis, height: 1 }, cause);
    toy.note(peer, "tip changed", { hash: FIRST, height: 1 }, cause);
  };
  [0, 1, 2, 3].forEach(peer => toy.later(0, () => toy.write("start", peer)));
  toy.later(1 * MS, () => { toy.first = toy.connect(0, 1); });
  toy.later(2 * MS, () => { toy.second = toy.connect(1, 2); });
  toy.later(10 * MS, () => has(2));
  toy.later(11 * MS, () => toy.send(2, 1, toy.second + 1, "block", { delay: 5 * MS, blocks: [FIRST], onArrival: row => has(1, row) }));
  toy.later(20 * MS, () => toy.send(1, 0, toy.first + 1, "inv", { delay: 10 * MS, blocks: [FIRST] }));
  toy.later(22 * MS, () => toy.send(0, 1, toy.first, "ping", { delay: 10 * MS }));
  toy.later(50 * MS, () => toy.write("kill", 3, { reason: "reset" }));
  change(toy);
  return toy.run();
}

function open(toy, milliseconds, lens) {
  const store = new Store();
  store.append(...toy.packed({ addresses: HOMES }));
  store.gotoTime(milliseconds * MS);
  store.lookAs(lens);
  return store;
}

const scene = store => new Scene(store).update();
const linksOf = ({ links }) => Object.fromEntries([...links].map(([key, { state }]) => [key, state]));

test("a view follows the lens, and the selection only without one", () => {
  const store = open(line(), 5, null);
  store.select("peer:cat");
  const heads = { held: null, hold: is => { heads.held = is; } };

  assert.deepEqual(["peer:cat", null], [aboutOf(store), hostOf(store)]);
  assert.deepEqual([[2], false], [shownOf(store, heads, () => [2]), heads.held]);
  store.lookAs("bob");
  assert.deepEqual(["peer:bob", 1], [aboutOf(store), hostOf(store)]);
  assert.deepEqual([[1], true], [shownOf(store, heads, () => [2]), heads.held]);
  store.lookAs("nobody of that name");
  assert.equal(null, hostOf(store));
  assert.equal(null, sightOf(store));
});

test("a choice of peers is held while the lens is on, and is what it was behind it", () => {
  const store = open(line(), 5, null);
  const choice = { value: "cat", title: "Whose", disabled: false, dataset: {} };
  const look = () => [holdChoice(choice, store), choice.value, choice.disabled].slice(1);

  assert.deepEqual(["cat", false], look());
  store.lookAs("ann");
  assert.deepEqual(["ann", true], look());
  store.lookAs("bob");
  assert.deepEqual(["bob", true], look());
  store.lookAs(null);
  assert.deepEqual(["cat", false], look());
  assert.equal("Whose", choice.title);
});

test("the block tree looks with the eyes of the lens, and then as before", () => {
  const outlook = { viewer: "cat", isCompared: true, chosen: null };

  seeThrough(outlook, "ann");
  seeThrough(outlook, "bob");
  assert.deepEqual(["bob", false], [outlook.viewer, outlook.isCompared]);
  seeThrough(outlook, null);
  assert.deepEqual({ viewer: "cat", isCompared: true, chosen: null }, outlook);
});

test("a peer knows its neighbours and what they have told it, and of the others nothing", () => {
  const store = open(line(), 40, "ann");
  const seen = scene(store);

  assert.deepEqual({ "0-1": "open", "1-2": "unseen" }, linksOf(seen));
  assert.deepEqual([false, false, true, true], seen.getLooks().map(({ unseen }) => unseen));
  assert.deepEqual([store.trace.genesis, FIRST, null, null], seen.tips);
  assert.deepEqual([1, 0, -1, -1], seen.getLooks().map(({ fill }) => fill), "the tip that bob has told of is the best one that ann knows");
  assert.equal("bob\nconnected to ann\nhas told ann of B1", describePeer(seen, 1));
  assert.equal("cat\nunknown to ann", describePeer(seen, 2));
  assert.match(describePeer(seen, 0), /^ann, peer\ntip G, height 0/);
  assert.equal("bob – cat\nnot known to ann", describeLink(seen, seen.links.get("1-2")));
  assert.match(describeNetwork(seen, [], 0), /^As ann sees it: it knows 2 of 4 peers, itself included, and has 1 connection\./);
  assert.deepEqual(["ann", "connected to ann", "unknown to ann", "unknown to ann"], listPeers(seen).map(({ cells: [name, , state] }, at) => (at ? state : name)));
});

test("nobody sees a message before it arrives, nor what becomes of its own", () => {
  const flying = (at, lens) => scene(open(line(), at, lens)).flying.map(({ source, target }) => [source, target]);

  assert.deepEqual([[1, 0], [0, 1]], flying(25, null));
  assert.deepEqual([[0, 1]], flying(25, "ann"), "bob's inv is on its way to ann, who does not see it");
  assert.deepEqual([[1, 0]], flying(25, "bob"));
  assert.deepEqual([], flying(25, "cat"));
  const before = sightOf(open(line(), 25, "ann"));
  assert.equal(null, before.tipOf(1), "what is on its way has told nobody anything");
});

test("another one's death is not seen, and what it told goes with its line", () => {
  const toy = line(story => {
    story.later(60 * MS, () => story.write("kill", 1, { reason: "silence" }));
    story.later(80 * MS, () => story.write("disconnect", 0, { reason: "time-out" }, { other: 1, conn: story.first }));
  });
  const looks = at => {
    const { off, fill, unseen } = scene(open(toy, at, "ann")).getLooks()[1];
    return [off, fill, unseen];
  };

  assert.deepEqual([false, 0, false], looks(70), "it is dead, and looks alive");
  assert.deepEqual([false, -1, true], looks(80));
});

test("a peer that is off knows nothing, not even its neighbours, and says so", () => {
  const toy = line(story => story.later(60 * MS, () => story.write("kill", 1, { reason: "reset" })));
  const store = open(toy, 60, "bob");
  const seen = scene(store);

  assert.equal("bob is off: it knows nothing, its disk keeps what it had", tellShare(sightOf(store)));
  assert.deepEqual([true, false, true, true], seen.getLooks().map(({ unseen }) => unseen));
  assert.equal(true, seen.getLooks()[1].off);
  assert.equal("bob\noff: it knows nothing", describePeer(seen, 1));
  assert.equal("As bob sees it: bob is off and knows nothing.", describeNetwork(seen, [], 0));
});

test("how much of the world a peer knows is counted, and whether it knows what is chosen", () => {
  const store = open(line(), 40, "ann");
  const row = test => [...Array(store.trace.length).keys()].find(at => test(store.trace.record(at)));
  const tell = selection => {
    store.select(selection);
    return tellChosen(sightOf(store), store);
  };

  assert.equal("knows 2 of 4 peers, 1 of 2 blocks", tellShare(sightOf(store)));
  assert.deepEqual(["", "this peer is unknown to ann"], ["peer:bob", "peer:cat"].map(tell));
  assert.equal("", tell(`block:${FIRST}`), "bob has told it the name");
  assert.equal("this record is unknown to ann", tell(`record:0:${row(({ kind, facts }) => kind === "send" && facts.command === "block")}`));
  const told = `record:0:${row(({ kind, facts }) => kind === "send" && facts.command === "inv")}`;
  assert.equal("", tell(told), "it has arrived");
  store.gotoTime(25 * MS);
  assert.equal("this record is unknown to ann", tell(told), "it is on its way");
  assert.equal("this block is unknown to ann", tell(`block:${FIRST}`));
  assert.equal("", tell("record:7:1"), "another future is another question");
  assert.equal("", tell(null));
});

test("an address that is heard of makes a peer known, and one that is forgotten unknown", () => {
  const toy = line(story => {
    story.later(60 * MS, () => story.note(0, "address added", { address: ["10.0.0.4", 8333], table: "new", source: "10.0.0.2" }));
    story.later(65 * MS, () => story.note(0, "address added", { address: "odd" }));
    story.later(70 * MS, () => story.note(0, "address removed", { address: ["10.0.0.4", 8333] }));
  });
  const known = at => sightOf(open(toy, at, "ann")).isKnown(3);

  assert.deepEqual([false, true, false], [55, 60, 70].map(known));
  assert.equal("dan\nann has heard of its address", describePeer(scene(open(toy, 60, "ann")), 3));
});

test("whom its settings name a peer knows from its start", () => {
  const store = new Store();
  store.append(...line().packed({ addresses: HOMES, links: [[0, 3], [2, 0]] }));
  store.gotoTime(5 * MS);
  store.lookAs("ann");

  assert.deepEqual([true, true, false, true], [0, 1, 2, 3].map(peer => sightOf(store).isKnown(peer)));
});

test("of a block chosen, only those stand in the light of whom it was told", () => {
  const store = open(line(), 40, null);
  const lit = lens => {
    store.lookAs(lens);
    store.select(`block:${FIRST}`);
    return [...scene(store).light.peers].sort();
  };

  assert.deepEqual([1, 2], lit(null));
  assert.deepEqual([1], lit("ann"));
});

test("in the chart a peer knows its own messages, and others' when they have reached it", () => {
  const store = open(line(), 40, "ann");
  const { arrows, marks, hosts } = unseenIn(sightOf(store), 20);
  const arrow = (from, to, ends, fate) => arrows({ arrow: { from, to, ends, fate } });

  assert.deepEqual([false, false, true, true, true],
    [arrow(0, 1, 30, FLYING), arrow(1, 0, 20, ARRIVED), arrow(1, 0, 21, ARRIVED), arrow(1, 2, 5, ARRIVED), arrow(1, 0, 20, LOST)]);
  assert.deepEqual([false, true], [0, 1].map(peer => marks({ record: { peer } })));
  assert.deepEqual([false, true], [0, 1].map(hosts));
  assert.equal(false, unseenIn(null, 20).hosts(1));
});

test("the list of events holds what a peer has written itself, and what was lost on its way to it nobody tells it", () => {
  const store = open(line(story => story.later(70 * MS, () => story.write("drop", 0, { command: "inv" }, { other: 1 }))), 80, "ann");
  const { trace } = store;
  const kindsOf = rows => new Set(rows.map(row => `${trace.record(row).peer} ${trace.record(row).kind}`));

  assert.deepEqual(new Set(["0 start", "0 connect", "0 deliver", "0 send"]), kindsOf(filterRows(trace, ownRecords(store, FILTERS[1]))));
  assert.deepEqual(new Set(["0 deliver"]), kindsOf(filterRows(trace, ownRecords(store, FILTERS[0]))));
  store.lookAs(null);
  assert.equal(FILTERS[0], ownRecords(store, FILTERS[0]));
});

test("of a block's way through the network a peer knows its own part", () => {
  const store = open(line(), 40, "bob");
  const { trace } = store;
  const whole = findSpread(trace, `block:${FIRST}`);
  const own = spreadAs(sightOf(store), whole);

  assert.deepEqual([2, 1], whole.receipts.map(({ host }) => host));
  assert.deepEqual([1], own.receipts.map(({ host }) => host));
  assert.deepEqual([0, 2, 3], own.unknown);
  assert.equal("bob has it at 0.016 s; who else has it, it does not know.", tellSpreadAs(sightOf(store), own));
  store.lookAs("dan");
  assert.equal("dan never hears of it; who else has it, it does not know.", tellSpreadAs(sightOf(store), spreadAs(sightOf(store), whole)));
});

test("local states are counted at the cursor, whoever looks", () => {
  const store = open(line(), 5, null);
  const count = at => {
    store.gotoTime(at * MS);
    return countLocalStates(store);
  };

  assert.deepEqual([1, 2, 2, 2], [5, 10, 30, 50].map(count));
  store.lookAs("ann");
  assert.equal(2, count(40));
});

test("the lens follows the cursor, back too, and a future that is replaced", () => {
  const store = open(line(), 40, "ann");
  const told = () => sightOf(store).tipOf(1);

  assert.equal(FIRST, told());
  store.gotoTime(5 * MS);
  assert.equal(null, told());
  const other = line(story => story.later(60 * MS, () => story.write("hang-up", 0, { reason: "bored" }, { other: 1, conn: story.first })));
  store.append(...other.packed({ addresses: HOMES, epoch: 1, cut: 0 }));
  store.gotoTime(55 * MS);
  assert.deepEqual(["ann", FIRST], [store.lens, told()]);
  store.gotoTime(60 * MS);
  assert.equal(null, told());
});
