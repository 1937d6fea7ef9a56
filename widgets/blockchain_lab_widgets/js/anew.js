// A lab may begin another scenario while it is shown: its peers are others, so everything that draws it begins anew.

/**
 * Mount now, and again whenever the store begins to hold another scenario.
 *
 * @param {() => function} mount draws into `host`, and returns what takes it away
 * @returns {function} takes it away for good
 */
export function anew(host, store, mount) {
  let { play } = store.trace;
  let unmount = () => {};
  const leave = store.subscribe(() => { // before those that are mounted: none of them sees a story that is not its own
    if (store.trace.play === play) return;
    ({ play } = store.trace);
    const hadFocus = host.contains(document.activeElement);
    unmount();
    unmount = mount();
    if (hadFocus) host.querySelector(".blockchain-lab").focus({ preventScroll: true });
  });
  unmount = mount();
  return () => {
    leave();
    unmount();
  };
}
