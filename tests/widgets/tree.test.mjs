import assert from "node:assert/strict";
import { test } from "node:test";
import { BlockIndex } from "../../widgets/blockchain_lab_widgets/js/blocks.js";
import { chainFold } from "../../widgets/blockchain_lab_widgets/js/chain-fold.js";
import { Folded } from "../../widgets/blockchain_lab_widgets/js/fold.js";
import { fullPath } from "../../widgets/blockchain_lab_widgets/js/tree-run.js";
import { BOX, TAG_HEIGHT, layoutTree } from "../../widgets/blockchain_lab_widgets/js/tree-layout.js";
import { fillTags, makeModel } from "../../widgets/blockchain_lab_widgets/js/tree-model.js";
import { ToyStory, chainOf, forkAndHeal, hashOf, joinLate } from "./toy_story.mjs";

/** The tree of a toy story at an event, as it would be drawn into a pane. */
function draw(story, { event = Infinity, viewer = null, width = 520, also = [] } = {}) {
  const trace = story.trace();
  const index = new BlockIndex(trace).update();
  const state = new Folded(trace, chainFold(index)).at(trace.rowsUpTo(event));
  const model = makeModel(state, index, viewer);
  const tags = fillTags(model, trace.peers);
  const pointed = [...model.tags.keys(), ...also.map(name => index.list.find(block => block.name === name).order)];
  const layout = layoutTree(model.tree, pointed, tags, width);
  const nameOf = order => index.list[order].name;
  return { trace, index, state, model, tags, layout, nameOf, names: layout.boxes.map(({ order }) => nameOf(order)) };
}

/** A story whose peers are all on from the first event. */
function switchedOn(names) {
  const story = new ToyStory(names);
  story.later(0, () => names.forEach((_, peer) => story.write("start", peer)));
  return story;
}

/** A story in which ann learns a random tree: block i hangs on a random earlier one, mostly a late one. */
function randomTree(seed, blocks, peers = 3) {
  let state = seed;
  const below = n => {
    state = (Math.imul(state, 1103515245) + 12345) >>> 0;
    return Math.floor((state / 2 ** 32) * n);
  };
  const names = Array.from({ length: peers }, (_, i) => `peer${i}`);
  const story = switchedOn(names);
  const known = [{ hash: story.genesis, height: 0 }];
  for (let i = 1; i <= blocks; i++) {
    const parent = below(10) ? known[Math.max(0, known.length - 1 - below(3))] : known[below(known.length)];
    const block = { hash: hashOf(`${i.toString(16)}x${seed}`), height: parent.height + 1 };
    known.push(block);
    story.later(1000 * i, () => {
      const peer = below(peers);
      story.note(peer, "block accepted", { hash: block.hash, parent: parent.hash, height: block.height });
      if (below(2)) story.note(peer, "tip changed", { hash: block.hash, height: block.height });
    });
  }
  return story.run();
}

/** All rectangles of a layout: boxes, runs and tags. */
function rectangles({ layout, nameOf }) {
  return [
    ...layout.runs.map(run => ({ what: run.key, x: run.x, y: run.y, width: run.width, height: BOX.height })),
    ...layout.boxes.map(({ order, x, y }) => ({ what: nameOf(order), x, y, width: BOX.width, height: BOX.height })),
    ...layout.tags.map(({ tag, x, y, width }) => ({ what: tag.text, x, y, width, height: TAG_HEIGHT - 3 })),
  ];
}

function checkApart(drawn) {
  const all = rectangles(drawn);
  for (const [i, a] of all.entries()) {
    for (const b of all.slice(0, i)) {
      const apart = a.x + a.width <= b.x || b.x + b.width <= a.x || a.y + a.height <= b.y || b.y + b.height <= a.y;
      assert.ok(apart, `${a.what} overlaps ${b.what}: ${JSON.stringify([a, b])}`);
    }
  }
}

test("nothing overlaps, on two hundred random trees", () => {
  for (let seed = 1; seed <= 200; seed++) {
    const drawn = draw(randomTree(seed, 5 + (seed % 60), 1 + (seed % 7)));
    checkApart(drawn);
    const shown = drawn.layout.boxes.length + drawn.layout.runs.reduce((sum, { orders }) => sum + orders.length, 0);
    assert.equal(drawn.model.tree.orders.length, shown, `seed ${seed}: every block is in a box or in a run`);
  }
});

test("the main chain is straight, side branches go straight on their own lanes, arrows point back", () => {
  const { layout, nameOf } = draw(forkAndHeal());
  const y = Object.fromEntries(layout.boxes.map(box => [nameOf(box.order), box.y]));

  for (const name of ["B1", "B2", "B3", "B4b", "B5b", "B6"]) assert.equal(y.G, y[name]);
  assert.equal(y.B4, y.B5);
  assert.ok(y.B4 > y.G);
  for (const link of layout.links) assert.ok(link.x2 < link.x1);
});

test("a branch that nobody follows is stale; while somebody stands on it, it is not", () => {
  const staleAt = event => {
    const { model, nameOf } = draw(forkAndHeal(), { event });
    return model.tree.orders.filter(model.isStale).map(nameOf);
  };

  assert.deepEqual([], staleAt(73)); // cat still stands on B5
  assert.deepEqual(["B4", "B5"], staleAt(Infinity));
});

