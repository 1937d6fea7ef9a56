"""Measure the Bitcoin node: how fast it judges, connects, puts together and passes on, and what it remembers.

    python benchmarks/bitcoin.py             all of it but the hours
    python benchmarks/bitcoin.py --hours     also an hour of 200 peers: a payment each ten seconds with a full
                                             trace, then seven a second with notes only (takes long)
    python benchmarks/bitcoin.py --quick     smaller workloads, for a look

Processor time, medians of three. Memory is the most that the process ever held, measured in one of its own.
"""

import argparse
import multiprocessing
import platform
import resource
import time
from collections.abc import Callable
from statistics import median
from typing import Any

import networkx as nx

from blockchain_lab.base.actions import Mine, SubmitTx
from blockchain_lab.base.draws import CounterRandom, get_key
from blockchain_lab.base.store import ContentStore
from blockchain_lab.base.units import HOUR, MINUTE, SECOND
from blockchain_lab.bitcoin.block import Block
from blockchain_lab.bitcoin.chain_state import ChainState
from blockchain_lab.bitcoin.compact import make_compact_block, reconstruct
from blockchain_lab.bitcoin.disk import read_disk
from blockchain_lab.bitcoin.key_chain import KeyChain
from blockchain_lab.bitcoin.mempool import Mempool
from blockchain_lab.bitcoin.mempool_rules import judge_transaction
from blockchain_lab.bitcoin.miner import ANYONE_CAN_SPEND, make_block
from blockchain_lab.bitcoin.params import NETWORKS
from blockchain_lab.bitcoin.tx import OutPoint, Transaction, TxInput, TxOutput
from blockchain_lab.bitcoin.wallet import Wallet
from blockchain_lab.lab import Lab
from blockchain_lab.sim.scenario import Peer, Scenario, Topology

REGTEST = NETWORKS["regtest"]
RIPE = 101  # blocks after which the first coinbase may be spent
SMALL = 20_000  # satoshi
FAR_FUTURE = 1 << 32  # Unix seconds: a clock that no header is ahead of
PEERS, DEGREE = 200, 8


def time_it(make: Callable[[], Any], work: Callable[[Any], Any], repeats: int = 3) -> float:
    """Processor seconds of `work` on something fresh each time: the median."""
    taken = []
    for _ in range(repeats):
        thing = make()
        start = time.process_time()
        work(thing)
        taken.append(time.process_time() - start)
    return median(taken)


def say(what: str, figure: str) -> None:
    """One line of the report."""
    print(f"{what:32}{figure}", flush=True)


def make_chain(outputs: tuple[TxOutput, ...]) -> tuple[ChainState, Transaction]:
    """A chain whose last block splits the first coinbase into these outputs."""
    store = ContentStore()
    chain = ChainState(read_disk({"mined": RIPE}, REGTEST, store), store)
    place = OutPoint(chain.get_block(chain.active[1].hash).transactions[0].txid(), 0)
    split = Transaction(2, (TxInput(place, b""),), outputs)
    chain.add_block(make_child(chain, [split]), FAR_FUTURE)
    return chain, split


def make_child(chain: ChainState, transactions: list[Transaction]) -> Block:
    """A block on the tip."""
    time_of_block = chain.tip.header.time + 600
    return make_block(chain.tip, time_of_block, b"benchmark", REGTEST, transactions=transactions)


