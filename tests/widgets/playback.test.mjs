import assert from "node:assert/strict";
import { test } from "node:test";
import { PACES, advance } from "../../widgets/blockchain_lab_widgets/js/playback.js";
import { Store } from "../../widgets/blockchain_lab_widgets/js/store.js";
import { notes, pack } from "./packed.mjs";

/** Ten events, 100 ms apart; the page opens at event 4. */
function opened() {
  const { rows, facts } = notes(10);
  const store = new Store();
  store.append(...pack(rows, { facts, opening: 4 }));
  return store;
}

/** Events at these moments (ms), one record each. */
function openedAt(...moments) {
  const store = new Store();
  store.append(...pack(moments.map((moment, index) => [1000 * moment, index + 1, "note"]), { opening: 1 }));
  return store;
}

/** Play on by so many milliseconds from a place, and say where that is. */
const playOn = (store, milliseconds, place = {}) => advance({
  trace: store.trace, cursor: store.cursor, waited: 0, pace: store.pace, loop: store.loop, ...place,
}, milliseconds);

test("real time lets a simulated second last a second, silences and bursts as they are", () => {
  const store = openedAt(0, 5000, 5000, 5001, 5004);
  store.setPace("real");

  assert.deepEqual({ cursor: 1, waited: 0.5, clock: 2_500_000 }, playOn(store, 2500));
  assert.deepEqual({ cursor: 3, waited: 0, clock: 5_000_000 }, playOn(store, 5000)); // two at one moment
  assert.deepEqual({ cursor: 4, waited: 1 / 3, clock: 5_002_000 }, playOn(store, 5002));
});

test("the compressed pace cuts the same silence short", () => {
  assert.deepEqual({ cursor: 1, waited: 0.5, clock: 2_500_000 }, playOn(openedAt(0, 5000), 300));
});

test("a pace has its own speeds; one that the other pace does not know becomes 1", () => {
  const store = opened();
  assert.deepEqual([0.1, 100], [PACES.real.speeds[0], PACES.real.speeds.at(-1)]);

  store.setSpeed(4);
  store.setPace("real");
  assert.deepEqual(["real", 1], [store.pace, store.speed]);
  store.setSpeed(1);
  store.setPace("compressed");
  assert.deepEqual(["compressed", 1], [store.pace, store.speed]);
});

test("a loop shows its last event for a while, then begins again, at either pace", () => {
  for (const pace of ["compressed", "real"]) {
    const store = opened();
    store.setLoop({ from: 3, to: 5 });
    store.setPace(pace);

    assert.deepEqual({ cursor: 5, waited: 0.5, clock: 500_000 }, playOn(store, 400, { cursor: 4 }), pace);
    assert.deepEqual({ cursor: 3, waited: 0.5, clock: 350_000 }, playOn(store, 750, { cursor: 4 }), pace);
  }
});

test("a loop at the very end of the run wraps, too", () => {
  const store = opened();
  store.setLoop({ from: 9, to: 10 });

  assert.deepEqual({ cursor: 9, waited: 0, clock: 900_000 }, playOn(store, 600, { cursor: 10 }));
});

test("a loop is kept in order and within the run; one without a step is none", () => {
  const store = opened();

  store.setLoop({ from: 8, to: 2 });
  assert.deepEqual({ from: 2, to: 8 }, store.loop);
  store.setLoop({ from: -5, to: 99 });
  assert.deepEqual({ from: 0, to: 10 }, store.loop);
  store.setLoop({ from: 4, to: 4 });
  assert.equal(null, store.loop);
});

test("a future that is replaced by a shorter one takes the loop along, or away", () => {
  const store = opened();
  const { rows, facts } = notes(10, 1, "other");
  store.setLoop({ from: 4, to: 9 });

  store.append(...pack(rows.slice(0, 6), { from: 5, epoch: 1, cut: 5, factsFrom: 11, facts }));
  assert.deepEqual({ from: 4, to: 6 }, store.loop);
  store.append(...pack(rows.slice(0, 3), { from: 3, epoch: 2, cut: 3, factsFrom: 21 }));
  assert.equal(null, store.loop);
});

test("play begins at the loop's start when the reader stands outside, and plays in it for ever", () => {
  const waiting = new Map();
  let now = performance.now();
  globalThis.requestAnimationFrame = callback => waiting.set(waiting.size, callback) && waiting.size;
  globalThis.cancelAnimationFrame = () => waiting.clear();
  const run = milliseconds => {
    const due = [...waiting.values()];
    waiting.clear();
    now += milliseconds;
    due.forEach(callback => callback(now));
  };
  const store = opened();
  const seen = new Set();
  store.setVisible("network", true);
  store.setLoop({ from: 9, to: 10 });

  store.play();
  assert.equal(9, store.cursor);
  for (let i = 0; i < 40; i++) {
    run(100);
    seen.add(store.cursor);
  }
  assert.deepEqual([true, [9, 10]], [store.playing, [...seen].sort((a, b) => a - b)]);
  store.pause();
  store.setLoop(null);
  assert.deepEqual([false, 0], [store.playing, waiting.size]);
});

test("a reader beyond the loop who had begun before it was made plays on to the end, and stops there", () => {
  const store = opened();
  store.setLoop({ from: 1, to: 3 });

  assert.deepEqual({ cursor: 10, waited: 0, clock: 1_000_000 }, playOn(store, 5000, { cursor: 6 }));
});
