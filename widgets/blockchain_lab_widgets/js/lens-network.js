// The network as the peer under the lens knows it: what of its scene is left. Pure.

/** Its own messages on their way: of others it knows nothing until they arrive, and of its own not what becomes of them. */
export function flyingAs({ host }, flying) {
  return flying.filter(({ source }) => source === host).map(flight => ({ ...flight, dropped: false, isHeld: false }));
}

/** Its own dials that failed; what is lost on its way nobody is told. */
export function recentAs({ host }, { failed }) {
  return { lost: [], failed: failed.filter(({ source }) => source === host) };
}

/**
 * A light with what the peer knows of: of a block or a transaction itself, and who has told it of that very block.
 *
 * @param {import("./network-light.js").Light|null} light
 * @param {string[]} names the selection and what the pointer is on
 */
export function lightAs(sight, light, names) {
  if (light === null) return null;
  const about = names.filter(name => /^(block|tx):/.test(name ?? ""));
  const isTold = peer => peer === sight.host || about.includes(`block:${sight.tipOf(peer)}`);
  const keep = peers => (about.length ? new Set([...peers].filter(isTold)) : peers);
  const way = light.way && sight.knowsRow(light.way.sent) ? light.way : null;
  return { ...light, chosen: keep(light.chosen), peers: keep(light.peers), way };
}
