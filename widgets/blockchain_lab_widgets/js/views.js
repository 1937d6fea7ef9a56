// A view by name, in a root that keeps its keys to itself and shows Python's trouble.
import { element, setText } from "./dom.js";
import { bindKeys } from "./keys.js";
import { install } from "./style.js";
import * as transport from "./transport.js";

const VIEWS = { bar: transport };

/** Show the view `name` of a store in a host element. Returns a function that takes it away. */
export function mount(host, store, { name, ...options }) {
  install(host.ownerDocument);
  const root = element("div", { class: `blockchain-lab bl-${name}-root`, tabindex: 0, role: "group", "aria-label": name });
  const place = root.appendChild(element("div"));
  const note = element("p", { class: "bl-note", role: "alert" });
  host.append(root);
  const unbind = bindKeys(root, store);
  const leave = store.subscribe(() => {
    setText(note, store.trouble);
    if (store.trouble) root.append(note);
    else note.remove();
  });
  const unmount = VIEWS[name].mount(place, store, options);
  return () => {
    unmount();
    leave();
    unbind();
    root.remove();
  };
}
