"""Proof of authority as proposers: slots in turn, and Clique's turns, ballots and checkpoints on a chain."""

from collections import Counter
from itertools import pairwise

import pytest

from blockchain_lab.base.draws import get_key
from blockchain_lab.base.errors import ScenarioError
from blockchain_lab.base.units import SECOND
from blockchain_lab.consensus.authority import RoundRobin
from blockchain_lab.consensus.block import Block, make_entry, make_genesis
from blockchain_lab.consensus.clique import Clique, read_proof, write_ballot, write_checkpoint
from blockchain_lab.consensus.errors import RuleBroken
from blockchain_lab.consensus.parameters import WHERE
from blockchain_lab.consensus.signers import Ballot

NAMES = ("ann", "bob", "cat")


def make_block(parent, who, turn, **changes):
    """A signed block for a turn; `changes` replace what the turn says."""
    fields = {"time": turn.at, "weight": turn.weight, "proof": turn.proof, "proposer": who} | changes
    return Block(parent.hash, parent.height + 1, **fields).sign()


def play(proposer, names, blocks):
    """The chain when whoever has the first turn proposes: entries and states, genesis first."""
    chain = [(make_genesis(), proposer.get_start())]
    for _ in range(blocks):
        parent, state = chain[-1]
        turns = {
            who: proposer.find_turn(state, parent, who, parent.header.time, get_key(who)) for who in names
        }
        who, turn = min(
            ((who, turn) for who, turn in turns.items() if turn is not None), key=lambda pair: pair[1].at
        )
        block = make_block(parent, who, turn)
        chain.append((make_entry(block, parent), proposer.apply(state, parent, block)))
    return chain


def get_rule(proposer, state, parent, block):
    """The rule that this block breaks."""
    with pytest.raises(RuleBroken) as caught:
        proposer.apply(state, parent, block)
    return caught.value.rule


def test_round_robin_gives_each_signer_every_nth_slot():
    """Nobody is lucky: 300 blocks of three signers are 100 each, in order."""
    chain = play(RoundRobin(NAMES), NAMES, 300)
    made = [entry.header.proposer for entry, _ in chain[1:]]

    assert Counter(dict.fromkeys(NAMES, 100)) == Counter(made)
    assert ["bob", "cat", "ann"] * 100 == made
    assert [slot * 10 * SECOND for slot in range(1, 301)] == [entry.header.time for entry, _ in chain[1:]]


def test_round_robin_goes_on_without_a_silent_signer():
    """Bob's slots stay empty, so a third of the time passes without a block."""
    chain = play(RoundRobin(NAMES), ("ann", "cat"), 20)

    assert {"ann", "cat"} == {entry.header.proposer for entry, _ in chain[1:]}
    assert 30 * 10 * SECOND == chain[-1][0].header.time, "20 blocks in 30 slots"


def test_round_robin_refuses_blocks_in_somebody_else_s_slot():
    """Nor does it take one between two slots, of a stranger, unsigned or heavier than it is."""
    rule, parent = RoundRobin(NAMES), make_genesis()
    turn = rule.find_turn(None, parent, "ann", 0, 0)
    rule.apply(None, parent, make_block(parent, "ann", turn))

    assert "turn" == get_rule(rule, None, parent, make_block(parent, "bob", turn))
    assert "time" == get_rule(rule, None, parent, make_block(parent, "ann", turn, time=turn.at + 1))
    assert "signer" == get_rule(rule, None, parent, make_block(parent, "dan", turn))
    assert "weight" == get_rule(rule, None, parent, make_block(parent, "ann", turn, weight=2))
    assert "proof" == get_rule(rule, None, parent, make_block(parent, "ann", turn, proof=b"!"))
    assert rule.find_turn(None, parent, "dan", 0, 0) is None


def test_clique_runs_in_turn_while_everybody_is_there():
    """Each block is by the signer whose turn it is, weighs 2 and comes a period after its parent."""
    chain = play(Clique(NAMES), NAMES, 60)

    assert ["bob", "cat", "ann"] * 20 == [entry.header.proposer for entry, _ in chain[1:]]
    assert 120 == chain[-1][0].work
    assert 60 * 15 * SECOND == chain[-1][0].header.time


def test_clique_replaces_a_silent_signer_at_the_price_of_weight():
    """Without bob the others alternate: each may sign one of two blocks, in turn or not."""
    chain = play(Clique(NAMES), ("ann", "cat"), 60)
    made = [entry.header for entry, _ in chain[1:]]

    assert Counter(ann=30, cat=30) == Counter(block.proposer for block in made)
    assert {1, 2} == {block.weight for block in made}
    assert 60 <= chain[-1][0].work < 120
    waits = [
        later.header.time - sooner.header.time - 15 * SECOND for (sooner, _), (later, _) in pairwise(chain)
    ]
    assert all(
        wait == 0 if block.weight == 2 else 0 < wait <= 3 * SECOND / 2
        for wait, block in zip(waits, made, strict=True)
    )


