// A run whose curve grows while it plays: one button stops it and begins it anew, so the focus stays.
//
// Python plays and measures; this shows what it says. While it plays the line is dashed: it is of the blocks so far.
import { button, element, setAttributes, setText, svg } from "./dom.js";
import { leaveByEscape } from "./escape.js";
import { layOut, PLOT, sayAxes, sayCurve, sayProgress } from "./growing-words.js";
import { keepShortcutsOut } from "./keys.js";
import { GROWING, PAPER } from "./style-growing.js";
import { watchTheme } from "./theme.js";

/** The shared rules go in front of all others, so that they overrule nothing that a view adds to them. */
function install(page) {
  if (page.getElementById("blockchain-lab-growing-style")) return;
  const sheet = page.createElement("style");
  sheet.id = "blockchain-lab-growing-style";
  sheet.textContent = PAPER + GROWING;
  page.head.prepend(sheet);
}

/** In pixels of the page, so that letters keep their size in a narrow cell. */
function draw(plot, state) {
  const { left, top, bottom, height } = PLOT;
  const width = plot.parentElement.clientWidth;
  const { end, points, times, percents } = layOut(state, width);
  setAttributes(plot, { "aria-label": sayCurve(state), viewBox: `0 0 ${width} ${height}` });
  plot.replaceChildren(
    ...percents.flatMap(([y, text]) => [
      svg("line", { x1: left, x2: end, y1: y, y2: y }),
      svg("text", { x: left - 6, y: y + 4, "text-anchor": "end" }, text),
    ]),
    ...times.flatMap(([x, text]) => [
      svg("line", { x1: x, x2: x, y1: top, y2: bottom }),
      svg("text", { x, y: bottom + 18, "text-anchor": "middle" }, text),
    ]),
    svg("polyline", { points }),
  );
}

/**
 * Show a run in `host`.
 *
 * @param {(message: object) => void} send a wish of the reader's to Python
 * @returns {{show: (state) => void, lose: function, stop: function}} `show` takes the state that Python sends
 */
export function mount(host, send) {
  install(host.ownerDocument);
  const root = host.appendChild(element("div", { class: "blockchain-lab bl-growing", tabindex: "0", role: "group" }));
  const place = element("span", { class: "bl-place" });
  const curve = element("span", { class: "bl-growing-curve" });
  const plot = svg("svg", { class: "bl-growing-plot", role: "img", height: PLOT.height });
  const axes = element("p", { class: "bl-growing-axes" });
  const press = button("Stop", "Stop the run", () => send({ do: root.dataset.phase === "playing" ? "stop" : "begin" }));
  press.classList.add("bl-growing-press");
  const bar = element("div", { class: "bl-growing-bar", role: "progressbar", "aria-label": "Progress" }, element("i"));
  const words = element("span", { class: "bl-growing-words" });
  const said = element("div", { class: "bl-hidden", role: "status", "aria-live": "polite" });
  root.append(element("div", { class: "bl-growing-head" }, place, curve), plot, axes, element("div", { class: "bl-growing-foot" }, press, bar, words), said);
  const theme = watchTheme(root);
  const letIn = keepShortcutsOut(root);
  const leave = leaveByEscape(host);
  let shown = null;
  const resize = new ResizeObserver(() => shown && draw(plot, shown));
  resize.observe(root);

  return {
    show(state) {
      shown = state;
      const progress = sayProgress(state);
      const isPlaying = state.phase === "playing";
      root.dataset.phase = state.phase;
      setAttributes(root, { "aria-label": state.title });
      setText(place, state.title);
      setText(curve, state.seconds.length ? sayCurve(state) : "");
      setText(axes, sayAxes(state));
      draw(plot, state);
      setText(press, isPlaying ? "Stop" : "Play again");
      const label = isPlaying ? "Stop the run" : "Play again from the beginning";
      setAttributes(press, { "aria-label": label, title: label });
      bar.style.setProperty("--bl-done", state.blocks ? state.found / state.blocks : 0);
      setAttributes(bar, { "aria-valuemin": 0, "aria-valuemax": state.blocks || 1, "aria-valuenow": state.found, "aria-valuetext": progress });
      setText(words, progress);
      setText(said, isPlaying ? "" : `${progress} ${sayCurve(state)}`); // while it plays nothing is read out
    },
    lose() {
      setText(words, "Python does not answer: run this cell again.");
    },
    stop() {
      resize.disconnect();
      leave();
      letIn();
      theme.stop();
      root.remove();
    },
  };
}
