"""Lesson 16, votes: who votes, what two thirds of them do, and a checkpoint made final with the fewest.

Four validators with 400, 270, 200 and 130 coins; 5 blocks an epoch, one block in 6 seconds. In the one story
they vote by themselves, in the other for nothing but what the learner says.
"""

from functools import cache, partial
from typing import Final

from blockchain_lab.base.actions import CastVote
from blockchain_lab.base.errors import UsageError
from blockchain_lab.base.units import SECOND, Microseconds
from blockchain_lab.consensus.ffg import run_epochs
from blockchain_lab.course.doing import Demand, Do, get_actions
from blockchain_lab.course.reading import get_notes
from blockchain_lab.lab import Lab
from blockchain_lab.sim.actions import Kill

STORY: Final = "four_deposits"
BY_HAND: Final = "votes_by_hand"
DEPOSITS: Final = {"ann": 400, "bob": 270, "cat": 200, "dan": 130}  # coins, as in both stories
THIRD: Final = 3  # the checkpoint that the prediction is about
FEWEST: Final = 4  # votes: two for each of two links
WITNESS: Final = "ann"  # whose branch is looked at: there is only one


@cache
def play(story: str, seed: int) -> Lab:
    """A run to its end, for those who only look."""
    lab = Lab(story, seed=seed)
    lab.run()
    return lab


# -- what becomes final --------------------------------------------------------------------------------------

FINAL: Final = {0: "a", THIRD - 1: "b", THIRD: "c", THIRD + 1: "d"}  # the highest final epoch -> option


def find_justified(lab: Lab, epoch: int, peer: str = WITNESS) -> tuple[int, str]:
    """The event at which a checkpoint is justified at a peer, and the block that showed it the votes."""
    found = get_notes(lab, "checkpoint justified", peer)
    return next((note.event, facts["by"]) for note, facts in found if facts["epoch"] == epoch)


def find_third(seed: int) -> int:
    """The event at which ann sees two thirds of the votes for checkpoint 3."""
    return find_justified(play(STORY, seed), THIRD)[0]


def find_what_is_final(seed: int) -> str:
    """The option that fits the learner's run: what is final once checkpoint 3 is justified."""
    lab = play(STORY, seed)
    event, _ = find_justified(lab, THIRD)
    final = [
        facts["epoch"]
        for note, facts in get_notes(lab, "checkpoint finalised", WITNESS)
        if note.event <= event
    ]
    return FINAL[max(final, default=0)]


def reckon_what_is_final(seed: int) -> str:
    """The same without blocks and network: three epochs in which all vote."""
    votes = {epoch: DEPOSITS for epoch in range(1, THIRD + 1)}
    return FINAL[run_epochs(DEPOSITS, {e: tuple(names) for e, names in votes.items()}, THIRD)[-1].finalised]


# -- who votes -----------------------------------------------------------------------------------------------


def find_voters(lab: Lab) -> dict[int, list[str]]:
    """Epoch -> who has voted for its checkpoint, in the order of their votes."""
    voters: dict[int, list[str]] = {}
    for _, facts in get_notes(lab, "vote sent"):
        voters.setdefault(facts["target_epoch"], []).append(facts["validator"])
    return voters


def choose_by_voters(voters: dict[int, list[str]]) -> str:
    """Which option fits: all each time, always the same one, or some and others later."""
    sets = {epoch: frozenset(names) for epoch, names in voters.items()}
    if all(names == frozenset(DEPOSITS) for names in sets.values()):
        return "b"
    return "c" if set(sets.values()) == {frozenset({"ann"})} else "a"


def find_who_votes(seed: int) -> str:
    """The option that fits the learner's run; the last epoch may be cut short by the run's end."""
    voters = find_voters(play(STORY, seed))
    return choose_by_voters({epoch: names for epoch, names in voters.items() if epoch < max(voters)})


def reckon_who_votes(seed: int) -> str:
    """The same by the rules: whom each epoch's forward set lets vote."""
    epochs = run_epochs(DEPOSITS, {}, 4)
    return choose_by_voters({result.epoch: list(result.forward) for result in epochs})


# -- a checkpoint made final by hand -------------------------------------------------------------------------


def find_checkpoint(lab: Lab, epoch: int) -> str:
    """The name of a checkpoint, as people write it, at the cursor. UsageError before it is there."""
    found = ""
    for note, facts in get_notes(lab, "checkpoint reached", WITNESS):
        if facts["epoch"] == epoch and note.event <= lab.cursor:
            found = facts["block"]
    if epoch == 0:
        found = next(facts["block"] for _, facts in get_notes(lab, "finality loaded", WITNESS))
    if not found:
        raise UsageError(
            f"no checkpoint of epoch {epoch} at second {lab.now // SECOND}: play on, and ask again"
        )
    return found


