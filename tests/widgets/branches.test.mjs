import assert from "node:assert/strict";
import { test } from "node:test";
import { describeFuture, getDescent, getLines } from "../../widgets/blockchain_lab_widgets/js/branch-lines.js";

/**
 * 0 ---------------+----+-----------> 400      rows from the top: 0, then the latest fork, so no line crosses one
 *       |          |    '-- 2 ------> 380
 *       |          '-- 3 ----+------> 390
 *       |                    '- 4 --> 395
 *       '-- 1 ----------------------> 410
 */
const BRANCHES = [
  { parent: null, fork: 0, head: 400, label: "" },
  { parent: 0, fork: 50, head: 410, label: "Kill bob" },
  { parent: 0, fork: 300, head: 380, label: "Mine ann" },
  { parent: 0, fork: 200, head: 390, label: "Heal" },
  { parent: 3, fork: 320, head: 395, label: "" },
];

test("later forks stay nearer to their parent, and a child stays under its own", () => {
  const wanted = [
    { row: 0, from: 0, at: 0, to: 400 }, { row: 4, from: 0, at: 50, to: 410 }, { row: 1, from: 0, at: 300, to: 380 },
    { row: 2, from: 0, at: 200, to: 390 }, { row: 3, from: 2, at: 320, to: 395 },
  ];

  assert.deepEqual(wanted, getLines(BRANCHES));
});

test("no line goes through another one on its way down", () => {
  const lines = getLines(BRANCHES);

  for (const { row, from, at } of lines) {
    const between = lines.filter(other => other.row > from && other.row < row);
    assert.deepEqual([], between.filter(other => other.at < at));
  }
});

test("a future that left before its parent began left an ancestor", () => {
  const branches = [...BRANCHES, { parent: 4, fork: 100, head: 300, label: "Revive bob" }];

  assert.deepEqual({ from: 0, at: 100 }, (({ from, at }) => ({ from, at }))(getLines(branches)[5]));
  assert.deepEqual([0, 5], getDescent(branches, 5));
  assert.deepEqual([0, 3, 4], getDescent(branches, 4));
});

test("futures that are not shown take no row", () => {
  const shown = getLines(BRANCHES, branch => branch !== 3);

  assert.deepEqual([0, 2, 1, -1, -1], shown.map(({ row }) => row));
});

test("a future has a row when all that it descends from have one, whoever its parent is", () => {
  const branches = [...BRANCHES, { parent: 4, fork: 100, head: 300, label: "Revive bob" }];
  const descent = getDescent(branches, 5);
  const shown = getLines(branches, branch => branch < 2 || descent.includes(branch));

  assert.deepEqual([0, 2, -1, -1, -1, 1], shown.map(({ row }) => row)); // its parent, future 5, is not in sight
});

test("a future is told by its number, by what began it, and by its length", () => {
  assert.equal("future 1: the story itself, 400 events", describeFuture(BRANCHES, 0, 1));
  assert.equal("future 2: Kill bob at event 50, 410 events; current", describeFuture(BRANCHES, 1, 1));
  assert.equal("future 5: an action at event 320, 395 events", describeFuture(BRANCHES, 4, 1));
});
