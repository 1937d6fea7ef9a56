// A claim card: the figures of all eras drawn to one scale; choosing one lets the workbench below play it.
import { formatFigure, makeScale, tellScale } from "./claim-scale.js";
import { countActs, findCommonCode, isFound, tellPlay, tellState } from "./claim-words.js";
import { element, setAttributes, setText } from "./dom.js";
import { keepShortcutsOut } from "./keys.js";
import { install } from "./style.js";
import { watchTheme } from "./theme.js";
import { mount as mountView } from "./views.js";

const percent = part => `${(100 * part).toFixed(2)}%`;

/**
 * Draws a card into `host`.
 *
 * @param {{claims: {name, says, figures: {era, value, unit, source, code, plays, title}[]}[]}} options the claims to be read; the rest
 *   goes to the workbench
 * @returns {function} takes it away
 */
export function mount(host, store, { claims, ...options }) {
  install(host.ownerDocument);
  const card = new Card(host, store, claims, options);
  return () => card.stop();
}

class Card {
  #stopBench = null;
  #acts = { epoch: -1, length: -1, count: 0 };

  constructor(host, store, claims, options) {
    Object.assign(this, { store, claims, options });
    this.group = `bl-claim-${crypto.getRandomValues(new Uint32Array(1))[0]}`; // two cards on a page: two groups
    this.body = element("div", { class: "bl-claim-body" });
    this.state = element("span", { role: "status" });
    this.again = element("button", { type: "button", class: "bl-claim-again" }, "Begin anew");
    this.again.addEventListener("click", () => this.#choose(this.store.trace.figure));
    const foot = element("p", { class: "bl-claim-state" }, this.state, this.again);
    this.root = element("section", { class: "blockchain-lab bl-claim-root", tabindex: "-1", "aria-label": "Claim card" });
    this.root.append(...(claims.length > 1 ? [this.#makeChooser()] : []), this.body, foot);
    this.bench = element("div", { class: "bl-claim-bench" });
    host.append(this.root, this.bench);
    this.theme = watchTheme(this.root);
    this.letIn = keepShortcutsOut(this.root);
    this.leave = store.subscribe(() => this.#update());
    const { figure } = store.trace;
    this.#show(claims.find(({ name }) => name === figure?.claim) ?? claims[0]);
    this.fill?.();
  }

  /** Which claim is read: a list that a filter makes shorter. */
  #makeChooser() {
    const list = element("select", { "aria-label": "Claim" });
    const filter = element("input", { type: "search", class: "bl-more-field", placeholder: "filter", "aria-label": "Filter the claims", spellcheck: "false" });
    const count = element("span", { class: "bl-summary", role: "status" });
    const fill = () => {
      const found = this.claims.filter(claim => isFound(claim, filter.value.trim()));
      list.replaceChildren(...found.map(({ name }) => new Option(name)));
      setText(count, found.length === this.claims.length ? `${found.length} claims` : `${found.length} of ${this.claims.length} claims`);
      if (found.includes(this.shown)) list.value = this.shown.name;
      else if (found.length) this.#show(found[0]);
    };
    filter.addEventListener("input", fill);
    list.addEventListener("change", () => this.#show(this.claims.find(({ name }) => name === list.value)));
    this.pick = () => { list.value = this.shown.name; };
    this.fill = fill;
    return element("div", { class: "bl-head bl-claim-chooser" }, element("label", {}, "Claim ", list), filter, count);
  }

  #show(claim) {
    this.shown = claim;
    const common = findCommonCode(claim.figures);
    const scale = makeScale(claim.figures.map(({ value }) => value));
    const title = element("h3", { class: "bl-claim-name", id: `${this.group}-name` }, claim.name);
    this.rows = claim.figures.map(figure => this.#makeRow(claim, figure, scale, common));
    const axis = element("div", { class: "bl-claim-row bl-claim-axis", "aria-hidden": "true" },
      element("span", { class: "bl-claim-scale" }, ...scale.ticks.map(({ value, part }) => {
        const tick = element("span", {}, formatFigure(value, ""));
        tick.style.left = percent(part);
        return tick;
      })), element("span", { class: "bl-claim-how" }, `${claim.figures[0].unit ? `in ${claim.figures[0].unit}, ` : ""}${tellScale(scale)}`));
    this.body.replaceChildren(title, element("p", { class: "bl-claim-says" }, claim.says, ...(common ? [element("small", {}, `in our code ${common}`)] : [])),
      element("div", { class: "bl-claim-rows", role: "radiogroup", "aria-labelledby": title.id }, ...this.rows.map(({ root }) => root)), axis);
    setAttributes(this.root, { "aria-label": `Claim card: ${claim.name}` });
    this.#update();
  }

  #makeRow(claim, figure, scale, common) {
    const input = element("input", { type: "radio", name: this.group, value: figure.era });
    input.addEventListener("change", () => this.#choose({ claim: claim.name, era: figure.era }));
    const bar = element("span", { class: "bl-claim-bar" });
    bar.style.width = percent(scale.partOf(figure.value));
    const drawing = element("span", { class: "bl-claim-scale", "aria-hidden": "true" }, ...scale.ticks.map(({ part }) => {
      const line = element("i");
      line.style.left = percent(part);
      return line;
    }), bar);
    const words = element("span", { class: "bl-claim-words" },
      element("span", {}, figure.source), ...tellPlay(figure, common).map(text => element("small", {}, text)));
    const root = element("label", { class: `bl-claim-row${figure.plays ? "" : " bl-claim-unplayed"}`, title: figure.title || null }, input,
      element("span", { class: "bl-claim-era" }, figure.era), element("b", { class: "bl-claim-value" }, formatFigure(figure.value, figure.unit)), drawing, words);
    return { root, input, figure };
  }

  async #choose({ claim, era }) {
    await this.store.choose(claim, era);
    this.#update(); // refused: what was chosen before is still played
  }

  #countActs() {
    const { trace } = this.store;
    if (this.#acts.epoch !== trace.epoch || this.#acts.length !== trace.length) {
      this.#acts = { epoch: trace.epoch, length: trace.length, count: countActs(trace) };
    }
    return this.#acts.count;
  }

  #update() {
    const { store, shown } = this;
    const { figure } = store.trace;
    const acts = this.#countActs();
    for (const { root, input, figure: own } of this.rows ?? []) {
      const isPlayed = figure?.claim === shown.name && figure.era === own.era;
      input.disabled = !own.plays || !store.connected;
      if (!store.busy) input.checked = isPlayed;
      root.classList.toggle("bl-claim-played", isPlayed);
    }
    this.pick?.();
    setText(this.state, [tellState(store, acts, shown.name), this.#stopBench ? "" : store.notice].filter(Boolean).join(" "));
    this.again.hidden = !acts || !figure || !store.connected;
    setAttributes(this.root, { "aria-busy": store.busy ? "true" : null });
    if (figure && !this.#stopBench) this.#stopBench = mountView(this.bench, store, { ...this.options, name: "workbench" });
  }

  stop() {
    this.leave();
    this.letIn();
    this.theme.stop();
    this.#stopBench?.();
    this.root.remove();
    this.bench.remove();
  }
}
