"""A run made by hand: five peers, three blocks, every number small enough to be checked with a pencil.

peers 0 - 1 - 2 - 3, and 4 beyond a line that nothing crosses but block 2; hash power 1, 4, 2, 3, 0

block 0    found by 0 at 1,000 on the block before the run; 1 has it after 10, 2 after 30, 3 after 60
block 1    found by 3 at 1,040, before it had heard of block 0: a fork; 2 after 20, 1 after 50, 0 after 90
block 2    found by 1 at 5,000 on block 0: it wins; 0 and 2 after 10, 3 after 40, 4 after 100
"""

from blockchain_lab.base.units import SECOND
from blockchain_lab.scale.network import Network, freeze
from blockchain_lab.scale.plan import Plan, Relay
from blockchain_lab.scale.propagation import NEVER, Propagation


def make_small_network() -> Network:
    """A chain of five."""
    ways = [[1], [0, 2], [1, 3], [2, 4], [3]]
    slots = sum(map(len, ways))
    return Network(
        name="five in a row",
        offsets=freeze([0, 1, 3, 5, 7, 8]),
        others=freeze([other for own in ways for other in own]),
        latency=freeze([10] * slots),
        jitter=freeze([0] * slots),
        upload=freeze([SECOND] * 5),
        download=freeze([SECOND] * 5),
        power=freeze([1, 4, 2, 3, 0]),
        region=freeze([0] * 5),
        regions=("here",),
        speaks_compact=freeze([True] * 5, bool),
        misses=freeze([0] * 5),
    )


def make_small_propagation(relay: Relay = Relay.INVENTORY) -> Propagation:
    """The run that this module's first words tell."""
    return Propagation(
        network=make_small_network(),
        plan=Plan(blocks=3, relay=relay),
        engine="plain",
        found_at=freeze([1_000, 1_040, 5_000]),
        miner=freeze([0, 3, 1]),
        parent=freeze([-1, -1, 0]),
        arrival=freeze(
            [
                [1_000, 1_010, 1_030, 1_060, NEVER],
                [1_130, 1_090, 1_060, 1_040, NEVER],
                [5_010, 5_000, 5_010, 5_040, 5_100],
            ]
        ),
        deliverer=freeze([[0, 0, 1, 2, NEVER], [1, 2, 3, 3, NEVER], [1, 1, 1, 2, 3]]),
        best=freeze([2, 2, 2, 2, 2]),
        messages={"inv": 15, "getdata": 10, "block": 10},
        bytes_sent={"inv": 915, "getdata": 610, "block": 5_350_000},
    )
