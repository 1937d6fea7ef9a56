// The DHT view: the space of ids as a tree or a ring, what one peer knows of it, and the way of a lookup through it.
import { formatCount } from "./describe.js";
import { button, element, setAttributes, setText } from "./dom.js";
import { DhtHistory, RING, TREE } from "./dht-history.js";
import { bitsOf, countShared, shortId } from "./dht-ids.js";
import { dhtLegend } from "./dht-legend.js";
import { listBuckets, listFingers, listKeys, listMet } from "./dht-lists.js";
import { HOUSEKEEPING } from "./dht-lookups.js";
import { drawRing } from "./dht-ring-draw.js";
import { CONTACT, STRANGER, makeScene } from "./dht-scene.js";
import { drawTree } from "./dht-tree-draw.js";
import { tellEmpty, tellKey, tellLeaf, tellMet, tellSummary, tellTask } from "./dht-words.js";
import { aboutOf, holdChoice } from "./lens.js";
import { groupOf } from "./network-light.js";
import { summary } from "./legend.js";
import { painter } from "./paint.js";
import { bindPointing } from "./pointing.js";
import { bindStack } from "./stack-keys.js";
import { tableButton } from "./table.js";
import { tooltip } from "./tooltip.js";

const LATEST = ""; // of the choices: whoever looks up, the lookup that began last
const BESIDE = { from: 520, part: 0.58 }; // a ring has its lists beside it: pixels of the stage, part of them for the ring
const MOST_OFFERED = 40; // lookups in the list

const HINTS = {
  [TREE]: "Choose a peer: its buckets are the branches that do not hold it. Full: it knows them; hollow: it does not.",
  [RING]: "Choose a peer: it owns the points of the thick arc; thin lines are its fingers, the arc outside its successors.",
};

/** Draws the overlay into `host`. Option: `seen_by`, a peer. */
export function mount(host, store, options) {
  const view = new DhtView(host, store, options);
  return () => view.stop();
}

class DhtView {
  #host; // whose table is shown; null: of whoever looks up
  #lookup = null; // "<host>/<row of its start>" of the one that is shown; null: the latest
  #followed = null; // the selection that the choices have followed
  #prefix = ""; // only ids that begin so are drawn
  #drawn = ""; // what the picture was made of
  #offered = ""; // what the lists of choices were made of
  #scene = null;

