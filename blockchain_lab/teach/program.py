"""The cells of a submission, put in the order in which they are run: our set-up, the learner's answers.

A learner may have edited, moved or deleted cells; metadata and order do not count. So a lesson is run as it
was shipped, with the learner's cells in the place of those that ask a question, and cells that the learner
added in front of what they had followed. What the learner made of our set-up is left out.
"""

from collections.abc import Iterable, Sequence

from blockchain_lab.notebook_cells import Cell


def assemble(shipped: Sequence[Cell], handed: Sequence[Cell]) -> list[str]:
    """The sources to run, in order. O(cells)."""
    answers = {question: cell for cell in handed for question in cell.asked}  # the last one counts
    places = {cell.id: place for place, cell in enumerate(shipped) if cell.id}
    texts = {cell.source.strip(): place for place, cell in enumerate(shipped)}
    asked = {question: place for place, cell in enumerate(shipped) for question in cell.asked}
    added: dict[int, list[str]] = {}  # in front of which shipped cell
    waiting: list[str] = []
    for cell in handed:
        known = find_place(cell, places, texts, asked)
        if known is None:
            waiting.append(cell.source)
        elif waiting:
            added.setdefault(known, []).extend(waiting)
            waiting = []
    program: list[str] = []
    for place, cell in enumerate(shipped):
        program += added.get(place, [])
        if not cell.asked:
            program.append(cell.source)
        else:
            program += keep_order(answers[question].source for question in cell.asked if question in answers)
    return program + waiting


def find_place(
    cell: Cell, places: dict[str, int], texts: dict[str, int], asked: dict[str, int]
) -> int | None:
    """Which shipped cell this one is, by what it asks, its name or its text. None for the learner's own."""
    for question in cell.asked:
        if question in asked:
            return asked[question]
    return places.get(cell.id, texts.get(cell.source.strip()))


def keep_order(sources: Iterable[str]) -> list[str]:
    """Each once."""
    return list(dict.fromkeys(sources))
