// What a reader must know about Python: it is gone, it could not do what was asked, or something went wrong in it.
import { element, setText } from "./dom.js";

const GONE = "Python is gone: looking works, acting does not. Run the cell again.";

/** A line that screen readers tell when its text changes; without a text it takes no room. */
function line(role, onDismiss) {
  const text = element("span");
  const root = element("div", { class: "bl-note", role }, text);
  if (onDismiss) {
    const dismiss = element("button", { type: "button", class: "bl-dismiss" }, "Dismiss");
    dismiss.addEventListener("click", onDismiss);
    root.append(dismiss);
  }
  const show = words => {
    setText(text, words);
    root.classList.toggle("bl-quiet", !words);
  };
  return { root, show };
}

/** A traceback, folded. It is text: what a learner's exception says never becomes markup. */
function folded() {
  const text = element("pre", { tabindex: "0", "aria-label": "Traceback" });
  const root = element("details", { class: "bl-traceback" }, element("summary", {}, "Traceback"), text);
  const show = words => {
    if (text.textContent !== words) root.open = false;
    setText(text, words);
    root.classList.toggle("bl-quiet", !words);
  };
  return { root, show };
}

/**
 * Adds the notes to the foot of a widget. They show `store.lost`, a run that is read-only and why, `store.notice` and
 * `store.trouble`.
 *
 * @returns {function} takes them away
 */
export function notes(root, store) {
  const dismiss = change => () => {
    change();
    root.focus({ preventScroll: true }); // the button is gone: the keys go on from here
  };
  const [gone, closed] = [line("status"), line("status")];
  const notice = line("status", dismiss(() => store.say("")));
  const trouble = line("alert", dismiss(() => store.setTrouble("")));
  const traceback = folded();
  const foot = root.appendChild(element("div", { class: "bl-notes" }, gone.root, closed.root, notice.root, trouble.root, traceback.root));
  const show = () => {
    gone.show(store.lost ? GONE : "");
    closed.show(store.trace.readOnly);
    notice.show(store.notice === store.trouble ? "" : store.notice);
    trouble.show(store.trouble);
    traceback.show(store.trouble ? store.traceback : "");
  };
  show();
  const leave = store.subscribe(show);
  return () => {
    leave();
    foot.remove();
  };
}
