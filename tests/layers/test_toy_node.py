"""A peer of the toy chain, told by hand what happens; and whole networks of them."""

import pytest
from support.toy_worlds import (
    ADDRESSES,
    CHAIN,
    NAMES,
    STAKES,
    get_leader,
    get_sent,
    get_topics,
    make_block,
    make_node,
    tell,
    vote_for,
)

from blockchain_lab.base.actions import Pay
from blockchain_lab.base.effects import SendTo
from blockchain_lab.base.errors import UsageError
from blockchain_lab.base.messages import Unknown
from blockchain_lab.base.units import SECOND
from blockchain_lab.layers.toy_branches import Branches
from blockchain_lab.layers.toy_messages import GENESIS, Ask, Block, Payment, Vote
from blockchain_lab.layers.toy_node import MOST_STRANGERS, SLOT
from blockchain_lab.layers.toy_rules import Chain

MINE = next(slot for slot in range(1, 50) if get_leader(slot) == "ann")  # a slot that ann leads
PAYMENT = Payment("gus", "ann", 5, 1).signed_by("gus")


def grow(count: int, start: int = 1) -> list[Block]:
    """A branch of leaders' blocks in slots one after another."""
    branch = [GENESIS]
    for slot in range(start, start + count):
        branch.append(make_block(slot, branch[-1]))
    return branch[1:]


# -- slots and proposals -------------------------------------------------------------------------------------


def test_the_leader_of_a_slot_proposes_what_waits() -> None:
    """To everybody else; and it votes for its block at once."""
    node = make_node("ann")
    tell(node, PAYMENT)
    effects = node.on_timer(SLOT, MINE * SECOND)
    (block,) = get_sent(effects, Block)

    assert (GENESIS.name, MINE, "ann", (PAYMENT,)) == (
        block.parent,
        block.slot,
        block.proposer,
        block.payments,
    )
    assert block.has_own_signature
    assert [block.name] == [vote.block for vote in get_sent(effects, Vote)]
    told = [effect.address for effect in effects if isinstance(effect, SendTo) and effect.message is block]
    assert [ADDRESSES[name] for name in NAMES if name != "ann"] == told


def test_nobody_else_proposes() -> None:
    """Bob's clock says the same, and it is not his turn."""
    assert [] == get_sent(make_node("bob").on_timer(SLOT, MINE * SECOND), Block)


def test_a_slot_has_one_block_of_its_leader_even_after_a_crash() -> None:
    """What was proposed and voted stands on the disk."""
    node = make_node("ann")
    node.on_timer(SLOT, MINE * SECOND)
    again = make_node("ann", disk=node.stored())

    assert [] == get_sent(again.on_timer(SLOT, MINE * SECOND), Block)
    assert list(node.branches.blocks) == list(again.branches.blocks)
    assert (MINE, MINE) == (again.voted, again.proposed)


def test_the_next_slot_is_always_armed() -> None:
    """At the whole second that comes."""
    node = make_node("gus")

    assert SECOND == node.on_start(0)[-1].after
    assert SECOND - 250_000 == node.on_start(3 * SECOND + 250_000)[-1].after


# -- votes ---------------------------------------------------------------------------------------------------


def test_a_validator_votes_once_in_a_slot() -> None:
    """The leader shows two blocks: only the first gets a vote. A client never votes."""
    leader = get_leader(1)
    voter = next(name for name in STAKES if name != leader)
    first = make_block(1)
    second = make_block(1, payments=[Payment(leader, "gus", 1, 1).signed_by(leader)])

    assert [first.name] == [v.block for v in get_sent(tell(make_node(voter), first, second), Vote)]
    assert [] == get_sent(tell(make_node("gus"), first, second), Vote)


def test_nobody_votes_for_a_branch_lower_than_one_that_is_confirmed() -> None:
    """Slot 1 is confirmed here, so a block of slot 2 beside it gets no vote; one on it does."""
    voter = next(name for name in STAKES if name != get_leader(2))
    first = make_block(1)
    beside, on_it = make_block(2), make_block(2, first)

    for block, votes in ((beside, 0), (on_it, 1)):
        node = make_node(voter)
        tell(node, first, *vote_for(first, *STAKES))
        assert votes == len(get_sent(tell(node, block), Vote))


def test_nobody_votes_for_another_time() -> None:
    """Yesterday's block is taken in, tomorrow's too, but a vote is for now; one slot is a clock's error."""
    for late, votes in ((-2, 0), (-1, 1), (0, 1), (1, 1), (2, 0)):
        voter = next(name for name in STAKES if name != get_leader(5))
        effects = tell(make_node(voter), make_block(5), at=(5 + late) * SECOND)
        assert votes == len(get_sent(effects, Vote)), late


