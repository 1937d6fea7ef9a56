"""Who fetches a file tries the next holder when one cannot be dialled, hangs up or says nothing."""

from collections.abc import Callable

import pytest
from support.gossip_pump import Pump

from blockchain_lab.base.actions import FindProviders
from blockchain_lab.base.effects import Dial, Effect, HangUp, Note, Send, TimerName
from blockchain_lab.base.messages import Malformed
from blockchain_lab.base.units import Address
from blockchain_lab.overlay.evolution_fetching import FETCH, MOST_KNOWN, SILENCE
from blockchain_lab.overlay.evolution_messages import Fetch, File, Hit, Join
from blockchain_lab.overlay.evolution_node import EvolutionNode

HOLDERS = tuple(Address("192.0.2.1", number) for number in (1, 2, 3))
NONSENSE = Malformed("", "?", b"", fatal=True)
LINE, FIRST = 9, 10  # connections: to the server, to the first holder


def make_node(kind: str = "napster") -> tuple[EvolutionNode, bytes]:
    """A peer that has asked its server for the song, and the id of its question."""
    node = Pump(["p0"], {}, kinds={"p0": kind}).nodes["p0"]
    node.on_connected(LINE, Address("192.0.2.9", 9), True, 0)
    node.on_message(LINE, Join(True), 0)
    node.on_command(FindProviders("p0", "song"), 0)
    (id,) = node.queries
    return node, id


def dials(effects: list[Effect]) -> list[Address]:
    """Whom it dials."""
    return [effect.address for effect in effects if isinstance(effect, Dial)]


def connect(node: EvolutionNode) -> list[Effect]:
    """The first holder is reached."""
    return node.on_connected(FIRST, HOLDERS[0], False, 1)


FAILURES: dict[str, Callable[[EvolutionNode], list[Effect]]] = {
    "cannot be dialled": lambda node: node.on_dial_failed(HOLDERS[0], "timed out", 1),
    "hangs up": lambda node: [*connect(node), *node.on_disconnected(FIRST, "no such file", 2)],
    "says nothing": lambda node: [*connect(node), *node.on_timer(TimerName(FETCH, FIRST), SILENCE)],
    "talks nonsense": lambda node: [
        *connect(node),
        *node.on_message(FIRST, Malformed("", "?", b"", True), 2),
    ],
}


@pytest.mark.parametrize("fail", FAILURES.values(), ids=FAILURES)
def test_each_failure_leads_to_the_next_holder(fail: Callable[[EvolutionNode], list[Effect]]) -> None:
    """One is dialled at a time; it is noted who failed, and our end is closed."""
    node, id = make_node()
    own = node.setup.address

    assert [HOLDERS[0]] == dials(node.on_message(LINE, Hit(id, (own, *HOLDERS)), 1))
    effects = fail(node)
    assert [HOLDERS[1]] == dials(effects)
    (failed,) = [e.facts for e in effects if isinstance(e, Note) and e.topic == "fetch failed"]
    assert ("song", "192.0.2.1:1") == (failed["file"], failed["from"])
    assert FIRST not in node.open and FIRST not in node.fetching
    assert [HOLDERS[2]] == dials(node.on_dial_failed(HOLDERS[1], "refused", 3))
    assert [] == dials(node.on_dial_failed(HOLDERS[2], "refused", 4)), "nobody is left"


def test_a_fetched_file_ends_it() -> None:
    """Its line is closed, and a later answer is of no use."""
    node, id = make_node()
    node.on_message(LINE, Hit(id, HOLDERS), 1)
    assert Fetch("song") in [e.message for e in connect(node) if isinstance(e, Send)]
    effects = node.on_message(FIRST, File("song", b"la"), 2)

    assert [HangUp(FIRST, "fetched")] == [e for e in effects if isinstance(e, HangUp)]
    assert ({}, {}, {}) == (node.holders, node.errands, node.fetching)
    assert [] == node.on_message(LINE, Hit(id, HOLDERS), 3)


def test_later_answers_name_more_holders() -> None:
    """Gnutella: each names itself. While one is tried the others wait; who has failed is not tried again."""
    node, id = make_node("gnutella")
    found = [dials(node.on_message(LINE, Hit(id, (holder,)), 1)) for holder in HOLDERS[:2]]

    assert [[HOLDERS[0]], []] == found
    assert [HOLDERS[1]] == dials(node.on_dial_failed(HOLDERS[0], "refused", 2))
    assert [] == node.on_dial_failed(HOLDERS[1], "refused", 3)[1:]
    assert [] == node.on_message(LINE, Hit(id, HOLDERS[:2]), 4)
    assert [HOLDERS[2]] == dials(node.on_message(LINE, Hit(id, HOLDERS), 5)), "at once: the others failed"


def test_who_names_holders_without_end_is_not_heard_without_end() -> None:
    """Two hundred are remembered."""
    node, id = make_node("gnutella")
    for number in range(30):
        node.on_message(LINE, Hit(id, tuple(Address("192.0.2.2", 50 * number + at) for at in range(50))), 1)

    assert MOST_KNOWN == 200 == len(node.holders["song"])
