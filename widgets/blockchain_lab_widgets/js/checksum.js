// The hash of Bitcoin, SHA-256 twice, and what is made of it: a checksum, a block's or a transaction's name.
//
// Written out instead of asked of the browser: `crypto.subtle` is missing on a plain http page (a notebook
// server in a classroom), and answers only later. A header takes some microseconds, a megabyte some 50 ms.

function firstPrimes(count) {
  const primes = [];
  for (let number = 2; primes.length < count; number++) if (primes.every(prime => number % prime)) primes.push(number);
  return primes;
}

/** 32 bits behind the binary point: numbers that nobody could choose. */
const fraction = root => Math.floor((root % 1) * 2 ** 32);
const PRIMES = firstPrimes(64);
const ROUNDS = PRIMES.map(prime => fraction(Math.cbrt(prime)));
const START = PRIMES.slice(0, 8).map(prime => fraction(Math.sqrt(prime)));

const turn = (word, bits) => (word >>> bits) | (word << (32 - bits));

/** The message, a one bit, zeros, and its length in bits, in words of 32 bits: a multiple of 16 words. */
function pad(bytes) {
  const padded = new Uint8Array((Math.floor((bytes.length + 8) / 64) + 1) * 64);
  padded.set(bytes);
  padded[bytes.length] = 0x80;
  const view = new DataView(padded.buffer);
  view.setUint32(padded.length - 8, Math.floor(bytes.length / 2 ** 29));
  view.setUint32(padded.length - 4, bytes.length << 3);
  return view;
}

/** SHA-256 (FIPS 180-4). O(bytes). */
export function sha256(bytes) {
  const padded = pad(bytes);
  const state = Int32Array.from(START);
  const words = new Int32Array(64);
  for (let at = 0; at < padded.byteLength; at += 64) {
    for (let i = 0; i < 16; i++) words[i] = padded.getInt32(at + 4 * i);
    for (let i = 16; i < 64; i++) words[i] = stretch(words, i);
    compress(state, words);
  }
  const hash = new DataView(new ArrayBuffer(32));
  state.forEach((word, i) => hash.setInt32(4 * i, word));
  return new Uint8Array(hash.buffer);
}

function stretch(words, i) {
  const [near, far] = [words[i - 2], words[i - 15]];
  const one = turn(near, 17) ^ turn(near, 19) ^ (near >>> 10);
  const zero = turn(far, 7) ^ turn(far, 18) ^ (far >>> 3);
  return words[i - 16] + zero + words[i - 7] + one;
}

function compress(state, words) {
  let [a, b, c, d, e, f, g, h] = state;
  for (let i = 0; i < 64; i++) {
    const one = turn(e, 6) ^ turn(e, 11) ^ turn(e, 25);
    const first = (h + one + ((e & f) ^ (~e & g)) + ROUNDS[i] + words[i]) | 0;
    const zero = turn(a, 2) ^ turn(a, 13) ^ turn(a, 22);
    const second = (zero + ((a & b) ^ (a & c) ^ (b & c))) | 0;
    [h, g, f, e, d, c, b, a] = [g, f, e, (d + first) | 0, c, b, a, (first + second) | 0];
  }
  [a, b, c, d, e, f, g, h].forEach((word, i) => { state[i] += word; });
}

/** SHA-256 of the SHA-256, 32 bytes in the order of the wire. */
export function hash256(bytes) {
  return sha256(sha256(bytes));
}

/** The 4 bytes in an envelope that tell accidents (not attackers): the first of the payload's double hash. */
export function checksumOf(payload) {
  return hash256(payload).subarray(0, 4);
}

/** Bytes as hexadecimal, in the order of the wire. */
export function toHex(bytes) {
  return Array.from(bytes, byte => byte.toString(16).padStart(2, "0")).join("");
}

/** A hash as people write it: byte order reversed. */
export function displayHash(bytes) {
  return toHex(Uint8Array.from(bytes).reverse());
}
