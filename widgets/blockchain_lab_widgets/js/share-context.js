// A canvas context that draws SVG: the network's own drawing functions draw a picture of shapes with it.
import { escapeText, paint, round, tag } from "./share-xml.js";

const ANCHORS = { left: null, start: null, center: "middle", right: "end", end: "end" };

/** As much of `CanvasRenderingContext2D` as our views use. */
export class SvgContext {
  #path = "";
  #dashes = [];
  #parts = [];

  /** @param {CanvasRenderingContext2D} pen measures texts */
  constructor(pen) {
    this.pen = pen;
    Object.assign(this, {
      fillStyle: "#000", strokeStyle: "#000", lineWidth: 1, lineCap: "butt", lineJoin: "miter", globalAlpha: 1,
      font: "12px sans-serif", textAlign: "start", textBaseline: "alphabetic",
    });
  }

  /** All that was drawn, as markup. */
  get markup() {
    return this.#parts.join("");
  }

  // --- paths ---------------------------------------------------------------------------------------------------

  beginPath() {
    this.#path = "";
  }

  moveTo(x, y) {
    this.#path += `M${round(x)} ${round(y)}`;
  }

  lineTo(x, y) {
    this.#path += `${this.#path ? "L" : "M"}${round(x)} ${round(y)}`;
  }

  closePath() {
    if (this.#path) this.#path += "Z";
  }

  rect(x, y, width, height) {
    this.#path += rectangle(x, y, width, height);
  }

  arc(x, y, radius, from, to) {
    const at = angle => `${round(x + radius * Math.cos(angle))} ${round(y + radius * Math.sin(angle))}`;
    const turn = to - from;
    const size = round(radius);
    if (!this.#path || this.#path.endsWith("Z")) this.#path += `M${at(from)}`;
    else if (!this.#path.endsWith(`M${at(from)}`)) this.#path += `L${at(from)}`;
    const halves = turn >= 2 * Math.PI ? [from + Math.PI, from + 2 * Math.PI] : [to]; // an arc cannot end where it begins
    const isLarge = halves.length === 1 && turn > Math.PI ? 1 : 0;
    for (const angle of halves) this.#path += `A${size} ${size} 0 ${isLarge} 1 ${at(angle)}`;
  }

  setLineDash(dashes) {
    this.#dashes = [...dashes];
  }

  fill(rule) {
    if (!this.#path || !this.globalAlpha) return;
    this.#add("path", { d: this.#path, ...paint("fill", this.fillStyle), "fill-rule": rule === "evenodd" ? rule : null });
  }

  stroke() {
    if (this.#path) this.#stroke(this.#path);
  }

  fillRect(x, y, width, height) {
    this.#add("path", { d: rectangle(x, y, width, height), ...paint("fill", this.fillStyle) });
  }

  strokeRect(x, y, width, height) {
    this.#stroke(rectangle(x, y, width, height));
  }

  clearRect() {
    // there is nothing yet
  }

  #stroke(d) {
    this.#add("path", {
      d, fill: "none", ...paint("stroke", this.strokeStyle), "stroke-width": this.lineWidth,
      "stroke-dasharray": this.#dashes.length ? this.#dashes.join(" ") : null,
      "stroke-linecap": this.lineCap === "butt" ? null : this.lineCap, "stroke-linejoin": this.lineJoin === "miter" ? null : this.lineJoin,
    });
  }

  // --- texts ---------------------------------------------------------------------------------------------------

  measureText(text) {
    this.pen.font = this.font;
    return this.pen.measureText(text);
  }

  fillText(text, x, y, most) {
    this.#write(text, x, y, most, paint("fill", this.fillStyle));
  }

  strokeText(text, x, y, most) {
    this.#write(text, x, y, most, {
      fill: "none", ...paint("stroke", this.strokeStyle), "stroke-width": this.lineWidth, "stroke-linejoin": this.lineJoin === "miter" ? null : this.lineJoin,
    });
  }

  #write(text, x, y, most, look) {
    const { pen, font } = this;
    const [, weight, size, family] = font.match(/^(bold |\d+ )?([\d.]+)px (.*)$/) ?? [null, "", "12", "sans-serif"];
    pen.font = font;
    const isNarrowed = most !== undefined && pen.measureText(text).width > most;
    this.#add("text", {
      x, y: y + this.#lower(), "font-size": Number(size), "font-family": family, "font-weight": weight?.trim() || null,
      "text-anchor": ANCHORS[this.textAlign], textLength: isNarrowed ? most : null, lengthAdjust: isNarrowed ? "spacingAndGlyphs" : null, ...look,
    }, escapeText(text));
  }

  /** From where a text's line is said to be down to its baseline: the only one that every program knows. */
  #lower() {
    if (this.textBaseline === "alphabetic") return 0;
    const { pen } = this;
    const ascentFrom = baseline => {
      pen.textBaseline = baseline;
      return pen.measureText("x").fontBoundingBoxAscent;
    };
    const lower = ascentFrom(this.textBaseline);
    return ascentFrom("alphabetic") - lower;
  }

  #add(name, attributes, content) {
    this.#parts.push(tag(name, { ...attributes, opacity: this.globalAlpha === 1 ? null : this.globalAlpha }, content));
  }
}

function rectangle(x, y, width, height) {
  return `M${round(x)} ${round(y)}h${round(width)}v${round(height)}h${round(-width)}Z`;
}
