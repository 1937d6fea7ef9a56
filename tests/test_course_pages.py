"""The pages around the lessons, routes, glossary and gallery: what they say of the lessons is held true."""

import re
from itertools import pairwise

import pytest
from support.solved_lessons import LESSONS, read_notebook

from blockchain_lab.course.registry import LESSONS as COURSE
from blockchain_lab.course.registry import Lesson

WRITTEN = [lesson for lesson in COURSE if lesson.is_written]
PICTURE = re.compile(r"!\[([^\]]+)\]\(figures/([^)]+)\)")
TERM = re.compile(r"^- \*\*(.+?)\*\*: (.+) \[(\d\d)\]\((\d\d-[a-z-]+)\.ipynb\)$", flags=re.MULTILINE)
LINK = re.compile(r"\((\d\d-[a-z-]+)\.ipynb\)")
ROUTE = re.compile(r"^### ([^\n]+), (\d+) minutes$\n\n(.+?)(?=\n\n|\Z)", flags=re.MULTILINE | re.DOTALL)


def read_text(name: str) -> str:
    """All prose of a page."""
    cells = read_notebook(LESSONS / f"{name}.ipynb").cells
    return "\n\n".join(cell.source for cell in cells if cell.cell_type == "markdown")


def flatten(text: str) -> str:
    """Without marks, capitals and line ends: for finding words."""
    return " ".join(re.sub(r"[*`]", "", text).lower().split())


TERMS = TERM.findall(read_text("glossary"))


def test_the_glossary_is_in_order() -> None:
    """From A to Z, no word twice, each in one or two sentences."""
    words = [word for word, *_ in TERMS]

    assert sorted(words, key=str.lower) == words
    assert len(words) == len(set(words))
    assert len(words) == read_text("glossary").count("\n- ")
    assert all(text.endswith(".") for _, text, *_ in TERMS)
    assert all(len(text) < 200 for _, text, *_ in TERMS)


@pytest.mark.parametrize(("word", "text", "number", "name"), TERMS, ids=lambda part: part[:20])
def test_every_word_is_at_home_in_its_lesson(word: str, text: str, number: str, name: str) -> None:
    """The lesson that is named uses the word."""
    assert name.startswith(number)
    assert word.partition(",")[0].lower() in flatten(read_text(name))


@pytest.mark.parametrize("lesson", WRITTEN, ids=lambda lesson: lesson.name)
def test_every_lesson_hangs_in_the_gallery(lesson: Lesson) -> None:
    """With one of its pictures, in the words of the lesson, below a link to it."""
    text = read_text("gallery").partition(f"({lesson.name}.ipynb)")[2].partition("### ")[0]

    (picture,) = PICTURE.findall(text)

    assert picture in PICTURE.findall(read_text(lesson.name))


@pytest.mark.parametrize("page", ["index", "glossary", *(lesson.name for lesson in WRITTEN)])
def test_no_page_says_a_sentence_twice(page: str) -> None:
    """A long sentence that stands there again was pasted, not meant. Pictures show twice what they show."""
    sentences = [each for each in re.split(r"(?<=[.!?])\s+|\n", read_text(page)) if len(each) > 60]

    assert [] == [each for place, each in enumerate(sentences) if each in sentences[:place]]


@pytest.mark.parametrize(
    ("before", "after"), list(pairwise(WRITTEN)), ids=lambda lesson: f"{lesson.number:02}"
)
def test_every_lesson_leads_over_to_the_next_one(before: Lesson, after: Lesson) -> None:
    """As the index promises: a link at its end, beside the one that leads back to the index."""
    end = read_text(before.name)[-2_500:]

    assert f"({after.name}.ipynb)" in end
    assert "(index.ipynb)" in end


def test_the_routes_know_how_long_they_take() -> None:
    """Three: one lecture, one week, the whole course. Each with the sum of its lessons' minutes."""
    minutes = {lesson.name: lesson.minutes for lesson in COURSE}
    routes = {
        title: (int(total), LINK.findall(text)) for title, total, text in ROUTE.findall(read_text("index"))
    }

    assert ["One lecture", "One week", "The whole course"] == list(routes)
    for total, names in routes.values():
        assert total == sum(minutes[name] for name in names)
        assert len(names) == len(set(names))
    assert {lesson.name for lesson in WRITTEN} == set(routes["The whole course"][1])
