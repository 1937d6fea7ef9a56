import assert from "node:assert/strict";
import { test } from "node:test";
import { listChoice, listOrder } from "../../widgets/blockchain_lab_widgets/js/predict-answers.js";
import { level, toCorners } from "../../widgets/blockchain_lab_widgets/js/predict-curve.js";
import { findStep } from "../../widgets/blockchain_lab_widgets/js/predict-inputs.js";
import { partOf } from "../../widgets/blockchain_lab_widgets/js/predict-scale.js";
import { sayGuess, sayNumber, tellState, tellVerdict } from "../../widgets/blockchain_lab_widgets/js/predict-words.js";
import { Store } from "../../widgets/blockchain_lab_widgets/js/store.js";
import { notes, pack } from "./packed.mjs";

/** Ten events, 100 ms apart; the page opens at event 4, where it is asked. */
function opened(events = 10) {
  const { rows, facts } = notes(events);
  const store = new Store();
  store.append(...pack(rows, { facts, opening: 4 }));
  return store;
}

const ASKED = { key: "a", kind: "number", asks: "?", unit: "s", from_event: 4, guess: null, outcome: null, verdict: null, is_same_run: true };
const LOCKED = { ...ASKED, guess: 2, outcome: { value: 3, decided: 8, because: "So it is." }, verdict: { is_right: false, words: "You said 2 s; it was 3 s." } };

test("an open prediction seals the run; who tries is told why, even where nothing lies behind the seal", () => {
  const all = opened();
  all.predictions.set([ASKED]);
  const cut = opened(4);
  cut.predictions.set([ASKED]);

  for (const store of [all, cut]) {
    for (const go of [() => store.goto(5), () => store.stepBy(1), () => store.play()]) {
      store.say("");
      go();
      assert.deepEqual([4, false, "Predict first: what comes next is what you are asked."], [store.cursor, store.playing, store.notice]);
    }
    store.goto(2);
    assert.equal(2, store.cursor); // what lies before may be read
  }
});

test("once it is locked, or its card is gone, the run goes on", () => {
  for (const list of [[LOCKED], []]) {
    const store = opened();
    store.predictions.set([ASKED]);
    store.goto(6);
    store.predictions.set(list);
    assert.deepEqual([null, ""], [store.sealed, store.notice]); // the reason is none any more
    store.goto(6);

    assert.equal(6, store.cursor);
  }
});

test("of two open predictions the first seals", () => {
  const store = opened();
  const second = { ...ASKED, key: "b", from_event: 7 };

  store.predictions.set([second, ASKED]);
  assert.equal(4, store.sealed.event);
  store.predictions.set([second, LOCKED]);
  assert.equal(7, store.sealed.event);
  assert.deepEqual([second, null], [store.predictions.get("b"), store.predictions.get("c")]);
});

test("the outcome is revealed to who has read up to it since he locked, and stays so", () => {
  const store = opened();
  store.goto(9); // read before it was asked: that does not count
  store.predictions.set([ASKED]);
  assert.equal(4, store.cursor);
  store.predictions.set([LOCKED]);
  const isRevealed = () => store.predictions.isRevealed(store.predictions.get("a"));

  store.goto(7);
  assert.equal(false, isRevealed());
  store.goto(8);
  assert.equal(true, isRevealed());
  store.goto(0);
  assert.equal(true, isRevealed());
  store.predictions.set([ASKED]); // asked anew
  store.predictions.set([LOCKED]);
  assert.equal(false, isRevealed());
});

test("of another run nobody can read up to the outcome, so it is told at once", () => {
  const store = opened();
  store.predictions.set([{ ...LOCKED, is_same_run: false }]);

  assert.equal(true, store.predictions.isRevealed(store.predictions.get("a")));
});

