// Points inside an outline, evenly and apart from each other and from the coast. Pure.

const WIDEST = 36; // degrees between two peers who have a continent nearly for themselves
const FINER = 0.88; // each try has points closer to each other by this factor

/** Is a point inside an outline? Counts how often a ray to the right crosses it. O(corners). */
export function isInside(outline, [x, y]) {
  let inside = false;
  for (let i = 0, j = outline.length - 1; i < outline.length; j = i++) {
    const [[ax, ay], [bx, by]] = [outline[i], outline[j]];
    if (ay > y !== by > y && x < ax + ((y - ay) / (by - ay)) * (bx - ax)) inside = !inside;
  }
  return inside;
}

/** So many points inside an outline, those nearest its middle first. */
export function spreadInside(outline, count) {
  if (!count) return [];
  const [middleX, middleY] = findMiddle(outline);
  for (let gap = WIDEST; ; gap *= FINER) {
    const free = honeycomb(outline, gap);
    if (free.length < count) continue;
    const distance = ([x, y]) => Math.hypot(x - middleX, y - middleY);
    return free.sort((a, b) => distance(a) - distance(b) || a[0] - b[0] || a[1] - b[1]).slice(0, count);
  }
}

/** The centre of gravity of an outline's area. */
export function findMiddle(outline) {
  let [area, x, y] = [0, 0, 0];
  for (let i = 0, j = outline.length - 1; i < outline.length; j = i++) {
    const [[ax, ay], [bx, by]] = [outline[j], outline[i]];
    const cross = ax * by - bx * ay;
    area += cross;
    x += (ax + bx) * cross;
    y += (ay + by) * cross;
  }
  return [x / (3 * area), y / (3 * area)];
}

// Rows of points, every second one shifted by half a gap; a point counts when all around it is land, too.
function honeycomb(outline, gap) {
  const [xs, ys] = [outline.map(point => point[0]), outline.map(point => point[1])];
  const found = [];
  const rim = gap * 0.45;
  const isDry = ([x, y]) => [[0, 0], [rim, 0], [-rim, 0], [0, rim], [0, -rim]]
    .every(([dx, dy]) => isInside(outline, [x + dx, y + dy]));
  let row = 0;
  for (let y = Math.min(...ys); y <= Math.max(...ys); y += gap * 0.866, row++) {
    for (let x = Math.min(...xs) + (row % 2) * (gap / 2); x <= Math.max(...xs); x += gap) {
      if (isDry([x, y])) found.push([x, y]);
    }
  }
  return found;
}