def test_two_thirds_of_the_stake_confirm_whatever_the_heads() -> None:
    """40 and 30 of 100 are enough; 30 and 30 are not, nor is one voter twice, nor a forged one."""
    block = make_block(1)
    forged = Vote(block.name, 1, "ann").signed_by("gus")

    assert is_confirmed(block, vote_for(block, "ann", "bob"))
    assert not is_confirmed(block, vote_for(block, "bob", "cat"))
    assert not is_confirmed(block, vote_for(block, "bob", "bob", "bob"))
    assert not is_confirmed(block, [*vote_for(block, "bob"), forged])
    assert not is_confirmed(block, [*vote_for(block, "bob"), *vote_for(block, "gus")])


def is_confirmed(block: Block, votes: list[Vote]) -> bool:
    """In the eyes of a client."""
    node = make_node("gus")
    tell(node, block, *votes)
    return block.name in node.branches.confirmed


def test_a_block_is_not_confirmed_before_its_parent() -> None:
    """All votes for the child, none for the parent: nothing. With the parent's, both at once."""
    first, second = grow(2)
    node = make_node("gus")
    tell(node, first, second, *vote_for(second, *STAKES))
    before = list(node.branches.confirmed)
    tell(node, *vote_for(first, "ann", "bob"))

    assert [GENESIS.name] == before
    assert [GENESIS.name, first.name, second.name] == list(node.branches.confirmed)


def test_who_holds_no_stake_has_no_vote() -> None:
    """It is refused, and takes no memory."""
    block = make_block(1)
    node = make_node("ann")

    assert ["claim refused"] == get_topics(tell(node, *vote_for(block, "gus")))
    assert {} == node.branches.votes


def test_a_vote_may_overtake_its_block() -> None:
    """It waits, and counts."""
    block = make_block(1)
    node = make_node("gus")
    tell(node, *vote_for(block, *STAKES))
    effects = tell(node, block)

    assert block.name in node.branches.confirmed
    assert "block confirmed" in get_topics(effects)


# -- finality ------------------------------------------------------------------------------------------------


def test_three_slots_in_a_row_make_two_blocks_final() -> None:
    """The genesis counts as slot 0: after slot 2 the block of slot 1 is final, and after slot 3 the next."""
    node = make_node("gus")
    heights = []
    for block in grow(4):
        tell(node, block, *vote_for(block, *STAKES))
        heights.append(node.branches.height)

    assert [0, 1, 2, 3] == heights


def test_a_gap_in_time_waits_for_three_in_a_row_behind_it() -> None:
    """Slots 1, 3, 4: nothing; with 5, everything up to 4."""
    node, first = make_node("gus"), make_block(1)
    branch = [first, make_block(3, first)]
    branch += [make_block(4, branch[-1])]
    branch += [make_block(5, branch[-1])]
    heights = []
    for block in branch:
        tell(node, block, *vote_for(block, *STAKES))
        heights.append(node.branches.height)

    assert [0, 0, 0, 3] == heights


def test_what_is_final_is_paid_and_waits_no_more() -> None:
    """Even if this peer has never heard of the payment before."""
    node, first = make_node("gus"), make_block(1, payments=[PAYMENT])
    second = make_block(2, first)
    tell(node, first, *vote_for(first, *STAKES), second, *vote_for(second, *STAKES))

    assert (95, 105) == (node.branches.ledger.balances["gus"], node.branches.ledger.balances["ann"])
    assert [] == get_sent(tell(node, PAYMENT), Payment), "an old payment is not passed on"
    assert {} == node.pending


def test_finality_is_never_taken_back() -> None:
    """A whole other branch is confirmed by votes that must not be: this peer stays where it is."""
    branches = Branches(Chain.from_plain(CHAIN, 7))
    one, other = grow(2), [make_block(1, by="cat"), None, None]
    other[1] = make_block(2, other[0], by="cat")
    other[2] = make_block(3, other[1], by="cat")
    for block in (*one, *other):
        branches.add(block)
        for vote in vote_for(block, *STAKES):
            branches.keep(vote)
        for confirmed in branches.confirm(block.name):
            branches.finalise(confirmed.name)

    assert [GENESIS.name, one[0].name] == branches.final


# -- who was away --------------------------------------------------------------------------------------------


def test_a_block_without_its_parent_waits_and_its_sender_is_asked() -> None:
    """Once in a slot; the answer fills the gap, and the block that waited stands on it."""
    first, second, third = grow(3)
    node, knows = make_node("gus"), make_node("ann")
    for block in (first, second):
        tell(knows, block, *vote_for(block, *STAKES))
    effects = tell(node, second, third, source="ann", at=2 * SECOND)
    (ask,) = [each.message for each in effects if isinstance(each, SendTo) and isinstance(each.message, Ask)]
    answer = get_sent(tell(knows, ask), Block | Vote)
    tell(node, *answer, at=2 * SECOND)

    assert Ask(0) == ask
    assert [first, second] == [message for message in answer if isinstance(message, Block)]
    assert [first.name, second.name] == list(node.branches.confirmed)[1:]
    assert third.name in node.branches.blocks


