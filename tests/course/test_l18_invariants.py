"""The capstone's invariants, one by one, on records written by hand: what breaks each, and what does not."""

from typing import Any

from support.toy_worlds import CHAIN, NAMES, SEED, STAKES, get_leader, make_block, vote_for

from blockchain_lab.base.actions import Pay
from blockchain_lab.base.records import Kind, Record
from blockchain_lab.base.units import SECOND, Address, display_hash
from blockchain_lab.course.l18_invariants import Evidence, Violation, find_violations
from blockchain_lab.layers.toy_messages import Block, Payment, Vote
from blockchain_lab.layers.toy_notes import ACCEPTED, CONFIRMED, FINAL, KEPT, LOST
from blockchain_lab.layers.toy_rules import Chain

UNTIL = 60 * SECOND
FIRST = make_block(1)
OTHER = make_block(1, payments=[Payment("gus", "ann", 1, 1).signed_by("gus")])
WRONG = next(name for name in STAKES if name != get_leader(1))  # it does not lead slot 1


class Story:
    """Records, one event after another."""

    def __init__(self) -> None:
        self.records: list[Record] = []

    def add(self, peer: str, kind: Kind, detail: Any, *, at: int = 0, same: bool = False) -> "Story":
        """One more; `same`: in the event of the one before."""
        number = len(self.records)
        event = self.records[-1].event if same else number + 1
        place = NAMES.index(peer)
        self.records.append(Record(number, event, at or event, kind, place, -1, -1, -1, detail))
        return self

    def send(self, peer: str, message: Block | Vote) -> "Story":
        """Somebody says something, to whomever."""
        return self.add(peer, Kind.SEND, message)

    def hear(self, peer: str, *messages: Block | Vote) -> "Story":
        """Somebody is told something."""
        for message in messages:
            self.add(peer, Kind.DATAGRAM, (Address("10.0.0.9", 1), message))
        return self

    def note(self, peer: str, topic: str, block: Block, height: int = 1, **more: Any) -> "Story":
        """Somebody notes something about a block."""
        facts = {"hash": display_hash(block.name), "parent": display_hash(block.parent), "height": height}
        return self.add(peer, Kind.NOTE, (topic, facts), **more)

    def judge(self, honest: tuple[str, ...] = NAMES, *, is_over: bool = False) -> list[Violation]:
        """What does not hold."""
        chain = Chain.from_plain(CHAIN, SEED)
        return find_violations(Evidence(chain, NAMES, honest, self.records, UNTIL), is_over=is_over)


def get_broken(story: Story, **options: Any) -> list[tuple[str, str, int]]:
    """Invariant, peer, event."""
    return [(each.invariant, each.peer, each.event) for each in story.judge(**options)]


# -- what is final -------------------------------------------------------------------------------------------


def test_two_blocks_of_one_height_break_agreement() -> None:
    """At the second one. The same block twice breaks nothing, nor does another height, nor the forger."""
    story = Story().send("gus", FIRST).send("gus", OTHER).note("ann", FINAL, FIRST)

    assert [] == get_broken(story.note("bob", FINAL, FIRST).note("bob", FINAL, OTHER, height=2))
    assert [("agreement", "cat", 6)] == get_broken(story.note("cat", FINAL, OTHER))
    assert [] == get_broken(story, honest=("ann", "bob", "gus"))


def test_a_payment_that_is_not_covered_breaks_validity() -> None:
    """And one that is paid twice; not one that is covered by what came before it."""
    twice = [Payment("gus", "ann", 1, 1).signed_by("gus")] * 2
    covered = [Payment("gus", "ann", 60, 1).signed_by("gus"), Payment("ann", "bob", 160, 1).signed_by("ann")]
    for payments, broken in ((covered, []), (twice, ["validity"]), (covered[1:], ["validity"])):
        block = make_block(1, payments=payments)
        found = Story().send("gus", block).note("ann", FINAL, block).judge()
        assert broken == [each.invariant for each in found]

    assert "ann holds a block for final in which ann pays 160 of 100" == found[0].sentence


def test_a_ledger_is_that_of_the_whole_branch() -> None:
    """What the parent has paid is gone."""
    parent = make_block(1, payments=[Payment("gus", "ann", 60, 1).signed_by("gus")])
    child = make_block(2, parent, payments=[Payment("gus", "ann", 41, 2).signed_by("gus")])
    story = Story().send("ann", parent).send("ann", child).note("ann", FINAL, parent)

    assert [("validity", "ann", 4)] == get_broken(story.note("ann", FINAL, child, height=2))


