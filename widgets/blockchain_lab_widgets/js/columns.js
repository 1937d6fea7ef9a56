// Growing typed columns and the binary search over them. Knows nothing of traces.

/**
 * First index in [0, length) where `test(index)` holds, else `length`. O(log length).
 * The tests must go from false to true once.
 */
export function firstIndex(length, test) {
  let low = 0;
  let high = length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (test(middle)) high = middle;
    else low = middle + 1;
  }
  return low;
}

/** The value of the last of [row, value][], in order of rows, that was there after so many records; else undefined. */
export function lastBefore(list, rows) {
  const at = firstIndex(list.length, index => list[index][0] >= rows);
  return at ? list[at - 1][1] : undefined;
}

/** Equally long typed arrays under names, which grow by doubling: appending n rows one by one is O(n). */
export class Columns {
  /** @param {Object<string, Function>} types name -> typed array class; each name becomes a property */
  constructor(types) {
    this.types = types;
    this.length = 0;
    for (const [name, Type] of Object.entries(types)) this[name] = new Type(1024);
  }

  /** Make room for `extra` more rows. What was read from `this[name]` before may be an old copy then. */
  reserve(extra) {
    const wanted = this.length + extra;
    for (const [name, Type] of Object.entries(this.types)) {
      if (this[name].length >= wanted) continue;
      const larger = new Type(Math.max(2 * this[name].length, wanted));
      larger.set(this[name].subarray(0, this.length));
      this[name] = larger;
    }
  }

  /** Add one row, given as an object. */
  push(row) {
    this.reserve(1);
    for (const name of Object.keys(this.types)) this[name][this.length] = row[name];
    this.length += 1;
  }

  /** How many bytes so many packed rows take. */
  sizeOf(count) {
    return count * Object.values(this.types).reduce((sum, Type) => sum + Type.BYTES_PER_ELEMENT, 0);
  }

  /**
   * Add the rows `skip` .. `count` of a packed buffer: whole columns one after another, in the order
   * of `types`.
   */
  unpack(buffer, count, skip) {
    const fresh = count - skip;
    let offset = 0;
    this.reserve(fresh);
    for (const [name, Type] of Object.entries(this.types)) {
      const rows = new Type(buffer, offset, count);
      this[name].set(rows.subarray(skip), this.length);
      offset += rows.byteLength;
    }
    this.length += fresh;
  }

  /** Forget all rows from `length` on. */
  cut(length) {
    this.length = Math.min(this.length, length);
  }
}
