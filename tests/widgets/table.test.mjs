import assert from "node:assert/strict";
import { test } from "node:test";
import { MOST_ROWS, arrangeRows, nextSort } from "../../widgets/blockchain_lab_widgets/js/table-rows.js";

const firsts = ({ rows }) => rows.map(({ cells }) => cells[0]);

test("rows stay in the given order until somebody sorts", () => {
  const { rows, hidden } = arrangeRows([["bob", 2], { name: "peer:ann", cells: ["ann", 1] }], null);

  assert.deepEqual([{ name: null, cells: ["bob", 2] }, { name: "peer:ann", cells: ["ann", 1] }], rows);
  assert.equal("", hidden);
});

test("numbers sort as numbers, names as people count, and what is unknown stands last either way", () => {
  const rows = [["peer10", 9], ["peer2", null], ["peer1", 10]];
  const by = (column, down) => firsts(arrangeRows(rows, { column, down }));

  assert.deepEqual(["peer1", "peer2", "peer10"], by(0, false));
  assert.deepEqual(["peer10", "peer1", "peer2"], by(1, false));
  assert.deepEqual(["peer1", "peer10", "peer2"], by(1, true));
});

test("a click sorts up, the next one down, the third gives the first order back", () => {
  const first = nextSort(null, 1);
  const second = nextSort(first, 1);

  assert.deepEqual([{ column: 1, down: false }, { column: 1, down: true }, null], [first, second, nextSort(second, 1)]);
  assert.deepEqual({ column: 0, down: false }, nextSort(second, 0));
});

test("a long list is sorted first and cut after that, and says what it hides", () => {
  const rows = Array.from({ length: 4500 }, (_, i) => [i]);
  const cut = arrangeRows(rows, { column: 0, down: true });

  assert.equal(MOST_ROWS, cut.rows.length);
  assert.equal(4499, cut.rows[0].cells[0]);
  assert.match(cut.hidden, /500 of 4,500/);
});
