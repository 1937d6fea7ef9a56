"""Lesson 10, sums: pointers of a chain, a fee rate, what fits into a block, bytes of announcements."""

from collections.abc import Iterator
from functools import cache
from graphlib import CycleError, TopologicalSorter
from hashlib import sha256
from itertools import combinations
from typing import Final, NamedTuple

from blockchain_lab.base.draws import CounterRandom, get_key
from blockchain_lab.base.messages import Message
from blockchain_lab.base.units import display_hash
from blockchain_lab.bitcoin.block import Block
from blockchain_lab.bitcoin.codec import hash256
from blockchain_lab.bitcoin.coins import Coin
from blockchain_lab.bitcoin.envelope import BitcoinCodec
from blockchain_lab.bitcoin.key_chain import RECEIVE, KeyChain
from blockchain_lab.bitcoin.mempool import Mempool, Waiting
from blockchain_lab.bitcoin.messages import MSG_WTX, GetData, Inv, InventoryItem
from blockchain_lab.bitcoin.miner import make_block
from blockchain_lab.bitcoin.params import COIN, NETWORKS
from blockchain_lab.bitcoin.paying import get_script_of
from blockchain_lab.bitcoin.pow import work
from blockchain_lab.bitcoin.script import Form
from blockchain_lab.bitcoin.stored_chain import StoredChain
from blockchain_lab.bitcoin.template import choose_transactions
from blockchain_lab.bitcoin.tx import WITNESS_SCALE, OutPoint, Transaction, TxInput, TxOutput
from blockchain_lab.bitcoin.wallet import Built, Wallet
from blockchain_lab.chain.tree import Entry

REGTEST: Final = NETWORKS["regtest"]
ROUNDS: Final = 50  # attempts to make two blocks name each other

# -- a chain of three blocks ---------------------------------------------------------------------------------


def make_chain(mark: bytes = b"first") -> list[Block]:
    """Three blocks on the genesis; another `mark` makes another first block, and so three others."""
    entry = StoredChain.of_genesis(REGTEST).active.tip
    blocks = []
    for own in (mark, b"second", b"third"):
        block = make_block(entry, entry.header.time + 600, own, REGTEST)
        entry = Entry(block.header.hash(), block.header, work(block.header.bits), entry)
        blocks.append(block)
    return blocks


def show_chain() -> str:
    """A row for each: what stands in its header, the hashes shortened, and what it pays."""
    rows = [f"{'':9}{'own hash':20}{'hash of the one before':25}{'time':13}pays its finder"]
    for number, block in enumerate(make_chain(), start=1):
        paid = block.transactions[0].outputs[0].value // COIN
        name, previous = (display_hash(part)[-16:] for part in (block.header.hash(), block.header.previous))
        shown = f"{'…' + name:20}{'…' + previous:25}{block.header.time:<13}{paid} bitcoins"
        rows.append(f"block {number}  {shown}")
    return "\n".join(rows)


def find_broken_pointer(seed: int) -> str:
    """Which part of block 2 no longer fits once block 1 was changed."""
    first, second, _ = make_chain()
    changed = make_chain(b"forged")[0]
    fits = {
        "a": 2 == 1 + 1,  # heights are counted, whatever is in the blocks
        "b": second.header.previous == changed.header.hash(),
        "d": second.header.time > changed.header.time == first.header.time,
    }
    return next(letter for letter, is_so in fits.items() if not is_so)


def find_pointer_in_bytes(seed: int) -> str:
    """The same in the bytes: block 2's header holds the hash of block 1's, and not the other way round."""
    first, second, _ = (block.header.encode() for block in make_chain())
    if hash256(first) in second:
        return "b"
    return "c" if hash256(second) in first else "d"


def find_why_not_forward(seed: int) -> str:
    """What must be known before what, if either block names the other: a circle."""
    try:
        list(TopologicalSorter({"hash 1": ["hash 2"], "hash 2": ["hash 1"]}).static_order())
    except CycleError:
        return "a"
    return "d"


def try_forward_pointer(seed: int) -> str:
    """Write the other's hash into each of two blocks, again and again: it never comes to rest."""
    one = two = b""
    for _ in range(ROUNDS):
        before = one, two
        one = sha256(b"block 1, next: " + two).digest()
        two = sha256(b"block 2, previous: " + one).digest()
        if (one, two) == before:
            return "d"
    return "a"


# -- a fee rate ----------------------------------------------------------------------------------------------


@cache
def make_payment(seed: int) -> Built:
    """A signed payment of ann's to bob, out of one to three coins."""
    random = CounterRandom(get_key("payment of lesson 10", seed))
    script = get_script_of("ann", Form.WITNESS_KEY_HASH)
    values = [1_000_000 + random.below(900_000) for _ in range(1 + random.below(3))]
    coins = [
        (OutPoint(sha256(b"coin %d" % number).digest(), 0), Coin(TxOutput(value, script), 1, False))
        for number, value in enumerate(values)
    ]
    paid = sum(values) - 300_000 - random.below(100_000)
    wallet = Wallet(KeyChain(get_key("wallet", "ann"), {RECEIVE: 1}))
    payment = TxOutput(paid, get_script_of("bob", Form.WITNESS_KEY_HASH))
    return wallet.build([payment], 3_000 + random.below(40_000), coins, height=200)


