// Names and heights beside the peers, over everything else and at one size at every zoom.

const LINE = 13; // pixels from line to line
const AWAY = 6; // between a node and its name
const HALO = 4;

/**
 * Does a peer's name stand over its node? Yes when fewer links leave upwards than downwards; when equal, in the
 * upper half of the picture.
 *
 * @param {number[][]} layout [x, y] by peer
 * @param {number[][]} links pairs of peers
 */
export function findRaised(layout, links) {
  const pull = layout.map(() => 0); // > 0: links leave downwards
  const lean = (from, to) => {
    const [dx, dy] = [layout[to][0] - layout[from][0], layout[to][1] - layout[from][1]];
    pull[from] += dy / (Math.hypot(dx, dy) || 1);
  };
  for (const [a, b] of links) {
    lean(a, b);
    lean(b, a);
  }
  const heights = layout.map(([, y]) => y);
  const middle = (Math.min(...heights) + Math.max(...heights)) / 2;
  return layout.map(([, y], peer) => (Math.abs(pull[peer]) > 0.2 ? pull[peer] > 0 : y < middle));
}

/**
 * Write the labels; each line of a label on its own.
 *
 * @param {{x: number, y: number}[]} places in pixels
 * @param {string[]} labels lines parted by "\n"
 */
export function drawNames(context, places, labels, raised, radius, palette, font) {
  context.font = `12px ${font}`;
  context.textAlign = "center";
  context.textBaseline = "middle";
  context.lineJoin = "round";
  context.lineWidth = HALO;
  context.strokeStyle = palette.paper;
  context.fillStyle = palette.ink;
  labels.forEach((label, peer) => {
    const lines = label.split("\n");
    const { x, y } = places[peer];
    const first = raised[peer] ? y - radius - AWAY - LINE * (lines.length - 0.5) : y + radius + AWAY + LINE / 2;
    lines.forEach((line, i) => context.strokeText(line, x, first + i * LINE));
    lines.forEach((line, i) => context.fillText(line, x, first + i * LINE));
  });
}
