// What can be done with what joins peers: links, and groups that are parted or connected.
import { keyOf } from "./acting-fold.js";
import { getHeal, obeys, partitionOf, whyNoDial } from "./acting-rules.js";
import { asks, does, listNames } from "./acting-words.js";
import { showValue } from "./knob-values.js";

const FACTORS = [["10 × slower: ", 10], ["10 × quicker: ", 0.1]];
const LATENCIES = [["", 10_000], ["", 100_000], ["", 1_000_000], ["", 10_000_000]]; // µs
const LOSSES = [["nothing", 0], ["1 %", 10_000], ["10 %", 100_000], ["50 %", 500_000]]; // parts per million
const MOST_MESHED = 5; // peers that are connected with each other at one stroke: 10 connections

/** A pair of peers, "a-b" in host numbers, with or without a connection; null when there is no such pair. */
export function offersOfLink(scene, pair) {
  const { store: { trace }, state, links } = scene;
  const hosts = pair.split("-").map(Number);
  const [a, b] = hosts.map(host => trace.peers[host]);
  if (a === undefined || b === undefined) return null;
  const isOpen = links.has(keyOf(...hosts));
  const contacts = hosts.filter(host => obeys(trace, host, isOpen ? "Disconnect" : "Connect")).map(host => {
    const to = host === hosts[0] ? hosts[1] : hosts[0];
    const [peer, other] = [trace.peers[host], trace.peers[to]];
    if (isOpen) return does(`Let ${peer} hang up`, { do: "Disconnect", peer, other }, `${peer} hung up on ${other}.`);
    return does(`Let ${peer} dial ${other}`, { do: "Connect", peer, to: other }, `${peer} dials ${other}.`, whyNoDial(scene, host, to));
  });
  return {
    title: `${a} and ${b}`,
    groups: [
      getLinkSettings(state, trace.peers, ...hosts),
      [does("Part the two", partitionOf([a], [b]), `Parted ${a} and ${b}.`), ...(state.partition ? [getHeal(state)] : []), ...contacts],
    ],
  };
}

/** What the link between two hosts may be changed to, both ways. */
export function getLinkSettings({ latencies }, peers, one, other) {
  const names = [peers[one], peers[other]];
  return [getLatencies(latencies.get(keyOf(one, other)), ...names), getLosses(...names)];
}

function getLatencies(now, a, b) {
  const known = now === undefined ? [] : FACTORS.map(([words, factor]) => [words, Math.round(now * factor)]);
  const choices = [...known, ...LATENCIES].map(([words, latency]) => {
    const shown = showValue(latency, "µs");
    return does(`${words}${shown}`, { do: "SetLink", a, b, latency }, `A message between ${a} and ${b} takes ${shown} from now on.`);
  });
  return asks(now === undefined ? "Latency …" : `Latency, now ${showValue(now, "µs")} …`, choices);
}

function getLosses(a, b) {
  return asks("Loss …", LOSSES.map(([words, loss]) => does(
    words, { do: "SetLink", a, b, loss }, `The link between ${a} and ${b} loses ${words} of its messages from now on.`)));
}

/** Several peers: "1,2,5" in host numbers; null when there are no such peers. */
export function offersOfGroup(scene, numbers) {
  const { store: { trace, selection }, state } = scene;
  const hosts = readGroup(numbers, trace);
  const names = hosts.map(host => trace.peers[host]);
  if (!names.length) return null;
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
  return { title: `${names.length} peers: ${listNames(names)}`, groups: [parts, [getMesh(scene, hosts)], fates] };
}

function getMesh(scene, hosts) {
  const { store: { trace }, links } = scene;
  const names = hosts.map(host => trace.peers[host]);
  const title = "Connect with each other";
  if (hosts.length > MOST_MESHED) return { title, actions: [], why: `more than ${MOST_MESHED} peers` };
  const actions = [];
  for (const [place, a] of hosts.entries()) {
    for (const b of hosts.slice(place + 1)) {
      if (links.has(keyOf(a, b))) continue;
      const ways = [[a, b], [b, a]].filter(([from, to]) => obeys(trace, from, "Connect") && !whyNoDial(scene, from, to));
      if (ways.length) actions.push({ do: "Connect", peer: trace.peers[ways[0][0]], to: trace.peers[ways[0][1]] });
    }
  }
  const why = actions.length ? undefined : "they are connected, or cannot be";
  return { title, said: `${listNames(names)} dial each other.`, actions, why };
}

/** Host numbers of a group's name, as far as there are such hosts, in order. */
export function readGroup(numbers, { peers }) {
  const hosts = numbers.split(",").filter(text => text !== "").map(Number);
  return [...new Set(hosts)].filter(host => peers[host] !== undefined).sort((a, b) => a - b);
}

