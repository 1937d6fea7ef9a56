// The card of a prediction: asked before the run is seen, locked once, held against the outcome when it is there.
import { element, setAttributes, setText } from "./dom.js";
import { bindKeys } from "./keys.js";
import { answerOpening, shelf } from "./opening.js";
import { painter } from "./paint.js";
import { ColumnsAnswer, NumberAnswer } from "./predict-answers.js";
import { CurveAnswer, CurveInput } from "./predict-curve.js";
import { ChoiceInput, NumberInput, OrderInput } from "./predict-inputs.js";
import { HINTS, tellState, tellVerdict } from "./predict-words.js";
import { install } from "./style.js";
import { watchTheme } from "./theme.js";
import { notes } from "./trouble.js";
import { mount as mountView, toTab } from "./views.js";

const INPUTS = { number: NumberInput, choice: ChoiceInput, order: OrderInput, curve: CurveInput };
const ANSWERS = { number: NumberAnswer, choice: ColumnsAnswer, order: ColumnsAnswer, curve: CurveAnswer };
const GONE = "This card's cell was run again: the question stands where it was asked anew.";

/**
 * Draws a card into `host`, above a workbench.
 *
 * @param {string} options.prediction its key in `store.predictions`
 * @param {boolean} [options.alone] without a workbench: the lab is shown elsewhere. The rest goes to the workbench
 * @returns {function} takes it away
 */
export function mount(host, store, { prediction, alone = false, ...options }) {
  install(host.ownerDocument);
  const card = new Card(host, store, prediction, alone, options);
  const bench = alone ? null : host.appendChild(element("div", { class: "bl-predict-bench" }));
  const unmount = bench ? mountView(bench, store, { ...options, name: "workbench" }) : () => {};
  return () => {
    unmount();
    bench?.remove();
    card.stop();
  };
}

class Card {
  #stage = ""; // of the prediction: "open", "locked" or "gone"
  #refusal = "";
  #busy = false;

