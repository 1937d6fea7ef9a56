"""Selfish mining and withheld blocks on real nodes, and the formulas that say what comes of them."""

from collections import Counter
from itertools import pairwise
from typing import Any

import pytest
from support.bitcoin_pump import LATENCY, Pump

from blockchain_lab.base.actions import Mine, Pay, SetPolicy
from blockchain_lab.base.draws import CounterRandom, get_key
from blockchain_lab.base.errors import UsageError
from blockchain_lab.base.units import HOUR, MINUTE, SECOND
from blockchain_lab.bitcoin.attacks_secret import WithholdingMiner
from blockchain_lab.bitcoin.attacks_selfish import SelfishMiner, TossingNode
from blockchain_lab.bitcoin.node import BitcoinNode
from blockchain_lab.bitcoin.paying import get_script_of
from blockchain_lab.bitcoin.script import Form
from blockchain_lab.chain.races import compute_stale_rate
from blockchain_lab.chain.selfish_mining import compute_revenue

POWER = 1_200  # hashes an hour, of all: 600 blocks
BLOCKS = 900


def make_pair(
    kind: Any, pool: int = 0, others: int = 0, luck: int = 0, mined: int = 0, **policy: Any
) -> Pump:
    """One node for all the others, and the pool, which dials it. `policy`: of the others."""
    pump, disk = Pump(), {"mined": mined}
    pump.add(
        "others",
        kind=TossingNode if "toss" in policy else BitcoinNode,
        disk=disk,
        policy={"hash_power": others, "rewards": "wallet", **policy},
        random=CounterRandom(get_key("others", luck)),
    )
    mining = {"hash_power": pool, "rewards": "wallet"}
    luck_of_pool = CounterRandom(get_key("pool", luck))
    pump.add("pool", ("others",), kind, policy=mining, random=luck_of_pool, disk=disk)
    pump.run(until=SECOND)
    return pump


def mine(pump: Pump, *names: str) -> None:
    """One block each, ten seconds apart."""
    for name in names:
        pump.do(name, Mine(name))
        pump.run(until=pump.now + 10 * SECOND)


def thoughts(pump: Pump, name: str = "pool") -> list[str]:
    """What somebody thought, in order."""
    return [facts["what"] for who, topic, facts in pump.notes if (who, topic) == (name, "strategy")]


def count_owners(pump: Pump, first: int = 100_000) -> Counter[str]:
    """Whose the first so many blocks are of the others' chain."""
    chain = pump.nodes["others"].chain
    names = {get_script_of(name, Form.WITNESS_KEY_HASH): name for name in pump.nodes}
    entries = chain.active.get_slice(1, min(first, chain.height) + 1)
    return Counter(names[chain.get_block(e.hash).transactions[0].outputs[0].script] for e in entries)


def test_a_lead_of_two_wins_both_blocks_when_the_others_find_one() -> None:
    """Two secret blocks; the others find theirs, and it is lost."""
    pump = make_pair(SelfishMiner)
    mine(pump, "pool", "pool")
    hidden = pump.nodes["others"].chain.height
    mine(pump, "others")

    assert 0 == hidden
    assert {"pool": 2} == count_owners(pump)
    assert ["keeps a block back", "keeps a block back", "shows all and wins"] == thoughts(pump)
    assert [] == pump.nodes["pool"].secret
    assert 1 == len(pump.nodes["others"].chain.get_stale_tips())


def test_a_longer_lead_is_shown_block_by_block() -> None:
    """Four secret blocks: for each block of the others one is shown, until two are left."""
    pump = make_pair(SelfishMiner)
    mine(pump, *["pool"] * 4)
    left = []
    for _ in range(3):
        mine(pump, "others")
        left.append(len(pump.nodes["pool"].secret))

    assert [3, 2, 0] == left
    assert {"pool": 4} == count_owners(pump)
    assert ["shows as many as they have"] * 2 + ["shows all and wins"] == thoughts(pump)[4:]


