// The words and the geometry of a growing curve.

/** Inside of the plot, in pixels; around it there is room for the numbers. Its width is that of the cell. */
export const PLOT = { left: 50, margin: 20, top: 14, bottom: 246, height: 270 };
const ROUND = [1, 2, 5, 10];
const WIDE = 60; // pixels between two times, at least
const MOST_TIMES = 6;

/** A time as people say it. */
export function sayTime(seconds) {
  if (seconds < 9.95) return `${seconds.toFixed(1)} s`;
  if (seconds < 100) return `${Math.round(seconds)} s`;
  return `${Math.round(seconds / 60)} min`;
}

/** The first moment at which so many percent are reached; null while they are not. */
export function findMoment({ seconds, percents }, percent) {
  const place = percents.findIndex(value => value >= percent);
  return place < 0 ? null : seconds[place];
}

/** What stands beside the bar. */
export function sayProgress(state) {
  const { phase, found, blocks, left, passed } = state;
  if (state.trouble) return state.trouble;
  const count = blocks ? `${found.toLocaleString("en")} of ${blocks.toLocaleString("en")} ${state.many}` : "";
  if (phase === "over") return `${count} in ${sayTime(passed)}.`;
  if (phase === "stopped") return count ? `Stopped after ${count}.` : "Not begun.";
  if (!count) return "Beginning …";
  return left === null ? count : `${count}, about ${sayTime(left)} left`;
}

/** What the curve says, for who does not see it. */
export function sayCurve(state) {
  const [half, most] = [50, 90].map(percent => findMoment(state, percent));
  if (half === null) return "No curve yet.";
  return `50 % of the peers are reached after ${half.toFixed(2)} s${most === null ? "" : `, 90 % after ${most.toFixed(2)} s`}.`;
}

/** What the axes are. */
export const sayAxes = ({ since }) => `seconds since ${since}; share of the peers that it has reached`;

/** A round step so that an axis from 0 to `most` has no more than `count` of them. */
export function chooseStep(most, count = MOST_TIMES) {
  const size = 10 ** Math.floor(Math.log10(most / count));
  return size * ROUND.find(factor => size * factor >= most / count * 0.999999);
}

/** Where things lie: the right `end`, `points` of an SVG polyline in steps, and ticks `[place, text]` of both axes. */
export function layOut({ seconds, percents }, width) {
  const most = Math.max(seconds.at(-1) ?? 0, 1e-3);
  const end = Math.max(PLOT.left + WIDE, width - PLOT.margin);
  const x = second => PLOT.left + (end - PLOT.left) * second / most;
  const y = percent => PLOT.bottom - (PLOT.bottom - PLOT.top) * percent / 100;
  const points = seconds.flatMap((second, place) => {
    const before = place ? [[x(second), y(percents[place - 1])]] : [];
    return [...before, [x(second), y(percents[place])]];
  });
  const step = chooseStep(most, Math.min(MOST_TIMES, Math.floor((end - PLOT.left) / WIDE)));
  const digits = Math.max(0, -Math.floor(Math.log10(step) + 1e-9));
  const times = Array.from({ length: Math.floor(most / step + 1e-9) + 1 }, (_, count) => [x(count * step), (count * step).toFixed(digits)]);
  return {
    end,
    points: points.map(pair => pair.map(value => value.toFixed(1)).join(",")).join(" "),
    times: seconds.length ? times : [],
    percents: [0, 50, 90, 100].map(value => [y(value), `${value} %`]),
  };
}
