// The bar's two lists: how fast to play, and which kind of event to step to.
import { button, element } from "./dom.js";
import { icon } from "./icons.js";
import { KINDS } from "./kinds.js";
import { PACES } from "./playback.js";

const SPEED_NAMES = { 0.25: "¼ ×", 0.5: "½ ×" };

function list(label, className, onChange) {
  const made = element("select", { class: className, title: label, "aria-label": label });
  made.addEventListener("change", () => onChange(made.value));
  return made;
}

/** Speeds that suit the present pace. @returns {{root: Element, update: function}} */
export function speedChoice(store) {
  const root = list("Speed of playing", "bl-speed", value => store.setSpeed(Number(value)));
  let shown = null;
  const update = () => {
    const { pace, speed } = store;
    if (shown !== pace) {
      const toOption = each => element("option", { value: each }, SPEED_NAMES[each] ?? `${each} ×`);
      root.replaceChildren(...PACES[pace].speeds.map(toOption));
      shown = pace;
    }
    root.value = String(speed);
  };
  return { root, update };
}

/** A kind, and a button on either side that steps to it. @returns {{root: Element, update: function}} */
export function kindChoice(store) {
  const kinds = list("Kind of event to step to", "bl-kind", name => store.setKind(name));
  kinds.append(...KINDS.map(({ name, title }) => element("option", { value: name }, title)));
  const step = (name, label, direction) =>
    button(icon(name), label, () => store.stepTo(store.kind, direction));
  const back = step("back-to", "Previous event of this kind (Shift+Left arrow)", -1);
  const on = step("on-to", "Next event of this kind (Shift+Right arrow)", 1);
  const root = element("div", { class: "bl-kinds", role: "group", "aria-label": "Step to a kind of event" }, back, kinds, on);
  const update = () => { kinds.value = store.kind; };
  return { root, update };
}
