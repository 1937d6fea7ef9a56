// The bytes of all distinct messages of a trace, with the fields that Python's reader found in them.

/** Fills up behind the records, in chunks. Entries never change, whatever becomes of the future. */
export class MessageTable {
  constructor() {
    this.entries = [];
  }

  /** How many messages are here. */
  get length() {
    return this.entries.length;
  }

  /** `{command, bytes, fields: [{name, start, end}]}`, or null when it has not come yet. */
  get(index) {
    return this.entries[index] ?? null;
  }

  /**
   * Take a chunk. Entries already here are skipped.
   *
   * The chunk is: length of the JSON (4 bytes, little-endian), the JSON padded with spaces to a multiple of 4,
   * then for every field of every message (index of its name, start, end) as 32-bit integers, then all
   * frames. The JSON is `{names, messages: [[command, frame bytes, fields]]}`.
   *
   * @param {number} from index of the chunk's first message
   * @param {ArrayBuffer} buffer
   * @returns {boolean} false when chunks before this one are missing
   */
  append(from, buffer) {
    if (from > this.length) return false;
    const jsonLength = new DataView(buffer).getUint32(0, true);
    const text = new TextDecoder().decode(new Uint8Array(buffer, 4, jsonLength));
    const { names, messages } = JSON.parse(text);
    let fieldAt = 4 + jsonLength;
    let frameAt = fieldAt + messages.reduce((sum, [, , fields]) => sum + 12 * fields, 0);
    messages.forEach(([command, length, count], index) => {
      const triples = new Int32Array(buffer, fieldAt, 3 * count);
      const bytes = new Uint8Array(buffer, frameAt, length);
      if (from + index >= this.length) this.entries.push(new Entry(command, bytes, triples, names));
      fieldAt += triples.byteLength;
      frameAt += length;
    });
    return true;
  }
}

/** One message. Its fields become objects when somebody looks: a block has thousands. */
class Entry {
  #triples;
  #names;
  #fields = null;

  constructor(command, bytes, triples, names) {
    Object.assign(this, { command, bytes });
    this.#triples = triples;
    this.#names = names;
  }

  /** In the order in which they were read; a compound stands behind its parts. */
  get fields() {
    if (this.#fields) return this.#fields;
    this.#fields = [];
    for (let i = 0; i < this.#triples.length; i += 3) {
      const [name, start, end] = this.#triples.subarray(i, i + 3);
      this.#fields.push({ name: this.#names[name], start, end });
    }
    return this.#fields;
  }
}