def test_a_payment_without_its_senders_signature_breaks_authority() -> None:
    """Everything else about it is right."""
    block = make_block(1, payments=[Payment("gus", "bob", 5, 1).signed_by("bob")])

    assert [("authority", "ann", 2)] == get_broken(Story().send("gus", block).note("ann", FINAL, block))


# -- turns and votes -----------------------------------------------------------------------------------------


def test_who_proposes_out_of_turn_and_who_votes_for_it() -> None:
    """Two invariants; each is told once, however often it is sent. The forger may do what it likes."""
    block = make_block(1, by=WRONG)
    (vote,) = vote_for(block, "ann")
    story = Story().send(WRONG, block).send(WRONG, block).send("ann", vote).send("ann", vote)

    assert [("turns", WRONG, 1), ("leadership", "ann", 3)] == get_broken(story)
    assert [] == get_broken(story, honest=tuple(name for name in NAMES if name not in ("ann", WRONG)))
    assert [] == get_broken(Story().send(get_leader(1), FIRST).send("ann", vote_for(FIRST, "ann")[0]))


def test_a_vote_for_what_its_leader_has_not_signed() -> None:
    """The name is right, the key is not. What somebody passes on in its own name is not its own word."""
    leader = get_leader(1)
    forged = make_block(1, by=leader).signed_by("gus")
    vote = Vote(FIRST.name, 1, "ann").signed_by("gus")

    assert [("leadership", "ann", 2)] == get_broken(
        Story().send("gus", forged).send("ann", vote_for(forged, "ann")[0])
    )
    assert [] == get_broken(Story().send("gus", make_block(1, by=WRONG).signed_by("gus")).send("ann", vote))


def test_a_slot_has_one_block_and_one_vote_of_each() -> None:
    """The same again is nothing new; another slot is another one."""
    leader, votes = get_leader(1), [vote_for(block, "ann")[0] for block in (FIRST, OTHER)]
    blocks = Story().send(leader, FIRST).send(leader, FIRST).send(leader, make_block(2, FIRST, by=leader))
    story = Story().send("gus", FIRST).send("gus", OTHER).send("ann", votes[0]).send("ann", votes[0])

    assert "once" not in [name for name, *_ in get_broken(blocks)]
    assert ("once", leader, 4) in get_broken(blocks.send(leader, OTHER))
    assert [] == get_broken(story)
    assert [("once", "ann", 5)] == get_broken(story.send("ann", votes[1]))


def test_a_block_is_later_than_its_parent() -> None:
    """For whoever takes it, voter or not."""
    second, same = make_block(2, FIRST), make_block(1, FIRST)
    story = Story().send("gus", FIRST).send("gus", second).send("gus", same)

    assert [] == get_broken(story.note("gus", ACCEPTED, FIRST).note("gus", ACCEPTED, second))
    assert [("order", "gus", 6)] == get_broken(story.note("gus", ACCEPTED, same))


def test_a_payment_waits_until_it_is_final_and_no_longer() -> None:
    """Two ways to settle wrongly, as the node itself notes them."""
    facts = {"payment": "gus 1: 1 to ann", "name": ""}
    story = Story().add("ann", Kind.NOTE, (KEPT, facts)).add("bob", Kind.NOTE, (LOST, facts))
    found = story.judge()

    assert [("settling", "ann", 1), ("settling", "bob", 2)] == get_broken(story)
    assert "gus 1: 1 to ann is final at ann, and still waits there" == found[0].sentence
    assert "gus 1: 1 to ann waits at bob no more, and is not final" == found[1].sentence


def test_a_block_that_was_early_is_there_with_its_parent() -> None:
    """In the very event, in the same life; the forger's need not be, nor what came after its parent."""
    child = make_block(2, FIRST)
    story = Story().hear("gus", child).note("gus", ACCEPTED, FIRST)
    reborn = Story().hear("gus", child).add("gus", Kind.KILL, "reset").note("gus", ACCEPTED, FIRST)
    honest = tuple(name for name in NAMES if name != child.proposer)

    assert [("keeping", "gus", 2)] == get_broken(story, is_over=True)
    assert [] == get_broken(story) == get_broken(reborn, is_over=True)
    assert [] == get_broken(story, honest=honest, is_over=True)
    assert [] == get_broken(Story().note("gus", ACCEPTED, FIRST).hear("gus", child), is_over=True)
    assert [] == get_broken(story.note("gus", ACCEPTED, child, height=2, same=True), is_over=True)


