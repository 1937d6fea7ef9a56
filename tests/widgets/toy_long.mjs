// A story that is much longer than a page can hold at once: 100,000 events and more.
import { crowd } from "./toy_crowd.mjs";

/**
 * 200 peers gossip some 70 blocks. Equal facts are one entry of the table, as Python packs them.
 *
 * @param {{peers: number, blocks: number}} options 65 blocks among 200 peers make 104,000 events, 233,000 records
 */
export function long({ peers = 200, blocks = 65 } = {}) {
  const story = crowd({ peers, blocks, seed: 11 });
  const places = new Map(); // fact as text -> its number
  const table = [];
  const numbers = story.facts.map(facts => {
    const text = JSON.stringify(facts);
    if (!places.has(text)) places.set(text, table.push(facts));
    return places.get(text);
  });
  for (const row of story.rows) row[6] = numbers[row[6] - 1];
  story.facts = table;
  return story;
}