  constructor(host, store, { seen_by: seenBy = null }) {
    const { trace } = store;
    Object.assign(this, { host, store, trace });
    host.classList.add("bl-dht");
    this.history = new DhtHistory(trace).update();
    const wanted = trace.peers.indexOf([seenBy ?? []].flat()[0]);
    this.memory = `dht:${wanted}`; // what was shown, for who comes back to the tab
    [this.#host, this.#lookup, this.#prefix, this.#followed] = store.memory.get(this.memory) ?? [wanted < 0 ? null : wanted, null, "", null];
    this.whose = element("select", {}, new Option("who looks up", LATEST), ...trace.peers.map((name, at) => new Option(name, at)));
    this.what = element("select", {});
    this.all = button("", "Show the whole space again", () => this.#look(""));
    this.all.classList.add("bl-side");
    const head = element("div", { class: "bl-head" }, element("label", {}, "Peer ", this.whose), element("label", { class: "bl-dht-what" }, "Lookup ", this.what), this.all);
    this.picture = element("div", { class: "bl-dht-picture" });
    this.lists = element("div", { class: "bl-dht-lists" });
    this.stage = element("div", { class: "bl-dht-stage bl-scroll" }, this.picture, this.lists);
    this.detail = element("p", { class: "bl-detail" });
    this.legend = element("div", { class: "bl-legend", role: "note", "aria-label": "Legend" });
    this.empty = element("p", { class: "bl-empty" });
    host.append(head, this.stage, this.detail, this.legend, this.empty);
    tooltip(host);
    this.words = summary(host, "DHT");
    this.#bind();
    this.paint = painter(host, store, () => this.#draw());
    this.resize = new ResizeObserver(() => this.paint.request());
    this.resize.observe(this.stage);
  }

  #bind() {
    const { store, stage } = this;
    const isBundle = mark => Number(mark?.dataset.count) > 1;
    const nameAt = target => target.closest?.("[data-name]")?.dataset.name ?? null;
    this.unpoint = bindPointing(stage, store, nameAt);
    this.keys = bindStack(stage, store, () => null);
    stage.addEventListener("click", ({ target }) => {
      const mark = target.closest?.("[data-name]");
      if (isBundle(mark)) this.#look(bitsOf(mark.dataset.id, Number(mark.dataset.prefix)));
      else if (mark) store.select(store.selection === mark.dataset.name ? null : mark.dataset.name);
    });
    this.whose.addEventListener("change", () => this.#show(this.whose.value === LATEST ? null : Number(this.whose.value), this.#lookup));
    this.what.addEventListener("change", () => this.#show(this.#host, this.what.value === LATEST ? null : this.what.value));
    this.table = tableButton(this.host, store, {
      title: "Ids", graph: stage, rows: () => this.#makeTable(),
      columns: ["peer", "id", "is", "bucket", "shared bits", "keys", "in the lookup", "hop", "bits of the target"],
    });
  }

  #show(host, lookup) {
    [this.#host, this.#lookup] = [host, lookup];
    this.#remember();
    this.paint.request();
  }

  #look(prefix) {
    this.#prefix = prefix;
    this.#remember();
    this.paint.request();
  }

  #remember() {
    this.store.memory.set(this.memory, [this.#host, this.#lookup, this.#prefix, this.#followed]);
  }

  // --- what is shown -----------------------------------------------------------------------------------------

  /** A chosen peer's table is shown, and the lookup that a chosen record is about. */
  #follow() {
    const { store: { branch }, trace } = this;
    const about = aboutOf(this.store);
    if (about === this.#followed) return;
    this.#followed = about;
    const host = about?.startsWith("peer:") ? trace.peers.indexOf(about.slice(5)) : -1;
    if (host >= 0) this.#host = host;
    const [, on, row] = about?.match(/^record:(\d+):(\d+)$/) ?? [];
    const isHere = row !== undefined && Number(on) === branch && Number(row) < trace.length;
    const isOwn = this.stage.contains(document.activeElement); // a step of the lookup that is shown
    if (isHere && !isOwn) {
      const { peer, facts } = trace.record(Number(row));
      const found = this.history.lookups.findLast(lookup => lookup.host === peer && lookup.number === facts.lookup && lookup.from <= Number(row));
      if (found) this.#lookup = nameLookup(found);
    }
    this.#remember();
  }

  #update() {
    const { store, trace, history } = this;
    history.update();
    this.#follow();
    const rows = trace.rowsUpTo(store.cursor);
    const wanted = this.#lookup === null ? null : history.lookups.find(lookup => nameLookup(lookup) === this.#lookup && lookup.from < rows);
    const lookup = wanted ?? history.latestLookup(rows);
    const host = this.#host ?? lookup?.host ?? history.homesAt(rows)[0]?.host ?? -1;
    const made = `${trace.epoch} ${trace.length} ${host} ${lookup ? nameLookup(lookup) : ""} ${history.versionOf(host, rows)}`;
    if (this.#scene?.made !== made) this.#scene = Object.assign(makeScene(history, trace, { rows, host, lookup }), { made });
    return this.#scene;
  }

  #draw() {
    const scene = this.#update();
    const { stage, store, table } = this;
    const words = tellEmpty(scene);
    for (const part of [stage, this.detail, this.legend]) part.hidden = words !== "";
    this.empty.hidden = words === "";
    setText(this.empty, words);
    this.#offer(scene);
    holdChoice(this.whose, store, String(scene.host));
    this.words.set(tellSummary(scene));
    table.update();
    if (words || !stage.clientWidth) return;
    const drawn = `${scene.made} ${this.#prefix} ${stage.clientWidth} ${stage.clientHeight}`;
    if (drawn !== this.#drawn) this.#drawAll(scene);
    this.#drawn = drawn;
    this.#mark(store);
    this.#tell(scene);
  }

  #drawAll(scene) {
    const { stage, store, picture, lists } = this;
    const focused = this.keys.remember();
    const top = stage.scrollTop;
    const isBeside = scene.isRing && stage.clientWidth >= BESIDE.from;
    stage.classList.toggle("bl-beside", isBeside);
    const width = isBeside ? Math.floor(stage.clientWidth * BESIDE.part) : stage.clientWidth;
    const view = { width, height: stage.clientHeight, prefix: this.#prefix, selection: store.selection, branch: store.branch };
    const { root, all } = scene.isRing ? drawRing(scene, view) : drawTree(scene, view);
    picture.replaceChildren(root);
    lists.replaceChildren(...[listMet(scene), scene.isRing ? listFingers(scene) : listBuckets(scene), listKeys(scene)].filter(Boolean));
    setText(this.all, this.#prefix ? `× ${formatCount(all)} of ${formatCount(scene.leaves.length)}` : "");
    this.all.hidden = !this.#prefix;
    this.legend.replaceChildren(...dhtLegend(scene));
    stage.scrollTop = top;
    this.keys.update(focused);
  }

  /** Whose table and which lookup can be chosen. */
  #offer(scene) {
    const { history, whose, what, trace } = this;
    const { rows, host, lookup } = scene;
    whose.value = this.#host === null ? LATEST : String(this.#host);
    const known = history.lookups.filter(each => each.from < rows && (each.host === host || !HOUSEKEEPING.has(each.purpose) || each === lookup));
    const offered = `${known.length} ${host} ${this.#lookup} ${trace.epoch} ${lookup ? nameLookup(lookup) : ""}`;
    if (offered === this.#offered) return;
    this.#offered = offered;
    const options = known.slice(-MOST_OFFERED).reverse().map(each => new Option(tellTask(scene, each), nameLookup(each)));
    what.replaceChildren(new Option(lookup ? `latest: ${tellTask(scene, lookup)}` : "none yet", LATEST), ...options);
    what.value = this.#lookup !== null && known.some(each => nameLookup(each) === this.#lookup) ? this.#lookup : LATEST;
    what.title = what.selectedOptions[0]?.text ?? "";
  }

  /** Selection and hover change no mark's place. */
  #mark({ selection, hover }) {
    const hostsOf = name => (name?.startsWith("peer:") ? [this.trace.peers.indexOf(name.slice(5))] : groupOf(name));
    const [chosen, pointed] = [selection, hover].map(name => new Set(hostsOf(name)));
    for (const mark of this.stage.querySelectorAll("[data-name]")) {
      const { name, host, part } = mark.dataset;
      const isPeer = part === "leaf" || name.startsWith("peer:");
      const isIn = (hosts, whole) => name === whole || (isPeer && hosts.has(Number(host)));
      mark.classList.toggle("bl-selected", isIn(chosen, selection));
      mark.classList.toggle("bl-hover", hover !== null && isIn(pointed, hover));
      setAttributes(mark, { "aria-pressed": String(name === selection) });
    }
  }

  #tell(scene) {
    const { store: { selection, branch }, trace } = this;
    const said = (name, words) => this.detail.replaceChildren(element("b", {}, name), ` ${words}`);
    const host = selection?.startsWith("peer:") ? trace.peers.indexOf(selection.slice(5)) : -1;
    const leaf = host < 0 ? null : scene.leaves.find(each => each.host === host);
    if (leaf) {
      const kept = [...scene.keys].filter(([, all]) => all.some(each => each.host === host)).map(([key, all]) => tellKey(scene, key, all.filter(each => each.host === host)).split(" at ")[0]);
      return said(trace.peers[host], `${tellLeaf(scene, leaf).slice(1).join(", ")}.${kept.length ? ` Keeps ${kept.join(", ")}.` : ""}`);
    }
    const hosts = groupOf(selection);
    if (hosts.length) return said(`${hosts.length} peers`, `${hosts.slice(0, 12).map(each => trace.peers[each]).join(", ")}${hosts.length > 12 ? " …" : ""}`);
    const row = Number(selection?.match(/^record:(\d+):(\d+)$/)?.[2] ?? -1);
    const met = row >= 0 && selection.startsWith(`record:${branch}:`) ? [...(scene.state?.met.values() ?? [])].find(each => each.row === row) : null;
    if (met) return said(tellTask(scene, scene.lookup), `${scene.byId.has(met.id) ? tellLeaf(scene, scene.byId.get(met.id)).join(", ") : tellMet(scene, met)}.`);
    const keys = [...scene.keys].map(([key, kept]) => tellKey(scene, key, kept));
    return setText(this.detail, keys.length ? `Kept: ${keys.slice(0, 3).join("; ")}${keys.length > 3 ? ` and ${keys.length - 3} more` : ""}.` : HINTS[scene.isRing ? RING : TREE]);
  }

  #makeTable() {
    const scene = this.#update();
    const { home, lookup, table, peers } = scene;
    return scene.leaves.map(leaf => {
      const bucket = table?.buckets.find(({ contacts, waiting }) => [...contacts, ...waiting].some(({ id }) => id === leaf.id));
      const cells = [
        leaf.host < 0 ? "nobody" : peers[leaf.host], shortId(leaf.id, home?.bits, 40), leaf.isOn ? leaf.place : leaf.place === STRANGER ? "off" : `${leaf.place}, off`, bucket ? bucket.prefix || "all" : leaf.place === CONTACT ? "ring" : null,
        home ? countShared(leaf.id, home.id) : null, leaf.count, leaf.met?.state ?? "", leaf.met?.depth ?? null, lookup ? countShared(leaf.id, lookup.target) : null,
      ];
      return { name: leaf.host < 0 ? null : `peer:${peers[leaf.host]}`, cells };
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

const nameLookup = ({ host, from }) => `${host}/${from}`;