def test_a_payment_is_in_one_secret_block_only() -> None:
    """It waits in the pool's memory until that block is shown; a second block with it would be invalid."""
    pump = make_pair(SelfishMiner, mined=101)
    pump.do("others", Pay("others"))
    pump.run(until=pump.now + 10 * SECOND)
    mine(pump, "pool", "pool", "others")
    chain = pump.nodes["others"].chain
    blocks = [chain.get_block(entry.hash) for entry in chain.active.get_slice(102, 104)]

    assert [2, 1] == [len(block.transactions) for block in blocks]
    assert pump.nodes["pool"].head == chain.tip


@pytest.mark.parametrize(
    ("toss", "winner", "owners"),
    [
        (0, "pool", {"pool": 2}),  # the pool finds the next one: both blocks are its own
        (0, "others", {"others": 2}),  # everybody stays with what came first
        (1_000_000, "others", {"pool": 1, "others": 1}),  # everybody goes over to the pool's
    ],
)
def test_a_tie_is_decided_by_who_finds_the_next_block(toss: int, winner: str, owners: dict[str, int]) -> None:
    """The pool had one block, the others find one: both branches are equally long, and both are public."""
    pump = make_pair(SelfishMiner, toss=toss, others=1)
    mine(pump, "pool", "others")
    tip, rivals = pump.nodes["others"].chain.tip, pump.nodes["others"].chain.get_stale_tips()
    if winner == "others":  # by luck, for a learner's `Mine` always stands on the tip
        pump.run(until=pump.now + 10 * HOUR)
    else:
        mine(pump, "pool")

    assert [(1, tip.work)] == [(rival.height, rival.work) for rival in rivals]
    assert "makes it a tie" == thoughts(pump)[1]
    assert owners == count_owners(pump, first=2)
    assert ["tosses a coin"] == thoughts(pump, "others")


def test_a_pool_that_was_slower_starts_over() -> None:
    """The others find two in a row against one secret block: it is lost, and shown to nobody any more."""
    pump = make_pair(SelfishMiner)
    mine(pump, "pool", "others", "others")

    assert {"others": 2} == count_owners(pump)
    assert ["keeps a block back", "makes it a tie", "starts over"] == thoughts(pump)
    assert pump.nodes["pool"].head == pump.nodes["others"].chain.tip


