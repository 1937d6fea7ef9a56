// Pictures that leave the page: markup without a hole in it, a canvas that draws shapes, colours that all programs know.
import assert from "node:assert/strict";
import test from "node:test";
import { SvgContext } from "../../widgets/blockchain_lab_widgets/js/share-context.js";
import { fileName } from "../../widgets/blockchain_lab_widgets/js/share-files.js";
import { describeSize } from "../../widgets/blockchain_lab_widgets/js/share.js";
import { escapeText, paint, readColour, tag } from "../../widgets/blockchain_lab_widgets/js/share-xml.js";

const EVIL = `</script><img src=x onerror=hacked=1>"'&\u0000\ud800`;
const PEN = { measureText: text => ({ width: 6 * text.length, fontBoundingBoxAscent: PEN.textBaseline === "middle" ? 5 : 9 }) };

test("no text gets out of its quotes or its element", () => {
  const markup = tag("text", { title: EVIL }, escapeText(EVIL));

  assert.equal((markup.match(/</g) ?? []).length, 2);
  assert.equal((markup.match(/"/g) ?? []).length, 2);
  assert.ok(!/[\u0000-\u0008\ud800-\udfff]/.test(markup), "XML has no such letters");
  assert.equal(escapeText("😀 链"), "😀 链");
});

test("numbers are short, and what is nothing is left out", () => {
  assert.equal(tag("rect", { x: 1 / 3, y: 2, rx: null, fill: undefined, id: "" }), '<rect x="0.33" y="2"/>');
});

test("colours are written as every program reads them, what is seen through as an opacity", () => {
  assert.deepEqual(readColour("rgb(0, 114, 198)"), ["#0072c6", 1]);
  assert.deepEqual(readColour("rgba(0, 0, 0, 0.87)"), ["#000000", 0.87]);
  assert.deepEqual(readColour("rgba(0, 0, 0, 0)"), ["none", 1]);
  assert.deepEqual(readColour("transparent"), ["none", 1]);
  assert.deepEqual(readColour("color(srgb 0.5 0.25 1 / 0.14)"), ["#8040ff", 0.14]);
  assert.deepEqual(readColour("color(srgb 0.5 0.25 1)"), ["#8040ff", 1]);
  assert.deepEqual(readColour("#c00018"), ["#c00018", 1]);
  assert.deepEqual(paint("fill", "rgba(1, 2, 3, .5)"), { fill: "#010203", "fill-opacity": 0.5 });
});

test("a canvas's paths become paths: lines, dashes, boxes, whole circles and pieces of them", () => {
  const context = new SvgContext(PEN);
  Object.assign(context, { strokeStyle: "#7d7d7d", lineWidth: 1.5, globalAlpha: 0.4 });
  context.setLineDash([6, 5]);
  context.beginPath();
  context.moveTo(1, 2);
  context.lineTo(3.456, 4);
  context.stroke();

  assert.equal(context.markup, '<path d="M1 2L3.46 4" fill="none" stroke="#7d7d7d" stroke-width="1.5" stroke-dasharray="6 5" opacity="0.4"/>');

  const dots = new SvgContext(PEN);
  dots.fillStyle = "#0072c6";
  dots.beginPath();
  dots.moveTo(15, 10);
  dots.arc(10, 10, 5, 0, 2 * Math.PI);
  dots.rect(0, 0, 2, 3);
  dots.fill();
  assert.equal(dots.markup, '<path d="M15 10A5 5 0 0 1 5 10A5 5 0 0 1 15 10M0 0h2v3h-2Z" fill="#0072c6"/>');

  const piece = new SvgContext(PEN);
  piece.beginPath();
  piece.arc(0, 0, 10, 0, 1.5 * Math.PI);
  piece.stroke();
  assert.match(piece.markup, /d="M10 0A10 10 0 1 1 (-?0) -10"/);
});

test("a canvas's texts keep their place, whatever line they are given by, and a narrow one its width", () => {
  const context = new SvgContext(PEN);
  Object.assign(context, { font: "12px DejaVu Sans", textAlign: "center", textBaseline: "middle", fillStyle: "#212121" });
  context.fillText("<ann>", 10, 20);
  context.textAlign = "left";
  context.textBaseline = "alphabetic";
  context.fillText("a long name", 0, 9, 30);

  assert.equal(context.markup.match(/<text/g).length, 2);
  assert.ok(context.markup.startsWith('<text x="10" y="24" font-size="12" font-family="DejaVu Sans" text-anchor="middle" fill="#212121">&lt;ann&gt;</text>'));
  assert.match(context.markup, /<text x="0" y="9"[^>]*textLength="30" lengthAdjust="spacingAndGlyphs"/);
});

test("files have names that every system takes, and sizes that people read", () => {
  assert.equal(fileName("fork_and_heal", 266, "svg"), "fork_and_heal-266.svg");
  assert.equal(fileName("../<b>x", 1, "png"), "_b_x-1.png");
  assert.equal(fileName("", 0, "json"), "run-0.json");
  assert.deepEqual([400, 4_200, 1_430_000].map(describeSize), ["1 kB", "4 kB", "1.4 MB"]);
});
