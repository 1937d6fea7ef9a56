// A presentation enlarges a widget (style-present.js): the page's pixels are not those of the widget's boxes then.

/** How many of the page's pixels one of the box's own is; 1 but in a presentation. */
export function zoomOf(box) {
  return box.currentCSSZoom ?? 1;
}

/** Where a pointer is: [x, y] from the box's top left corner, in the box's own pixels. */
export function placeIn(box, { clientX, clientY }) {
  const { left, top } = box.getBoundingClientRect();
  const zoom = zoomOf(box);
  return [(clientX - left) / zoom, (clientY - top) / zoom];
}
