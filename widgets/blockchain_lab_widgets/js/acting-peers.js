// What can be done with peers, with what joins them, and with the network as a whole.
import { asks, does, goes, listNames, opens } from "./acting-words.js";

const SEEN_AS = [
  ["reset", "The others see a reset, soon"],
  ["time-out", "The others see a time-out, when their patience ends"],
  ["silence", "The others see silence"],
];
const SECOND = 1_000_000; // µs
const LATENCIES = [["10 ms", 10_000], ["0.1 s", 100_000], ["1 s", SECOND], ["10 s", 10 * SECOND]];
const LOSSES = [["nothing", 0], ["1 % of all messages", 10_000], ["10 %", 100_000], ["50 %", 500_000]];
const MOST_MESHED = 5; // peers that are connected with each other at one stroke: 10 connections

/** A peer, by its name. */
export function offersOfPeer(scene, name) {
  const { store: { trace }, state } = scene;
  const host = trace.peers.indexOf(name);
  if (host < 0) return offersOfNetwork(scene);
  const isOff = state.off[host];
  return {
    title: isOff ? `${name}, off` : name,
    groups: [getOrders(scene, host), [...getFates(name, isOff), ...getCuts(scene, [name])], getLooks(scene, host)],
  };
}

// What the peer's node is told to do: only what it says it obeys.
function getOrders(scene, host) {
  const { store: { trace }, state } = scene;
  const name = trace.peers[host];
  const off = state.off[host] ? `${name} is off` : undefined;
  const orders = {
    Mine: () => [
      does("Mine a block", { do: "Mine", peer: name, count: 1 }, `${name} mined a block.`, off),
      does("Mine 3 blocks", { do: "Mine", peer: name, count: 3 }, `${name} mined 3 blocks.`, off),
    ],
    Pay: () => [does("Send a transaction", { do: "Pay", peer: name }, `${name} sent a transaction.`, off)],
    Connect: () => [asks("Connect to …", getStrangers(scene, host), off)],
    Disconnect: () => [asks("Disconnect from …", getNeighbours(scene, host), off)],
  };
  return Object.keys(orders).filter(order => obeys(trace, host, order)).flatMap(order => orders[order]());
}

function obeys(trace, host, order) {
  return trace.obeys[host]?.includes(order) ?? false;
}

function getStrangers({ store: { trace }, state, links }, host) {
  const name = trace.peers[host];
  const others = trace.peers.map((_, other) => other).filter(other => other !== host && !links.has(keyOf(host, other)));
  return others.map(other => {
    const to = trace.peers[other];
    const why = trace.firewalls[other] ? "nobody can dial it: it is behind a firewall" : undefined;
    return does(to, { do: "Connect", peer: name, to }, `${name} dials ${to}.`, why ?? (state.off[other] ? "off" : undefined));
  });
}

function getNeighbours({ store: { trace }, links }, host) {
  const name = trace.peers[host];
  const others = [...links.values()].filter(({ a, b }) => a === host || b === host).map(({ a, b }) => (a === host ? b : a));
  return others.sort((a, b) => a - b).map(number => {
    const other = trace.peers[number];
    return does(other, { do: "Disconnect", peer: name, other }, `${name} hung up on ${other}.`);
  });
}

const keyOf = (one, other) => `${Math.min(one, other)}-${Math.max(one, other)}`;

// What the host undergoes without being asked.
function getFates(name, isOff) {
  if (isOff) return [does("Revive", { do: "Revive", peer: name }, `Revived ${name}.`)];
  const kill = ([seen, title]) => does(title, { do: "Kill", peer: name, seen_as: seen }, `Killed ${name}.`);
  return [asks("Kill …", SEEN_AS.map(kill))];
}

function getCuts({ state, store: { trace } }, group) {
  const everybody = group.length === trace.peers.length ? "that is everybody" : undefined;
  const cut = does("Cut off from all others", partitionOf(group), `Cut off ${listNames(group)}.`, everybody);
  return state.partition ? [cut, getHeal(state)] : [cut];
}

function partitionOf(group, against = []) {
  return { do: "Partition", group, against };
}

function getHeal({ partition }) {
  return does("Heal the partition", { do: "Heal" }, "Healed the partition.", partition ? undefined : "there is none");
}

function getLooks({ store, state, index }, host) {
  const { trace: { peers }, branch } = store;
  const row = state.tipRows[host];
  const why = row < 0 ? "nothing changed it so far" : undefined;
  return [
    goes("See the blocks through its eyes", to => to.select(`peer:${peers[host]}`)),
    goes(`Why is it on ${index.nameOf(state.tips[host])}?`, to => to.askWhy(`record:${branch}:${row}`), why),
  ];
}

