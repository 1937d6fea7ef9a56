// The scrubber: a slider over all events, with the loop drawn on it. Shift and drag draws a loop.
import { describeCursor } from "./describe.js";
import { element, setAttributes } from "./dom.js";
import { placeIn } from "./zoom.js";

/** Width of the slider's thumb in pixels, as in the stylesheet: its middle never reaches the slider's ends. */
const THUMB = 14;

/** The event under a place on the slider. Pure: `x` in pixels from the left end of a slider of this width. */
export function eventAtPlace(x, width, lastEvent) {
  const part = (x - THUMB / 2) / Math.max(1, width - THUMB);
  return Math.round(Math.max(0, Math.min(1, part)) * lastEvent);
}

/** Let the pointer, with Shift held, draw a loop from where it goes down to where it goes up. */
function drawLoops(slider, store) {
  let begun = null; // event at which the pointer went down, and the loop of before
  const eventAt = event => eventAtPlace(placeIn(slider, event)[0], slider.offsetWidth, store.trace.lastEvent);
  slider.addEventListener("pointerdown", event => {
    if (!event.shiftKey || event.button !== 0) return;
    event.preventDefault(); // the slider itself does not move
    slider.focus({ preventScroll: true });
    slider.setPointerCapture(event.pointerId);
    begun = eventAt(event);
  });
  slider.addEventListener("pointermove", event => {
    if (begun !== null) store.setLoop({ from: begun, to: eventAt(event) });
  });
  const end = () => { begun = null; };
  slider.addEventListener("pointerup", end);
  slider.addEventListener("pointercancel", end);
}

/** @returns {{root: Element, update: (index: BlockIndex) => void}} */
export function scrubber(store) {
  const slider = element("input", {
    type: "range", class: "bl-scrubber", min: 0, step: 1, "aria-label": "Event",
    title: "Drag to move in time; Shift and drag to choose a loop",
  });
  const band = element("span", { class: "bl-loop", "aria-hidden": "true", hidden: "" });
  const root = element("div", { class: "bl-scrub" }, band, slider);
  slider.addEventListener("input", () => store.goto(Number(slider.value)));
  drawLoops(slider, store);

  const update = index => {
    const { trace: { lastEvent }, cursor, loop } = store;
    const part = event => (lastEvent ? event / lastEvent : 0);
    setAttributes(slider, { max: lastEvent, "aria-valuetext": describeCursor(store, index) });
    slider.value = String(cursor);
    root.parentElement.style.setProperty("--bl-part", part(cursor)); // the strip of futures stands on it, too
    setAttributes(band, { hidden: loop ? null : "" });
    if (!loop) return;
    band.style.setProperty("--bl-from", part(loop.from));
    band.style.setProperty("--bl-to", part(loop.to));
  };
  return { root, update };
}
