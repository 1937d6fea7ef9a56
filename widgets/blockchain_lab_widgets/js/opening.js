// A view asks for another one: which widget of the page answers, and where a lone view puts the wanted one.
import { button, element } from "./dom.js";

/**
 * Call `show(name)` when a view is wanted: by the widget that has the focus, or by none of them.
 * Two widgets of one lab on a page hear the same call, and only the one in which the reader works answers.
 */
export function answerOpening(root, store, show) {
  return store.onOpen(name => {
    const front = document.activeElement?.closest(".blockchain-lab");
    if (!front || front === root) show(name);
  });
}

/** Room below a lone view for one more, until it is closed or another one is wanted. */
export function shelf(root) {
  let clear = () => {};
  const show = ({ name, title, mount }) => {
    clear();
    const host = element("div");
    const close = button("×", `Close ${title}`, () => {
      clear();
      root.focus();
    });
    const head = element("div", { class: "bl-below-head" }, element("span", {}, title), close);
    const box = root.appendChild(element("section", {
      class: "bl-below", "aria-label": title, tabindex: "-1", "data-view": name,
    }, head, host));
    const unmount = mount(host);
    clear = () => {
      unmount();
      box.remove();
      clear = () => {};
    };
    box.focus({ preventScroll: true });
    box.scrollIntoView({ block: "nearest" });
  };
  return { show, stop: () => clear() };
}
