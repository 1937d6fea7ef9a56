"""Networks of real size: shares within rounding, sizes, sources, and the same columns every time."""

from dataclasses import fields
from hashlib import sha256

import numpy as np
import pytest

from blockchain_lab.base.errors import UsageError
from blockchain_lab.course.l02_size import REACHABLE, WITHOUT_COUNTRY
from blockchain_lab.scale.checks import check_network
from blockchain_lab.scale.countries import COUNTRIES, COUNTS, get_counts
from blockchain_lab.scale.network import ADDRESS_KINDS, Network
from blockchain_lab.scale.plan import Plan, Relay
from blockchain_lab.scale.pools import GERVAIS_2016, Pool, get_equal_pools, get_pools
from blockchain_lab.scale.presets import PRESETS, Status, describe, get_network, get_plan
from blockchain_lab.scale.regions import EARTHS, ONION, REGIONS

SMALL = 400  # peers: what does not depend on their number is quicker to see with few


def get_digest(network: Network) -> str:
    """Of all columns, in the order of the class."""
    columns = (getattr(network, field.name) for field in fields(network))
    arrays = [column.astype("<i8").tobytes() for column in columns if isinstance(column, np.ndarray)]
    return sha256(b"".join(arrays)).hexdigest()[:16]


@pytest.mark.parametrize("name", PRESETS)
def test_a_preset_in_its_real_size_is_a_possible_network(name: str) -> None:
    """Checked without a remark: nobody is cut off. Peers stand where their year says."""
    preset, network = PRESETS[name], get_network(name)
    found = np.bincount(network.region, minlength=len(network.regions)) / network.size

    assert preset.peers == network.size
    assert name == network.name
    assert [] == check_network(network)
    if not preset.has_countries:
        assert np.abs(found - np.array(EARTHS[preset.year].shares) / 1_000_000).max() < 1 / network.size
    assert (network.upload[network.region == 1] == EARTHS[preset.year].upload[1] // 8).all()


@pytest.mark.parametrize("name", PRESETS)
def test_every_number_of_a_preset_has_a_source(name: str) -> None:
    """And says how sure it is; peers, degrees and blocks at least."""
    facts = PRESETS[name].facts
    named = {fact.what for fact in facts}

    assert all(fact.source and fact.value and isinstance(fact.status, Status) for fact in facts)
    assert {"peers", "degrees", "pools", "validation"} <= named
    assert named & {"block size", "sizes"}


def test_the_lecture_counted_18077_nodes() -> None:
    """The same two numbers as in the lesson; without a country is who has an onion name."""
    network = get_network("lecture 2024")
    assert network.country is not None
    assert network.address_kind is not None
    kinds = dict(zip(ADDRESS_KINDS, np.bincount(network.address_kind).tolist(), strict=True))

    assert REACHABLE == network.size
    assert WITHOUT_COUNTRY == (network.country == 0).sum() == kinds["onion"]
    assert 63 == round(100 * kinds["onion"] / network.size)
    assert get_counts() == np.bincount(network.country).tolist()
    assert abs(kinds["ipv4"] - 6_683 * 5_000 / 6_814) < 1
    assert ((network.address_kind == 2) == (network.region == network.regions.index(ONION))).all()


def test_countries_share_what_is_known_by_the_counts_of_another_day() -> None:
    """Within one node each; and each stands in one of the six regions."""
    known, counted = REACHABLE - WITHOUT_COUNTRY, sum(count for _, count, _ in COUNTS)

    assert REACHABLE == sum(get_counts())
    assert len(COUNTRIES) == len(set(COUNTRIES)) == len(COUNTS) + 1
    for (_, count, region), found in zip(COUNTS, get_counts()[1:], strict=True):
        assert abs(found - known * count / counted) < 1
        assert region in REGIONS


def test_a_country_is_in_its_region() -> None:
    """All of Germany in Europe, also in a small network."""
    network = get_network("lecture 2024", peers=SMALL)
    assert network.country is not None
    german = network.country == network.countries.index("Germany")

    assert german.any()
    assert {"europe"} == {network.regions[region] for region in network.region[german]}


def test_fewer_peers_in_the_same_shares() -> None:
    """63 % of 400 are behind Tor, 96.4 % speak compact blocks, 97.6 % come and go."""
    lecture, bitcoin = get_network("lecture 2024", peers=SMALL), get_network("bitcoin 2019", peers=SMALL)

    assert 252 == (lecture.region == lecture.regions.index(ONION)).sum()
    assert 386 == bitcoin.speaks_compact.sum()
    assert {130_000: 10, 270_000: 390} == dict(
        zip(*np.unique(bitcoin.misses, return_counts=True), strict=True)
    )
    assert not get_network("bitcoin 2013", peers=SMALL).speaks_compact.any()


def test_the_seed_decides_everything() -> None:
    """Twice the same, to the last column; another seed, another network."""
    assert get_digest(get_network("bitcoin 2019", peers=SMALL)) == get_digest(
        get_network("bitcoin 2019", peers=SMALL, seed=1)
    )
    one, other = (get_network("bitcoin 2019", peers=SMALL, seed=seed) for seed in (1, 2))
    for column in ("others", "latency", "region", "power", "speaks_compact", "misses"):
        assert getattr(one, column).tolist() != getattr(other, column).tolist(), column


def test_the_same_network_on_every_machine() -> None:
    """Each preset by its SHA-256, in its real size."""
    expected = {
        "bitcoin 2013": "aff0b6b1bb6d1335",
        "bitcoin 2019": "b25acc150948a2f8",
        "simblock 2019": "76bfeca0bf8e5a08",
        "lecture 2024": "c30acdd07192f0d7",
    }

    assert expected == {name: get_digest(get_network(name)) for name in PRESETS}


def test_degrees_by_number_and_by_plan() -> None:
    """`outbound` takes both."""
    fifteen = get_network("bitcoin 2019", peers=SMALL, outbound=15)
    ipv8 = get_network("bitcoin 2019", peers=SMALL, outbound="ipv8")

    assert 30 == fifteen.get_degrees().mean()
    assert 20 <= ipv8.get_degrees().min() <= ipv8.get_degrees().max() <= 30


def test_pools_mine_at_peers_of_their_region() -> None:
    """Sixteen peers have all the power, in thousandths of it; three quarters of it stand in Asia."""
    network = get_network("bitcoin 2019")
    weights = sorted((pool.weight for pool in GERVAIS_2016), reverse=True)
    asia = network.power[network.region == network.regions.index("asia pacific")].sum()

    assert weights == sorted(network.power[network.power > 0].tolist(), reverse=True)
    assert 289 + 196 + 159 + 66 == asia


def test_everybody_mines_in_simblock() -> None:
    """N(400,000, 100,000), nobody nothing."""
    power = get_network("simblock 2019").power

    assert power.min() > 0
    assert abs(power.mean() - 400_000) < 4_000
    assert abs(power.std() - 100_000) < 3_000


def test_equal_pools_and_pools_of_ones_own() -> None:
    """By name, by number, or as a table; where there are fewer peers than pools, they share."""
    network = get_network("bitcoin 2019", peers=SMALL, pools="equal")
    own = get_network("bitcoin 2019", peers=SMALL, pools=(Pool(3, "japan"), Pool(1, "atlantis")))
    crowded = get_network("bitcoin 2019", peers=9, pools="2016")

    assert [1] * 10 == network.power[network.power > 0].tolist()
    assert get_pools("equal") == get_equal_pools(10)
    assert {3: "japan"} == {
        int(own.power[peer]): own.regions[own.region[peer]] for peer in np.flatnonzero(own.power == 3)
    }
    assert 4 == own.power.sum()
    assert 1_001 == crowded.power.sum()


def test_plans_of_each_era() -> None:
    """What was said for a block, and how large it was."""
    assert Plan(relay=Relay.INVENTORY, block_size=250_000) == get_plan("bitcoin 2013")
    assert Plan(relay=Relay.COMPACT, blocks=3) == get_plan("bitcoin 2019", blocks=3)
    assert "simblock2019" == get_plan("simblock 2019").formula
    assert 2_000_000 == get_plan("lecture 2024").block_size


def test_a_preset_tells_its_sources() -> None:
    """What stands in for something that was not found is called so."""
    told = describe("lecture 2024").splitlines()

    assert "lecture 2024: the reachable nodes of 20 February 2024, most of them behind Tor" == told[0]
    assert 1 + 2 * len(PRESETS["lecture 2024"].facts) == len(told)
    assert "      newhedge.io, node map (not found; something else stands in its place)" in told


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: get_network("bitcoin 2031"), "preset: found 'bitcoin 2031', wanted one of bitcoin 2013, "),
        (lambda: get_plan("bitcoin"), "preset: found 'bitcoin', wanted one of bitcoin 2013, "),
        (lambda: get_plan("bitcoin 2019", size=1), "change of a plan: found 'size', wanted one of relay, "),
        (
            lambda: get_network("bitcoin 2019", facts=()),
            "change of a network: found 'facts', wanted one of year",
        ),
        (
            lambda: get_network("bitcoin 2019", pools="mine"),
            "pools: found 'mine', wanted one of 2016, equal, ",
        ),
        (lambda: get_network("bitcoin 2019", year=2020), "year: found 2020, wanted one of 2015, 2019"),
        (lambda: get_network("bitcoin 2019", peers=6e2), "peers: found 600.0, wanted a whole number"),
        (lambda: get_network("bitcoin 2019", outbound="all"), "outbound: found 'all', wanted a number, or "),
    ],
)
def test_names_that_nobody_knows(call: object, words: str) -> None:
    """Refused with those that there are."""
    assert callable(call)
    with pytest.raises(UsageError) as caught:
        call()

    assert str(caught.value).startswith(words)
