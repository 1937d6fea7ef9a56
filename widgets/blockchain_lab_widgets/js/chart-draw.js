// The chart's elements: made once for each message and mark, moved when the window moves, and only lit up otherwise.
import { FLYING, LOST } from "./chart-data.js";
import { pointAt } from "./chart-layout.js";
import { SHAPES } from "./chart-marks.js";
import { badgeOf } from "./chart-plan.js";
import { Keyed, setAttributes, setText, svg } from "./dom.js";
import { CLASSES } from "./palette.js";

const HEAD = 7; // pixels, length of an arrowhead
const round = number => Math.round(number * 10) / 10;
const toPath = ({ x0, y0, x1, y1 }) => `M${round(x0)} ${round(y0)}L${round(x1)} ${round(y1)}`;

/** An arrowhead, or a cross for a message that is lost, at the end of a line. */
function endPath({ x0, y0, x1, y1 }, fate) {
  if (fate === FLYING) return "";
  const [x, y] = [round(x1), round(y1)];
  if (fate === LOST) return `M${x - 4.5} ${y - 4.5}l9 9m0 -9l-9 9`;
  const length = Math.hypot(x1 - x0, y1 - y0) || 1;
  const [ux, uy] = [(HEAD * (x1 - x0)) / length, (HEAD * (y1 - y0)) / length];
  return `M${x} ${y}L${round(x1 - ux - 0.45 * uy)} ${round(y1 - uy + 0.45 * ux)}L${round(x1 - ux + 0.45 * uy)} ${round(y1 - uy - 0.45 * ux)}z`;
}

/** A thing that the keyboard reaches. */
function makeItem(kind, ...parts) {
  return svg("g", { class: kind, tabindex: "-1", role: "button" }, ...parts);
}

export class ChartDrawing {
  /** @param {Element} stage the box that the picture fills */
  constructor(stage) {
    const layer = name => svg("g", { class: `bl-chart-${name}` });
    const path = name => svg("path", { class: `bl-chart-${name}` });
    this.faint = new Map(CLASSES.map(kind => [kind, svg("path", { class: `bl-chart-faint bl-class-${kind}` })]));
    this.back = svg("rect", { class: "bl-chart-back", width: "100%", height: "100%" });
    this.veil = svg("rect", { class: "bl-chart-veil", x: 0, width: "100%" });
    this.now = path("now");
    this.lit = path("lit");
    this.chosen = path("chosen");
    const [lanes, links, everywhere, arrows, marks, labels, badges, dots] =
      ["lanes", "links", "everywhere", "arrows", "marks", "labels", "badges", "dots"].map(layer);
    this.items = svg("g", {}, everywhere, this.lit, this.chosen, links, arrows, marks);
    this.plot = svg("svg", { class: "bl-plot" }, this.back, lanes, ...this.faint.values(), this.items, labels, badges, this.veil, dots, this.now);
    this.heads = layer("heads");
    this.times = layer("times");
    this.axis = svg("rect", { class: "bl-chart-axis", x: 0 });
    this.scale = svg("text", { class: "bl-chart-scale", x: 6, y: 15 }, "not to scale");
    this.pin = path("pin");
    this.root = stage.appendChild(svg("svg", { class: "bl-chart-picture", role: "group" }, this.axis, this.times, this.pin, this.scale, this.plot, this.heads));
    this.keyed = {
      lanes: new Keyed(lanes, () => svg("line")), heads: new Keyed(this.heads, host => this.#makeHead(host)),
      links: new Keyed(links, () => svg("path")), badges: new Keyed(badges, () => svg("g", {}, svg("circle", { r: 8.5 }), svg("text", { y: 4 }))),
      arrows: new Keyed(arrows, key => this.#makeArrow(key)), marks: new Keyed(marks, key => this.#makeMark(key)),
      everywhere: new Keyed(everywhere, key => this.#makeMark(key)),
      labels: new Keyed(labels, () => svg("text")), dots: new Keyed(dots, () => svg("circle", { r: 4.5 })),
      times: new Keyed(this.times, () => svg("text", { "text-anchor": "end" })),
    };
  }

  #makeHead(host) {
    const made = makeItem("bl-chart-head", svg("rect"), svg("text"));
    made.dataset.host = host;
    return made;
  }

  #makeArrow(key) {
    const made = makeItem("bl-chart-arrow", ...["halo", "shaft", "end"].map(part => svg("path", { class: `bl-chart-${part}` })));
    made.dataset.key = key;
    return made;
  }

  #makeMark(key) {
    const made = makeItem("bl-chart-mark", ...["halo", "shape"].map(part => svg("path", { class: `bl-chart-${part}` })));
    made.dataset.key = key;
    return made;
  }