def test_who_has_the_parent_but_not_its_votes_asks_too() -> None:
    """A datagram was lost; the block that comes next shows it."""
    first, second = grow(2)
    node = make_node("gus")
    tell(node, first)

    assert [Ask(0)] == get_sent(tell(node, second), Ask)


def test_memory_for_blocks_without_parents_is_not_endless() -> None:
    """The oldest gives way."""
    node = make_node("gus")
    strangers = [make_block(slot, make_block(slot + 1_000)) for slot in range(1, MOST_STRANGERS + 3)]
    tell(node, *strangers)

    assert [block.name for block in strangers[2:]] == list(node.strangers)


# -- payments ------------------------------------------------------------------------------------------------


def test_a_client_tells_one_validator_until_its_payment_is_final() -> None:
    """In each slot again, to any of them."""
    node = make_node("gus")
    effects = node.on_command(Pay("gus", "ann", 5), 0)
    for slot in range(1, 20):
        effects += node.on_timer(SLOT, slot * SECOND)
    validators = [ADDRESSES[name] for name in STAKES]
    told = [each.address for each in effects if isinstance(each, SendTo)]

    assert [PAYMENT] == get_sent(effects, Payment)
    assert 20 == len(told)
    assert set(validators) == set(told)


def test_a_validator_passes_on_what_is_new_and_signed() -> None:
    """To the other validators, once. What is forged stops here."""
    node = make_node("ann")
    told = [effect.address for effect in tell(node, PAYMENT, PAYMENT) if isinstance(effect, SendTo)]
    stolen = Payment("gus", "bob", 5, 1).signed_by("bob")

    assert [ADDRESSES["bob"], ADDRESSES["cat"]] == told
    assert ["claim refused"] == get_topics(tell(node, stolen))
    assert [PAYMENT.name] == list(node.pending)


@pytest.mark.parametrize(
    ("order", "problem"),
    [
        (Pay("gus", "ann", 100), None),
        (Pay("gus", "ann", 101), "gus pays 101 of 100"),
        (Pay("gus", "nobody", 1), "no account of gus or of nobody"),
        (Pay("gus", "ann", 0), "gus pays 0 of 100"),
    ],
)
def test_an_order_that_cannot_be_paid_is_refused(order: Pay, problem: str | None) -> None:
    """Before anything is recorded."""
    assert problem == make_node("gus").find_problem(order, 0)


def test_orders_that_are_under_way_are_spent() -> None:
    """60 of 100 are on their way, so 41 are too many."""
    node = make_node("gus")
    node.on_command(Pay("gus", "ann", 60), 0)

    assert "gus pays 101 of 100" == node.find_problem(Pay("gus", "ann", 41), 0)
    assert node.find_problem(Pay("gus", "ann", 40), 0) is None


# -- bad input -----------------------------------------------------------------------------------------------


def test_what_is_not_for_us_is_ignored() -> None:
    """A word of another chain."""
    assert [] == tell(make_node(), Unknown("verack", b""))


@pytest.mark.parametrize(
    "wrong",
    [
        make_block(1, by=next(name for name in STAKES if name != get_leader(1))),
        Block(GENESIS.name, 1, get_leader(1)).signed_by("gus"),
        make_block(1, payments=[Payment("gus", "ann", 101, 1).signed_by("gus")]),
        make_block(1, payments=[Payment("gus", "ann", 1, 1).signed_by("ann")]),
        make_block(1, payments=[PAYMENT, PAYMENT]),
        make_block(0),
    ],
    ids=["not the leader's", "not signed by it", "not covered", "stolen", "twice", "before its parent"],
)
def test_a_block_against_the_rules_is_refused_and_said_to_be(wrong: Block) -> None:
    """No vote, no place in the tree."""
    node = make_node("gus")

    assert ["block invalid"] == get_topics(tell(node, wrong))
    assert [GENESIS.name] == list(node.branches.blocks)


@pytest.mark.parametrize(
    "change",
    [{"voted": "x"}, {"blocks": ["zz"]}, {"votes": ["00"]}, {"blocks": [grow(2)[1].encoding.hex()]}],
    ids=["no number", "no hexadecimal", "no vote", "no parent"],
)
def test_a_disk_that_nobody_has_written_is_refused(change: dict) -> None:
    """With the peer's name."""
    with pytest.raises(UsageError, match="disk of ann"):
        make_node(disk={**make_node().stored(), **change})


def test_a_policy_has_no_keys() -> None:
    """Said with the key."""
    with pytest.raises(UsageError, match=r"policy\.speed: unknown key"):
        make_node(policy={"speed": 1})