def measure_validation(count: int) -> None:
    """Signed payments (P2WPKH, one input, two outputs), judged as if they came from a peer."""
    wallet = Wallet(KeyChain(get_key("benchmark")))
    own = TxOutput(SMALL, wallet.keys.new_script())
    chain, _ = make_chain((own,) * count)
    payments = []
    for placed in list(wallet.find_own(chain.ledger.coins.items())):
        built = wallet.build(
            [TxOutput(SMALL // 4, own.script)], 1_000, [placed], chain.height, change=own.script
        )
        payments.append(built.tx.encoding)

    def prepare() -> tuple[ChainState, list[Transaction]]:
        return make_chain((own,) * count)[0], [Transaction.decode(raw) for raw in payments]

    def judge(fresh: tuple[ChainState, list[Transaction]]) -> None:
        for tx in fresh[1]:
            judge_transaction(tx, Mempool(), fresh[0], FAR_FUTURE, 0)

    seconds = time_it(prepare, judge)
    say("signed payments judged", f"{count / seconds:,.0f} a second, {count} of them, never seen before")


def measure_connecting(count: int) -> None:
    """Blocks without payments, and one with many that need no signature."""
    blocks: list[Block] = []

    def connect(fresh: ChainState) -> None:
        for block in blocks:
            fresh.add_block(block, FAR_FUTURE)

    chain, split = make_chain((TxOutput(SMALL, ANYONE_CAN_SPEND),) * count)
    for _ in range(200):
        blocks.append(make_child(chain, []))
        chain.add_block(blocks[-1], FAR_FUTURE)
    outputs = (TxOutput(SMALL // 4, ANYONE_CAN_SPEND),) * 2
    payments = [Transaction(2, (TxInput(OutPoint(split.txid(), i), b""),), outputs) for i in range(count)]
    empty = time_it(lambda: make_chain((TxOutput(SMALL, ANYONE_CAN_SPEND),) * count)[0], connect)
    raw = make_child(make_chain((TxOutput(SMALL, ANYONE_CAN_SPEND),) * count)[0], payments).encoding

    def prepare() -> ChainState:
        blocks[:] = [Block.decode(raw)]
        return make_chain((TxOutput(SMALL, ANYONE_CAN_SPEND),) * count)[0]

    full = time_it(prepare, connect)
    say("blocks connected", f"{200 / empty:,.0f} a second without payments")
    say("", f"{count / full:,.0f} payments a second in a block of {count}, no signatures")


def measure_compact(in_block: int, in_pool: int) -> None:
    """A block put together from a pool; transactions' names are known, as they are in a node."""
    pool = [
        Transaction(2, (TxInput(OutPoint(bytes(32), i), b""),), (TxOutput(SMALL, ANYONE_CAN_SPEND),) * 2)
        for i in range(in_pool)
    ]
    for tx in pool:
        tx.wtxid()
    chain, _ = make_chain((TxOutput(SMALL, ANYONE_CAN_SPEND),))
    compact = make_compact_block(make_child(chain, pool[:in_block]), nonce=7)
    seconds = time_it(lambda: None, lambda _: reconstruct(compact, pool))
    figure = f"{seconds * 1_000:,.0f} ms: {in_block} transactions, a pool of {in_pool}"
    say("compact block put together", figure)


def make_town(payments: int, every: int, until: int, blocks: int) -> Scenario:
    """Two hundred peers, eight lines each, who trickle as today; payments come from outside, at random.

    every: µs between two payments. until: µs. blocks: found at equal distances by anybody.
    """
    graph = nx.random_regular_graph(DEGREE, PEERS, seed=1)
    names = [f"peer{number}" for number in range(PEERS)]
    luck = CounterRandom(get_key("benchmark", "town"))
    chain, split = make_chain((TxOutput(SMALL, ANYONE_CAN_SPEND),) * payments)
    outputs = (TxOutput(SMALL // 4, ANYONE_CAN_SPEND),) * 2
    story: list[tuple[int, Mine | SubmitTx]] = []
    for number in range(payments):
        tx = Transaction(2, (TxInput(OutPoint(split.txid(), number), b""),), outputs)
        story.append((MINUTE + number * every, SubmitTx(luck.choice(names), tx.encode().hex())))
    story += [((number + 1) * until // (blocks + 1), Mine(luck.choice(names))) for number in range(blocks)]
    disk = {"mined": RIPE, "blocks": [chain.get_block(chain.tip.hash).encode().hex()]}
    return Scenario(
        peers={name: Peer("bitcoin", disk=disk) for name in names},
        policy={"trickle_rule": "poisson", "trickle_target": 70, "compact_blocks": True},
        topology=Topology(tuple((names[a], names[b]) for a, b in sorted(graph.edges))),
        chain={"network": "regtest"},
        story=tuple(sorted(story, key=lambda item: item[0])),
        started_at=chain.tip.header.time,
        until=until,
    )


def measure_relay(payments: int) -> None:
    """One payment a second to all 200 peers."""
    until = MINUTE + payments * SECOND + 30 * SECOND
    lab = Lab(make_town(payments, SECOND, until, 0))
    lab.run(until=MINUTE - 1)
    before, start = lab.cursor, time.process_time()
    lab.run(until=until)
    seconds = time.process_time() - start
    reached = sum(len(lab.peer(name).pool) for name in lab.names)
    say(f"relay among {PEERS} peers", f"{(lab.cursor - before) / seconds:,.0f} events a second, full trace")
    say("", f"{payments} payments reached {reached / payments:.1f} peers on average")


def run_hour(payments: int, every: int, level: str) -> None:
    """An hour of 200 peers with six blocks; says what it took."""
    lab = Lab(make_town(payments, every, HOUR, 6), level=level)
    start = time.process_time()
    lab.run(until=HOUR)
    seconds = time.process_time() - start
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    say(f"an hour, {payments:,} payments", f"{memory:,} MB at most with {level} trace,")
    say("", f"{seconds:,.0f} s for {lab.cursor:,} events")


def main() -> None:
    """What the options ask for."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--hours", action="store_true")
    options = parser.parse_args()
    scale = 5 if options.quick else 1
    print(f"Python {platform.python_version()}, {platform.processor() or platform.machine()}")
    measure_validation(500 // scale)
    measure_connecting(2_000 // scale)
    measure_compact(2_000 // scale, 5_000 // scale)
    measure_relay(60 // scale)
    if options.hours:
        for payments, every, level in ((354, 10 * SECOND, "full"), (24_780, SECOND // 7, "notes")):
            context = multiprocessing.get_context("spawn")
            process = context.Process(target=run_hour, args=(payments, every, level))
            process.start()
            process.join()


if __name__ == "__main__":
    main()
