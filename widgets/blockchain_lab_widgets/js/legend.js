// What the marks mean, as far as this picture uses them.
import { element, setText } from "./dom.js";
import { messageMark, shapeMark } from "./marks.js";
import { CLASSES, MOST_TIPS } from "./palette.js";

function item(mark, text) {
  return element("span", {}, mark, element("span", {}, text));
}

/**
 * The network's legend: tips on the first line, roles and classes of message below.
 *
 * @param {Map<string, string>} shapes role -> shape
 */
export function networkLegend(shapes) {
  const tips = element("span", { class: "bl-legend-tips" });
  const root = element("div", { class: "bl-legend", role: "note", "aria-label": "Legend" });
  root.append(tips, element("span", { class: "bl-legend-break" }));
  if (shapes.size > 1) for (const [role, shape] of shapes) root.append(item(shapeMark(shape, "none"), role));
  for (const name of CLASSES) root.append(item(messageMark(name), name));

  let shown = "";
  /** `tips`: [[name, fill, how many peers]], best first; those past the fourth share one entry. */
  const update = ranked => {
    const entries = ranked.slice(0, MOST_TIPS).map(([name, fill, peers]) => ({ text: `${name} × ${peers}`, fill }));
    const others = ranked.slice(MOST_TIPS);
    const standing = others.reduce((sum, [, , peers]) => sum + peers, 0);
    if (others.length) entries.push({ text: `${others.length} other tips × ${standing}`, fill: MOST_TIPS });
    const look = JSON.stringify(entries);
    if (look === shown) return;
    shown = look;
    tips.replaceChildren(element("span", {}, "tip:"), ...entries.map(({ text, fill }) => item(shapeMark("dot", `var(--bl-tip-${fill})`), text)));
  };
  return { root, update };
}

/** A polite text for screen readers; it changes only when the reader rests, not with every frame. */
export function summary(root) {
  const text = root.appendChild(element("p", { class: "bl-hidden", "aria-live": "polite" }));
  let timer = 0;
  return {
    set(words) {
      clearTimeout(timer);
      timer = setTimeout(() => setText(text, words), 700);
    },
    stop() {
      clearTimeout(timer);
    },
  };
}