@pytest.mark.parametrize(("alpha", "gamma"), [(0.25, 0.0), (1 / 3, 0.5), (0.4, 1.0)])
def test_what_selfish_mining_earns_on_the_engine_is_what_the_formula_says(alpha: float, gamma: float) -> None:
    """900 blocks on real nodes: within 0.03 of equation 8, and of it for the share that luck has given.

    Nobody is hung up on: no rule is broken.
    """
    power = round(POWER * alpha)
    pump = make_pair(SelfishMiner, power, POWER - power, luck=3, toss=int(gamma * 1_000_000))
    pump.run(until=BLOCKS * 2 * HOUR // POWER)
    owners = count_owners(pump)
    revenue = owners["pool"] / sum(owners.values())
    found = sum(thought in ("keeps a block back", "wins the tie") for thought in thoughts(pump))
    share = found / len(pump.nodes["others"].chain.tree.own)

    assert compute_revenue(alpha, gamma) == pytest.approx(revenue, abs=0.03)
    assert compute_revenue(share, gamma) == pytest.approx(revenue, abs=0.03)
    assert [] == pump.hang_ups


def goes_over(toss: int, luck: int) -> bool:
    """Does this one of many honest miners mine on the pool's block in a tie?"""
    pump = make_pair(SelfishMiner, toss=toss, others=1, luck=luck)
    mine(pump, "pool", "others")
    (thought,) = [f for who, topic, f in pump.notes if (who, topic) == ("others", "strategy")]
    return thought["goes_over"]


def test_a_coin_falls_as_often_as_it_should_and_the_same_way_again() -> None:
    """Of 40 miners none, half or all go over to the pool's block; asked again, each does what it did."""
    fallen = {toss: [goes_over(toss, luck) for luck in range(40)] for toss in (0, 500_000, 1_000_000)}

    assert [0, 40] == [sum(fallen[0]), sum(fallen[1_000_000])]
    assert 20 == pytest.approx(sum(fallen[500_000]), abs=6)
    assert fallen[500_000] == [goes_over(500_000, luck) for luck in range(40)]


def test_what_is_withheld_is_lost_for_everybody() -> None:
    """A pool's member with a quarter of the power finds its share, and the chain is the others' alone."""
    pump = make_pair(WithholdingMiner, POWER // 4, POWER * 3 // 4)
    pump.run(until=10 * MINUTE * 2)
    owners, lost = count_owners(pump), thoughts(pump)

    assert {"others"} == set(owners)
    assert 150 == pytest.approx(owners["others"], rel=0.25), "what they find in 20 minutes"
    assert 50 == pytest.approx(len(lost), rel=0.3)
    assert {"throws a block away"} == set(lost)
    assert pump.nodes["pool"].chain.tip == pump.nodes["others"].chain.tip


def test_the_share_of_blocks_with_a_rival_is_what_decker_and_wattenhofer_say() -> None:
    """Three miners who send each other whole blocks, which take a tenth of the time between the others'.

    1 - exp(-delay / spacing), within 0.02 on 1,000 blocks; spacing: of the blocks of the other two.
    """
    pump, spacing = Pump(), 10 * LATENCY  # of two miners' blocks
    power = HOUR // spacing  # one hash finds half a block, and there are two miners
    policy = {"hash_power": power, "push_blocks": True}
    for number in range(3):
        dials = tuple(f"m{other}" for other in range(number))
        luck = CounterRandom(get_key("rival", number))
        pump.add(f"m{number}", dials, policy=policy, random=luck)
    pump.run(until=1_000 * spacing * 2 // 3)
    chain = pump.nodes["m0"].chain
    stale = len(chain.tree.own) - chain.height

    assert 900 < len(chain.tree.own)
    assert compute_stale_rate(LATENCY, spacing) == pytest.approx(stale / chain.height, abs=0.02)


def test_intervals_between_blocks_are_exponential() -> None:
    """900 blocks of two miners: 1/e of the intervals are longer than the mean, 1/e² than twice that."""
    pump = make_pair(BitcoinNode, POWER // 4, POWER // 4 * 3)
    pump.run(until=BLOCKS * 2 * HOUR // POWER)
    chain = pump.nodes["others"].chain
    times = [entry.header.time for entry in chain.active.get_slice(1, chain.height + 1)]
    intervals = [later - earlier for earlier, later in pairwise(times)]
    mean = sum(intervals) / len(intervals)

    assert 6 == pytest.approx(mean, rel=0.1)
    for multiple, share in ((1, 0.368), (2, 0.135)):
        assert share == pytest.approx(sum(i > multiple * mean for i in intervals) / len(intervals), abs=0.04)


def test_what_cannot_be_is_refused() -> None:
    """A chance above one, a kind of policy that no miner has; and a coin may be changed while it runs."""
    with pytest.raises(UsageError, match=r"policy.toss: found 2000000, accepted: a whole number from 0"):
        make_pair(SelfishMiner, toss=2_000_000)
    pump = make_pair(SelfishMiner, toss=0)
    others = pump.nodes["others"]

    assert "policy.toss" in str(others.find_problem(SetPolicy("others", "toss", -1), pump.now))
    assert "unknown key" in str(others.find_problem(SetPolicy("others", "luck", 1), pump.now))
    pump.do("others", SetPolicy("others", "toss", 250_000))
    pump.do("others", SetPolicy("others", "hash_power", 1_000))
    assert (250_000, 1_000) == (others.toss, others.inner.policy.hash_power)