  constructor(host, store, key, alone, options) {
    Object.assign(this, { store, key, host });
    this.asks = element("h3", { class: "bl-predict-asks" });
    this.body = element("div", { class: "bl-predict-body" });
    this.verdict = element("b", { class: "bl-predict-verdict" });
    this.state = element("span");
    this.words = element("p", { class: "bl-predict-words", role: "status" }, this.verdict, " ", this.state);
    this.refused = element("p", { class: "bl-predict-refused", role: "alert" });
    this.buttons = {
      lock: makeButton("Lock my prediction", () => this.#lock(), "bl-predict-main"),
      play: makeButton("Play", () => store.toggle(), "bl-predict-main"),
      skip: makeButton("Skip to the outcome", () => this.#skip()),
      show: makeButton("Show me", () => this.#show(), "bl-predict-main"),
      again: makeButton("Ask again", () => store.askAgain(key)),
    };
    const foot = element("div", { class: "bl-predict-foot" }, this.words, element("div", { class: "bl-predict-buttons" }, ...Object.values(this.buttons)));
    this.root = host.appendChild(element("section", { class: "blockchain-lab bl-predict-root", tabindex: "0", role: "group", "aria-label": "Prediction" },
      this.asks, this.body, this.refused, foot));
    this.stops = [watchTheme(this.root).stop, bindKeys(this.root, store)];
    if (alone) this.#standAlone(options);
    this.paint = painter(this.body, store, () => this.#draw());
    this.resizes = new ResizeObserver(() => this.part?.draw?.());
    this.resizes.observe(this.body);
  }

  /** Nobody else may be there to show why, or what went wrong. */
  #standAlone(options) {
    const { root, store } = this;
    const below = shelf(root);
    this.stops.push(notes(root, store), below.stop, answerOpening(root, store, name => below.show(toTab(name, store, options))));
  }

  get #prediction() {
    return this.store.predictions.get(this.key);
  }

  // --- what is shown -----------------------------------------------------------------------------------------

  #draw() {
    const prediction = this.#prediction;
    const stage = prediction ? (prediction.guess === null ? "open" : "locked") : "gone";
    if (stage !== this.#stage) this.#rebuild(stage, prediction);
    const isRevealed = stage === "locked" && this.store.predictions.isRevealed(prediction);
    if (stage === "locked") this.part.show(prediction, isRevealed);
    setAttributes(this.root, { "data-stage": isRevealed ? "revealed" : stage });
    this.#tell(stage, prediction, isRevealed);
  }

  #rebuild(stage, prediction) {
    this.#stage = stage;
    this.#refusal = "";
    this.part?.stop?.();
    this.part = null;
    this.body.replaceChildren();
    setText(this.asks, prediction?.asks ?? GONE);
    if (!prediction) return;
    setAttributes(this.root, { "aria-label": `Prediction: ${prediction.asks}` });
    const onChange = () => {
      this.#refusal = "";
      this.paint.request();
    };
    this.part = stage === "open" ? new INPUTS[prediction.kind](prediction, onChange) : new ANSWERS[prediction.kind](prediction, this.store);
    this.body.append(this.part.root);
    this.part.draw?.();
  }

  #tell(stage, prediction, isRevealed) {
    const { store, buttons } = this;
    const isSealed = store.sealed !== null;
    const { head, words } = isRevealed ? tellVerdict(prediction) : { head: "", words: "" };
    const state = prediction ? tellState(prediction, { isConnected: store.connected, isRevealed, isSealed, playing: store.playing }) : "";
    setText(this.verdict, isRevealed ? `${prediction.verdict.is_right ? "✓" : "✗"} ${head}` : "");
    setText(this.state, isRevealed ? words : [state, stage === "open" && store.connected ? HINTS[prediction.kind] : ""].join(" "));
    setText(this.refused, this.#refusal);
    setText(buttons.play, store.playing ? "Pause" : "Play");
    const held = Object.values(buttons).find(made => made === document.activeElement);
    const isLocked = stage === "locked";
    const shown = {
      lock: stage === "open" && store.connected,
      play: isLocked && !isRevealed && !isSealed, skip: isLocked && !isRevealed && !isSealed,
      show: isRevealed && prediction.is_same_run, again: isRevealed && !prediction.is_same_run && store.connected,
    };
    for (const [name, made] of Object.entries(buttons)) made.hidden = !shown[name];
    setAttributes(buttons.lock, { "aria-disabled": this.part?.value === null || this.#busy ? "true" : null });
    if (held?.hidden) (Object.values(buttons).find(made => !made.hidden) ?? this.root).focus({ preventScroll: true });
  }

  // --- what is done ------------------------------------------------------------------------------------------

  /** Python reads it, and says why not; what it said of another value stands no more. */
  async #lock() {
    const { value } = this.part;
    if (value === null || this.#busy) {
      this.#refusal = value === null ? `Nothing is predicted yet. ${HINTS[this.#prediction.kind]}` : "";
      this.paint.request();
      return;
    }
    this.#busy = true;
    const answer = await this.store.commit(this.key, value);
    this.#busy = false;
    this.#refusal = answer.ok ? "" : answer.text;
    this.paint.request();
  }

  #skip() {
    this.store.goto(this.#prediction.outcome.decided);
    this.paint.request();
  }

  /** To the event that decided, or refuted: its trigger is selected, and the view of causes opens. */
  #show() {
    const { store } = this;
    const { event } = this.#prediction.verdict;
    store.goto(event);
    const bench = this.host.querySelector(".bl-workbench")?.closest(".blockchain-lab");
    bench?.focus({ preventScroll: true }); // the widget with the focus is the one that opens the view
    store.askWhy(`record:${store.branch}:${store.trace.rowsUpTo(event - 1)}`);
  }

  stop() {
    this.resizes.disconnect();
    this.paint.stop();
    this.part?.stop?.();
    for (const stop of this.stops) stop();
    this.root.remove();
  }
}

function makeButton(text, onClick, name = "") {
  const made = element("button", { type: "button", class: `bl-predict-button ${name}`.trim(), hidden: "" }, text);
  made.addEventListener("click", onClick);
  return made;
}
