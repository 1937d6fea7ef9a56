// What can be done with a peer, and with the network as a whole.
import { ordersOfAccount } from "./acting-accounts.js";
import { keyOf } from "./acting-fold.js";
import { getLinkSettings } from "./acting-links.js";
import { getHeal, obeys, partitionOf, whyNoDial } from "./acting-rules.js";
import { ordersOfValidator } from "./acting-validators.js";
import { asks, does, goes, listNames, opens } from "./acting-words.js";

const SEEN_AS = [
  ["reset", "The others see a reset, soon"],
  ["time-out", "The others see a time-out, when their patience ends"],
  ["silence", "The others see silence"],
];

/** A peer, by its name; null when there is none of that name. */
export function offersOfPeer(scene, name) {
  const { store: { trace }, state } = scene;
  const host = trace.peers.indexOf(name);
  if (host < 0) return null;
  const isOff = state.off[host];
  return {
    title: isOff ? `${name}, off` : name,
    groups: [
      getOrders(scene, host),
      [...getFates(name, isOff), ...getCuts(scene, [name]), asks("Change its link to …", getLinks(scene, host))],
      getLooks(scene, host),
    ],
  };
}

// What the peer's node is told to do: only what it says it obeys.
function getOrders(scene, host) {
  const { store: { trace }, state, links } = scene;
  const name = trace.peers[host];
  const hangUp = number => {
    const other = trace.peers[number];
    return does(other, { do: "Disconnect", peer: name, other }, `${name} hung up on ${other}.`);
  };
  const off = state.off[host] ? `${name} is off` : undefined;
  const orders = {
    Mine: () => [
      does("Mine a block", { do: "Mine", peer: name, count: 1 }, `${name} mined a block.`, off),
      does("Mine 3 blocks", { do: "Mine", peer: name, count: 3 }, `${name} mined 3 blocks.`, off),
    ],
    Pay: () => [does("Send a transaction", { do: "Pay", peer: name }, `${name} sent a transaction.`, off)],
    ...ordersOfValidator(scene, name, host, off),
    ...ordersOfAccount(scene, name, off),
    Connect: () => [asks("Connect to …", getStrangers(scene, host), off)],
    Disconnect: () => [asks("Disconnect from …", getNeighbours(links, host).map(hangUp), off)],
  };
  return Object.keys(orders).filter(order => obeys(trace, host, order)).flatMap(order => orders[order]());
}

function getStrangers(scene, host) {
  const { store: { trace }, links } = scene;
  const name = trace.peers[host];
  const others = trace.peers.map((_, other) => other).filter(other => other !== host && !links.has(keyOf(host, other)));
  return others.map(other => {
    const to = trace.peers[other];
    return does(to, { do: "Connect", peer: name, to }, `${name} dials ${to}.`, whyNoDial(scene, host, other));
  });
}

function getLinks({ store: { trace }, state, links }, host) {
  const { peers } = trace;
  return getNeighbours(links, host).map(other => asks(peers[other], getLinkSettings(state, peers, host, other)));
}

function getNeighbours(links, host) {
  const others = [...links.values()].filter(({ a, b }) => a === host || b === host).map(({ a, b }) => (a === host ? b : a));
  return others.sort((one, other) => one - other);
}

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

function getLooks({ store, state, index }, host) {
  const { trace: { peers }, branch } = store;
  const row = state.tipRows[host];
  const why = row < 0 ? "nothing changed it so far" : undefined;
  return [
    store.lens === peers[host] ? goes("See all again", to => to.lookAs(null)) : goes(`See the run as ${peers[host]}`, to => to.lookAs(peers[host])),
    goes("See the blocks through its eyes", to => to.select(`peer:${peers[host]}`)),
    goes(`Why is it on ${index.nameOf(state.tips[host])}?`, to => to.askWhy(`record:${branch}:${row}`), why),
  ];
}

function help() {
  return { ...opens("Help", "help"), go: (_, root) => root.dispatchEvent(new CustomEvent("bl-help")) };
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
      [opens("All that can be done", "controls"), help()],
    ],
  };
}
