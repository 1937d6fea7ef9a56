"""A validator's rights in the menus of a real lab: a vote that breaks a commandment is three clicks away."""

from playwright.sync_api import Browser
from support.acting_page import ActingPage
from support.story_runs import notes

from blockchain_lab.base.actions import AskExit, CastVote
from blockchain_lab.base.units import SECOND, display_hash


def test_a_reader_lets_a_validator_vote_twice_and_it_is_slashed(browser: Browser) -> None:
    """Dan asks to leave, then votes from the genesis to the newest checkpoint: around his own votes."""
    live = ActingPage(browser, story="happy_finality")
    lab = live.lab
    checkpoints = notes(lab, "dan", "checkpoint reached")

    live.page.get_by_role("option", name="dan").click(button="right")
    live.choose("Leave the validators")
    live.settle()
    assert AskExit("dan") == live.done[-1]

    live.page.get_by_role("option", name="dan").click(button="right")
    live.choose("Vote from …")
    genesis = display_hash(lab.peer("dan").branches.rules.genesis.hash)
    live.page.get_by_role("menuitem", name="G, epoch 0, to …", exact=True).click()
    live.page.get_by_role("menuitem").filter(has_text="epoch").last.click()
    live.settle()

    vote = live.done[-1]
    assert isinstance(vote, CastVote)
    assert ("dan", genesis) == (vote.peer, vote.source)
    assert vote.target in [fact["block"] for fact in checkpoints]
    lab.run(until=lab.now + 60 * SECOND)
    assert {"dan"} == {fact["validator"] for fact in notes(lab, "ann", "slashed")}
    assert [] == live.complaints
