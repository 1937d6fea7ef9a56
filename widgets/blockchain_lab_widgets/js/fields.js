// The fields of a message as a tree: what the reader noted one after another, nested by what contains what.
import { firstIndex } from "./columns.js";

const ENVELOPE = [["magic", 0, 4], ["command", 4, 16], ["length", 16, 20], ["checksum", 20, 24]];
export const ENVELOPE_SIZE = 24;

/** @typedef {{name: string, start: number, end: number, depth: number, parts: Node[]}} Node `depth` 0 is outermost */

/**
 * Nest fields. The reader notes a compound behind its parts, so what lies within a field and came before it
 * is a part of it. O(fields).
 *
 * @param {{name, start, end}[]} fields in the order in which they were read
 */
export function nestFields(fields) {
  const roots = [];
  for (const { name, start, end } of fields) {
    let first = roots.length;
    while (first > 0 && isWithin(roots[first - 1], start, end)) first -= 1;
    roots.push({ name, start, end, parts: roots.splice(first) });
  }
  return numbered(roots);
}

// An empty field in front of another one of the same start (no script, then a sequence) is no part of it.
function isWithin(part, start, end) {
  return part.start >= start && part.end <= end && (part.end > start || part.start > start);
}

// Equal names side by side are told apart by their number: header 0, header 1.
function numbered(nodes, depth = 0) {
  const counts = new Map();
  for (const { name } of nodes) counts.set(name, (counts.get(name) ?? 0) + 1);
  const seen = new Map();
  for (const node of nodes) {
    node.depth = depth;
    const at = seen.get(node.name) ?? 0;
    seen.set(node.name, at + 1);
    node.number = counts.get(node.name) > 1 ? at : null;
    numbered(node.parts, depth + 1);
  }
  return nodes;
}

const isOurs = field => ENVELOPE.some(([name, start, end]) => field.name === name && field.start === start && field.end === end);

/**
 * The whole message: its envelope of 24 bytes, then the payload's fields; offsets are into the frame. Where other
 * fields stand in those bytes there is no such envelope: a lab without a codec has payloads alone.
 */
export function readMessage({ bytes, fields }) {
  const inEnvelope = fields.filter(({ start }) => start < ENVELOPE_SIZE);
  if (!inEnvelope.every(isOurs)) return nestFields(fields);
  const payload = fields.filter(({ start }) => start >= ENVELOPE_SIZE);
  const named = inEnvelope.length ? inEnvelope : ENVELOPE.map(([name, start, end]) => ({ name, start, end }));
  const parts = numbered(nestFields(named.filter(({ end }) => end <= bytes.length)), 1);
  const end = Math.min(ENVELOPE_SIZE, bytes.length);
  const envelope = { name: "envelope", start: 0, end, depth: 0, number: null, parts };
  return [envelope, ...nestFields(payload)];
}

/** Where the payload begins in what `readMessage` made: 0 when it is all there is. */
export function envelopeEnd([first]) {
  return first?.name === "envelope" ? first.end : 0;
}

/** Has it the envelope that says magic, command, length and checksum? */
export function isFramed(nodes) {
  return envelopeEnd(nodes) === ENVELOPE_SIZE;
}

/** The rows to show: every node, and the parts of those that are open, from top to bottom. */
export function flatten(nodes, isOpen, rows = []) {
  for (const node of nodes) {
    rows.push(node);
    if (node.parts.length && isOpen(node)) flatten(node.parts, isOpen, rows);
  }
  return rows;
}

/** The innermost node at a byte, and all that contain it, outermost first. O(depth x log fields). */
export function pathTo(nodes, offset) {
  const path = [];
  for (let level = nodes; level.length;) {
    const node = level[firstIndex(level.length, at => level[at].end > offset)];
    if (!node || node.start > offset) break;
    path.push(node);
    level = node.parts;
  }
  return path;
}
