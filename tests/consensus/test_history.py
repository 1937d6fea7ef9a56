"""A schedule by stake, slots that stay empty, and a clock that says how much time has passed."""

from dataclasses import replace

import pytest

from blockchain_lab.base.errors import ScenarioError
from blockchain_lab.base.units import MILLISECOND
from blockchain_lab.consensus.block import make_entry, make_genesis
from blockchain_lab.consensus.errors import RuleBroken
from blockchain_lab.consensus.history import MOST_EMPTY, History, get_schedule
from blockchain_lab.consensus.proposers import read_proposer
from blockchain_lab.consensus.shares import Share, make_block, run_lottery

THREE = {"ann": 51, "bob": 30, "cat": 19}
GENESIS = make_genesis()


def get_rule(lottery, block):
    """The rule that a block on the genesis breaks."""
    with pytest.raises(RuleBroken) as caught:
        lottery.apply(lottery.get_start(), GENESIS, block)
    return caught.value.rule


def test_leaders_are_drawn_by_stake():
    """10,000 draws of four slots each, and a last one cut short."""
    schedule = get_schedule(tuple(THREE.items()), 1, 0, 40_002, 4)
    rows = [schedule[place : place + 4] for place in range(0, 40_000, 4)]

    assert 40_002 == len(schedule)
    assert all(len(set(row)) == 1 for row in rows), "four in a row"
    for name, units in THREE.items():
        led = sum(row[0] == name for row in rows)
        assert Share(name, units, 100, led, 10_000).is_fair()


def test_each_epoch_has_a_schedule_of_its_own_and_everybody_the_same():
    """Known before, from the seed, the stakes and the number alone."""
    schedules = [get_schedule(tuple(THREE.items()), 1, epoch, 64, 4) for epoch in range(4)]

    assert 4 == len(set(schedules))
    assert schedules[1] != get_schedule(tuple(THREE.items()), 2, 1, 64, 4)
    history = History(THREE)
    assert schedules[1] == tuple(history.get_leader(slot) for slot in range(64, 128))


def test_every_slot_has_its_block_when_all_are_there():
    """One each 400 ms, from slot 0 on. (Slot 0 begins at the genesis, whose time nobody may share.)"""
    history = History(THREE)
    branch = run_lottery(history, THREE, 200)

    assert list(range(200)) == [state.slot for _, state in branch[1:]]
    assert [1, *(400 * MILLISECOND * slot for slot in range(1, 200))] == [
        entry.header.time for entry, _ in branch[1:]
    ]
    assert [] == history.get_empty_slots(GENESIS, branch[-1][0])


def test_the_slots_of_who_is_away_stay_empty():
    """Cat is away: nobody takes her slots, and the clock ticks through them."""
    history = History(THREE)
    branch = run_lottery(history, ["ann", "bob"], 200)
    last = branch[-1][1].slot
    hers = [slot for slot in range(last) if history.get_leader(slot) == "cat"]

    assert hers
    assert hers == history.get_empty_slots(GENESIS, branch[-1][0])


def test_a_slot_belongs_to_its_leader():
    """Another one's block, in time and with the right clock, is refused as "leader"."""
    history = History(THREE)
    slot = 5
    leader = history.get_leader(slot)
    other = next(name for name in THREE if name != leader)
    turn = history.find_turn(history.get_start(), GENESIS, leader, 400 * MILLISECOND * slot - 1, luck=0)
    block = make_block(GENESIS, leader, turn)

    assert 400 * MILLISECOND * slot == block.time
    assert slot == history.apply(history.get_start(), GENESIS, block).slot
    assert "leader" == get_rule(history, replace(block, proposer=other).sign())


def test_nobody_skips_the_hashing():
    """A clock that has not ticked through the empty slots, or continues another block's, is refused."""
    history = History(THREE)
    state = history.get_start()
    leader = history.get_leader(8)
    turn = history.find_turn(state, GENESIS, leader, 8 * history.slot - 1, luck=0)
    block = make_block(GENESIS, leader, turn)
    lazy = history.get_proof(state, GENESIS.hash, 7)
    foreign = history.get_proof(state, make_genesis("other").hash, 8)

    for proof in (lazy, foreign, b""):
        assert "proof" == get_rule(history, replace(block, proof=proof).sign())


def test_one_block_a_slot_on_a_branch():
    """A leader of four slots makes four blocks, not five: a second one in the same slot is "slot"."""
    history = History({"ann": 1})
    state = history.get_start()
    first = make_block(GENESIS, "ann", history.find_turn(state, GENESIS, "ann", 0, luck=0))
    entry, after = make_entry(first, GENESIS), history.apply(state, GENESIS, first)
    again = replace(first, parent=entry.hash, height=2, time=first.time + 1).sign()

    with pytest.raises(RuleBroken, match="slot: found 0"):
        history.apply(after, entry, again)
    assert history.slot == history.find_turn(after, entry, "ann", first.time, luck=0).at


def test_a_slot_further_away_than_anybody_hashes_is_refused():
    """So a block cannot keep its readers busy for hours."""
    history = History({"ann": 1})
    late = make_block(GENESIS, "ann", history.find_turn(history.get_start(), GENESIS, "ann", 0, luck=0))
    late = replace(late, time=history.slot * (MOST_EMPTY + 1)).sign()

    assert "slot" == get_rule(history, late)
    assert history.find_turn(history.get_start(), GENESIS, "ann", late.time, luck=0) is None


def test_after_a_long_silence_the_next_slot_is_found():
    """Nobody was there for an hour."""
    history = History(THREE)
    after = 9_000 * history.slot
    turn = history.find_turn(history.get_start(), GENESIS, "bob", after, luck=0)

    assert after < turn.at < after + 200 * history.slot


def test_a_schedule_s_numbers_are_read_from_a_scenario():
    """As they stand there, and refused by name."""
    assert History(THREE, row=1, epoch=10) == read_proposer(
        {"name": "history", "stakes": THREE, "row": 1, "epoch": 10}
    )
    with pytest.raises(ScenarioError, match=r"proposer\.row: found 0, accepted: a whole number from 1 to"):
        read_proposer({"name": "history", "stakes": THREE, "row": 0})
