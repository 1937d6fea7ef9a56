// What several offers have in common: who obeys, who can be dialled, what a partition is.
import { does } from "./acting-words.js";

/** Does a peer's node say that it obeys a command? */
export function obeys(trace, host, order) {
  return trace.obeys[host]?.includes(order) ?? false;
}

/** Why one host cannot dial another one now; undefined when it can. */
export function whyNoDial({ store: { trace }, state }, host, to) {
  if (state.off[host]) return `${trace.peers[host]} is off`;
  if (state.off[to]) return `${trace.peers[to]} is off`;
  return trace.firewalls[to] ? `${trace.peers[to]} is behind a firewall: nobody can dial it` : undefined;
}

/** One group from another one; from everybody else when nobody is named. */
export function partitionOf(group, against = []) {
  return { do: "Partition", group, against };
}

/** The end of the partition. */
export function getHeal({ partition }) {
  return does("Heal the partition", { do: "Heal" }, "Healed the partition.", partition ? undefined : "there is none");
}
