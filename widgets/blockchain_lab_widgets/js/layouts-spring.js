// Links pull, peers push each other away: the layout of Fruchterman and Reingold (1991). The same every time.

const GOLDEN = Math.PI * (3 - Math.sqrt(5));
const WORK = 1.6e8; // pairs to look at in all: about a second
const [FEWEST, MOST] = [60, 400]; // iterations
const START = 0.12; // how far a peer may move at first, as a part of the picture
const GRAVITY = 0.4; // keeps parts without a link between them together
const SLICE = 12; // milliseconds of work between two breaths of the page

/** A picture that comes to rest step by step. One step is O(peers squared + pairs). */
export class Springs {
  #step = 0;

  /** @param {number[][]} pairs of linked peers */
  constructor(count, pairs) {
    Object.assign(this, { count, pairs });
    this.steps = Math.round(Math.max(FEWEST, Math.min(MOST, WORK / Math.max(1, count * count))));
    this.length = Math.sqrt(1 / Math.max(1, count)); // of a link at rest; the picture is 1 wide and high
    [this.x, this.y, this.dx, this.dy] = Array.from({ length: 4 }, () => new Float64Array(count));
    for (let peer = 0; peer < count; peer++) { // at first as seeds sit in a sunflower
      const radius = 0.5 * Math.sqrt((peer + 0.5) / count);
      this.x[peer] = radius * Math.cos(peer * GOLDEN);
      this.y[peer] = radius * Math.sin(peer * GOLDEN);
    }
  }

  get isAtRest() {
    return this.#step >= this.steps;
  }

  /** [x, y] by peer */
  get places() {
    return Array.from(this.x, (x, peer) => [x, this.y[peer]]);
  }

  /** One step, smaller than the one before. */
  step() {
    const { dx, dy } = this;
    dx.fill(0);
    dy.fill(0);
    this.#push();
    this.#pull();
    this.#move(START * (1 - this.#step / this.steps) ** 1.5 + 0.0005);
    this.#step += 1;
  }

  #push() {
    const { x, y, dx, dy, count } = this;
    const strength = this.length * this.length;
    for (let a = 0; a < count; a++) {
      for (let b = a + 1; b < count; b++) {
        const [over, up] = [x[a] - x[b], y[a] - y[b]];
        const push = strength / (over * over + up * up + 1e-9);
        dx[a] += over * push;
        dy[a] += up * push;
        dx[b] -= over * push;
        dy[b] -= up * push;
      }
    }
  }

  #pull() {
    const { x, y, dx, dy, count } = this;
    for (const [a, b] of this.pairs) {
      const [over, up] = [x[a] - x[b], y[a] - y[b]];
      const pull = Math.hypot(over, up) / this.length;
      dx[a] -= over * pull;
      dy[a] -= up * pull;
      dx[b] += over * pull;
      dy[b] += up * pull;
    }
    for (let peer = 0; peer < count; peer++) {
      dx[peer] -= x[peer] * GRAVITY;
      dy[peer] -= y[peer] * GRAVITY;
    }
  }

  #move(furthest) {
    const { x, y, dx, dy, count } = this;
    for (let peer = 0; peer < count; peer++) {
      const part = Math.min(1, furthest / (Math.hypot(dx[peer], dy[peer]) || 1));
      x[peer] += dx[peer] * part;
      y[peer] += dy[peer] * part;
    }
  }
}

/** Let a picture come to rest without freezing the page. Its places; null when nobody wants them any more. */
export async function settle(springs, isWanted = () => true) {
  while (!springs.isAtRest) {
    const until = performance.now() + SLICE;
    while (!springs.isAtRest && performance.now() < until) springs.step();
    await new Promise(resolve => { setTimeout(resolve, 0); });
    if (!isWanted()) return null;
  }
  return springs.places;
}
