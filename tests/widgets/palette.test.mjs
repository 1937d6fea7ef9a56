import assert from "node:assert/strict";
import { test } from "node:test";
import { CLASSES, MOST_TIPS, PALETTES, paletteFor, rankTips } from "../../widgets/blockchain_lab_widgets/js/palette.js";

const channels = colour => [1, 3, 5].map(at => parseInt(colour.slice(at, at + 2), 16) / 255);
const linear = value => (value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4);

/** WCAG 2 contrast, 1 .. 21. */
function contrast(a, b) {
  const [light, dark] = [a, b].map(colour => {
    const [red, green, blue] = channels(colour).map(linear);
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  }).sort((x, y) => y - x);
  return (light + 0.05) / (dark + 0.05);
}

/** What eyes without red or green cones make of linear RGB (Machado, Oliveira, Fernandes 2009, severity 1). */
const EYES = {
  usual: [[1, 0, 0], [0, 1, 0], [0, 0, 1]],
  protan: [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]],
  deutan: [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.01182, 0.04294, 0.968881]],
};

/** A colour in Oklab (Ottosson 2020), in which distances are about equally visible. */
function oklab(colour, eyes) {
  const rgb = channels(colour).map(linear);
  const [r, g, b] = EYES[eyes].map(row => Math.min(1, Math.max(0, row[0] * rgb[0] + row[1] * rgb[1] + row[2] * rgb[2])));
  const l = Math.cbrt(0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * b);
  const m = Math.cbrt(0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * b);
  const s = Math.cbrt(0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * b);
  return [
    0.2104542553 * l + 0.793617785 * m - 0.0040720468 * s,
    1.9779984951 * l - 2.428592205 * m + 0.4505937099 * s,
    0.0259040371 * l + 0.7827717662 * m - 0.808675766 * s,
  ];
}

const distance = (a, b, eyes) => Math.hypot(...oklab(a, eyes).map((value, i) => value - oklab(b, eyes)[i]));
const PAPERS = { light: ["#ffffff"], dark: ["#111111", "#212121"] }; // JupyterLab's own, and under tooltips

for (const palette of PALETTES) {
  const marks = { tips: [...palette.tips, palette.rest], groups: palette.groups, curves: palette.curves, classes: CLASSES.map(name => palette.classes[name]) };

  test(`${palette.name}: every mark stands out 3:1 from its paper`, () => {
    const all = [...marks.tips, ...marks.groups, ...marks.curves, ...marks.classes, palette.alarm, palette.selection, palette.edge];
    for (const paper of PAPERS[palette.name]) {
      for (const colour of all) assert.ok(contrast(colour, paper) >= 3, `${colour} on ${paper}: ${contrast(colour, paper).toFixed(2)}`);
    }
  });

  test(`${palette.name}: faint text is still read, 4.5:1`, () => {
    for (const paper of PAPERS[palette.name]) assert.ok(contrast(palette.faint, paper) >= 4.5, `${palette.faint} on ${paper}`);
  });

  test(`${palette.name}: marks of one channel differ, for all eyes`, () => {
    for (const [channel, colours] of Object.entries(marks)) {
      for (const eyes of Object.keys(EYES)) {
        for (const [i, a] of colours.entries()) {
          for (const b of colours.slice(0, i)) {
            assert.ok(distance(a, b, eyes) >= 0.085, `${channel}, ${eyes}: ${a} and ${b} are ${distance(a, b, eyes).toFixed(3)} apart`);
          }
        }
      }
    }
  });
}

test("the palette follows the paper, whatever its theme is called", () => {
  assert.deepEqual(["light", "dark", "dark", "light"],
    ["rgb(255, 255, 255)", "rgb(17, 17, 17)", "rgb(33, 37, 43)", "rgba(0, 0, 0, 0)"].map(paper => paletteFor(paper).name));
});

test("the first colour is the best tip's, however few stand on it, and the fifth tip shares the grey", () => {
  const heights = { a: 3, b: 5, c: 3, d: 2, e: 1, f: 0 };
  const look = hash => ({ height: heights[hash], order: "cabdef".indexOf(hash) });

  const fills = rankTips(["a", "a", "a", "b", "c", null, "d", "e", "f"], look);

  assert.deepEqual([["b", 0], ["c", 1], ["a", 2], ["d", 3], ["e", MOST_TIPS], ["f", MOST_TIPS]], [...fills]);
});
