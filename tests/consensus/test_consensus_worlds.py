"""Random worlds of validators: delays, losses, cuts, restarts, second machines. What holds in all of them.

Seeds are fixed, so a world that fails can be looked at again.
"""

import os
import subprocess
import sys
from contextlib import suppress
from dataclasses import replace
from itertools import pairwise

import pytest
from support.consensus_nodes import make_chain, make_story
from support.story_runs import notes

from blockchain_lab.base.actions import AskExit, CastVote, MakeDeposit
from blockchain_lab.base.draws import CounterRandom, get_key
from blockchain_lab.base.errors import UsageError
from blockchain_lab.base.units import MILLISECOND, SECOND, internal_hash
from blockchain_lab.chain.tree import is_ancestor
from blockchain_lab.lab import Lab
from blockchain_lab.scenarios.safety import watch
from blockchain_lab.sim import actions as act
from blockchain_lab.sim.digest import canonical
from blockchain_lab.sim.scenario import Links

NAMES = ("ann", "bob", "cat", "dan", "eve")
STILL = {"base_interest": 0, "base_penalty": 0, "leak": "none"}  # nobody's deposit ever changes
MOVES = 12


def make_world(seed, policies=None, names=NAMES, founders=None, story=(), **casper):
    """Five validators on bad lines; the seed says how bad."""
    luck = CounterRandom(get_key(seed, "links"))
    slowest = (100 + luck.below(4_000)) * MILLISECOND
    links = Links(latency=(10 * MILLISECOND, slowest), loss=luck.below(200_000), keep_alive=10 * SECOND)
    chain = make_chain(NAMES, founders or NAMES, **casper)
    return make_story(names, chain, story, policies, seed=seed, links=links)


def live(lab, seed, moves=MOVES, pause=25 * SECOND):
    """Let somebody do something at random times; then all are on again, and have a minute."""
    luck = CounterRandom(get_key(seed, "whims"))
    for _ in range(moves):
        lab.run(until=lab.now + luck.below(pause))
        with suppress(UsageError):  # impossible here: it is off already, say
            lab.do(choose_fault(lab, luck))
    lab.do(act.Heal())
    for name in lab.names:
        with suppress(UsageError):  # it is on
            lab.do(act.Revive(name))
    lab.run(until=lab.now + 60 * SECOND)
    return lab


def choose_fault(lab, luck):
    """A cut, a slow line, a restart. Disks are kept: who loses its disk may vote twice (`test_node`)."""
    pair = luck.sample(lab.names, 2)
    kinds = [
        act.Kill(pair[0], luck.choice(act.SEEN_AS)),
        act.Revive(luck.choice(lab.names)),
        act.Revive(luck.choice(lab.names)),
        act.Partition(luck.sample(lab.names, 1 + luck.below(len(lab.names) - 1))),
        act.Heal(),
        act.SetLink(*pair, latency=(1 + luck.below(20_000)) * MILLISECOND, loss=luck.below(300_000)),
    ]
    return luck.choice(kinds)


def choose_order(lab, luck):
    """What learners may ask of a peer, wise or not."""
    name = luck.choice(lab.names)
    node = lab.peer(name)
    ends = [""] if node is None else [entry[::-1].hex() for entry in [*node.branches.tree.own][-20:]] or [""]
    return luck.choice(
        [
            AskExit(name),
            MakeDeposit(name, 1_000),
            CastVote(name, luck.choice(ends), luck.choice(ends)),
            CastVote(name, luck.choice(ends), luck.choice(ends)),
        ]
    )


def assert_anchors_never_revert(lab):
    """Each checkpoint that a peer holds on to stands behind the one before. How often they moved."""
    moves = 0
    for peer in lab.names:
        tree = lab.peer(peer).branches.tree
        told = [fact["block"] for fact in notes(lab, peer, "anchor moved")]
        anchors = [tree[internal_hash(shown)] for shown in told]
        assert all(is_ancestor(*pair) for pair in pairwise(anchors)), peer
        moves += len(anchors)
    return moves


@pytest.mark.parametrize("seed", range(12))
def test_the_honest_break_no_commandment_whatever_the_network_does(seed):
    """Theorem 1's other half: who follows the protocol cannot be slashed. And final stays final."""
    lab = live(Lab(make_world(seed)), seed)
    monitor = watch(lab.scenario, lab.trace)

    assert ({}, []) == (monitor.guilty, monitor.conflicts)
    assert 0 < assert_anchors_never_revert(lab)
    assert [] == [fact for peer in lab.names for fact in notes(lab, peer, "evidence found")]


