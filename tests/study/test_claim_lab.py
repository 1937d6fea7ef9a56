"""The lab behind a claim card: whoever chooses an era gets the scenario that plays its figure."""

from typing import Any

import pytest

from blockchain_lab.base.errors import UsageError
from blockchain_lab.lab import Lab
from blockchain_lab.study.claim_lab import ClaimLab, tell_claim
from blockchain_lab.study.claims import Claim, Figure, choose, get_claim, get_claims

PING = get_claim("ping interval")
UNPLAYED = get_claim("block propagation")


def get_policies(lab: Lab) -> set[int]:
    """How long Ann's era waits before a ping, in microseconds."""
    lab.goto(event=20)
    return {lab.peer("ann").policy.era.ping_after}


def test_it_begins_with_the_first_figure_that_anybody_plays() -> None:
    """The lecture's; in a claim that nobody plays there is none, and the lab says so."""
    assert ("ping interval", "lecture") == ClaimLab([PING]).figure
    assert ("ping interval", "today") == ClaimLab([PING], "today").figure
    assert ("ping interval", "lecture") == ClaimLab([UNPLAYED, PING]).figure
    assert None is ClaimLab([UNPLAYED]).figure


def test_a_chosen_era_is_played_from_its_start() -> None:
    """Thirty minutes become two: the same lab, with the run that a lab of that era's own would have."""
    lab = ClaimLab([PING])
    lab.run()
    changes: list[str] = []
    lab.subscribe(changes.append)
    assert {30 * 60 * 1_000_000} == get_policies(lab)
    changes.clear()

    lab.choose("ping interval", "2014")

    alone = Lab(choose(PING.get("2014")))
    alone.run()
    assert ("run", ("ping interval", "2014")) == (changes[0], lab.figure)
    assert "ping interval, 2014: 2 min" == lab.scenario.title
    assert lab.scenario.poster == lab.cursor
    lab.run()
    assert alone.digest() == lab.digest()
    assert {2 * 60 * 1_000_000} == get_policies(lab)


@pytest.mark.parametrize(
    ("claim", "era", "words"),
    [
        ("ping", "today", "no claim 'ping' .*here; there are ping interval, block propagation"),
        ("ping interval", "1999", "no figure of '1999'; there are lecture"),
        ("block propagation", "2013", "no scenario plays 6.5 s"),
        ("envelope", "today", "no claim 'envelope' .*here"),  # a claim of ours, on another card
    ],
)
def test_what_cannot_be_chosen_leaves_the_run_as_it_was(claim: str, era: str, words: str) -> None:
    """The refusal says what there is."""
    lab = ClaimLab([PING, UNPLAYED])
    lab.goto(event=30)
    before = lab.digest()

    with pytest.raises(UsageError, match=words):
        lab.choose(claim, era)

    assert (("ping interval", "lecture"), 30, before) == (lab.figure, lab.cursor, lab.digest())


def test_a_lecturer_s_own_claim_is_one_like_ours() -> None:
    """A figure of his own that one of our scenarios plays, and one that he only wants to show."""
    own = Claim(
        "my k",
        "contacts in a bucket",
        (
            Figure("mine", 3, "", "a guess", scenario="kademlia_lookup", policy={"k": 3}),
            Figure("elsewhere", 16, "", "a blog"),
        ),
    )
    lab = ClaimLab([own])
    lab.goto(event=30)

    assert 3 == lab.peer(lab.names[0]).policy.k
    (plain,) = lab.describe()
    assert ["kademlia_lookup", ""] == [figure["plays"] for figure in plain["figures"]]
    assert "my k, contacts in a bucket: 3 (mine: a guess); 16 (elsewhere: a blog)." == lab.tell()


def test_no_claim_is_no_card() -> None:
    """Nothing could be read on it."""
    with pytest.raises(UsageError, match="found no claim"):
        ClaimLab([])


def test_the_page_reads_of_each_figure_where_it_stands_and_what_plays_it() -> None:
    """Where the figure sets something that the scenario does not, that is told."""
    (plain,) = ClaimLab([PING]).describe()
    by_era: dict[str, Any] = {figure["era"]: figure for figure in plain["figures"]}

    assert "keep_alive_lecture" == by_era["lecture"]["plays"]
    assert "keep_alive_lecture with era = 2010" == by_era["2010"]["plays"]
    assert "keep_alive_today" == by_era["today"]["plays"]
    assert {"blockchain_lab.bitcoin.eras: ping_after"} == {figure["code"] for figure in by_era.values()}
    assert by_era["lecture"]["title"].startswith("Bob is dead without a word")


def test_every_claim_can_be_told_in_a_line() -> None:
    """Each era with its source: what a reader sees where no card can be drawn."""
    for claim in get_claims().values():
        told = tell_claim(claim)
        assert told.startswith(f"{claim.name}, ")
        assert all(f"({figure.era}: {figure.source})" in told for figure in claim.figures)
