// A toy network that emits the same kinds of records as the real one, so that views can be tested without Python.
import { firstIndex } from "../../widgets/blockchain_lab_widgets/js/columns.js";
import { Trace } from "../../widgets/blockchain_lab_widgets/js/trace.js";
import { pack } from "./packed.mjs";

const CLASS = { version: "connection", verack: "connection", ping: "connection", getheaders: "announce", headers: "announce", inv: "announce", getdata: "data", block: "data" };

/** The hash of a toy block: its name, padded. */
export const hashOf = name => name.padEnd(64, "0");

/** A chain of toy hashes of heights `from` .. `to` on one branch; `suffix` tells branches apart. */
export function chainOf(from, to, suffix = "a") {
  return Array.from({ length: to - from + 1 }, (_, i) => hashOf(`${(from + i).toString(16).padStart(4, "0")}${suffix}`));
}

/** Records what happens; time goes on by a queue of plain callbacks. */
export class ToyStory {
  constructor(peers, roles = peers.map(() => "peer"), genesis = hashOf("0000a")) {
    Object.assign(this, { peers, roles, genesis, rows: [], facts: [], now: 0, event: 0, queue: [], dialled: 0, head: {} });
  }

  /** One more record of the present event. */
  note(peer, topic, facts = {}, cause = -1) {
    return this.write("note", peer, { topic, ...facts }, { cause });
  }

  write(kind, peer, facts = {}, { other = -1, conn = -1, cause = -1 } = {}) {
    const index = this.facts.push(facts);
    this.rows.push([this.now, this.event, kind, peer, other, cause, index, conn]);
    return this.rows.length - 1;
  }

  /** Do something later, as an event of its own. */
  later(delay, act) {
    const at = this.now + delay;
    const place = firstIndex(this.queue.length, index => this.queue[index].at <= at); // the next one stands last
    this.queue.splice(place, 0, { at, act });
  }

  /** Run all that was planned, in time order. */
  run() {
    while (this.queue.length) {
      const { at, act } = this.queue.pop();
      this.now = at;
      this.event += 1;
      act();
    }
    return this;
  }

  /** `dialler` connects to `dialled`; both ends get their record. Returns the dialler's end. */
  connect(dialler, dialled) {
    const conn = 2 * this.dialled;
    this.dialled += 1;
    this.write("connect", dialled, { inbound: true, remote: "10.0.0.1:8333" }, { other: dialler, conn: conn + 1 });
    this.event += 1;
    this.write("connect", dialler, { inbound: false, remote: "10.0.0.2:8333" }, { other: dialled, conn });
    return conn;
  }

  /** Send a message that arrives after `delay`; then `onArrival(row)` runs within the arrival's event. */
  send(from, to, conn, command, { delay = 50_000, size = 100, cause = -1, onArrival = () => {}, ...facts } = {}) {
    const said = { command, class: CLASS[command] ?? "connection", size, label: command, ...facts };
    const sent = this.write("send", from, said, { other: to, conn, cause });
    this.later(delay, () => {
      const back = conn % 2 ? conn - 1 : conn + 1;
      onArrival(this.write("deliver", to, said, { other: from, conn: back, cause: sent }));
    });
    return sent;
  }

  /** What `Trace.append` takes. */
  packed(more = {}) {
    const layout = this.peers.map((_, i) => [Math.round(200 * Math.cos((2 * Math.PI * i) / this.peers.length)), Math.round(150 * Math.sin((2 * Math.PI * i) / this.peers.length))]);
    return pack(this.rows, {
      facts: this.facts, peers: this.peers, roles: this.roles, genesis: this.genesis, layout, links: [], title: "A toy story", ...this.head, ...more,
    });
  }

  trace() {
    const trace = new Trace();
    trace.append(...this.packed());
    return trace;
  }
}

/**
 * A newcomer catches up with servers that have `blocks` blocks.
 *
 * @param {{servers: number, blocks: number, stalls: boolean}} options with headers first: all servers in turn,
 *   16 blocks at once; the last one stalls when asked to
 */
