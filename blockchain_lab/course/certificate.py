"""The certificate: one page that says who has answered what, to be shown, printed or sent.

It is read from the progress file, so it is worth what that file is worth: it says so itself. Whoever wants to
be sure lets `blockchain-lab grade` judge the answers anew. No score is computed here.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import Final

from blockchain_lab.base.errors import UsageError
from blockchain_lab.course.cards import Card
from blockchain_lab.course.grading import Score, get_score
from blockchain_lab.course.judgement import Verdict
from blockchain_lab.course.learner import find_learner
from blockchain_lab.course.progress import Entry, find_progress
from blockchain_lab.course.registry import LESSONS

FILE: Final = "my.certificate.html"
FINE_PRINT: Final = (
    "Written by Blockchain Lab from the learner's own progress file. The command blockchain-lab grade judges"
    " every answer anew."
)
BLOCK: Final = 48  # width of a lesson's block in the picture, without the gap to the next one
STEP: Final = 62
A_ROW: Final = 10  # blocks in a row

# The page that is saved has no theme: then the second value of each colour holds, which is ink on paper.
STYLE: Final = """<style>
.blockchain-lab-certificate{max-width:680px;margin:8px 0;padding:30px 34px 22px;text-align:center;
border:1px solid var(--jp-border-color1,#bdbdbd);outline:4px double var(--jp-border-color1,#bdbdbd);
outline-offset:-10px;color:var(--jp-content-font-color1,#212121);background:var(--jp-layout-color1,#fff);
font-family:var(--jp-content-font-family,system-ui,sans-serif);font-size:14px;line-height:1.5}
.blockchain-lab-certificate p{margin:6px 0;text-align:center}
.blockchain-lab-certificate .what{font-size:13px;letter-spacing:.14em;text-transform:uppercase}
.blockchain-lab-certificate .who{font-size:30px;line-height:1.2;overflow-wrap:anywhere}
.blockchain-lab-certificate .small{font-size:12px;color:var(--jp-content-font-color2,#555)}
.blockchain-lab-certificate svg{width:100%;height:auto;margin:14px 0 8px}
.blockchain-lab-certificate text{font:600 15px var(--jp-content-font-family,system-ui,sans-serif);
text-anchor:middle;fill:var(--jp-content-font-color1,#212121)}
.blockchain-lab-certificate .box{fill:var(--jp-layout-color2,#eee);
stroke:var(--jp-content-font-color2,#555);stroke-width:1.5}
.blockchain-lab-certificate .part{fill:var(--jp-info-color1,#0097a7);fill-opacity:.35}
.blockchain-lab-certificate .whole{fill:var(--jp-success-color1,#388e3c);fill-opacity:.35}
.blockchain-lab-certificate .edge{stroke:var(--jp-content-font-color2,#555);stroke-width:2;fill:none}
</style>"""
PAGE: Final = """<!doctype html>
<html lang="en"><head><meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>Blockchain Lab: {who}</title></head>
<body>{inside}</body></html>
"""


@dataclass(frozen=True, slots=True)
class Certificate:
    """A learner's name ("" for a guest), the lessons' scores, the days of the first and last right answer."""

    name: str
    scores: tuple[Score, ...]
    first: str = ""  # a day, ISO 8601; "" before the first right answer
    last: str = ""

    @property
    def solved(self) -> int:
        """Questions answered rightly, in all lessons."""
        return sum(score.solved for score in self.scores)

    @property
    def total(self) -> int:
        """Questions that there are."""
        return sum(score.total for score in self.scores)

    @property
    def is_whole(self) -> bool:
        """Has every question of the course been answered rightly?"""
        return self.solved == self.total

    @property
    def sentence(self) -> str:
        """What was done, in one sentence."""
        done = sum(score.solved == score.total for score in self.scores)
        if self.is_whole:
            return f"has answered all {self.total} questions of all {len(self.scores)} lessons"
        return (
            f"has answered {self.solved} of {self.total} questions, and finished {done} of"
            f" {len(self.scores)} lessons"
        )

    @property
    def days(self) -> str:
        """When."""
        if not self.first:
            return "The first block is still to come."
        return self.first if self.first == self.last else f"{self.first} to {self.last}"

    def __repr__(self) -> str:
        """As plain text."""
        title = "Certificate" if self.is_whole else "On the way"
        rows = [
            f"{score.lesson.name:24} {score.solved:3} of {score.total:2}  {score.lesson.title}"
            for score in self.scores
        ]
        words = [f"{title}: {self.name or 'A guest'} {self.sentence}.", self.days, *rows, FINE_PRINT]
        return "\n".join(words)

    def _repr_html_(self) -> str:
        """As a page with a chain: a block for each lesson, filled as far as it is solved."""
        title = "Certificate" if self.is_whole else "On the way"
        return (
            f'{STYLE}<div class="blockchain-lab-certificate">'
            f'<p class="what">Blockchain Lab · {title}</p>'
            f'<p class="who">{escape(self.name or "A guest")}</p><p>{escape(self.sentence)}.</p>'
            f"{draw_chain(self.scores)}<p>{escape(self.days)}</p>"
            f'<p class="small">{escape(FINE_PRINT)}</p></div>'
        )


def draw_chain(scores: Sequence[Score]) -> str:
    """The lessons as a chain of blocks, each with an arrow to its parent. SVG, in the theme's colours."""
    parts = []
    for index, score in enumerate(scores):
        x, y = 8 + STEP * (index % A_ROW), 6 + 52 * (index // A_ROW)
        if index:
            start = (
                f"M{x - 2} {y + 19}" if index % A_ROW else f"M{x - 2} {y + 19}h-5v-26h{STEP * A_ROW - 4}v-7"
            )
            parts.append(f'<path class="edge" d="{start}{"h-10" if index % A_ROW else ""}"/>')
        filled = BLOCK * score.solved // score.total if score.total else 0
        kind = "whole" if filled == BLOCK else "part"
        parts.append(
            f'<rect class="box" x="{x}" y="{y}" width="{BLOCK}" height="38"/>'
            f'<rect class="{kind}" x="{x + 1}" y="{y + 1}" width="{max(filled - 2, 0)}" height="36"/>'
            f'<text x="{x + BLOCK // 2}" y="{y + 25}">{score.lesson.number:02}</text>'
        )
    rows = -(-len(scores) // A_ROW)
    words = "; ".join(
        f"{score.lesson.number:02} {score.lesson.title}: {score.solved} of {score.total}" for score in scores
    )
    box = f"0 0 {STEP * A_ROW + 4} {52 * rows}"
    return f'<svg viewBox="{box}" role="img" aria-label="{escape(words)}">{"".join(parts)}</svg>'


def make_certificate(name: str, entries: Sequence[Entry], seed: int) -> Certificate:
    """Of the answers that were given with this seed."""
    right = sorted(
        entry.at[:10]
        for entry in entries
        if entry.kind == "attempt" and entry.verdict == Verdict.RIGHT and entry.seed == seed
    )
    days = [right[0], right[-1]] if right else []
    scores = tuple(get_score(lesson, list(entries), seed) for lesson in LESSONS if lesson.is_written)
    return Certificate(name, scores, *days)


def get_certificate() -> Certificate:
    """That of whoever learns here, from the progress file nearest to the notebook."""
    learner = find_learner()
    return make_certificate(learner.name, find_progress().read(), learner.seed)


def save_certificate(path: str | Path = FILE) -> Card:
    """Write the certificate as an HTML page that asks no other machine for anything. UsageError."""
    certificate, path = get_certificate(), Path(path)
    page = PAGE.format(who=escape(certificate.name or "A guest"), inside=certificate._repr_html_())
    try:
        path.write_text(page, encoding="utf-8")
    except OSError as problem:
        raise UsageError(f"{path}: not written: {problem.strerror or problem}") from problem
    text = f"{path} can be opened in any browser, printed, or sent."
    return Card("noted", "●", "Saved", "your certificate", (text,))
