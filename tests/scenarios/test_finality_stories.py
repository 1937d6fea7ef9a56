"""Stories of lesson 16: four deposits, votes by hand, spare machines, a power cut, and what each shows."""

import pytest
from support.story_runs import notes, play, read, timed_notes

from blockchain_lab.base.units import SECOND
from blockchain_lab.lab import Lab
from blockchain_lab.scenarios.safety import watch
from blockchain_lab.sim.actions import Kill, Revive

SEEDS = (7, 100, 101)


def get_finals(lab: Lab, peer: str) -> list[int]:
    """Epochs whose checkpoints a peer has seen become final, in order."""
    return [facts["epoch"] for facts in notes(lab, peer, "checkpoint finalised")]


@pytest.mark.parametrize("seed", SEEDS)
def test_each_checkpoint_is_final_an_epoch_later_whatever_the_lines_do(seed: int) -> None:
    """Signers have turns, so nothing is left to luck: five epochs are final, on all four peers alike."""
    lab = play("four_deposits", seed=seed)

    assert [[1, 2, 3, 4, 5]] * 4 == [get_finals(lab, peer) for peer in lab.names]
    assert [] == [fact for peer in lab.names for fact in notes(lab, peer, "operation refused")]


def test_two_of_four_validators_are_enough_where_their_money_is() -> None:
    """Two hold 670 of 1,000 coins; once the block came when only they had been heard."""
    votes = [facts["votes"] for facts in notes(read("four_deposits"), "ann", "checkpoint justified")]

    assert 670_000 == min(votes)


def test_nobody_votes_by_himself_where_votes_are_cast_by_hand() -> None:
    """Blocks and checkpoints come, no vote does."""
    lab = read("votes_by_hand")

    assert [1, 2, 3] == [facts["epoch"] for facts in notes(lab, "ann", "checkpoint reached")][:3]
    assert [] == [fact for peer in lab.names for fact in notes(lab, peer, "vote sent")]
    assert [] == get_finals(lab, "ann")


def test_a_cut_network_makes_nothing_final_until_it_heals() -> None:
    """Each half has 500 of 1,000 coins, and nobody votes twice."""
    lab = read("spare_machines")
    times = [at for peer in ("ann", "cat") for at, _ in timed_notes(lab, peer, "checkpoint finalised")]

    assert times
    assert 240 * SECOND < min(times)
    assert [] == watch(lab.scenario, lab.trace).conflicts


@pytest.mark.parametrize("seed", SEEDS)
def test_two_spare_machines_make_two_final_histories_and_cost_more_than_a_third(seed: int) -> None:
    """Those of bob and dan: the theorem's 334 of 1,000 are reached, and nobody else is guilty."""
    lab = Lab("spare_machines", seed=seed)
    lab.goto(at=50 * SECOND)
    for name in ("bob2", "dan2"):
        lab.do(Revive(name))
    lab.run()
    monitor = watch(lab.scenario, lab.trace)
    account = monitor.get_accounts(monitor.conflicts[0])[0]

    assert {"bob": "double", "dan": "double"} == {
        name: guilt.reason for name, guilt in monitor.guilty.items()
    }
    assert (350_000, 1_000_000) == account
    assert account.is_a_third


def test_one_spare_machine_makes_one_history_only() -> None:
    """Its half is final, the other one is not, and one validator is guilty for nothing."""
    lab = Lab("spare_machines")
    lab.goto(at=50 * SECOND)
    lab.do(Revive("dan2"))
    lab.run(until=230 * SECOND)
    monitor = watch(lab.scenario, lab.trace)

    assert get_finals(lab, "ann")
    assert [] == get_finals(lab, "cat")
    assert [] == monitor.conflicts
    assert ["dan"] == list(monitor.guilty)


@pytest.mark.parametrize("seed", SEEDS)
def test_after_the_power_cut_finality_pauses_for_eight_epochs(seed: int) -> None:
    """Two of five off: their deposits leak until the other three are two thirds. With one off it goes on."""
    pauses = {}
    for off in (("dan", "eve"), ("dan",)):
        lab = Lab("power_cut", seed=seed)
        lab.goto(at=70 * SECOND)
        for name in off:
            lab.do(Kill(name))
        lab.run()
        pauses[off] = get_finals(lab, "ann")[:4]

    assert {("dan", "eve"): [1, 2, 10, 11], ("dan",): [1, 2, 3, 4]} == pauses
