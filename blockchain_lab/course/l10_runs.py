"""Lesson 10, read off runs: a payment's stations, who holds which of two rivals, what a block removes.

Payments here are signed with the peers' own keys; `sign` makes one without sending it.
"""

from collections.abc import Iterator
from copy import deepcopy
from functools import cache
from typing import Final

from blockchain_lab.base.actions import Pay
from blockchain_lab.base.records import Kind
from blockchain_lab.base.units import SECOND, Microseconds, internal_hash
from blockchain_lab.bitcoin.node import BitcoinNode
from blockchain_lab.bitcoin.paying import get_form, get_script_of
from blockchain_lab.bitcoin.tx import Transaction, TxOutput
from blockchain_lab.course.reading import get_notes, get_records
from blockchain_lab.lab import Lab

RIVALS: Final = "conflict"  # six peers in a row; both ends spend one coin at second 3, ann mines at second 12
HALVES: Final = "two_halves"  # seven peers; eve has a coin from second 4 on
TWELVE: Final = "trickle_today"  # ann pays at second 5
PAYS_AT: Final = 5 * SECOND
LOOKED_AT: Final = 20 * SECOND  # when the holders among the twelve are counted
RIVAL: Final = Pay("gus", amount=1_000_000_000)
FEE_RATE: Final = 10_000  # satoshi per 1,000 virtual bytes


# -- making a payment ----------------------------------------------------------------------------------------


def sign(lab: Lab, payer: str, to: str, amount: int, fee_rate: int = FEE_RATE) -> str:
    """A payment from one peer to another, signed with the payer's key, in hexadecimal. Nobody is told of it.

    amount: satoshi; fee_rate: satoshi per 1,000 virtual bytes. It takes the payer's oldest coins,
    whether or not another payment takes them already. UsageError when they are not enough.
    """
    return sign_as(lab.peer(payer), to, amount, fee_rate).encode().hex()


def sign_as(node: BitcoinNode, to: str, amount: int, fee_rate: int = FEE_RATE) -> Transaction:
    """The same for a node, which does not notice."""
    wallet = deepcopy(node.cashier).wallet  # else the key for the change would count as given out
    coins = sorted(node.chain.ledger.coins.items())
    payment = TxOutput(amount, get_script_of(to, get_form(node.policy.era)))
    return wallet.build([payment], fee_rate, coins, node.chain.height).tx


# -- a payment's stations ------------------------------------------------------------------------------------


def find_stations(lab: Lab, payer: str, peer: str) -> list[str]:
    """What becomes of the first payment in a run, between the payer and one neighbour, in order of time."""
    made, facts = next(get_notes(lab, "transaction accepted", payer))
    at = {"sign": made.at}
    for name, sender in (("inv", payer), ("getdata", peer), ("tx", payer)):
        at[name] = next(
            record.at
            for record in get_records(lab, Kind.SEND, sender)
            if record.at >= made.at
            and record.other == lab.names.index(peer if sender == payer else payer)
            and record.detail is not None
            and record.detail.command == name
        )
    txid = facts["txid"]
    waits = get_notes(lab, "transaction accepted", peer)
    at["wait"] = next(note.at for note, told in waits if told["txid"] == txid)
    gone = get_notes(lab, "transactions removed", peer)
    at["block"] = next(note.at for note, told in gone if txid in told["txids"])
    return sorted(at, key=lambda station: at[station])


def order_first_payment(seed: int) -> list[str]:
    """From ann to bob in the row of six."""
    return find_stations(play(RIVALS, seed), "ann", "bob")


def order_eves_coin(seed: int) -> list[str]:
    """The payment that gives eve her coin: from bob to ann."""
    return find_stations(play(HALVES, seed), "bob", "ann")


def find_signing(seed: int) -> int:
    """The event at which ann pays."""
    return next(get_notes(play(RIVALS, seed), "transaction accepted", "ann"))[0].event


# -- who holds what ------------------------------------------------------------------------------------------


def find_holders(lab: Lab, until: Microseconds | None = None) -> dict[str, list[str]]:
    """By txid the peers whose mempools hold it at a moment, or at the end of what was played."""
    holders: dict[str, dict[str, None]] = {}
    for peer, txid, comes in find_moves(lab, until):
        if comes:
            holders.setdefault(txid, {})[peer] = None
        else:
            holders[txid].pop(peer, None)
    return {txid: sorted(peers) for txid, peers in holders.items()}


def find_moves(lab: Lab, until: Microseconds | None = None) -> Iterator[tuple[str, str, bool]]:
    """Peer, txid, and whether it comes or goes, in the order of the run."""
    for record in get_records(lab, Kind.NOTE):
        if until is not None and record.at > until:
            return
        topic, facts = record.detail
        if topic == "transaction accepted":
            yield lab.names[record.peer], facts["txid"], True
        elif topic == "transactions removed":
            for txid in facts["txids"]:
                yield lab.names[record.peer], txid, False


@cache
def play(story: str, seed: int) -> Lab:
    """A story to its end. Nobody may act in it."""
    lab = Lab(story, seed=seed)
    lab.run()
    return lab


def make_rivals(seed: int) -> Lab:
    """Twelve peers with today's waiting times: at second 5 ann pays, and gus spends the same coin."""
    lab = Lab(TWELVE, seed=seed)
    lab.goto(at=PAYS_AT)
    lab.do(RIVAL)
    lab.run(until=LOOKED_AT + 5 * SECOND)
    return lab


@cache
def play_rivals(seed: int) -> Lab:
    """The same. Nobody may act in it."""
    return make_rivals(seed)


def count_anns_holders(seed: int) -> int:
    """How many of the twelve hold ann's payment when they are counted, by what they have noted."""
    lab = play_rivals(seed)
    return len(find_holders(lab, LOOKED_AT)[get_own(lab, "ann")])


def count_rivals_holders(seed: int) -> int:
    """How many hold the other one."""
    lab = play_rivals(seed)
    return len(find_holders(lab, LOOKED_AT)[get_own(lab, "gus")])


def look_into_pools(seed: int) -> int:
    """The same as ann's count, by looking into all twelve mempools."""
    lab = make_rivals(seed)
    name = internal_hash(get_own(lab, "ann"))
    lab.goto(at=LOOKED_AT)
    return sum(name in lab.peer(peer).pool for peer in lab.names)


def get_own(lab: Lab, payer: str) -> str:
    """The txid of a peer's own payment: the first that it holds."""
    _, facts = next(get_notes(lab, "transaction accepted", payer))
    return str(facts["txid"])


# -- a block decides -----------------------------------------------------------------------------------------


def find_fate(seed: int) -> str:
    """What becomes of the payment that fay's half holds when ann's block arrives, by what fay notes."""
    lab = play(RIVALS, seed)
    theirs = get_own(lab, "fay")
    for _, facts in get_notes(lab, "transactions removed", "fay"):
        if theirs in facts["txids"]:
            return "b" if facts["reason"] == "conflict" else "c"
    return "a"


def compare_pools_with_chain(seed: int) -> str:
    """The same, by looking at fay's mempool and her chain at the end."""
    lab = play(RIVALS, seed)
    fay = lab.peer("fay")
    name = internal_hash(get_own(lab, "fay"))
    if name in fay.pool:
        return "a"
    in_chain = [tx.txid() for tx in fay.chain.get_block(fay.chain.tip.hash).transactions]
    return "c" if name in in_chain else "b"


def find_arrival(seed: int) -> int:
    """The event at which fay takes her payment out."""
    lab = play(RIVALS, seed)
    return next(note.event for note, _ in get_notes(lab, "transactions removed", "fay"))
