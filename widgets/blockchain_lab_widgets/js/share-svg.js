// What a reader sees of a view as one SVG text: no stylesheet, no script, nothing outside. A pixel is a pixel.
//
// Texts become texts, boxes and lines shapes, drawings shapes; canvases are drawn anew where we know by whom.
import { SvgContext } from "./share-context.js";
import { painterOf } from "./share-drawn.js";
import { nestedSvg } from "./share-nested.js";
import { textsOf } from "./share-text.js";
import { escapeText, paint, readColour, tag } from "./share-xml.js";
import { zoomOf } from "./zoom.js";

/** What belongs to the page and not to the moment. */
const LEFT_OUT = ".bl-transport, .bl-tabs, .bl-network-tools, .bl-float, .bl-notes, .bl-tooltip, .bl-hidden, .bl-peers, .bl-table-button, "
  + "script, style, template, [hidden]";
const CAPTION = 32; // pixels
const SIDES = ["Top", "Right", "Bottom", "Left"];

/**
 * A picture of some parts of the page, where they stand, with a line above that says what it is.
 *
 * @param {Element[]} parts of one widget
 * @param {{title: string, caption: string}} words
 * @returns {{text: string, width: number, height: number}}
 */
export function drawParts(parts, { title, caption }) {
  const boxes = parts.flatMap(part => [...part.children].filter(child => !child.matches(LEFT_OUT)).map(child => child.getBoundingClientRect()));
  const left = Math.min(...boxes.map(box => box.left));
  const top = Math.min(...boxes.map(box => box.top));
  const zoom = zoomOf(parts[0]); // a presentation is larger than life
  const width = Math.ceil((Math.max(...boxes.map(box => box.right)) - left) / zoom);
  const height = Math.ceil((Math.max(...boxes.map(box => box.bottom)) - top) / zoom) + CAPTION;
  const picture = new Picture(left, top, zoom);
  const content = parts.map(part => picture.draw(part)).join("");
  const root = parts[0].closest(".blockchain-lab") ?? parts[0];
  const style = getComputedStyle(root);
  const [paper] = readColour(style.backgroundColor);
  const fill = paper === "none" ? "#ffffff" : paper;
  const lines = [
    tag("title", {}, escapeText(title)), tag("desc", {}, escapeText([caption, ...parts.flatMap(describe)].join(". "))),
    tag("rect", { width, height, fill }), content, tag("rect", { width, height: CAPTION, fill }),
    tag("text", { x: 12, y: 21, "font-family": style.fontFamily, "font-size": 14, ...paint("fill", style.color) },
      tag("tspan", { "font-weight": 600 }, escapeText(title)) + tag("tspan", { dx: 12 }, escapeText(caption))),
  ];
  const attributes = { xmlns: "http://www.w3.org/2000/svg", width, height, viewBox: `0 0 ${width} ${height}`, role: "img" };
  return { text: `${tag("svg", attributes, lines.join("\n"))}\n`, width, height };
}

/** What a screen reader is told of a part. */
function describe(part) {
  const named = [part, ...part.querySelectorAll("[aria-describedby], svg[aria-label], canvas[aria-label]")];
  return [...new Set(named.flatMap(each => {
    const ids = each.getAttribute("aria-describedby")?.split(" ") ?? [];
    return [each.getAttribute("aria-label"), ...ids.map(id => each.ownerDocument.getElementById(id)?.textContent)];
  }))].filter(Boolean).map(words => words.replace(/\.$/, ""));
}

class Picture {
  #ids = 0;

  constructor(left, top, zoom) {
    Object.assign(this, { left, top, zoom, pen: document.createElement("canvas").getContext("2d") });
  }

  draw(node) {
    if (node.matches(LEFT_OUT)) return "";
    const style = getComputedStyle(node);
    if (style.display === "none" || style.opacity === "0") return "";
    const box = this.#boxOf(node);
    const isSeen = style.visibility === "visible";
    const own = isSeen && box.width && box.height ? drawBox(box, style) : "";
    const inside = this.#drawInside(node, box, style, isSeen);
    return this.#wrap(own, inside, box, style);
  }

