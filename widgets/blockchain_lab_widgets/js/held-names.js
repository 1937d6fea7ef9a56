// Names that a peer holds - txids, items - in the order in which they came. Copies share them until one changes.

/** A set of names that is cheap to copy. */
export class HeldNames {
  #names;
  #isShared = false; // a copy has the same set: make our own before changing it
  #signs = [0, 0];

  constructor(names = []) {
    this.#names = new Set();
    for (const name of names) this.add(name);
  }

  get size() {
    return this.#names.size;
  }

  /** 64 bits made of all names, in whatever order they came: who holds the same has the same. */
  get sign() {
    const [one, other] = this.#signs;
    return `${one >>> 0}-${other >>> 0}`;
  }

  has(name) {
    return this.#names.has(name);
  }

  [Symbol.iterator]() {
    return this.#names[Symbol.iterator]();
  }

  add(name) {
    if (!this.#names.has(name)) this.#own(name).add(name);
  }

  delete(name) {
    if (this.#names.has(name)) this.#own(name).delete(name);
  }

  // The set, to be changed by one name: what comes twice leaves no sign.
  #own(name) {
    if (this.#isShared) this.#names = new Set(this.#names);
    this.#isShared = false;
    const [one, other] = hash(name);
    this.#signs = [this.#signs[0] ^ one, this.#signs[1] ^ other];
    return this.#names;
  }

  copy() {
    const made = new HeldNames();
    this.#isShared = made.#isShared = true;
    made.#names = this.#names;
    made.#signs = this.#signs;
    return made;
  }
}

/** 64 bits of a text in two halves (FNV-1a from two starts, then scattered). O(letters). */
function hash(text) {
  let [one, other] = [0x811c9dc5, 0x1b873593];
  for (let at = 0; at < text.length; at++) {
    one = Math.imul(one ^ text.charCodeAt(at), 0x01000193);
    other = Math.imul(other ^ text.charCodeAt(at), 0x01000193) ^ (other >>> 15);
  }
  return [scatter(one), scatter(other)];
}

function scatter(bits) {
  let mixed = Math.imul(bits ^ (bits >>> 16), 0x85ebca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
  return mixed ^ (mixed >>> 16);
}
