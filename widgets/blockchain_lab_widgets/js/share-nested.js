// An SVG of the page as text that needs no stylesheet: every computed style that matters becomes an attribute.
import { escapeText, readColour, tag } from "./share-xml.js";

/** Property -> what it is when nothing says otherwise; what is so is not written. */
const LOOKS = {
  fill: "#000000", stroke: "none", "stroke-width": "1px", "stroke-dasharray": "none", "stroke-linecap": "butt", "stroke-linejoin": "miter",
  "fill-opacity": "1", "stroke-opacity": "1", opacity: "1", "fill-rule": "nonzero", "paint-order": "normal", "vector-effect": "none",
};
const OF_TEXT = {
  "font-size": "", "font-family": "", "font-weight": "400", "font-style": "normal", "text-anchor": "start", "dominant-baseline": "auto",
  "letter-spacing": "normal",
};
const TEXTS = new Set(["text", "tspan"]);
const LEFT_OUT = new Set(["script", "style", "foreignObject", "title", "desc", "animate", "set", "a", "image", "use"]);
const GEOMETRY = new Set([
  "d", "x", "y", "dx", "dy", "x1", "y1", "x2", "y2", "cx", "cy", "r", "rx", "ry", "width", "height", "points", "transform", "viewBox",
  "preserveAspectRatio", "pathLength", "markerWidth", "markerHeight", "refX", "refY", "orient", "markerUnits", "textLength", "lengthAdjust", "offset",
]);
const NAMED = ["clip-path", "marker-start", "marker-end", "mask"]; // refer to other elements by id

/**
 * @param {SVGSVGElement} root
 * @param {{x, y, width, height}} box where it stands in the picture
 * @param {string} prefix makes its ids unique in the picture
 */
export function nestedSvg(root, box, prefix) {
  const { overflow } = getComputedStyle(root);
  const [viewBox, preserveAspectRatio] = ["viewBox", "preserveAspectRatio"].map(name => root.getAttribute(name));
  const attributes = { ...box, viewBox, preserveAspectRatio, overflow: overflow === "visible" ? overflow : null };
  const content = [...root.children].map(child => write(child, prefix)).join("");
  return content && tag("svg", attributes, content);
}

function write(node, prefix) {
  const name = node.localName;
  const style = getComputedStyle(node);
  if (LEFT_OUT.has(name) || style.display === "none") return "";
  const isHidden = style.visibility !== "visible" || style.opacity === "0";
  if (isHidden && !node.children.length) return "";
  const attributes = { ...geometryOf(node), ...looksOf(node, style, prefix) };
  if (isHidden && style.opacity !== "0") attributes.visibility = "hidden";
  if (node.id) attributes.id = prefix + node.id;
  const isText = TEXTS.has(name);
  const content = [...node.childNodes].map(child => {
    if (child.nodeType === Node.ELEMENT_NODE) return write(child, prefix);
    return isText && child.nodeType === Node.TEXT_NODE ? escapeText(child.data) : "";
  }).join("");
  if (name === "g" && !content) return "";
  return tag(name, attributes, content);
}

function geometryOf(node) {
  return Object.fromEntries([...node.attributes].filter(({ name }) => GEOMETRY.has(name)).map(({ name, value }) => [name, value]));
}

function looksOf(node, style, prefix) {
  const looks = {};
  const known = TEXTS.has(node.localName) ? { ...LOOKS, ...OF_TEXT } : LOOKS;
  const isGroup = node.localName === "g" || node.localName === "svg";
  for (const [name, usual] of Object.entries(known)) {
    if (isGroup && name !== "opacity") continue; // its children say all that is theirs
    const value = style.getPropertyValue(name);
    if (name === "fill" || name === "stroke") Object.assign(looks, colourOf(name, value, style, usual));
    else if (value !== usual && !(name.endsWith("-opacity") && looks[name] !== undefined)) looks[name] = value.replace(/px\b/g, "");
  }
  for (const name of NAMED) {
    const id = style.getPropertyValue(name).match(/^url\("?#([^")]+)"?\)$/)?.[1];
    if (id) looks[name] = `url(#${prefix}${id})`;
  }
  const { transform } = style;
  if (transform !== "none" && !node.hasAttribute("transform")) {
    looks.transform = `translate(${originOf(node, style)}) ${transform} translate(${originOf(node, style, -1)})`;
  }
  return looks;
}

/** A stylesheet's transform turns and grows around a point of its own; an attribute's around 0, 0. */
function originOf(node, { transformOrigin, transformBox }, sign = 1) {
  const [x, y] = transformOrigin.split(" ").map(parseFloat);
  const { x: left, y: top } = transformBox === "fill-box" ? node.getBBox() : { x: 0, y: 0 };
  return `${sign * (left + x)} ${sign * (top + y)}`;
}

function colourOf(name, value, style, usual) {
  if (value.startsWith("url(")) return {};
  const [colour, alpha] = readColour(value);
  const opacity = alpha * Number(style.getPropertyValue(`${name}-opacity`));
  return { ...(colour === usual ? {} : { [name]: colour }), [`${name}-opacity`]: opacity === 1 ? undefined : opacity };
}
