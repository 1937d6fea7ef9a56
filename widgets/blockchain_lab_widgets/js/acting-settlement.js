// What can be asked of a peer with channels, on a rollup or at a bridge: pay here or there, come, go, cheat.
import { asks, does } from "./acting-words.js";
import { obeys } from "./acting-rules.js";

const COINS = 10; // other amounts are a matter for a cell
const OPENING = 20; // coins in a channel

/** By command, what such a peer can be told to do; `off` is why it can do nothing now. */
export function ordersOfSettlement({ store: { trace } }, name, host, off) {
  if (!obeys(trace, host, "PayOnChain")) return {};
  const others = trace.peers.filter(peer => peer !== name);
  const choose = (title, order) => [asks(title, others.map(other => does(other, order(other), `${name} was told so.`)), off)];
  const pay = (kind, to) => ({ do: kind, peer: name, to, amount: COINS });
  const close = (other, how) => ({ do: "CloseChannel", peer: name, other, together: false, number: -1, ...how });
  return {
    PayOnChain: () => choose(`Pay ${COINS} coins on the chain to …`, to => pay("PayOnChain", to)),
    Pay: () => choose(`Pay ${COINS} coins to …`, to => pay("Pay", to)),
    OpenChannel: () => choose(`Open a channel of ${OPENING} coins with …`, to => ({ do: "OpenChannel", peer: name, to, amount: OPENING })),
    CloseChannel: () => [
      ...choose("Close together with …", other => close(other, { together: true })),
      ...choose("Close alone, without …", other => close(other, {})),
      ...choose("Close with the first state, and so cheat …", other => close(other, { number: 0 })),
    ],
    EnterLayer: () => [does(`Take ${COINS} coins to the other layer`, { do: "EnterLayer", peer: name, amount: COINS }, `${name} was told so.`, off)],
    LeaveLayer: () => [does(`Take ${COINS} coins back`, { do: "LeaveLayer", peer: name, amount: COINS }, `${name} was told so.`, off)],
  };
}
