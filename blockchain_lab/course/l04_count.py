"""Lesson 4, the short function: how many lines each peer has, written twice, and the wrong ones."""

from typing import Final

from blockchain_lab.course.functions import Function
from blockchain_lab.course.questions import Mistake


def count_lines(peers: list[str], lines: list[tuple[str, str]]) -> dict[str, int]:
    """How many lines each peer has. A line is a pair: who opened it, and to whom."""
    counts = dict.fromkeys(peers, 0)
    for opener, other in lines:
        counts[opener] += 1
        counts[other] += 1
    return counts


def count_lines_by_looking(peers: list[str], lines: list[tuple[str, str]]) -> dict[str, int]:
    """The same, one peer at a time."""
    return {peer: sum(peer in line for line in lines) for peer in peers}


def count_opened(peers: list[str], lines: list[tuple[str, str]]) -> dict[str, int]:
    """A mistake: only the end that opened it."""
    return {peer: sum(opener == peer for opener, _ in lines) for peer in peers}


def count_incoming(peers: list[str], lines: list[tuple[str, str]]) -> dict[str, int]:
    """A mistake: only the other end."""
    return {peer: sum(other == peer for _, other in lines) for peer in peers}


def forget_the_lonely(peers: list[str], lines: list[tuple[str, str]]) -> dict[str, int]:
    """A mistake: who has no line is not in the table."""
    counts = count_lines(peers, lines)
    return {peer: count for peer, count in counts.items() if count}


def count_all(peers: list[str], lines: list[tuple[str, str]]) -> dict[str, int]:
    """A mistake: every line is everybody's."""
    return dict.fromkeys(peers, len(lines))


TRIO: Final = ["ann", "bob", "cat"]
CASES: Final[tuple[tuple[list[str], list[tuple[str, str]]], ...]] = (
    (TRIO, [("ann", "bob"), ("bob", "cat")]),
    (TRIO, [("ann", "bob"), ("cat", "bob"), ("ann", "cat")]),
    (["ann", "bob", "cat", "dan"], [("ann", "bob"), ("cat", "ann")]),
    (["ann"], []),
    (["p0", "p1", "p2", "p3"], [("p3", "p0"), ("p3", "p1"), ("p3", "p2"), ("p0", "p1")]),
)

COUNT: Final = Function(
    id="L04.q3",
    title="Count lines",
    prompt="Write count_lines: for each peer, how many lines it has, whoever opened them.",
    name="count_lines",
    numbers="Lines",
    cases=CASES,
    passes="the right table {peer: lines} in five cases, one with a peer that has no line.",
    hints=(
        "Begin with 0 for everybody: `counts = dict.fromkeys(peers, 0)`.",
        "Then go through the lines: `for opener, other in lines:`. A line is one more for which of the two?",
        "For both: `counts[opener] += 1` and `counts[other] += 1`. In the end `return counts`.",
    ),
    because="A line has two ends: one peer chose to open it, the other one only let it in.",
    solution="Each line counts at both of its ends.\n\n{answer}",
    answer=lambda seed: count_lines,
    again=lambda seed: count_lines_by_looking,
    mistakes=(
        Mistake(
            count_opened, "That counts who opened a line. It is used both ways: count its other end, too."
        ),
        Mistake(
            count_incoming, "That counts lines that came in. Those that a peer opened are its lines, too."
        ),
        Mistake(forget_the_lonely, "Peers without any line are missing. Begin with 0 for everybody."),
        Mistake(count_all, "That is how many lines there are in all. Count for each peer its own."),
    ),
)
