// Where a reader stands in a trace, and what he has selected. Knows neither Python nor the page.
import { describeMiss, findEvent } from "./kinds.js";
import { PACES, Playback } from "./playback.js";
import { Trace } from "./trace.js";

/** The cursor rests when it has stood still for this long (ms), or at once when a pointer or a key goes up. */
const REST = 150;

/** The half of the store that moves in time; it can be used without Python. The properties: `Store`. */
export class Reader {
  #listeners = new Set();
  #resters = new Set();
  #seals = new Set(); // {event, reason}: who reads beyond would know what he is asked to predict
  #visible = new Set(); // hosts on the screen
  #playback = new Playback(this);
  #restTimer = 0;
  #reported = null; // the place that Python knows

  constructor() {
    this.trace = new Trace();
    Object.assign(this, { branch: 0, cursor: 0, clock: 0, waited: 0, playing: false });
    Object.assign(this, { pace: "compressed", speed: 1, loop: null });
    Object.assign(this, { kind: "message", selection: null, hover: null, lens: null, notice: "" });
    this.furthest = 0; // last event shown; Python asks before it replaces a future silently
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

  /** Something is new: tell everybody. */
  changed() {
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

  // --- moving ------------------------------------------------------------------------------------------------

  /** Stop playing and go to an event, as near as the trace allows. */
  goto(event) {
    this.playing = false;
    this.moveTo(this.#standAt(this.#stayBefore(event))); // what is sealed may not even be here
  }

  /** Stop playing and go to a moment in µs: the last event that has happened then. */
  gotoTime(clock) {
    this.goto(this.trace.eventAt(clock));
  }

  /** Stop playing and go some events forward, or back when negative. */
  stepBy(events) {
    this.goto(this.cursor + events);
  }

  /**
   * Stop playing and go to the next event of a kind, or to the previous one when `direction` is -1. When there is
   * none, nothing moves and the notice says so.
   *
   * @param {string} name of one of `KINDS`
   */
  stepTo(name, direction) {
    const event = findEvent(this, name, direction);
    this.say(event === null ? describeMiss(this, name, direction) : "");
    if (event !== null) this.goto(event);
  }

  /** Choose the kind of event that keys and buttons step to. */
  setKind(name) {
    this.kind = name;
    this.changed();
  }

  /** Cursor, clock and waited part at once; for playback, which a seal ends. */
  moveTo(place) {
    const last = this.#stayBefore(place.cursor);
    if (last < place.cursor) this.playing = false;
    this.#place(last < place.cursor ? this.#standAt(last) : place);
    this.#restLater();
    this.changed();
  }

  /** Go where Python went. It knows, so nothing is reported back. */
  follow(event) {
    this.playing = false;
    this.#place(this.#standAt(event));
    this.#reported = this.#where();
    this.changed();
  }

  /**
   * Let nobody read beyond an event until the seal is broken; who tries is told the reason. Python's own moves
   * are no reading. Returns a function that breaks it.
   */
  seal(event, reason) {
    const seal = { event, reason };
    this.#seals.add(seal);
    if (this.cursor > event) this.goto(event);
    else this.changed();
    return () => {
      this.#seals.delete(seal);
      this.changed();
    };
  }

  /** The seal that is met first, `{event, reason}`; null when all may be read. */
  get sealed() {
    return [...this.#seals].reduce((first, seal) => (first && first.event <= seal.event ? first : seal), null);
  }

  /** The event itself, or the last one that may be read: then the notice says why. */
  #stayBefore(event) {
    const { sealed } = this;
    if (!sealed || event <= sealed.event) return event;
    this.say(sealed.reason);
    return sealed.event;
  }

  #standAt(event) {
    const cursor = Math.max(0, Math.min(event, this.trace.lastEvent));
    return { cursor, clock: this.trace.timeOf(cursor), waited: 0 };
  }

  #place(place) {
    Object.assign(this, place);
    this.furthest = Math.max(this.furthest, this.cursor);
  }

  // --- playing -----------------------------------------------------------------------------------------------

  /** Play on from here; from the start of the loop, or of all, when the end is reached. */
  play() {
    const { loop, trace: { lastEvent } } = this;
    if (this.playing || !lastEvent) return;
    if (this.sealed?.event <= this.cursor) {
      this.say(this.sealed.reason);
      return;
    }
    if (loop && (this.cursor < loop.from || this.cursor >= loop.to)) this.goto(loop.from);
    else if (this.cursor >= lastEvent) this.goto(0);
    this.playing = true;
    this.changed();
  }

  /** Stand still. */
  pause() {
    if (!this.playing) return;
    this.playing = false;
    this.rest();
    this.changed();
  }

  /** Play or pause. */
  toggle() {
    if (this.playing) this.pause();
    else this.play();
  }

  /** Choose one of the speeds of the present pace. */
  setSpeed(speed) {
    this.speed = speed;
    this.changed();
  }

  /** Choose one of `PACES`, by name; a speed that it does not know becomes 1. */
  setPace(pace) {
    this.pace = pace;
    if (!PACES[pace].speeds.includes(this.speed)) this.speed = 1;
    this.changed();
  }

  /** Play these events again and again: `{from, to}`, in any order; null for no loop. */
  setLoop(loop) {
    this.loop = loop;
    this.fitLoop();
    this.changed();
  }

  /** Keep the loop within the trace; one that holds no step is none. */
  fitLoop() {
    if (!this.loop) return;
    const [from, to] = [this.loop.from, this.loop.to]
      .map(event => Math.max(0, Math.min(event, this.trace.lastEvent)))
      .sort((a, b) => a - b);
    this.loop = from < to ? { from, to } : null;
  }

  // --- looking -----------------------------------------------------------------------------------------------

  /** Select what a name stands for; null for nothing. */
  select(selection) {
    if (selection === this.selection) return;
    this.selection = selection;
    this.#restLater();
    this.changed();
  }

  /** See the run as one peer sees it, by its name; null to see all. */
  lookAs(name) {
    if (name === this.lens) return;
    this.lens = name;
    this.changed();
  }

  /** Light up what the pointer is on, in every view; null for nothing. */
  point(hover) {
    if (hover === this.hover) return;
    this.hover = hover;
    this.changed();
  }

  /** Tell the reader something that concerns what was just done; "" takes it away. */
  say(notice) {
    if (notice === this.notice) return;
    this.notice = notice;
    this.changed();
  }

  /** The name of the latest record at the cursor; null before the first. */
  get latest() {
    const rows = this.trace.rowsUpTo(this.cursor);
    return rows ? `record:${this.branch}:${rows - 1}` : null;
  }

  // --- resting -----------------------------------------------------------------------------------------------

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

  #where() {
    return `${this.branch}/${this.cursor}/${this.selection}`;
  }
}