def use_fewest(votes: Lab) -> None:
    """One way to do it, as the notebook would write it."""
    votes.goto(at=32 * SECOND)
    for name in ("ann", "bob"):
        votes.do(CastVote(name, find_checkpoint(votes, 0), find_checkpoint(votes, 1)))
    votes.run(until=62 * SECOND)
    for name in ("ann", "bob"):
        votes.do(CastVote(name, find_checkpoint(votes, 1), find_checkpoint(votes, 2)))
    votes.run()


def finalise(seed: int) -> Lab:
    """The run that `use_fewest` makes."""
    lab = Lab(BY_HAND, seed=seed)
    use_fewest(lab)
    return lab


Ballot = tuple[Microseconds, tuple[str, ...], int, int]  # when, who, from which epoch, to which


def vote(ballots: tuple[Ballot, ...], seed: int, *, and_run: bool = True) -> Lab:
    """A run in which some vote for links, each at its time."""
    lab = Lab(BY_HAND, seed=seed)
    for at, names, source, target in ballots:
        lab.goto(at=at)
        link = find_checkpoint(lab, source), find_checkpoint(lab, target)
        for name in names:
            lab.do(CastVote(name, *link))
    if and_run:
        lab.run()
    return lab


def switch_off(seed: int) -> Lab:
    """A mistake: a validator is switched off."""
    lab = Lab(BY_HAND, seed=seed)
    lab.goto(at=32 * SECOND)
    lab.do(Kill("dan"))
    lab.run()
    return lab


def is_only_voted(lab: Lab) -> bool:
    """Nothing but votes."""
    return all(isinstance(action, CastVote) for _, action in get_actions(lab))


def get_topics(lab: Lab, topic: str) -> list[int]:
    """Epochs of the checkpoints of which ann has noted this."""
    return [facts["epoch"] for _, facts in get_notes(lab, topic, WITNESS)]


def find_last_act(lab: Lab) -> int:
    """Behind which event the learner last did something."""
    return max(after for after, _ in get_actions(lab))


ONE: Final = 32 * SECOND  # checkpoint 1 is there since second 30
TWO: Final = 62 * SECOND

BY_FEWEST: Final = Do(
    id="L16.q4",
    title="The fewest votes",
    prompt="Nobody votes by itself here. Make a checkpoint final, other than the genesis, with as few votes"
    " as possible.",
    scenario=BY_HAND,
    run="votes",
    acts=use_fewest,
    passes="only `CastVote`; the run played on until ann has seen a checkpoint become final; four votes at"
    " most.",
    hints=(
        "Two links are needed: from the genesis to a checkpoint, and from that one to its direct child.",
        "ann and bob have 670 of the 1,000 coins. Vote for checkpoint 1 before checkpoint 2 is there.",
        "At second 32 both from 0 to 1, at second 62 both from 1 to 2, then `votes.run()`.",
    ),
    because="Four votes: two thirds of the money twice. Heads do not count: three of the four, bob, cat and"
    " dan, are not enough.",
    solution="Two votes for each of two links:\n\n{answer}",
    answer=finalise,
    again=partial(vote, ((38 * SECOND, ("bob", "ann"), 0, 1), (65 * SECOND, ("bob", "ann"), 1, 2))),
    mistakes=(),
    demands=(
        Demand(is_only_voted, "Votes alone decide here: do nothing but `CastVote`.", switch_off),
        Demand(
            lambda lab: bool(get_topics(lab, "checkpoint justified")),
            "Nothing is justified yet. One link needs 667 coins, and its votes must be in a block before the"
            " next checkpoint comes. Was the run played on?",
            partial(vote, ((ONE, ("bob", "cat", "dan"), 0, 1),)),
            find_last_act,
        ),
        Demand(
            lambda lab: bool(get_topics(lab, "checkpoint finalised")),
            "Justified, and not final yet: that takes two thirds for a link from there to its direct child.",
            partial(vote, ((ONE, ("ann", "bob"), 0, 1),)),
            find_last_act,
        ),
        Demand(
            lambda lab: len(get_actions(lab)) <= FEWEST,
            "Final, but with more votes than it takes. Which two deposits together are two thirds?",
            partial(vote, ((ONE, ("ann", "bob", "cat"), 0, 1), (TWO, ("ann", "bob", "cat"), 1, 2))),
        ),
    ),
)
