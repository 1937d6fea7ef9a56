import assert from "node:assert/strict";
import { test } from "node:test";
import { CONTINENTS, FRAME } from "../../widgets/blockchain_lab_widgets/js/continents.js";
import { isInside, spreadInside } from "../../widgets/blockchain_lab_widgets/js/layouts-regions.js";
import { sortSides, splitSides } from "../../widgets/blockchain_lab_widgets/js/layouts-sides.js";
import { Springs, settle } from "../../widgets/blockchain_lab_widgets/js/layouts-spring.js";
import { arrange, findGap, firstLayout, fit, layoutsOf, pairsOf, ring, standOnMap } from "../../widgets/blockchain_lab_widgets/js/layouts.js";
import { crowd, forkAndHeal } from "./toy_story.mjs";

const BOX = [880, 440];
const gapOf = (places, frame = null) => findGap(fit({ places, frame }, ...BOX).places);

test("a layout fills its box and keeps room for the names, whatever its unit", () => {
  const { places } = fit({ places: [[-1, -1], [1, 1], [0, 0]] }, 400, 300);

  for (const { x, y } of places) assert.ok(Math.abs(x) <= 200 - 40 && Math.abs(y) <= 150 - 40, `${x}, ${y}`);
  assert.ok(places[1].x - places[0].x > 300);
  assert.deepEqual([{ x: 0, y: 0 }], fit({ places: [[7, 7]] }, 400, 300).places); // one peer alone stands in the middle
  assert.deepEqual([], fit({ places: [] }, 400, 300).places);
});

test("a frame keeps its shape within reason, and all of it is in the picture", () => {
  const { toBox } = fit({ places: [[0, 0]], frame: FRAME }, 360, 430);
  const [one, other] = [toBox([FRAME.left, FRAME.top]), toBox([FRAME.right, FRAME.bottom])];
  const stretch = ((other.y - one.y) / (FRAME.bottom - FRAME.top)) / ((other.x - one.x) / (FRAME.right - FRAME.left));

  assert.ok(other.x <= 180 && other.y <= 215 && one.x >= -180 && one.y >= -215);
  assert.ok(stretch > 1 && stretch < 1.71, `${stretch}`);
});

test("the scenario's own places come first, unless its peers would stand on one another", () => {
  assert.equal("story", firstLayout(forkAndHeal().trace()));
  assert.equal("story", firstLayout({ layout: [[0, 0]] }));
  assert.equal("ring", firstLayout({ layout: Array.from({ length: 500 }, (_, i) => [i % 5, 0]) }));
});

test("the map is offered where somebody stands on it", () => {
  assert.ok(!layoutsOf({ regions: ["", ""] }).includes("regions"));
  assert.ok(layoutsOf({ regions: ["", "asia"] }).includes("regions"));
});

test("a ring starts on the left and goes clockwise; a thousand peers stand on it without touching", () => {
  const [first, second] = ring(4);

  assert.ok(first[0] < -0.99 && second[1] < -0.99); // up is negative
  assert.ok(gapOf(ring(1000)) > 5);
});

test("springs put neighbours close, the same every time, and a thousand peers apart", async () => {
  const trace = crowd({ peers: 1000, blocks: 0 }).trace();
  const [places, again] = await Promise.all([0, 1].map(() => settle(new Springs(1000, trace.links))));
  const distance = (a, b) => Math.hypot(places[a][0] - places[b][0], places[a][1] - places[b][1]);
  const mean = pairs => pairs.reduce((sum, [a, b]) => sum + distance(a, b), 0) / pairs.length;
  const strangers = trace.links.map(([a], i) => [a, (a + 300 + i) % 1000]);

  assert.deepEqual(places, again);
  assert.ok(mean(trace.links) < 0.8 * mean(strangers));
  assert.ok(gapOf(places) > 3);
});

test("springs leave off when nobody wants them any more", async () => {
  let asked = 0;
  const wanted = () => (asked += 1) < 2;

  assert.equal(null, await settle(new Springs(1000, []), wanted));
  assert.equal(2, asked);
});

test("two parts without a link between them stay in one picture", async () => {
  const places = await settle(new Springs(6, [[0, 1], [1, 2], [3, 4], [4, 5]]));

  for (const [x, y] of places) assert.ok(Math.hypot(x, y) < 2, `${x}, ${y}`);
});

test("roles part a network, else who dials more than it is dialled", () => {
  assert.deepEqual([0, 0, 1], splitSides({ roles: ["server", "server", "newcomer"], links: [[2, 0]] }));
  assert.deepEqual([0, 1, 1], splitSides({ roles: ["peer", "peer", "peer"], links: [[0, 1], [0, 2]] }));
  const around = splitSides({ roles: Array(6).fill("peer"), links: [[0, 1], [1, 2], [2, 3], [3, 4], [4, 5], [5, 0]] });
  assert.equal(3, around.filter(side => side).length); // nobody leans to a side: half and half
});

test("a column is sorted so that links do not cross needlessly", () => {
  const places = sortSides([0, 0, 0, 1, 1, 1], [[0, 5], [1, 4], [2, 3]]);
  const heightOf = peer => places[peer][1];

  for (const [left, right] of [[0, 5], [1, 4], [2, 3]]) assert.equal(heightOf(left), heightOf(right));
  assert.ok(gapOf(sortSides(Array.from({ length: 1000 }, (_, i) => i % 2), [])) > 4);
});

test("everybody stands inside the own continent and apart from the others, the rest at sea", () => {
  const regions = crowd({ peers: 1000, blocks: 0 }).head.regions;
  const places = standOnMap([...regions, ""]);

  for (const [peer, region] of regions.entries()) assert.ok(isInside(CONTINENTS[region].outline, places[peer]), `${region} ${places[peer]}`);
  for (const { outline } of Object.values(CONTINENTS)) assert.ok(!isInside(outline, places[1000]));
  assert.ok(gapOf(places, FRAME) > 3);
});

test("few peers on a continent stand near its middle, and none asks for no room", () => {
  assert.deepEqual([], spreadInside(CONTINENTS.asia.outline, 0));
  const [one, other] = spreadInside(CONTINENTS.africa.outline, 2);
  assert.ok(Math.hypot(one[0] - other[0], one[1] - other[1]) > 10);
});

test("pairs are what the scenario links and whoever connects besides, each once", () => {
  const trace = forkAndHeal().trace();
  trace.links = [[0, 1], [5, 0]];

  assert.deepEqual(["0-1", "0-2", "0-5", "1-2", "2-3", "3-4", "3-5", "4-5"],
    pairsOf(trace).map(pair => pair.toSorted().join("-")).sort());
});

test("every layout places every peer", async () => {
  const trace = crowd({ peers: 40, blocks: 0 }).trace();

  for (const name of layoutsOf(trace)) {
    const { places } = await arrange(name, trace);
    assert.equal(40, places.filter(([x, y]) => Number.isFinite(x) && Number.isFinite(y)).length, name);
  }
});
