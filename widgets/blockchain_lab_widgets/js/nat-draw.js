// A box as a picture: wires below, marks above; the packet of the present event goes its way in its class's colour.
import { element, setAttributes, setText, svg } from "./dom.js";
import { ASK, HAIRPIN, IN, OUT, REACHED, TRYING } from "./nat-history.js";
import { CLOSED, LINE, bend, layBox, measure, placeRemote } from "./nat-layout.js";
import { formatLeft, nameKind, portOf, tellAllowed, tellAttempt, tellEmptyBox, tellLeft, tellRules, tellRulesInFull } from "./nat-words.js";

const ARROW = "M-8-5 0 0-8 5z"; // its point at 0, 0, to the right
const CROSS = "M-5-5 5 5M5-5-5 5";
const BAR = 100; // units of a bar of time
const CHIP_HEIGHT = 22;
const ROOMY = 120; // pixels that a name and an IP need
const LEASE_ROOM = 156; // pixels that a port and a lease with its time need

/** A button that stands for something, at a place of the plan. */
function mark(name, part, host, { label, more = "", tip, words = tip, classes = "", place }, ...children) {
  const read = more ? `${label} ${more}` : label; // a name begins with what is read
  const said = words.replaceAll("\n", ", ");
  const made = element("button", {
    type: "button", tabindex: "-1", class: `bl-nat-mark ${classes}`, "data-name": name, "data-part": part, "data-host": host, "data-tip": tip,
    "aria-label": said.startsWith(read) ? said : `${read}, ${said}`,
  }, ...children, element("span", { class: "bl-nat-label" }, label), ...(more ? [" ", element("span", { class: "bl-nat-more" }, more)] : []));
  if (place) Object.assign(made.style, { left: `${place.x}px`, top: `${place.y}px`, width: `${place.width}px` });
  return made;
}

const inMiddle = (y, height = LINE) => y + (height - CHIP_HEIGHT) / 2;

/**
 * One box.
 *
 * @param {object} box of `Scene.boxAt`
 * @returns {{root: Element, ticks: ((clock: number) => void)[]}} call each tick when time has gone on
 */
export function drawBox(scene, box, width) {
  const { host, name, rules, isOn } = box;
  const title = mark(`peer:${name}`, "box", host, { label: name, tip: `${name}\n${nameKind(rules)}\n${tellRulesInFull(rules)}`, words: `${name}, ${nameKind(rules)}`, classes: "bl-nat-title" }, boxSign());
  const kind = element("b", {}, isOn ? nameKind(rules) : "off");
  const head = element("div", { class: "bl-nat-head" }, title, kind, element("span", { class: "bl-nat-own" }, rules?.ip ?? ""));
  const said = tellRules(rules).join(" · ");
  const root = element("div", { class: "bl-nat-box", role: "group", "aria-label": `${name}, ${nameKind(rules)}` }, head);
  if (isOn) root.append(element("p", { class: "bl-nat-rules", title: `${said}\n${tellRulesInFull(rules)}` }, said));
  if (!isOn || !rules) {
    root.append(element("p", { class: "bl-empty" }, tellEmptyBox(box)));
    return { root, ticks: [] };
  }
  const plan = new Plan(scene, box, width);
  root.append(plan.root);
  return { root, ticks: plan.ticks };
}

/** The picture of what a box remembers. */
class Plan {
  constructor(scene, box, width) {
    const columns = measure(width);
    const laid = layBox(box, columns);
    Object.assign(this, { scene, box, columns, laid, ticks: [], doors: new Map(), groups: new Map() });
    this.wires = svg("svg", { class: "bl-nat-wires", width, height: laid.height, "aria-hidden": "true" });
    this.root = element("div", { class: "bl-nat-plan" }, this.wires);
    this.root.style.height = `${laid.height}px`;
    const { door } = columns;
    this.wires.append(svg("rect", { class: "bl-nat-case", x: door.x - 1, y: 0.5, width: door.width + 2, height: laid.height - 1, rx: 4 }));
    for (const each of laid.groups) this.#drawGroup(each);
    if (laid.hiddenAt >= 0) this.#write(laid.hiddenAt, `and ${box.hidden} more: see the table`, "bl-nat-hidden");
    this.#write(laid.closedAt, box.total ? "rest closed" : "all closed", "bl-nat-closed");
    if (box.idle) this.#write(laid.closedAt, `+ ${box.idle} inside`, "bl-nat-hidden", columns.inside);
    if (box.passage) this.#drawPassage(box.passage);
  }

