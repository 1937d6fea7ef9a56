// The line between the two sides of a partition: where both are equally near. Pure, but for the drawing.

const CELLS = 96; // across the longer side
const MOST_PIECES = 6; // more of them would be a scribble: then the dashed links must do
const ROUNDS = 2; // of cutting corners
const TEXT = "partition";

/**
 * Curves that part the peers of one side from those of the other; none when the sides are mixed all over.
 *
 * Every point is pulled to both sides by the inverse fourth power of its distance to each peer; the curve runs
 * where neither wins (marching squares; Lorensen and Cline, 1987, in two dimensions). O(cells x peers).
 *
 * @param {{x, y}[]} places by peer
 * @param {number[]} sides 1, -1 or 0 by peer
 * @param {{left, top, right, bottom}} box
 * @returns {{x, y}[][]} polylines; a closed one ends where it begins
 */
export function findCut(places, sides, box) {
  const gap = Math.max(box.right - box.left, box.bottom - box.top) / CELLS;
  const [wide, high] = [Math.ceil((box.right - box.left) / gap), Math.ceil((box.bottom - box.top) / gap)];
  const asked = [...places.keys()].filter(peer => sides[peer]);
  const pullAt = (x, y) => {
    let pull = 0;
    for (const peer of asked) pull += sides[peer] / ((places[peer].x - x) ** 2 + (places[peer].y - y) ** 2 + 1) ** 2;
    return pull;
  };
  const field = Array.from({ length: high + 1 }, (_, row) =>
    Float64Array.from({ length: wide + 1 }, (__, column) => pullAt(box.left + column * gap, box.top + row * gap)));
  const curves = joinSegments(march(field, wide, high));
  if (curves.length > MOST_PIECES) return [];
  return curves.map(curve => {
    let smooth = curve.map(([column, row]) => ({ x: box.left + column * gap, y: box.top + row * gap }));
    for (let round = 0; round < ROUNDS; round++) smooth = cutCorners(smooth);
    return smooth;
  });
}

// Pieces of the line where the field is 0, cell by cell: each [[x, y], [x, y]] in cells.
function march(field, wide, high) {
  const pieces = [];
  for (let row = 0; row < high; row++) {
    for (let column = 0; column < wide; column++) {
      const [a, b, c, d] = [field[row][column], field[row][column + 1], field[row + 1][column + 1], field[row + 1][column]];
      const ends = [];
      const between = (low, up, place) => {
        if (low > 0 !== up > 0) ends.push(place(low / (low - up)));
      };
      between(a, b, part => [column + part, row]);
      between(b, c, part => [column + 1, row + part]);
      between(d, c, part => [column + part, row + 1]);
      between(a, d, part => [column, row + part]);
      for (let i = 0; i + 1 < ends.length; i += 2) pieces.push([ends[i], ends[i + 1]]);
    }
  }
  return pieces;
}

/** Pieces that share an end, as long lines. */
function joinSegments(pieces) {
  const keyOf = ([x, y]) => `${x.toFixed(6)}/${y.toFixed(6)}`;
  const at = new Map(); // end -> pieces that are not used yet
  for (const piece of pieces) {
    for (const end of piece) at.has(keyOf(end)) ? at.get(keyOf(end)).push(piece) : at.set(keyOf(end), [piece]);
  }
  const unused = new Set(pieces);
  const follow = line => {
    for (;;) {
      const end = line.at(-1);
      const next = at.get(keyOf(end)).find(piece => unused.has(piece));
      if (!next) return line;
      unused.delete(next);
      line.push(keyOf(next[0]) === keyOf(end) ? next[1] : next[0]);
    }
  };
  const lines = [];
  for (const piece of pieces) {
    if (!unused.delete(piece)) continue;
    lines.push(follow(follow([...piece]).reverse()));
  }
  return lines;
}

// Chaikin, 1974: every corner is cut off at a quarter of its sides. The ends of an open line stay.
function cutCorners(line) {
  const mix = (a, b, part) => ({ x: a.x + (b.x - a.x) * part, y: a.y + (b.y - a.y) * part });
  const [first, last] = [line[0], line.at(-1)];
  const isClosed = Math.hypot(first.x - last.x, first.y - last.y) < 1e-6;
  const cut = line.slice(1).flatMap((point, i) => [mix(line[i], point, 0.25), mix(line[i], point, 0.75)]);
  return isClosed ? [...cut, cut[0]] : [first, ...cut, last];
}

/**
 * Where the word may stand: on a curve, as far as can be from every peer.
 *
 * @param {number} half of the word's width, in pixels
 * @returns {{x, y}|null} null where there is no room
 */
export function findWordPlace(curves, places, half, { width, height }) {
  const inside = curves.flat().filter(({ x, y }) => x > half && x < width - half && y > 10 && y < height - 10);
  const distance = ({ x, y }) => Math.min(...places.map(place => Math.hypot((place.x - x) / 2, place.y - y))); // a word is wide
  let [best, furthest] = [null, 0];
  for (const point of inside.filter((_, i) => i % 3 === 0)) {
    const far = distance(point);
    if (far > furthest) [best, furthest] = [point, far];
  }
  return best;
}

/**
 * Draw the curves, in pixels, with the word on one of them.
 *
 * @returns {number[][]} the box of the word, [left, top, right, bottom], if there is any: no name should stand there
 */
export function drawCut(context, curves, places, palette, font, box) {
  if (!curves.length) return [];
  Object.assign(context, { lineJoin: "round", lineCap: "round" });
  for (const [colour, wide] of [[palette.paper, 7], [palette.faint, 2.5]]) {
    Object.assign(context, { strokeStyle: colour, lineWidth: wide });
    context.beginPath();
    for (const curve of curves) curve.forEach(({ x, y }, i) => context[i ? "lineTo" : "moveTo"](x, y));
    context.stroke();
  }
  Object.assign(context, {
    lineCap: "butt", font: `12px ${font}`, textAlign: "center", textBaseline: "middle", strokeStyle: palette.paper, fillStyle: palette.ink, lineWidth: 6,
  });
  const half = context.measureText(TEXT).width / 2 + 4;
  const place = findWordPlace(curves, places, half, box);
  if (!place) return [];
  context.strokeText(TEXT, place.x, place.y);
  context.fillText(TEXT, place.x, place.y);
  return [[place.x - half, place.y - 8, place.x + half, place.y + 8]];
}
