// The bar: play, step, first, last, kinds of event, scrubber, readout, speed; below it the strip of futures.
import { BlockIndex } from "./blocks.js";
import { branchStrip } from "./branches.js";
import { formatCount, formatTime } from "./describe.js";
import { button, element, setAttributes, setText } from "./dom.js";
import { icon } from "./icons.js";
import { lensStrip } from "./lens-strip.js";
import { painter } from "./paint.js";
import { floating } from "./panels.js";
import { LONGEST } from "./playback.js";
import { buttonRow } from "./roving.js";
import { shareButton } from "./share.js";
import { kindChoice, speedChoice } from "./transport-choices.js";
import { fillMore } from "./transport-more.js";
import { scrubber } from "./transport-scrubber.js";

/** First, back, play, on, last. */
function steps(store) {
  const play = button(icon("play"), "Play (Space)", () => store.toggle());
  play.classList.add("bl-button-play");
  const root = buttonRow("Play and step", "bl-play-steps", [
    button(icon("first"), "To the start (Home)", () => store.goto(0)),
    button(icon("back"), "One event back (Left arrow)", () => store.stepBy(-1)),
    play,
    button(icon("step"), "One event on (Right arrow)", () => store.stepBy(1)),
    button(icon("last"), "To the end (End)", () => store.goto(store.trace.lastEvent)),
  ], play);
  let turned = false; // what the play button shows: true for a pause sign
  const update = () => {
    const { playing } = store;
    if (turned === playing) return;
    turned = playing;
    const label = playing ? "Pause (Space)" : "Play (Space)";
    play.replaceChildren(icon(playing ? "pause" : "play"));
    setAttributes(play, { title: label, "aria-label": label });
  };
  return { root, update };
}

/** How much silence is being cut short just now, in µs; 0 for none. */
function getSilence({ playing, pace, cursor, trace }) {
  if (!playing || pace !== "compressed" || cursor >= trace.lastEvent) return 0;
  const gap = trace.timeOf(cursor + 1) - trace.timeOf(cursor);
  return gap > LONGEST * 1000 ? gap : 0;
}

/** Time and event. Its width is that of the last event's, so that nothing beside it moves. */
function readout(store) {
  const time = element("span", { class: "bl-time" });
  const place = element("span", { class: "bl-place" });
  const root = element("div", { class: "bl-readout" }, time, place);
  const update = () => {
    const { trace, cursor, clock } = store;
    const last = formatCount(trace.lastEvent);
    const silence = getSilence(store);
    time.classList.toggle("bl-jump", silence > 0);
    setAttributes(time, { title: silence ? `A silence of ${formatTime(silence)}, cut short` : "Simulated time" });
    time.style.minWidth = `${formatTime(trace.timeOf(trace.lastEvent)).length}ch`;
    place.style.minWidth = `${2 * last.length + 3}ch`;
    setText(time, formatTime(clock));
    setText(place, `${formatCount(cursor)} / ${last}`);
    setAttributes(place, { title: "Events that have happened, of all" });
  };
  return { root, update };
}

/** The panel for what is needed now and then, and the help. */
function extras(store, getRoot) {
  const panel = floating(getRoot(), {
    name: "more", title: "More about time", isFleeting: true, fill: (box, close) => fillMore(store, box, close, getRoot()),
  });
  const more = button(icon("more"), `More: jump, loop, pace${store.isFinished ? "" : ", seed"}`, () => panel.toggle(more));
  setAttributes(more, { "aria-expanded": "false", "aria-haspopup": "dialog" });
  const help = button("?", "Help: keys, pointer, marks (F1)", () => help.dispatchEvent(new CustomEvent("bl-help", { bubbles: true })));
  const share = shareButton(store, getRoot);
  const root = element("div", { class: "bl-extras" }, share.root, more, help);
  const stop = () => {
    share.stop();
    panel.close(false);
  };
  return { root, stop };
}

/** Draws the bar into `host`. Returns a function that takes it away. */
export function mount(host, store) {
  host.classList.add("bl-transport");
  const index = new BlockIndex(store.trace);
  const more = extras(store, () => host.closest(".blockchain-lab") ?? host);
  const parts = [steps, kindChoice, scrubber, readout, speedChoice].map(make => make(store));
  const strip = branchStrip(store);
  const lens = lensStrip(store);
  host.append(...parts.map(({ root }) => root), more.root, ...strip.roots, lens.root);
  const paint = painter(host, store, () => {
    index.update();
    parts.forEach(({ update }) => update(index));
    strip.update();
    lens.update();
  });
  return () => {
    paint.stop();
    strip.stop();
    more.stop();
    host.replaceChildren();
  };
}