export function joinLate({ servers = 4, blocks = 151, stalls = false, atOnce = 16 } = {}) {
  const names = [...Array.from({ length: servers }, (_, i) => `server${i + 1}`), "nina"];
  const story = new ToyStory(names, [...Array(servers).fill("server"), "learner"]);
  const nina = servers;
  const chain = chainOf(1, blocks);
  const loaded = { height: blocks, tip: chain.at(-1), hashes: chain, parent: story.genesis, full: true };
  names.forEach((_, peer) => story.later(0, () => {
    story.write("start", peer);
    if (peer !== nina) story.note(peer, "chain loaded", loaded);
  }));
  let next = 0; // height index not yet asked for
  let connected = 0; // nina's stored prefix
  const stored = new Set();
  const conns = [];
  const askMore = (server, cause) => {
    const wanted = chain.slice(next, next + atOnce);
    if (!wanted.length) return;
    next += wanted.length;
    const asked = story.send(nina, server, conns[server], "getdata", {
      label: `getdata ${wanted.length}`, size: 24 + 1 + 36 * wanted.length, cause,
      onArrival: row => wanted.forEach((hash, i) => serve(server, hash, row, i === wanted.length - 1, i)),
    });
    if (stalls && server === servers - 1) story.later(2_000_000, () => {
      const lost = wanted[0];
      story.write("timer", nina, { timer: "stalling" });
      story.note(nina, "stalling", { conn: conns[server], hash: lost });
      story.write("hang-up", nina, { reason: "stalling" }, { other: server, conn: conns[server] });
      next = Math.min(next, chain.indexOf(lost));
      for (let other = 0; other < servers - 1; other++) askMore(other, asked);
    });
  };
  const serve = (server, hash, cause, isLast, i) => {
    if (stalls && server === servers - 1) return;
    story.send(server, nina, conns[server] + 1, "block", {
      label: "block", blocks: [hash], size: 250 + i, cause, delay: 60_000 + 15_000 * (i + 1) + 7_000 * server,
      onArrival: row => {
        if (!stored.has(hash)) store(hash, row);
        if (isLast) askMore(server, row);
      },
    });
  };
  const store = (hash, cause) => {
    stored.add(hash);
    const at = chain.indexOf(hash);
    story.note(nina, "block accepted", { hash, parent: at ? chain[at - 1] : story.genesis, height: at + 1 }, cause);
    const before = connected;
    while (connected < chain.length && stored.has(chain[connected])) connected += 1;
    if (connected > before) story.note(nina, "tip changed", { hash: chain[connected - 1], height: connected, previous: "", disconnected: 0, connected: connected - before }, cause);
  };
  for (let server = 0; server < servers; server++) {
    story.later(100_000 * (server + 1), () => {
      conns[server] = story.connect(nina, server);
      story.send(nina, server, conns[server], "version", { size: 126, onArrival: row => {
        story.send(server, nina, conns[server] + 1, "version", { size: 126, cause: row });
        story.send(server, nina, conns[server] + 1, "verack", { size: 24, cause: row, delay: 51_000, onArrival: () => {
          story.note(nina, "handshake done", { conn: conns[server], version: 70016, user_agent: "/toy:1/", height: blocks });
          if (server) return askMore(server, -1);
          return story.send(nina, 0, conns[0], "getheaders", { size: 1029, onArrival: got => story.send(0, nina, conns[0] + 1, "headers", {
            label: `headers ${blocks}`, size: 27 + 81 * blocks, cause: got, delay: 120_000, onArrival: came => {
              story.note(nina, "headers accepted", { parent: story.genesis, height: 1, hashes: chain }, came);
              story.note(nina, "best header", { hash: chain.at(-1), height: blocks }, came);
              askMore(0, came);
            },
          }) });
        } });
      } });
    });
  }
  return story.run();
}

