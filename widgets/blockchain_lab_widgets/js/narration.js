// What happens, in words, for who does not see it: one live line per widget, spoken when the reader rests.
import { BlockIndex } from "./blocks.js";
import { describeCursor, describeRecord } from "./describe.js";
import { element, setText } from "./dom.js";
import { readVote } from "./finality-index.js";

/** An event is told when the cursor has stood on it for this long (ms): nobody can listen to faster ones. */
const REST = 700;

/** "block B3", "peer ann": what a selection means, in words; "nothing" for none. Pure. */
export function describeSelection(selection, trace, index) {
  const [, kind, name] = selection?.match(/^([a-z]+):(.*)$/s) ?? [];
  const nameOf = host => trace.peers[host] ?? "somebody";
  const row = Number(name?.split(":")[1] ?? -1);
  const isHere = row >= 0 && row < trace.length;
  if (kind === "record") return isHere ? describeRecord(trace, trace.record(row), index) : "a record";
  if (kind === "block") return `block ${index.nameOf(name)}`;
  if (kind === "vote") return `vote of ${readVote(selection).validator} for ${index.nameOf(readVote(selection).target)}`;
  if (kind === "tx") return `transaction ${name.slice(0, 8)}`;
  if (kind === "link") return `link between ${name.split("-").map(nameOf).join(" and ")}`;
  if (kind === "group") return `group of ${name.split(",").map(nameOf).join(", ")}`;
  return kind ? `${kind} ${name}` : "nothing";
}

/**
 * Adds the line to a widget. It is live only while the focus is inside, so that two widgets of one lab do not
 * speak at once, and silent until something changes.
 *
 * @returns {function} takes it away
 */
export function narrate(root, store) {
  const line = root.appendChild(element("p", { class: "bl-hidden bl-narration", "aria-live": "off" }));
  const index = new BlockIndex(store.trace);
  let told = { cursor: store.cursor, selection: store.selection, playing: store.playing };
  let timer = 0;

  const tell = () => {
    const { trace, cursor, selection } = store;
    index.update();
    const chosen = selection === told.selection ? "" : `selected: ${describeSelection(selection, trace, index)}`;
    const moved = cursor === told.cursor && told.playing === store.playing ? ""
      : describeCursor({ trace, cursor, clock: trace.timeOf(cursor) }, index);
    told = { cursor, selection, playing: store.playing };
    setText(line, [chosen, moved].filter(Boolean).join(". "));
  };
  let last = told; // as heard last, so that the clock between two events restarts nothing
  const leave = store.subscribe(() => {
    const { cursor, selection, playing } = store;
    if (cursor === last.cursor && selection === last.selection && playing === last.playing) return;
    if (playing && !last.playing) setText(line, "playing");
    last = { cursor, selection, playing };
    clearTimeout(timer);
    timer = setTimeout(tell, REST);
  });

  const onFocus = () => line.setAttribute("aria-live", "polite");
  const onBlur = ({ relatedTarget }) => {
    if (!root.contains(relatedTarget)) line.setAttribute("aria-live", "off");
  };
  root.addEventListener("focusin", onFocus);
  root.addEventListener("focusout", onBlur);
  return () => {
    clearTimeout(timer);
    leave();
    root.removeEventListener("focusin", onFocus);
    root.removeEventListener("focusout", onBlur);
    line.remove();
  };
}
