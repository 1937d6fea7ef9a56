// The words and the geometry of a growing curve.

/** Inside of the plot, in the units of its view box; around it there is room for the numbers. */
export const PLOT = { left: 46, right: 700, top: 14, bottom: 226, width: 720, height: 270 };
const ROUND = [1, 2, 5, 10];

/** A time as people say it. */
export function sayTime(seconds) {
  if (seconds < 9.95) return `${seconds.toFixed(1)} s`;
  if (seconds < 100) return `${Math.round(seconds)} s`;
  return `${Math.round(seconds / 60)} min`;
}

/** The first moment at which so many percent have a block; null while they have not. */
export function findMoment({ seconds, percents }, percent) {
  const place = percents.findIndex(value => value >= percent);
  return place < 0 ? null : seconds[place];
}

/** What stands beside the bar. */
export function sayProgress(state) {
  const { phase, found, blocks, left, passed } = state;
  if (state.trouble) return state.trouble;
  const count = blocks ? `${found.toLocaleString("en")} of ${blocks.toLocaleString("en")} blocks` : "";
  if (phase === "over") return `${count} in ${sayTime(passed)}.`;
  if (phase === "stopped") return count ? `Stopped after ${count}.` : "Not begun.";
  if (!count) return "Beginning …";
  return left === null ? count : `${count}, about ${sayTime(left)} left`;
}

/** What the curve says, for who does not see it. */
export function sayCurve(state) {
  const told = [50, 90].map(percent => [percent, findMoment(state, percent)]).filter(([, moment]) => moment !== null);
  if (!told.length) return "No curve yet.";
  return `${told.map(([percent, moment]) => `${percent} % of the peers have a block after ${moment.toFixed(2)} s`).join(", ")}.`;
}

/** A round step so that no more than six numbers stand at an axis from 0 to `most`. */
export function chooseStep(most) {
  const size = 10 ** Math.floor(Math.log10(most / 6));
  return size * ROUND.find(factor => size * factor >= most / 6 * 0.999999);
}

/** Where things lie: `points` of an SVG polyline in steps, and ticks `[place, text]` of both axes. */
export function layOut({ seconds, percents }) {
  const most = Math.max(seconds.at(-1) ?? 0, 1e-3);
  const x = second => PLOT.left + (PLOT.right - PLOT.left) * second / most;
  const y = percent => PLOT.bottom - (PLOT.bottom - PLOT.top) * percent / 100;
  const points = seconds.flatMap((second, place) => {
    const before = place ? [[x(second), y(percents[place - 1])]] : [];
    return [...before, [x(second), y(percents[place])]];
  });
  const step = chooseStep(most);
  const digits = Math.max(0, -Math.floor(Math.log10(step) + 1e-9));
  const times = Array.from({ length: Math.floor(most / step + 1e-9) + 1 }, (_, count) => [x(count * step), (count * step).toFixed(digits)]);
  return {
    points: points.map(pair => pair.map(value => value.toFixed(1)).join(",")).join(" "),
    times: seconds.length ? times : [],
    percents: [0, 50, 90, 100].map(value => [y(value), `${value} %`]),
  };
}
