// The row of tools over the network: layout, lasso, zoom.
import { button, element } from "./dom.js";
import { LAYOUTS, layoutsOf } from "./layouts.js";
import { buttonRow } from "./roving.js";

/**
 * @param {{layout: string, onLayout: (name) => void, onLasso: () => void, onZoom: (factor) => void, onFit: () => void, states: Element}} tools
 * @returns {{root: Element, setLasso: (isOn: boolean) => void}} a table's button finds its place in `.bl-zoom`
 */
export function toolbar(trace, { layout, onLayout, onLasso, onZoom, onFit, states }) {
  const offered = layoutsOf(trace).map(name => element("option", { value: name, selected: name === layout }, LAYOUTS[name]));
  const select = element("select", { "aria-label": "Layout of the network", title: "Where peers stand", class: "bl-layout" }, ...offered);
  select.addEventListener("change", () => onLayout(select.value));
  const draw = button("Lasso", "Lasso: draw a line round peers to choose them (or hold Shift and drag)", onLasso);
  draw.classList.add("bl-lasso-button");
  draw.setAttribute("aria-pressed", "false");
  const zoom = element("div", { class: "bl-zoom" }, buttonRow("Zoom", "bl-zoom-buttons", [
    button("+", "Zoom in (Ctrl+wheel)", () => onZoom(1.25)),
    button("−", "Zoom out (Ctrl+wheel)", () => onZoom(0.8)),
    button("⤢", "Fit the picture again", onFit),
  ]));
  const root = element("div", { class: "bl-head bl-network-tools" }, select, draw, states, zoom);
  return { root, setLasso: isOn => draw.setAttribute("aria-pressed", String(isOn)) };
}
