"""Several peers find the same two votes: one piece of evidence is included, the others cause no noise."""

from dataclasses import replace

from support.consensus_nodes import Bench, get_notes, get_sent

from blockchain_lab.consensus.duties import propose
from blockchain_lab.consensus.orders import Evidence
from blockchain_lab.consensus.vote import SignedVote


def make_pair(bench, name="cat"):
    """Two votes of one validator for epoch 1."""
    vote = bench.vote(name, 1)
    return vote, SignedVote.by(replace(vote.vote, target=bytes(32)))


def get_waiting(bench):
    """Finders of evidence that waits for a block."""
    waiting = bench.node.desk.waiting.operations.values()
    return [each.finder for each in waiting if isinstance(each, Evidence)]


def find_guilty(bench):
    """Let it hear both votes; the evidence that it makes, and how a neighbour words the same."""
    first, second = make_pair(bench)
    bench.hear(first)
    said = bench.hear(second)
    (own,) = get_sent(said, Evidence)
    assert ["cat"] == [fact["validator"] for fact in get_notes(said, "evidence found")]
    return own, replace(own, finder="bob")


def test_who_finds_first_has_it_included_and_the_others_stop_waiting():
    """Bob's evidence is in a block, ann's own waits no more; her next block carries none."""
    bench = Bench(policy={"votes": False})
    bench.grow(6)
    _, others = find_guilty(bench)
    assert ["ann"] == get_waiting(bench)
    bench.grow(1, operations=[others])

    assert [] == get_waiting(bench)
    parent = bench.node.head
    turn = bench.node.desk.turns[parent.hash]
    propose(bench.node.desk, parent, turn.at)
    assert parent.hash == bench.node.head.header.parent
    assert not any(isinstance(each, Evidence) for each in bench.node.head.header.operations)


def test_more_evidence_against_one_who_is_slashed_is_no_news_to_who_has_its_own():
    """It was on its way when the block came: neither refused nor passed on. Before the block it is kept."""
    bench = Bench()
    bench.grow(6)
    own, others = find_guilty(bench)
    bench.node.on_connected(9, bench.node.setup.contacts["cat"], True, bench.now)
    assert [replace(own, finder="dan")] == get_sent(bench.hear(replace(own, finder="dan")))
    bench.grow(1, operations=[others])
    before = bench.digest()

    assert [] == bench.hear(replace(own, finder="eve"))
    assert before == bench.digest()


def test_who_hears_of_the_votes_after_the_block_makes_no_evidence():
    """Its own branch has taken the deposit already; it remembers who is guilty all the same."""
    bench = Bench()
    bench.grow(6)
    first, second = make_pair(bench)
    bench.grow(1, operations=[Evidence("bob", first, second)])
    bench.hear(first)
    said = bench.hear(second)

    assert [] == get_notes(said, "evidence found")
    assert [] == get_sent(said, Evidence)
    assert ["cat"] == list(bench.node.desk.heard.proven)


def test_when_the_block_is_left_its_evidence_waits_again():
    """On the other branch nobody has lost anything yet: who broke a commandment does not get away."""
    bench = Bench(policy={"votes": False, "proposes": False})
    fork = bench.grow(6)
    own, others = find_guilty(bench)
    left = bench.grow(1, fork, [others])
    assert [] == get_waiting(bench)
    right = bench.grow(2, fork, skip=1)

    assert right == bench.node.head != left
    assert ["bob"] == get_waiting(bench)
    bench.grow(1, operations=[own])
    assert [] == get_waiting(bench)
