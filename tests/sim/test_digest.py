"""The canonical form of a state: equal for equal states, and nothing without plain state slips through."""

import math
from collections import deque
from dataclasses import dataclass, field
from enum import Enum
from typing import Any

import pytest
from support.toys_messages import ToyPing

from blockchain_lab.base.errors import UsageError
from blockchain_lab.base.messages import Unknown
from blockchain_lab.base.store import ContentStore, Known
from blockchain_lab.sim.digest import canonical


class Colour(Enum):
    """Something that can be named."""

    RED = 1


@dataclass
class Part:
    """A part of a node that knows the whole."""

    whole: Any = None
    seen: dict[Any, Any] = field(default_factory=dict)


class Plain:
    """An object with attributes."""

    def __init__(self, **attributes: Any) -> None:
        vars(self).update(attributes)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({0, 8}, {8, 0}),  # these two collide, so Python keeps them in order of arrival
        ({b"x", b"y"}, {b"y", b"x"}),
        (ToyPing(5), ToyPing.decode(ToyPing(5).encoding)),
        ([1, 2], deque([1, 2])),
        (Plain(a=1), Plain(a=1)),
        (ContentStore(), ContentStore()),
    ],
)
def test_equal_states_have_equal_forms(one, other) -> None:
    """Sets are sorted, messages count by their bytes, the store not at all."""
    assert canonical(one) == canonical(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({1: 2, 3: 4}, {3: 4, 1: 2}),
        ([1, 2], [2, 1]),
        (1, True),
        ("1", 1),
        (b"a", "a"),
        (ToyPing(5), ToyPing(6)),
        (ToyPing(5), Unknown("ping", ToyPing(5).encoding)),
        (Plain(a=1), Part()),
        ([[1], 2], [1, [2]]),
        ("a,b", ["a", "b"]),
    ],
)
def test_different_states_have_different_forms(one, other) -> None:
    """The order inside dicts and lists counts, and so do types."""
    assert canonical(one) != canonical(other)


@pytest.mark.parametrize(
    ("value", "name"),
    [(0.5, "float"), (object(), "object"), (iter([]), "list_iterator"), ([{"x": math.pi}], "float")],
)
def test_what_has_no_plain_state_is_refused_by_name(value, name) -> None:
    """A float in a node would make two machines differ; a generator cannot be copied."""
    with pytest.raises(UsageError, match=f"a {name} .*cannot be part of a node's state"):
        canonical(value)


def test_a_function_may_be_held_by_name_only() -> None:
    """A rule from a module is a constant; a lambda may carry anything."""
    assert canonical(canonical) == "blockchain_lab.sim.digest.canonical"
    with pytest.raises(UsageError, match="only named functions can"):
        canonical(lambda: 0)


def test_a_part_may_point_back_at_the_whole() -> None:
    """It counts as a way up, not as an endless descent; and the way up counts."""
    whole = Plain(part=Part())
    whole.part.whole = whole
    other = Plain(part=Part())
    other.part.whole = other.part

    assert canonical(whole) != canonical(other)


def test_what_a_node_knows_counts_in_the_order_of_learning() -> None:
    """`Known` has slots and no `__dict__`."""
    store = ContentStore()
    first, second = Known(store), Known(store)
    for known, names in ((first, (b"a", b"b")), (second, (b"b", b"a"))):
        for name in names:
            known.add(name, ToyPing(1))

    assert canonical(first) != canonical(second)
    assert "b'a'" in canonical(first)
    assert canonical(Colour.RED) == "Colour.RED"
