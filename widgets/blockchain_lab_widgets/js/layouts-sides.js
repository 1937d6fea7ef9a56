// Two columns: who dials and who is dialled; or one column for each role. Pure.

const SWEEPS = 4; // of the sorting: more hardly change anything
const IN_A_LINE = 16; // more peers of a column stand in several lines
const AROUND = 3; // then it becomes as many times as high as it is wide

/** The column of every peer: by its role; where all have the same, by whether it dials more than it is dialled. */
export function splitSides({ roles, links }) {
  const distinct = [...new Set(roles)];
  if (distinct.length > 1) return roles.map(role => distinct.indexOf(role));
  const lean = roles.map(() => 0);
  for (const [dialler, dialled] of links) {
    lean[dialler] += 1;
    lean[dialled] -= 1;
  }
  const sides = lean.map(dials => (dials > 0 ? 0 : 1));
  let more = sides.filter(side => side === 1).length - sides.filter(side => side === 0).length;
  for (const [peer, dials] of lean.entries()) { // as many to the one as to the other: where there is room
    if (dials || more < 2) continue;
    sides[peer] = 0;
    more -= 2;
  }
  return sides;
}

/**
 * Places in columns, sorted so that few links cross: each peer at the mean height of those it is linked with
 * (Sugiyama, Tagawa and Toda, 1981).
 *
 * @param {number[]} sides the column of every peer
 * @param {number[][]} pairs of peers
 */
export function sortSides(sides, pairs) {
  const columns = Array.from({ length: Math.max(0, ...sides) + 1 }, () => []);
  sides.forEach((side, peer) => columns[side].push(peer));
  const linked = sides.map(() => []);
  for (const [a, b] of pairs) {
    linked[a].push(b);
    linked[b].push(a);
  }
  const height = sides.map(() => 0);
  const measure = column => column.forEach((peer, i) => { height[peer] = (i + 0.5) / column.length; });
  columns.forEach(measure);
  for (let sweep = 0; sweep < SWEEPS; sweep++) {
    for (const column of sweep % 2 ? columns.toReversed() : columns) {
      const wanted = new Map(column.map(peer => {
        const others = linked[peer].filter(other => sides[other] !== sides[peer]);
        return [peer, others.length ? others.reduce((sum, other) => sum + height[other], 0) / others.length : height[peer]];
      }));
      column.sort((a, b) => wanted.get(a) - wanted.get(b) || a - b);
      measure(column);
    }
  }
  return place(columns, sides.length);
}

// Many in a column stand in several lines, filled row by row, so that heights keep their meaning; and every column
// is as far from the next one as all of them together are wide.
function place(columns, count) {
  const places = Array.from({ length: count });
  const lines = columns.map(({ length }) => (length > IN_A_LINE ? Math.ceil(Math.sqrt(length / AROUND)) : 1));
  const apart = lines.reduce((sum, each) => sum + each, 0) / Math.max(1, columns.length - 1);
  let left = 0;
  columns.forEach((column, at) => {
    const rows = Math.ceil(column.length / lines[at]);
    column.forEach((peer, i) => {
      const row = Math.floor(i / lines[at]);
      const aside = lines[at] > 1 ? (i % lines[at]) + (row % 2) / 2 : ((row % 3) - 1) * 0.12; // no link hides behind a peer
      places[peer] = [left + aside, (row + 0.5) / rows];
    });
    left += lines[at] - 1 + apart;
  });
  return places;
}
