"""The smallest world that fails: it fails in the same way, nothing can be left out, and a lab opens there."""

import pytest

from blockchain_lab.course.l18_checking import check_world
from blockchain_lab.course.l18_shrinking import count, find, find_smallest, shrink
from blockchain_lab.course.l18_worlds import get_smaller, make_world
from blockchain_lab.layers.toy_faulty import FAULTS, plant
from blockchain_lab.layers.toy_repairs import ToyNode


@pytest.mark.parametrize("fault", FAULTS)
def test_what_remains_fails_and_nothing_in_it_is_idle(fault: str) -> None:
    """A decent node passes it; every world with one thing less holds, in this respect."""
    node = plant([fault])
    case = find_smallest(node)
    invariant = case.violation.invariant

    assert case.world.size < case.origin.size / 1.3
    assert case.violation == find(check_world(case.world, node), invariant)
    assert check_world(case.world, ToyNode).is_right
    for smaller in get_smaller(case.world):
        assert find(check_world(smaller, node), invariant) is None


@pytest.mark.parametrize("fault", FAULTS)
def test_the_lab_stands_at_the_event(fault: str) -> None:
    """With what led to it behind, and what follows ahead; a peer that falls does so at the next step."""
    case = find_smallest(plant([fault]))
    lab = case.open()

    assert case.violation.event == lab.cursor
    assert lab.names == list(case.world.peers)
    if case.violation.invariant == "stands":
        with pytest.raises(KeyError):
            lab.step()
    else:
        assert lab.head > lab.cursor


def test_shrinking_is_repeatable_and_can_be_cut_short() -> None:
    """The same world every time; with no tries, the world that it began with."""
    node = plant(["on_gap"])
    failed = check_world(0, node)

    assert shrink(failed, node) == shrink(failed, node)
    assert make_world(0) == shrink(failed, node, most=0).world
    assert 5 == shrink(failed, node, most=5).tries


def test_a_case_says_what_and_where() -> None:
    """For people."""
    words = repr(find_smallest(plant(["get_leader"])))

    assert words.startswith("turns: ann proposes a block in slot 2, which bob leads.")
    assert words.endswith("of world 0, made small: 2 peers, 0 orders, 2 slots.")


def test_where_all_holds_there_is_no_case() -> None:
    """Four worlds, a decent node."""
    assert find_smallest(ToyNode, range(4)) is None


def test_one_is_one() -> None:
    """And none and two are many."""
    assert ["0 orders", "1 order", "2 orders"] == [count(number, "order") for number in range(3)]


class Endless(ToyNode):
    """Does not come back from its first final block."""

    def settle(self, block) -> None:
        while True:
            pass


def test_who_never_comes_to_an_end_is_not_made_small_for_ever() -> None:
    """Each try takes as long as a budget lasts: after ten of them it ends, and the case says so."""
    failed = check_world(0, Endless)
    case = shrink(failed, Endless)

    assert failed.is_endless
    assert not case.is_smallest
    assert case.world.size < case.origin.size
    assert repr(case).endswith(f"Perhaps not the smallest: stopped after {case.tries} worlds.")
    assert case.tries < 40
