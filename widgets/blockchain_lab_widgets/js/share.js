// The panel behind the bar's share button: this moment as a picture or as a cell of code, the run as a file or a page.
import { describePlace } from "./describe.js";
import { button, element, setAttributes, setText } from "./dom.js";
import { icon } from "./icons.js";
import { floating } from "./panels.js";
import { writeCell } from "./share-cell.js";
import { copy, download, fileName, toPng } from "./share-files.js";
import { findPictures, findViews } from "./share-parts.js";
import { drawParts } from "./share-svg.js";

const SVG = "image/svg+xml";
const COPIED = "Copied: paste it into a cell.";
const BY_HAND = "The browser does not let us copy: press Ctrl+C, the text is selected.";

function word(text, label, onClick) {
  const made = element("button", { type: "button", class: "bl-button bl-more-button", "aria-label": label, title: label }, text);
  made.addEventListener("click", onClick);
  return made;
}

function row(name, controls, ...below) {
  return element("fieldset", { class: "bl-more-row" },
    element("legend", {}, name), element("div", { class: "bl-more-controls" }, ...controls), ...below);
}

const hint = text => element("p", { class: "bl-more-hint" }, text);

/** What went out, or why not: one line for all rows, which screen readers hear. */
function statusLine() {
  const root = element("p", { class: "bl-share-status", role: "status" });
  return { root, say: text => setText(root, text) };
}

/** This moment as SVG or PNG. */
function pictureRow(store, root, say) {
  const pictures = findPictures(root);
  if (!pictures.length) return null;
  const choice = element("select", { class: "bl-share-choice", "aria-label": "Picture of" });
  choice.append(...pictures.map(({ name, title }) => new Option(title, name)));
  const save = async ending => {
    const { title } = store.trace;
    const { parts } = pictures.find(({ name }) => name === choice.value);
    try {
      const picture = drawParts(parts, { title, caption: describePlace(store) });
      const name = fileName(store.trace.name, store.cursor, ending);
      download(name, ending === "svg" ? picture.text : await toPng(picture), ending === "svg" ? SVG : "image/png");
      say(`${name}, ${picture.width} × ${picture.height} pixels`);
    } catch (error) {
      say(`No picture could be made: ${error.message}.`);
    }
  };
  return row("Picture", [
    choice, word("SVG", "This moment as SVG, for slides and print", () => save("svg")),
    word("PNG", "This moment as PNG, twice as sharp as the page", () => save("png")),
  ]);
}

/** A cell of code that brings somebody else here. */
function codeRow(store, root, say) {
  const text = element("textarea", { class: "bl-share-code", "aria-label": "Cell of code", readonly: "", spellcheck: "false", rows: 6, hidden: "" });
  const get = word("Copy", "Copy a cell of code that brings somebody else here", async () => {
    const { ok, text: run } = await askForRun(store);
    if (!ok) {
      say(run);
      return;
    }
    text.value = writeCell(run, store, findViews(root));
    text.hidden = false;
    say((await copy(text)) ? COPIED : BY_HAND);
  });
  get.disabled = store.isStandalone ? !store.recipe : !store.connected;
  const line = hint(get.disabled ? describeLack(store) : "A cell that leads to this very event.");
  return row("Code", [get], line, text);
}

function describeLack(store) {
  return store.isStandalone ? "A recording of a real network cannot be made again by code." : `${store.absence}.`;
}

/** The lines that make the run again: Python's, or those that an exported run brought along. */
async function askForRun(store) {
  if (store.isStandalone) return { ok: true, text: store.recipe };
  const { ok, text, data } = await store.makeFile("code", []);
  return { ok, text: ok ? new TextDecoder().decode(data) : text };
}

/** Files that only Python can make. */
function fileRow(store, root, say, { name, what, ending, type, label, below }) {
  let isBusy = false; // a disabled button would lose the focus
  const save = word("Save", label, async () => {
    if (isBusy) return;
    isBusy = true;
    say("Python is at work …");
    const { ok, text, data } = await store.makeFile(what, findViews(root));
    isBusy = false;
    const file = fileName(store.trace.name, store.cursor, ending);
    if (ok) download(file, data, type);
    say(ok ? `${file}, ${describeSize(data.byteLength)}` : text);
  });
  save.disabled = !store.connected;
  return row(name, [save], hint(store.connected ? below : `${store.absence}.`));
}

/** "3 kB", "1.4 MB" */
export function describeSize(bytes) {
  return bytes < 1e6 ? `${Math.max(1, Math.round(bytes / 1e3))} kB` : `${(bytes / 1e6).toFixed(1)} MB`;
}

const RUN = {
  name: "Run", what: "run", ending: "json", type: "application/json", label: "Save the run as a file",
  below: "For Lab(\"….json\"): made again, and checked.",
};
const PAGE = {
  name: "Page", what: "page", ending: "html", type: "text/html", label: "Save the run as a page of its own",
  below: "For everybody: plays without Python and without a network.",
};

/** Fill the panel. */
export function fillShare(store, root, panel) {
  const status = statusLine();
  const rows = [pictureRow(store, root, status.say), codeRow(store, root, status.say)];
  if (!store.isStandalone) rows.push(...[RUN, PAGE].map(file => fileRow(store, root, status.say, file)));
  panel.append(...rows.filter(Boolean), status.root);
}

/**
 * The button in the bar, and the panel behind it.
 *
 * @param {() => Element} getRoot the widget
 * @returns {{root: Element, stop: function}}
 */
export function shareButton(store, getRoot) {
  const panel = floating(getRoot(), { name: "share", title: "Share this moment", isFleeting: true, fill: box => fillShare(store, getRoot(), box) });
  const root = button(icon("share"), "Share: picture, code, run", () => panel.toggle(root));
  setAttributes(root, { "aria-expanded": "false", "aria-haspopup": "dialog" });
  return { root, stop: () => panel.close(false) };
}
