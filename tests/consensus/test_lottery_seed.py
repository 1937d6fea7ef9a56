"""Whose turn comes when follows from the seed of a run: another seed, other turns, for all peers the same."""

from dataclasses import replace

import pytest
from support.consensus_nodes import make_story

from blockchain_lab.base.draws import MASK_64
from blockchain_lab.base.errors import ScenarioError
from blockchain_lab.base.units import SECOND
from blockchain_lab.consensus.chain_rules import read_rules
from blockchain_lab.consensus.kernel import Modifier, get_first_modifier
from blockchain_lab.lab import Lab

UNITS = {"ann": 3, "bob": 2, "cat": 2, "dan": 3}
LOTTERIES = {
    "stake": {"stakes": UNITS, "spacing": 6 * SECOND},
    "peercoin": {"coins": UNITS, "day": SECOND, "spacing": 6 * SECOND},
    "burn": {"burnt": UNITS, "spacing": 6 * SECOND},
    "capacity": {"plots": UNITS, "spacing": 6 * SECOND},
    "history": {"stakes": UNITS},
}


def make_chain(name, **more):
    """A chain with this lottery and nothing else."""
    return {"consensus": {"proposer": {"name": name, **LOTTERIES[name], **more}}}


def find_turns(chain, seed):
    """When each name could build on the genesis."""
    rules = read_rules(chain, seed)
    state = rules.proposer.get_start()
    turns = {name: rules.proposer.find_turn(state, rules.genesis, name, 0, 0) for name in UNITS}
    return {name: turn.at for name, turn in turns.items() if turn is not None}


@pytest.mark.parametrize("name", LOTTERIES)
def test_another_seed_gives_other_turns_and_another_genesis(name):
    """Nothing else has changed. Any seed of a scenario will do."""
    chain = make_chain(name)
    turns = {tuple(find_turns(chain, seed).items()) for seed in (0, 1, 2, 3, MASK_64)}

    assert len(turns) > 1
    assert find_turns(chain, 2) == find_turns(chain, 2)
    assert read_rules(chain, 1).genesis != read_rules(chain, 2).genesis


@pytest.mark.parametrize("name", LOTTERIES)
def test_a_seed_of_the_chain_s_own_keeps_the_turns(name):
    """So that a run can have another network and the same lottery."""
    chain = make_chain(name, seed=5)

    assert find_turns(make_chain(name), 5) == find_turns(chain, 1) == find_turns(chain, 2)
    assert read_rules(chain, 1).genesis == read_rules(chain, 2).genesis


@pytest.mark.parametrize("name", LOTTERIES)
@pytest.mark.parametrize("seed", [-1, MASK_64 + 1, "1", True])
def test_what_is_no_seed_is_refused(name, seed):
    """64 bits, as a scenario's own."""
    with pytest.raises(ScenarioError, match=r"chain\.consensus\.proposer\.seed"):
        read_rules(make_chain(name, seed=seed))


def test_the_first_modifier_is_the_seed():
    """Peercoin's genesis has 0; no two seeds share one."""
    assert Modifier(bytes(32)) == Modifier() == get_first_modifier(0)
    assert b"\x02\x01" + bytes(30) == get_first_modifier(0x0102).value


@pytest.mark.parametrize("name", LOTTERIES)
def test_all_peers_of_a_run_agree_on_its_turns(name):
    """Blocks of one are valid for all; another seed's run has other blocks by other hands."""
    runs = []
    for seed in (3, 4):
        lab = Lab(replace(make_story(chain=make_chain(name), until=60 * SECOND), seed=seed))
        lab.run(until=60 * SECOND)
        entries = list(lab.peer("ann").branches.tree.own.values())
        runs.append([(entry.header.time, entry.header.proposer) for entry in entries])

        assert 1 == len({lab.peer(peer).desk.rules.genesis.hash for peer in lab.names})
        assert 1 < len({entry.header.proposer for entry in entries})
        assert {} == lab.peer("ann").branches.refused

    assert runs[0] != runs[1]
