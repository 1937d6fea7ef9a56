// What can be checked about some bytes without asking anybody: envelope, checksum, names, work, Merkle root.
import { headerHashOf, partsOf, txidOf } from "./bytes-carriers.js";
import { checksumOf, displayHash, hash256, toHex } from "./checksum.js";
import { formatCount } from "./describe.js";
import { ENVELOPE_SIZE, isFramed } from "./fields.js";
import { toUnsigned } from "./values.js";

const MAX_PAYLOAD = 4_000_000; // bytes: Bitcoin Core's MAX_PROTOCOL_MESSAGE_LENGTH, as in envelope.py

/**
 * @typedef {object} Check
 * @property {string} name "checksum"
 * @property {string} value what was computed, in hexadecimal or as a number
 * @property {string} words what that means
 * @property {boolean|null} isRight null when there is nothing to be right about
 */

/** The envelope's four fields, as numbers where they are numbers. */
export function readEnvelope(bytes) {
  const command = bytes.subarray(4, 16);
  const end = command.indexOf(0) < 0 ? command.length : command.indexOf(0);
  const isReadable = command.every((byte, at) => (at < end ? byte >= 0x20 && byte <= 0x7e : byte === 0));
  return {
    magic: toHex(bytes.subarray(0, 4)), length: Number(toUnsigned(bytes.subarray(16, 20))), checksum: toHex(bytes.subarray(20, 24)),
    command: isReadable ? String.fromCharCode(...command.subarray(0, end)) : null,
  };
}

/**
 * What a receiver will do with a frame, in the order in which it looks: magic, length, command, checksum.
 *
 * @param {string} magic of the network, in hexadecimal
 * @returns {Check} of which the words end with what the receiver does
 */
export function judgeFrame(bytes, magic) {
  const said = readEnvelope(bytes);
  const there = bytes.length - ENVELOPE_SIZE;
  const wrong = (name, value, words) => ({ name, value, words, isRight: false });
  if (said.magic !== magic) return wrong("magic", said.magic, `is not this network's ${magic}: the receiver cannot tell where a message begins, and hangs up`);
  if (said.length > MAX_PAYLOAD) return wrong("length", formatCount(said.length), `is over the limit of ${formatCount(MAX_PAYLOAD)} bytes: the receiver hangs up`);
  if (said.length > there) return wrong("length", formatCount(said.length), `says more than the ${formatCount(there)} bytes that are there: the receiver takes the rest from what comes next`);
  if (said.length < there) return wrong("length", formatCount(said.length), `says less than the ${formatCount(there)} bytes that are there: the receiver takes the rest for another message`);
  if (said.command === null) return wrong("command", toHex(bytes.subarray(4, 16)), "is no text: the receiver cannot read the message");
  const computed = toHex(checksumOf(bytes.subarray(ENVELOPE_SIZE)));
  if (said.checksum !== computed) return wrong("checksum", said.checksum, `is said, but the payload hashes to ${computed}: the receiver will refuse it`);
  return { name: "checksum", value: computed, words: "as the payload hashes", isRight: true };
}

/** The target that compact bits stand for; null for bits that stand for no number (negative, or over 256 bits). */
export function targetOf(bits) {
  const size = bits >>> 24;
  const mantissa = size < 3 ? (bits & 0x7fffff) >>> (8 * (3 - size)) : bits & 0x7fffff;
  const target = BigInt(mantissa) << BigInt(8 * Math.max(0, size - 3));
  return (mantissa && bits & 0x800000) || target >> 256n ? null : target;
}

/** The root over txids, all in the order of the wire; an odd one is paired with itself. O(count). */
export function merkleRootOf(txids) {
  let level = txids;
  while (level.length > 1) {
    const pairs = Math.ceil(level.length / 2);
    level = Array.from({ length: pairs }, (_, i) => hash256(Uint8Array.of(...level[2 * i], ...(level[2 * i + 1] ?? level[2 * i]))));
  }
  return level[0];
}

/** A header's name and whether its work is enough. `original` is its hash before somebody changed bytes, or null. */
function checkHeader(node, bytes, original, nameOf) {
  const hash = headerHashOf(node, bytes);
  const shown = displayHash(hash);
  const isChanged = original !== null && original !== shown;
  const name = nameOf(shown);
  const words = isChanged ? `was ${nameOf(original) ?? ""} ${original.slice(0, 8)}…${original.slice(-4)}` : (name ?? "known to nobody");
  const target = targetOf(new DataView(bytes.buffer, bytes.byteOffset + node.start + 72, 4).getUint32(0, true));
  const isEnough = target !== null && toUnsigned(hash) <= target;
  const digits = target === null ? "none" : `${target.toString(16).padStart(64, "0").slice(0, 16)}…`;
  const work = isEnough ? "not exceeded by the hash: work enough" : target === null ? "these bits are no target" : "the hash is above the target: not work enough";
  return [
    { name: "block hash", value: shown, words, isRight: isChanged ? false : name ? true : null },
    { name: "target", value: digits, words: work, isRight: isEnough },
  ];
}

function checkMerkle(header, transactions, bytes) {
  const root = displayHash(merkleRootOf(transactions.map(node => txidOf(node, bytes))));
  const isRight = root === displayHash(bytes.subarray(header.start + 36, header.start + 68));
  return { name: "Merkle root", value: root, isRight, words: isRight ? "as the header says" : "of these transactions is not the header's" };
}

function checkTx(node, bytes, original) {
  const txid = displayHash(txidOf(node, bytes));
  const isChanged = original !== null && original !== txid;
  return { name: "txid", value: txid, words: isChanged ? `was ${original.slice(0, 8)}…${original.slice(-4)}` : "", isRight: isChanged ? false : null };
}

/**
 * All checks that concern what is shown.
 *
 * @param {Node[]} nodes of `readMessage`
 * @param {{start, end}} part only what lies within it
 * @param {Uint8Array} original the frame before anybody changed it; equally long, or nothing is compared
 * @param {string} magic of the network, in hexadecimal
 * @param {(hash: string) => string|undefined} nameOf short names of blocks
 * @returns {Check[]}
 */
export function checkBytes({ bytes, nodes, part, original, magic, nameOf }) {
  const isInside = node => node.start >= part.start && node.end <= part.end;
  const parts = partsOf(nodes);
  const headers = parts.filter(({ name }) => name === "header");
  const transactions = parts.filter(({ name }) => name === "transaction");
  const before = original.length === bytes.length ? original : bytes;
  const isWhole = part.start === 0 || bytes.some((byte, at) => byte !== before[at]); // an edit concerns the envelope, too
  const checks = isWhole && isFramed(nodes) ? [judgeFrame(bytes, magic)] : [];
  const [header, another] = headers.filter(isInside);
  if (header && !another) {
    checks.push(...checkHeader(header, bytes, displayHash(headerHashOf(header, before)), nameOf));
    if (transactions.length && part.start === 0) checks.push(checkMerkle(header, transactions, bytes));
  }
  const [transaction, second] = transactions.filter(isInside);
  if (transaction && !second && !header) checks.push(checkTx(transaction, bytes, displayHash(txidOf(transaction, before))));
  return checks;
}
