// One store per lab: where the reader is, and what is selected. Knows neither Jupyter nor the page.
import { Playback } from "./playback.js";
import { Requests } from "./requests.js";
import { Trace } from "./trace.js";

/** The cursor rests when it has stood still for this long (ms), or at once when a pointer or a key goes up. */
const REST = 150;

/**
 * All views of a lab read from one store and change it through its methods, never otherwise.
 *
 * @property {Trace} trace
 * @property {number} branch which line of descent this is, for `record:<branch>:<row>`
 * @property {number} cursor how many events have happened where the reader looks
 * @property {number} clock µs; between the cursor's event and the next while playing, so dots can move
 * @property {string|null} selection "peer:ann", "record:0:120", "block:<hash>", "tx:<hash>"; told to Python
 * @property {string|null} hover the same syntax; never told to Python
 * @property {boolean} playing
 * @property {number} speed times the compressed pace
 * @property {{parent, fork, head, label}[]} branches all futures, none while there is only one: parent branch (null for the first), event where it
 *   left it, last event, and the action that began it, in words
 * @property {boolean} busy Python works at something that the reader asked for
 * @property {boolean} connected can Python be asked? Without it everything can be looked at and nothing changed
 * @property {string} notice the answer to the reader's last action, when it was refused; "" for none
 * @property {string} trouble what went wrong in Python, for the reader; "" when all is well
 */
export class Store {
  #listeners = new Set();
  #resters = new Set();
  #openers = new Set();
  #visible = new Set(); // hosts on the screen
  #requests = new Requests();
  #playback = new Playback(this);
  #restTimer = 0;
  #reported = null; // the place that Python knows

  constructor() {
    this.trace = new Trace();
    Object.assign(this, { branch: 0, cursor: 0, clock: 0, waited: 0, playing: false, speed: 1 });
    Object.assign(this, { selection: null, hover: null, trouble: "", notice: "", branches: [], connected: false });
    this.busy = false;
    this.furthest = 0; // last event shown; Python asks before it replaces a future silently
    this.memory = new Map(); // what a view wants to find again when it is shown again, by its own name for it
  }

  // --- who wants to know -------------------------------------------------------------------------------------

  /** Call `listener()` after every change. Returns a function that ends it. */
  subscribe(listener) {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Call `rester(store)` whenever cursor or selection rest at a new place. Returns a function that ends it. */
  onRest(rester) {
    this.#resters.add(rester);
    return () => this.#resters.delete(rester);
  }

  /** Call `opener(name)` when a view is wanted, by its name in views.js. Returns a function that ends it. */
  onOpen(opener) {
    this.#openers.add(opener);
    return () => this.#openers.delete(opener);
  }

  #changed() {
    this.#playback.update();
    for (const listener of this.#listeners) listener();
  }

  /** A painter says whether its host is on the screen: without any, playing costs no frames. */
  setVisible(host, visible) {
    if (visible) this.#visible.add(host);
    else this.#visible.delete(host);
    this.#playback.update();
  }

  /** Is any view of this lab on the screen? */
  get isVisible() {
    return this.#visible.size > 0;
  }

  // --- from Python -------------------------------------------------------------------------------------------

  /**
   * Take a batch of records. `head.opening` is where a page that had none opens; `head.cursor` moves every
   * reader, because Python moved. Returns false when records are missing before these.
   */
  append(head, buffer) {
    const { epoch, length } = this.trace;
    const complete = this.trace.append(head, buffer);
    if (this.trace.epoch !== epoch) this.furthest = Math.min(this.furthest, this.trace.lastKept);
    if ("branch" in head) this.#moveSelection(head.branch);
    if (complete && !length && "opening" in head) this.follow(head.opening);
    else if (complete && "cursor" in head) this.follow(head.cursor);
    else if (this.cursor > this.trace.lastEvent) this.follow(this.trace.lastEvent);
    this.#changed();
    return complete;
  }

  // What came before the fork is the same record on both branches; what came behind it is not there any more.
  #moveSelection(branch) {
    const row = Number(this.selection?.match(/^record:\d+:(\d+)$/)?.[1] ?? -1);
    if (branch !== this.branch && row >= 0) {
      this.selection = row < this.trace.cutAt ? `record:${branch}:${row}` : null;
    }
    this.branch = branch;
  }

  /** Take a chunk of message bytes. Returns false when chunks are missing before it. */
  appendMessages(from, buffer) {
    const complete = this.trace.messages.append(from, buffer);
    this.#changed();
    return complete;
  }

