"""The reference repairs in all two hundred worlds, as the capstone asks; and agreement beyond them."""

from hypothesis import given, settings
from hypothesis import strategies as st

from blockchain_lab.course.l18_checking import WORLDS, check_world, check_worlds
from blockchain_lab.layers.toy_repairs import ToyNode


def test_all_invariants_hold_in_all_two_hundred_worlds() -> None:
    """Loss, cuts, outages and a forger; the six repairs."""
    report = check_worlds(ToyNode)

    assert 200 == WORLDS == report.right, repr(report)


@settings(max_examples=20, derandomize=True)
@given(st.integers(1_000, 1_000_000))
def test_nothing_wrong_is_ever_final_in_any_other_world(seed: int) -> None:
    """Worlds that nobody has chosen. (Whether all is final in time depends on luck, and is not asked.)"""
    broken = check_world(seed, ToyNode).broken

    assert set(broken) <= {"liveness", "catching up"}
