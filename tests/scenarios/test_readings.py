"""Popular sentences travel with every run of Casper, and are never run themselves."""

import json

import pytest

from blockchain_lab.base.errors import ScenarioError
from blockchain_lab.consensus.ffg_misreadings import MISREADINGS
from blockchain_lab.lab import Lab
from blockchain_lab.scenarios.library import load
from blockchain_lab.scenarios.readings import SHOWN_BY


def test_each_sentence_names_a_story_of_casper():
    """Where a run has no example yet, the reader is sent to one that has."""
    assert {each.about for each in MISREADINGS} == SHOWN_BY.keys()
    for story in SHOWN_BY.values():
        assert "casper" in load(story).chain["consensus"]


def test_a_run_of_casper_brings_the_sentences_and_its_own_numbers():
    """As plain data, for a page."""
    readings = Lab("join_and_leave").readings

    assert readings is not None
    assert [each.about for each in MISREADINGS] == [each["about"] for each in readings["sentences"]]
    assert (5, 4, 1000) == tuple(
        readings["rules"][key] for key in ("epoch_length", "withdrawal_delay", "coin")
    )
    assert readings == json.loads(json.dumps(readings))


@pytest.mark.parametrize("name", ["ping", "work_shares", "flood"])
def test_other_runs_bring_none(name):
    """Bitcoin, a chain of the consensus floor without Casper, an overlay."""
    assert Lab(name).readings is None


def test_who_asks_for_the_popular_rules_is_sent_to_the_view():
    """The preset is a picture; a scenario that wants to run it learns where to see it."""
    story = load("happy_finality")
    story.chain["consensus"]["casper"]["preset"] = "as-the-blog-words-it"

    with pytest.raises(
        ScenarioError, match=r"for drawing only: it has no rules; see it in the view 'readings'"
    ):
        Lab(story)
