import assert from "node:assert/strict";
import { test } from "node:test";
import { sceneOf } from "../../widgets/blockchain_lab_widgets/js/acting-fold.js";
import { getFlying } from "../../widgets/blockchain_lab_widgets/js/acting-messages.js";
import { perform } from "../../widgets/blockchain_lab_widgets/js/acting-perform.js";
import { listNames } from "../../widgets/blockchain_lab_widgets/js/acting-words.js";
import { getOffers } from "../../widgets/blockchain_lab_widgets/js/acting.js";
import { getStep, getTurned, isFixed, showValue } from "../../widgets/blockchain_lab_widgets/js/knob-values.js";
import { Store } from "../../widgets/blockchain_lab_widgets/js/store.js";
import { chainOf, hashOf, ToyStory } from "./toy_story.mjs";

const ALL = ["Mine", "Pay", "Connect", "Disconnect", "SetPolicy"];
const [B1] = chainOf(1, 1);

/** ann - bob - cat; dan stands alone behind a firewall, and eve obeys nothing and is never switched on. */
function village({ obeys = [ALL, ALL, ALL, ALL, []], ...more } = {}) {
  const story = new ToyStory(["ann", "bob", "cat", "dan", "eve"]);
  const conns = [];
  [0, 1, 2, 3].forEach(peer => story.later(0, () => story.write("start", peer)));
  story.later(10_000, () => { conns[0] = story.connect(0, 1); }); // events 5 and 6
  story.later(20_000, () => { conns[1] = story.connect(1, 2); }); // 7 and 8
  story.later(1_000_000, () => { // 9: a message that takes 100 ms
    story.note(0, "headers accepted", { parent: story.genesis, height: 1, hashes: [B1] });
    story.note(0, "tip changed", { hash: B1, height: 1, previous: hashOf("0000a"), disconnected: 0, connected: 1 });
    story.send(0, 1, conns[0], "block", { delay: 100_000, blocks: [B1], message: 0 });
  });
  story.later(1_050_000, () => story.note(2, "counted")); // 10: while it flies
  story.later(2_000_000, () => story.write("action", -1, { do: "Partition", group: ["ann"], against: [] })); // 12
  story.later(3_000_000, () => story.write("action", -1, { do: "SetKnob", knob: "window", value: 9 })); // 13
  story.later(4_000_000, () => story.write("action", -1, { do: "Heal" })); // 14
  story.later(5_000_000, () => { // 15
    story.write("action", 1, { do: "Kill", peer: "bob", seen_as: "reset" });
    story.write("kill", 1, { reason: "reset" });
  });
  story.later(6_000_000, () => story.write("action", -1, { do: "SetLink", a: "cat", b: "ann", latency: 7000, loss: null })); // 16
  story.run();
  const knobs = [{ name: "window", path: "policy.window", min: 1, max: 100, unit: "blocks", value: 16 }];
  const head = { obeys, knobs, firewalls: [false, false, false, true, false], links: [[0, 1], [1, 2]], latencies: [50_000, 60_000] };
  const store = new Store();
  store.append(...story.packed({ ...head, ...more }));
  store.connect(() => {});
  return store;
}

/** The menu of a target at an event, with the reason behind what cannot be done: ["Heal the partition (there is none)"] */
function menuOf(store, event, target) {
  store.goto(event);
  return getOffers(sceneOf(store)(), target).groups.flat().map(({ title, why }) => (why ? `${title} (${why})` : title));
}

function find(store, event, target, title) {
  store.goto(event);
  const offer = getOffers(sceneOf(store)(), target).groups.flat().find(each => each.title.startsWith(title));
  assert.ok(offer, `no offer begins with ${title}`);
  return offer;
}

test("a peer can do what it obeys, and suffer what anybody can suffer", () => {
  const suffered = ["Kill …", "Cut off from all others", "Change its link to …", "See the run as ann", "See the blocks through its eyes", "Why is it on B1?"];

  assert.deepEqual(["Mine a block", "Mine 3 blocks", "Send a transaction", "Connect to …", "Disconnect from …", ...suffered],
    menuOf(village(), 9, "peer:ann"));
  assert.deepEqual(["Send a transaction", ...suffered], menuOf(village({ obeys: [["Pay"], [], [], [], []] }), 9, "peer:ann"));
  assert.deepEqual(suffered, menuOf(village({ obeys: [] }), 9, "peer:ann"));
});