  #write(y, text, classes, { x, width } = this.columns.door) {
    const made = element("span", { class: `bl-nat-text ${classes}`, title: text }, text);
    Object.assign(made.style, { left: `${x}px`, top: `${y}px`, width: `${width}px`, height: `${CLOSED}px` });
    this.root.append(made);
  }

  #drawGroup({ group, y, lines }) {
    const { box, columns: { inside, door } } = this;
    const { who, isBox, isNow } = group;
    const start = { x: inside.x + inside.width, y };
    this.groups.set(who.name, start);
    this.root.append(mark(who.name, "inside", box.host, {
      ...who, more: inside.width < ROOMY ? "" : who.more, classes: isNow ? "bl-nat-now" : "", place: { x: inside.x, y: y - CHIP_HEIGHT / 2, width: inside.width },
    }, ...(isBox ? [boxSign()] : [])));
    for (const line of lines) {
      const middle = line.y + line.height / 2;
      this.doors.set(line.door.mapping, { left: { x: door.x, y: middle }, right: { x: door.x + door.width, y: middle }, start, line });
      this.#wire(bend(start, { x: door.x, y: middle }));
      this.#drawDoor(line);
    }
  }

  #wire(path, classes = "") {
    this.wires.append(svg("path", { class: `bl-nat-wire ${classes}`, d: path }));
  }

  #drawDoor({ door, y, height }) {
    const { scene, box, columns, columns: { outside } } = this;
    const { mapping, remotes, more, isNow } = door;
    const place = { x: columns.door.x + 4, y: inMiddle(y, height), width: columns.door.width - 8 };
    const left = element("span", { class: "bl-nat-left" });
    const rest = svg("rect", { x: 0, y: 0, height: 6 });
    const bar = svg("svg", { class: "bl-nat-time", height: 6, viewBox: `0 0 ${BAR} 6`, preserveAspectRatio: "none", "aria-hidden": "true" }, svg("rect", { class: "bl-nat-all", width: BAR, height: 6 }), rest);
    const made = mark(door.name, "door", box.host, {
      label: portOf(mapping.outside), tip: mapping.outside, classes: `bl-nat-door${isNow ? " bl-nat-now" : ""}`, place,
    });
    made.append(bar, " ", left);
    this.root.append(made);
    this.ticks.push(clock => {
      const [time, lease] = [Math.max(0, door.expiry - clock), Math.max(0, door.leasedUntil - clock)];
      const whole = lease ? Math.max(1, door.leasedUntil - mapping.opened) : box.rules.idle;
      setAttributes(rest, { width: Math.round(BAR * Math.min(1, time / whole)) });
      setText(left, `${lease && columns.door.width >= LEASE_ROOM ? "lease " : ""}${formatLeft(time)}`);
      setAttributes(made, { "aria-label": `${portOf(mapping.outside)} ${left.textContent} left, ${tellAllowed(door)}` }); // begins with what is read
      made.classList.toggle("bl-nat-leased", lease > 0);
      made.dataset.tip = `${mapping.outside}\nfor ${door.owner.label}, ${mapping.inside}\n${tellLeft(time, lease)}`;
    });
    if (!remotes.length) return;
    const middle = y + height / 2;
    const bracket = height > LINE ? `M${outside.x - 4} ${y + 5}h-3V${y + height - 5}h3M${outside.x - 7} ${middle}` : `M${outside.x} ${middle}`;
    this.#wire(`${bracket}H${columns.door.x + columns.door.width}`, remotes.every(({ isKnocking }) => isKnocking) ? "bl-nat-none" : "");
    remotes.forEach((remote, at) => this.#drawRemote(remote, door, placeRemote(columns, y, at)));
    if (more) this.#write(placeRemote(columns, y, remotes.length).y, `+ ${more} more`, "bl-nat-hidden", { x: placeRemote(columns, y, remotes.length).x, width: outside.chip });
  }

  #drawRemote(remote, { mapping }, { x, y }) {
    const { box, columns: { outside } } = this;
    const { name, label, more, tip, until, isKnocking, isNow } = remote;
    const place = { x, y: inMiddle(y), width: outside.chip };
    if (!name) {
      const anybody = element("span", { class: "bl-nat-text bl-nat-anybody", title: tip }, label);
      Object.assign(anybody.style, { left: `${x}px`, top: `${y}px`, width: `${outside.chip}px`, height: `${LINE}px` });
      this.root.append(anybody);
      return;
    }
    const state = isKnocking ? "not let in" : "may answer";
    const classes = `bl-nat-remote${isKnocking ? " bl-nat-knock" : ""}${isNow ? " bl-nat-now" : ""}`;
    const made = mark(name, `remote ${mapping.outside}`, box.host, { label, more, tip: `${tip}\n${state}`, classes, place });
    this.root.append(made);
    if (until === null || isKnocking) return;
    this.ticks.push(clock => {
      const isOver = until <= clock;
      made.classList.toggle("bl-nat-stale", isOver);
      made.dataset.tip = `${tip}\n${isOver ? "may not answer any more" : `may answer for ${formatLeft(until - clock)}`}`;
    });
  }

  // --- the packet of this event ------------------------------------------------------------------------------

  #drawPassage(passage) {
    const { box, doors, groups, columns: { door, outside } } = this;
    const { way, reason, mapping } = passage;
    const at = doors.get(mapping);
    const wall = door.x + door.width;
    const closed = this.laid.closedAt + CLOSED / 2;
    if (way === IN) {
      if (!at) this.#knock(passage);
      const y = at?.right.y ?? closed;
      this.#way(`M${outside.x - 1} ${at ? at.line.y + LINE / 2 : y}H${outside.x - 7}V${y}H${wall + (reason ? 6 : 1)}`, passage);
      if (reason) return this.#cross(wall + 4, y);
      if (at) this.#wayInside(at, passage, true);
      return;
    }
    const sender = box.groups.find(({ isNow }) => isNow);
    const start = at?.start ?? groups.get(sender?.who.name);
    if (!start) return;
    const to = at?.left ?? { x: door.x, y: closed };
    this.#way(bend(start, to), passage);
    if (reason) return this.#cross(door.x - 4, to.y);
    if (way === OUT && at) {
      const y = at.line.y + LINE / 2; // of the first mark: it is the packet's
      this.#way(`M${wall} ${at.right.y}H${outside.x - 8}V${y}`, passage);
      this.#arrow(outside.x - 1, y, 0, passage);
    } else if (way === HAIRPIN && doors.has(passage.other)) this.#wayInside(doors.get(passage.other), passage, true);
    else if (way === ASK) this.#arrow(to.x, to.y, 0, passage);
  }

  /** From a port to the peer that it stands for. */
  #wayInside({ left, start }, passage) {
    this.#way(bend({ x: start.x + 7, y: start.y }, left), passage);
    this.#arrow(start.x + 1, start.y, 180, passage);
  }

  /** Who writes to a port that is not open stands before the closed part of the wall. */
  #knock({ from, to }) {
    const { scene, box, columns: { outside } } = this;
    const who = scene.whoOutside(from, box.host);
    const place = { x: outside.x, y: this.laid.closedAt + 1, width: outside.chip };
    this.root.append(mark(who.name, "knock", box.host, { ...who, tip: `${who.tip}\nknocks in vain at ${portOf(to)}`, classes: "bl-nat-remote bl-nat-knock bl-nat-now", place }));
  }

  #way(path, { group }) {
    const made = svg("path", { class: "bl-nat-way", d: path });
    made.style.stroke = `var(--bl-class-${group})`;
    this.wires.append(made);
  }

  #arrow(x, y, degrees, { group }) {
    const made = svg("path", { class: "bl-nat-arrow", d: ARROW, transform: `translate(${x} ${y}) rotate(${degrees})` });
    made.style.fill = `var(--bl-class-${group})`;
    this.wires.append(made);
  }

  #cross(x, y) {
    this.wires.append(svg("path", { class: "bl-nat-cross", d: CROSS, transform: `translate(${x} ${y})` }));
  }
}

