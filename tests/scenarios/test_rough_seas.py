"""Bitcoin nodes under faults of every kind: no exception escapes, all agree in the end, replay is exact."""

import os
from contextlib import suppress

import pytest

from blockchain_lab.base.actions import Connect, Disconnect, Mine
from blockchain_lab.base.draws import CounterRandom, get_key
from blockchain_lab.base.errors import UsageError
from blockchain_lab.base.records import Kind
from blockchain_lab.base.units import MINUTE, SECOND
from blockchain_lab.lab import Lab
from blockchain_lab.sim.actions import (
    Action,
    DelayMessage,
    DropMessage,
    EditMessage,
    Heal,
    Kill,
    Partition,
    Revive,
)

VOYAGES = 20 if os.environ.get("BLOCKCHAIN_LAB_REQUIRE_ALL") == "1" else 5
ACTIONS = 12  # on each voyage; those that are impossible just then are refused and do not count


def choose(lab: Lab, luck: CounterRandom) -> Action:
    """Any action, with whoever and whatever comes to hand."""
    one, other = luck.sample(lab.names, 2)
    sends = [record for record in lab.trace if record.kind == Kind.SEND][-40:]
    message = luck.choice(sends).id if sends else 0
    flips = tuple((luck.below(60), 1 + luck.below(255)) for _ in range(1 + luck.below(3)))
    return luck.choice(
        [
            Mine(one, 1 + luck.below(3)),
            Connect(one, other),
            Disconnect(one, other),
            Kill(one),
            Revive(one),
            Partition((one, other)),
            Heal(),
            DropMessage(message),
            DelayMessage(message, luck.below(5 * SECOND)),
            EditMessage(message, flips),
            EditMessage(message, flips),
        ]
    )


def calm(lab: Lab) -> None:
    """Everybody is on, nothing is cut, and whoever was to be dialled is dialled again."""
    dials = [Connect(one, other) for one, other in lab.scenario.topology.edges]
    for action in (Heal(), *map(Revive, lab.names), *dials):
        with suppress(UsageError):  # it is on already
            lab.do(action)


@pytest.mark.parametrize("name", ["headers_first", "blocks_first", "fork_and_heal"])
@pytest.mark.parametrize("voyage", range(VOYAGES))
def test_whatever_happens_the_past_can_be_lived_again(name: str, voyage: int) -> None:
    """Kills, cuts, lost and late messages, flipped bytes, at random moments; then half an hour of calm.

    In the end all peers agree on the most work, and all of it can be rebuilt from nothing.
    """
    luck = CounterRandom(get_key("rough seas", name, voyage))
    lab = Lab(name, seed=voyage)
    done = 0
    for _ in range(ACTIONS):
        lab.run(until=lab.now + 1 + luck.below(3 * SECOND))
        try:
            lab.do(choose(lab, luck))
        except UsageError:  # impossible just then
            continue
        done += 1
    calm(lab)
    lab.run(until=lab.now + 30 * MINUTE)  # longer than any patience of a node
    live = lab.state_digest()

    world, trace = lab.timeline.rebuild(lab.head, level="full")

    assert done > 0
    assert 1 == len({lab.peer(name).chain.tip.work for name in lab.names})
    assert live == world.state_digest()
    assert len(lab.trace) == len(trace)
