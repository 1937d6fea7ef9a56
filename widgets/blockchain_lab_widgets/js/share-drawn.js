// Who has drawn a canvas: for a picture that leaves the page he draws once more, as shapes instead of pixels.

const painters = new WeakMap(); // canvas -> (context) => void; forgotten with the canvas

/** `draw(context)` draws what the canvas shows, in CSS pixels, on any context of two dimensions. */
export function drawnBy(canvas, draw) {
  painters.set(canvas, draw);
}

/** Draws what a canvas shows; undefined for one of which we only have the pixels. */
export function painterOf(canvas) {
  return painters.get(canvas);
}
