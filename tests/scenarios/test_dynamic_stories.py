"""Stories of validators that come and go: figure 4 of the Casper paper, and a crime that pays."""

from support.story_runs import notes, read, timed_notes

from blockchain_lab.base.units import SECOND, display_hash
from blockchain_lab.lab import Lab
from blockchain_lab.scenarios.safety import watch

OLD, NEW = ("ann", "bob"), ("cat", "dan")
CUT_FROM, CUT_TO = 130 * SECOND, 470 * SECOND  # both sides go on alone


def get_anchor(lab: Lab, peer: str) -> str:
    """The finalised checkpoint that a peer holds on to, as notes write it."""
    return display_hash(lab.peer(peer).branches.anchor.hash)


def get_finals(lab: Lab, peer: str, before: int) -> dict[int, str]:
    """What a peer has seen become final up to a moment: epoch -> checkpoint."""
    return {
        fact["epoch"]: fact["block"]
        for at, fact in timed_notes(lab, peer, "checkpoint finalised")
        if at < before
    }


def get_sets(lab: Lab, peer: str) -> list[set[str]]:
    """The forward sets that a peer has seen begin, one for each dynasty."""
    return [set(fact["forward"]) for fact in notes(lab, peer, "dynasty began")]


def test_without_stitching_old_and_new_validators_each_finalise_a_branch() -> None:
    """Lea's blocks show the votes that let the new set begin; the others' blocks came without them."""
    lab = read("dynamic_unsafe")
    old, new = (get_finals(lab, peer, CUT_TO) for peer in ("ann", "cat"))

    assert old[1] == new[1]
    assert old[4] != new[4]
    assert {old[4]} == {get_anchor(lab, peer) for peer in (*OLD, "rob", "ron", "ros", "ray")}
    assert {new[4]} == {get_anchor(lab, peer) for peer in (*NEW, "lea")}
    assert all(notes(lab, peer, "finality conflict") for peer in lab.names)
    assert [set(OLD), set(NEW)] == get_sets(lab, "cat")[:2]


def test_without_stitching_nobody_has_voted_twice() -> None:
    """Who watches everything finds two final histories and not one guilty validator."""
    lab = read("dynamic_unsafe")
    monitor = watch(lab.scenario, lab.trace)

    assert monitor.conflicts
    assert {} == monitor.guilty
    assert {0} == {fact["weight"] for peer in lab.names for fact in notes(lab, peer, "finality conflict")}


def test_with_stitching_the_new_set_alone_makes_nothing_final() -> None:
    """The same cut at the same time: lea's branch needs two thirds of the old set, too, and waits."""
    lab, unsafe = read("dynamic_stitched"), read("dynamic_unsafe")
    monitor = watch(lab.scenario, lab.trace)

    assert lab.scenario.story == unsafe.scenario.story
    assert [1, 2] == list(get_finals(lab, "cat", CUT_TO))
    assert [1, 4] == list(get_finals(lab, "ann", CUT_TO))
    assert [1, 2, 3, 4] == list(get_finals(unsafe, "cat", CUT_TO))
    assert [] == monitor.conflicts
    assert {} == monitor.guilty


def test_with_stitching_finality_goes_on_when_both_sets_are_together_again() -> None:
    """Dynasty 2 of the branch that is left has the new set, and the old one behind it: both vote."""
    lab = read("dynamic_stitched")
    sources = {fact["validator"] for at, fact in timed_notes(lab, "rob", "vote heard") if at > CUT_TO}

    assert {*OLD, *NEW} <= sources
    assert 1 == len({get_anchor(lab, peer) for peer in lab.names})
    assert 4 < max(fact["epoch"] for fact in notes(lab, "ann", "checkpoint finalised"))
    assert set(NEW) == get_sets(lab, "ann")[-1]


def test_both_sides_vote_for_the_same_epochs_while_they_are_cut() -> None:
    """Nobody is silent: it is the second set that makes the difference."""
    for story in ("dynamic_unsafe", "dynamic_stitched"):
        lab = read(story)
        for peer in (*OLD, *NEW):
            sent = [
                fact["target_epoch"]
                for at, fact in timed_notes(lab, peer, "vote sent")
                if CUT_FROM < at < CUT_TO
            ]

            assert [4, 5] == sent[:2], (story, peer)


def test_evidence_that_comes_after_the_money_is_gone_costs_nothing() -> None:
    """Dan's spare votes for another checkpoint of epoch 1; that is known to all only when dan has left."""
    lab = read("leave_before_evidence")
    (crime, vote), *_ = timed_notes(lab, "spare", "vote sent")
    ((asked, _),) = timed_notes(lab, "ann", "exit asked")
    ((paid, payment),) = timed_notes(lab, "ann", "withdrawn")
    ((found, evidence),) = timed_notes(lab, "ann", "evidence found")

    assert "dan" == vote["validator"] == evidence["validator"]
    assert crime < asked < paid < found
    assert 1_000_000 < payment["amount"]
    assert 0 == payment["lost"]
    assert [] == [fact for peer in lab.names for fact in notes(lab, peer, "slashed")]


def test_all_refuse_the_evidence_and_say_why() -> None:
    """Ann, bob, cat and eve have each found it, and none of them will carry another one's."""
    lab = read("leave_before_evidence")
    refused = {peer: notes(lab, peer, "operation refused") for peer in lab.names}

    assert {("evidence", "has left")} == {
        (fact["kind"], fact["rule"]) for facts in refused.values() for fact in facts
    }
    assert set(lab.names) == {peer for peer, facts in refused.items() if facts}
    assert {"dan": "double"} == {
        name: guilt.reason for name, guilt in watch(lab.scenario, lab.trace).guilty.items()
    }
