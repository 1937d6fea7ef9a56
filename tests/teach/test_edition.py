"""The teacher's edition has every answer, and says of each question what a lecturer wants to know."""

from pathlib import Path

import nbformat

from blockchain_lab.course.registry import find_lesson
from blockchain_lab.lessons_folder import find_lessons
from blockchain_lab.teach.edition import BLANK, put_in, write_edition


def test_no_blank_is_left_and_every_question_has_its_note(tmp_path: Path) -> None:
    """Our own cells are all there, in order; each question is followed by answer, reason, slips and hints."""
    lesson = find_lesson("L14")
    shipped = nbformat.read(find_lessons() / f"{lesson.name}.ipynb", as_version=4)
    edition = nbformat.read(write_edition(lesson, 7, tmp_path), as_version=4)
    nbformat.validate(edition)
    notes = {cell.id: cell.source for cell in edition.cells if cell.id.startswith("note-")}

    assert [cell.id for cell in shipped.cells] == [cell.id for cell in edition.cells if cell.id not in notes]
    assert [f"note-{question.id.lower().replace('.', '-')}" for question in lesson.questions] == list(notes)
    for question, note in zip(lesson.questions, notes.values(), strict=True):
        assert question.because in note
        assert all(hint in note for hint in question.hints)
        assert all(sentence in note for sentence in question.sentences)
    code = "\n".join(cell.source for cell in edition.cells if cell.cell_type == "code")
    assert f"None  {BLANK}" not in code


def test_a_table_is_filled_in_as_a_whole() -> None:
    """All its empty lines go; what stands above and below it stays."""
    cell = f'x = 1\nanswer = {{  {BLANK}\n    "a": None,\n    "b": None,\n}}\n\ncheck("L00.q1", answer)'
    answer = '{\n    "a": "one",\n    "b": "two",\n}'

    expected = f'x = 1\nanswer = {answer}\n\ncheck("L00.q1", answer)'
    assert expected == put_in(cell, answer, is_function=False)
