"""Reads and writes one synthetic block of 1 MB, ours beside python-bitcoinlib's. Run it as it is.

Ours notes the place of every field on the way (the bytes view needs them) and writes every byte anew
from the fields. python-bitcoinlib notes nothing, but builds the Merkle tree whenever it makes a block; so
a row shows ours with the Merkle root. The ratio in the last row is without it.
"""

import argparse
import platform
import sys
from collections.abc import Callable
from pathlib import Path
from statistics import median
from time import perf_counter

HERE = str(Path(__file__).parent)
sys.path[:] = [*(place for place in sys.path if place != HERE), HERE]  # `bitcoin` is not our benchmark here

from bitcoin.core import CBlock

from blockchain_lab.base.draws import CounterRandom, get_key
from blockchain_lab.base.reader import Reader
from blockchain_lab.bitcoin.block import Block, Header
from blockchain_lab.bitcoin.codec import ZERO_HASH
from blockchain_lab.bitcoin.merkle import merkle_root
from blockchain_lab.bitcoin.tx import NULL_OUT_POINT, OutPoint, Transaction, TxInput, TxOutput

BLOCK_SIZE = 1_000_000  # bytes
AIM = 0.6  # of python-bitcoinlib's time


def draw_bytes(random: CounterRandom, length: int) -> bytes:
    """Bytes that mean nothing, but are the same in every run."""
    words = [random.bits().to_bytes(8, "little") for _ in range(length // 8 + 1)]
    return b"".join(words)[:length]


def make_transaction(random: CounterRandom) -> Transaction:
    """A payment as they are common: 1 to 3 inputs, 2 outputs, every second one with witnesses."""
    with_witness = random.below(2) == 1
    inputs, witnesses = [], []
    for _ in range(1 + random.below(3)):
        script = b"" if with_witness else draw_bytes(random, 107)  # signature and public key
        inputs.append(TxInput(OutPoint(draw_bytes(random, 32), random.below(4)), script))
        witnesses.append((draw_bytes(random, 72), draw_bytes(random, 33)))
    outputs = [TxOutput(random.below(10**9), draw_bytes(random, 22 + 3 * random.below(2))) for _ in range(2)]
    return Transaction(2, tuple(inputs), tuple(outputs), tuple(witnesses) if with_witness else ())


def make_block(size: int) -> Block:
    """A block of at least `size` bytes that is well formed, though its signatures are noise."""
    random = CounterRandom(get_key("benchmark", "block"))
    coinbase = Transaction(1, (TxInput(NULL_OUT_POINT, b"\x03abc"),), (TxOutput(50 * 10**8, b"\x51"),))
    transactions, bytes_so_far = [coinbase], 0
    while bytes_so_far < size:
        transactions.append(make_transaction(random))
        bytes_so_far += len(transactions[-1].encode())
    return Block(Header(4, ZERO_HASH, ZERO_HASH, 1_700_000_000, 0x207FFFFF, 0), tuple(transactions))


def get_merkle_root(block: Block) -> bytes:
    """The root over the block's txids."""
    return merkle_root([transaction.txid() for transaction in block.transactions])


def time_once(action: Callable[[], object]) -> float:
    """Milliseconds of one call."""
    start = perf_counter()
    action()
    return (perf_counter() - start) * 1000


def measure(rounds: int) -> None:
    """Take turns, so that a busy machine hits both, and compare the medians."""
    made = make_block(BLOCK_SIZE)
    raw = made.encode()
    reader = Reader(raw)
    ours, theirs = Block.decode(reader), CBlock.deserialize(raw)
    assert ours == made
    assert ours.encode() == raw == theirs.serialize()

    columns: dict[str, list[float]] = {}
    for _ in range(rounds):
        for name, action in (
            ("ours: read with field offsets", lambda: Block.decode(raw)),
            ("ours: write", ours.encode),
            ("python-bitcoinlib: read", lambda: CBlock.deserialize(raw)),
            ("python-bitcoinlib: write", theirs.serialize),
            ("ours: read, then Merkle root", lambda: get_merkle_root(Block.decode(raw))),
        ):
            columns.setdefault(name, []).append(time_once(action))

    print(f"Python {sys.version.split()[0]}, {platform.machine()}; medians of {rounds} rounds")
    print(f"{len(raw):,} bytes, {len(made.transactions):,} transactions, {len(reader.fields):,} fields noted")
    for name, times in columns.items():
        print(f"{name:>32} {median(times):7.1f} ms")
    medians = [median(times) for times in columns.values()]
    ratio = (medians[0] + medians[1]) / (medians[2] + medians[3])
    print(f"{'read + write, ours / theirs':>32} {ratio:7.2f}      (aim: at most {AIM})")


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=15, help="how often each side is timed")
    measure(parser.parse_args().rounds)


if __name__ == "__main__":
    main()
