// Up and Down walk down a stack one transaction at a time, through bundles too, and select as they go.
import { roving } from "./roving.js";

/**
 * @param {Element} stage holds the marks: elements with `data-name` and `data-host`
 * @param {(mark: Element) => {txid: string}[]|null} staysOf whom a mark stands for; null for a line that is none
 * @returns {{update, remember, stop}} `remember()` before the marks are made anew, `update(remembered)` after
 */
export function bindStack(stage, store, staysOf) {
  const getMarks = () => [...stage.querySelectorAll("[data-name]")];
  const rove = roving(stage, getMarks);

  /** Within a bundle the focus stays, and the selection goes on. */
  const walkBundle = (mark, step) => {
    const stays = staysOf(mark);
    const at = stays?.findIndex(({ txid }) => store.selection === `tx:${txid}`) ?? -1;
    const next = at < 0 ? undefined : stays[at + step];
    if (next) store.select(`tx:${next.txid}`);
    return next !== undefined;
  };
  const stepOf = event => {
    const isPlain = !event.ctrlKey && !event.metaKey && !event.altKey && getMarks().includes(event.target);
    return isPlain ? ({ ArrowUp: -1, ArrowDown: 1 }[event.key] ?? 0) : 0;
  };
  const onKeyFirst = event => {
    const step = stepOf(event);
    if (!step || !walkBundle(event.target, step)) return;
    event.preventDefault();
    event.stopPropagation();
  };
  const onKeyLast = event => { // the focus has moved by then
    const step = stepOf(event);
    const mark = stage.ownerDocument.activeElement;
    if (!step || mark === event.target || !stage.contains(mark)) return;
    const stays = staysOf(mark);
    store.select(stays ? `tx:${(step > 0 ? stays[0] : stays.at(-1)).txid}` : mark.dataset.name);
  };
  stage.addEventListener("keydown", onKeyFirst, true);
  stage.addEventListener("keydown", onKeyLast);
  const find = ({ host, name }) => getMarks().filter(mark => mark.dataset.host === host)
    .find(mark => mark.dataset.name === name || staysOf(mark)?.some(({ txid }) => `tx:${txid}` === name));

  return {
    remember() {
      const mark = stage.ownerDocument.activeElement;
      return stage.contains(mark) && mark.dataset.name ? { ...mark.dataset } : null;
    },
    update(remembered) {
      const mark = remembered && (find(remembered) ?? getMarks()[0]);
      rove.update(mark ?? undefined);
      mark?.focus({ preventScroll: true });
    },
    stop() {
      rove.stop();
      stage.removeEventListener("keydown", onKeyFirst, true);
      stage.removeEventListener("keydown", onKeyLast);
    },
  };
}
