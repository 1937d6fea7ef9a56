"""The card of a claim from Python: what the page is given, what it may choose, what stands elsewhere."""

import pytest
from blockchain_lab_widgets.claim import ClaimCard
from support.talking_lab import make_talking_lab
from support.widget_page import ask, heads_of, open_page

from blockchain_lab.base.errors import UsageError
from blockchain_lab.study.claims import get_claim, get_claims, show_claims

GRANTED = {"ok": True, "text": ""}


def make_card() -> ClaimCard:
    """That of the ping interval, at the lecture's figure."""
    card = get_claim("ping interval").show()
    assert isinstance(card, ClaimCard)
    return card


def test_a_card_opens_with_its_run_at_the_poster() -> None:
    """The page gets the figures as options of the view, and which of them is played in the head."""
    card = make_card()

    assert ("claim", ["vis"]) == (card.name, card.libraries)
    assert ["lecture", "2010", "2014", "today"] == [
        figure["era"] for figure in card.options["claims"][0]["figures"]
    ]
    assert card.lab.scenario.poster == card.lab.cursor


def test_choosing_an_era_begins_its_scenario_in_the_page() -> None:
    """The answer comes behind the records of the other run; its head says whose figure that is."""
    card = make_card()
    page = open_page(card.carrier)

    assert GRANTED == ask(card.carrier, "choose", claim="ping interval", era="today")

    (told,) = [head for head in heads_of(page) if head["type"] == "records"]
    assert ({"claim": "ping interval", "era": "today"}, 1, 133) == (
        told["figure"],
        told["play"],
        told["opening"],
    )
    assert ["records", "messages", "answer"] == [head["type"] for head in heads_of(page)]


@pytest.mark.parametrize(
    ("claim", "era", "words"),
    [
        ("ping interval", "1999", "no figure of '1999'"),
        ("block header", "today", "no claim 'block header'"),
        ("<b>", "today", "no claim '<b>'"),
    ],
)
def test_what_cannot_be_chosen_is_answered_with_the_reason(claim: str, era: str, words: str) -> None:
    """Nothing is raised, nothing begins: the page may be older than the card, or nobody's page at all."""
    card = make_card()
    page = open_page(card.carrier)

    answer = ask(card.carrier, "choose", claim=claim, era=era)

    assert not answer["ok"]
    assert words in answer["text"]
    assert ["answer"] == [head["type"] for head in heads_of(page)]
    assert ("ping interval", "lecture") == card.lab.figure


def test_a_lab_of_another_kind_plays_no_claims() -> None:
    """Its scenario is the lesson's: no message of a page may put another one in its place."""
    lab = make_talking_lab()
    view = lab.show()
    open_page(view.carrier)

    answer = ask(view.carrier, "choose", claim="ping interval", era="today")

    assert "this lab plays no claims: its scenario is its own" == answer["text"]


def test_where_no_widget_runs_all_figures_can_be_read() -> None:
    """On a page of GitHub: the words of the card, and the picture of the run that it plays."""
    data, metadata = make_card()._repr_mimebundle_()

    assert "30 min (lecture: slides, and the old developer guide); 30 min (2010: " in data["text/plain"]
    assert "\nBlockchain Lab, claim of “ping interval, lecture: 30 min”" in data["text/plain"]
    assert {"image/png"} == set(metadata)


def test_a_claim_that_nobody_plays_is_a_card_without_a_run() -> None:
    """What its carrier stands on is not shown, not told, and not drawn."""
    card = get_claim("block propagation").show()
    data, metadata = card._repr_mimebundle_()

    assert None is card.lab.figure
    assert "block propagation, time until half of the peers had a block: 6.5 s (2013" in data["text/plain"]
    assert ("\n" in data["text/plain"], "image/png" in data, metadata) == (False, False, {})


def test_all_claims_stand_on_one_card() -> None:
    """Or those that are named, in that order."""
    assert list(get_claims()) == [claim["name"] for claim in show_claims().options["claims"]]
    some = show_claims("envelope", "block header").options["claims"]
    assert ["envelope", "block header"] == [claim["name"] for claim in some]


def test_wrong_names_are_refused_before_anything_is_shown() -> None:
    """A claim, an era, one that nobody plays, a tab."""
    with pytest.raises(UsageError, match="no claim 'ping'"):
        show_claims("ping")
    with pytest.raises(UsageError, match="no figure of '1999'"):
        get_claim("ping interval").show("1999")
    with pytest.raises(UsageError, match=r"no scenario plays 6\.5 s"):
        get_claim("block propagation").show("2013")
    with pytest.raises(UsageError, match="no view is called 'tee'"):
        get_claim("ping interval").show(views=["tee"])
