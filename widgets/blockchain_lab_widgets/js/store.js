// One store per lab: a reader in time, and what Python tells and is asked. Knows neither Jupyter nor the page.
import { Predictions } from "./predictions.js";
import { Reader } from "./reader.js";
import { Requests } from "./requests.js";

/**
 * All views of a lab read from one store and change it through its methods, never otherwise.
 *
 * @property {Trace} trace
 * @property {number} branch which line of descent this is, for `record:<branch>:<row>`
 * @property {number} cursor how many events have happened where the reader looks
 * @property {number} clock µs; between the cursor's event and the next while playing, so dots can move
 * @property {string|null} selection what is chosen; told to Python. "peer:ann", "record:0:120", "block:<hash>",
 *   "tx:<txid>", "address:<ip>:<port>" of which nobody knows whose it is, "link:<a>-<b>" and "group:<a>,<b>,…" with host numbers
 * @property {string|null} hover the same syntax; never told to Python
 * @property {string|null} lens the peer through whose eyes all is seen; null sees all of them
 * @property {{event, reason}|null} sealed how far the reader may read, and why no further; null for all
 * @property {boolean} playing
 * @property {"compressed"|"real"} pace how long an event lasts on the screen: playback.js
 * @property {number} speed times the pace
 * @property {{from, to}|null} loop events that are played again and again
 * @property {string} kind of event that keys and buttons step to: a name of kinds.js
 * @property {number} furthest last event that was shown
 * @property {{parent, fork, head, label}[]} branches all futures, none while there is only one: parent branch (null
 *   for the first), event where it left it, last event, and the action that began it, in words
 * @property {Predictions} predictions what the reader is asked before he may look: predictions.js
 * @property {boolean} busy Python works at something that the reader asked for
 * @property {boolean} connected can Python be asked? Without it everything can be looked at and nothing changed
 * @property {boolean} lost Python was there, and is gone
 * @property {string} notice why the reader's last wish could not be met; "" for none
 * @property {string} trouble what went wrong in Python, for the reader; "" when all is well
 * @property {string} traceback where in Python's code that was
 */
export class Store extends Reader {
  #openers = new Set();
  #requests = new Requests();

  constructor() {
    super();
    Object.assign(this, { trouble: "", traceback: "", branches: [], connected: false, lost: false, busy: false });
    this.isStandalone = false; // a page of its own: there is no Python, and never will be
    this.recipe = ""; // there, the code that makes the run again
    this.predictions = new Predictions(this);
    this.memory = new Map(); // what a view wants to find again when it is shown again, by its own name for it
  }

  /** Why nothing can be changed. */
  get absence() {
    if (this.isStandalone) return "This page is a finished run";
    return this.connected && this.isFinished ? "This run is read-only" : "Python is not connected";
  }

  /** A run that nobody may change, ever. */
  get isFinished() {
    return this.isStandalone || this.trace.readOnly !== "";
  }

  /** May the run be changed now? */
  get isOpen() {
    return this.connected && !this.isFinished;
  }

  /** Call `opener(name)` when a view is wanted, by its name in views.js. Returns a function that ends it. */
  onOpen(opener) {
    this.#openers.add(opener);
    return () => this.#openers.delete(opener);
  }

  // --- from Python -------------------------------------------------------------------------------------------

  /**
   * Take a batch of records. `head.opening` is where a page that had none opens; `head.cursor` moves every
   * reader, because Python moved. Returns false when records are missing before these.
   */
  append(head, buffer) {
    const { epoch, length, play } = this.trace;
    const complete = this.trace.append(head, buffer);
    const isAnother = length > 0 && this.trace.play !== play;
    if (isAnother) this.#beginAnew();
    if (this.trace.epoch !== epoch) this.furthest = Math.min(this.furthest, this.trace.lastKept);
    this.branch = head.branch ?? this.branch;
    const isOpening = complete && "opening" in head && (!length || isAnother);
    if (isOpening && !length && head.selection) this.select(head.selection);
    if (isOpening) this.follow(head.opening);
    else if (complete && "cursor" in head) this.follow(head.cursor);
    else if (this.cursor > this.trace.lastEvent) this.follow(this.trace.lastEvent);
    else if (complete && this.trace.epoch !== epoch) this.goto(this.cursor); // another future: the event has another time there
    this.#moveSelection(this.trace.epoch !== epoch);
    this.fitLoop();
    this.changed();
    return complete;
  }

  // Another scenario: nothing that was chosen or remembered is there any more.
  #beginAnew() {
    Object.assign(this, { selection: null, hover: null, lens: null, loop: null, furthest: 0 });
    this.memory.clear();
  }

  // What came before the cut is the same record on every branch; what came behind it is not there any more.
  #moveSelection(isCut) {
    const row = Number(this.selection?.match(/^record:\d+:(\d+)$/)?.[1] ?? -1);
    if (row >= 0) this.select(isCut && row >= this.trace.cutAt ? null : `record:${this.branch}:${row}`);
  }

  /** Take a chunk of message bytes. Returns false when chunks are missing before it. */
  appendMessages(from, buffer) {
    const complete = this.trace.messages.append(from, buffer);
    this.changed();
    return complete;
  }

  /** All futures, as Python knows them. */
  setBranches(branches) {
    this.branches = branches;
    this.changed();
  }

  /** Python can be asked from now on through `send`; not any more when it is null. */
  connect(send) {
    this.#requests.connect(send);
    this.lost = send === null && (this.connected || this.lost);
    this.connected = send !== null;
    this.changed();
  }

  /** Python's answer to a request. */
  answer(head, data = null) {
    this.#requests.answer(head, data);
  }

  /** Show the reader what went wrong in Python, and where in its code; "" takes it away. */
  setTrouble(text, traceback = "") {
    Object.assign(this, { trouble: text, traceback });
    this.changed();
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

  /** Play the figure of a claim: the lab of a claim card begins another scenario. */
  choose(claim, era) {
    return this.#request({ type: "choose", claim, era });
  }

  /** Lock a prediction, by its key. A refusal is the card's to show. */
  commit(prediction, value) {
    this.pause();
    return this.#requests.ask({ type: "commit", prediction, value });
  }

  /** Ask the question of a prediction anew, of the run as it is now. */
  askAgain(prediction) {
    return this.#request({ type: "ask again", prediction });
  }

  /** Let Python make a file of the run as it is seen here: "code", "run" or "page". `data` of the answer holds it. */
  makeFile(what, views) {
    const { cursor, selection, trace: { epoch } } = this;
    return this.#request({ type: "file", what, cursor, selection, views, epoch });
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
    this.changed();
  }

  /** Let the workbench show a view. */
  open(name) {
    for (const opener of this.#openers) opener(name);
  }

  /** Ask why something is so: select it, and open the view that answers. Without a selection, the latest record. */
  askWhy(name = this.selection ?? this.latest) {
    this.select(name);
    this.open("why");
  }
}
