'use strict';
// A real Bitcoin node for tests: bcoin 1.0.2 on regtest, in memory, on 127.0.0.1 only.
//
//   node bcoin_regtest.js BCOIN_DIR PORT HTTP_PORT BLOCKS FORK_LENGTH [DIAL]
//
// BCOIN_DIR holds node_modules. It mines BLOCKS blocks with some spends, then FORK_LENGTH + 1 blocks that
// make the last FORK_LENGTH stale. The chain is the same in every run. With DIAL (host:port) it dials that
// peer and synchronises from it. Every line that it prints is JSON, {height, tip, pool}: the first when it is
// ready, then one after each change of its tip or of its memory pool. What else it shall do is asked of its
// JSON-RPC at HTTP_PORT. It ends on SIGTERM, or when its input closes.

process.env.NODE_BACKEND = 'js'; // no native add-ons: bcrypto and others fall back to JavaScript

const path = require('path');
const Module = require('module');

const loadModule = Module._load; // bdb 0.2 asks for leveldown even when the chain is kept in memory
Module._load = function load(request, ...rest) {
  if (request === 'leveldown') {
    return function leveldown() {
      throw new Error('leveldown is not here: use memory: true');
    };
  }
  return loadModule.call(this, request, ...rest);
};

let state = 12345; // the miner's extra nonces come from here, so all hashes are the same each time
Math.random = () => {
  state = (Math.imul(state, 1103515245) + 12345) >>> 0;
  return state / 4294967296;
};

const [bcoinDir, ...rest] = process.argv.slice(2);
const [port, httpPort, blocks, forkLength] = rest.map(Number);
const dial = rest[4];
const { FullNode, KeyRing, MTX, Coin, Peer } = require(path.join(bcoinDir, 'node_modules', 'bcoin'));

const GENESIS_TIME = 1296688602; // seconds; block h says GENESIS_TIME + 600 h
const FIRST_SPEND = 102; // a coinbase may be spent after 100 blocks
const FEE = 10000; // satoshi

Peer.INV_INTERVAL = 500; // ms between two rounds of telling of transactions, 5000 if nobody is in a hurry

const ourKey = KeyRing.fromPrivate(Buffer.alloc(32, 1), true);
const otherKey = KeyRing.fromPrivate(Buffer.alloc(32, 2), true);

const node = new FullNode({
  network: 'regtest', memory: true, workers: false, listen: true,
  host: '127.0.0.1', port, publicHost: '127.0.0.1', publicPort: port,
  httpHost: '127.0.0.1', httpPort, noAuth: true,
  maxOutbound: 1, maxInbound: 40, seeds: [], nodes: [], proxy: '', noDns: true,
  bip37: true, compact: true, persistent: false, indexTX: true, coinbaseFlags: 'workbench',
});
const { chain, miner, mempool } = node;

async function mineOn(tip, payTo) {
  const job = await miner.createJob(tip, payTo);
  job.attempt.time = GENESIS_TIME + 600 * (tip.height + 1);
  job.refresh();
  const block = await job.mineAsync();
  const entry = await chain.add(block);
  if (!entry) throw new Error(`block ${tip.height + 1} was refused`);
  return { entry, coinbase: block.txs[0] };
}

function spend(coinbase, outputs) {
  const spending = new MTX();
  spending.addCoin(Coin.fromTX(coinbase, 0, -1));
  const share = Math.floor((coinbase.outputs[0].value - FEE) / outputs);
  for (let i = 0; i < outputs; i++) {
    spending.addOutput((i % 2 ? otherKey : ourKey).getAddress(), share);
  }
  spending.sign(ourKey);
  return spending.toTX();
}

async function makeChain() {
  const coinbases = [];
  let spent = 0;
  for (let height = 1; height <= blocks; height++) {
    if (height > FIRST_SPEND && height % 10 === 0) {
      for (let k = 0; k < 1 + (height / 10) % 3; k++) {
        await mempool.addTX(spend(coinbases[spent++], 2 + k), -1);
      }
    }
    coinbases.push((await mineOn(chain.tip, ourKey.getAddress())).coinbase);
  }
  if (forkLength > 0) {
    let tip = await chain.getEntryByHeight(blocks - forkLength);
    for (let k = 0; k <= forkLength; k++) {
      tip = (await mineOn(tip, otherKey.getAddress())).entry;
    }
  }
}

function say() {
  const pool = mempool.getSnapshot().map((hash) => Buffer.from(hash, 'hex').reverse().toString('hex'));
  console.log(JSON.stringify({ height: chain.height, tip: chain.tip.rhash(), pool }));
}

async function stop() {
  try {
    await node.close();
  } finally {
    process.exit(0);
  }
}

async function main() {
  await node.open();
  miner.addresses = [ourKey.getAddress()];
  await makeChain();
  await node.connect();
  node.startSync(); // else it would not ask for the blocks that it hears of
  say();
  chain.on('tip', say);
  mempool.on('add entry', say);
  mempool.on('remove entry', say);
  if (dial) await node.rpc.call({ method: 'addnode', params: [dial, 'onetry'] });
}

process.on('SIGTERM', stop);
process.stdin.on('end', stop).resume();
main().catch((fault) => {
  console.error(fault);
  process.exit(1);
});