test("long chains run together, and what is pointed at comes out", () => {
  const whole = draw(joinLate({ blocks: 4500 }));
  assert.deepEqual(["G", "B4498", "B4499", "B4500"], whole.names);
  assert.equal(4497, whole.layout.runs[0].orders.length);
  assert.ok(whole.layout.width <= 520);

  const chosen = draw(joinLate({ blocks: 4500 }), { also: ["B2000"], width: 900 });
  assert.ok(chosen.names.includes("B2000"));
  checkApart(chosen);
});

test("seen by the newcomer, headers are known before blocks; seen by everybody, all blocks are there", () => {
  const options = { event: 60, viewer: 4 };
  const { model, index } = draw(joinLate(), options);
  const states = new Set(model.tree.orders.map(model.stateOf));
  assert.deepEqual(new Set(["body", "header"]), states);
  assert.equal("body", model.stateOf(index.get(joinLate().genesis).order));

  const everybody = draw(joinLate(), { event: 60 }).model;
  assert.deepEqual(new Set(["body"]), new Set(everybody.tree.orders.map(everybody.stateOf)));

  const before = draw(joinLate(), { event: 6, viewer: 4 }).model;
  assert.deepEqual(new Set(["body", "unknown"]), new Set(before.tree.orders.map(before.stateOf)));
});

test("tips are named on their blocks; a header chain that is ahead has a tag of its own", () => {
  const { tags, nameOf } = draw(joinLate(), { event: 60 });
  const named = Object.fromEntries([...tags].map(([order, list]) => [nameOf(order), list.map(tag => tag.text)]));

  assert.deepEqual(["server1", "server2", "server3", "server4", "nina"], named.B151);
  assert.ok(Object.entries(named).some(([name, list]) => name !== "B151" && list.includes("nina")));
});

test("on a run, tags stand where their blocks are, side by side or one below another", () => {
  const { layout, nameOf, state, index } = draw(joinLate(), { event: 94 });
  const nina = layout.tags.find(({ tag }) => tag.key === "tip:4");
  const run = layout.runs[0];
  const { height } = index.get(state.tips[4]);

  assert.equal(`B${height}`, nameOf(nina.order));
  assert.ok(Math.abs(nina.mark - (run.x + (run.width * (height - 0.5)) / run.orders.length)) < 1);
  assert.ok(nina.x >= run.x && nina.x + nina.width <= run.x + run.width);
});

test("ten peers on ten blocks of one run do not cover each other", () => {
  const story = switchedOn(Array.from({ length: 12 }, (_, i) => `somebody${i}`));
  const chain = chainOf(1, 100);
  story.later(0, () => story.note(0, "chain loaded", { height: 100, tip: chain[99], hashes: chain, parent: story.genesis, full: true }));
  for (let peer = 1; peer < 12; peer++) story.later(1000, () => story.note(peer, "tip changed", { hash: chain[40 + 3 * peer], height: 41 + 3 * peer }));
  const drawn = draw(story.run());

  checkApart(drawn);
  assert.ok(drawn.layout.tags.length >= 7);
});

test("more tags than fit become a count", () => {
  const story = switchedOn(Array.from({ length: 20 }, (_, i) => `peer${i}`));
  const [list] = draw(story.run()).tags.values();

  assert.deepEqual(["peer0", "peer1", "peer2", "peer3", "peer4", "+ 15 more"], list.map(tag => tag.text));
});

test("orphans stand apart, invalid blocks say so", () => {
  const story = switchedOn(["ann"]);
  const chain = chainOf(1, 2);
  story.later(1000, () => story.note(0, "orphan block", { hash: hashOf("lost"), parent: hashOf("nowhere") }));
  story.later(2000, () => story.note(0, "headers accepted", { parent: story.genesis, height: 1, hashes: chain }));
  story.later(3000, () => story.note(0, "block invalid", { hash: chain[1], reason: "bad-txnmrklroot" }));
  const drawn = draw(story.run());

  checkApart(drawn);
  assert.deepEqual(["G", "B1", "B2", "?lost"], drawn.names);
  assert.deepEqual(["body", "header", "invalid", "orphan"], drawn.layout.boxes.map(({ order }) => drawn.model.stateOf(order)));
});

/** A state without what only says how it came about. */
function toPlain({ tips, best, off, of, all }) {
  const plain = [...of, all].map(({ bytes, full, known, sign, touched, grown }) => [[...bytes].join("").replace(/0+$/, ""), full, known, sign, touched, grown]);
  return { tips, best, off, plain };
}

test("going there and back gives what going straight there gives", () => {
  const trace = joinLate({ blocks: 80 }).trace();
  const index = new BlockIndex(trace).update();
  const wandering = new Folded(trace, chainFold(index), 16);
  for (const event of [60, 3, 49, 100, 10, 11, 100, 0]) {
    const rows = trace.rowsUpTo(event);
    assert.deepEqual(toPlain(new Folded(trace, chainFold(index), 1e9).at(rows)), toPlain(wandering.at(rows)));
  }
});

test("a run's bar is full where its blocks are, down to the pixel", () => {
  const draw = (text, width) => fullPath([...text.keys()], { of: order => (text[order] === "#" ? 4 : 3) }, 4, width, 0);
  const bar = text => draw([...text], text.length);
  const whole = (from, width) => `M${from} 8h${width}v12h-${width}z`;

  assert.equal("", bar("...."));
  assert.equal(whole(0, 4), bar("####"));
  assert.equal(whole(1, 2) + whole(4, 1), bar(".##.#"));
  assert.equal(whole(0, 10), draw([..."###"], 10));
  assert.equal(whole(0, 1), draw([..."#".repeat(700) + ".".repeat(300)], 1));
});
