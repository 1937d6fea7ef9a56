// What stands above and below the chart: filters, lanes, a line that says what is hidden, and the window's buttons.
import { element, setAttributes, setText, svg } from "./dom.js";
import { messageMark } from "./marks.js";
import { CLASSES } from "./palette.js";

/** Values of the list that stand for no name of the selection grammar. */
export const SELECTED = "";
export const EVERYTHING = "*";

const MOST_PEERS = 100; // in the list; any other peer can be selected in a view
const CHEVRONS = { earlier: "M3 10.5 8 5.5l5 5", later: "M3 5.5 8 10.5l5-5", here: "M8 2v12M3 9l5 5 5-5", out: "M3 8h10", in: "M3 8h10M8 3v10" };

function sign(name) {
  return svg("svg", { viewBox: "0 0 16 16", width: 12, height: 12, fill: "none", stroke: "currentColor", "stroke-width": 2, "aria-hidden": "true" },
    svg("path", { d: CHEVRONS[name] }));
}

/** A small button with a drawn sign. */
function signButton(name, label, onClick) {
  const made = element("button", { type: "button", class: "bl-button", title: label, "aria-label": label }, sign(name));
  made.addEventListener("click", onClick);
  return made;
}

/** Four toggles, one for each class of message. `onChange()` after the set has changed. */
export function classToggles(shown, onChange) {
  const make = name => {
    const made = element("button", {
      type: "button", class: "bl-toggle", "aria-pressed": "true", title: `Show messages of the class “${name}”`,
    }, messageMark(name), name);
    made.addEventListener("click", () => {
      if (!shown.delete(name)) shown.add(name);
      setAttributes(made, { "aria-pressed": String(shown.has(name)) });
      onChange();
    });
    return made;
  };
  return element("span", { class: "bl-toggles", role: "group", "aria-label": "Classes of message" }, ...CLASSES.map(make));
}

/**
 * The list of what the chart is about: the selection, everything, a peer, a block near the cursor.
 *
 * @param {string[]} peers
 * @param {() => {hash: string, name: string}[]} getBlocks asked when the list is about to open
 */
export function aboutChoice(peers, getBlocks, onChange) {
  const label = "Messages about";
  const blocks = element("optgroup", { label: "Blocks near the cursor" });
  const made = element("select", { "aria-label": label, title: label },
    new Option("about selection", SELECTED), new Option("about everything", EVERYTHING),
    element("optgroup", { label: "Peers" }, ...peers.slice(0, MOST_PEERS).map(name => new Option(name, `peer:${name}`))), blocks);
  const fill = () => {
    const chosen = made.value;
    const kept = [...blocks.children].filter(option => option.value === chosen);
    const fresh = getBlocks().map(({ hash, name }) => [`block:${hash}`, name]).filter(([value]) => value !== kept[0]?.value);
    blocks.replaceChildren(...kept, ...fresh.map(([value, name]) => new Option(name, value)));
    made.value = chosen;
  };
  fill();
  made.addEventListener("pointerdown", fill);
  made.addEventListener("focus", fill);
  made.addEventListener("change", () => onChange(made.value));
  return made;
}

/** A button that opens a list of peers, each with a tick for its lane; `hidden` holds host numbers. */
export function laneChoice(peers, hidden, onChange) {
  const list = element("div", { class: "bl-chart-lane-list", role: "group", "aria-label": "Lanes" });
  const toggle = element("button", { type: "button", class: "bl-toggle", "aria-expanded": "false", title: "Choose which peers have a lane" });
  const root = element("span", { class: "bl-chart-lane-choice" }, toggle, list);
  list.hidden = true;
  const update = () => setText(toggle, hidden.size ? `Lanes ${peers.length - hidden.size} of ${peers.length}` : "Lanes");
  const fill = () => {
    const all = element("button", { type: "button" }, "all");
    all.addEventListener("click", () => {
      hidden.clear();
      list.querySelectorAll("input").forEach(box => { box.checked = true; });
      changed();
    });
    list.replaceChildren(all, ...peers.map((name, host) => {
      const box = element("input", { type: "checkbox" });
      box.checked = !hidden.has(host);
      box.addEventListener("change", () => {
        if (box.checked) hidden.delete(host);
        else hidden.add(host);
        changed();
      });
      return element("label", {}, box, element("span", {}, name));
    }));
  };
  const changed = () => {
    update();
    onChange();
  };
  const open = isOpen => {
    if (isOpen) fill();
    list.hidden = !isOpen;
    setAttributes(toggle, { "aria-expanded": String(isOpen) });
  };
  toggle.addEventListener("click", () => open(list.hidden));
  root.addEventListener("keydown", event => {
    if (event.key !== "Escape" || list.hidden) return;
    event.preventDefault();
    open(false);
    toggle.focus();
  });
  root.addEventListener("focusout", ({ relatedTarget }) => {
    if (relatedTarget && !root.contains(relatedTarget)) open(false);
  });
  const onOutside = ({ target }) => {
    if (!list.hidden && !root.contains(target)) open(false);
  };
  document.addEventListener("pointerdown", onOutside);
  update();
  return { root, stop: () => document.removeEventListener("pointerdown", onOutside) };
}

/** The line under the chart: what is hidden, and buttons that move the window over time. */
export function windowTools({ move, zoom, home }) {
  const words = element("span", { class: "bl-summary" });
  const buttons = element("span", { class: "bl-chart-window", role: "group", "aria-label": "Window" },
    signButton("earlier", "Earlier", () => move(-0.7)), signButton("later", "Later", () => move(0.7)),
    signButton("here", "Back to the cursor", home),
    signButton("out", "More time (Ctrl+wheel)", () => zoom(0.8)), signButton("in", "Less time (Ctrl+wheel)", () => zoom(1.25)));
  return { root: element("div", { class: "bl-chart-foot" }, words, buttons), words, buttons };
}
