"""Lesson 2, the learner's own function: whom a node of the lecture's era names when it is asked."""

from typing import Final

from blockchain_lab.course.functions import Function
from blockchain_lab.course.questions import Mistake

HOUR: Final = 3_600  # seconds
NOON: Final = 1_700_049_600  # Unix seconds
BOOK: Final = {
    "bob": NOON - 2 * 60,
    "cat": NOON - 3 * HOUR + 1,
    "dan": NOON - 3 * HOUR,
    "eve": NOON - 5 * HOUR,
    "fay": NOON + 2 * HOUR,
    "gus": NOON + 300,
    "hal": NOON - 200 * 60,
    "ida": NOON - HOUR,
}


def name_hosts(book: dict[str, int], now: int, most: int) -> list[str]:
    """The first `most` hosts of the book that were heard of less than three hours ago."""
    named = []
    for host, heard in book.items():
        if heard > now - 3 * 3600 and heard <= now + 600:
            named.append(host)
    return named[:most]


def name_at_a_stroke(book: dict[str, int], now: int, most: int) -> list[str]:
    """The same in one expression."""
    return [host for host, heard in book.items() if -600 <= now - heard < 3 * HOUR][:most]


def name_everybody(book: dict[str, int], now: int, most: int) -> list[str]:
    """Wrong: does not look at the times."""
    return list(book)[:most]


def trust_the_future(book: dict[str, int], now: int, most: int) -> list[str]:
    """Wrong: a lie is the freshest of all."""
    return [host for host, heard in book.items() if now - heard < 3 * HOUR][:most]


def trust_no_clock(book: dict[str, int], now: int, most: int) -> list[str]:
    """Wrong: a clock that runs five minutes fast is no lie."""
    return [host for host, heard in book.items() if 0 <= now - heard < 3 * HOUR][:most]


def name_without_end(book: dict[str, int], now: int, most: int) -> list[str]:
    """Wrong: forgets the limit."""
    return [host for host, heard in book.items() if -600 <= now - heard < 3 * HOUR]


def count_minutes(book: dict[str, int], now: int, most: int) -> list[str]:
    """Wrong: three hours as 180, which are seconds here."""
    return [host for host, heard in book.items() if -600 <= now - heard < 180][:most]


def name_the_old(book: dict[str, int], now: int, most: int) -> list[str]:
    """Wrong: the comparison the other way round."""
    return [host for host, heard in book.items() if now - heard >= 3 * HOUR][:most]


def name_the_latecomer(book: dict[str, int], now: int, most: int) -> list[str]:
    """Wrong: exactly three hours are too many."""
    return [host for host, heard in book.items() if -600 <= now - heard <= 3 * HOUR][:most]


NAMING: Final = Function(
    id="L02.q6",
    title="Answer getaddr",
    prompt="Write `name_hosts(book, now, most)`: the first `most` hosts heard of less than three hours ago.",
    name="name_hosts",
    cases=(
        ({"bob": NOON - 60}, NOON, 1_000),
        ({"eve": NOON - 5 * HOUR}, NOON, 1_000),
        (BOOK, NOON, 1_000),
        (BOOK, NOON, 2),
        (BOOK, NOON + HOUR, 1_000),
        ({}, NOON, 1_000),
        (BOOK, NOON, 0),
    ),
    numbers="Names",
    passes="right lists for seven books, in the books' order: also at the limits, and with liars in them.",
    hints=(
        "Go through the book with `for host, heard in book.items():` and collect those whom you name.",
        "`now - heard` is the age in seconds. Three hours are 3 × 3600; a liar's age is below -600.",
        "In the end `[:most]` takes the first ones of a list.",
    ),
    because="A few lines, asked by every newcomer: this is the directory that nobody runs.",
    solution="For example:\n\n{answer}",
    answer=lambda seed: name_hosts,
    again=lambda seed: name_at_a_stroke,
    mistakes=(
        Mistake(name_everybody, "Times do not matter to it: it names hosts of yesterday, too."),
        Mistake(trust_the_future, "A time far ahead of now is a lie, and your function believes it."),
        Mistake(trust_no_clock, "Clocks differ: up to ten minutes ahead of now are no lie."),
        Mistake(name_without_end, "Right hosts, but it may name more than `most`."),
        Mistake(count_minutes, "Times are in seconds: three hours are 3 × 3600."),
        Mistake(name_the_old, "The other way round: it names those who were *not* heard of lately."),
        Mistake(name_the_latecomer, "Exactly three hours ago is too long ago: it must be less."),
    ),
)
