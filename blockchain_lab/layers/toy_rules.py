"""The rules of the toy chain: who leads a slot, what a payment may do, how much two thirds is, what is final.

    slot      1      2      3      4      5      6            a slot is a second of everybody's clock
    leader   ann    bob    ann    cat    bob    cat           drawn by stake, from the slot's number alone
    block    B1 <-- B2            B4 <-- B5 <-- B6            nothing came of slot 3
    votes    2/3    2/3           2/3    2/3    2/3           with two thirds of the stake: confirmed
    final    ============================                     three confirmed slots in a row: up to the middle

Two thirds are needed so that two blocks of a slot cannot both be confirmed while less than a third of the
stake lies; three in a row, so that a branch that nobody has heard of cannot overtake (B. Chan, E. Shi,
"Streamlet: Textbook Streamlined Blockchains", 2020, §3). The lecture's program (Tribler/asci-a27) takes two
thirds for final at once, with one leader for each height: it waits for a leader that is away.

Pure functions over plain values. No node, no clock and no message handler enters here.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Self

from blockchain_lab.base.draws import draw, get_key, to_below
from blockchain_lab.base.errors import UsageError
from blockchain_lab.base.units import SECOND, Microseconds
from blockchain_lab.layers.toy_messages import Block, Payment

WHERE: Final = "chain.toy"  # in a scenario
MOST: Final = 0xFFFFFFFF  # coins of an account, and stake: what four bytes hold
IN_A_ROW: Final = 3  # confirmed slots one after another; Streamlet, §3


@dataclass(frozen=True, slots=True)
class Chain:
    """What all peers agree on before they start."""

    seed: int  # of the leaders' lottery
    stakes: Mapping[str, int]  # validators, in the order that the lottery counts them
    balances: Mapping[str, int]  # everybody's coins at the genesis
    slot: Microseconds = SECOND

    @property
    def total(self) -> int:
        """All stake."""
        return sum(self.stakes.values())

    @classmethod
    def from_plain(cls, chain: Mapping[str, Any], seed: int) -> Self:
        """A scenario's `chain.toy`. UsageError with the key, for what cannot be."""
        plain = chain.get("toy")
        if not isinstance(plain, Mapping):
            raise UsageError(f"{WHERE}: found {plain!r}, wanted stakes, balances and, if need be, slot")
        for key in plain:
            if key not in ("stakes", "balances", "slot"):
                raise UsageError(f"{WHERE}.{key}: unknown key, accepted: stakes, balances, slot")
        stakes = read_amounts(plain, "stakes", least=1)
        balances = read_amounts(plain, "balances", least=0)
        slot = plain.get("slot", SECOND)
        if type(slot) is not int or slot < 1:
            raise UsageError(f"{WHERE}.slot: found {slot!r}, accepted: microseconds, from 1 on")
        if not stakes:
            raise UsageError(f"{WHERE}.stakes: nobody holds stake, wanted at least one validator")
        return cls(seed, stakes, balances, slot)


def read_amounts(plain: Mapping[str, Any], key: str, least: int) -> dict[str, int]:
    """Name -> whole number. UsageError."""
    amounts = plain.get(key, {})
    if not isinstance(amounts, Mapping):
        raise UsageError(f"{WHERE}.{key}: found {amounts!r}, accepted: numbers by name")
    for name, amount in amounts.items():
        if type(amount) is not int or not least <= amount <= MOST:
            raise UsageError(
                f"{WHERE}.{key}.{name}: found {amount!r}, accepted: a whole number from {least} to {MOST}"
            )
    return dict(amounts)


def draw_leader(stakes: Mapping[str, int], seed: int, number: int) -> str:
    """Who leads the slot of this number: each with a chance of its share. Anybody can tell. O(names)."""
    ticket = to_below(draw(get_key(seed, "toy leader"), number), sum(stakes.values()))
    for name, stake in stakes.items():
        if ticket < stake:
            return name
        ticket -= stake
    raise AssertionError("a ticket lies below the sum of all stakes")


def is_two_thirds(weight: int, total: int) -> bool:
    """Two thirds or more, without division."""
    return 3 * weight >= 2 * total


@dataclass(frozen=True, slots=True)
class Ledger:
    """Everybody's coins and payments behind a block. A block's ledger is a function of its branch."""

    balances: Mapping[str, int]
    numbers: Mapping[str, int]  # sender -> how many payments it has made; who is not in it has made none

    def get_number(self, sender: str) -> int:
        """How many payments of this sender are in it."""
        return self.numbers.get(sender, 0)


def find_fault(ledger: Ledger, payment: Payment) -> str | None:
    """Why this payment cannot be the next one; None when it can. Whose signature it bears is not asked."""
    if payment.sender not in ledger.balances or payment.receiver not in ledger.balances:
        return f"no account of {payment.sender} or of {payment.receiver}"
    if payment.number != ledger.get_number(payment.sender) + 1:
        wanted = ledger.get_number(payment.sender) + 1
        return f"payment {payment.number} of {payment.sender}, wanted {wanted}"
    if not 0 < payment.amount <= ledger.balances[payment.sender]:
        return f"{payment.sender} pays {payment.amount} of {ledger.balances[payment.sender]}"
    return None


def pay(ledger: Ledger, payment: Payment) -> Ledger:
    """Carry it out, whether it may be or not: who wants to know asks `find_fault` first."""
    balances = dict(ledger.balances)
    balances[payment.sender] = balances.get(payment.sender, 0) - payment.amount
    balances[payment.receiver] = balances.get(payment.receiver, 0) + payment.amount
    return Ledger(balances, {**ledger.numbers, payment.sender: payment.number})


def pay_all(ledger: Ledger, payments: Iterable[Payment]) -> Ledger:
    """The ledger behind these payments."""
    for payment in payments:
        ledger = pay(ledger, payment)
    return ledger


def choose_payments(ledger: Ledger, pending: Iterable[Payment], most: int) -> tuple[Payment, ...]:
    """What a leader puts into its block: the first that may be carried out, one after another."""
    chosen: list[Payment] = []
    for payment in sorted(pending, key=lambda each: each.number):
        if len(chosen) < most and find_fault(ledger, payment) is None:
            ledger = pay(ledger, payment)
            chosen.append(payment)
    return tuple(chosen)


def find_bad_payment(ledger: Ledger, payments: Iterable[Payment]) -> str | None:
    """What is wrong with the first of a block's payments that must not be; None when all may."""
    for payment in payments:
        fault = find_fault(ledger, payment)
        if fault is not None:
            return fault
        ledger = pay(ledger, payment)
    return None


def is_final(confirmed: Sequence[Block]) -> bool:
    """Do the last three of a confirmed branch stand in slots in a row? Then the middle one is final."""
    last = [block.slot for block in confirmed[-IN_A_ROW:]]
    return len(last) == IN_A_ROW and last[0] + 2 == last[1] + 1 == last[2]