/** A small box: who has others behind it. */
function boxSign() {
  return svg("svg", { class: "bl-nat-sign", width: 12, height: 12, viewBox: "0 0 12 12", "aria-hidden": "true" }, svg("path", { d: "M1.5 1.5h9v9h-9zM1.5 6h9" }));
}

/** How far two peers have come on their way to each other: the rungs of the ladder. */
export function drawAttempt({ peers }, attempt) {
  const { host, name, end, by, tried } = attempt;
  const rung = (step, sign, classes) => element("span", { class: `bl-nat-rung ${classes}` }, step, " ", element("b", { "aria-hidden": "true" }, sign));
  const rungs = tried.map(step => rung(step, "✕", "bl-nat-failed"));
  if (end === REACHED) rungs.push(rung(by, "✓", "bl-nat-works"));
  else rungs.push(element("span", { class: "bl-nat-rung" }, end === TRYING ? "trying …" : "given up"));
  return element("div", { class: "bl-nat-attempt", title: `${peers[host]} to ${name}: ${tellAttempt(attempt)}` }, element("span", {}, `${peers[host]} → ${name}`), " ", ...rungs.flatMap(each => [each, " "]));
}

const SIGNS = {
  [OUT]: "M1 6H17M12.5 2 17 6 12.5 10", [IN]: "M17 6H1M5.5 2 1 6 5.5 10", [HAIRPIN]: "M1 3H12a3 3 0 0 1 0 6H1M4.5 5.5 1 9 4.5 12", [ASK]: "M1 6H10M6.5 2.5 10 6 6.5 9.5",
};

/** What became of a packet, as a small sign; a cross when it was blocked. */
export function passageSign({ way, reason, what }) {
  const path = what === "expired" ? "M3 2H15V10H3Z" : reason ? "M4 2 14 10M14 2 4 10" : SIGNS[way];
  return svg("svg", { class: `bl-nat-passed${reason ? " bl-nat-blocked" : ""}`, width: 18, height: 12, viewBox: "0 0 18 12", "aria-hidden": "true" }, svg("path", { d: path }));
}
