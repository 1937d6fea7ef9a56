// Toy validators that justify and finalise checkpoints, so that the views of finality can be tested without Python.
import { ToyStory, hashOf } from "./toy_story.mjs";

export const EPOCH = 4; // blocks

/** The hash of a toy block: its height and its branch. */
export const blockOf = (height, branch = "a") => (height === 0 ? hashOf("0000a") : hashOf(`${height.toString(16).padStart(4, "0")}${branch}`));

const sum = (names, deposits) => names.reduce((total, name) => total + (deposits[name] ?? 0), 0);

/** A branch with the state behind its last block; grows block by block and says for each what a node would note. */
export class ToyBranch {
  constructor(story, deposits, { name = "a", shares = deposits } = {}) {
    const names = Object.keys(deposits);
    Object.assign(this, {
      story, name, shares, parent: story.genesis, height: 0, deposits: { ...deposits }, dynasty: 0, forward: names, rear: names, justified: 0,
      finalised: 0, grows: false, joining: [], votes: {}, checkpoints: [story.genesis], blocks: [],
    });
  }

  fork(name) {
    const { checkpoints, deposits, votes } = this;
    this.blocks = [];
    return Object.assign(new ToyBranch(this.story, deposits), this, {
      name, checkpoints: [...checkpoints], deposits: { ...deposits }, votes: structuredClone(votes), joining: [...this.joining], blocks: [],
    });
  }

  start() {
    const by = this.story.genesis;
    return [
      ["lottery", { shares: this.shares, by }],
      ["finality loaded", { block: by, epoch: 0, deposits: { ...this.deposits }, forward: this.forward, rear: this.rear }],
    ];
  }

  /** One more block, with these votes and more notes in it: [[topic, facts], ...], `by` is added. */
  grow(proposer, voters = [], more = []) {
    const height = this.height + 1;
    const by = blockOf(height, this.name);
    const notes = [["block accepted", { hash: by, parent: this.parent, height, work: height.toString(16) }], ["block proposed", { hash: by, proposer, height, weight: 1 }]];
    Object.assign(this, { height, parent: by });
    const epoch = Math.floor(height / EPOCH);
    if (height % EPOCH === 0) notes.push(...this.#begin(epoch, by));
    for (const validator of voters) notes.push(["vote counted", { validator, target: this.checkpoints[epoch], target_epoch: epoch, weight: this.deposits[validator], by }]);
    for (const [topic, facts] of more) {
      if (topic === "deposit made") this.joining.push([facts.validator, facts.amount, facts.starts]);
      if (topic === "slashed") this.deposits[facts.validator] -= facts.amount;
      notes.push([topic, { ...facts, by }]);
    }
    const counted = (this.votes[epoch] ??= []);
    counted.push(...voters);
    if (this.justified < epoch) notes.push(...this.#judge(epoch, counted, by));
    const block = { hash: by, height, notes };
    this.blocks.push(block); // since it forked
    return block;
  }

  #begin(epoch, by) {
    this.checkpoints[epoch] = by;
    const before = this.votes[epoch - 1] ?? [];
    const leak = epoch - this.finalised > 3;
    for (const name of this.forward) {
      const rate = before.includes(name) || epoch === 1 ? 0.004 : leak ? -0.12 : -0.004;
      this.deposits[name] = Math.round(this.deposits[name] * (1 + rate));
    }
    const began = () => [["deposits changed", { epoch: epoch - 1, leak, deposits: { ...this.deposits }, by }], ["checkpoint reached", { block: by, epoch, by }]];
    if (!this.grows) return began();
    this.grows = false;
    this.dynasty += 1;
    this.rear = this.forward;
    const joining = this.joining.filter(([, , starts]) => starts === this.dynasty);
    for (const [name, amount] of joining) this.deposits[name] = amount;
    this.forward = [...this.forward, ...joining.map(([name]) => name)];
    return [["dynasty began", { dynasty: this.dynasty, by, forward: this.forward, rear: this.rear }], ...began()];
  }

  #judge(epoch, counted, by) {
    const [votes, rear] = [this.forward, this.rear].map(names => sum(names.filter(name => counted.includes(name)), this.deposits));
    const [total, rearTotal] = [this.forward, this.rear].map(names => sum(names, this.deposits));
    if (3 * votes < 2 * total || 3 * rear < 2 * rearTotal) return [];
    const [source, block] = [this.justified, epoch].map(at => this.checkpoints[at]);
    const notes = [["checkpoint justified", {
      block, epoch, source, source_epoch: this.justified, votes, total, rear_votes: rear, rear_total: rearTotal, by,
    }]];
    if (this.justified === epoch - 1 && this.justified > this.finalised) {
      notes.push(["checkpoint finalised", { block: source, epoch: epoch - 1, child: block, by }]);
      Object.assign(this, { finalised: epoch - 1, grows: true });
    }
    this.justified = epoch;
    return notes;
  }
}

/** Each of some peers notes a block and all that it brings; then it stands there. */
function give(story, peers, { hash, height, notes }, anchors, previous) {
  peers.forEach((peer, i) => story.later(150_000 * (i + 1), () => {
    for (const [topic, facts] of notes) story.note(peer, topic, facts);
    if (previous !== null) story.note(peer, "tip changed", { hash, height, work: height.toString(16), previous, disconnected: 0, connected: 1 });
    const final = notes.find(([topic]) => topic === "checkpoint finalised")?.[1];
    if (!final || (anchors[peer] ?? 0) >= final.epoch) return;
    anchors[peer] = final.epoch;
    story.note(peer, "anchor moved", { block: final.block, epoch: final.epoch });
  }));
}

