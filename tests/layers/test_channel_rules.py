"""The contract of payment channels, call by call: who gets the coins, and what it refuses."""

import pytest
from support.settlements import carry, make_books, pass_blocks

from blockchain_lab.base.messages import Message
from blockchain_lab.consensus.errors import RuleBroken
from blockchain_lab.layers.bridge_books import Books
from blockchain_lab.layers.channel_actions import (
    ChannelState,
    CloseAlone,
    CloseTogether,
    Fund,
    Punish,
    Settle,
    SignedState,
)

WINDOW = 3  # blocks


def open_channel(amount: int = 100) -> tuple[Books, bytes]:
    """Ann has put coins into a channel with Bob, and has 20 left; he has 50."""
    books = carry(make_books(ann=amount + 20, bob=50, eve=7), "ann", Fund("bob", amount))
    return books, next(iter(books.channels))


def make_state(channel: bytes, number: int, bobs: int, purpose: str = "state") -> SignedState:
    """So much of the 100 coins is Bob's, and both have signed it."""
    state = ChannelState(channel, number, 100 - bobs, bobs)
    return SignedState(state, state.sign("ann", purpose), state.sign("bob", purpose))


def get_coins(books: Books) -> tuple[int, int]:
    """Ann's and Bob's, outside of channels."""
    return books.bank.get("ann"), books.bank.get("bob")


def assert_refused(books: Books, sender: str, action: Message, rule: str) -> None:
    """The call breaks this rule, and nothing has changed."""
    before = dict(books.bank.balances), dict(books.channels)
    with pytest.raises(RuleBroken) as found:
        carry(books, sender, action)

    assert rule == found.value.rule
    assert before == (books.bank.balances, books.channels)


def test_two_who_agree_are_paid_at_once() -> None:
    """Ann's 100 coins are 60 hers and 40 Bob's, and both have signed to shut the channel so."""
    books, channel = open_channel()
    assert (20, 50) == get_coins(books)

    closed = carry(books, "bob", CloseTogether(make_state(channel, 5, bobs=40, purpose="shut")))

    assert (80, 90) == get_coins(closed)
    assert 177 == closed.bank.get_sum()


def test_who_closes_alone_waits_for_the_window() -> None:
    """Posted in block 2, disproved in blocks 3 to 5 if at all, paid out from block 6 on."""
    books, channel = open_channel()
    closing = carry(books, "ann", CloseAlone(make_state(channel, 5, bobs=40)))

    for waited in range(WINDOW):
        assert_refused(pass_blocks(closing, waited), "ann", Settle(channel), "window")
    settled = carry(pass_blocks(closing, WINDOW), "ann", Settle(channel))

    assert 6 == settled.height
    assert (80, 90) == get_coins(settled)


@pytest.mark.parametrize("waited", range(WINDOW))
def test_an_old_state_costs_all_in_the_window(waited: int) -> None:
    """Ann posts state 3, in which Bob has 10; he has state 5, which she has signed. She loses her 60, too."""
    books, channel = open_channel()
    closing = carry(books, "ann", CloseAlone(make_state(channel, 3, bobs=10)))

    punished = carry(pass_blocks(closing, waited), "bob", Punish(make_state(channel, 5, bobs=40)))

    assert (20, 150) == get_coins(punished)
    (fact,) = punished.facts
    assert ("channel punished", "ann", 3, 5) == (
        fact.topic,
        fact.facts["cheater"],
        fact.facts["number"],
        fact.facts["newer"],
    )


def test_behind_the_window_the_proof_is_worth_nothing() -> None:
    """One block too late: what was posted is paid out, old or not."""
    books, channel = open_channel()
    late = pass_blocks(carry(books, "ann", CloseAlone(make_state(channel, 3, bobs=10))), WINDOW)

    assert_refused(late, "bob", Punish(make_state(channel, 5, bobs=40)), "window")
    assert (110, 60) == get_coins(carry(late, "ann", Settle(channel)))


def test_the_first_state_needs_no_signature() -> None:
    """Else Ann's coins would be locked until Bob has said a word."""
    books, channel = open_channel()
    first = SignedState(ChannelState(channel, 0, 100, 0))

    settled = carry(pass_blocks(carry(books, "ann", CloseAlone(first)), WINDOW), "ann", Settle(channel))

    assert (120, 50) == get_coins(settled)


def test_what_nobody_may_do() -> None:
    """Each with the name of the rule that it breaks."""
    books, channel = open_channel()
    good, newer = make_state(channel, 3, bobs=10), make_state(channel, 5, bobs=40)
    half = SignedState(good.state, good.opener_signature)
    forged = SignedState(good.state, good.opener_signature, good.opener_signature)
    more = ChannelState(channel, 3, 100, 10)
    closing = carry(books, "ann", CloseAlone(newer))

    assert_refused(books, "eve", CloseAlone(good), "stranger")
    assert_refused(books, "ann", CloseAlone(half), "signature")
    assert_refused(books, "ann", CloseAlone(forged), "signature")
    assert_refused(books, "ann", CloseTogether(good), "signature")  # signed to go on, not to shut
    assert_refused(books, "ann", CloseAlone(make_state(channel, 3, bobs=10, purpose="shut")), "signature")
    assert_refused(books, "ann", CloseAlone(SignedState(more, more.sign("ann"), more.sign("bob"))), "sum")
    assert_refused(books, "ann", Settle(channel), "status")
    assert_refused(books, "bob", Punish(newer), "status")
    assert_refused(books, "ann", Settle(bytes(32)), "unknown channel")
    assert_refused(closing, "bob", Punish(good), "number")
    assert_refused(closing, "bob", Punish(newer), "number")  # the very state that was posted
    assert_refused(closing, "ann", Punish(newer), "own state")
    assert_refused(closing, "bob", CloseAlone(newer), "status")
    assert_refused(books, "ann", Fund("ann", 5), "partner")
    assert_refused(books, "ann", Fund("bob", 0), "amount")
    assert_refused(books, "ann", Fund("bob", 21), "balance")
    assert_refused(books, "ann", Fund("vault", 5), "partner")


def test_a_closed_channel_is_empty_and_stays_closed() -> None:
    """Nobody is paid twice."""
    books, channel = open_channel()
    shut = CloseTogether(make_state(channel, 5, bobs=40, purpose="shut"))
    closed = carry(books, "bob", shut)

    assert 0 == closed.bank.get(closed.channels[channel].pot)
    assert_refused(closed, "ann", shut, "status")
    assert_refused(closed, "ann", CloseAlone(make_state(channel, 7, bobs=0)), "status")
