// Peers, topics, commands and blocks whose names are words of JavaScript's own: keys that a careless table trips over.
import { ToyStory } from "./toy_story.mjs";

const WORDS = ["__proto__", "constructor", "toString", "hasOwnProperty", "prototype"];

/** They start, talk, note, are asked and killed, and everything they name has such a name. */
export function pollution() {
  const story = new ToyStory(WORDS, WORDS);
  story.head = { regions: WORDS.slice(), obeys: WORDS.map(() => WORDS), knobs: WORDS.map(name => ({ name, path: name, min: 0, max: 9, unit: "ms", value: 1 })) };
  const facts = name => ({ topic: name, hash: name, parent: story.genesis, height: 1, hashes: [name], reason: name, [name]: name });
  let conn = 0;
  WORDS.forEach((_, peer) => story.later(peer, () => story.write("start", peer)));
  story.later(100_000, () => { conn = story.connect(0, 1); });
  WORDS.forEach((name, index) => {
    const at = 200_000 * (index + 1);
    story.later(at, () => story.note(index, name, facts(name)));
    story.later(at + 1, () => story.note(index, "block accepted", facts(name)));
    story.later(at + 2, () => story.note(index, "tip changed", { ...facts(name), previous: story.genesis, disconnected: 0, connected: 1 }));
    story.later(at + 3, () => story.send(0, 1, conn, name, { label: name, class: name, blocks: [name], txs: [name] }));
    story.later(at + 4, () => story.write("timer", index, { timer: name }));
    story.later(at + 5, () => story.write("command", index, { do: name, peer: name }));
    story.later(at + 6, () => story.write("action", -1, { do: name, peer: name, group: [name], against: [] }));
  });
  story.later(2_000_000, () => story.write("kill", 4, { reason: "__proto__" }));
  return story.run();
}
