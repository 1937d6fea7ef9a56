// Up and Down walk through marks one name at a time, through bundles too, and select as they go.
import { roving } from "./roving.js";

/**
 * @param {Element} stage holds the marks: elements with `data-name` and `data-host`, and `data-part` where a name stands twice
 * @param {(mark: Element) => string[]|null} namesOf what a mark stands for, in the selection grammar; null for a mark of one name
 * @param {(name: string) => void} [select]
 * @returns {{update, remember, stop}} `remember()` before the marks are made anew, `update(remembered)` after
 */
export function bindStack(stage, store, namesOf, select = name => store.select(name)) {
  const getMarks = () => [...stage.querySelectorAll("[data-name]")];
  const rove = roving(stage, getMarks);

  /** Within a bundle the focus stays, and the selection goes on. */
  const walkBundle = (mark, step) => {
    const names = namesOf(mark);
    const at = names?.indexOf(store.selection) ?? -1;
    const next = at < 0 ? undefined : names[at + step];
    if (next) select(next);
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
    const names = namesOf(mark) ?? [mark.dataset.name];
    select(step > 0 ? names[0] : names.at(-1));
  };
  stage.addEventListener("keydown", onKeyFirst, true);
  stage.addEventListener("keydown", onKeyLast);
  const find = ({ host, part, name }) => getMarks().filter(mark => mark.dataset.host === host && mark.dataset.part === part)
    .find(mark => mark.dataset.name === name || namesOf(mark)?.includes(name));

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
