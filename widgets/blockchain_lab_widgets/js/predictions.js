// What the reader is asked to predict. Until it is locked the run is sealed, and Python sends nothing of what lies
// behind the seal; then it is played up to the outcome.

const REASON = "Predict first: what comes next is what you are asked.";

/**
 * The predictions of one lab as Python tells them (`Prediction.to_json`, with a `key`), and how far the reader
 * has read since each was locked.
 */
export class Predictions {
  #list = [];
  #seals = new Map(); // key -> function that breaks the seal
  #reached = new Map(); // key -> furthest event read since the prediction was locked

  /** @param {Store} store */
  constructor(store) {
    this.store = store;
    store.subscribe(() => this.#watch());
  }

  /** All predictions, from Python. One that is not among them any more seals nothing. */
  set(list) {
    this.#list = list;
    this.#seal();
    this.store.changed();
  }

  /** One prediction; null before it has come, or when its card is gone. */
  get(key) {
    return this.#list.find(each => each.key === key) ?? null;
  }

  /** May the outcome be shown? Only to who has read up to it; of another run it cannot be read any more. */
  isRevealed({ key, guess, outcome, is_same_run: isSameRun }) {
    return guess !== null && (!isSameRun || (this.#reached.get(key) ?? 0) >= outcome.decided);
  }

  #seal() {
    const { store } = this;
    const open = new Map(this.#list.filter(({ guess }) => guess === null).map(each => [each.key, each]));
    for (const [key, breakSeal] of [...this.#seals]) {
      if (open.has(key)) continue;
      this.#seals.delete(key);
      breakSeal();
      if (store.notice === REASON) store.say("");
    }
    for (const [key, { from_event: event }] of open) {
      if (this.#seals.has(key)) continue;
      this.#seals.set(key, store.seal(event, REASON));
    }
  }

  /** Who plays stops at the outcome: there it is seen. */
  #watch() {
    const { store } = this;
    for (const prediction of this.#list) {
      const { key, guess } = prediction;
      if (guess === null) {
        this.#reached.delete(key);
        continue;
      }
      const wasRevealed = this.isRevealed(prediction);
      this.#reached.set(key, Math.max(this.#reached.get(key) ?? 0, store.cursor));
      if (wasRevealed || !this.isRevealed(prediction) || !store.playing) continue;
      if (prediction.is_same_run) store.goto(prediction.outcome.decided); // a late frame may have run on
      else store.pause();
    }
  }
}
