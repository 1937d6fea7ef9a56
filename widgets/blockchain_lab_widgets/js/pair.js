// Two runs of one story, drawn together: one time for both, whom the difference has reached, how they end.
import { anew } from "./anew.js";
import { BlockIndex } from "./blocks.js";
import { button, element, setAttributes, setText } from "./dom.js";
import { bindKeys } from "./keys.js";
import { bindLensKey } from "./lens-strip.js";
import { menus } from "./menu.js";
import { narrate } from "./narration.js";
import { answerOpening, shelf } from "./opening.js";
import { painter } from "./paint.js";
import { Pair, SIDES, countShared, whereIs } from "./pair-model.js";
import { mountOutcomes } from "./pair-outcomes.js";
import { mountParting } from "./pair-parting.js";
import { mountReached } from "./pair-reached.js";
import { mountSetUp } from "./pair-set-up.js";
import { mountSide } from "./pair-side.js";
import { tie } from "./pair-time.js";
import { tellFirst, tellSetUp } from "./pair-words.js";
import { install } from "./style.js";
import { tabbed } from "./tabs.js";
import { watchTheme } from "./theme.js";
import { mount as mountBar } from "./transport.js";
import { notes } from "./trouble.js";
import { toTab } from "./views.js";

/**
 * Show two labs in `host`.
 *
 * @param {[Store, Store]} stores A, who leads, and B
 * @param {{plain: object, subscribe: (listener) => function}} source Python's comparison, and when there is another one
 * @returns {function} takes everything away again
 */
export function mount(host, stores, source, options) {
  const show = () => {
    const view = new PairView(host, stores, source, options);
    return () => view.stop();
  };
  const [a, b] = stores;
  return anew(host, a, () => anew(host, b, show));
}

class PairView {
  #stops = [];
  #shown = null; // is the picture there, or a sentence?
  #inside = () => {}; // takes the picture away

  constructor(host, stores, source, options) {
    Object.assign(this, { stores, pair: new Pair(stores, source) });
    this.indices = stores.map(({ trace }) => new BlockIndex(trace));
    install(host.ownerDocument);
    this.root = host.appendChild(element("div", {
      class: "blockchain-lab bl-pair-root", tabindex: "0", role: "group", "aria-label": `A and B: ${stores[0].trace.title}`,
    }));
    const theme = watchTheme(this.root);
    this.options = { ...options, theme };
    this.#build();
    this.#stops.push(
      bindKeys(this.root, stores[0]), bindLensKey(this.root, stores[0]), ...stores.map(store => notes(this.root, store)), narrate(this.root, stores[0]),
      tie(stores, () => (this.pair.plain ? countShared(this.pair.plain, stores) : 0)),
      source.subscribe(() => stores.forEach(store => store.changed())), () => theme.stop(),
    );
    this.#bindShelf();
  }

  #build() {
    const { root, stores } = this;
    this.bench = root.appendChild(element("div", { class: "bl-pair" }));
    const bar = this.bench.appendChild(element("div"));
    this.#stops.push(mountBar(bar, stores[0], this.options));
    this.mark = element("span", { class: "bl-pair-first", title: "The first difference", hidden: "" });
    bar.querySelector(".bl-scrub").append(this.mark);
    this.words = element("span", { class: "bl-pair-words" });
    this.go = button("Go to the first difference", "Go to the first difference", () => this.#goToFirst());
    this.head = element("div", { class: "bl-pair-head" }, this.words, this.go);
    this.body = element("div", { class: "bl-pair-body" });
    this.bench.append(this.head, this.body);
    this.paint = painter(this.bench, stores[0], () => this.#draw());
    this.#stops.push(stores[1].subscribe(this.paint.request), () => this.paint.stop());
  }

  #draw() {
    const { pair, stores, bench } = this;
    const { plain, first, source } = pair;
    this.indices.forEach(index => index.update());
    const isShown = !source.plain.fault;
    if (isShown !== this.#shown) {
      this.#inside();
      this.#inside = isShown ? this.#fill() : this.#refuse();
      this.#shown = isShown;
    }
    bench.classList.toggle("bl-pair-refused", !isShown);
    if (!isShown) setText(this.body.firstChild, pair.problem);
    const words = plain ? `${tellSetUp(plain, stores[0].trace.knobs)} ${tellFirst(plain)}` : pair.problem;
    setText(this.words, words);
    setAttributes(this.words, { title: words });
    this.go.hidden = !first;
    setAttributes(this.mark, { hidden: first ? null : "" });
    if (first) this.mark.style.setProperty("--bl-from", stores[0].trace.eventAt(first.at) / Math.max(1, stores[0].trace.lastEvent));
  }

  /** Both runs on the left, how they differ on the right. */
  #fill() {
    const { pair, stores, indices, options, root, body } = this;
    const sides = element("div", { class: "bl-pair-sides" });
    const context = { pair, indices, options, toTab, bindSide: (area, side) => this.#bindSide(area, side) };
    const stops = SIDES.map((_, side) => mountSide(sides.appendChild(element("section")), side, context));
    const tabs = tabbed([
      { name: "outcomes", title: "Outcomes", mount: host => mountOutcomes(host, context) },
      { name: "reached", title: "Reached", mount: host => mountReached(host, context) },
      { name: "parting", title: "Parting", mount: host => mountParting(host, context) },
      { name: "set-up", title: "Set-up", mount: host => mountSetUp(host, context) },
    ], []);
    body.replaceChildren(sides, tabs.root);
    return () => {
      stops.forEach(stop => stop());
      tabs.stop();
      body.replaceChildren();
    };
  }

  #refuse() {
    this.body.replaceChildren(element("p", { class: "bl-pair-fault", role: "status" }));
    return () => this.body.replaceChildren();
  }

  #goToFirst() {
    const { pair: { first }, stores } = this;
    const { side, event } = whereIs(first, stores);
    stores[side].goto(event);
    if (first.peer) stores[0].select(`peer:${first.peer}`);
  }

  /** What is drawn in `area` is of one run: its menus act there, its "?" asks there. */
  #bindSide(area, side) {
    const store = this.stores[side];
    const onKey = event => {
      if (event.key !== "?" || event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
      event.preventDefault();
      store.askWhy();
    };
    const close = menus(this.root, store, area);
    area.addEventListener("keydown", onKey);
    return () => {
      close();
      area.removeEventListener("keydown", onKey);
    };
  }

  /** "Why?", bytes and all else that a menu offers open below, and say of which run they are. */
  #bindShelf() {
    const below = shelf(this.root);
    this.#stops.push(below.stop, ...this.stores.map((store, side) => answerOpening(this.root, store, name => {
      const tab = toTab(name, store, this.options);
      const mount = host => {
        const stops = [tab.mount(host), this.#bindSide(host, side)];
        return () => stops.forEach(stop => stop());
      };
      below.show({ ...tab, mount, title: `${SIDES[side]}: ${tab.title}` });
    })));
  }

  stop() {
    this.#inside();
    for (const stop of this.#stops.reverse()) stop();
    this.root.remove();
  }
}
