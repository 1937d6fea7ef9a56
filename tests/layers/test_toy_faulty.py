"""The six planted faults, each in a peer that is decent but for one thing; and what a forger may reach."""

from collections.abc import Iterable

import pytest
from support.toy_worlds import (
    ADDRESSES,
    STAKES,
    get_leader,
    get_sent,
    get_topics,
    make_block,
    make_node,
    tell,
    vote_for,
)

from blockchain_lab.base.errors import UsageError
from blockchain_lab.base.units import SECOND, Address
from blockchain_lab.layers.kinds import KINDS
from blockchain_lab.layers.toy_faulty import FAULTS, FaultyNode, plant
from blockchain_lab.layers.toy_forger import ToyForger
from blockchain_lab.layers.toy_messages import GENESIS, Ask, Block, Payment, Vote
from blockchain_lab.layers.toy_node import OpenToyNode
from blockchain_lab.layers.toy_notes import KEPT, LOST
from blockchain_lab.layers.toy_repairs import ToyNode
from blockchain_lab.layers.toy_rules import find_bad_payment

STOLEN = Payment("gus", "cat", 5, 1).signed_by("cat")
FIRST = make_block(1)
UNKNOWN = make_block(1, payments=[Payment("gus", "ann", 5, 1).signed_by("gus")])


def has_taken_a_stolen_payment(node: OpenToyNode) -> bool:
    """Somebody else's signature under gus's name."""
    tell(node, STOLEN)
    return STOLEN.name in node.pending


def has_another_leader_at_another_height(node: OpenToyNode) -> bool:
    """Who leads slot 5, asked by a peer that has come further."""
    before = [node.get_leader(slot) for slot in range(20)]
    second = make_block(2, FIRST)
    tell(node, FIRST, *vote_for(FIRST, *STAKES), second, *vote_for(second, *STAKES))
    return before != [node.get_leader(slot) for slot in range(20)] or before != list(
        map(get_leader, range(20))
    )


def has_taken_an_uncovered_block(node: OpenToyNode) -> bool:
    """A leader that spends more than there is."""
    block = make_block(1, payments=[Payment("gus", "ann", 101, 1).signed_by("gus")])
    tell(node, block)
    return block.name in node.branches.blocks


def has_lost_early_votes(node: OpenToyNode) -> bool:
    """All votes first, and then the block."""
    tell(node, *vote_for(FIRST, *STAKES), FIRST)
    return FIRST.name not in node.branches.confirmed


def has_fallen_over(node: OpenToyNode) -> bool:
    """A payment is final that this peer has never heard of."""
    second = make_block(2, UNKNOWN)
    try:
        tell(node, UNKNOWN, *vote_for(UNKNOWN, *STAKES), second, *vote_for(second, *STAKES))
    except KeyError:
        return True
    return False


def has_not_asked(node: OpenToyNode) -> bool:
    """A block whose parent never came."""
    return [] == get_sent(tell(node, make_block(2, FIRST)), Ask)


SIGNS = {
    "is_authentic": has_taken_a_stolen_payment,
    "get_leader": has_another_leader_at_another_height,
    "is_valid": has_taken_an_uncovered_block,
    "on_early_vote": has_lost_early_votes,
    "settle": has_fallen_over,
    "on_gap": has_not_asked,
}


@pytest.mark.parametrize("sign", FAULTS)
@pytest.mark.parametrize("fault", FAULTS)
def test_each_fault_shows_its_own_sign_and_no_other(fault: str, sign: str) -> None:
    """Thirty-six pairs: one fault planted, one thing looked at."""
    assert (fault == sign) is SIGNS[sign](make_node("gus", plant([fault])))


@pytest.mark.parametrize("sign", FAULTS)
def test_a_repaired_peer_shows_none_and_a_faulty_one_all(sign: str) -> None:
    """Without `plant`: the classes that a scenario names."""
    assert not SIGNS[sign](make_node("gus", ToyNode))
    assert SIGNS[sign](make_node("gus", FaultyNode))


def test_the_faulty_peer_overrides_the_six_and_nothing_else() -> None:
    """And the node itself leaves them open, so nobody repairs by deleting."""
    assert set(FAULTS) == {name for name in vars(FaultyNode) if not name.startswith("__")}
    assert set(FAULTS) == {name for name in vars(ToyNode) if not name.startswith("__")}
    for name, arguments in (("get_leader", (1,)), ("is_valid", (GENESIS,)), ("settle", (GENESIS,))):
        with pytest.raises(NotImplementedError):
            getattr(make_node("ann", OpenToyNode), name)(*arguments)
    with pytest.raises(UsageError, match="found 'vote', accepted: is_authentic"):
        plant(["vote"])


def test_a_learner_repairs_by_subclassing() -> None:
    """One method, and its sign is gone; the others stay."""

    class Mine(FaultyNode):
        def on_early_vote(self, vote: Vote) -> list:
            self.branches.keep(vote)
            return []

    shown = [name for name, sign in SIGNS.items() if sign(make_node("gus", Mine))]

    assert [name for name in SIGNS if name != "on_early_vote"] == shown