  /**
   * Put everything in its place.
   *
   * @param {object} plan of `makePlan`
   * @param {{width, height, axis, head, turned}} frame of the whole picture; `axis` and `head` are the margins left and above, and
   *   `turned` names stand aslant
   * @param {{nameOf: function, shorten: function, tell: function}} words for hosts, for the room of a lane, for items
   */
  draw(plan, frame, words) {
    this.plan = plan;
    const { width, height, axis, head } = frame;
    setAttributes(this.root, { width, height });
    setAttributes(this.plot, { x: axis, y: head, width: width - axis, height: height - head });
    setAttributes(this.axis, { y: head, width: axis, height: height - head });
    setAttributes(this.scale, { y: head - 7 });
    this.#drawLanes(plan, frame, words);
    this.#drawArrows(plan, words);
    this.#drawMarks(plan, frame, words);
    const labels = new Map(plan.labels.map(each => [each.key, each]));
    this.keyed.labels.sync(labels.keys(), (made, key) => {
      const { text, box } = labels.get(key);
      setAttributes(made, { x: round(box.x), y: round(box.y + 11) });
      setText(made, text);
    });
    this.keyed.times.sync(plan.times.keys(), (made, at) => {
      const { text, y, isWait } = plan.times[at];
      setAttributes(made, { x: axis - 8, y: round(y + head + 4), class: isWait ? "bl-chart-wait" : null });
      setText(made, text);
    });
  }

