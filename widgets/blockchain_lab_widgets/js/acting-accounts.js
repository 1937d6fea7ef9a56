// What can be asked of a peer that has an account: pay, trade, and pay more for what waits, or cancel it.
import { asks, does } from "./acting-words.js";

const ETHER = 1_000_000_000; // gwei
const PRICE = 1_000; // gwei a unit: nobody in our stories pays as much
const NONCES = 4; // that a menu offers; more are a matter for a cell

/** By command, what a peer's account can be told to do; `off` is why it can do nothing now. */
export function ordersOfAccount({ store: { trace } }, name, off) {
  const others = trace.peers.filter(peer => peer !== name);
  const nonces = Array.from({ length: NONCES }, (_, nonce) => nonce);
  return {
    SendCall: () => [
      asks("Pay 1 ether to …", others.map(to => does(to, sendCall(name, to, ETHER, "", []), `${name} pays ${to}.`)), off),
      does("Buy tokens for 1 ether", sendCall(name, "exchange", ETHER, "buy", [1]), `${name} buys at any price.`, off),
    ],
    RaisePrice: () => [asks("Pay more for …", nonces.map(nonce => does(
      `nonce ${nonce}`, { do: "RaisePrice", peer: name, nonce, gas_price: PRICE }, `${name} pays more for its nonce ${nonce}.`)), off)],
    CancelCall: () => [asks("Cancel …", nonces.map(nonce => does(
      `nonce ${nonce}`, { do: "CancelCall", peer: name, nonce }, `${name} cancels its nonce ${nonce}.`)), off)],
  };
}

function sendCall(peer, receiver, amount, call, numbers) {
  return { do: "SendCall", peer, receiver, amount, function: call, arguments: numbers };
}
