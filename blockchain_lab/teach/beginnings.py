"""Beginnings: a lesson of a lecturer's own, and a question of each kind, from the files in `templates`.

What they write runs as it is, and is to be made one's own.
"""

import re
from pathlib import Path
from string import Template
from typing import Final

from blockchain_lab.base.errors import UsageError
from blockchain_lab.course.extras import FILE, find_extra_questions
from blockchain_lab.course.registry import LESSONS

TEMPLATES: Final = Path(__file__).parent / "templates"
KINDS: Final = ("number", "choice", "order", "sorting")


def add_question(folder: Path, lesson: str, kind: str) -> str:
    """Add a question to the folder's `extra_questions.py`. Its name. UsageError."""
    if kind not in KINDS:
        raise UsageError(f"new-question: found {kind!r}, wanted one of {', '.join(KINDS)}")
    if not re.fullmatch(r"L\d\d", lesson):
        raise UsageError(f"new-question: found {lesson!r}, wanted a lesson such as L07")
    known, number = find_extra_questions(folder), 1
    while f"{lesson}.x{number}" in known:
        number += 1
    name, file = f"{lesson}.x{number}", folder / FILE
    text = file.read_text(encoding="utf-8") if file.exists() else fill("head.txt", lesson=lesson)
    folder.mkdir(parents=True, exist_ok=True)
    file.write_text(f"{text}\n{fill(f'{kind}.txt', name=name)}", encoding="utf-8")
    return name


def add_lesson(folder: Path, number: int, slug: str, title: str) -> Path:
    """Write a notebook in the form of ours, and a first question beside it. UsageError."""
    if number in {lesson.number for lesson in LESSONS} or not 0 <= number <= 99:
        raise UsageError(
            f"new-lesson: found number {number}, wanted one from {len(LESSONS)} to 99, which are free"
        )
    if not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", slug):
        raise UsageError(f"new-lesson: found {slug!r}, wanted small letters and dashes, such as my-topic")
    if not title.isprintable() or set(title) & set('"\\'):
        raise UsageError(
            f"new-lesson: found the title {title!r}, wanted one line without quotes and backslashes"
        )
    path, lesson = folder / f"{number:02}-{slug}.ipynb", f"L{number:02}"
    if path.exists():
        raise UsageError(f"{path} is there already")
    if f"{lesson}.x1" not in find_extra_questions(folder):
        add_question(folder, lesson, "number")
    path.write_text(fill("lesson.ipynb", lesson=lesson, number=f"{number:02}", title=title), encoding="utf-8")
    return path


def fill(template: str, **words: str) -> str:
    """A template's text with the words in their places."""
    return Template((TEMPLATES / template).read_text(encoding="utf-8")).substitute(words)
