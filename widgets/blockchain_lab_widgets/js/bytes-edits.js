// Changes to the bytes of one frame, which can be taken back one by one and sent as flips.
import { checksumOf } from "./checksum.js";
import { ENVELOPE_SIZE } from "./fields.js";

const WISH = "bytes: wanted"; // in a store's memory: whose bytes shall be edited as soon as they are shown
const LENGTH_AT = 16;
const CHECKSUM_AT = 20;

/** Somebody wants to edit the message of this sending: show it, ready for that. */
export function askToEdit(store, sent) {
  store.memory.set(WISH, sent);
  store.select(`record:${store.branch}:${sent}`);
  store.open("bytes");
}

/** Is it this message that somebody wanted to edit? Asked once: then the wish is fulfilled. */
export function takeWish({ memory }, sent) {
  return memory.get(WISH) === sent && memory.delete(WISH);
}

/** A frame that is being changed. Its length stays: an edit flips bits, it does not cut or add. */
export class Edits {
  #steps = []; // each [[at, byte before], ...]

  /** @param {Uint8Array} original as it was sent; @param {Uint8Array} shown where to begin, equally long */
  constructor(original, shown = original) {
    this.original = original;
    this.bytes = Uint8Array.from(shown);
  }

  /** Set one byte. */
  set(at, byte) {
    this.#write([[at, byte]]);
  }

  /** Set four bits of a byte: the first hexadecimal digit (`half` 0) or the second one. */
  setDigit(at, half, digit) {
    const before = this.bytes[at];
    this.set(at, half ? (before & 0xf0) | digit : (before & 0x0f) | (digit << 4));
  }

  /** Turn one bit over; bit 7 is the first one. */
  flipBit(at, bit) {
    this.set(at, this.bytes[at] ^ (1 << bit));
  }

  /** Let the envelope say the checksum that the payload has now. */
  repairChecksum() {
    const checksum = checksumOf(this.bytes.subarray(ENVELOPE_SIZE));
    this.#write(Array.from(checksum, (byte, i) => [CHECKSUM_AT + i, byte]));
  }

  /** Let the envelope say how long the payload is. */
  repairLength() {
    const length = this.bytes.length - ENVELOPE_SIZE;
    this.#write([0, 1, 2, 3].map(i => [LENGTH_AT + i, (length >>> (8 * i)) & 255]));
  }

  #write(pairs) {
    const changes = pairs.filter(([at, byte]) => this.bytes[at] !== byte);
    if (!changes.length) return;
    this.#steps.push(changes.map(([at]) => [at, this.bytes[at]]));
    for (const [at, byte] of changes) this.bytes[at] = byte;
  }

  /** Can something be taken back? */
  get canUndo() {
    return this.#steps.length > 0;
  }

  /** Take the last change back; a repair is one change. Returns where it was, or null. */
  undo() {
    const step = this.#steps.pop();
    if (!step) return null;
    for (const [at, byte] of step) this.bytes[at] = byte;
    return step[0][0];
  }

  /** Is this byte another one than was sent? */
  isChanged(at) {
    return this.bytes[at] !== this.original[at];
  }

  /** What `EditMessage` wants: [position in the frame, mask to xor], by position. */
  get flips() {
    const changed = Array.from(this.bytes.keys()).filter(at => this.isChanged(at));
    return changed.map(at => [at, this.bytes[at] ^ this.original[at]]);
  }
}

/** A frame with flips applied: what arrives. */
export function applyFlips(frame, flips) {
  const changed = Uint8Array.from(frame);
  for (const [at, mask] of flips) changed[at] ^= mask;
  return changed;
}
