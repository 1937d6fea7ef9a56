// A graph in words, for who does not see it.
import { element, setAttributes, setText } from "./dom.js";

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
