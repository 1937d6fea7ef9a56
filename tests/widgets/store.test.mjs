import assert from "node:assert/strict";
import { mock, test } from "node:test";
import { advance, getPace } from "../../widgets/blockchain_lab_widgets/js/playback.js";
import { Store } from "../../widgets/blockchain_lab_widgets/js/store.js";
import { notes, pack } from "./packed.mjs";

/** Ten events, 100 ms apart; the page opens at event 4. */
function opened() {
  const { rows, facts } = notes(10);
  const store = new Store();
  store.append(...pack(rows, { facts, opening: 4 }));
  return store;
}

/** Animation frames by hand: `frames.run(16)` lets 16 ms pass. */
function frames() {
  const waiting = new Map();
  let now = performance.now();
  let next = 1;
  globalThis.requestAnimationFrame = callback => { waiting.set(next, callback); return next++; };
  globalThis.cancelAnimationFrame = number => waiting.delete(number);
  return {
    get count() { return waiting.size; },
    run(milliseconds) {
      now += milliseconds;
      const due = [...waiting.values()];
      waiting.clear();
      due.forEach(callback => callback(now));
    },
  };
}

test("a fresh page opens where Python says, and later batches leave the reader where he is", () => {
  const store = opened();
  const { rows, facts } = notes(12);

  assert.deepEqual([4, 400_000], [store.cursor, store.clock]);
  store.append(...pack(rows, { from: 10, factsFrom: 11, facts: facts.slice(10), opening: 12 }));
  assert.deepEqual([4, 12], [store.cursor, store.trace.lastEvent]);
});

test("going beyond either end stops there", () => {
  const store = opened();

  store.goto(99);
  assert.equal(10, store.cursor);
  store.stepBy(-99);
  assert.deepEqual([0, 0], [store.cursor, store.clock]);
  store.gotoTime(250_000);
  assert.deepEqual([2, 200_000], [store.cursor, store.clock]);
});

test("the cursor is told when it rests, once, and at once when the pointer goes up", () => {
  mock.timers.enable({ apis: ["setTimeout"] });
  const store = opened();
  const told = [];
  store.onRest(({ cursor, selection }) => told.push([cursor, selection]));

  for (const event of [5, 6, 7]) store.goto(event);
  assert.deepEqual([], told); // still moving
  mock.timers.tick(149);
  assert.deepEqual([], told);
  mock.timers.tick(1);
  assert.deepEqual([[7, null]], told);
  store.select("peer:bob");
  store.rest();
  store.rest();
  mock.timers.tick(1000);
  assert.deepEqual([[7, null], [7, "peer:bob"]], told);
  mock.timers.reset();
});

test("where Python went is not told back to Python", () => {
  mock.timers.enable({ apis: ["setTimeout"] });
  const store = opened();
  const told = [];
  store.onRest(({ cursor }) => told.push(cursor));

  store.follow(9);
  mock.timers.tick(1000);
  store.rest();
  assert.deepEqual([[], 9], [told, store.cursor]);
  mock.timers.reset();
});

test("what the pointer is on lights up everywhere, and is told to nobody", () => {
  const store = opened();
  let changes = 0;
  let told = 0;
  store.subscribe(() => { changes += 1; });
  store.onRest(() => { told += 1; });

  store.point("block:ab");
  store.point("block:ab");
  store.rest();
  assert.deepEqual(["block:ab", 1, 0], [store.hover, changes, told]);
});

test("a future that is replaced behind the reader leaves him there; one that ends before him takes him along", () => {
  const store = opened();
  const { rows, facts } = notes(10, 1, "other");
  store.goto(8);

  store.append(...pack(rows.slice(0, 9), { from: 8, epoch: 1, cut: 8, factsFrom: 11, facts }));
  assert.deepEqual([8, 9], [store.cursor, store.trace.lastEvent]);
  store.append(...pack(rows.slice(0, 3), { from: 3, epoch: 2, cut: 3, factsFrom: 21 }));
  assert.deepEqual([3, 3], [store.cursor, store.trace.lastEvent]);
});

test("a silence is shortened and a burst is stretched", () => {
  assert.deepEqual([40, 40, 100, 600, 600], [0, 1000, 100_000, 600_000, 3_600_000_000].map(getPace));
});

test("playing walks event by event, and the clock runs evenly between two", () => {
  const { trace } = opened();
  const at = (place, milliseconds) => advance({ trace, waited: 0, ...place }, milliseconds);

  assert.deepEqual({ cursor: 4, waited: 0.5, clock: 450_000 }, at({ cursor: 4 }, 50));
  assert.deepEqual({ cursor: 5, waited: 0.5, clock: 550_000 }, at({ cursor: 4, waited: 0.5 }, 100));
  assert.deepEqual({ cursor: 10, waited: 0, clock: 1_000_000 }, at({ cursor: 4 }, 100_000));
});

