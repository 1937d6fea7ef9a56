import assert from "node:assert/strict";
import { test } from "node:test";
import { formatFigure, makeScale, tellScale } from "../../widgets/blockchain_lab_widgets/js/claim-scale.js";
import { countActs, findCommonCode, isFound, tellPlay, tellState } from "../../widgets/blockchain_lab_widgets/js/claim-words.js";
import { Store } from "../../widgets/blockchain_lab_widgets/js/store.js";
import { pack } from "./packed.mjs";

const PING = {
  name: "ping interval", says: "how long until a peer pings",
  figures: [{ era: "lecture", source: "slides" }, { era: "today", source: "Bitcoin Core" }],
};

test("figures are drawn from zero to a round end, so that half a bar is half the figure", () => {
  const scale = makeScale([30, 2]);

  assert.deepEqual([false, 1, 1 / 15], [scale.isLog, scale.partOf(30), scale.partOf(2)]);
  assert.deepEqual([[0, 0], [10, 1 / 3], [20, 2 / 3], [30, 1]], scale.ticks.map(({ value, part }) => [value, part]));
  assert.equal("to scale, from zero", tellScale(scale));
});

test("the end is never below the largest figure, whatever it is", () => {
  for (const most of [1, 2, 3, 7, 8, 20, 23, 27.5, 57.5, 80, 99, 125, 500, 2016, 2500, 65507, 1e9]) {
    const { ticks, partOf } = makeScale([most]);

    assert.ok(partOf(most) <= 1 && partOf(most) > 0.6, `${most}: ${partOf(most)}`);
    assert.ok(ticks.length >= 3 && ticks.length <= 6, `${most}: ${ticks.length} lines`);
  }
});

test("nothing at all is drawn at zero, beside what there is", () => {
  const scale = makeScale([0, 0, 2]);

  assert.deepEqual([false, 0, 1], [scale.isLog, scale.partOf(0), scale.partOf(2)]);
  assert.equal(0, makeScale([0]).partOf(0));
});

test("figures that are far apart are drawn by their powers of ten, and the card says so", () => {
  const scale = makeScale([7, 65_507]);

  assert.deepEqual([true, 0, 1, 0.6], [scale.isLog, scale.partOf(1), scale.partOf(100_000), scale.partOf(1000)]);
  assert.deepEqual([1, 10, 100, 1000, 10_000, 100_000], scale.ticks.map(({ value }) => value));
  assert.match(tellScale(scale), /^not to scale: every line is ten times/);
});

test("a figure is written with its unit; a count has none", () => {
  assert.deepEqual(["30 min", "27.5 s", "2,500"], [[30, "min"], [27.5, "s"], [2500, ""]].map(pair => formatFigure(...pair)));
});

test("a claim is found by words of its name, its sentence, its eras or its sources", () => {
  assert.deepEqual([true, true, true, true, false], ["", "PING", "pings core", "lecture", "bitcoin cash"].map(typed => isFound(PING, typed)));
});

test("what no scenario plays says so; one place in the code is told once for all eras", () => {
  const [one, other] = [{ code: "x: A", plays: "ping with k = 2" }, { code: "x: A", plays: "" }];

  assert.equal("x: A", findCommonCode([one, other]));
  assert.deepEqual(["", ""], [findCommonCode([one]), findCommonCode([one, { ...other, code: "" }])]);
  assert.deepEqual(["plays ping with k = 2"], tellPlay(one, "x: A"));
  assert.deepEqual(["no scenario plays it: it can be read, not chosen", "in our code x: A"], tellPlay(other, ""));
});

/** A lab that plays a figure, with one action in its story and so many of the reader's own. */
function playing(own) {
  const store = new Store();
  const rows = Array.from({ length: 1 + own }, (_, i) => [i * 1000, i + 1, "action", -1, -1, -1, 1]);
  store.append(...pack(rows, { facts: [{ do: "Heal" }], opening: 1, told: 1, figure: { claim: "ping interval", era: "today" } }));
  store.connect(() => true);
  return store;
}

test("the card tells what is played, and what the reader has changed in it", () => {
  const [untouched, changed] = [playing(0), playing(2)];

  assert.deepEqual([0, 2], [untouched, changed].map(({ trace }) => countActs(trace)));
  assert.equal("The run below plays the figure of today.", tellState(untouched, 0, "ping interval"));
  assert.equal("The run below plays ping interval, today. Changed from the claim’s scenario by 2 actions of yours.",
    tellState(changed, 2, "block header"));
});

test("without Python figures are read, and the card says why none can be chosen", () => {
  const store = playing(0);
  store.connect(null);

  assert.match(tellState(store, 0, "ping interval"), /^The run below plays the figure of today\. Python is not connected/);
});
