"""The capstone's checker: every planted fault is found and told apart, and a node without them passes."""

import re

import pytest
from support.toy_worlds import get_leader, make_node, write_repairs

from blockchain_lab.base.errors import UsageError
from blockchain_lab.course.l18_checking import Budget, check_world, check_worlds, open_lab, watch
from blockchain_lab.course.l18_submission import read_node
from blockchain_lab.course.l18_worlds import FORGER, make_world
from blockchain_lab.layers.toy_faulty import FAULTS, FaultyNode, plant
from blockchain_lab.layers.toy_messages import GENESIS, Block, Payment, Vote
from blockchain_lab.layers.toy_repairs import ToyNode

CAUGHT_BY = {  # fault -> the invariant that no other fault breaks in the first worlds
    "is_authentic": "authority",
    "get_leader": "turns",
    "is_valid": "validity",
    "on_early_vote": "counting",
    "settle": "stands",
    "on_gap": "catching up",
}
FIRST = 6  # worlds; each fault is found in the first one, and told apart within these


@pytest.mark.parametrize("fault", FAULTS)
def test_one_fault_alone_is_found_and_told_apart(fault: str) -> None:
    """The other five are repaired. It breaks its own invariant, and none that belongs to another fault."""
    report = check_worlds(plant([fault]), range(FIRST))
    broken = {name for verdict in report.verdicts for name in verdict.broken}
    others = {CAUGHT_BY[other] for other in FAULTS if other != fault}

    assert not report.verdicts[0].is_right, "the first world finds it"
    assert CAUGHT_BY[fault] in broken
    assert not broken & (others - ({"catching up"} if fault == "get_leader" else set()))


@pytest.mark.parametrize("fault", FAULTS)
def test_one_fault_that_is_left_is_found_after_five_repairs(fault: str) -> None:
    """As a learner has it in front of the last repair: a subclass of the faulty node, made from its text."""
    repaired = read_node(write_repairs(*(name for name in FAULTS if name != fault)))

    assert any(CAUGHT_BY[fault] in check_world(seed, repaired).broken for seed in range(FIRST))


def test_all_six_at_once_fail_everywhere() -> None:
    """In each of the first worlds."""
    report = check_worlds(FaultyNode, range(FIRST))

    assert 0 == report.right
    assert report.failed is report.verdicts[0]


def test_repairs_by_a_learner_pass() -> None:
    """The six repairs as a subclass of the faulty node."""
    told = []
    report = check_worlds(read_node(write_repairs()), range(FIRST), progress=told.append)

    assert FIRST == report.right
    assert list(report.verdicts) == told
    assert "6 of 6 worlds hold." == repr(report)


def test_the_first_failure_may_end_the_search() -> None:
    """For who only wants to see one."""
    report = check_worlds(FaultyNode, stop_at_first=True)

    assert 1 == len(report.verdicts)
    assert repr(report).startswith("0 of 1 worlds hold.\nWorld 0: ")


def test_a_verdict_is_the_same_each_time() -> None:
    """The world, and nothing else, decides."""
    assert check_world(3, FaultyNode) == check_world(make_world(3), FaultyNode)


def test_the_event_is_where_it_happens() -> None:
    """The leader's rule is broken in the very event at which the lab opens."""
    node = plant(["get_leader"])
    first = check_world(0, node).first
    lab = open_lab(make_world(0), node, first.event)
    sent = [record.detail for record in lab.records if isinstance(record.detail, Block | Vote)]

    assert first.event == lab.cursor
    assert first.peer in {message.author for message in sent}


# -- nodes that do other harm --------------------------------------------------------------------------------


class Endless(ToyNode):
    """Never comes back from a method."""

    def settle(self, block) -> None:
        while True:
            pass


class Greedy(ToyNode):
    """Answers every vote with two."""

    def on_early_vote(self, vote) -> list:
        return [*self.tell(vote), *self.tell(vote)]


class Broken(ToyNode):
    """Its mistake is plain."""

    def is_valid(self, block) -> bool:
        return block.no_such_thing


class Silent(ToyNode):
    """Believes nobody: nothing wrong happens, and nothing else either."""

    def is_authentic(self, message) -> bool:
        return False


class Credulous(ToyNode):
    """Counts every vote four times, by inventing the others."""

    def on_early_vote(self, vote) -> list:
        for name in self.chain.stakes:
            self.branches.keep(Vote(vote.block, vote.slot, name))
        return []


class Strict(ToyNode):
    """Drops blocks of the forger, even those that are valid: that is not against any rule of safety."""

    def is_valid(self, block) -> bool:
        return block.proposer != FORGER and super().is_valid(block)


@pytest.mark.parametrize(
    ("node", "invariant", "sentence"),
    [
        (Endless, "stands", "does not come to an end: stopped after 200,000 lines or 1,000,000 steps"),
        (Broken, "stands", "raises AttributeError: 'Block' object has no attribute 'no_such_thing'"),
        (Silent, "liveness", "was told to pay"),
        (Credulous, "real votes", "for confirmed, "),
    ],
)
def test_other_mistakes_are_found_too(node: type, invariant: str, sentence: str) -> None:
    """With words, and a peer's name in front of them."""
    first = next(verdict.first for seed in range(FIRST) if not (verdict := check_world(seed, node)).is_right)

    assert invariant == first.invariant
    assert sentence in first.sentence
    assert first.sentence.startswith(first.peer)
    assert first.peer in make_world(0).honest


class Forgetful(ToyNode):
    """Looks for a payment that is not there."""

    def settle(self, block) -> None:
        del self.pending[block.name]


def test_a_missing_hash_is_named_as_in_the_views() -> None:
    """Four hexadecimal digits instead of thirty-two bytes."""
    first = check_world(0, Forgetful).first

    assert re.fullmatch(r"[a-z]+ raises KeyError: [0-9a-f]{4}…", first.sentence)


def test_what_a_repair_calls_of_ours_is_not_counted() -> None:
    """And of what that calls in turn, the learner's part is."""
    node = read_node(write_repairs())
    budget = Budget()
    block = Block(bytes(32), 1, "ann", (Payment("ann", "bob", 1, 1),) * 3)
    made = type("Made", (watch(node, budget),), {"__module__": "mine"})
    peer = make_node("gus", made)
    lines = budget.lines
    peer.get_leader(1)
    after = budget.lines

    assert 1 == lines - after, "one line of its own; what draws a leader is ours"
    assert not peer.is_valid(Block(GENESIS.name, 1, get_leader(1), block.payments))
    assert budget.lines < after - 5, "is_authentic, too, which it asks"


def test_a_flood_of_messages_is_stopped() -> None:
    """A budget of events for each world."""
    verdict = check_world(0, Greedy)

    assert "there is no end of messages: stopped after 20,000 events" == verdict.violations[-1].sentence
    assert 20_000 == verdict.events


def test_who_is_stricter_than_needed_may_pass() -> None:
    """The invariants say what must hold, not how it is written."""
    assert check_worlds(Strict, range(4)).right == 4


def test_what_is_no_node_is_the_callers_mistake() -> None:
    """An instance, a function, another class."""
    for wrong in (None, ToyNode.settle, int, "Mine"):
        with pytest.raises(UsageError, match="wanted a class such as `class Mine"):
            check_world(0, wrong)