test("who plays stops at the outcome", () => {
  const store = opened();
  store.predictions.set([LOCKED]);
  store.playing = true;

  store.moveTo({ cursor: 7, clock: 700_000, waited: 0 });
  assert.equal(true, store.playing);
  store.moveTo({ cursor: 8, clock: 800_000, waited: 0 });
  assert.equal(false, store.playing);
  store.playing = true;
  store.moveTo({ cursor: 9, clock: 900_000, waited: 0 });
  assert.equal(true, store.playing); // once is enough
});

test("a prediction and its verdict in words", () => {
  const state = (prediction, more) => tellState(prediction, { isConnected: true, isRevealed: false, isSealed: false, playing: false, ...more });

  assert.match(state(ASKED), /^The run is sealed behind event 4\./);
  assert.match(state(ASKED, { isConnected: false }), /^Python is not connected/);
  assert.equal("Locked: 2 s. Play, and see whether it comes so.", state(LOCKED));
  assert.match(state(LOCKED, { isSealed: true }), /Another question about this run is open/);
  assert.equal("", state(LOCKED, { isRevealed: true }));
  assert.deepEqual({ head: "Not so.", words: "You said 2 s; it was 3 s. So it is." }, tellVerdict(LOCKED));
  assert.match(tellVerdict({ ...LOCKED, is_same_run: false }).words, /this was the outcome of another one\.$/);
  assert.deepEqual(["1,204.568 s", "never"], [sayNumber(1204.5678, "s"), sayNumber(null, "s")]);
  const said = [["choice", "ann"], ["order", ["ann", "bob"]], ["curve", [[0, 1]]]].map(([kind, guess]) => sayGuess({ kind, guess }));
  assert.deepEqual(["ann", "ann, bob", "a line"], said);
});

test("a value stands on its scale, and beyond an end at the end", () => {
  assert.deepEqual([0, 25, 100, 100, 0], [10, 15, 30, 99, -5].map(value => partOf(value, { least: 10, most: 30 })));
});

test("a slider's step is round, and whole where all that is asked is whole", () => {
  const step = (least, most, tolerance) => findStep({ least, most, tolerance });

  assert.deepEqual([0.05, 0.5, 0.5, 5, 1, 1], [step(0, 5, 0.5), step(0, 30, 0.5), step(0, 45.5, 1), step(0, 500, 3), step(0, 30, 0), step(0, 100, 1)]);
});

test("of a choice a line goes to each option that came true", () => {
  const { said, was, lines } = listChoice({ options: ["a", "b", "c"], guess: "b", outcome: { value: ["b", "c"] } });

  assert.deepEqual([[false, true, false], [false, true, true]], [said, was].map(rows => rows.map(({ isIt }) => isIt)));
  assert.deepEqual([{ from: 1, to: 1, isRight: true }, { from: 1, to: 2, isRight: false }], lines);
});

test("things of one instant share a place, and who never came stands last in any order", () => {
  const { said, was, lines } = listOrder({ guess: ["b", "a", "d", "c", "e"], outcome: { value: [["a", "b"], ["c"], ["d", "e"]] } });

  assert.deepEqual(["1", "2", "3", "4", "5"], said.map(({ place }) => place));
  assert.deepEqual(["1–2", "1–2", "3", "never", "never"], was.map(({ place }) => place));
  assert.deepEqual([1, 0, 3, 2, 4], lines.map(({ to }) => to));
  assert.deepEqual([true, true, false, false, true], lines.map(({ isRight }) => isRight));
});

test("both lines reach from the seal to the end: level where nothing is drawn, 0 where nothing was yet", () => {
  assert.deepEqual([[10, 3], [20, 3], [30, 5], [40, 5]], level([[20, 3], [30, 5]], 10, 40));
  assert.deepEqual([[10, 3], [40, 5]], level([[10, 3], [40, 5]], 10, 40));
  assert.deepEqual([[10, 0], [20, 0], [20, 2], [40, 2]], toCorners([[20, 2], [50, 3]], 10, 40));
  assert.deepEqual([[10, 1], [40, 1]], toCorners([[5, 1]], 10, 40));
});