test("a validator deposits, leaves, burns, and votes from any checkpoint that it knows to any other one", () => {
  const orders = ["MakeDeposit", "AskExit", "TakeDeposit", "CastVote", "BurnCoins", "RewriteHistory"];
  const story = new ToyStory(["ann", "bob"]);
  [0, 1].forEach(peer => story.later(0, () => story.write("start", peer)));
  story.later(0, () => story.note(0, "finality loaded", { block: story.genesis, epoch: 0, deposits: {}, forward: [], rear: [] })); // event 3
  const blocks = chainOf(1, 8);
  blocks.forEach((block, place) => story.later(1000 * (place + 1), () => story.note(0, "checkpoint reached", { block, epoch: place + 1 })));
  story.later(8500, () => story.note(0, "checkpoint reached", { block: blocks[7], epoch: 8 })); // 12: read from its disk again
  story.run();
  const store = new Store();
  store.append(...story.packed({ obeys: [orders, orders] }));
  store.connect(() => {});
  const votes = event => find(store, event, "peer:ann", "Vote from …").choices;

  assert.deepEqual(["Deposit …", "Leave the validators", "Take the deposit back", "Vote from … (there is no checkpoint yet)", "Burn …", "Rewrite history"],
    menuOf(store, 3, "peer:ann").slice(0, 6));
  assert.deepEqual([{ do: "MakeDeposit", peer: "ann", amount: 1_000_000 }], find(store, 3, "peer:ann", "Deposit").choices[1].actions);
  assert.deepEqual(["AskExit", "TakeDeposit", "RewriteHistory"],
    ["Leave", "Take", "Rewrite"].map(title => find(store, 3, "peer:ann", title).actions[0].do));
  assert.deepEqual([{ do: "BurnCoins", peer: "ann", amount: 100 }], find(store, 3, "peer:ann", "Burn").choices[0].actions);
  const [source, target] = [story.genesis, blocks[0]];
  assert.deepEqual([[{ do: "CastVote", peer: "ann", source, target }], [{ do: "CastVote", peer: "ann", source: target, target: source }]],
    votes(4).map(({ choices }) => choices[0].actions));
  assert.deepEqual([0, 4, 5, 6, 7, 8], votes(12).map(({ title }) => Number(title.match(/epoch (\d+)/)[1]))); // the genesis and the newest
  assert.ok(menuOf(store, 11, "peer:bob").includes("Leave the validators (this chain has no validators)"));
});

test("a killed peer is revived, and whatever needs it says that it is off", () => {
  assert.deepEqual([
    "Mine a block (bob is off)", "Mine 3 blocks (bob is off)", "Send a transaction (bob is off)", "Connect to … (bob is off)",
    "Disconnect from … (bob is off)", "Revive", "Cut off from all others", "Change its link to …",
    "See the run as bob", "See the blocks through its eyes", "Why is it on G? (nothing changed it so far)",
  ], menuOf(village(), 15, "peer:bob"));
});

test("one connects to strangers that are on and can be dialled, and disconnects from neighbours", () => {
  const store = village();

  assert.deepEqual([
    ["cat", undefined], ["dan", "dan is behind a firewall: nobody can dial it"], ["eve", "eve is off"],
  ], find(store, 9, "peer:ann", "Connect to").choices.map(({ title, why }) => [title, why]));
  assert.deepEqual([{ do: "Connect", peer: "ann", to: "cat" }], find(store, 9, "peer:ann", "Connect to").choices[0].actions);
  assert.deepEqual(["ann", "cat"], find(store, 9, "peer:bob", "Disconnect").choices.map(({ title }) => title));
  assert.equal("there is nobody to choose", find(store, 9, "peer:dan", "Disconnect").why);
});

test("a kill asks how the others shall see it", () => {
  const { choices } = find(village(), 9, "peer:cat", "Kill");

  assert.deepEqual(["reset", "time-out", "silence"].map(seen => [{ do: "Kill", peer: "cat", seen_as: seen }]),
    choices.map(({ actions }) => actions));
});

