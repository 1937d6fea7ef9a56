// What the marks mean, as far as this picture uses them.
import { element, setAttributes, setText } from "./dom.js";
import { messageMark, shapeMark } from "./marks.js";
import { MOST_TIPS } from "./palette.js";

function item(mark, text) {
  return element("span", {}, mark, element("span", {}, text));
}

/**
 * The network's legend: tips on the first line, roles and classes of message below. Its height never changes,
 * or the picture above would jump.
 *
 * @param {Map<string, string>} shapes role -> shape
 * @param {string[]} classes of the messages that the story has
 */
export function networkLegend(shapes, classes) {
  const tips = element("div", { class: "bl-legend-row" });
  const roles = element("div", { class: "bl-legend-row" });
  const messages = element("div", { class: "bl-legend-row" }, ...classes.map(name => item(messageMark(name), name)));
  if (shapes.size > 1) roles.append(...[...shapes].map(([role, shape]) => item(shapeMark(shape, "none"), role)));
  const name = { class: "bl-legend bl-legend-network", role: "note", "aria-label": "Legend" };
  const root = element("div", name, tips, roles, messages);

  const toItem = ({ text, fill }) => item(shapeMark("dot", `var(--bl-tip-${fill})`), text);
  let shown = "";
  /** `tips`: [[name, fill, how many peers]], best first; those past the fourth share one entry. */
  const update = ranked => {
    const entries = ranked.slice(0, MOST_TIPS).map(([name, fill, peers]) => ({ text: `${name} × ${peers}`, fill }));
    const others = ranked.slice(MOST_TIPS);
    const standing = others.reduce((sum, [, , peers]) => sum + peers, 0);
    if (others.length) entries.push({ text: `${others.length} others × ${standing}`, fill: MOST_TIPS });
    const look = JSON.stringify(entries);
    if (look === shown) return;
    shown = look;
    tips.title = entries.map(({ text }) => text).join(", ");
    tips.replaceChildren(element("span", {}, "tip"), ...entries.map(toItem));
  };
  return { root, update };
}

/**
 * A graph in words, made from its state: what a screen reader reads when it comes to the view. It is not live;
 * narration.js tells what happens. `title` names the view.
 */
export function summary(host, title) {
  const id = `bl-summary-${crypto.getRandomValues(new Uint32Array(1))[0]}`; // two views on a page share no id
  const text = host.appendChild(element("p", { class: "bl-hidden", id }));
  setAttributes(host, { role: "group", "aria-label": title, "aria-describedby": id });
  return {
    set: words => setText(text, words),
    stop: () => text.remove(),
  };
}