  #drawLanes({ hosts, lanes, stops }, { axis, head, height, turned }, { nameOf, shorten }) {
    this.keyed.lanes.sync(hosts, (made, host) => {
      const x = round(lanes.xOf(host));
      setAttributes(made, { x1: x, x2: x, y1: 0, y2: height - head, "data-host": host });
    });
    this.keyed.heads.sync(hosts, (made, host) => {
      const x = round(axis + lanes.xOf(host));
      const [box, text] = made.children;
      setAttributes(box, turned ? { x: x - 8, y: 2, width: 16, height: head - 4 } : { x: x - lanes.gap / 2 + 1, y: 2, width: lanes.gap - 2, height: head - 4, rx: 4 });
      setAttributes(text, turned ? { x: 0, y: 0, transform: `translate(${x + 4} ${head - 6}) rotate(-60)`, "text-anchor": "start" }
        : { x, y: head - 7, transform: null, "text-anchor": "middle" });
      setText(text, shorten(nameOf(host)));
      setAttributes(made, { "aria-label": `lane of ${nameOf(host)}`, "data-tip": shorten(nameOf(host)) === nameOf(host) ? null : nameOf(host) });
    });
    this.stops = stops;
  }

  #drawArrows({ strong, faint, links }, { tell }) {
    const because = new Set(links.map(({ to }) => to));
    const drawn = new Map(strong.map(each => [each.arrow.key, each]));
    this.keyed.arrows.sync(drawn.keys(), (made, key) => {
      const { arrow, line, visible } = drawn.get(key);
      const [halo, shaft, end] = made.children;
      const path = toPath(visible);
      setAttributes(halo, { d: path });
      setAttributes(shaft, { d: path });
      setAttributes(end, { d: endPath(line, arrow.fate) });
      const look = {
        "bl-late": arrow.late > 0, "bl-copy": arrow.isCopy, "bl-edited": arrow.isEdited, "bl-lost": arrow.fate === LOST,
        "bl-flying": arrow.fate === FLYING, "bl-because": because.has(arrow.sent) || because.has(arrow.end),
      };
      const names = Object.keys(look).filter(name => look[name]);
      const classes = ["bl-chart-arrow", `bl-class-${arrow.kind}`, ...names].join(" ");
      setAttributes(made, { class: classes, "aria-label": tell(drawn.get(key)) });
    });
    for (const [kind, path] of this.faint) {
      setAttributes(path, { d: faint.filter(({ arrow }) => arrow.kind === kind).map(({ visible }) => toPath(visible)).join("") });
    }
    this.keyed.links.sync(links.keys(), (made, at) => setAttributes(made, { d: toPath(links[at].visible) }));
    this.keyed.badges.sync(links.keys(), (made, at) => {
      const { x, y } = badgeOf(links[at]);
      setAttributes(made, { transform: `translate(${round(x)} ${round(y)})` });
      setText(made.lastChild, String(links[at].number));
    });
  }

  #drawMarks({ marks }, { width, axis }, { tell }) {
    const place = (keyed, wanted, draw) => {
      const drawn = new Map(wanted.map(each => [each.key, each]));
      keyed.sync(drawn.keys(), (made, key) => {
        const each = drawn.get(key);
        const [halo, shape] = made.children;
        draw(each, made, shape);
        setAttributes(halo, { d: shape.getAttribute("d") });
        setAttributes(made, { class: `bl-chart-mark bl-mark-${each.mark}`, "aria-label": tell(each) });
      });
    };
    place(this.keyed.marks, marks.filter(({ mark }) => mark !== "everywhere"), ({ mark, x, y }, made, shape) => {
      setAttributes(shape, { d: SHAPES[mark] });
      setAttributes(made, { transform: `translate(${round(x)} ${round(y)})` });
    });
    place(this.keyed.everywhere, marks.filter(({ mark }) => mark === "everywhere"), ({ y }, made, shape) =>
      setAttributes(shape, { d: `M0 ${round(y)}H${width - axis}` }));
  }

  /** The present: what lies below it has not happened yet; a message in flight ends on its line, in a dot. */
  move(y, cursor, { width, height, axis, head }) {
    const room = height - head;
    const edge = Math.max(-2, Math.min(room + 2, y));
    setAttributes(this.veil, { y: round(edge), height: round(Math.max(0, room - edge)) });
    setAttributes(this.now, { d: `M0 ${round(edge)}H${width - axis}` });
    const pinned = head + Math.max(4, Math.min(room - 4, y));
    setAttributes(this.pin, { d: `M${axis} ${round(pinned)}l-7 -5v10z` });
    const flying = y < 0 || y > room ? [] : this.plan.strong.filter(({ arrow }) => arrow.begins <= cursor && arrow.ends > cursor);
    const dots = new Map(flying.map(each => [each.arrow.key, each]));
    this.keyed.dots.sync(dots.keys(), (made, key) => {
      const { arrow, line } = dots.get(key);
      const { x, y: height } = pointAt(line, Math.min(y, line.y1));
      setAttributes(made, { cx: round(x), cy: round(height), class: `bl-class-${arrow.kind}${arrow.fate === LOST ? " bl-lost" : ""}` });
    });
  }

  /**
   * What the peer under the lens does not know is dotted; its messages in flight are.
   *
   * @param {{name, arrows: (drawn) => boolean, marks: (mark) => boolean, hosts: (host) => boolean}} unseen
   */
  dim({ name, arrows, marks, hosts }) {
    const look = (made, isUnseen) => {
      made.classList.toggle("bl-unseen", isUnseen);
      if (made.hasAttribute("role")) setAttributes(made, { "aria-description": isUnseen ? `unknown to ${name}` : null });
    };
    const { labels, dots } = this.keyed;
    const lookAll = (made, key, isUnseen) => {
      look(made, isUnseen);
      for (const beside of [labels, dots]) beside.live.get(key)?.classList.toggle("bl-unseen", isUnseen);
    };
    for (const each of this.plan.strong) lookAll(this.keyed.arrows.live.get(each.arrow.key), each.arrow.key, arrows(each));
    for (const each of this.plan.marks) {
      const { live } = each.mark === "everywhere" ? this.keyed.everywhere : this.keyed.marks;
      lookAll(live.get(each.key), each.key, marks(each));
    }
    for (const part of ["lanes", "heads"]) for (const [host, made] of this.keyed[part].live) look(made, hosts(host));
  }

  /** Squares in the colours that tips have now: `fillOf(hash)` is a CSS colour. */
  paintTips(fillOf) {
    for (const { key, mark, record } of this.plan.marks) {
      if (mark === "tip") this.keyed.marks.live.get(key).lastChild.style.fill = fillOf(record.facts.hash);
    }
  }

  /**
   * Light up what is pointed at and what is selected.
   *
   * @param {{arrows: (drawn) => boolean, marks: (mark) => boolean, hosts: Set<number>}} lit
   * @param {{arrows, marks, hosts}} chosen the same for the selection
   */
  light(lit, chosen) {
    const all = [...this.plan.strong, ...this.plan.faint];
    for (const [path, who] of [[this.lit, lit], [this.chosen, chosen]]) {
      const named = all.filter(who.arrows);
      setAttributes(path, { d: named.map(({ visible }) => toPath(visible)).join("") });
      path.classList.toggle("bl-many", named.length > 2);
    }
    const look = (made, isLit, isChosen) => {
      made.classList.toggle("bl-hover", isLit);
      made.classList.toggle("bl-selected", isChosen);
      if (made.hasAttribute("role")) setAttributes(made, { "aria-pressed": String(isChosen) });
    };
    for (const each of this.plan.strong) look(this.keyed.arrows.live.get(each.arrow.key), lit.arrows(each), chosen.arrows(each));
    for (const each of this.plan.marks) {
      const { live } = each.mark === "everywhere" ? this.keyed.everywhere : this.keyed.marks;
      look(live.get(each.key), lit.marks(each), chosen.marks(each));
    }
    for (const name of ["lanes", "heads"]) {
      for (const [host, made] of this.keyed[name].live) look(made, lit.hosts.has(host), chosen.hosts.has(host));
    }
  }

  /** What the keyboard reaches, in time order. */
  getItems() {
    const { arrows, marks, everywhere } = this.keyed;
    const entries = [
      ...this.plan.strong.map(({ arrow }) => [arrow.sent, arrows.live.get(arrow.key)]),
      ...this.plan.marks.map(({ row, key }) => [row, (marks.live.get(key) ?? everywhere.live.get(key))]),
    ];
    return entries.sort(([one], [other]) => one - other).map(([, made]) => made);
  }
}
