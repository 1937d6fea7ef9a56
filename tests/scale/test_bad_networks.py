"""Networks that cannot be are refused: what was found, wanted, where. Odd ones are told of, and allowed."""

import warnings
from dataclasses import replace

import numpy as np
import pytest

from blockchain_lab.base.errors import UsageError
from blockchain_lab.scale.build import make_network
from blockchain_lab.scale.checks import DisconnectedNetwork, check_network
from blockchain_lab.scale.graph import make_outbound_graph, make_target_graph
from blockchain_lab.scale.graph_by_degrees import make_graph_by_degrees
from blockchain_lab.scale.network import Network, freeze
from blockchain_lab.scale.pools import Pool, get_equal_pools, spread_power
from blockchain_lab.scale.presets import get_network
from blockchain_lab.scale.regions import EARTHS, Earth, check_earth

EARTH = EARTHS[2019]
GOOD = get_network("bitcoin 2019", peers=60)


def change_matrix(value: object) -> Earth:
    """The earth of 2019 with another number from Europe to Japan."""
    rows = [list(row) for row in EARTH.latency]
    rows[1][4] = value  # type: ignore[call-overload]
    return replace(EARTH, latency=rows)


@pytest.mark.parametrize(
    ("earth", "words"),
    [
        (change_matrix(-5), "latency from europe, number 4: found -5, wanted a whole number from 0 on"),
        (
            change_matrix(float("nan")),
            "latency from europe, number 4: found nan, wanted a whole number from 0 on",
        ),
        (change_matrix(2.5), "latency from europe, number 4: found 2.5, wanted a whole number from 0 on"),
        (
            replace(EARTH, latency=EARTH.latency[:5]),
            "latency: found rows of [6, 6, 6, 6, 6] numbers, wanted 6 rows of 6",
        ),
        (
            replace(EARTH, latency=[*EARTH.latency[:5], (1, 2)]),
            "latency: found rows of [6, 6, 6, 6, 6, 2] numbers, wanted 6 rows of 6",
        ),
        (replace(EARTH, upload=(0,) * 6), "upload, number 0: found 0, wanted a whole number from 8 on"),
        (replace(EARTH, download=(9,) * 5), "download: found 5 numbers, wanted 6: one for each region"),
        (
            replace(EARTH, shares=(500_000, 400_000, 0, 0, 0, 0)),
            "shares: found a sum of 900000, wanted 1000000 parts per million",
        ),
        (
            replace(EARTH, shares=(1_500_000, -500_000, 0, 0, 0, 0)),
            "shares, number 1: found -500000, wanted a whole number from 0 on",
        ),
    ],
)
def test_an_earth_that_cannot_be(earth: Earth, words: str) -> None:
    """Checked where it enters: NaN would otherwise become some whole number."""
    with pytest.raises(UsageError) as caught:
        check_earth(earth)
    with pytest.raises(UsageError):
        make_network("mine", make_outbound_graph(60, 4, 1), earth, GOOD.region, GOOD.power, seed=1)

    assert words == str(caught.value)


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: make_outbound_graph(9, 9, 1), "outbound: found 9 for peer 0, wanted 1 to 8 among 9 peers"),
        (lambda: make_outbound_graph(9, 0, 1), "outbound: found 0 for peer 0, wanted 1 to 8 among 9 peers"),
        (lambda: make_outbound_graph(9, -1, 1), "outbound: found -1 for peer 0, wanted 1 to 8 among 9 peers"),
        (lambda: make_outbound_graph(1, 1, 1), "peers: found 1, wanted at least 2"),
        (
            lambda: make_outbound_graph(50, 8, 1, 15),
            "maximum: found 15, wanted at least 16: 8 lines to dial with, and as many for those who dial",
        ),
        (
            lambda: make_target_graph(20, 20, 30, 1),
            "target: found 20 for peer 0, wanted 1 to 19 among 20 peers",
        ),
        (lambda: make_target_graph(50, 20, 10, 1), "maximum: found 10, wanted at least the target, 20"),
        (
            lambda: make_graph_by_degrees([2, 2, 1], 1),
            "degrees: found an odd sum, 5, wanted an even one: every line has two ends",
        ),
        (
            lambda: make_graph_by_degrees([2, 3, 2], 1),
            "degrees: found 3 for peer 1, wanted 1 to 2 among 3 peers",
        ),
        (
            lambda: make_graph_by_degrees([2, 2, 0], 1),
            "degrees: found 0 for peer 2, wanted 1 to 2 among 3 peers",
        ),
        (
            lambda: make_graph_by_degrees([3, 3, 1, 1], 1),
            "degrees: found 6 line ends at the 2 best connected peers, "
            "wanted at most 4: the others have too few to meet them",
        ),
        (
            lambda: get_network("bitcoin 2019", peers=8),
            "outbound: found 8 for peer 0, wanted 1 to 7 among 8 peers",
        ),
        (lambda: get_equal_pools(0), "pools: found 0, wanted at least 1"),
        (
            lambda: spread_power((Pool(0), Pool(0)), GOOD.region, GOOD.regions, 1),
            "pools: found weights [0, 0], wanted none below 0, and at least one above",
        ),
        (
            lambda: spread_power((Pool(5), Pool(-1)), GOOD.region, GOOD.regions, 1),
            "pools: found weights [5, -1], wanted none below 0, and at least one above",
        ),
        (
            lambda: get_network("bitcoin 2019", peers=60, compact=1_000_001),
            "compact: found 1000001, wanted 0 to 1000000 parts per million",
        ),
        (
            lambda: get_network("bitcoin 2019", peers=60, jitter=-1),
            "jitter: found -1, wanted 0 or more parts per million of the latency",
        ),
        (
            lambda: get_network("bitcoin 2019", peers=60, loss=1_000_000),
            "loss: found 1000000, wanted 0 to 999999 parts per million",
        ),
    ],
)
def test_arguments_that_cannot_be(call: object, words: str) -> None:
    """Impossible degrees, nobody who mines, chances beyond one."""
    assert callable(call)
    with pytest.raises(UsageError) as caught:
        call()

    assert words == str(caught.value)


