// A line drawn round peers with the pointer: whoever is inside is chosen.
import { svg } from "./dom.js";
import { isInside } from "./layouts-regions.js";
import { placeIn } from "./zoom.js";

const STEP = 4; // pixels between two points of the line
const LEAST = 12; // a line that is not longer was a click

/** The peers inside a closed line; none when it is too short to go round anything. */
export function findInside(line, places) {
  const length = line.reduce((sum, [x, y], i) => (i ? sum + Math.hypot(x - line[i - 1][0], y - line[i - 1][1]) : 0), 0);
  if (length < LEAST) return [];
  return [...places.keys()].filter(peer => isInside(line, [places[peer].x, places[peer].y]));
}

/**
 * Lets the pointer draw in `stage` while `isWanted(event)` says so when it goes down. Escape takes the line away.
 *
 * @param {(line: number[][], event: PointerEvent) => void} onDrawn line in pixels of the stage, when the pointer goes up
 * @returns {function} ends it
 */
export function lasso(stage, isWanted, onDrawn) {
  const path = svg("path", { class: "bl-lasso" });
  const sheet = svg("svg", { class: "bl-lasso-sheet", "aria-hidden": "true" }, path);
  let line = null;

  const placeOf = event => placeIn(stage, event);
  const end = () => {
    line = null;
    sheet.remove();
    document.removeEventListener("keydown", onKey, true);
  };
  const onKey = event => {
    if (event.key !== "Escape") return;
    event.stopPropagation();
    end();
  };
  const onDown = event => {
    if (event.button !== 0 || !isWanted(event)) return;
    event.stopImmediatePropagation(); // the picture stays where it is, and no click comes of it
    event.preventDefault();
    line = [placeOf(event)];
    path.setAttribute("d", "");
    stage.append(sheet);
    stage.setPointerCapture(event.pointerId);
    document.addEventListener("keydown", onKey, true);
  };
  const onMove = event => {
    if (!line) return;
    event.stopImmediatePropagation();
    const point = placeOf(event);
    const [x, y] = line.at(-1);
    if (Math.hypot(point[0] - x, point[1] - y) < STEP) return;
    line.push(point);
    path.setAttribute("d", `M${line.map(each => each.map(Math.round).join(" ")).join("L")}Z`);
  };
  const onUp = event => {
    if (!line) return;
    event.stopImmediatePropagation();
    const drawn = line;
    end();
    onDrawn(drawn, event);
  };
  const bound = { pointerdown: onDown, pointermove: onMove, pointerup: onUp, pointercancel: end };
  for (const [type, act] of Object.entries(bound)) stage.addEventListener(type, act, true);
  return () => {
    end();
    for (const [type, act] of Object.entries(bound)) stage.removeEventListener(type, act, true);
  };
}