def test_clique_drops_and_adds_signers_by_ballots_in_blocks():
    """Two of three want cat out and then dan in. The other way round two of four would not be enough."""
    wishes = {who: (Ballot("cat", False), Ballot("dan", True)) for who in ("ann", "bob")}
    chain = play(Clique(NAMES, ballots=wishes), (*NAMES, "dan"), 40)
    first_without = next(place for place, (_, state) in enumerate(chain) if "cat" not in state.names)
    later = [entry.header.proposer for entry, _ in chain[first_without + 1 :]]

    assert ("ann", "bob", "dan") == chain[-1][1].names
    assert {"ann", "bob", "dan"} == set(later)
    assert {"ann": 1, "bob": 1, "dan": 1} == Clique(NAMES).get_shares(chain[-1][1])
    assert () == chain[-1][1].ballots, "decided, so nobody repeats it"


def test_clique_s_signers_wish_one_thing_after_the_other():
    """What is said already need not be said again: ann's second block carries her second wish."""
    wishes = {"ann": (Ballot("dan", True), Ballot("eve", True))}
    chain = play(Clique(NAMES, ballots=wishes), NAMES, 6)

    assert (("ann", "dan"), ("ann", "eve")) == chain[-1][1].ballots


def test_clique_writes_its_signers_into_checkpoints():
    """Every fourth block; pending ballots are void after it and cast again."""
    chain = play(Clique(NAMES, epoch=4, ballots={"bob": (Ballot("dan", True),)}), NAMES, 9)

    assert [write_checkpoint(NAMES)] * 2 == [chain[height][0].header.proof for height in (4, 8)]
    assert (("bob", "dan"),) == chain[3][1].ballots
    assert () == chain[4][1].ballots
    assert (None, NAMES) == read_proof(chain[4][0].header.proof)


def test_clique_refuses_what_eip_225_refuses():
    """A stranger, a signer who has just signed, a weight or a time that is not its own."""
    rule = Clique(NAMES)
    (genesis, empty), (parent, state) = play(rule, NAMES, 1)
    turn = rule.find_turn(state, parent, "cat", parent.header.time, 0)
    assert turn is not None
    rule.apply(state, parent, make_block(parent, "cat", turn))

    assert "bob" == parent.header.proposer
    assert rule.find_turn(state, parent, "bob", parent.header.time, 0) is None
    assert "recently signed" == get_rule(rule, state, parent, make_block(parent, "bob", turn))
    assert "unauthorized signer" == get_rule(rule, state, parent, make_block(parent, "dan", turn))
    assert "weight" == get_rule(rule, state, parent, make_block(parent, "ann", turn))
    assert "time" == get_rule(rule, state, parent, make_block(parent, "cat", turn, time=turn.at - 1))
    assert empty == rule.get_start(), "nothing of this has changed a state"
    assert genesis == parent.previous


@pytest.mark.parametrize(
    "proof", [b"\x03", b"\x00", b"\x01\x05\x00bob", write_ballot(Ballot("a", True)) + b"!"]
)
def test_clique_refuses_a_proof_that_it_cannot_read(proof):
    """An unknown kind, a name that is cut off, bytes that are left over."""
    rule, parent = Clique(NAMES), make_genesis()
    turn = rule.find_turn(rule.get_start(), parent, "bob", 0, 0)

    assert "proof" == get_rule(rule, rule.get_start(), parent, make_block(parent, "bob", turn, proof=proof))


def test_ballots_on_the_wire():
    """What is written is read back."""
    for ballot in (Ballot("cat", False), Ballot("dan", True)):
        assert (ballot, None) == read_proof(write_ballot(ballot))
    assert (None, None) == read_proof(b"")


def test_clique_s_turn_is_after_the_moment_of_asking():
    """Whoever asks late gets a time that is still to come."""
    rule, parent = Clique(NAMES), make_genesis()

    assert 100 * SECOND + 1 == rule.find_turn(rule.get_start(), parent, "bob", 100 * SECOND, 0).at


@pytest.mark.parametrize(
    ("plain", "path"),
    [
        ({}, f"{WHERE}.signers"),
        ({"signers": []}, f"{WHERE}.signers"),
        ({"signers": ["ann", "ann"]}, f"{WHERE}.signers"),
        ({"signers": ["ann"], "spacing": 0}, f"{WHERE}.spacing"),
        ({"signers": ["ann"], "speed": 1}, f"{WHERE}.speed"),
    ],
)
@pytest.mark.parametrize("rule", [RoundRobin, Clique])
def test_scenarios_are_refused_by_the_path_of_the_key(rule, plain, path):
    """And with what is accepted."""
    with pytest.raises(ScenarioError, match="accepted") as caught:
        rule.from_plain(plain)

    assert path == caught.value.path


def test_clique_reads_its_wishes_from_a_scenario():
    """A name, and whether to add it."""
    rule = Clique.from_plain({"signers": ["bob", "ann"], "epoch": 9, "ballots": {"ann": [["cat", True]]}})

    assert Clique(("bob", "ann"), epoch=9, ballots={"ann": (Ballot("cat", True),)}) == rule
    with pytest.raises(ScenarioError, match="true adds, false drops"):
        Clique.from_plain({"signers": ["ann"], "ballots": {"ann": ["cat"]}})
