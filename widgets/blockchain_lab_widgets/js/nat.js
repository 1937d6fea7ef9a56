// The NAT view: what boxes between a home and the world remember, whom they let in, and what became of each packet.
import { formatTime } from "./describe.js";
import { element, setAttributes, setText } from "./dom.js";
import { summary } from "./legend.js";
import { drawAttempt, drawBox, passageSign } from "./nat-draw.js";
import { BoxHistory } from "./nat-history.js";
import { chooseBoxes, countBeside, firstBoxes } from "./nat-layout.js";
import { drawLegend } from "./nat-legend.js";
import { Scene } from "./nat-scene.js";
import { formatLeft, nameKind, tellBox, tellChosen, tellHead, tellNews, whoIs } from "./nat-words.js";
import { aboutOf } from "./lens.js";
import { painter } from "./paint.js";
import { bindPointing } from "./pointing.js";
import { bindStack } from "./stack-keys.js";
import { tableButton } from "./table.js";
import { tooltip } from "./tooltip.js";
import { zoomOf } from "./zoom.js";

const NEWS = [{ from: 420, lines: 4 }, { from: 230, lines: 3 }, { from: 0, lines: 2 }]; // below the boxes, by pixels of the stage
const MOST_ATTEMPTS = 2; // the last pairs that tried to meet
const MOST_OTHERS = 40; // buttons of boxes that are not drawn
const PADDING = 10; // on both sides of a box

/** Draws the boxes into `host`. Option: `seen_by`, a gateway or up to four. */
export function mount(host, store, options) {
  const view = new NatView(host, store, options);
  return () => view.stop();
}

class NatView {
  #shown; // host numbers
  #followed = null; // the selection that they have followed
  #drawn = ""; // what the picture was made of
  #boxes = []; // as drawn
  #ticks = []; // what follows the clock

  constructor(host, store, { seen_by: seenBy = null }) {
    const { trace } = store;
    Object.assign(this, { host, store, trace });
    host.classList.add("bl-nat");
    this.history = new BoxHistory(trace).update();
    const named = [seenBy ?? []].flat().map(name => trace.peers.indexOf(name));
    this.memory = `nat:${named}`; // which boxes were shown, for who comes back to the tab
    this.#shown = store.memory.get(this.memory) ?? firstBoxes(named, this.history.gateways, gateway => this.history.boxes[gateway].passages.length);
    this.words = summary(host, "NAT");
    this.count = element("span");
    this.stage = element("div", { class: "bl-nat-stage bl-scroll" });
    this.attempts = element("div", { class: "bl-nat-attempts" });
    this.news = element("div", { class: "bl-lefts" });
    this.detail = element("p", { class: "bl-detail" });
    const body = element("div", { class: "bl-nat-body" }, this.stage, this.attempts, this.news);
    host.append(element("div", { class: "bl-head" }, this.count), body, this.detail, drawLegend());
    this.body = body;
    tooltip(host);
    this.#bind();
    this.paint = painter(host, store, () => this.#draw());
    this.resize = new ResizeObserver(() => this.paint.request());
    this.resize.observe(body);
  }

  #bind() {
    const { store, body } = this;
    this.unpoint = bindPointing(body, store, target => target.closest?.("[data-name]")?.dataset.name ?? null);
    this.keys = bindStack(body, store, () => null, name => this.#select(name));
    body.addEventListener("click", ({ target }) => {
      const mark = target.closest?.("[data-name]");
      if (mark?.dataset.part === "other") store.select(mark.dataset.name); // and the boxes follow
      else if (mark) this.#select(store.selection === mark.dataset.name ? null : mark.dataset.name);
    });
    this.table = tableButton(this.host, store, {
      title: "Mappings", graph: body, rows: () => this.#makeTable(),
      columns: ["outside", "box", "inside", "of", "lets in", { title: "since", format: formatTime }, { title: "left", format: formatLeft }, "leased"],
    });
  }

  /** What is chosen in a box is in it: the boxes stay. */
  #select(name) {
    this.#followed = name;
    this.store.select(name);
  }

