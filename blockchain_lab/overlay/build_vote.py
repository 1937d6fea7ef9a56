"""Is this what that source builds to? Several build it anew, and an artifact stands when enough agree on it.

    accepted    two thirds or more of all authorised builders name the same hash
    rejected    no hash can get there any more
    open        votes are missing that could still decide

Any two majorities of two thirds share a third of all. So two hashes can both be accepted, by two who count,
only if a third votes for both. With fewer liars one may still accept what another one rejects, for they hear
other votes: counting is not yet agreeing. Where two thirds are honest and build the same, everybody accepts.

Pyrsia wanted builds verified so; in its code what is received is logged, and no votes are counted. Here
stands the missing part; no message and no network.
"""

from collections.abc import Mapping
from typing import Final, NamedTuple

OPEN, ACCEPTED, REJECTED = "open", "accepted", "rejected"
SHARE: Final = (2, 3)  # of all who may vote, whether they do or not


class Verdict(NamedTuple):
    """Where a vote stands."""

    state: str  # OPEN, ACCEPTED or REJECTED
    hash: bytes  # with the most votes; of equals the smallest; b"" while there is none
    votes: int  # for it


def is_enough(votes: int, voters: int) -> bool:
    """Two thirds or more."""
    part, whole = SHARE
    return votes * whole >= voters * part


def count_votes(votes: Mapping[str, bytes], voters: int) -> Verdict:
    """Each voter's hash, and how many may vote: what has come of it."""
    counts: dict[bytes, int] = {}
    for voted in votes.values():
        counts[voted] = counts.get(voted, 0) + 1
    if not counts:
        return Verdict(OPEN, b"", 0)
    leader = min(counts, key=lambda each: (-counts[each], each))
    best, left = counts[leader], voters - len(votes)
    if is_enough(best, voters):
        return Verdict(ACCEPTED, leader, best)
    return Verdict(OPEN if is_enough(best + left, voters) else REJECTED, leader, best)