test("who wants less motion sees the clock jump from event to event", () => {
  const { trace } = opened();

  assert.deepEqual({ cursor: 4, waited: 0.5, clock: 400_000 }, advance({ trace, cursor: 4, waited: 0 }, 50, true));
  assert.deepEqual({ cursor: 5, waited: 0.5, clock: 500_000 }, advance({ trace, cursor: 4, waited: 0.5 }, 100, true));
});

test("several events at one moment are all shown, though the clock stands still", () => {
  const store = new Store();
  const rows = [1, 2, 3].map(event => [5000, event, "note"]);
  store.append(...pack(rows, { opening: 1 }));
  const place = advance({ trace: store.trace, cursor: 1, waited: 0 }, 60);

  assert.deepEqual({ cursor: 2, waited: 0.5, clock: 5000 }, place);
});

test("no animation frame while paused or while nobody looks; playing ends at the end", () => {
  const animation = frames();
  const store = opened();
  store.goto(9);

  store.play();
  assert.deepEqual([true, 0], [store.playing, animation.count]); // no view is on the screen
  store.setVisible("network", true);
  assert.equal(1, animation.count);
  animation.run(16);
  animation.run(16);
  assert.deepEqual([true, 1], [store.clock > 900_000, animation.count]);
  store.setVisible("network", false);
  assert.equal(0, animation.count);
  store.setVisible("network", true);
  for (let i = 0; i < 20; i++) animation.run(16);
  assert.deepEqual([10, false, 0], [store.cursor, store.playing, animation.count]);
});

test("a stall of the page is not made up for by a leap, and moving by hand ends playing", () => {
  const animation = frames();
  const store = opened();
  store.setVisible("network", true);
  store.goto(0);

  store.play();
  animation.run(10_000);
  assert.equal(1, store.cursor); // at most 100 ms are made up for
  store.stepBy(1);
  assert.deepEqual([2, false, 0], [store.cursor, store.playing, animation.count]);
});

test("play at the end begins again, and twice the speed takes half the time", () => {
  const animation = frames();
  const store = opened();
  store.setVisible("network", true);
  store.setSpeed(2);
  store.goto(10);

  store.toggle();
  assert.equal(0, store.cursor);
  animation.run(110);
  assert.equal(2, store.cursor);
  store.toggle();
  assert.deepEqual([false, 0], [store.playing, animation.count]);
});

test("the same event of another future has another time", () => {
  const store = opened();
  const { rows, facts } = notes(10);
  const later = rows.map(([at, ...rest]) => [at * 3, ...rest]);

  store.append(...pack(later, { epoch: 1, cut: 0, facts }));

  assert.deepEqual([4, 1_200_000], [store.cursor, store.clock]);
});

test("nobody reads beyond a seal: not by going, not by stepping, not by playing; broken, it is forgotten", () => {
  const clock = frames();
  const store = opened();
  store.setVisible("a view", true);

  const breakSeal = store.seal(5, "predict first");
  store.goto(9);
  assert.deepEqual([5, "predict first"], [store.cursor, store.notice]);
  store.play();
  assert.deepEqual([false, 0], [store.playing, clock.count]);
  store.goto(4);
  store.play();
  while (clock.count) clock.run(16);
  assert.deepEqual([5, false], [store.cursor, store.playing]);
  breakSeal();
  store.goto(9);
  assert.deepEqual([9, null], [store.cursor, store.sealed]);
});

test("a seal behind the reader takes him back, and of two the nearer one holds", () => {
  const store = opened();

  store.seal(3, "far");
  const near = store.seal(2, "near");
  assert.deepEqual([2, "near"], [store.cursor, store.sealed.reason]);
  near();
  store.goto(4);
  assert.deepEqual([3, "far"], [store.cursor, store.notice]);
});

test("a lens is a peer's name, and all are told when it changes", () => {
  const store = opened();
  let told = 0;
  store.subscribe(() => { told += 1; });

  store.lookAs("ann");
  store.lookAs("ann");
  assert.deepEqual(["ann", 1], [store.lens, told]);
});

test("another scenario begins where Python says; nothing that was chosen in the old one is left", () => {
  const store = opened();
  Object.assign(store, { loop: { from: 2, to: 5 } });
  store.goto(9);
  store.select("record:0:3");
  store.lookAs("ann");
  store.memory.set("tree", "folded");
  const { rows, facts } = notes(6);

  store.append(...pack(rows, { epoch: 1, facts: [], factsFrom: 11, opening: 4, play: 1, peers: ["kim", "lee", "mia"] }));

  assert.deepEqual([["kim", "lee", "mia"], 6, 4, 4], [store.trace.peers, store.trace.length, store.cursor, store.furthest]);
  assert.deepEqual([null, null, null, 0], [store.selection, store.lens, store.loop, store.memory.size]);
  assert.equal(facts[0].number, store.trace.record(0).facts.number);
});

test("the same scenario with another seed leaves the reader where he is", () => {
  const store = opened();
  store.lookAs("ann");

  store.append(...pack(notes(6).rows, { epoch: 1, factsFrom: 11, opening: 2, seed: "7" }));

  assert.deepEqual([4, "ann"], [store.cursor, store.lens]);
});