def edit(column: str, place: int, value: int) -> Network:
    """The good network with one other number."""
    values = getattr(GOOD, column).copy()
    values[place] = value
    return replace(GOOD, **{column: freeze(values)})


@pytest.mark.parametrize(
    ("network", "words"),
    [
        (edit("upload", 3, 0), "upload: found 0 at 3, wanted 1 or more"),
        (edit("download", 3, 0), "download: found 0 at 3, wanted 1 or more"),
        (edit("latency", 5, -1), "latency: found -1 at 5, wanted 0 or more"),
        (edit("jitter", 5, -1), "jitter: found -1 at 5, wanted 0 or more"),
        (edit("misses", 2, 1_000_001), "misses: found 1000001 at 2, wanted 1000000 or less"),
        (edit("region", 2, 6), "region: found 6 at 2, wanted 5 or less"),
        (edit("others", 0, 60), "others: found 60 at 0, wanted 59 or less"),
        (edit("others", 0, 0), "others: found peer 0 connected to itself"),
        (edit("others", 0, int(GOOD.others[1])), f"others: found peer 0 connected twice to {GOOD.others[1]}"),
        (edit("offsets", 0, 1), "offsets: found 61 numbers from [1] to [960], wanted at least 3 that rise"),
        (
            replace(GOOD, power=freeze([0] * 60)),
            "power: found 0 at all of 60 peers, wanted somebody who mines",
        ),
        (replace(GOOD, power=freeze([1] * 59)), "power: found a column of shape (59,), wanted (60,)"),
        (
            replace(GOOD, latency=freeze(GOOD.latency * np.nan, np.float64)),
            "latency: found float64 numbers, wanted whole ones (int64)",
        ),
        (replace(GOOD, retransmit=-1), "retransmit: found -1 microseconds, wanted 0 or more"),
        (replace(GOOD, country=freeze([1] * 60)), "country: found 1 at 0, wanted -1 or less"),
    ],
)
def test_columns_that_cannot_be(network: Network, words: str) -> None:
    """Whoever makes a network by hand asks `check_network`."""
    with pytest.raises(UsageError) as caught:
        check_network(network)

    assert str(caught.value).startswith(words)


def test_a_connection_with_one_direction() -> None:
    """Peer 0 knows somebody who does not know it."""
    stranger = next(peer for peer in range(1, 60) if peer not in GOOD.get_neighbours(0))

    with pytest.raises(
        UsageError, match=r"^others: found one direction between 0 and \d+, wanted a slot for"
    ):
        check_network(edit("others", 0, stranger))


def test_a_network_in_parts_is_told_of_and_made() -> None:
    """How many parts, and how large: nobody hears of the others' blocks, which may be the question."""
    with pytest.warns(DisconnectedNetwork) as told:
        network = get_network("bitcoin 2019", peers=300, seed=4, outbound=1)
    (remark,) = check_network(network)

    assert remark == str(told[0].message)
    assert remark.startswith("bitcoin 2019: found ")
    assert remark.endswith(" peers that are not connected")


def test_a_network_in_one_part_is_made_in_silence() -> None:
    """No warning where nothing is odd."""
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert [] == check_network(get_network("bitcoin 2019", peers=300, outbound=2))
