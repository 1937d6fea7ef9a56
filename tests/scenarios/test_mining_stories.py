"""The stories of mining: luck and power, ties and reorganisations, and those who keep their blocks back."""

from collections import Counter

import pytest
from support.story_runs import (
    count_owners,
    get_blocks,
    get_tips,
    hang_ups,
    messages,
    notes,
    read,
    thoughts,
    timed_notes,
)

from blockchain_lab.base.units import MINUTE
from blockchain_lab.bitcoin.params import COIN
from blockchain_lab.bitcoin.pow import work
from blockchain_lab.chain.selfish_mining import compute_revenue
from blockchain_lab.lab import Lab

SIX = ("ann", "bob", "cat", "dan", "eve", "fay")


def get_reorganisations(lab: Lab, peer: str) -> list[tuple[int, int]]:
    """How many blocks were undone, and how many came instead, each time that any were undone."""
    changes = notes(lab, peer, "tip changed")
    return [(change["disconnected"], change["connected"]) for change in changes if change["disconnected"]]


def get_stale_heights(lab: Lab, peer: str) -> list[int]:
    """Where branches end that this peer has stored and left, or never taken."""
    return sorted(entry.height for entry in lab.peer(peer).chain.get_stale_tips())


def test_who_has_more_power_finds_more_blocks() -> None:
    """Shares of 5, 15, 30 and 50 %: of some 60 blocks, each has its share, give or take 10 %."""
    lab = read("mining_race")
    owners = count_owners(lab, "ann")
    shares = {name: owners[name] / owners.total() for name in ("tiny", "small", "large", "giant")}

    assert 60 == pytest.approx(owners.total(), rel=0.15), "one in half a minute, for half an hour"
    for name, share in (("tiny", 0.05), ("small", 0.15), ("large", 0.3), ("giant", 0.5)):
        assert share == pytest.approx(shares[name], abs=0.1), name


def test_the_retarget_answers_to_four_times_the_power() -> None:
    """Blocks came a minute apart; four times as fast after half an hour; then about a minute apart again."""
    lab = read("retarget")
    headers = [block.header for block in get_blocks(lab, "cat")]
    periods = [headers[start : start + 20] for start in range(19, len(headers) - 19, 20)]
    works = [work(period[0].bits) for period in periods]
    apart = [(period[-1].time - period[0].time) / 19 for period in periods]

    assert all(len({header.bits for header in period}) == 1 for period in periods)
    assert work(headers[0].bits) == works[0] == 2, "it cannot become easier than the network allows"
    assert 4 < max(works[2:]) / works[0] < 6
    assert min(apart) < 25, "seconds, until the retarget comes"
    assert 60 == pytest.approx(sum(apart[-3:]) / 3, rel=0.25)