def test_scenarios_may_name_all_three() -> None:
    """By one word each."""
    assert (ToyNode, FaultyNode, ToyForger) == (KINDS["toy"], KINDS["toy-faulty"], KINDS["toy-forger"])


def test_a_forger_signs_with_its_own_key_only() -> None:
    """Whatever it says in another one's name bears no signature of that one."""
    forger = make_node("cat", ToyForger)
    for slot in range(1, 30):
        forger.on_timer(("slot", None, None), slot * SECOND)
        lies = get_sent(forger.on_timer(("slot", None, None), slot * SECOND), Payment | Block | Vote)
        for lie in lies:
            assert lie.has_own_signature == (lie.author == "cat")
        assert {"gus", "ann", "bob"} & {lie.author for lie in lies}


def listen(slots: Iterable[int], node: OpenToyNode | None = None) -> dict[int, dict[Address, list[Block]]]:
    """The different blocks that a forger, who holds stake, tells each peer in each slot."""
    forger = node or make_node("cat", ToyForger)
    told: dict[int, dict[Address, list[Block]]] = {}
    for slot in slots:
        heard = told.setdefault(slot, {})
        for effect in forger.on_timer(("slot", None, None), slot * SECOND):
            block = getattr(effect, "message", None)
            if isinstance(block, Block):
                heard.setdefault(effect.address, []).append(block)
    return told


def test_a_forger_shows_two_blocks_in_a_slot_of_its_own() -> None:
    """Both valid; one peer gets both, each other one of them, and all get one."""
    slots = [slot for slot in range(1, 200) if get_leader(slot) == "cat"]
    pairs = []
    for heard in listen(slots).values():
        valid = {
            who: [each for each in blocks if make_node("gus").is_valid(each)] for who, blocks in heard.items()
        }
        if 2 == len({block.name for blocks in valid.values() for block in blocks}):
            pairs.append(valid)

    assert pairs
    for each in pairs:
        assert set(ADDRESSES.values()) - {ADDRESSES["cat"]} == set(each)
        assert [2, 1, 1] == [len(blocks) for blocks in each.values()]


def test_each_lie_of_a_forger_breaks_one_rule_and_keeps_the_others() -> None:
    """In three slots of others: no coins; clean, but out of turn; the leader's name, and not its key."""
    slots = [slot for slot in range(1, 60) if get_leader(slot) != "cat"]
    judge, kinds = make_node("gus"), {}
    for slot, heard in listen(slots).items():
        (block,) = dict.fromkeys(block for blocks in heard.values() for block in blocks)
        ledger = judge.branches.ledgers[block.parent]
        kinds[slot % 3] = (
            block.proposer == get_leader(slot),
            block.has_own_signature,
            find_bad_payment(ledger, block.payments) is None,
        )

    assert {0: (True, False, True), 1: (False, True, False), 2: (False, True, True)} == kinds


def test_in_its_own_turn_a_forger_spends_what_is_not_its_own() -> None:
    """More than it has; and what somebody else has, without a signature."""
    slot = next(slot for slot in range(1, 50) if get_leader(slot) == "cat")
    judge = make_node("gus")
    blocks = listen([slot])[slot][ADDRESSES["gus"]][:2]
    ledger = judge.branches.ledger
    covered = [find_bad_payment(ledger, block.payments) is None for block in blocks]
    signed = [block.payments[0].has_own_signature for block in blocks]

    assert [False, True] == covered
    assert [True, False] == signed
    assert not any(map(judge.is_valid, blocks))


def test_behind_a_block_of_its_own_a_forger_goes_back_in_time() -> None:
    """Another block for the slot that it has led, on top of the first one."""
    slot = next(slot for slot in range(1, 50) if get_leader(slot) == "cat")
    own, forger = make_block(slot), make_node("cat", ToyForger)
    tell(forger, own, *vote_for(own, *STAKES))
    heard = listen([slot + 1], forger)[slot + 1][ADDRESSES["gus"]]

    assert [(own.name, slot)] == [(each.parent, each.slot) for each in heard if each.slot == slot]


# -- what is settled wrongly is said -------------------------------------------------------------------------


class Lazy(ToyNode):
    """Forgets nothing."""

    def settle(self, block: Block) -> None:
        pass


class Hasty(ToyNode):
    """Forgets all."""

    def settle(self, block: Block) -> None:
        self.pending.clear()


@pytest.mark.parametrize(
    ("kind", "told"),
    [(ToyNode, []), (Lazy, [(KEPT, "gus 1: 5 to ann")]), (Hasty, [(LOST, "bob 1: 2 to gus")])],
)
def test_a_payment_that_waits_too_long_or_too_little_is_noted(kind: type, told: list) -> None:
    """One of two that wait becomes final."""
    node = make_node("gus", kind)
    done, other = Payment("gus", "ann", 5, 1).signed_by("gus"), Payment("bob", "gus", 2, 1).signed_by("bob")
    first = make_block(1, payments=[done])
    second = make_block(2, first)
    effects = tell(node, done, other, first, *vote_for(first, *STAKES), second, *vote_for(second, *STAKES))
    notes = [
        (each.topic, each.facts["payment"]) for each in effects if getattr(each, "topic", "") in (KEPT, LOST)
    ]

    assert "block final" in get_topics(effects)
    assert told == notes
