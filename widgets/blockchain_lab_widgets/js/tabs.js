// Tabs after the ARIA pattern: one tab stop, Left and Right choose, what is not chosen is not mounted.
import { element } from "./dom.js";

/**
 * @param {{name: string, title: string, mount: (panel: Element) => function}[]} tabs
 * @param {{name, title, mount}[]} others may be added with "+ view"
 * @param {string} [handy] the one among them that has a button of its own
 * @returns {{root: Element, open: (name: string) => void, stop: function}} `open` shows a tab, added when need be
 */
export function tabbed(tabs, others, handy) {
  const prefix = `bl-tab-${crypto.getRandomValues(new Uint32Array(1))[0]}`; // two workbenches on a page share no id
  const list = element("div", { class: "bl-tablist", role: "tablist", "aria-label": "Views" });
  const bar = element("div", { class: "bl-tabs" }, list);
  const panel = element("div", { class: "bl-panel", role: "tabpanel", id: `${prefix}-panel`, tabindex: "-1" });
  const root = element("div", { class: "bl-tabbed" }, bar, panel);
  const shown = [];
  let current = null;
  let unmount = () => {};

  const choose = (tab, focus = false) => {
    for (const each of shown) {
      each.button.setAttribute("aria-selected", String(each === tab));
      each.button.setAttribute("tabindex", each === tab ? "0" : "-1");
    }
    if (focus) tab.button.focus();
    if (tab === current) return;
    current = tab;
    unmount();
    panel.replaceChildren();
    panel.setAttribute("aria-labelledby", tab.button.id);
    unmount = tab.mount(panel.appendChild(element("div")));
  };
  const add = tab => {
    const button = element("button", {
      type: "button", class: "bl-tab", role: "tab", id: `${prefix}-${tab.name.replaceAll(" ", "-")}`, "aria-controls": panel.id, "data-tab": tab.name,
      title: tab.title, // many tabs are cut short
    }, tab.title);
    const entry = { ...tab, button };
    button.addEventListener("click", () => choose(entry));
    shown.push(entry);
    list.append(button);
    return entry;
  };
  list.addEventListener("keydown", event => {
    const at = shown.findIndex(tab => tab.button === event.target);
    const to = { ArrowLeft: at - 1, ArrowRight: at + 1, Home: 0, End: shown.length - 1 }[event.key];
    if (at < 0 || to === undefined || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    choose(shown[(to + shown.length) % shown.length], true);
  });
  tabs.forEach(add);
  const open = name => {
    const other = others.find(tab => tab.name === name);
    const tab = shown.find(known => known.name === name) ?? (other && add(other));
    if (!tab) return;
    bar.querySelector(`button[data-view="${name}"]`)?.remove();
    bar.querySelector(`option[value="${name}"]`)?.remove();
    for (const more of bar.querySelectorAll(".bl-more")) more.hidden = more.options.length === 1;
    choose(tab, true);
  };
  bar.append(...others.filter(({ name }) => name === handy).map(tab => shortcut(tab, open)));
  if (others.length) bar.append(moreViews(others, open));
  choose(shown[0]);
  return { root, open, stop: () => unmount() };
}

function shortcut({ name, title }, open) {
  const made = element("button", { type: "button", class: "bl-handy", "data-view": name }, title);
  made.addEventListener("click", () => open(name));
  return made;
}

function moreViews(others, open) {
  const name = "Add a view";
  const select = element("select", { class: "bl-more", "aria-label": name, title: name }, new Option("+ view", ""));
  for (const { name, title } of others) select.append(new Option(title, name));
  select.addEventListener("change", () => {
    const name = select.value;
    select.value = "";
    open(name);
  });
  return select;
}
