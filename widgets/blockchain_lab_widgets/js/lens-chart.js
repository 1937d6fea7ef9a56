// What of the space-time chart the peer under the lens does not know. Pure.
import { ARRIVED } from "./chart-data.js";


/**
 * Its own messages it knows, those of others when they have reached it; of all else its own lane and its own marks.
 *
 * @param {import("./lens-sight.js").Sight|null} sight null: all is seen
 * @param {number} cursor the event up to which all has happened
 * @returns {{name, arrows: ({arrow}) => boolean, marks: ({record}) => boolean, hosts: (host) => boolean}}
 */
export function unseenIn(sight, cursor) {
  if (sight === null) return { name: "", arrows: () => false, marks: () => false, hosts: () => false };
  const { host, name } = sight;
  return {
    name,
    arrows: ({ arrow: { from, to, ends, fate } }) => from !== host && !(to === host && ends <= cursor && fate === ARRIVED),
    marks: ({ record }) => record.peer !== host,
    hosts: other => other !== host,
  };
}
