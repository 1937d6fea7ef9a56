// The only module that touches the page of an exported run: it fills a store once, and shows the workbench.
import { element } from "./dom.js";
import { provide } from "./libraries.js";
import { Store } from "./store.js";
import { mount } from "./views.js";

const DARK = "(prefers-color-scheme: dark)";

/**
 * @param {Document} page
 * @param {(name: string) => Promise<ArrayBuffer>} unpack one of the parts that stand in the page
 * @param {(name: string) => Promise<object>} load a script of others that stands in the page
 */
export async function play(page, unpack, load) {
  const run = JSON.parse(page.getElementById("run").text);
  const store = new Store();
  store.isStandalone = true;
  store.recipe = run.recipe;
  store.append(run.head, await unpack("records"));
  for (const from of run.messages) store.appendMessages(from, await unpack(`messages-${from}`));
  switchPaper(page);
  mount(page.getElementById("player"), store, { ...run.options, name: "workbench" });
  page.getElementById("waiting").hidden = true;
  page.querySelector(".blockchain-lab").focus({ preventScroll: true }); // the keys act at once
  for (const name of run.libraries) provide(name, await load(name));
}

/** Light or dark paper, as the reader's system wants it until the reader chooses. */
function switchPaper(page) {
  const system = matchMedia(DARK);
  const show = isDark => { // the sign that JupyterLab sets: theme.js looks for it
    page.body.setAttribute("data-jp-theme-light", String(!isDark));
    change.setAttribute("aria-pressed", String(isDark));
  };
  const change = element("button", { type: "button" }, "Dark paper");
  change.addEventListener("click", () => {
    system.removeEventListener("change", follow);
    show(page.body.getAttribute("data-jp-theme-light") === "true");
  });
  const follow = () => show(system.matches);
  system.addEventListener("change", follow);
  page.querySelector("header").append(change);
  follow();
}
