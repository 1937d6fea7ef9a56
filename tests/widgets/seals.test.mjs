// What is said of sealed blocks: hashes, states, how far a search is.
import assert from "node:assert/strict";
import { test } from "node:test";
import { sayHash, saySearch, sayState, sayTime } from "../../widgets/blockchain_lab_widgets/js/seals-words.js";

const SEARCH = { number: 2, tried: 32768, expected: 65536, rate: 0, isRunning: true, isFound: false };

test("the zeros of a hash stand apart", () => {
  assert.deepEqual(["0000", "54b5"], sayHash("000054b5"));
  assert.deepEqual(["", "2bc1"], sayHash("2bc1"));
  assert.deepEqual(["0000", ""], sayHash("0000"));
});

test("a block that nobody may write into was never whole, so it is not broken", () => {
  assert.equal("broken", sayState("broken", false));
  assert.equal("not sealed", sayState("broken", true));
  assert.equal("sealed", sayState("sealed", true));
});

test("a search says how many tries, against the average, and how long that takes", () => {
  assert.equal("Block 2: 32,768 tries, 0.5 × the average.", saySearch(SEARCH));
  assert.match(saySearch({ ...SEARCH, rate: 65536 }), /65,536 a second: 1\.0 s on average\./);
  assert.match(saySearch({ ...SEARCH, isRunning: false }), /^Stopped after 32,768 tries/);
  assert.match(saySearch({ ...SEARCH, isRunning: false, isFound: true, tried: 1 }), /^Block 2 is sealed: 1 try, 0\.000 ×/);
  assert.match(saySearch(null, true), /^Press Mine\./);
  assert.match(saySearch(null, false), /^Write into a block/);
});

test("times are told in the unit that people would use", () => {
  assert.deepEqual(["0.4 s", "12 s", "30 min", "2.0 h"], [0.4, 12, 1800, 7200].map(sayTime));
});
