// The bar: play, step, back, first, last, speed, and a scrubber with time and event number.
import { BlockIndex } from "./blocks.js";
import { describeCursor, formatCount, formatTime } from "./describe.js";
import { button, element, setAttributes, setText } from "./dom.js";
import { icon } from "./icons.js";
import { painter } from "./paint.js";
import { PACES } from "./playback.js";

const SPEED_NAMES = { 0.25: "¼ ×", 0.5: "½ ×" };

function speedChoice(store) {
  const label = "Speed of playing";
  const options = PACES.compressed.speeds.map(speed => element("option", { value: speed }, SPEED_NAMES[speed] ?? `${speed} ×`));
  const made = element("select", { class: "bl-speed", title: label, "aria-label": label }, ...options);
  made.addEventListener("change", () => store.setSpeed(Number(made.value)));
  return made;
}

function scrubber(store) {
  const made = element("input", { type: "range", class: "bl-scrubber", min: 0, step: 1, "aria-label": "Event" });
  made.addEventListener("input", () => store.goto(Number(made.value)));
  return made;
}

/** Show what a press of the play button would do now. */
function turn(play, playing) {
  const label = playing ? "Pause (Space)" : "Play (Space)";
  play.replaceChildren(icon(playing ? "pause" : "play"));
  setAttributes(play, { title: label, "aria-label": label });
}

/** Draws the bar into `host`. Returns a function that takes it away. */
export function mount(host, store) {
  host.classList.add("bl-transport");
  const index = new BlockIndex(store.trace);
  const play = button(icon("play"), "Play (Space)", () => store.toggle());
  play.classList.add("bl-button-play");
  const slider = scrubber(store);
  const speed = speedChoice(store);
  const time = element("span", { class: "bl-time" });
  const place = element("span", { class: "bl-place" });
  host.append(
    button(icon("first"), "To the start (Home)", () => store.goto(0)),
    button(icon("back"), "One event back (Left arrow)", () => store.stepBy(-1)),
    play,
    button(icon("step"), "One event on (Right arrow)", () => store.stepBy(1)),
    button(icon("last"), "To the end (End)", () => store.goto(store.trace.lastEvent)),
    slider, element("span", { class: "bl-readout" }, time, place), speed,
  );

  let turned = false; // what the play button shows: true for a pause sign
  const paint = painter(host, store, () => {
    const { trace, cursor, clock, playing } = store;
    if (turned !== playing) turn(play, turned = playing);
    setAttributes(slider, { max: trace.lastEvent, "aria-valuetext": describeCursor(store, index.update()) });
    slider.value = String(cursor);
    slider.style.setProperty("--bl-part", trace.lastEvent ? cursor / trace.lastEvent : 0);
    speed.value = String(store.speed);
    setText(time, formatTime(clock));
    setText(place, `${formatCount(cursor)} / ${formatCount(trace.lastEvent)}`);
  });
  return () => {
    paint.stop();
    host.replaceChildren();
  };
}
