"""Lesson 9, what is proved: how many builders must agree, and what a metric, a hash and a vote each tell."""

from typing import Final

from blockchain_lab.overlay.artifact_serving import get_piece
from blockchain_lab.overlay.build_verifier import TAMPERED, make_artifact
from blockchain_lab.overlay.build_vote import ACCEPTED, count_votes, is_enough

BUILDERS: Final = 10
SOURCE: Final = "left-pad 1.3"
METRIC, HASH, VOTE, NOTHING = "metric", "hash", "vote", "nothing"
STATEMENTS: Final = (
    "the peer says that it has little to do",
    "these are the bytes that were published",
    "nobody has changed the file on its way",
    "the published file is what the source builds to",
    "the builder's machine has added nothing of its own",
    "the source does no harm",
    "the peer will be quick",
)
PROMISE, BYTES, WAY, BUILD, MACHINE, HARM, QUICK = STATEMENTS


# -- how many must agree -------------------------------------------------------------------------------------


def count_needed(seed: int) -> int:
    """The fewest builders of ten who decide, by asking the rule."""
    return next(votes for votes in range(BUILDERS + 1) if is_enough(votes, BUILDERS))


def vote_one_by_one(seed: int) -> int:
    """The same by letting one after another vote until it is decided."""
    votes: dict[str, bytes] = {}
    while count_votes(votes, BUILDERS).state != ACCEPTED:
        votes[f"builder {len(votes)}"] = make_artifact(SOURCE, "")
    return len(votes)


# -- what proves what ----------------------------------------------------------------------------------------


def is_noticed_by_hash(published: bytes, received: bytes) -> bool:
    """Does somebody who knows the published bytes see that these are others?"""
    return published != received


def is_noticed_by_vote(published: bytes, made: list[bytes]) -> bool:
    """Do ten builders who build it anew come to something else?"""
    votes = {f"builder {number}": artifact for number, artifact in enumerate(made)}
    verdict = count_votes(votes, len(made))
    return verdict.state != ACCEPTED or verdict.hash != published


def try_attacks(seed: int) -> dict[str, str]:
    """Make each statement false in turn, and see which check notices; the cheapest one that does."""
    true, bad = make_artifact(SOURCE, ""), make_artifact(SOURCE, TAMPERED)
    piece = get_piece(seed, 0, 500)
    harmful = make_artifact("left-pad with a back door", "")
    worlds = {  # published, received, what ten builders make of the source
        BYTES: (piece, bytes(len(piece)), [piece] * BUILDERS),
        WAY: (piece, piece[:-1] + bytes([piece[-1] ^ 1]), [piece] * BUILDERS),
        BUILD: (bad, bad, [true] * BUILDERS),
        MACHINE: (bad, bad, [true] * (BUILDERS - 1) + [bad]),
        HARM: (harmful, harmful, [harmful] * BUILDERS),
    }
    found = {PROMISE: METRIC}
    for statement, (published, received, made) in worlds.items():
        checks = {
            HASH: is_noticed_by_hash(published, received),
            VOTE: is_noticed_by_vote(published, made),
        }
        found[statement] = next((check for check, notices in checks.items() if notices), NOTHING)
    return {statement: found.get(statement, NOTHING) for statement in STATEMENTS}


def compare_ends(seed: int) -> dict[str, str]:
    """The same by what each check compares with what: two ends of the way from a source to the disk."""
    way = ("source", "published", "received")  # a file's life; nothing leads into the source
    checks = {("published", "received"): HASH, ("source", "published"): VOTE}
    about = {
        PROMISE: None,
        BYTES: way[1:],
        WAY: way[1:],
        BUILD: way[:2],
        MACHINE: way[:2],
        HARM: ("intention", "source"),
        QUICK: ("said", "done"),
    }
    return {
        name: METRIC if ends is None else checks.get((ends[0], ends[1]), NOTHING)
        for name, ends in about.items()
    }