def show_payment(seed: int) -> str:
    """What one sees of it."""
    tx, spent, _, _ = make_payment(seed)
    rows = {
        "takes": f"{sum(coin.value for coin in spent):12,} satoshi, from {len(spent)} coins",
        "pays to bob": f"{tx.outputs[0].value:12,} satoshi",
        "pays back to ann": f"{tx.outputs[1].value:12,} satoshi",
        "has": f"{len(tx.encode()):12,} bytes, with its signatures",
        "without them": f"{tx.stripped_size():12,} bytes",
    }
    return "\n".join(f"{name:18}{value}" for name, value in rows.items())


def get_fee_rate(seed: int) -> float:
    """Satoshi per virtual byte, by the wallet that has built it."""
    built = make_payment(seed)
    return round(built.fee / built.tx.virtual_size(), 2)


def reckon_fee_rate(seed: int) -> float:
    """The same from what `show_payment` shows."""
    tx, spent, _, _ = make_payment(seed)
    fee = sum(coin.value for coin in spent) - sum(output.value for output in tx.outputs)
    whole, bare = len(tx.encode()), tx.stripped_size()
    return round(fee / (bare + (whole - bare) / 4), 2)


def get_fee(seed: int) -> int:
    """A mistake: the fee itself."""
    return make_payment(seed).fee


def rate_by_bytes(seed: int) -> float:
    """A mistake: all bytes count alike."""
    built = make_payment(seed)
    return round(built.fee / len(built.tx.encode()), 2)


def rate_without_signatures(seed: int) -> float:
    """A mistake: signatures count nothing."""
    built = make_payment(seed)
    return round(built.fee / built.tx.stripped_size(), 2)


def rate_of_change(seed: int) -> float:
    """A mistake: what comes back counts as a fee."""
    built = make_payment(seed)
    return round((built.fee + built.tx.outputs[1].value) / built.tx.virtual_size(), 2)


# -- what fits into a block ----------------------------------------------------------------------------------


class Offer(NamedTuple):
    """A transaction that waits."""

    size: int  # virtual bytes
    fee: int  # satoshi
    parent: str = ""  # whose output it takes, if that one waits, too


ROOM: Final = 1_000  # virtual bytes in our small block; a real one has a million (since 2017)
OFFERS: Final = {
    "a": Offer(250, 5_000),
    "b": Offer(400, 4_000),
    "c": Offer(140, 700),
    "d": Offer(300, 300),
    "e": Offer(150, 9_600, "d"),
    "f": Offer(500, 6_000),
    "g": Offer(200, 3_000),
    "h": Offer(90, 360),
}


def show_offers() -> str:
    """A line for each, in the order in which they came."""
    rows = ["     virtual bytes    satoshi   satoshi per virtual byte"]
    for name, (size, fee, parent) in OFFERS.items():
        takes = f"    spends what {parent} pays" if parent else ""
        rows.append(f"  {name}  {size:13,}  {fee:9,}  {fee / size:9.1f}{takes}")
    return "\n".join(rows)


def choose_by_template(seed: int) -> dict[str, str]:
    """What a miner takes, by the node's own way to choose."""
    pool, made = Mempool(), dict[str, Transaction]()
    for name, offer in OFFERS.items():
        parent = made[offer.parent].txid() if offer.parent else sha256(name.encode()).digest()
        inputs = (TxInput(OutPoint(parent, 0), b""),)
        made[name] = Transaction(2, inputs, (TxOutput(1_000, name.encode()),))
        pool.add(Waiting(made[name], offer.fee, offer.size, entered=0))
    taken = choose_transactions(pool, ROOM * WITNESS_SCALE).transactions
    return {name: "block" if tx in taken else "waits" for name, tx in made.items()}


def choose_by_trying(seed: int) -> dict[str, str]:
    """The same by trying all 256 ways: which of those that fit, none without its parent, pays most?"""
    best = max(find_blocks(), key=lambda names: sum(OFFERS[name].fee for name in names))
    return {name: "block" if name in best else "waits" for name in OFFERS}


def find_blocks() -> Iterator[tuple[str, ...]]:
    """All that could be a block."""
    for count in range(len(OFFERS) + 1):
        for names in combinations(OFFERS, count):
            is_whole = all(OFFERS[name].parent in ("", *names) for name in names)
            if is_whole and sum(OFFERS[name].size for name in names) <= ROOM:
                yield names


# -- announce or push ----------------------------------------------------------------------------------------

NEIGHBOURS: Final = 8
PAYMENT: Final = 222  # bytes: one coin in, two out, with its signature (P2WPKH)
HEADER: Final = 24  # bytes in front of every message: magic, command, length, checksum
ENTRY: Final = 36  # bytes of one entry of an inv: type and hash


def measure(message: Message) -> int:
    """Bytes of a message on the wire."""
    return len(BitcoinCodec(REGTEST.magic).frame(message))


def measure_announcing(seed: int) -> int:
    """All neighbours announce, we ask one of them, it sends. By real messages."""
    tx = make_payment(seed).tx
    names = (InventoryItem(MSG_WTX, tx.wtxid()),)
    sending = measure(tx) - len(tx.encode()) + PAYMENT
    return NEIGHBOURS * measure(Inv(names)) + measure(GetData(names)) + sending


def reckon_announcing(seed: int) -> int:
    """The same by the sizes of their parts."""
    note = HEADER + 1 + ENTRY
    return (NEIGHBOURS + 1) * note + HEADER + PAYMENT
