"""Miners: how long they take, what they do when somebody else was faster, and who gets the reward."""

from collections import Counter
from itertools import pairwise

import pytest
from support.bitcoin_dialogue import make_node, timers
from support.bitcoin_pump import Pump

from blockchain_lab.base.actions import Mine, SetPolicy
from blockchain_lab.base.draws import CounterRandom, get_key
from blockchain_lab.base.units import HOUR, MINUTE, SECOND
from blockchain_lab.bitcoin.mining import TIMER
from blockchain_lab.bitcoin.node import BitcoinNode
from blockchain_lab.bitcoin.paying import get_script_of
from blockchain_lab.bitcoin.script import Form, classify

TEN_MINUTES = 12  # hashes an hour: on regtest two of them make a block


def test_waiting_times_are_exponential() -> None:
    """A miner of 12 hashes an hour needs ten minutes on average, and never learns how long it still takes.

    Of 2,000 waits, 1/e are longer than the mean and 1/e² longer than twice the mean, give or take 0.03.
    """
    waits = [
        timers(make_node(policy={"hash_power": TEN_MINUTES}, random=get_luck(number)).on_start(0))[TIMER]
        for number in range(2_000)
    ]

    assert 10 * MINUTE == pytest.approx(sum(waits) / len(waits), rel=0.05)
    for multiple, share in ((1, 0.368), (2, 0.135)):
        longer = sum(wait > multiple * 10 * MINUTE for wait in waits) / len(waits)
        assert share == pytest.approx(longer, abs=0.03)


def get_luck(number: int) -> CounterRandom:
    """The randomness of one of many nodes."""
    return CounterRandom(get_key("miner", number))


def make_rivals(*powers: int, **policy: object) -> tuple[Pump, list[BitcoinNode]]:
    """Miners in a row, each connected to the next, none of them patient for long."""
    pump, miners = Pump(), []
    for number, power in enumerate(powers):
        dials = (f"miner{number - 1}",) if number else ()
        miners.append(
            pump.add(
                f"miner{number}",
                dials=dials,
                policy={"hash_power": power, "rewards": "wallet", **policy},
                random=get_luck(number),
            )
        )
    return pump, miners


def test_blocks_are_shared_as_the_hash_power_is() -> None:
    """One miner with three quarters of all hashes: he finds as many of the blocks, give or take 5 %."""
    pump, miners = make_rivals(9 * TEN_MINUTES, 3 * TEN_MINUTES)
    pump.run(until=8 * HOUR)
    chain = miners[0].chain
    scripts = [
        chain.get_block(entry.hash).transactions[0].outputs[0].script
        for entry in chain.active.get_slice(1, chain.height + 1)
    ]
    shares = Counter(scripts)

    assert 576 == pytest.approx(chain.height, rel=0.1)
    strong = get_script_of("miner0", Form.WITNESS_KEY_HASH)
    assert 0.75 == pytest.approx(shares[strong] / chain.height, abs=0.05)
    assert miners[0].chain.tip == miners[1].chain.tip


def test_who_goes_on_with_an_old_block_wastes_it() -> None:
    """Restart: every block stands on the newest tip. Go on: blocks are found that are nobody's tip.

    The same two miners, the same luck: who goes on has stale branches of its own making, though the wire
    takes a hundredth of a second.
    """
    stale = {}
    for habit in ("restart", "go on"):
        pump, (first, second) = make_rivals(6 * TEN_MINUTES, 6 * TEN_MINUTES, on_new_tip=habit)
        pump.run(until=4 * HOUR)
        stale[habit] = len(first.chain.get_stale_tips()) + len(second.chain.get_stale_tips())

    assert stale["restart"] <= 2
    assert stale["go on"] > 20


def test_a_knob_starts_and_stops_a_miner() -> None:
    """At 0 nobody mines; at 12 a block is found about every ten minutes; at 0 again the timer is gone."""
    pump = Pump()
    ann = pump.add("ann")
    pump.run(until=HOUR)
    assert 0 == ann.chain.height

    turn(pump, ann, "hash_power", 6 * TEN_MINUTES)
    pump.run(until=2 * HOUR)
    found = ann.chain.height
    turn(pump, ann, "hash_power", 0)
    pump.run(until=3 * HOUR)

    assert 20 < found < 60
    assert found == ann.chain.height


def turn(pump: Pump, node: BitcoinNode, key: str, value: int) -> None:
    """Turn a knob: the policy has changed when the node is told."""
    node.setup.policy[key] = value
    pump.do("ann", SetPolicy("ann", key, value))


def test_harder_blocks_take_longer() -> None:
    """The work of a block counts: where difficulty is retargeted, the same power finds fewer."""
    chain = {"network": "regtest", "retargeting": True, "retarget_interval": 10, "spacing": 600}
    pump = Pump()
    ann = pump.add("ann", policy={"hash_power": 8 * TEN_MINUTES}, chain=chain)
    pump.run(until=12 * HOUR)
    entries = ann.chain.active.get_slice(1, ann.chain.height + 1)
    times = [entry.header.time for entry in entries]

    early, later = times[9] - times[0], sorted(b - a for a, b in pairwise(times[10:]))
    assert early < 9 * 300  # eight times too fast at first
    assert later[len(later) // 2] > early // 9
    assert min(entry.header.bits for entry in entries) < entries[0].header.bits
    assert 12 * 6 == pytest.approx(len(entries), rel=0.35)


@pytest.mark.parametrize(("era", "form"), [("2014", Form.PUBLIC_KEY_HASH), ("today", Form.WITNESS_KEY_HASH)])
def test_rewards_go_to_anyone_or_to_the_miners_own_key(era: str, form: Form) -> None:
    """A scenario chooses; the era says what a key's script looks like."""
    node = make_node(policy={"era": era, "rewards": "wallet"})
    node.on_command(Mine("ann"), SECOND)
    reward = node.chain.get_block(node.chain.tip.hash).transactions[0].outputs[0]

    assert form is classify(reward.script).form
    assert get_script_of("ann", form) == reward.script
