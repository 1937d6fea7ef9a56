// How actions are told in words, and how many names a sentence bears.

const MOST_NAMES = 3;

/** "ann", "ann and bob", "ann, bob and cat", "ann, bob and 5 others" */
export function listNames(names) {
  const shown = names.length > MOST_NAMES ? names.slice(0, MOST_NAMES - 1) : names.slice(0, -1);
  const last = names.length > MOST_NAMES ? `${names.length - shown.length} others` : names.at(-1);
  return shown.length ? `${shown.join(", ")} and ${last}` : (last ?? "nobody");
}

/** An offer that acts once. */
export function does(title, action, said, why) {
  return { title, actions: [action], said, why };
}

/** The same offer with few words, for a row of buttons. */
export function briefly(offer, short) {
  return { ...offer, short };
}

/** The reason that all offers of a group share, so that it need not be told with each; undefined when they do not. */
export function getCommonWhy(offers) {
  const [first] = offers;
  return offers.length > 1 && offers.every(({ why }) => why === first.why) ? first.why : undefined;
}

/** An offer that asks first; without anything to choose it cannot be taken. */
export function asks(title, choices, why) {
  return { title, choices, why: why ?? (choices.length ? undefined : "there is nobody to choose") };
}

/** An offer that shows another view. */
export function opens(title, view) {
  return { title, opens: view, go: store => store.open(view) };
}

/** An offer that concerns the page only. */
export function goes(title, go, why) {
  return { title, go, why };
}
