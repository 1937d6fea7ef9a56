"""A vote that was cast while a line was down is told when it opens again; old votes and many are not."""

from support.consensus_nodes import NAMES, Bench, get_sent, make_chain, make_story

from blockchain_lab.base.actions import CastVote
from blockchain_lab.base.units import SECOND, display_hash
from blockchain_lab.consensus import receiving
from blockchain_lab.consensus.sync_messages import Head
from blockchain_lab.lab import Lab
from blockchain_lab.sim.actions import Heal, Kill, Partition


def open_line(bench, line=9):
    """What it says first to somebody at the other end of a new line."""
    said = bench.keep(bench.node.on_connected(line, bench.node.setup.contacts["cat"], False, bench.now))
    assert {line} == {each.conn for each in said}
    return get_sent(said)


def test_a_new_line_is_told_the_votes_that_no_block_carries_yet():
    """Its head first, then votes of this epoch, own and heard, in the order heard; twice is harmless."""
    bench = Bench(policy={"proposes": False, "votes": False})
    bench.grow(6)
    votes = [bench.vote(name, 1) for name in ("bob", "cat")]
    for each in votes:
        bench.hear(each)
    bench.grow(1, operations=[votes[0]])
    head, *told = open_line(bench)

    assert isinstance(head, Head)
    assert votes[1:] == told
    assert [] == bench.hear(votes[1])


def test_votes_of_the_last_epoch_are_told_and_older_ones_are_not():
    """Elsewhere an epoch may last a little longer; what is older can be counted nowhere."""
    bench = Bench(policy={"proposes": False, "votes": False})
    late = {}
    for epoch in (1, 2, 3):
        bench.grow(5 - bench.node.head.height % 5 + 1)
        late[epoch] = bench.vote("bob", epoch, epoch - 1)
        bench.hear(late[epoch])

    assert [late[2], late[3]] == open_line(bench)[1:]


def test_however_many_wait_a_new_line_is_told_the_last_ones(monkeypatch):
    """One who votes without end must not make every new line long."""
    monkeypatch.setattr(receiving, "MOST_REMINDED", 2)
    bench = Bench(policy={"proposes": False, "votes": False})
    bench.grow(6)
    votes = [bench.vote(name, 1) for name in ("bob", "cat", "dan")]
    for each in votes:
        bench.hear(each)

    assert votes[1:] == open_line(bench)[1:]


def test_who_relays_nothing_tells_its_own_votes_only():
    """As ever: all else is left to its maker."""
    bench = Bench(policy={"proposes": False, "votes": False, "relays": False})
    bench.grow(6)
    bench.hear(bench.vote("bob", 1))
    own = bench.vote("ann", 1)
    bench.hear(own)

    assert [own] == open_line(bench)[1:]


def test_a_chain_without_validators_has_nothing_to_tell():
    """Its head is all."""
    bench = Bench(chain=make_chain(deposits=None))
    bench.grow(3)

    assert 1 == len(open_line(bench))


def test_a_vote_cast_behind_a_cut_reaches_everybody_when_it_heals():
    """Eve, who made the blocks, is off: only new lines can bring it, and before they open nobody has it."""
    story = [(27, Partition(("dan",))), (28, Kill("eve", "reset")), (60, Heal())]
    quiet = {name: {"votes": False} for name in NAMES}
    lab = Lab(make_story((*NAMES, "eve"), make_chain(signers=["eve"]), story, quiet))
    lab.run(until=45 * SECOND)
    dan = lab.peer("dan")
    assert 5 == dan.head.height
    lab.do(CastVote("dan", display_hash(dan.branches.rules.genesis.hash), display_hash(dan.head.hash)))
    lab.run(until=59 * SECOND)
    assert {"dan"} == find_who_knows(lab)
    lab.run(until=80 * SECOND)

    assert set(NAMES) == find_who_knows(lab)
    assert 5 == lab.peer("ann").head.height


def find_who_knows(lab):
    """Who has heard a vote of dan's."""
    return {name for name in NAMES if lab.peer(name).desk.heard.get_own("dan")}
