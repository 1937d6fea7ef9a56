// The blocks of a trace, in the order in which anybody first heard of them, and their short names.

/**
 * @typedef {object} Block
 * @property {string} hash as shown
 * @property {string|null} parent hash; null for genesis and for a block of which only the hash is known
 * @property {number|null} height null for an orphan that nobody ever accepted
 * @property {string} name B3; the second block of that height is B3b, the third B3c
 * @property {number} order index in the list
 * @property {number} seen row of the first record that speaks of it; -1 for genesis, which everybody has
 * @property {bigint|null} work of the whole branch up to it; null while no note told it
 */

const LETTERS = "bcdefghijklmnopqrstuvwxyz";
const DIGITS = /^[0-9a-f]{1,64}$/; // a learner's own node may say anything

/** How a block is called: its height, and a letter when it was not the first of its height. */
function nameOf(height, earlier) {
  if (height === 0) return "G";
  const letter = earlier === 0 ? "" : (LETTERS[earlier - 1] ?? `-${earlier + 1}`);
  return `B${height}${letter}`;
}

/**
 * All blocks that a trace's notes speak of, past and future: a name stays the same wherever the cursor is.
 * What of it existed at the cursor, and who knew it, is the business of the chain fold.
 */
export class BlockIndex {
  #trace;
  #rows = 0; // how many records have been read
  #epoch = -1;
  #isStale = false; // blocks came that are not sorted in yet
  hasVotes = false; // blocks are confirmed by votes here: one beside the branch may still be
  age = 0; // grows whenever blocks come or go

  constructor(trace) {
    this.#trace = trace;
    this.#reset();
  }

  #reset() {
    this.list = [];
    this.atHeight = []; // height -> Block[]
    this.byHash = new Map();
    this.byHeight = []; // orders of all blocks of known height, lowest first
    this.unplaced = []; // orders of the others: orphans
    this.odd = new Set(); // orders of blocks that somebody called an orphan or invalid: few
    this.parents = new Int32Array(0); // order -> the parent's order, -1 for none
    this.#rows = 0;
    this.#epoch = this.#trace.epoch;
    this.#isStale = true;
    this.hasVotes = false;
    if (this.#trace.genesis) this.#add(this.#trace.genesis, null, 0, -1).work = 0n; // less than any other
  }

  /** Read the records that came since. O(new records + new blocks); all of them when the future was replaced. */
  update() {
    const trace = this.#trace;
    if (this.#epoch !== trace.epoch) this.#reset();
    const note = trace.kinds.indexOf("note");
    const { kind, facts } = trace.columns;
    let last = -1; // every server's chain is the same entry of the table: read it once
    for (; this.#rows < trace.length; this.#rows++) {
      if (kind[this.#rows] !== note || facts[this.#rows] === last) continue;
      last = facts[this.#rows];
      this.#read(trace.table[last], this.#rows);
    }
    if (this.#isStale) this.#sort();
    return this;
  }

  #sort() {
    this.#isStale = false;
    this.age += 1;
    const orderOf = block => block.order;
    this.byHeight = this.atHeight.flatMap(blocks => blocks.map(orderOf));
    this.unplaced = this.list.filter(block => block.height === null).map(orderOf);
    this.parents = Int32Array.from(this.list, block => this.byHash.get(block.parent)?.order ?? -1);
  }

  #read({ topic, parent = null, height = null, hash, hashes, tip, work }, row) {
    if (topic === "chain loaded") this.#addRun(hashes, parent, 1, row);
    else if (topic === "headers accepted") this.#addRun(hashes, parent, height, row);
    else if (topic === "block accepted") this.#add(hash, parent, height, row);
    else if (topic === "orphan block" || topic === "block invalid") {
      this.odd.add((this.byHash.get(hash) ?? this.#add(hash, parent, height, row)).order);
    }
    this.hasVotes ||= topic === "block confirmed";
    const worth = DIGITS.test(work) ? this.byHash.get(hash ?? tip) : undefined;
    if (worth) worth.work = BigInt(`0x${work}`);
  }

  #addRun(hashes, parent, height, row) {
    hashes.forEach((hash, index) => this.#add(hash, index ? hashes[index - 1] : parent, height + index, row));
  }

  #add(hash, parent, height, row) {
    const known = this.byHash.get(hash);
    const name = `?${hash.slice(0, 4)}`;
    const block = known ?? { hash, parent, height: null, name, order: this.list.length, seen: row, work: null };
    if (!known) {
      this.list.push(block);
      this.byHash.set(hash, block);
    }
    this.#isStale ||= !known;
    if (block.height !== null || height === null) return block;
    this.#isStale = true;
    const others = (this.atHeight[height] ??= []);
    Object.assign(block, { parent, height, name: nameOf(height, others.length) });
    others.push(block);
    return block;
  }

  /** A block by its hash, or undefined. */
  get(hash) {
    return this.byHash.get(hash);
  }

  /** The short name of a hash; of one never heard of, its first digits. */
  nameOf(hash) {
    return this.byHash.get(hash)?.name ?? (hash ? `?${hash.slice(0, 4)}` : "none");
  }

  /** Is a branch that ends here better than one that ends there? By work, or where it was not told by height. */
  isMore(here, there) {
    const [a, b] = [this.look(here), this.look(there)];
    return a.work !== null && b.work !== null ? a.work > b.work : a.height > b.height;
  }

  /** Work, height and order, for ranking tips; what is unknown ranks last. */
  look(hash) {
    const { height, order, work } = this.byHash.get(hash) ?? {};
    return { height: height ?? -1, order: order ?? Infinity, work: work ?? null };
  }
}