/** A pair of peers, "a-b" in host numbers, with or without a connection. */
export function offersOfLink(scene, pair) {
  const { store: { trace }, state, links } = scene;
  const hosts = pair.split("-").map(Number);
  const [a, b] = hosts.map(host => trace.peers[host]);
  if (a === undefined || b === undefined) return offersOfNetwork(scene);
  const isOpen = links.has(keyOf(...hosts));
  const hangUp = host => {
    const [peer, other] = host === hosts[0] ? [a, b] : [b, a];
    return isOpen
      ? does(`Let ${peer} hang up`, { do: "Disconnect", peer, other }, `${peer} hung up on ${other}.`)
      : does(`Let ${peer} dial ${other}`, { do: "Connect", peer, to: other }, `${peer} dials ${other}.`,
        state.off[host] ? `${peer} is off` : undefined);
  };
  const set = (change, said) => ({ action: { do: "SetLink", a, b, ...change }, said: `${a} and ${b}: ${said}.` });
  const choose = (title, values, change, tell) => asks(title, values.map(([words, value]) => {
    const { action, said } = set(change(value), tell(words));
    return does(words, action, said);
  }));
  return {
    title: `${a} and ${b}`,
    groups: [
      [
        choose("Set its latency …", LATENCIES, latency => ({ latency }), words => `latency ${words} from now on`),
        choose("Let it lose …", LOSSES, loss => ({ loss }), words => `the link loses ${words.replace(" of all messages", "")} from now on`),
      ],
      [
        does("Part the two", partitionOf([a], [b]), `Parted ${a} and ${b}.`),
        ...(state.partition ? [getHeal(state)] : []),
        ...hosts.filter(host => obeys(trace, host, isOpen ? "Disconnect" : "Connect")).map(hangUp),
      ],
    ],
  };
}

/** Several peers: "1,2,5" in host numbers. */
export function offersOfGroup(scene, numbers) {
  const { store: { trace, selection }, state, links } = scene;
  const hosts = readGroup(numbers, trace);
  const names = hosts.map(host => trace.peers[host]);
  if (!names.length) return offersOfNetwork(scene);
  if (names.length === 1) return offersOfPeer(scene, names[0]);
  const all = names.length === trace.peers.length ? "that is everybody" : undefined;
  const others = readGroup(selection?.match(/^group:(.*)$/)?.[1] ?? "", trace).filter(host => !hosts.includes(host));
  const fromSelected = others.map(host => trace.peers[host]);
  const alive = names.filter((_, place) => !state.off[hosts[place]]);
  const dead = names.filter((_, place) => state.off[hosts[place]]);
  const parts = [does("Part these from the rest", partitionOf(names), `Parted ${listNames(names)} from the rest.`, all)];
  if (fromSelected.length) {
    parts.push(does("Part these from the selected group", partitionOf(names, fromSelected),
      `Parted ${listNames(names)} from ${listNames(fromSelected)}.`));
  }
  if (state.partition) parts.push(getHeal(state));
  const fates = [{
    title: "Kill all", said: `Killed ${listNames(alive)}.`, why: alive.length ? undefined : "all are off",
    actions: alive.map(peer => ({ do: "Kill", peer, seen_as: "reset" })),
  }];
  if (dead.length) {
    fates.push({ title: "Revive all", said: `Revived ${listNames(dead)}.`, actions: dead.map(peer => ({ do: "Revive", peer })) });
  }
  return { title: `${names.length} peers: ${listNames(names)}`, groups: [parts, [getMesh(trace, state, links, hosts)], fates] };
}

function getMesh(trace, state, links, hosts) {
  const actions = [];
  for (const [place, a] of hosts.entries()) {
    for (const b of hosts.slice(place + 1)) {
      const isPossible = obeys(trace, a, "Connect") && !state.off[a] && !state.off[b] && !links.has(keyOf(a, b));
      if (isPossible) actions.push({ do: "Connect", peer: trace.peers[a], to: trace.peers[b] });
    }
  }
  const tooMany = hosts.length > MOST_MESHED ? `more than ${MOST_MESHED} peers` : undefined;
  const why = tooMany ?? (actions.length ? undefined : "they are, or they cannot be");
  const names = hosts.map(host => trace.peers[host]);
  return { title: "Connect with each other", said: `${listNames(names)} dial each other.`, actions, why };
}

/** Host numbers of a group's name, as far as there are such hosts, in order. */
export function readGroup(numbers, { peers }) {
  const hosts = numbers.split(",").filter(text => text !== "").map(Number);
  return [...new Set(hosts)].filter(host => peers[host] !== undefined).sort((a, b) => a - b);
}

/** Empty space: what concerns everybody. */
export function offersOfNetwork({ store, state }) {
  const { trace } = store;
  const miners = trace.peers.filter((_, host) => obeys(trace, host, "Mine") && !state.off[host]);
  const mine = miners.map(peer => does(peer, { do: "Mine", peer, count: 1 }, `${peer} mined a block.`));
  const forgets = store.branches.length > 1 ? `Forget ${store.branches.length} futures and begin anew` : "Forget all that was done";
  return {
    title: trace.title,
    groups: [
      [
        asks("Mine a block at …", mine, miners.length ? undefined : "no peer that is on can mine"),
        opens("Part the network …", "controls"),
        getHeal(state),
      ],
      [asks("Begin anew …", [{ title: forgets, begins: true, said: "Begun anew." }])],
      [opens("All that can be done", "controls")],
    ],
  };
}
