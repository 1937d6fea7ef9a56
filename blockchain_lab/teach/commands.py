"""The lecturer's commands, as parts of `blockchain-lab`."""

from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from typing import TextIO

import click
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, track

from blockchain_lab.course.extras import FILE as EXTRA
from blockchain_lab.course.learner import make_learner
from blockchain_lab.course.registry import Lesson, find_lesson
from blockchain_lab.teach.beginnings import KINDS, add_lesson, add_question
from blockchain_lab.teach.edition import write_edition
from blockchain_lab.teach.keys import write_key
from blockchain_lab.teach.marking import Exam, find_submissions, get_lessons, mark
from blockchain_lab.teach.reports import write_csv, write_html
from blockchain_lab.teach.selftest import HEAD, write_health, write_line
from blockchain_lab.teach.trials import Trials, count_processors

FILE = click.Path(path_type=Path, dir_okay=False)
LESSONS = click.option(
    "--lesson", "names", multiple=True, help="Such as L14; may be given again. [default: all]"
)

WORKERS = click.option(
    "--workers",
    type=click.IntRange(1),
    default=count_processors,
    show_default="as many as there are processors",
    help="So many side by side, a whole number from 1.",
)


def choose_lessons(names: Iterable[str]) -> list[Lesson]:
    """The named lessons, or all. UsageError."""
    return [find_lesson(name) for name in names] or get_lessons()


@click.command()
@click.argument("submissions", type=click.Path(path_type=Path, file_okay=False, exists=True))
@click.option("--csv", "table", type=FILE, help="Write a table with a row for each learner.")
@click.option("--html", "page", type=FILE, help="Write a page that says why each question failed.")
@click.option(
    "--seconds",
    type=click.IntRange(10),
    default=120,
    show_default=True,
    help="Processor time for one lesson of one learner.",
)
@WORKERS
@click.option("--extra", type=click.File(encoding="utf-8"), help="Your own extra_questions.py.")
@LESSONS
def grade(
    submissions: Path,
    table: Path | None,
    page: Path | None,
    seconds: int,
    workers: int,
    extra: TextIO | None,
    names: tuple[str, ...],
) -> None:
    """Mark all NAME.lab.zip in the folder SUBMISSIONS. Every answer is judged anew.

    Each learner's code runs in a process of its own, with limits of time and memory, in an empty folder,
    without a network. That stops accidents and mischief, no attacker: mark work of strangers in a container.
    """
    exam = Exam(choose_lessons(names), seconds, "" if extra is None else extra.read())
    files = find_submissions(submissions)
    with ThreadPoolExecutor(workers) as pool:
        work = pool.map(lambda file: mark(file, exam), files)
        reports = list(track(work, "marking", len(files), console=Console(stderr=True)))
    text = write_csv(reports)
    if table is not None:
        table.write_text(text, encoding="utf-8")
    if page is not None:
        page.write_text(write_html(reports), encoding="utf-8")
    if table is None and page is None:
        click.echo(text, nl=False)


@click.command(name="answer-key")
@click.option("--seed", "who", required=True, help="A learner's name or number; 7 is the guest's.")
@LESSONS
def answer_key(who: str, names: tuple[str, ...]) -> None:
    """Print every question's answer for a seed, computed by the engine."""
    for lesson in choose_lessons(names):
        click.echo(write_key(lesson, make_learner(who).seed))


@click.command(name="teacher-edition")
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False))
@click.option("--seed", "who", default="7", show_default=True, help="A learner's name or number.")
@LESSONS
def teacher_edition(folder: Path, who: str, names: tuple[str, ...]) -> None:
    """Write the lessons with answers and notes for the lecturer to FOLDER."""
    for lesson in choose_lessons(names):
        click.echo(write_edition(lesson, make_learner(who).seed, folder))


@click.command(name="new-question")
@click.argument("lesson", metavar="LESSON")
@click.option("--kind", type=click.Choice(list(KINDS)), default="number", show_default=True)
@click.option("--to", "folder", type=click.Path(path_type=Path, file_okay=False), default=".")
def new_question(lesson: str, kind: str, folder: Path) -> None:
    """Add a question that works to extra_questions.py beside your notebooks, to be made your own."""
    name = add_question(folder, lesson, kind)
    click.echo(f'{name} in {folder / EXTRA}: a notebook beside it asks it with check("{name}", answer)')


@click.command(name="new-lesson")
@click.argument("number", type=int)
@click.argument("slug")
@click.argument("title")
@click.option("--to", "folder", type=click.Path(path_type=Path, file_okay=False), default=".")
def new_lesson(number: int, slug: str, title: str, folder: Path) -> None:
    """Begin a lesson of your own: a notebook in the form of ours, and a first question beside it."""
    click.echo(add_lesson(folder, number, slug, title))


@click.command()
@click.option("--seed", "who", default="7", show_default=True, help="A learner's name or number.")
@WORKERS
@LESSONS
def selftest(who: str, workers: int, names: tuple[str, ...]) -> None:
    """Try the whole course on this machine, without a browser: questions, wrong answers, notebooks.

    Lessons are tried side by side, the longest first, each in a process of its own; they are written in the
    order of the course, each as soon as those before it are.
    """
    lessons, is_sound = choose_lessons(names), True
    bar = Progress(
        TextColumn("{task.description}"), BarColumn(), console=Console(stderr=True), transient=True
    )
    task = bar.add_task("", total=len(lessons))

    def tell(text: str, done: int) -> None:
        bar.update(task, description=text, completed=done)

    click.echo(write_line(HEAD))
    with bar, closing(Trials(make_learner(who).seed, tell).try_all(lessons, workers)) as healths:
        for health in healths:
            if bar.console.is_terminal:
                bar.stop()  # it would be in the way of the line
            click.echo(write_health(health))
            if bar.console.is_terminal:
                bar.start()
            is_sound = is_sound and not health.faults
    if not is_sound:
        raise SystemExit(1)


COMMANDS = (grade, answer_key, teacher_edition, new_question, new_lesson, selftest)
