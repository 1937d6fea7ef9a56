// What of a widget can be taken as a picture, and which views a cell of code should show again.

/**
 * @param {Element} root of the widget
 * @returns {{name: string, title: string, parts: Element[]}[]} the first is what the reader most likely means; none for a bar alone
 */
export function findPictures(root) {
  const [network, panel] = [".bl-workbench > .bl-network", ".bl-workbench > .bl-tabbed .bl-panel"].map(path => root.querySelector(path));
  if (!panel) {
    const alone = [...root.children].filter(child => child.matches("[data-drawn]") && !child.matches(".bl-transport"));
    const below = [...root.querySelectorAll(":scope > .bl-below > [data-drawn]")];
    return alone.length ? [{ name: "all", title: root.getAttribute("aria-label").split(":")[0], parts: [...alone, ...below] }] : [];
  }
  const title = root.querySelector('.bl-workbench .bl-tab[aria-selected="true"]').textContent;
  return [
    { name: "all", title: `Network and ${title}`, parts: [network, panel] },
    { name: "network", title: "Network", parts: [network] },
    { name: "tab", title, parts: [panel] },
  ].filter(({ parts }) => parts.every(Boolean));
}

/** The views that a reader sees, as `lab.show(...)` takes them: the open tab is the first. */
export function findViews(root) {
  const tabs = [...root.querySelectorAll(".bl-workbench .bl-tab[data-tab]")];
  if (!tabs.length) return root.dataset.view && root.dataset.view !== "workbench" ? [root.dataset.view] : [];
  const isOpen = tab => tab.getAttribute("aria-selected") === "true";
  const names = [...tabs.filter(isOpen), ...tabs.filter(tab => !isOpen(tab))].map(tab => tab.dataset.tab);
  return names.length === 1 ? ["network", ...names] : names; // one name alone would be that view alone
}
