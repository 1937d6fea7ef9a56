"""Lesson 17, a call's road: what it costs, how it fails where another stands before it, and its stations.

All of it in one story: ann buys 9,800,000 tokens at least for 10 ether, while eve buys on the other side of a
cut. Questions are read off the learner's run, and reckoned again without network and blocks.
"""

from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction
from typing import Final

from blockchain_lab.base.units import SECOND
from blockchain_lab.course.l16_votes import play
from blockchain_lab.course.l17_tables import Table, make_columns, make_table
from blockchain_lab.course.reading import get_notes
from blockchain_lab.lab import Lab
from blockchain_lab.layers.contracts import CONTRACTS
from blockchain_lab.layers.ledger_exchange import COINS, EXCHANGE, TOKENS, compute_output
from blockchain_lab.layers.ledger_execution import Receipt, Surroundings, execute
from blockchain_lab.layers.ledger_transaction import BYTE_GAS, TRANSACTION_GAS, ZERO_BYTE_GAS
from blockchain_lab.layers.lifecycle import EXECUTED, FAILED, PENDING, UNDONE, Step, walk
from blockchain_lab.scenarios import load

STORY: Final = "re_included"
BUYER: Final = "ann"
RIVAL: Final = "eve"
WITNESS: Final = "cat"  # whose side of the cut has the weaker branch
ETHER: Final = 10**9  # gwei
GIVEN: Final = 10 * ETHER  # by ann
RIVAL_GIVES: Final = 20 * ETHER
LEAST: Final = 9_800_000  # tokens, or nothing
PRICE: Final = 30  # gwei a unit of gas
HELD: Final = 1_000 * ETHER, 1_000_000_000  # what the exchange begins with: gwei, tokens
SLOT_READ: Final = 2_100  # units of gas; EIP-2929, since Berlin (April 2021)
BYTE: Final = 8  # an argument's length in bytes


def get_made(lab: Lab, peer: str) -> list[str]:
    """The transactions that a peer has signed, in their order."""
    return [facts["txid"] for _, facts in get_notes(lab, "transaction made", peer)]


def get_way(lab: Lab, txid: str, peer: str = WITNESS) -> list[Step]:
    """What a peer saw of a transaction."""
    return walk(lab.trace, txid, lab.names.index(peer))


def get_receipts(lab: Lab, sender: str, peer: str = WITNESS) -> list[Receipt]:
    """Receipts of somebody's transactions on every branch that a peer knows, lower blocks first."""
    chain = lab.peer(peer).chain
    entries = sorted(chain.tree.own.values(), key=lambda entry: entry.height)
    receipts = [receipt for entry in entries for receipt in chain.get_receipts(entry)]
    return [receipt for receipt in receipts if receipt.transaction.sender == sender]


# -- what becomes of it --------------------------------------------------------------------------------------


def find_fate(seed: int) -> str:
    """The option that fits the learner's run: how ann's call goes on behind the reorganisation."""
    lab = play(STORY, seed)
    (call,) = get_made(lab, BUYER)
    states = [step.state for step in get_way(lab, call)]
    if UNDONE not in states:
        return "a"
    return {EXECUTED: "c", FAILED: "d"}.get(states[-1], "b")


def reckon_fate(seed: int) -> str:
    """The same by the price alone: does she get enough when eve has bought before her?"""
    taken = compute_output(RIVAL_GIVES, *HELD)
    got = compute_output(GIVEN, HELD[0] + RIVAL_GIVES, HELD[1] - taken)
    return "c" if got >= LEAST else "d"


def find_undoing(seed: int) -> int:
    """The event at which cat leaves the block that had run ann's call."""
    return next(note.event for note, _ in get_notes(play(STORY, seed), "transactions undone", WITNESS))


# -- the price -----------------------------------------------------------------------------------------------


def ask_exchange(seed: int) -> int:
    """Tokens for ann behind eve's trade: the call is run on the state before the last block, limit off."""
    chain = play(STORY, seed).peer(WITNESS).chain
    state = chain.get_post_state(chain.tip.previous).state
    call = get_receipts(play(STORY, seed), BUYER)[0].transaction
    bare = replace(call, arguments=(1,), signature=b"").sign()
    _, receipt = execute(state, bare, Surroundings(call.chain, WITNESS, chain.height, CONTRACTS))
    return receipt.output


def solve_exchange(seed: int) -> int:
    """The same by the rule: coins times tokens may not shrink, 0.3 % of what comes in apart. Twice."""
    into, out_of = map(Fraction, HELD)
    got = Fraction(0)
    for given in (RIVAL_GIVES, GIVEN):
        got = Fraction(int(out_of - into * out_of / (into + Fraction(997, 1_000) * given)))
        into, out_of = into + given, out_of - got
    return int(got)


