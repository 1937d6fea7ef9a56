"""Lesson 17, what waits in the open: the price that replaces it, and a trade on either side of it.

Replacing is asked as a function, right and wrong in the usual ways. What the searcher leaves to ann is read
off a run, and found again by halving.
"""

from typing import Final

from blockchain_lab.course.l16_votes import play
from blockchain_lab.course.l17_road import ETHER, GIVEN, HELD, get_made
from blockchain_lab.course.reading import get_notes
from blockchain_lab.layers.ledger_exchange import BUY, COINS, EXCHANGE, TOKENS, compute_output
from blockchain_lab.layers.ledger_pool import compute_replacement_price
from blockchain_lab.layers.ledger_searcher import find_largest
from blockchain_lab.layers.ledger_state import State
from blockchain_lab.layers.ledger_transaction import Transaction

STORY: Final = "sandwich"
LOOSE: Final = 9_000_000  # tokens at least, says ann the first time
SEARCHER_HAS: Final = 1_000 * ETHER


# -- the price that replaces ---------------------------------------------------------------------------------


def replaces(old: int, new: int) -> bool:
    """May a transaction with the price `new` take the place of one with the price `old`? In whole gwei."""
    return new > old and new >= old * 110 // 100


def replaces_by_pool(old: int, new: int) -> bool:
    """The same, asked of the engine's pool."""
    return new >= compute_replacement_price(old)


def replace_by_more(old: int, new: int) -> bool:
    """A mistake: a single gwei more is enough."""
    return new > old


def replace_behind_ten(old: int, new: int) -> bool:
    """A mistake: ten per cent are not enough."""
    return new > old * 110 // 100


def replace_rounded_up(old: int, new: int) -> bool:
    """A mistake: the fraction of a gwei counts."""
    return new > old and new * 100 >= old * 110


def replace_for_same(old: int, new: int) -> bool:
    """A mistake: for low prices ten per cent are nothing."""
    return new >= old * 110 // 100


def replace_by_ten(old: int, new: int) -> bool:
    """A mistake: ten gwei instead of ten per cent."""
    return new >= old + 10


CASES: Final = ((100, 109), (100, 110), (100, 111), (20, 22), (33, 36), (33, 35), (5, 5), (5, 6), (50, 60))


# -- what the searcher leaves --------------------------------------------------------------------------------


def find_left(seed: int) -> int:
    """Tokens that ann got for her first call, in the learner's run."""
    lab = play(STORY, seed)
    first = get_made(lab, "ann")[0]
    ran = [facts for _, facts in get_notes(lab, "transaction executed", "ann") if facts["txid"] == first]
    return int(ran[-1]["output"])


def reckon_left(seed: int) -> int:
    """The same by the price: the most that the searcher can buy before her and leave her limit met."""
    state = State({}, {COINS: HELD[0], TOKENS: HELD[1]})
    call = Transaction(1, "ann", 0, 30, 0, EXCHANGE, GIVEN, BUY, (LOOSE,))
    given = find_largest(state, call, SEARCHER_HAS)
    taken = compute_output(given, *HELD)
    return compute_output(GIVEN, HELD[0] + given, HELD[1] - taken)


def find_sandwich_event(seed: int) -> int:
    """The event at which the searcher acts."""
    return next(note.event for note, _ in get_notes(play(STORY, seed), "strategy", "eve"))
