// Toy peers with address books: thousands of addresses in a thousand buckets, for pictures and measurements.
import { luck } from "./toy_crowd.mjs";
import { ToyStory } from "./toy_story.mjs";

/** An address of a toy world: many /16s, and one provider that has every fifth. */
export const ipOf = number => (number % 5 ? `${30 + (number % 90)}.${(7 * number) % 250}.${number >> 8}.${number & 255}` : `150.7.${number >> 8}.${number & 255}`);

/**
 * Every peer opens an empty book and hears of hosts, some of which it reaches; then half of those of the first are gone.
 *
 * @param {{count: number, tried: number, isBucketed: boolean}} options how many addresses, and how many of them are reached
 */
export function books({ count = 5000, tried = 400, isBucketed = true, seed = 5 } = {}) {
  const draw = luck(seed);
  const story = new ToyStory(["ann", "bob", "cat"]);
  story.head.addresses = ["10.0.0.0:8333", "10.0.0.1:8333", "10.0.0.2:8333"];
  const below = most => Math.floor(most * draw());
  story.peers.forEach((_, peer) => story.later(0, () => {
    story.write("start", peer);
    story.note(peer, "addresses loaded", { is_bucketed: isBucketed, addresses: [] });
    story.note(peer, "connection slots", { full_relay: 8, blocks_only: 2, feeler: 1, inbound: 114 });
  }));
  for (let number = 0; number < count; number++) {
    const [address, bucket] = [[ipOf(number), 8333], isBucketed ? below(1024) : null];
    story.later(1_000_000 + 1_000 * number, () => story.note(number % 20 ? 0 : 1, "address added", { address, table: "new", bucket, source: "10.0.0.2" }));
    if (number >= tried || !isBucketed) continue;
    story.later(2_000_000 + 1_000 * count, () => story.note(number % 20 ? 0 : 1, "address moved", { address, table: "tried", bucket: below(256) }));
  }
  for (let number = 0; number < count; number += 2) {
    const address = [ipOf(number), 8333];
    if (number % 20) story.later(3_000_000 + 1_000 * count, () => story.note(0, "address removed", { address, table: "new" }));
  }
  return story.run();
}