def forget_rival(seed: int) -> int:
    """A mistake: as if nobody had come before."""
    return compute_output(GIVEN, *HELD)


def forget_fee(seed: int) -> int:
    """A mistake: all that comes in counts."""
    into, out_of = get_held()
    return GIVEN * out_of // (into + GIVEN)


def keep_price(seed: int) -> int:
    """A mistake: the price before the trade, as if it stayed so."""
    into, out_of = get_held()
    return GIVEN * out_of // into


def get_held() -> tuple[int, int]:
    """What the exchange holds when eve has bought."""
    return HELD[0] + RIVAL_GIVES, HELD[1] - compute_output(RIVAL_GIVES, *HELD)


def show_exchange(lab: Lab, peer: str) -> Table:
    """What the exchange holds on a peer's branch at the cursor."""
    state = lab.peer(peer).chain.state
    row = (peer, f"{state.get_slot(COINS) / ETHER:,g}", state.get_slot(TOKENS))
    return make_table("exchange", ("as seen by", "ether", "tokens"), [row])


# -- what it costs to fail -----------------------------------------------------------------------------------


def find_kept_fee(seed: int) -> int:
    """Gwei that ann has paid for the call that failed: by its receipt."""
    return next(receipt.fee for receipt in get_receipts(play(STORY, seed), BUYER) if not receipt.is_ok)


def add_kept_fee(seed: int) -> int:
    """The same from the parts: every transaction, each byte of its data, two slots read."""
    data = b"\x03\x00buy" + b"\x01\x00" + LEAST.to_bytes(BYTE, "little") + b"\x00\x00"
    zeros = data.count(0)
    units = TRANSACTION_GAS + ZERO_BYTE_GAS * zeros + BYTE_GAS * (len(data) - zeros) + 2 * SLOT_READ
    return units * PRICE


def find_full_fee(seed: int) -> int:
    """A mistake: what it would have cost with all that a call does when it succeeds."""
    return next(receipt.fee for receipt in get_receipts(play(STORY, seed), BUYER) if receipt.is_ok)


def show_actions(lab: Lab) -> Table:
    """Bob's payment beside ann's call: as it ran in cat's block, and at its second turn if that has come."""
    names = ("ann's call, first time", "ann's call, second time")
    calls = [*zip(names, get_receipts(lab, BUYER), strict=False)]
    payments = [("bob's payment", receipt) for receipt in get_receipts(lab, "bob")[:1]]
    return make_columns("actions", [(name, tell(receipt)) for name, receipt in (*payments, *calls)])


def tell(receipt: Receipt) -> list[str]:
    """A line for each thing that a peer does for a transaction, and what came of it."""
    lines = [
        f"{number}. {step.what} {step.about}" + (f" ({step.gas:,} gas)" if step.gas else "")
        for number, step in enumerate(receipt.steps, 1)
    ]
    return [*lines, f"{receipt.gas_used:,} units of gas, {receipt.reason or 'done'}"]


# -- its stations --------------------------------------------------------------------------------------------

AGAIN: Final = " again"


def list_stations(seed: int) -> list[str]:
    """The states of ann's call at cat, from its notes; one that comes back is marked."""
    lab = play(STORY, seed)
    (call,) = get_made(lab, BUYER)
    return mark_returns([step.state for step in get_way(lab, call)])


def look_for_stations(seed: int) -> list[str]:
    """The same without notes: each second, is it in cat's pool, or in a block on cat's branch?"""
    lab, seen = Lab(STORY, seed=seed), [""]
    for second in range(1, load(STORY).until // SECOND + 1):
        lab.run(until=second * SECOND)
        found = look_for_call(lab)
        if found and found != seen[-1]:
            left_block = seen[-1] in (EXECUTED, FAILED)
            seen += [UNDONE, found] if left_block else [found]
    return mark_returns(seen[1:])


def look_for_call(lab: Lab) -> str:
    """Where ann's call is at cat just now: pending, executed, failed, or nowhere."""
    node = lab.peer(WITNESS)
    if node.pool.find(BUYER, 0) is not None:
        return PENDING
    entry = node.chain.tip
    while entry.previous is not None:
        for receipt in node.chain.get_receipts(entry):
            if receipt.transaction.sender == BUYER and receipt.transaction.to == EXCHANGE:
                return EXECUTED if receipt.is_ok else FAILED
        entry = entry.previous
    return ""


def mark_returns(states: Sequence[str]) -> list[str]:
    """Each name once: what comes for the second time is called so."""
    return [state + AGAIN if state in states[:place] else state for place, state in enumerate(states)]
