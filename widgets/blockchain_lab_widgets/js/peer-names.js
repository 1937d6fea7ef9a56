// Names and heights beside the peers, over everything else and at one size at every zoom; none covers another.

const LINE = 13; // pixels from line to line
const AWAY = 6; // between a node and its name
const HALO = 4;
const CELL = 32; // pixels; the picture is searched for room in squares of this size

/**
 * Does a peer's name stand over its node? Yes when fewer links leave upwards than downwards; when equal, in the
 * upper half of the picture.
 *
 * @param {{x, y}[]} places by peer
 * @param {number[][]} links pairs of peers
 * @param {number} middle y that halves the picture
 */
export function findRaised(places, links, middle) {
  const pull = places.map(() => 0); // > 0: links leave downwards
  const lean = (from, to) => {
    const [dx, dy] = [places[to].x - places[from].x, places[to].y - places[from].y];
    pull[from] += dy / (Math.hypot(dx, dy) || 1);
  };
  for (const [a, b] of links) {
    lean(a, b);
    lean(b, a);
  }
  return places.map(({ y }, peer) => (Math.abs(pull[peer]) > 0.2 ? pull[peer] > 0 : y < middle));
}

/** Boxes in a plane, and whether another one would meet them. O(boxes nearby). */
class Room {
  #cells = new Map();

  *#keys([left, top, right, bottom]) {
    for (let x = Math.floor(left / CELL); x <= Math.floor(right / CELL); x++) {
      for (let y = Math.floor(top / CELL); y <= Math.floor(bottom / CELL); y++) yield `${x}/${y}`;
    }
  }

  take(box) {
    for (const key of this.#keys(box)) this.#cells.has(key) ? this.#cells.get(key).push(box) : this.#cells.set(key, [box]);
  }

  isFree([left, top, right, bottom]) {
    for (const key of this.#keys([left, top, right, bottom])) {
      const meets = box => box[0] < right && box[2] > left && box[1] < bottom && box[3] > top;
      if (this.#cells.get(key)?.some(meets)) return false;
    }
    return true;
  }
}

/**
 * Which names are shown, and where.
 *
 * @param {{x, y}[]} places by peer
 * @param {number[]} order peers that may have a name, the most important first
 * @param {(peer) => boolean} isNeeded is its name shown even where it covers something?
 * @param {(peer) => string[]} linesOf what stands beside a peer
 * @param {(text) => number} measure its width in pixels
 * @param {boolean[]} raised whose name stands above rather than below
 * @param {{width, height}} box nothing is written outside
 * @param {number[][]} taken [left, top, right, bottom] of what may not be written over
 * @returns {{peer, lines, x, y, box}[]} the middle of the first line, and the room that all lines take
 */
export function placeNames({ places, order, isNeeded, linesOf, measure, raised, radius, box, taken }) {
  const room = new Room();
  taken.forEach(each => room.take(each));
  const found = [];
  const isFree = ({ box: wanted }) => room.isFree(wanted);
  const tryPlaces = (lines, { x, y }, isRaised) => {
    const half = Math.max(...lines.map(measure)) / 2 + 1;
    const high = lines.length * LINE;
    const [above, below] = [[x, y - radius - AWAY - high], [x, y + radius + AWAY]];
    const beside = [1, -1].map(side => [x + side * (radius + AWAY - 1 + half), y - high / 2]);
    return [...(isRaised ? [above, below] : [below, above]), ...beside].map(([wanted, upper]) => {
      const middle = Math.max(half, Math.min(box.width - half, wanted));
      const top = Math.max(0, Math.min(box.height - high, upper));
      return { lines, middle, top, box: [middle - half, top, middle + half, top + high] };
    });
  };
  for (const peer of order) {
    const { x, y } = places[peer];
    if (x < 0 || y < 0 || x > box.width || y > box.height) continue;
    const all = linesOf(peer);
    const name = all.slice(0, 1); // where there is no room for the rest
    const free = tryPlaces(all, places[peer], raised[peer]).find(isFree) ?? tryPlaces(name, places[peer], raised[peer]).find(isFree)
      ?? (isNeeded(peer) ? tryPlaces(name, places[peer], raised[peer])[0] : null);
    if (!free) continue;
    room.take(free.box);
    found.push({ peer, lines: free.lines, x: free.middle, y: free.top + LINE / 2, box: free.box });
  }
  return found;
}

/** Write what `placeNames` found; `isFaded(peer)` stands back. */
export function drawNames(context, names, isFaded, palette, font) {
  if (!names.length) return; // setting a font makes the page compute its styles
  Object.assign(context, {
    font: `12px ${font}`, textAlign: "center", textBaseline: "middle", lineJoin: "round", lineWidth: HALO,
    strokeStyle: palette.paper, fillStyle: palette.ink,
  });
  for (const { peer, lines, x, y } of names) {
    context.globalAlpha = isFaded(peer) ? 0.45 : 1;
    lines.forEach((line, i) => context.strokeText(line, x, y + i * LINE));
    lines.forEach((line, i) => context.fillText(line, x, y + i * LINE));
  }
  context.globalAlpha = 1;
}
