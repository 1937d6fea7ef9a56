// What a reader needs now and then: jump to a time, loop, pace, and another run with a seed.
import { formatCount } from "./describe.js";
import { button, element, setAttributes, setText } from "./dom.js";
import { PACES } from "./playback.js";
import { EXAMPLES, readPlace } from "./transport-jump.js";

const HINT = { class: "bl-more-hint" };
const ALONE = "Python is not connected: there is nobody who could run it.";

function word(text, onClick, title = null) {
  const made = element("button", { type: "button", class: "bl-button bl-more-button", title }, text);
  made.addEventListener("click", onClick);
  return made;
}

/** Let Enter in a field do what its button does. The key ends there: the button that gets the focus must not hear it. */
function onEnter(field, act) {
  field.addEventListener("keydown", event => {
    if (event.key !== "Enter") return;
    event.preventDefault();
    act();
  });
}

/** A line of the panel: its name, controls, and a sentence below. */
function row(name, controls, below) {
  return element("fieldset", { class: "bl-more-row" },
    element("legend", {}, name), element("div", { class: "bl-more-controls" }, ...controls), below);
}

function jumpRow(store, close) {
  const label = "Time or event to go to";
  const field = element("input", { type: "text", class: "bl-more-field", "aria-label": label, placeholder: "2.3 s", spellcheck: "false" });
  const answer = element("p", { ...HINT, role: "status" }, EXAMPLES);
  const go = () => {
    const { event, time, problem } = readPlace(field.value);
    setAttributes(field, { "aria-invalid": problem ? "true" : null });
    setText(answer, problem ?? "");
    answer.classList.toggle("bl-more-wrong", Boolean(problem));
    if (problem) {
      field.focus();
      return;
    }
    if (event === undefined) store.gotoTime(time);
    else store.goto(event);
    close();
  };
  onEnter(field, go);
  return row("Jump to", [field, word("Go", go)], answer);
}

function loopRow(store) {
  const { lastEvent } = store.trace;
  const state = element("p", { ...HINT, role: "status" });
  const clear = word("Clear", () => change(null), "No loop");
  const begin = word("From here", () => change({ from: store.cursor, to: store.loop?.to > store.cursor ? store.loop.to : lastEvent }));
  const show = () => {
    const { loop } = store;
    if (!loop && clear === document.activeElement) begin.focus(); // the focus does not stay on what is disabled
    clear.disabled = !loop;
    setText(state, loop ? `events ${formatCount(loop.from)} to ${formatCount(loop.to)}` : "or Shift and drag on the scrubber");
  };
  const change = loop => {
    store.setLoop(loop);
    show();
  };
  const toHere = () => change({ from: store.loop?.from < store.cursor ? store.loop.from : 0, to: store.cursor });
  show();
  return row("Loop", [begin, word("To here", toHere), clear], state);
}

function paceRow(store) {
  const group = `bl-pace-${crypto.getRandomValues(new Uint32Array(1))[0]}`; // two widgets on a page: two groups
  const choices = Object.entries(PACES).map(([name, { title }]) => {
    const radio = element("input", { type: "radio", name: group, value: name, checked: store.pace === name ? "" : null });
    radio.addEventListener("change", () => store.setPace(name));
    return element("label", {}, radio, title);
  });
  return row("Pace", choices, element("p", HINT, "Compressed: bursts are stretched, silences cut short."));
}

function seedRow(store, close) {
  const field = element("input", {
    type: "text", inputmode: "numeric", class: "bl-more-field", "aria-label": "Seed", value: store.trace.seed, spellcheck: "false",
  });
  const state = element("p", { ...HINT, role: "status" });
  const run = word("Run again", async () => {
    const typed = field.value.trim();
    close();
    const { ok } = await store.reset(typed === store.trace.seed ? null : typed);
    if (ok) store.setLoop(null); // its events are others now
  });
  const show = () => {
    const typed = field.value.trim();
    const isSame = typed === store.trace.seed;
    const isNumber = /^\d+$/.test(typed);
    const isWrong = store.connected && !isNumber;
    run.disabled = !store.connected || !isNumber;
    setAttributes(field, { "aria-invalid": isWrong ? "true" : null });
    state.classList.toggle("bl-more-wrong", isWrong);
    if (!store.connected) setText(state, ALONE);
    else if (isWrong) setText(state, "A seed is a whole number.");
    else setText(state, isSame ? "The same run from the start, without what you did." : "Another run, without what you did.");
  };
  field.addEventListener("input", show);
  onEnter(field, () => run.click()); // nothing happens while it is disabled
  show();
  return row("Seed", [field, run], state);
}

function presentRow(root, close) {
  const present = word("Present", () => {
    close();
    root.dispatchEvent(new CustomEvent("bl-present"));
  }, "Fill the window, with larger type");
  return row("Lecture", [present], element("p", HINT, "Page Down goes to the next moment of the story, Escape ends it."));
}

function lensRow(store) {
  const { peers } = store.trace;
  const choice = element("select", { "aria-label": "See as", class: "bl-more-field" }, new Option("everybody", ""), ...peers.map(name => new Option(name)));
  choice.value = store.lens ?? "";
  choice.addEventListener("change", () => store.lookAs(choice.value || null));
  return row("See as", [choice], element("p", HINT, "One peer's world: what it does not know is dotted, or gone."));
}

/** Fill the panel behind the bar's "more" button. */
export function fillMore(store, panel, close, root) {
  panel.append(jumpRow(store, close), loopRow(store), paceRow(store), lensRow(store));
  if (!store.isFinished) panel.append(seedRow(store, close));
  if ("presents" in root.dataset) panel.append(presentRow(root, close));
}