/** Two miners find blocks on either side of a partition; healed, the shorter branch becomes stale. */
export function forkAndHeal() {
  const story = new ToyStory(["ann", "bob", "cat", "dan", "eve", "fay"], ["miner", "peer", "peer", "miner", "peer", "peer"]);
  const [common, left, right] = [chainOf(1, 3), chainOf(4, 5, "b"), chainOf(4, 6, "c")];
  const all = [0, 1, 2, 3, 4, 5];
  const give = (peers, hash, parent, height, delay = 400_000) => peers.forEach((peer, i) => story.later(delay * (i + 1), () => {
    story.note(peer, "headers accepted", { parent, height, hashes: [hash] });
    story.note(peer, "block accepted", { hash, parent, height });
    story.note(peer, "tip changed", { hash, height, previous: parent, disconnected: 0, connected: 1 });
  }));
  all.forEach(peer => story.later(0, () => story.write("start", peer)));
  for (const [a, b] of [[0, 1], [1, 2], [2, 0], [3, 4], [4, 5], [5, 3], [2, 3]]) story.later(10_000, () => story.connect(a, b));
  const tell = (hash, parent) => story.later(1_000_000, () => {
    story.send(1, 2, 2, "inv", { blocks: [hash], label: "inv 1", delay: 600_000 });
    story.send(4, 3, 7, "block", { blocks: [parent], label: "block", size: 300, delay: 700_000 });
  });
  common.forEach((hash, i) => story.later(5_000_000 * (i + 1), () => give(all, hash, i ? common[i - 1] : story.genesis, i + 1)));
  story.later(22_000_000, () => story.write("action", -1, { do: "Partition", group: ["ann", "bob", "cat"], against: [] }));
  left.forEach((hash, i) => story.later(25_000_000 + 5_000_000 * i, () => give([0, 1, 2], hash, i ? left[i - 1] : common[2], 4 + i)));
  right.forEach((hash, i) => story.later(26_000_000 + 5_000_000 * i, () => { give([3, 4, 5], hash, i ? right[i - 1] : common[2], 4 + i); tell(hash, common[2]); }));
  story.later(45_000_000, () => story.write("action", -1, { do: "Heal" }));
  story.later(47_000_000, () => [0, 1, 2].forEach((peer, i) => story.later(300_000 * i, () => {
    story.note(peer, "headers accepted", { parent: common[2], height: 4, hashes: right });
    right.forEach((hash, k) => story.note(peer, "block accepted", { hash, parent: k ? right[k - 1] : common[2], height: 4 + k }));
    story.note(peer, "tip changed", { hash: right[2], height: 6, previous: left[1], disconnected: 2, connected: 3 });
  })));
  return story.run();
}

/** A peer that puts markup into everything that it may name. */
export function hostileTalk() {
  const evil = "<img src=x onerror=hacked=true><script>hacked=true</script>";
  const story = new ToyStory([`ann ${evil}`, "bob"], [evil, "server"]);
  const [, hash] = chainOf(1, 2);
  let conn = 0;
  const acts = [
    () => story.write("start", 0),
    () => story.write("start", 1),
    () => { conn = story.connect(0, 1); },
    () => story.send(0, 1, conn, evil, { label: evil, class: evil, blocks: [evil] }),
    () => story.note(1, "handshake done", { conn, version: 1, user_agent: evil, height: 0 }),
    () => story.note(1, evil, { reason: evil }),
    () => story.note(0, "headers accepted", { parent: story.genesis, height: 1, hashes: [evil, hash] }),
    () => story.note(0, "block invalid", { hash: evil, reason: evil }),
    () => story.write("hang-up", 0, { reason: evil }, { other: 1, conn }),
  ];
  acts.forEach((act, i) => story.later(100_000 * i, act));
  return story.run();
}

export { books } from "./toy_books.mjs";
export { boxes } from "./toy_boxes.mjs";
export { crowd } from "./toy_crowd.mjs";
export { ids } from "./toy_ids.mjs";
export { long } from "./toy_long.mjs";
export { finality, manyValidators } from "./toy_finality.mjs";
export { pools } from "./toy_pools.mjs";
export { pollution } from "./toy_pollution.mjs";
export { lightAndHeavy, liar } from "./toy_trees.mjs";
