"""A rumour among peers who may call anybody: rounds until all know, for a hundred thousand peers at once.

No messages, no delays: whole rounds over columns, to hold the bounds of the literature against. The same
calls as nodes with datagrams make are in `overlay.gossip_push` and `overlay.gossip_pull`.

    push         whoever knows at the beginning of a round calls one other peer, and that one knows
    push-pull    everybody calls one other peer; if either knew at the beginning of the round, now both do

The draws are keyed by round and caller. Sources of the bounds: `overlay.theory_gossip`.
"""

import numpy as np

from blockchain_lab.base.draws import get_key
from blockchain_lab.base.errors import UsageError
from blockchain_lab.scale.keyed_arrays import draw_all, to_below_all
from blockchain_lab.scale.network import Numbers

FIRST = 0  # who knows it in the beginning; on a complete graph it does not matter who


def count_push_rounds(peers: int, seed: int) -> int:
    """Rounds until all know. O(peers x log peers). UsageError for fewer than two peers."""
    key = make_key(peers, seed, "push")
    knows = np.arange(peers) == FIRST
    rounds = 0
    while not knows.all():
        rounds += 1
        knows[choose_called(key, rounds, np.flatnonzero(knows), peers)] = True
    return rounds


def count_push_pull_rounds(peers: int, seed: int) -> int:
    """The same when everybody calls, and a call goes both ways."""
    key, everybody = make_key(peers, seed, "push-pull"), np.arange(peers)
    knows = everybody == FIRST
    rounds = 0
    while not knows.all():
        rounds += 1
        called = choose_called(key, rounds, everybody, peers)
        knew = knows.copy()
        knows[called[knew]] = True
        knows |= knew[called]
    return rounds


def choose_called(key: int, rounds: int, callers: Numbers, peers: int) -> Numbers:
    """For each caller another peer, evenly."""
    others = to_below_all(draw_all(key, rounds, callers), peers - 1)
    return others + (others >= callers)


def make_key(peers: int, seed: int, way: str) -> int:
    """The key of a rumour's calls. UsageError for fewer than two peers."""
    if peers < 2:
        raise UsageError(f"peers: found {peers}, wanted 2 or more")
    return get_key(seed, "rumour", way)
