"""Plots on a disk: the smallest of many even draws, deadlines that are waited for, and nothing to grind."""

from dataclasses import replace
from hashlib import sha256
from math import sqrt

import pytest

from blockchain_lab.base.units import MINUTE, SECOND
from blockchain_lab.consensus.block import make_entry, make_genesis
from blockchain_lab.consensus.capacity import (
    HITS,
    Capacity,
    get_hit,
    get_next_signature,
    get_plot,
    get_scoop_number,
    get_scoops,
)
from blockchain_lab.consensus.errors import RuleBroken
from blockchain_lab.consensus.orders import Exit
from blockchain_lab.consensus.shares import make_block, run_lottery

GENESIS = make_genesis()
PLOTS = {"ann": 30, "bob": 10}


def get_first(capacity):
    """Ann's block on the genesis."""
    turn = capacity.find_turn(capacity.get_start(), GENESIS, "ann", 0, luck=0)
    return make_block(GENESIS, "ann", turn)


def test_a_nonce_by_hand():
    """A chain of hashes from the key and the nonce; each link is hashed with the last one."""
    first = sha256(b"ann" + bytes([7, 0, 0, 0, 0, 0, 0, 0])).digest()
    second = sha256(first).digest()

    assert [sha256(first + second).digest(), sha256(second + second).digest()] == get_scoops(b"ann", 7, 2)


def test_a_plot_is_sorted_by_scoop():
    """One scoop of all nonces lies side by side: a block reads one row of the disk."""
    plot = get_plot(b"ann", 5, 4)

    assert (4, 5) == (len(plot), len(plot[0]))
    assert all(
        get_scoops(b"ann", nonce, 4)[scoop] == plot[scoop][nonce] for nonce in range(5) for scoop in range(4)
    )


def test_the_smallest_of_n_hits():
    """1 / (n + 1) of the range on average, for 1, 4 and 20 nonces: 2,000 signatures, 3 standard errors."""
    for nonces in (1, 4, 20):
        scoops = get_plot(b"ann", nonces, 1)[0]
        signature, smallest = bytes(32), []
        for _ in range(2_000):
            signature = get_next_signature(signature, "ann")
            smallest.append(min(get_hit(signature, scoop) for scoop in scoops) / HITS)
        mean = 1 / (nonces + 1)
        error = sqrt(nonces / (nonces + 2)) / (nonces + 1) / sqrt(2_000)
        assert mean == pytest.approx(sum(smallest) / 2_000, abs=3 * error)


def test_every_scoop_is_asked_for():
    """About equally often: 1,600 heights, 16 scoops, 100 each within 4 standard errors."""
    asked = [get_scoop_number(bytes(32), height, 16) for height in range(1_600)]

    assert all(100 == pytest.approx(asked.count(scoop), abs=4 * sqrt(100 * 15 / 16)) for scoop in range(16))


def test_a_deadline_must_be_waited_for():
    """A second before it is over the block is refused, afterwards it is good at any time."""
    capacity = Capacity(PLOTS)
    state, block = capacity.get_start(), get_first(capacity)
    early = replace(block, time=block.time - SECOND).sign()

    capacity.apply(state, GENESIS, block)
    capacity.apply(state, GENESIS, replace(block, time=block.time + 10 * MINUTE).sign())
    with pytest.raises(RuleBroken) as caught:
        capacity.apply(state, GENESIS, early)
    assert "deadline" == caught.value.rule


def test_a_deadline_is_in_whole_seconds():
    """The hit divided by the base target."""
    capacity = Capacity(PLOTS)
    state = capacity.get_start()

    assert 240 * SECOND == pytest.approx(capacity.get_deadline(state, HITS // 41), abs=SECOND)
    assert 0 == capacity.get_deadline(state, state.base_target - 1)
    assert 7 * SECOND == capacity.get_deadline(state, 7 * state.base_target)


def test_a_worse_nonce_waits_longer_and_another_one_s_is_none():
    """Bob has ten nonces: the tenth is his, the eleventh not; and no nonce is shorter than eight bytes."""
    capacity = Capacity(PLOTS)
    state = capacity.get_start()
    turn = capacity.find_turn(state, GENESIS, "bob", 0, luck=0)
    dues = {}
    for nonce in range(10):
        late = replace(turn, at=180 * MINUTE, proof=nonce.to_bytes(8, "little"))
        capacity.apply(state, GENESIS, make_block(GENESIS, "bob", late))
        number = get_scoop_number(state.signature, 1, capacity.scoops)
        hit = get_hit(state.signature, get_scoops(b"bob", nonce, capacity.scoops)[number])
        dues[nonce] = capacity.get_deadline(state, hit)

    assert turn.at == min(dues.values())
    assert int.from_bytes(turn.proof, "little") == min(dues, key=dues.__getitem__)
    for proof in ((10).to_bytes(8, "little"), b"", bytes(7)):
        with pytest.raises(RuleBroken, match="proof: 'bob' has not plotted"):
            capacity.apply(state, GENESIS, make_block(GENESIS, "bob", replace(turn, proof=proof)))


def test_nothing_in_a_block_changes_the_next_lottery():
    """Other orders, the same forger and time: another block, the same state behind it."""
    capacity = Capacity(PLOTS)
    block = get_first(capacity)
    other = replace(block, operations=(Exit.by("ann"),)).sign()

    assert block.name != other.name
    assert capacity.apply(capacity.get_start(), GENESIS, block) == capacity.apply(
        capacity.get_start(), GENESIS, other
    )


def test_who_forged_changes_it():
    """The generation signature knows one thing of the last block."""
    assert get_next_signature(bytes(32), "ann") == sha256(bytes(32) + b"ann").digest()
    assert get_next_signature(bytes(32), "ann") != get_next_signature(bytes(32), "bob")


def test_the_base_target_follows_the_disks_that_are_there():
    """Three quarters of all plots are away: blocks are slow, and after 400 of them four minutes again."""
    capacity = Capacity(PLOTS)
    branch = run_lottery(capacity, ["bob"], 1_000)
    times = [entry.header.time for entry, _ in branch]

    assert (times[20] - times[0]) / 20 > 1.5 * capacity.spacing
    assert capacity.spacing == pytest.approx((times[1_000] - times[400]) / 600, rel=0.1)
    assert branch[-1][0].header.weight < branch[1][0].header.weight, "an easier block counts less"


def test_a_turn_that_is_over_is_taken_at_once():
    """Who comes back after its deadline need not wait again."""
    capacity = Capacity(PLOTS)
    block = get_first(capacity)
    entry = make_entry(block, GENESIS)
    state = capacity.apply(capacity.get_start(), GENESIS, block)
    late = block.time + 1_000 * MINUTE

    assert late + 1 == capacity.find_turn(state, entry, "ann", late, luck=0).at