def test_the_reward_halves_every_ten_blocks() -> None:
    """50, 25, 12.5, 6.25 coins: blocks 1 to 9, since the genesis counts, and then ten of each."""
    lab = read("halving")
    rewards = [block.transactions[0].outputs[0].value for block in get_blocks(lab, "cat")]

    assert [50 * COIN] * 9 + [25 * COIN] * 10 + [25 * COIN // 2] * 10 == rewards[:29]
    assert 25 * COIN // 4 == rewards[29]


def test_who_finishes_old_blocks_has_stale_ones_of_its_own() -> None:
    """Stan goes on where he was: his late blocks end branches that nobody else has even heard of."""
    lab = read("go_on_miner")
    stale = {name: len(get_stale_heights(lab, name)) for name in lab.names}

    assert stale["stan"] >= 3
    assert stale["stan"] > 2 * max(stale["ann"], stale["bob"], stale["cat"])
    assert 1 == len(get_tips(lab))


def test_a_tie_of_one_block_is_decided_by_the_next() -> None:
    """Ann's half and Fay's half each keep what came first, until Eve, of Fay's half, finds the next block."""
    lab = read("one_block_tie")
    second = {name: notes(lab, name, "tip changed")[1]["hash"] for name in SIX}

    assert [3, 3] == sorted(Counter(second.values()).values())
    assert [[(1, 2)], []] == [get_reorganisations(lab, "ann"), get_reorganisations(lab, "fay")]
    assert 3 == sum(len(get_reorganisations(lab, name)) for name in SIX)
    assert 1 == len(get_tips(lab))


def test_six_blocks_are_undone_at_once() -> None:
    """Behind the cut six against seven: the side of six undoes all of its own in one step."""
    lab = read("deep_reorganisation")

    for name in SIX[:3]:
        assert [(6, 7)] == get_reorganisations(lab, name), name
    for name in SIX[3:]:
        assert [] == get_reorganisations(lab, name), name
    assert {10} == {lab.peer(name).chain.height for name in SIX}


def test_payments_of_the_side_that_lost_wait_again() -> None:
    """Bob's payment was confirmed by Cat's block; that one is undone, and Bob's next block confirms it."""
    lab = read("partition_payments")
    ours = notes(lab, "bob", "transaction accepted")
    first, again = [n["txid"] for n in ours if n["txid"] == ours[1]["txid"]]
    left = [n for n in notes(lab, "bob", "transactions removed") if first in n["txids"]]

    assert first == again
    assert ["confirmed", "confirmed"] == [n["reason"] for n in left]
    assert [(1, 2)] == get_reorganisations(lab, "bob")
    assert first in {tx.txid()[::-1].hex() for tx in get_blocks(lab, "fay", 113)[0].transactions}


def get_payments(lab: Lab) -> list[str]:
    """The payments that the shop has seen."""
    return [note["txid"] for note in notes(lab, "shop", "transaction accepted")]


def is_confirmed(lab: Lab, txid: str) -> bool:
    """Is it in the chain that the shop ends with?"""
    return txid in {
        tx.txid()[::-1].hex() for block in get_blocks(lab, "shop", 101) for tx in block.transactions
    }


def test_a_double_spend_takes_the_payment_back() -> None:
    """The shop saw it, saw it confirmed once, and one block is undone: nothing is left of it."""
    lab = read("double_spend")
    (payment,) = get_payments(lab)

    assert [(1, 2)] == get_reorganisations(lab, "shop")
    assert not is_confirmed(lab, payment)
    assert "has its coin back" == thoughts(lab, "eve")[-1]
    assert [] == hang_ups(lab)


def test_a_shop_that_waits_keeps_its_money() -> None:
    """Three confirmations: Eve finds one block, the others three, and she gives up; nobody saw hers."""
    lab = read("double_spend_fails")
    (payment,) = get_payments(lab)

    assert [] == get_reorganisations(lab, "shop") == get_stale_heights(lab, "shop")
    assert is_confirmed(lab, payment)
    assert "gives up" == thoughts(lab, "eve")[-1]


def test_an_eclipsed_shop_believes_six_confirmations_that_nobody_else_has() -> None:
    """Eve's 30 % find six blocks for the shop alone, the world finds fourteen others; no rule is broken."""
    lab = read("eclipsed_shop")
    (payment,) = get_payments(lab)

    assert [106] * 3 + [114] * 4 == [lab.peer(name).chain.tip.height for name in lab.names]
    assert is_confirmed(lab, payment)
    assert [] == get_reorganisations(lab, "shop") == get_stale_heights(lab, "shop")
    assert [] == hang_ups(lab)


def test_the_finney_attack_needs_no_second_block() -> None:
    """The payment waits in the shop's pool, is never confirmed, and leaves it as a conflict after 5 s."""
    lab = read("finney")
    ((seen, payment),) = timed_notes(lab, "shop", "transaction accepted")
    ((gone, removed),) = timed_notes(lab, "shop", "transactions removed")

    assert ("conflict", [payment["txid"]]) == (removed["reason"], removed["txids"])
    assert 4_500_000 < gone - seen < 6_500_000
    assert not is_confirmed(lab, payment["txid"])
    assert [] == get_reorganisations(lab, "shop"), "not one block is undone"


def test_six_confirmations_do_not_help_against_a_majority() -> None:
    """Eve, with 60 % of the power, undoes six blocks or more; before and after she mines like anybody."""
    lab = read("majority")
    (payment,) = get_payments(lab)
    (undone,) = [count for count, _ in get_reorganisations(lab, "shop") if count > 1]

    assert undone >= 6
    assert not is_confirmed(lab, payment)
    assert 1 == len(get_tips(lab))


def test_the_selfish_pool_earns_more_than_its_share() -> None:
    """40 % of the power, half of the honest go over in a tie: of 81 blocks, about what the formula says."""
    lab = read("selfish_mining")
    owners = count_owners(lab, "cat")

    assert 0.45 < owners["pool"] / owners.total()
    assert compute_revenue(0.4, 0.5) == pytest.approx(owners["pool"] / owners.total(), abs=0.06)
    assert {"makes it a tie", "wins the tie", "starts over", "shows all and wins"} < set(
        thoughts(lab, "pool")
    )
    assert len(get_stale_heights(lab, "cat")) > 10
    assert {"tosses a coin"} == set(thoughts(lab, "ann"))


def test_withheld_blocks_are_missing_in_everybody_s_chain() -> None:
    """A quarter of the power is wasted: fewer blocks in 20 minutes, and none of them is the mute miner's."""
    lab = read("withheld_block")
    height = lab.peer("cat").chain.height

    assert lab.scenario.until == 20 * MINUTE
    assert 30 == pytest.approx(height, rel=0.3), "three quarters of two blocks a minute"
    assert len(thoughts(lab, "mute")) >= 3
    assert "block" not in {m.wire_name for other in ("ann", "bob") for m in messages(lab, "mute", other)}
