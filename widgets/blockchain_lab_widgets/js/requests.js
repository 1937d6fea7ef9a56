// What a page asks of Python: to act, to switch branches, to begin anew. Knows no Jupyter, only a way to send.

const NOBODY_THERE = "Python is not connected: the run can be looked at, but not changed.";

/** Numbers requests and pairs them with their answers; all pages of a lab hear every answer. */
export class Requests {
  #send = null;
  #waiting = new Map(); // request -> resolve
  #page = `${Math.random()}`.slice(2); // no two pages of a lab share a number
  #count = 0;

  /** From now on requests go out through `send`, which may say false: it cannot. null: nobody is there any more. */
  connect(send) {
    this.#send = send;
    if (send) return;
    for (const resolve of this.#waiting.values()) resolve({ ok: false, text: NOBODY_THERE });
    this.#waiting.clear();
  }

  /** Ask. The promise never fails: `{ok, text}`, where the text says why not; and `data`, an ArrayBuffer, if any came. */
  ask(message) {
    if (!this.#send) return Promise.resolve({ ok: false, text: NOBODY_THERE });
    const request = `${this.#page}/${this.#count++}`;
    return new Promise(resolve => {
      this.#waiting.set(request, resolve);
      if (this.#send({ ...message, request }) === false) this.answer({ request, ok: false, text: NOBODY_THERE });
    });
  }

  /** Python has answered, us or another page. */
  answer({ request, ok, text }, data = null) {
    this.#waiting.get(request)?.(data ? { ok, text, data } : { ok, text });
    this.#waiting.delete(request);
  }
}
