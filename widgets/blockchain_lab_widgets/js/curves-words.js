// What the curves say, in words: for the line under the plot, and for who does not see it. Pure.
import { valueAt } from "./curve-lines.js";
import { formatValue } from "./curve-scale.js";
import { MOST_OUTLIERS } from "./curves-choose.js";
import { waitFor } from "./curves-history.js";
import { PERCENTS } from "./curves-kinds.js";
import { countOf, formatCount, formatTime } from "./describe.js";

/** Of a whole scene: "Height: 4 to 5 at 6 peers, the median 5." */
export function tellScene(kind, scene, { trace: { peers }, rows }) {
  if (kind === "coverage") return tellCoverage(scene, peers.length, rows);
  if (kind === "percentiles") return tellTimes(scene, peers.length, rows);
  if (!scene.values.length) return "Nothing yet: play, or move on in time.";
  if (kind === "bytes") return tellBytes(scene);
  return tellRange(scene);
}

function tellCoverage({ thing, model: { series }, label }, peers, rows) {
  if (!thing) return "Nothing has spread yet: play, or move on in time.";
  const count = series[0].points.at(-1)?.[1] ?? 0;
  const waits = PERCENTS.map(percent => [percent, waitFor(thing, percent, peers, rows)]);
  const told = waits.map(([percent, wait]) => `${percent} % ${wait === null ? "not yet" : `after ${formatValue(wait, "time")}`}`);
  return `${label(thing.name)}: ${formatCount(count)} of ${countOf(peers, "peer")} ${count === 1 ? "has" : "have"} it; ${told.join(", ")}.`;
}

function tellTimes({ things }, peers, rows) {
  if (!things.length) return "Nothing has spread yet: play, or move on in time.";
  const told = PERCENTS.map(percent => {
    const waits = things.map(thing => waitFor(thing, percent, peers, rows)).filter(wait => wait !== null).sort((a, b) => a - b);
    const usual = waits.length ? ` (median ${formatValue(waits[(waits.length - 1) >> 1], "time")})` : "";
    return `${waits.length ? formatCount(waits.length) : "none"} reached ${percent} % of the peers${usual}`;
  });
  return `Of ${formatCount(things.length)} that began to spread ${told.join(", ")}.`;
}

function tellBytes({ values, label }) {
  const sum = values.reduce((total, [, value]) => total + value, 0);
  const told = [...values].sort(([, a], [, b]) => b - a).slice(0, 4).map(([name, value]) => `${label(name)} ${Math.round(100 * value / sum)} %`);
  return `${formatValue(sum, "bytes")} sent by all: ${told.join(", ")}.`;
}

function tellRange({ values, outliers, label, noun, model: { y } }) {
  const sorted = values.map(([, value]) => value).sort((a, b) => a - b);
  const tell = value => formatValue(value, y.kind);
  const [least, middle, most] = [sorted[0], sorted[(sorted.length - 1) >> 1], sorted.at(-1)];
  const what = capital(y.title);
  if (values.length === 1) return `${what}: ${tell(least)} at ${label(values[0][0])}.`;
  if (least === most) return `${what}: ${tell(least)} at all ${countOf(values.length, noun)}.`;
  const far = outliers.slice(0, MOST_OUTLIERS).map(label).join(", ");
  const more = outliers.length > MOST_OUTLIERS ? ` and ${formatCount(outliers.length - MOST_OUTLIERS)} more` : "";
  return `${what}: ${tell(least)} to ${tell(most)} at ${countOf(values.length, noun)}, the median ${tell(middle)}.${far ? ` Far from the others: ${far}${more}.` : ""}`;
}

/** Of one line: "bob: height 4 since 12.300 s, from 0 to 4 until now." */
export function tellLine({ label, points, shape = "step" }, { y: { title, kind } }, clock) {
  const value = valueAt({ points, shape: shape === "line" ? "step" : shape }, clock);
  if (value === null) return `${label}: nothing yet.`;
  const seen = points.filter(([at]) => at <= clock);
  const all = seen.map(([, each]) => each);
  const [least, most] = [all.reduce((a, b) => Math.min(a, b)), all.reduce((a, b) => Math.max(a, b))];
  const range = least === most ? "" : `, from ${formatValue(least, kind)} to ${formatValue(most, kind)} until now`;
  return `${label}: ${title} ${formatValue(value, kind)} ${shape === "dots" ? "at" : "since"} ${formatTime(seen.at(-1)[0])}${range}.`;
}

function capital(text) {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
