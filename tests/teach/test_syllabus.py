"""The syllabus names every topic of the lecture and the articles, and a question for each."""

from pathlib import Path

from blockchain_lab.course.registry import LESSONS, get_questions
from blockchain_lab.teach.syllabus import TOPICS, write_syllabus

PAGE = Path(__file__).parents[2] / "docs" / "syllabus.md"
IS_WRITTEN = {lesson.number: lesson.is_written for lesson in LESSONS}


def test_the_page_is_what_the_program_writes() -> None:
    """`python -m blockchain_lab.teach.syllabus > docs/syllabus.md`."""
    assert PAGE.read_text(encoding="utf-8") == write_syllabus()


def test_no_topic_is_without_a_question() -> None:
    """But for those whose lessons are not written yet; they are called so."""
    for topic in TOPICS:
        has_lesson = any(IS_WRITTEN[number] for number in topic.lessons)

        assert topic.lessons, topic.heading
        assert has_lesson == bool(topic.questions), topic.heading
    assert len(TOPICS) == len({topic.heading for topic in TOPICS})


def test_every_question_belongs_to_a_topic() -> None:
    """Those of the tour teach the workbench itself; all others are about something of the two texts."""
    named = {name for topic in TOPICS for name in topic.questions}
    ours = {name for name in get_questions() if not name.startswith("L00")}

    assert set() == ours - named
    assert set() == named - set(get_questions())
