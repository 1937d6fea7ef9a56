// Toy boxes with toy peers behind them: a crowd of homes, for pictures and limits.
import { ToyStory } from "./toy_story.mjs";

export const SERVER = "198.51.100.1:3478";

/** Rules of a box as it notes them. */
export const rules = (box, inside, more = {}) => ({
  address: [box, 1], inside: inside.map(ip => [ip, 8333]), translates: true, mapping: "endpoint-independent", filtering: "address-and-port-dependent",
  ports: "sequential", idle_timeout: 30_000_000, hairpin: false, opens_ports: false, ...more,
});

/**
 * So many homes with `each` peers, all of which write to a server; those of the first home to `remotes` others, too.
 *
 * @param {{homes: number, each: number, remotes: number, ports: number}} options `ports`: such others, each through a port of its own
 */
export function boxes({ homes = 5, each = 2, remotes = 0, ports = 0 } = {}) {
  const names = ["server", ...Array.from({ length: homes }, (_, home) => [`box${home}`, ...Array.from({ length: each }, (_, at) => `peer${home}x${at}`)]).flat()];
  const story = new ToyStory(names, names.map(name => (name.startsWith("box") ? "nat" : "walker")));
  const size = each + 1;
  const boxOf = home => 1 + size * home;
  story.head.behind = names.map((_, host) => (host === 0 || (host - 1) % size === 0 ? -1 : boxOf(Math.floor((host - 1) / size))));
  const ipOf = host => (story.head.behind[host] < 0 ? `203.0.${host >> 8}.${host & 255}` : `192.168.${host >> 8}.${host & 255}`);
  story.head.addresses = names.map((_, host) => (host ? `${ipOf(host)}:${story.head.behind[host] < 0 ? 1 : 8333}` : SERVER));
  names.forEach((_, host) => story.later(0, () => story.write("start", host)));
  let at = 0; // ms
  const pass = (box, inside, to, port, isNew) => story.later(1_000 * ++at, () => {
    const row = story.write("datagram", box, { command: "hello", class: "connection", size: 10, label: "hello", from: `${ipOf(inside)}:8333`, to }, { other: inside });
    if (isNew) story.note(box, "mapping opened", { inside: [ipOf(inside), 8333], outside: [ipOf(box), port], remote: isNew === "each" ? to.split(":").map((part, at) => (at ? Number(part) : part)) : [] }, row);
  });
  for (let home = 0; home < homes; home++) {
    const box = boxOf(home);
    const inside = Array.from({ length: each }, (_, at) => box + 1 + at);
    story.later(0, () => story.note(box, "gateway rules", rules(ipOf(box), inside.map(ipOf), home === 0 && ports ? { mapping: "address-and-port-dependent" } : {})));
    inside.forEach((host, place) => pass(box, host, SERVER, 1024 + place, home === 0 && ports ? "each" : true));
  }
  for (let number = 0; number < remotes; number++) pass(1, 2, `203.0.113.${number}:80`, 0, false);
  for (let number = 0; number < ports; number++) pass(1, 2, `203.0.113.${number}:80`, 2000 + number, "each");
  return story.run();
}