def test_a_block_is_confirmed_with_real_votes_or_not_at_all() -> None:
    """Forged ones, too few, and those of who holds no stake do not count; the own vote does."""
    real, forged = vote_for(FIRST, *STAKES), [Vote(FIRST.name, 1, n).signed_by("gus") for n in STAKES]
    for votes, broken in ((real, []), (forged, ["real votes"]), (real[:1], ["real votes"])):
        story = Story().hear("gus", *votes).note("gus", ACCEPTED, FIRST)
        assert broken == [each.invariant for each in story.note("gus", CONFIRMED, FIRST, same=True).judge()]

    own = Story().hear("ann", real[1]).note("ann", ACCEPTED, FIRST).send("ann", real[0])
    assert [] == get_broken(own.note("ann", CONFIRMED, FIRST, same=True))


def test_with_two_thirds_a_block_is_confirmed_in_the_same_event() -> None:
    """Votes first or block first; one event later is too late."""
    votes = vote_for(FIRST, "ann", "bob")
    early = Story().hear("gus", *votes).note("gus", ACCEPTED, FIRST)
    late = Story().note("gus", ACCEPTED, FIRST).hear("gus", *votes)

    assert [("counting", "gus", 3)] == get_broken(early) == get_broken(late)
    assert [] == get_broken(late.note("gus", CONFIRMED, FIRST, same=True))
    assert [("counting", "gus", 3)] == get_broken(early.note("gus", CONFIRMED, FIRST))


def test_a_block_waits_for_its_parent_to_be_confirmed() -> None:
    """Two thirds for the child alone are not enough, and with the parent it follows at once."""
    child = make_block(2, FIRST)
    story = Story().note("gus", ACCEPTED, FIRST).note("gus", ACCEPTED, child)
    story.hear("gus", *vote_for(child, *STAKES))
    before = get_broken(story)
    story.hear("gus", *vote_for(FIRST, "ann", "bob")).note("gus", CONFIRMED, FIRST, same=True)

    assert [] == before
    assert [("counting", "gus", 7)] == get_broken(story)
    assert [] == get_broken(story.note("gus", CONFIRMED, child, height=2, same=True))


def test_what_a_peer_has_heard_goes_with_its_life() -> None:
    """But for votes of blocks that it has: these stand on its disk."""
    votes = vote_for(FIRST, "ann", "bob")
    forgotten = Story().hear("gus", *votes).add("gus", Kind.KILL, "reset").note("gus", ACCEPTED, FIRST)
    kept = Story().note("gus", ACCEPTED, FIRST).hear("gus", votes[0]).add("gus", Kind.KILL, "reset")

    assert [] == get_broken(forgotten)
    assert [("counting", "gus", 4)] == get_broken(kept.hear("gus", votes[1]))


# -- in the end ----------------------------------------------------------------------------------------------


def test_an_order_that_is_never_final_breaks_liveness() -> None:
    """At the order, and only when the run is over; each sender's orders are counted by themselves."""
    story = Story().send("ann", OTHER)
    for peer in ("gus", "gus", "ann"):
        story.add(peer, Kind.COMMAND, Pay(peer, "bob", 1))
    story.note("bob", FINAL, OTHER)

    assert [("liveness", "gus", 3), ("liveness", "ann", 4)] == get_broken(
        story, is_over=True, honest=("gus", "ann", "bob")
    )[:2]
    assert [] == get_broken(story)


def test_who_never_hears_of_what_others_hold_for_final_has_not_caught_up() -> None:
    """What became final at the very end has had no time."""
    story = Story().send("ann", FIRST).note("ann", FINAL, FIRST, at=30 * SECOND)
    second = make_block(2, FIRST)
    story.send("ann", second).note("ann", FINAL, second, height=2, at=UNTIL - SECOND)
    found = story.judge(("ann", "bob"), is_over=True)

    assert [("catching up", "bob", 2)] == [(each.invariant, each.peer, each.event) for each in found]
    assert [] == get_broken(story.note("bob", FINAL, FIRST), honest=("ann", "bob"), is_over=True)


def test_what_must_never_happen_comes_before_what_did_not() -> None:
    """Whatever the events say: a lie weighs more than a delay."""
    story = Story().add("gus", Kind.COMMAND, Pay("gus", "bob", 1)).send(WRONG, make_block(1, by=WRONG))

    assert ["turns", "liveness"] == [each.invariant for each in story.judge(is_over=True)]
