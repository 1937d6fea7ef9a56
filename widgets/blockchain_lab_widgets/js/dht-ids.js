// Ids of peers and keys: 160 bits as 40 hexadecimal digits; a point of a smaller ring stands at their end. Pure.
//
// Bits are counted from the most significant one. Two ids are as far apart as their exclusive or is large: the more
// bits they begin with alike, the closer they are.

export const DIGITS = 40;
export const BITS = 4 * DIGITS;

/** An id of a note, all its digits; null for anything else, which a learner's node may say. */
export function readId(text) {
  return typeof text === "string" && /^[0-9a-f]{1,40}$/.test(text) ? text.padStart(DIGITS, "0") : null;
}

/** Those of a note's list that are ids. */
export function readIds(list) {
  return Array.isArray(list) ? list.map(readId).filter(id => id !== null) : [];
}

const digitAt = (id, at) => parseInt(id[at], 16);

/** The first bits of an id as text. */
export function bitsOf(id, count) {
  let bits = "";
  for (let at = 0; bits.length < count; at++) bits += digitAt(id, at).toString(2).padStart(4, "0");
  return bits.slice(0, count);
}

/** Does an id begin with these bits? */
export function hasPrefix(id, prefix) {
  return bitsOf(id, prefix.length) === prefix;
}

/** With how many equal bits two ids begin: 0 .. 160. */
export function countShared(a, b) {
  for (let at = 0; at < DIGITS; at++) {
    const difference = digitAt(a, at) ^ digitAt(b, at);
    if (difference) return 4 * at + Math.clz32(difference) - 28;
  }
  return BITS;
}

/** Below 0 when `a` is closer to the target than `b`, above when farther. */
export function compareDistance(a, b, target) {
  for (let at = 0; at < DIGITS; at++) {
    if (a[at] === b[at]) continue;
    const goal = digitAt(target, at);
    return (digitAt(a, at) ^ goal) - (digitAt(b, at) ^ goal);
  }
  return 0;
}

/** "0b3f": an id short enough for a label; of a ring of `bits` bits all digits, when they are few. */
export function shortId(id, bits = BITS, most = 4) {
  return id.slice(DIGITS - Math.ceil(bits / 4)).slice(0, most);
}
