"""The rules of the toy chain: leaders by stake, payments, two thirds, and three slots in a row."""

from collections import Counter
from fractions import Fraction

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from blockchain_lab.base.errors import UsageError
from blockchain_lab.layers.toy_messages import GENESIS, Block, Payment
from blockchain_lab.layers.toy_rules import (
    Chain,
    Ledger,
    choose_payments,
    draw_leader,
    find_bad_payment,
    find_fault,
    is_final,
    is_two_thirds,
    pay,
    pay_all,
)

LEDGER = Ledger({"ann": 10, "bob": 0}, {})


def test_each_leads_as_often_as_its_share_says() -> None:
    """Of 4,000 slots a third, a half and a sixth, within four standard deviations."""
    stakes = {"ann": 2, "bob": 3, "cat": 1}
    led = Counter(draw_leader(stakes, 1, slot) for slot in range(4_000))

    for name, stake in stakes.items():
        share = stake / 6
        assert abs(led[name] - 4_000 * share) < 4 * (4_000 * share * (1 - share)) ** 0.5


def test_a_leader_follows_from_the_slot_and_nothing_else() -> None:
    """Another seed draws others; the same one the same."""
    stakes = {"ann": 1, "bob": 1}

    assert [draw_leader(stakes, 5, n) for n in range(50)] == [draw_leader(stakes, 5, n) for n in range(50)]
    assert [draw_leader(stakes, 5, n) for n in range(50)] != [draw_leader(stakes, 6, n) for n in range(50)]
    assert "bob" == draw_leader({"bob": 1}, 5, 3)


@example(2, 3)
@example(200, 300)
@given(st.integers(0, 10_000), st.integers(1, 10_000))
def test_two_thirds_is_exact(weight: int, total: int) -> None:
    """As fractions have it."""
    assert (Fraction(weight, total) >= Fraction(2, 3)) == is_two_thirds(weight, total)


@given(st.dictionaries(st.sampled_from("abcde"), st.integers(1, 50), min_size=1))
def test_two_pairs_of_two_thirds_share_a_third(stakes: dict[str, int]) -> None:
    """So two blocks of a slot are confirmed only if who holds a third has voted twice."""
    total, names = sum(stakes.values()), sorted(stakes)
    quorums = [
        group
        for bits in range(1 << len(names))
        if is_two_thirds(sum(map(stakes.get, group := pick(names, bits))), total)
    ]

    for one in quorums:
        for other in quorums:
            assert 3 * sum(stakes[name] for name in one if name in other) >= total


def pick(names: list[str], bits: int) -> list[str]:
    """Those whose bit is set."""
    return [name for place, name in enumerate(names) if bits >> place & 1]


@pytest.mark.parametrize(
    ("payment", "fault"),
    [
        (Payment("ann", "bob", 10, 1), None),
        (Payment("ann", "bob", 11, 1), "ann pays 11 of 10"),
        (Payment("ann", "bob", 0, 1), "ann pays 0 of 10"),
        (Payment("bob", "ann", 1, 1), "bob pays 1 of 0"),
        (Payment("ann", "bob", 1, 2), "payment 2 of ann, wanted 1"),
        (Payment("ann", "eve", 1, 1), "no account of ann or of eve"),
    ],
)
def test_a_payment_is_covered_numbered_and_between_accounts(payment: Payment, fault: str | None) -> None:
    """And what is wrong with it is said."""
    assert fault == find_fault(LEDGER, payment)


def test_a_number_is_used_once() -> None:
    """The same payment again is none, however much is left."""
    first = Payment("ann", "bob", 3, 1)
    after = pay(LEDGER, first)

    assert {"ann": 7, "bob": 3} == dict(after.balances)
    assert {"ann": 10, "bob": 0} == dict(LEDGER.balances), "ledgers of other branches stay"
    assert "payment 1 of ann, wanted 2" == find_fault(after, first)
    assert "payment 1 of ann, wanted 2" == find_bad_payment(LEDGER, [first, first])


def test_a_leader_takes_what_can_be_paid_in_the_order_of_numbers() -> None:
    """Bob can pay only after ann has; who pays too much waits."""
    waiting = [
        Payment("ann", "bob", 2, 2),
        Payment("ann", "bob", 6, 1),
        Payment("bob", "ann", 50, 1),
        Payment("ann", "bob", 9, 3),
    ]

    assert (waiting[1], waiting[0]) == choose_payments(LEDGER, waiting, 5)
    assert (waiting[1],) == choose_payments(LEDGER, waiting, 1)


payments = st.builds(
    Payment, st.sampled_from("abc"), st.sampled_from("abc"), st.integers(0, 30), st.integers(1, 4)
)


@given(st.lists(payments, max_size=12))
def test_whatever_a_leader_is_offered_no_coin_is_made_and_nobody_owes(offered: list[Payment]) -> None:
    """What it chooses is valid, and money is conserved."""
    ledger = Ledger(dict.fromkeys("abc", 20), {})
    chosen = choose_payments(ledger, offered, 5)
    after = pay_all(ledger, chosen)

    assert find_bad_payment(ledger, chosen) is None
    assert 60 == sum(after.balances.values())
    assert min(after.balances.values()) >= 0


@pytest.mark.parametrize(
    ("slots", "final"),
    [((0, 1, 2), True), ((4, 5, 6), True), ((4, 5, 7), False), ((3, 5, 6), False), ((5, 6), False)],
)
def test_three_slots_in_a_row_make_the_middle_one_final(slots: tuple[int, ...], final: bool) -> None:
    """A gap in time, and nothing is final yet: there may be another branch in it."""
    assert final is is_final([Block(GENESIS.name, slot, "ann") for slot in slots])


@pytest.mark.parametrize(
    ("plain", "found"),
    [
        ({}, "chain.toy: found None"),
        ({"toy": 3}, "chain.toy: found 3"),
        ({"toy": {"stakes": {}, "balances": {}}}, "chain.toy.stakes: nobody holds stake"),
        ({"toy": {"stakes": {"ann": 0}}}, "chain.toy.stakes.ann: found 0"),
        ({"toy": {"stakes": {"ann": 1}, "balances": {"ann": -1}}}, "chain.toy.balances.ann: found -1"),
        (
            {"toy": {"stakes": {"ann": 1}, "balances": {"ann": 1 << 32}}},
            "found 4294967296",
        ),
        ({"toy": {"stakes": ["ann"]}}, "chain.toy.stakes: found"),
        ({"toy": {"stakes": {"ann": 1}, "slot": 0}}, "chain.toy.slot: found 0"),
        ({"toy": {"steaks": {"ann": 1}}}, "chain.toy.steaks: unknown key"),
    ],
)
def test_a_chain_that_cannot_be_is_refused_with_its_key(plain: dict, found: str) -> None:
    """By the path in the scenario."""
    with pytest.raises(UsageError, match=found):
        Chain.from_plain(plain, 1)