test("a partition is offered to be healed only while it stands", () => {
  const store = village();

  assert.ok(menuOf(store, 12, "peer:cat").includes("Heal the partition"));
  assert.ok(menuOf(store, 12, null).includes("Heal the partition"));
  assert.ok(!menuOf(store, 14, "peer:cat").includes("Heal the partition"));
  assert.ok(menuOf(store, 14, null).includes("Heal the partition (there is none)"));
});

test("a link knows how long it takes, from the start and after it was changed", () => {
  const store = village();
  const slower = find(store, 9, "link:0-1", "Latency, now 50 ms").choices[0];

  assert.deepEqual([["10 × slower: 500 ms", [{ do: "SetLink", a: "ann", b: "bob", latency: 500_000 }]]], [[slower.title, slower.actions]]);
  assert.equal("Latency …", find(store, 9, "link:0-2", "Latency").title); // nobody has told us
  assert.equal("Latency, now 7 ms …", find(store, 16, "link:0-2", "Latency").title);
  assert.deepEqual(["Let ann hang up", "Let bob hang up"], menuOf(store, 9, "link:0-1").slice(-2));
  assert.deepEqual(["Let cat dial dan (dan is behind a firewall: nobody can dial it)", "Let dan dial cat"], menuOf(store, 9, "link:2-3").slice(-2));
});

test("a group is parted, killed one after another, and connected where that is possible", () => {
  const store = village();
  const named = title => find(store, 9, "group:0,2", title).actions;

  assert.deepEqual([{ do: "Partition", group: ["ann", "cat"], against: [] }], named("Part these from the rest"));
  assert.deepEqual([{ do: "Connect", peer: "ann", to: "cat" }], named("Connect with each other"));
  assert.deepEqual(["ann", "cat"], named("Kill all").map(({ peer }) => peer));
  assert.equal("they are connected, or cannot be", find(store, 9, "group:0,1", "Connect").why);
  store.select("group:0,1");
  assert.deepEqual([{ do: "Partition", group: ["cat", "dan"], against: ["ann", "bob"] }],
    find(store, 9, "group:2,3", "Part these from the selected group").actions);
  assert.deepEqual(menuOf(store, 9, "peer:ann"), menuOf(store, 9, "group:0"));
});

test("a message in flight is meddled with here and now, one that has arrived where it was sent", () => {
  const store = village();
  store.goto(10);
  const [{ sent }] = getFlying(store);
  const target = `record:0:${sent}`;

  assert.deepEqual([[{ record: sent, do: "DropMessage" }], undefined], [find(store, 10, target, "Drop it").actions, find(store, 10, target, "Drop it").event]);
  assert.deepEqual([[{ record: sent, do: "DelayMessage", by: 10_000_000 }]], [find(store, 10, target, "Delay it by 10 s").actions]);
  assert.deepEqual(["Drop it at event 9", 9], [find(store, 12, target, "Drop it").title, find(store, 12, target, "Drop it").event]);
  assert.equal("a stream delivers everything once", find(store, 10, target, "Duplicate").why);
  const arrival = store.trace.flying(store.trace.timeOf(10))[0].row;
  assert.equal(sent, find(store, 11, `record:0:${arrival}`, "Drop it").actions[0].record);
  store.goto(8);
  assert.deepEqual([], getFlying(store));
});

test("without Python one can look, and nothing else", () => {
  const store = village();
  store.connect(null);

  assert.deepEqual([
    "Drop it (Python is not connected)", "Delay it by 1 s (Python is not connected)", "Delay it by 10 s (Python is not connected)",
    "Duplicate it (Python is not connected)", "Edit its bytes", "Why did this happen?", "Go to event 9",
  ], menuOf(store, 10, `record:0:${getFlying({ trace: store.trace, cursor: 10 })[0].sent}`));
});

test("what nobody knows is offered what concerns everybody", () => {
  const store = village();
  const usual = menuOf(store, 9, null);

  for (const target of ["peer:nobody", "link:0-99", "group:", "vote:1", "toString:1"]) assert.deepEqual(usual, menuOf(store, 9, target));
  assert.deepEqual([], menuOf(store, 9, "record:7:0"));
  assert.deepEqual([], menuOf(store, 9, "record:0:9999"));
});