  #boxOf(node) {
    return this.#place(node.getBoundingClientRect());
  }

  #place({ left, top, width, height }) {
    const { zoom } = this;
    return { x: (left - this.left) / zoom, y: (top - this.top) / zoom + CAPTION, width: width / zoom, height: height / zoom };
  }

  #drawInside(node, box, style, isSeen) {
    if (node.localName === "svg") return isSeen ? nestedSvg(node, box, `p${this.#ids++}-`) : "";
    if (node.localName === "canvas") return isSeen ? this.#drawCanvas(node, box) : "";
    return [...node.childNodes].map(child => {
      if (child.nodeType === Node.ELEMENT_NODE) return this.draw(child);
      return child.nodeType === Node.TEXT_NODE && isSeen ? this.#write(child, style) : "";
    }).join("") + this.#writeValue(node, box, style);
  }

  #drawCanvas(canvas, box) {
    const painter = painterOf(canvas);
    if (!painter) return canvas.width && canvas.height ? tag("image", { ...box, href: canvas.toDataURL() }) : "";
    const context = new SvgContext(this.pen);
    painter(context);
    return context.markup && tag("svg", { ...box, viewBox: `0 0 ${canvas.offsetWidth} ${canvas.offsetHeight}` }, context.markup);
  }

  /** What a field or a list of choices shows is no text of the page. */
  #writeValue(node, { x, y, height }, style) {
    const shown = node.localName === "select" ? node.selectedOptions[0]?.text : node.matches("input[type=text], input:not([type])") ? node.value : "";
    if (!shown) return "";
    return tag("text", { x: x + 6, y: y + height / 2 + 0.35 * parseFloat(style.fontSize), ...lookOf(style) }, escapeText(shown));
  }

  #write(node, style) {
    return textsOf(node, style, this.pen, box => this.#place(box)).map(({ text, x, y }) => tag("text", {
      x, y, ...lookOf(style), "xml:space": /^pre/.test(style.whiteSpace) ? "preserve" : null,
    }, escapeText(text))).join("");
  }

  #wrap(own, inside, box, style) {
    let content = inside;
    if (content && style.overflow !== "visible" && box.width && box.height) {
      const id = `c${this.#ids++}`;
      content = tag("clipPath", { id }, tag("rect", box)) + tag("g", { "clip-path": `url(#${id})` }, content);
    }
    if (!own && !content) return "";
    return style.opacity === "1" ? own + content : tag("g", { opacity: Number(style.opacity) }, own + content);
  }
}

function lookOf(style) {
  return {
    "font-family": style.fontFamily, "font-size": parseFloat(style.fontSize), "font-weight": style.fontWeight === "400" ? null : style.fontWeight,
    "font-style": style.fontStyle === "normal" ? null : style.fontStyle, ...paint("fill", style.color),
    "text-decoration": style.textDecorationLine === "none" ? null : style.textDecorationLine,
  };
}

/** Paper and border of an element. */
function drawBox(box, style) {
  const { x, y, width, height } = box;
  const radius = Math.min(parseFloat(style.borderTopLeftRadius) || 0, height / 2);
  const [paper] = readColour(style.backgroundColor);
  const fill = paper === "none" ? "" : tag("rect", { ...box, rx: radius || null, ...paint("fill", style.backgroundColor) });
  const borders = SIDES.map(side => {
    const [line, kind, colour] = ["Width", "Style", "Color"].map(what => style[`border${side}${what}`]);
    return { width: parseFloat(line), style: kind, colour };
  });
  const isDrawn = border => border.width > 0 && border.style !== "none" && readColour(border.colour)[0] !== "none";
  const isSame = borders.every(border => border.width === borders[0].width && border.colour === borders[0].colour);
  const look = border => ({
    fill: "none", ...paint("stroke", border.colour), "stroke-width": border.width, "stroke-dasharray": /^d/.test(border.style) ? "4 3" : null,
  });
  if (isSame) {
    const [border] = borders;
    const half = border.width / 2;
    if (!isDrawn(border)) return fill;
    const inner = { x: x + half, y: y + half, width: Math.max(0, width - border.width), height: Math.max(0, height - border.width) };
    return fill + tag("rect", { ...inner, rx: radius || null, ...look(border) });
  }
  const [top, right, bottom, left] = borders.map(border => border.width / 2);
  const lines = [`M${x} ${y + top}h${width}`, `M${x + width - right} ${y}v${height}`, `M${x} ${y + height - bottom}h${width}`, `M${x + left} ${y}v${height}`];
  return fill + borders.map((border, i) => (isDrawn(border) ? tag("path", { d: lines[i], ...look(border) }) : "")).join("");
}
