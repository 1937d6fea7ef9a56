"""One lookup, step by step, printed: whom it asks, when somebody is silent, and when it is over."""

from blockchain_lab.base.units import Address
from blockchain_lab.overlay.kademlia_contacts import Contact
from blockchain_lab.overlay.kademlia_lookup import NODE, VALUE, Lookup

HERE = Address("10.0.0.1", 1)
OWN = 999


def make(*distances: int, k: int = 2, alpha: int = 2, purpose: str = NODE) -> Lookup:
    """A lookup of id 0, so that ids are distances; it begins with these."""
    lookup = Lookup(1, purpose, 0, k, alpha)
    lookup.learn((Contact(distance, HERE) for distance in distances), OWN, depth=1)
    return lookup


def step(lookup: Lookup) -> list[int]:
    """Ask whom there is to ask."""
    chosen = [contact.id for contact in lookup.choose()]
    for node in chosen:
        lookup.ask(node)
    return chosen


def test_the_closest_are_asked_a_few_at_a_time() -> None:
    """Alpha = 2 of k = 3: the third one when an answer makes room; a fourth one never."""
    lookup = make(8, 2, 16, 4, k=3)

    assert [2, 4] == step(lookup)
    assert [] == step(lookup)
    lookup.on_answer(2)
    assert [8] == step(lookup)
    lookup.on_answer(4)
    assert [] == step(lookup), "16 is not among the three closest"
    assert not lookup.is_over
    lookup.on_answer(8)
    assert lookup.is_over


def test_who_is_told_of_and_closer_is_asked_first() -> None:
    """And counts as one hop more; ourselves we never ask."""
    lookup = make(8, 16)
    step(lookup)
    lookup.on_answer(8)
    lookup.learn((Contact(1, HERE), Contact(OWN, HERE), Contact(8, HERE)), OWN, lookup.depth[8] + 1)

    assert [1] == step(lookup)
    assert [1, 8] == [contact.id for contact in lookup.closest]
    assert {8: 1, 16: 1, 1: 2} == lookup.depth
    lookup.on_answer(1)
    assert [True, 2] == [lookup.is_over, lookup.hops], "for 16, no longer among the closest, nobody waits"


def test_who_is_silent_is_forgotten_and_the_next_moves_up() -> None:
    """Nobody left: over, with nothing."""
    lookup = make(2, 4, 8)
    step(lookup)
    lookup.on_silent(2)

    assert [8] == step(lookup)
    for node in (4, 8):
        lookup.on_silent(node)
    assert [True, 0, []] == [lookup.is_over, lookup.hops, lookup.closest]


def test_a_value_ends_it_at_once() -> None:
    """Its hops are those to who had it."""
    lookup = make(2, 4, 8, purpose=VALUE)
    step(lookup)
    lookup.holder = 4

    assert [True, 1, []] == [lookup.is_over, lookup.hops, lookup.choose()]


def test_it_can_be_printed() -> None:
    """All that there is to know stands in it."""
    lookup = make(2, 4)
    step(lookup)

    assert "waiting={2: None, 4: None}" in repr(lookup)