test("one action after another, each where the last one led; then the reader is told which future is kept", async () => {
  const store = village();
  const asked = [];
  store.connect(message => {
    asked.push([message.action.peer, message.cursor]);
    store.cursor += 1;
    store.branch = 1;
    store.answer({ request: message.request, ok: true, text: "" });
  });
  const offer = find(store, 9, "group:0,2", "Kill all");

  await perform(store, offer);

  assert.deepEqual([["ann", 9], ["cat", 10]], asked);
  assert.equal("Killed ann and cat. The old future is kept: future 1.", store.notice);
});

test("a refusal ends it, and its reason stays to be read", async () => {
  const store = village();
  const asked = [];
  store.connect(message => {
    asked.push(message.action.peer);
    store.answer({ request: message.request, ok: false, text: "Kill: ann is off; revive it first" });
  });

  await perform(store, find(store, 9, "group:0,2", "Kill all"));

  assert.deepEqual([["ann"], "Kill: ann is off; revive it first"], [asked, store.notice]);
});

test("nothing is asked twice while Python works", async () => {
  const store = village();
  const asked = [];
  store.connect(message => asked.push(message));
  const offer = find(store, 9, "peer:ann", "Mine a block");
  perform(store, offer);

  assert.equal(true, store.busy);
  await perform(store, offer);
  assert.equal(1, asked.length);
  assert.equal("Python is still at work", find(store, 9, "peer:ann", "Mine a block").why);
  store.answer({ request: asked[0].request, ok: true, text: "" });
});

test("a knob's value is folded, its keys stop at round numbers, and its ends hold", () => {
  const store = village();
  const valueAt = event => {
    store.goto(event);
    return sceneOf(store)().state.knobs.get("window");
  };
  const wide = { min: 20_000, max: 2_000_000 };

  assert.deepEqual([16, 9, 16], [valueAt(12), valueAt(13), valueAt(12)]);
  assert.deepEqual([1, 50_000, 2], [getStep({ min: 0, max: 3 }), getStep(wide), getStep({ min: 1, max: 100 })]);
  assert.deepEqual([250_000, 150_000, 20_000, 2_000_000, null], ["ArrowRight", "ArrowLeft", "Home", "End", "a"].map(key => getTurned(wide, 200_000, key)));
  assert.deepEqual([250_000, 200_000], ["ArrowUp", "ArrowDown"].map(key => getTurned(wide, 233_333, key)));
  assert.equal(2_000_000, getTurned(wide, 1_990_000, "PageUp"));
  assert.deepEqual(["20,000 bytes/s", "250 ms", "1.71 s", "7"], [showValue(20_000, "bytes/s"), showValue(250_000, "µs"), showValue(1_712_490, "µs"), showValue(7, "")]);
  assert.deepEqual([false, false, false, true, true],
    ["policy.window", "links.jitter", "peers.ann.policy.window", "seed", "chain.halving"].map(isFixed));
});

test("a sentence bears three names", () => {
  assert.deepEqual(["nobody", "a", "a and b", "a, b and c", "a, b and 2 others"],
    [[], ["a"], ["a", "b"], ["a", "b", "c"], ["a", "b", "c", "d"]].map(listNames));
});

test("an account pays, trades, pays more for what waits and cancels it", () => {
  const orders = ["SendCall", "RaisePrice", "CancelCall"];
  const store = village({ obeys: [orders, [], [], [], []] });

  assert.deepEqual(["Pay 1 ether to …", "Buy tokens for 1 ether", "Pay more for …", "Cancel …"], menuOf(store, 9, "peer:ann").slice(0, 4));
  assert.deepEqual([{ do: "SendCall", peer: "ann", receiver: "bob", amount: 1_000_000_000, function: "", arguments: [] }],
    find(store, 9, "peer:ann", "Pay 1 ether").choices[0].actions);
  assert.deepEqual([{ do: "SendCall", peer: "ann", receiver: "exchange", amount: 1_000_000_000, function: "buy", arguments: [1] }],
    find(store, 9, "peer:ann", "Buy").actions);
  assert.deepEqual([{ do: "RaisePrice", peer: "ann", nonce: 1, gas_price: 1_000 }], find(store, 9, "peer:ann", "Pay more").choices[1].actions);
  assert.deepEqual([{ do: "CancelCall", peer: "ann", nonce: 0 }], find(store, 9, "peer:ann", "Cancel").choices[0].actions);
});