  /** Go where Python went. It knows, so nothing is reported back. */
  follow(event) {
    const cursor = Math.max(0, Math.min(event, this.trace.lastEvent));
    this.playing = false;
    this.#place({ cursor, clock: this.trace.timeOf(cursor), waited: 0 });
    this.#reported = this.#where();
    this.#changed();
  }

  /** All futures, as Python knows them. */
  setBranches(branches) {
    this.branches = branches;
    this.#changed();
  }

  /** Python can be asked from now on through `send`; not any more when it is null. */
  connect(send) {
    this.#requests.connect(send);
    this.connected = send !== null;
    this.#changed();
  }

  /** Python's answer to a request. */
  answer(head) {
    this.#requests.answer(head);
  }

  /** Show the reader what went wrong in Python; "" takes it away. */
  setTrouble(text) {
    this.trouble = text;
    this.#changed();
  }

  // --- from the reader ---------------------------------------------------------------------------------------

  /** Stop playing and go to an event, as near as the trace allows. */
  goto(event) {
    const cursor = Math.max(0, Math.min(event, this.trace.lastEvent));
    this.playing = false;
    this.moveTo({ cursor, clock: this.trace.timeOf(cursor), waited: 0 });
  }

  /** Stop playing and go to a moment in µs: the last event that has happened then. */
  gotoTime(clock) {
    this.goto(this.trace.eventAt(clock));
  }

  /** Stop playing and go some events forward, or back when negative. */
  stepBy(events) {
    this.goto(this.cursor + events);
  }

  /** Cursor, clock and waited part at once; for playback. */
  moveTo(place) {
    this.#place(place);
    this.#restLater();
    this.#changed();
  }

  /** Select what a name stands for; null for nothing. */
  select(selection) {
    if (selection === this.selection) return;
    this.selection = selection;
    this.#restLater();
    this.#changed();
  }

  /** Light up what the pointer is on, in every view; null for nothing. */
  point(hover) {
    if (hover === this.hover) return;
    this.hover = hover;
    this.#changed();
  }

  /** Play on from here; from the start when the end is reached. */
  play() {
    if (this.playing || !this.trace.lastEvent) return;
    if (this.cursor >= this.trace.lastEvent) this.goto(0);
    this.playing = true;
    this.#changed();
  }

  /** Stand still. */
  pause() {
    if (!this.playing) return;
    this.playing = false;
    this.rest();
    this.#changed();
  }

  /** Play or pause. */
  toggle() {
    if (this.playing) this.pause();
    else this.play();
  }

  /** Choose one of `SPEEDS`. */
  setSpeed(speed) {
    this.speed = speed;
    this.#changed();
  }

  // --- what changes the run ----------------------------------------------------------------------------------

  /**
   * Let something happen as the next event: `{do: "Mine", peer: "ann"}`, named as in Python. Python goes there,
   * acts, and moves every page to the event of the action. In a past whose future was seen, this begins a branch.
   *
   * @param {number} [event] act behind this event instead of at the cursor: while a message is in flight, say
   * @returns {Promise<{ok: boolean, text: string}>} a refusal is shown as `notice`, too
   */
  act(action, event = this.cursor) {
    const { furthest, trace: { epoch } } = this;
    return this.#request({ type: "act", action, cursor: event, furthest, epoch });
  }

  /** Go to another future. */
  switchTo(branch) {
    return this.#request({ type: "switch", branch });
  }

  /** Begin anew: without any of the actions, with another seed (decimal digits) when one is given. */
  reset(seed = null) {
    return this.#request({ type: "reset", seed });
  }

  async #request(message) {
    this.pause();
    this.say("");
    this.#setBusy(true);
    const answer = await this.#requests.ask(message);
    this.#setBusy(false);
    if (!answer.ok) this.say(answer.text);
    return answer;
  }

  #setBusy(busy) {
    this.busy = busy;
    this.#changed();
  }

  /** Tell the reader something that concerns what was just done; "" takes it away. */
  say(notice) {
    if (notice === this.notice) return;
    this.notice = notice;
    this.#changed();
  }

  /** Let the workbench show a view. */
  open(name) {
    for (const opener of this.#openers) opener(name);
  }

  /** The pointer or the key went up: tell Python now, if the place is new. Nothing is told while playing. */
  rest() {
    clearTimeout(this.#restTimer);
    if (this.playing || this.#where() === this.#reported) return;
    this.#reported = this.#where();
    for (const rester of this.#resters) rester(this);
  }

  #restLater() {
    clearTimeout(this.#restTimer);
    this.#restTimer = setTimeout(() => this.rest(), REST);
  }

  #place(place) {
    Object.assign(this, place);
    this.furthest = Math.max(this.furthest, this.cursor);
  }

  #where() {
    return `${this.branch}/${this.cursor}/${this.selection}`;
  }
}
