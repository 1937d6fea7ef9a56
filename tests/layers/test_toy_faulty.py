"""The six planted faults, each in a peer that is decent but for one thing; and what a forger may reach."""

import pytest
from support.toy_worlds import (
    ADDRESSES,
    STAKES,
    get_leader,
    get_sent,
    make_block,
    make_node,
    tell,
    vote_for,
)

from blockchain_lab.base.errors import UsageError
from blockchain_lab.base.units import SECOND
from blockchain_lab.layers.kinds import KINDS
from blockchain_lab.layers.toy_faulty import FAULTS, FaultyNode, plant
from blockchain_lab.layers.toy_forger import ToyForger
from blockchain_lab.layers.toy_messages import GENESIS, Ask, Block, Payment, Vote
from blockchain_lab.layers.toy_node import OpenToyNode
from blockchain_lab.layers.toy_repairs import ToyNode

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


def test_a_forger_shows_two_blocks_in_a_slot_of_its_own() -> None:
    """Both valid, and no peer gets both."""
    slots = [slot for slot in range(1, 200) if get_leader(slot) == "cat"]
    told: dict[int, dict] = {}
    forger = make_node("cat", ToyForger)
    for slot in slots:
        for effect in forger.on_timer(("slot", None, None), slot * SECOND):
            block = getattr(effect, "message", None)
            if isinstance(block, Block) and make_node("gus").is_valid(block):
                told.setdefault(slot, {}).setdefault(effect.address, []).append(block)
    pairs = [each for each in told.values() if len({block.name for [block] in each.values()}) == 2]

    assert pairs
    for each in pairs:
        assert set(ADDRESSES.values()) - {ADDRESSES["cat"]} == set(each)
