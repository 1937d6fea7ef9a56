"""A crawl asks everybody whom it hears of: how much of a network it finds, after how many levels."""

import pytest
from support.datagram_pump import Pump
from support.walk_nets import crawl, walk

from blockchain_lab.base.errors import UsageError
from blockchain_lab.base.units import SECOND, Address
from blockchain_lab.overlay.crawler_node import CrawlerNode
from blockchain_lab.overlay.theory_walk import (
    compute_crawl_coverage,
    compute_crawl_levels,
    compute_least_levels,
)
from blockchain_lab.overlay.walk_messages import PeersAsk, PeersTold
from blockchain_lab.overlay.wire import OverlayCodec

STRANGER = Address("10.9.9.9", 9)


@pytest.mark.parametrize("tells", [4, 8, 30])
def test_what_a_crawl_of_a_thousand_finds(tells: int) -> None:
    """Two per cent stay unknown to everybody when each names four; with eight hardly anybody does."""
    _, facts = crawl(1_000, tells)
    end = facts[-1]

    assert compute_crawl_coverage(tells) == pytest.approx(end["found"] / 1_000, abs=0.015)
    assert end["found"] == end["answered"]
    assert compute_crawl_levels(1_000, tells) == pytest.approx(end["levels"], abs=2)
    assert compute_least_levels(1_000, tells) <= end["levels"]


@pytest.mark.parametrize(("tells", "share", "levels"), [(4, 0.98, 9), (8, 1.0, 7), (30, 1.0, 4)])
def test_formulas_give_the_known_figures_for_five_thousand(tells: int, share: float, levels: int) -> None:
    """Measured elsewhere with 5,000 peers: 98, 100 and 100 per cent in 9, 7 and 4 levels."""
    assert share == pytest.approx(compute_crawl_coverage(tells), abs=0.002)
    assert levels == pytest.approx(compute_crawl_levels(5_000, tells), abs=1)
    assert compute_crawl_coverage(1) == 0.0


def test_five_thousand_peers_who_name_eight() -> None:
    """The engine itself, once at that size."""
    _, facts = crawl(5_000, 8)

    assert 4_985 <= facts[-1]["found"]
    assert 7 == pytest.approx(facts[-1]["levels"], abs=1)


def test_who_is_off_is_found_and_silent() -> None:
    """A hundred of a thousand: they are named all the same, and those whom only they know are not found."""
    crawler, facts = crawl(1_000, 8, dead=100)
    end = facts[-1]

    assert 900 >= end["answered"] >= 895
    assert 995 <= end["found"]
    assert end["answered"] == len(crawler.answered)
    asked = [(fact["asked"], fact["new"]) for fact in facts[:-1]]
    assert [1, *(new for _, new in asked[:-1])] == [count for count, _ in asked]
    assert end["found"] == sum(count for count, _ in asked)


def test_a_crawl_of_walkers_finds_them_all() -> None:
    """Sixty have met through a tracker; the crawler knows the tracker only, which names eight."""
    pump = walk(60)
    crawler = pump.add("crawler", CrawlerNode, {"seeds": ["tracker"], "window": 4}, listen=True)
    pump.start("crawler")
    pump.run(pump.now + 60 * SECOND)

    everybody = {address for name, address in pump.contacts.items() if name != "crawler"}
    assert everybody == set(crawler.answered)
    assert 61 == pump.sent["peers-ask"]


def test_answers_that_nobody_asked_for_name_nobody() -> None:
    """Of a stranger, with another nonce, twice, or too short: noted. Addresses of nobody are not asked."""
    pump = Pump()
    seed = pump.reserve("seed")
    crawler = pump.add("crawler", CrawlerNode, {"seeds": ["seed"]}, listen=True)
    pump.start("crawler")
    pump.run(0)
    (nonce,) = crawler.requests.waiting
    nobody = (Address("0.0.0.0", 1), Address("10.0.0.9", 0), crawler.setup.address)
    good = PeersTold(nonce, (*nobody, STRANGER))
    bad = [
        (STRANGER, good),
        (seed, PeersTold(nonce ^ 1, (STRANGER,))),
        (seed, PeersAsk(nonce)),
        (seed, OverlayCodec.decode("peers-told", good.encoding[:-1])),
    ]

    for source, message in bad:
        (note,) = crawler.on_datagram(source, message, 0)
        assert "peer misbehaved" == note.topic
    crawler.on_datagram(seed, good, 0)
    assert {seed: 0, STRANGER: 1} == crawler.levels
    (note,) = crawler.on_datagram(seed, good, 0)
    assert "peer misbehaved" == note.topic


def test_only_so_many_questions_are_open_at_once() -> None:
    """Five seeds that are off, two at a time: the last is given up after three times three seconds."""
    pump, names = Pump(), [f"seed{number}" for number in range(5)]
    for name in names:
        pump.reserve(name)
    pump.add("crawler", CrawlerNode, {"seeds": names, "window": 2}, listen=True)
    pump.start("crawler")
    pump.run(0)

    assert 2 == pump.sent["peers-ask"]
    pump.run()
    assert (5, 9 * SECOND) == (pump.sent["peers-ask"], pump.now)
    assert ("crawl finished", {"levels": 0, "found": 5, "answered": 0}) == pump.notes["crawler"][-1]


def test_a_crawler_that_cannot_be_is_refused() -> None:
    """Its seeds are peers of the scenario; with none it does nothing."""
    with pytest.raises(UsageError, match=r"policy\.seeds: no peer is called 'zoe'"):
        Pump().add("crawler", CrawlerNode, {"seeds": ["zoe"]})
    with pytest.raises(UsageError, match=r"policy\.window: found 0, accepted: a whole number from 1 on"):
        Pump().add("crawler", CrawlerNode, {"window": 0})
    assert [] == Pump().add("crawler", CrawlerNode, {}).on_start(0)