def make_divided(seed):
    """A cut through five validators, of whom some vote on both sides: two machines with one key."""
    luck = CounterRandom(get_key(seed, "twins"))
    twins = luck.sample(NAMES, 1 + luck.below(3))
    weights = {name: (1 + luck.below(6)) * 1_000_000 for name in NAMES}
    spares = {f"spare of {name}": {"identity": name} for name in twins}
    others = [name for name in NAMES if name not in twins]
    left = [*twins, others[0]]
    story = [(20 + luck.below(30), act.Partition(left)), (150, act.Heal())]
    scenario = make_world(seed, spares, (*NAMES, *spares), weights, story, **STILL)
    links = replace(scenario.links, latency=(10 * MILLISECOND, SECOND))
    return replace(scenario, links=links, until=165 * SECOND), set(twins)


def test_two_final_histories_cost_a_third_of_all_deposits():
    """Accountable safety, theorem 1: static sets of any weights, no leak.

    The worlds are chosen so that most have two. In the first one a single key holds 6 of 19 units and votes
    on both sides: were half of all votes enough to finalise, it would show.
    """
    conflicts = []
    for seed in (4, 8, 13, 27, 28):
        scenario, twins = make_divided(seed)
        lab = Lab(scenario)
        lab.run()
        monitor = watch(scenario, lab.trace)
        conflicts.append(len(monitor.conflicts))
        assert set(monitor.guilty) <= twins, seed
        for conflict in monitor.conflicts:
            assert all(account.is_a_third for account in monitor.get_accounts(conflict)), seed
        assert_anchors_never_revert(lab)

    assert [False, True, True, True, True] == [count > 0 for count in conflicts]


@pytest.mark.parametrize("seed", range(6))
def test_a_rebuilt_world_equals_the_live_one(seed):
    """Records, states, and each peer from its own inbox: through faults, orders and edited messages."""
    lab = Lab(make_world(seed, {"eve": {"actor": "nothing-at-stake"}}), wire=seed % 3 == 2)
    luck = CounterRandom(get_key(seed, "replay"))
    for _ in range(MOVES):
        lab.run(until=lab.now + luck.below(20 * SECOND))
        with suppress(UsageError):
            lab.do(choose_order(lab, luck) if luck.below(2) else choose_fault(lab, luck))
        flying = sorted(entry[6] for entry in lab.timeline.world().transport.get_flights()) or [0]
        with suppress(UsageError):
            lab.do(act.EditMessage(luck.choice(flying), ((luck.below(60), 1 + luck.below(255)),)))
    world, trace = lab.timeline.rebuild(lab.head, "full")
    ours, theirs = trace.columns(), lab.trace.columns()

    assert lab.state_digest() == world.state_digest()
    assert [column.tolist() for column in theirs.numbers()] == [column.tolist() for column in ours.numbers()]
    assert list(map(canonical, theirs.details)) == list(map(canonical, ours.details))
    for host in lab.timeline.world().hosts:
        assert canonical(host.node) == canonical(lab.peer(host.name)), host.name


@pytest.mark.parametrize("seed", range(3))
def test_bytes_on_the_wire_tell_the_same_story_as_objects(seed):
    """Every message survives its encoding, cut at odd places."""
    labs = [live(Lab(make_world(seed), wire=wire), seed, moves=6) for wire in (False, True)]

    assert 1 == len({(lab.digest(), lab.state_digest()) for lab in labs})


STORY = """
from consensus.test_consensus_worlds import Lab, live, make_divided, make_world
for lab in (live(Lab(make_world(5)), 5, moves=3), Lab(make_divided(3)[0])):
    lab.run(until=70_000_000)
    print(lab.digest(), lab.state_digest())
"""


def test_two_processes_tell_the_same_story():
    """Whatever the hash seed of each."""
    told = {
        subprocess.run(
            [sys.executable, "-c", STORY],
            env={**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": os.pathsep.join(["tests", *sys.path])},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in ("1", "77")
    }

    assert 1 == len(told)


def test_a_cut_line_is_mended_and_the_peer_has_everything_again():
    """Dan is alone for two minutes; two lines' ends find each other and he has what he lacked."""
    story = [(40, act.Partition(["dan"])), (160, act.Heal())]
    lab = Lab(make_story(story=story))
    lab.run(until=159 * SECOND)
    assert lab.peer("dan").head.height < lab.peer("ann").head.height - 10
    lab.run(until=203 * SECOND)  # between two slots

    assert 1 == len({lab.peer(name).head.hash for name in lab.names})
    assert [] == [fact for peer in lab.names for fact in notes(lab, peer, "peer misbehaved")]
