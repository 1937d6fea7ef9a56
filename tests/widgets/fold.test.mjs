import assert from "node:assert/strict";
import { test } from "node:test";
import { Folded } from "../../widgets/blockchain_lab_widgets/js/fold.js";
import { Trace } from "../../widgets/blockchain_lab_widgets/js/trace.js";
import { notes, pack } from "./packed.mjs";

/** Counts every application, and remembers the order: a fold that is neither commutative nor cheap to fake. */
function listing() {
  const fold = {
    applied: 0,
    initial: () => [],
    apply: (state, { facts }) => { fold.applied += 1; state.push(facts.number); },
    copy: state => state.slice(),
  };
  return fold;
}

const upTo = (count, first = 1) => Array.from({ length: count }, (_, i) => first + i);

function counted(count) {
  const { rows, facts } = notes(count);
  const trace = new Trace();
  trace.append(...pack(rows, { facts }));
  return trace;
}

/** A repeatable shuffle: numbers 0 .. 1 that look random. */
function luck() {
  let state = 42;
  return () => {
    state = (state * 1103515245 + 12345) % 2147483648;
    return state / 2147483648;
  };
}

test("jumping about gives the same states as folding from the start", () => {
  const random = luck();
  const folded = new Folded(counted(1000), listing(), 64);

  for (let jump = 0; jump < 200; jump++) {
    const rows = Math.floor(random() * 1001);
    assert.deepEqual(folded.at(rows), upTo(rows));
  }
});

test("a step costs one record, and a step back at most the way from the copy before it", () => {
  const fold = listing();
  const folded = new Folded(counted(1000), fold, 64);
  folded.at(700);
  const cost = rows => { fold.applied = 0; folded.at(rows); return fold.applied; };

  assert.equal(1, cost(701));
  assert.equal(700 % 64, cost(700));
  assert.ok(cost(63) < 64);
  assert.equal(700 % 64, cost(700)); // a leap forward uses the copy there, not the long way
});

test("copies are thinned out, so that a long trace does not fill the memory", () => {
  const random = luck();
  const fold = listing();
  let kept = 0;
  const folded = new Folded(counted(3000), { ...fold, copy: state => { kept += 1; return fold.copy(state); } }, 2);

  assert.deepEqual(folded.at(3000), upTo(3000));
  assert.equal(32, folded.every); // 2 * 2 ** 4: 128 copies of that reach farther than 3,000 records
  for (let jump = 0; jump < 200; jump++) {
    const rows = Math.floor(random() * 3001);
    assert.deepEqual(folded.at(rows), upTo(rows));
  }
  assert.ok(kept < 1000, `${kept} copies made`);
});

test("records that come later are folded on", () => {
  const trace = counted(100);
  const folded = new Folded(trace, listing(), 64);
  folded.at(100);
  const { rows, facts } = notes(150);
  trace.append(...pack(rows, { from: 100, factsFrom: 101, facts: facts.slice(100) }));

  assert.deepEqual(folded.at(150), upTo(150));
});

test("a replaced future is folded anew, also when it was replaced twice before anybody looked", () => {
  for (const cuts of [[90], [70], [90, 30], [30, 90]]) {
    const trace = counted(100);
    const folded = new Folded(trace, listing(), 16);
    folded.at(100);
    let expected = upTo(100);
    cuts.forEach((cut, index) => {
      const { rows, facts } = notes(100, 1000 * (index + 1));
      rows.forEach((row, place) => { row[6] = trace.table.length + place; });
      trace.append(...pack(rows, { from: cut, epoch: index + 1, cut, factsFrom: trace.table.length, facts }));
      expected = [...expected.slice(0, cut), ...facts.slice(cut).map(({ number }) => number)];
    });

    assert.deepEqual(folded.at(100), expected, `cut at ${cuts}`);
    assert.deepEqual(folded.at(60), expected.slice(0, 60));
  }
});
