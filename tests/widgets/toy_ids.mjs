// Toy peers of a structured overlay: a thousand ids, one peer's table, and lookups, for pictures and measurements.
import { luck } from "./toy_crowd.mjs";
import { ToyStory } from "./toy_story.mjs";

const DIGITS = "0123456789abcdef";

/** Ids that lie anywhere in the space. */
export function drawIds(count, seed = 3) {
  const draw = luck(seed);
  return Array.from({ length: count }, () => Array.from({ length: 40 }, () => DIGITS[Math.floor(16 * draw())]).join(""));
}

/**
 * Everybody starts; the first fills buckets, splitting them as it goes; then it looks the last one up.
 *
 * @param {{count: number, k: number, isRing: boolean}} options
 */
export function ids({ count = 1000, k = 20, isRing = false } = {}) {
  const story = new ToyStory(Array.from({ length: count }, (_, at) => `n${at}`));
  const all = drawIds(count).map(id => (isRing ? id.slice(0, 8) : id));
  const addressOf = at => `10.0.${at >> 8}.${at & 255}:8333`;
  all.forEach((id, at) => story.later(at, () => {
    story.write("start", at);
    story.note(at, "node started", { id, address: addressOf(at), ...(isRing ? { m: 32, successors: 4 } : { k, spares: 20 }) });
  }));
  const bits = id => [...id].map(digit => parseInt(digit, 16).toString(2).padStart(4, "0")).join("");
  const counts = { "": 0 }; // of the buckets
  const bucketOf = id => Object.keys(counts).find(prefix => bits(id).startsWith(prefix));
  const learn = at => {
    let bucket = bucketOf(all[at]);
    while (counts[bucket] >= k && bits(all[0]).startsWith(bucket)) {
      story.note(0, "bucket changed", { bucket, into: [`${bucket}0`, `${bucket}1`] });
      const halves = [0, 1].map(bit => story.facts.filter(({ topic, id }) => topic === "contact added" && bits(id).startsWith(`${bucket}${bit}`)).length);
      [counts[`${bucket}0`], counts[`${bucket}1`]] = halves;
      delete counts[bucket];
      bucket = bucketOf(all[at]);
    }
    const isFull = counts[bucket] >= k;
    if (!isFull) counts[bucket] += 1;
    story.note(0, isFull ? "contact waits" : "contact added", { bucket, id: all[at], address: addressOf(at) });
  };
  if (!isRing) for (let at = 1; at < Math.min(count, 400); at++) story.later(2000 + at, () => learn(at));
  else story.later(3000, () => story.note(0, "ring changed", { predecessor: all[1], successors: all.slice(2, 6), fingers: [[30, all[7]], [31, all[8]]] }));
  const target = all.at(-1);
  const name = { lookup: 1, purpose: "node", target };
  const who = at => ({ ...name, id: all[at], address: addressOf(at) });
  story.later(10_000, () => {
    story.note(0, "lookup started", { ...name, ...(isRing ? {} : { k: 3, alpha: 2, closest: all.slice(1, 4) }) });
    story.note(0, "lookup asked", { ...who(1), hops: 1 });
    if (!isRing) story.note(0, "lookup asked", { ...who(2), hops: 1 });
  });
  story.later(20_000, () => {
    if (!isRing) story.note(0, "lookup answered", { ...who(1), told: 1, new: [all[count >> 1]] });
    story.note(0, "lookup asked", { ...who(count >> 1), hops: 2 });
  });
  story.later(30_000, () => story.note(0, "lookup silent", who(isRing ? count >> 1 : 2)));
  return story.run();
}
