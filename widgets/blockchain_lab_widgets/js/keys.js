// Keys act only inside a widget, and none is a letter: JupyterLab has its own meaning for those.
import { helpPanel } from "./help.js";

const KEYS = {
  " ": store => store.toggle(),
  ArrowLeft: (store, shift) => (shift ? store.stepTo(store.kind, -1) : store.stepBy(-1)),
  ArrowRight: (store, shift) => (shift ? store.stepTo(store.kind, 1) : store.stepBy(1)),
  "?": store => store.askWhy(),
  Home: store => store.goto(0),
  End: store => store.goto(store.trace.lastEvent),
  F1: (store, shift, help) => help.toggle(),
};

/** Controls for which the browser gives a key a meaning that we must not take. */
const SPACE_IS_THEIRS = "button, select, summary, a[href], input[type=checkbox], input[type=radio]";
const ALL_KEYS_ARE_THEIRS = "select, textarea, [contenteditable], [data-bl-own-keys], input:not([type=range], [type=checkbox])";

/** Does this key, pressed on this element, belong to the store? */
function isOurs({ key, target, ctrlKey, metaKey, altKey, defaultPrevented }) {
  if (defaultPrevented || ctrlKey || metaKey || altKey || !(key in KEYS)) return false;
  if (key !== "F1" && target.matches(ALL_KEYS_ARE_THEIRS)) return false;
  return !(key === " " && target.matches(SPACE_IS_THEIRS));
}

/**
 * JupyterLab's shortcuts leave this element alone. It must be the focused one itself: of an element around it
 * JupyterLab stops short only after it has tried the selector `.jp-Notebook :focus`, and has deleted the cell.
 */
const guard = element => element.setAttribute("data-lm-suppress-shortcuts", "true");

/** Keep the notebook's shortcuts from whatever in `root` has the focus. Returns a function that ends it. */
export function keepShortcutsOut(root) {
  guard(root);
  const onFocus = event => guard(event.target);
  root.addEventListener("focusin", onFocus);
  return () => root.removeEventListener("focusin", onFocus);
}

/**
 * Let the keys move the store while the focus is in `root`, and keep them from the notebook around it.
 * A view that wants a key for itself calls `preventDefault()` on it, or carries `data-bl-own-keys`.
 */
export function bindKeys(root, store) {
  const letIn = keepShortcutsOut(root);
  const help = helpPanel(root, store);
  const onKey = event => {
    if (!isOurs(event)) return;
    event.preventDefault();
    KEYS[event.key](store, event.shiftKey, help);
  };
  const onRest = () => store.rest();
  const rests = ["pointerup", "keyup", "focusout"];
  root.addEventListener("keydown", onKey);
  rests.forEach(type => root.addEventListener(type, onRest));
  return () => {
    help.stop();
    root.removeEventListener("keydown", onKey);
    letIn();
    rests.forEach(type => root.removeEventListener(type, onRest));
  };
}
