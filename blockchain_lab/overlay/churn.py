"""When peers come and go: a plan, made beforehand, of who is switched off and on; and the ghosts it makes.

A ghost is a peer that others still believe to be there. How long people stay is no exponential: many look in
for a minute, some stay for days (Stutzbach, Rejaie, "Understanding Churn in Peer-to-Peer Networks", IMC 2006,
found log-normal and Weibull). The Pareto here has such a tail and can be drawn without floating point.
"""

from collections.abc import Iterable
from math import exp, isqrt
from typing import Final, NamedTuple

from blockchain_lab.base.draws import draw, get_key, to_exponential
from blockchain_lab.base.errors import UsageError
from blockchain_lab.base.units import Microseconds

EXPONENTIAL: Final = "exponential"
PARETO: Final = "pareto"  # of shape 2: half of all sessions are shorter than 0.71 means
SESSIONS: Final = (EXPONENTIAL, PARETO)
ROOT_BITS: Final = 32


class Change(NamedTuple):
    """One peer goes or comes."""

    at: Microseconds
    peer: str
    is_on: bool


def draw_session(kind: str, bits: int, mean: Microseconds) -> Microseconds:
    """How long somebody stays, from 64 random bits. UsageError for another kind."""
    if kind == EXPONENTIAL:
        return to_exponential(bits, mean)
    if kind != PARETO:
        raise UsageError(f"sessions: found {kind!r}, accepted: {', '.join(SESSIONS)}")
    # Shape 2: shortest / sqrt(u) with u in (0, 1], mean 2 x shortest.
    root = isqrt((bits >> 1) + 1 << 1)  # sqrt(u) in units of 2**-32
    return (mean // 2 << ROOT_BITS) // root


def plan_churn(
    names: Iterable[str],
    *,
    seed: int,
    session: Microseconds,
    gap: Microseconds,
    until: Microseconds,
    kind: str = EXPONENTIAL,
) -> list[Change]:
    """Who goes and comes until `until`, by time; all are there at first. `session`, `gap`: means.

    Every peer's luck is its own: one more peer changes nobody else's plan. O(changes log changes)
    """
    changes: list[Change] = []
    for name in names:
        key, at, is_on = get_key(seed, "churn", name), 0, True
        for number in range(1, until):
            bits = draw(key, number)
            at += max(draw_session(kind, bits, session) if is_on else to_exponential(bits, gap), 1)
            if at >= until:
                break
            is_on = not is_on
            changes.append(Change(at, name, is_on))
    return sorted(changes)


def compute_ghosts(detection: Microseconds, session: Microseconds, gap: Microseconds) -> float:
    """The part of an observer's entries that are ghosts, when both times are exponential.

    An entry lives for a session, then haunts until the silence is noticed or the peer is back.
    """
    haunting = gap * (1 - exp(-detection / gap))
    return haunting / (session + haunting)