  #update() {
    const { store, trace, history } = this;
    history.update();
    const rows = trace.rowsUpTo(store.cursor);
    const scene = new Scene(trace, history, rows, store.cursor, store.clock);
    const about = aboutOf(store);
    if (about !== this.#followed) {
      this.#followed = about;
      const shown = chooseBoxes(scene.findBox(about, store.branch), this.#shown, history.gateways);
      if (shown !== this.#shown) this.store.memory.set(this.memory, (this.#shown = shown));
    }
    return scene;
  }

  #draw() {
    const scene = this.#update();
    const { body, store, trace, history } = this;
    const versions = this.#shown.map(host => `${host}:${history.versionOf(host, scene.rows)}:${history.passageAt(host, scene.rows, scene.event)?.row ?? ""}`);
    const drawn = [trace.epoch, trace.length, body.clientWidth, body.clientHeight, history.attemptsAt(scene.rows)[0]?.row, ...versions].join(" ");
    if (drawn !== this.#drawn && body.clientWidth) this.#drawBoxes(scene);
    if (body.clientWidth) this.#drawn = drawn;
    for (const tick of this.#ticks) tick(store.clock);
    this.#mark(scene);
    this.table.update();
  }

  #drawBoxes(scene) {
    const { stage, body, history, trace: { peers } } = this;
    const focused = this.keys.remember();
    const top = stage.scrollTop;
    const beside = countBeside(this.#shown.length, stage.clientWidth);
    const width = Math.floor(stage.clientWidth / beside) - 2 * PADDING - 1;
    stage.dataset.beside = beside;
    this.#boxes = this.#shown.map(host => scene.boxAt(host));
    const made = this.#boxes.map(box => drawBox(scene, box, width));
    this.#ticks = made.flatMap(({ ticks }) => ticks);
    const empty = element("p", { class: "bl-empty" }, "Nobody stands behind a NAT or a firewall in this story: everybody is reached at his own address.");
    stage.replaceChildren(...(made.length ? made.map(({ root }) => root) : [empty]), ...this.#listOthers(scene));
    stage.scrollTop = top;
    const tried = history.attemptsAt(scene.rows);
    this.attempts.replaceChildren(...tried.slice(0, MOST_ATTEMPTS).map(attempt => drawAttempt(scene, attempt)));
    this.attempts.hidden = !tried.length;
    this.host.classList.toggle("bl-nat-empty", !made.length);
    const { lines } = NEWS.find(({ from }) => body.clientHeight >= from);
    this.news.replaceChildren(...history.lastNews(this.#shown, scene.rows, lines).reverse().map(entry => this.#drawNews(scene, entry)));
    this.#reveal(made[this.#boxes.findIndex(({ passage }) => passage)]?.root);
    this.keys.update(focused);
    setText(this.count, made.length ? `Inside, box, outside: ${tellHead(history.gateways.length, this.#boxes.reduce((sum, { total }) => sum + total, 0))}` : "");
    this.words.set(this.#boxes.map(tellBox).join(" ") || `No box in this story, ${peers.length} peers in the open.`);
  }

  /** The box at which something happens is seen. */
  #reveal(root) {
    if (!root) return;
    const [box, seen] = [root, this.stage].map(each => each.getBoundingClientRect());
    const zoom = zoomOf(this.stage);
    if (box.bottom > seen.bottom) this.stage.scrollTop += Math.min(box.bottom - seen.bottom, box.top - seen.top) / zoom;
    else if (box.top < seen.top) this.stage.scrollTop -= (seen.top - box.top) / zoom;
  }

  #listOthers({ rows, peers }) {
    const { history } = this;
    const others = history.gateways.filter(host => !this.#shown.includes(host));
    if (!others.length) return [];
    const buttons = others.slice(0, MOST_OTHERS).map(host => element("button", {
      type: "button", tabindex: "-1", class: "bl-nat-mark bl-nat-other", "data-name": `peer:${peers[host]}`, "data-part": "other", "data-host": host,
      "data-tip": `${peers[host]}, ${nameKind(history.lifeAt(host, rows).table?.rules)}\npress to show it`, "aria-label": `Show ${peers[host]}`,
    }, element("span", { class: "bl-nat-label" }, peers[host])));
    const more = others.length > buttons.length ? [element("span", { class: "bl-nat-hidden" }, `+ ${others.length - buttons.length} more`)] : [];
    return [element("div", { class: "bl-nat-others" }, element("span", {}, "Other boxes"), ...buttons, ...more)];
  }

  #drawNews(scene, entry) {
    const { store, trace: { columns } } = this;
    const words = tellNews(scene, entry);
    const at = formatTime(columns.at[entry.row]);
    const isNow = columns.event[entry.row] === store.cursor;
    return element("button", {
      type: "button", tabindex: "-1", class: `bl-left${isNow ? " bl-nat-current" : ""}`, "data-name": `record:${store.branch}:${entry.row}`, "data-host": entry.host,
      "data-part": "news", "data-tip": `${words}, at ${at}`,
    }, passageSign(entry), element("span", {}, words), " ", element("span", { class: "bl-at" }, at));
  }

  /** Selection and hover change no mark's place. */
  #mark(scene) {
    const { store, body } = this;
    for (const mark of body.querySelectorAll("[data-name]")) {
      const { name } = mark.dataset;
      mark.classList.toggle("bl-selected", name === store.selection);
      mark.classList.toggle("bl-hover", name === store.hover);
      setAttributes(mark, { "aria-pressed": String(name === store.selection) });
    }
    const told = tellChosen(scene, store.selection, store.branch, this.#boxes);
    if (told) this.detail.replaceChildren(element("b", {}, told.title), ` ${told.words}`);
    else setText(this.detail, "Choose a port, a peer or a packet to read more about it.");
  }

  #makeTable() {
    const scene = this.#update();
    const { store: { clock }, history } = this;
    return history.gateways.flatMap(host => {
      const { table } = history.lifeAt(host, scene.rows);
      return (table?.at(scene.rows) ?? []).map(mapping => {
        const left = table.expiryOf(mapping, scene.rows) - clock;
        const lease = table.leaseOf(mapping, scene.rows) > clock;
        const door = scene.makeDoor(table, mapping, null);
        const allowed = door.remotes.map(({ label, more }) => (more ? `${label} (${more})` : label)).join(", ");
        const cells = [
          mapping.outside, scene.peers[host], mapping.inside, whoIs(scene, mapping.inside, host).label, allowed,
          mapping.opened, left, lease ? "yes" : "",
        ];
        return { name: scene.nameOf(mapping), cells };
      });
    });
  }

  stop() {
    this.paint.stop();
    this.resize.disconnect();
    this.keys.stop();
    this.unpoint();
    this.table.stop();
    this.words.stop();
    this.host.replaceChildren();
  }
}