/** Somebody votes; the others hear it. */
function vote(story, peers, validator, branch, epoch, wanted) {
  const facts = { validator, source: branch.checkpoints[branch.justified], target: branch.checkpoints[epoch], source_epoch: branch.justified, target_epoch: epoch };
  wanted.forEach((peer, i) => story.later(200_000 + 50_000 * i, () => {
    const isOwn = peers[peer] === validator;
    story.note(peer, isOwn ? "vote sent" : "vote heard", isOwn ? facts : { ...facts, from: validator });
  }));
}

/**
 * Four validators and a miner. Three epochs go well while dan sleeps; the miner joins. Then the network is cut, and cat
 * votes on both sides: two checkpoints that conflict become final; healed, she is slashed.
 */
export function finality({ isCut = true } = {}) {
  const peers = ["ann", "bob", "cat", "dan", "eve"];
  const story = new ToyStory(peers, ["validator", "validator", "validator", "validator", "miner"]);
  const [common, anchors, all] = [new ToyBranch(story, { ann: 30_000, bob: 32_000, cat: 35_000, dan: 3_000 }, { shares: { ann: 20, bob: 20, cat: 20, dan: 10, eve: 30 } }), [], [0, 1, 2, 3, 4]];
  all.forEach(peer => story.later(10_000 * peer, () => {
    story.write("start", peer);
    for (const [topic, facts] of common.start()) story.note(peer, topic, facts);
  }));
  for (const [a, b] of [[0, 1], [1, 2], [2, 3], [3, 4], [4, 0]]) story.later(80_000, () => story.connect(a, b));
  const proposers = ["eve", "ann", "cat", "bob", "eve", "dan", "ann", "eve", "bob", "cat", "eve", "ann"];
  const step = (branch, at, hosts, voters, more) => story.later(at, () => {
    const epoch = Math.floor((branch.height + 1) / EPOCH);
    const place = (branch.height + 1) % EPOCH;
    const previous = branch.parent;
    const block = branch.grow(proposers[branch.height % proposers.length], place === 1 ? voters.slice(0, 2) : place === 2 ? voters.slice(2) : [], more);
    give(story, hosts, block, anchors, previous);
    if (place === 0) for (const name of voters) story.later(20_000, () => vote(story, peers, name, branch, epoch, hosts));
  });
  const join = [["deposit made", { validator: "eve", amount: 12_000, starts: 2 }]];
  for (let at = 1; at < 16; at++) step(common, 2_000_000 * at, all, at < 4 ? [] : at < 8 ? ["ann", "bob", "cat", "dan"] : ["ann", "bob", "cat"], at === 5 ? join : []);
  if (!isCut) return story.run();
  story.later(31_000_000, () => story.write("action", -1, { do: "Partition", group: ["bob", "eve"], against: [] }));
  story.later(31_500_000, () => {
    const other = common.fork("b");
    for (let at = 16; at < 23; at++) {
      step(common, 2_000_000 * at - 31_000_000, [0, 2, 3], ["ann", "cat", "dan", "eve"]);
      step(other, 2_000_000 * at - 30_600_000, [1, 4], ["bob", "cat", "eve"]);
    }
    story.later(17_000_000, () => heal(story, [common, other], anchors));
  });
  return story.run();
}

// Each side hears of the other: both have finalised, cat has voted for both.
function heal(story, [here, there], anchors) {
  story.write("action", -1, { do: "Heal" });
  const at = anchors[0];
  [[0, 2, 3], [1, 4]].forEach((hosts, side) => hosts.forEach(peer => story.later(400_000 * (peer + 1), () => {
    const [own, other] = side ? [there, here] : [here, there];
    for (const { notes } of other.blocks) for (const [topic, facts] of notes) story.note(peer, topic, facts);
    story.note(peer, "finality conflict", {
      block: other.checkpoints[at], epoch: at, anchor: own.checkpoints[at], anchor_epoch: at, slashable: ["cat", "eve"], weight: 47_000, total: 112_000,
    });
  })));
  story.later(3_000_000, () => {
    const evidence = [["slashed", { validator: "cat", reason: "double", amount: 35_000, finder: "dan", bounty: 1_400 }]];
    const previous = here.parent;
    give(story, [0, 2, 3], here.grow("dan", [], evidence), anchors, previous);
    story.note(0, "operation refused", { kind: "evidence", rule: "already slashed", detail: "cat", from: "eve" });
  });
}

/** One node and very many validators, each with a deposit of its own; a tenth of them sleep. */
export function manyValidators({ count = 1000 } = {}) {
  const names = Array.from({ length: count }, (_, i) => `val${i}`);
  const story = new ToyStory(["ann", "bob"]);
  const branch = new ToyBranch(story, Object.fromEntries(names.map((name, i) => [name, 1_000 + ((i * 7_919) % 9_000)])));
  const awake = names.filter((_, i) => i % 10);
  story.later(0, () => [0, 1].forEach(peer => {
    story.write("start", peer);
    for (const [topic, facts] of branch.start()) story.note(peer, topic, facts);
  }));
  for (let at = 1; at < 12; at++) story.later(1_000_000 * at, () => {
    const previous = branch.parent;
    give(story, [0, 1], branch.grow(names[(at * 37) % count], at > 4 && at % EPOCH === 1 ? awake : []), [], previous);
  });
  return story.run();
}
