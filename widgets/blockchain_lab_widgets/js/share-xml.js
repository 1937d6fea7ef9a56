// Markup as text, for pictures that leave the page. Every text is escaped: what a peer says never becomes markup.

/** Letters that XML 1.0 does not know, and halves of letters. */
const NO_LETTER = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g;
const MARKS = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;" };

/** A text as it may stand between tags and in quotes. */
export function escapeText(text) {
  return String(text).replace(NO_LETTER, "\ufffd").replace(/[&<>"']/g, mark => MARKS[mark]);
}

/** A number as short as a picture needs it: a hundredth of a pixel. */
export function round(value) {
  return Math.round(value * 100) / 100;
}

/** An element; attributes of null are left out, `content` is markup already. */
export function tag(name, attributes, content = "") {
  const written = Object.entries(attributes).filter(([, value]) => value !== null && value !== undefined && value !== "")
    .map(([key, value]) => ` ${key}="${escapeText(typeof value === "number" ? round(value) : value)}"`);
  return content === "" ? `<${name}${written.join("")}/>` : `<${name}${written.join("")}>${content}</${name}>`;
}

/**
 * A colour of a stylesheet as SVG has known it for ever: `[colour, opacity]`; "none" for what is not seen.
 *
 * @param {string} value as `getComputedStyle` gives it, or as a palette holds it
 */
export function readColour(value) {
  const numbers = value.match(/-?[\d.]+(?:e-?\d+)?%?/g)?.map(part => (part.endsWith("%") ? parseFloat(part) / 100 : parseFloat(part))) ?? [];
  const alpha = numbers.length > 3 ? numbers[3] : 1;
  if (value === "transparent" || alpha === 0) return ["none", 1];
  if (/^rgba?\(/.test(value)) return [hex(numbers.slice(0, 3).map(part => part / 255)), alpha];
  if (value.startsWith("color(srgb")) return [hex(numbers.slice(0, 3)), alpha];
  return [value, 1];
}

function hex(parts) {
  return `#${parts.map(part => Math.round(Math.max(0, Math.min(1, part)) * 255).toString(16).padStart(2, "0")).join("")}`;
}

/** The attributes of a paint: `paint("fill", "rgba(0, 0, 0, .5)")`. */
export function paint(name, value) {
  const [colour, alpha] = readColour(value);
  return { [name]: colour, [`${name}-opacity`]: alpha === 1 ? null : alpha };
}
