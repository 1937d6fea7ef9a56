"""How a verdict, a hint or a solution looks: a small card in the notebook, and the same as plain text.

Colours come from JupyterLab's theme, so the card is right in the light and the dark one; each verdict
also has its own sign and word, so nothing is said by colour alone. All text is escaped: an answer may
hold anything. Words between backticks are shown as code.
"""

import re
from dataclasses import dataclass
from html import escape
from textwrap import fill

from blockchain_lab.course.judgement import Verdict

TEXT_WIDTH = 88  # columns of the plain text form

SIGNS: dict[Verdict, tuple[str, str]] = {
    Verdict.RIGHT: ("✓", "Right"),
    Verdict.WRONG: ("✗", "Not yet"),
    Verdict.UNCLEAR: ("?", "Not understood"),
    Verdict.OPEN: ("○", "Not answered yet"),
    Verdict.NOTED: ("●", "Noted"),
}

# Every card carries its own style: it must look right without any widget, and in a reopened notebook.
STYLE = """<style>
.blockchain-lab-card{border:1px solid var(--jp-border-color2,#bdbdbd);border-left:6px solid var(--tone);
border-radius:3px;padding:8px 14px 8px 12px;margin:4px 0;max-width:720px;line-height:1.45;
color:var(--jp-content-font-color1,#212121);background:var(--jp-layout-color1,#fff);
font-family:var(--jp-content-font-family,sans-serif);font-size:14px}
.blockchain-lab-card p{margin:4px 0 0}
.blockchain-lab-card .head{margin:0;font-weight:600}
.blockchain-lab-card .sign{display:inline-block;width:1.4em;height:1.4em;line-height:1.4em;margin-right:6px;
text-align:center;border-radius:50%;color:var(--jp-layout-color1,#fff);background:var(--tone)}
.blockchain-lab-card .small{font-size:12px;color:var(--jp-content-font-color2,#555)}
.blockchain-lab-card pre{margin:6px 0 2px;padding:6px 8px;font-size:13px;white-space:pre-wrap;
background:var(--jp-layout-color2,#eee);color:inherit}
.blockchain-lab-card code{background:var(--jp-layout-color2,#eee);color:inherit;padding:1px 3px}
.blockchain-lab-card.right{--tone:var(--jp-success-color0,#1b5e20)}
.blockchain-lab-card.wrong{--tone:var(--jp-error-color1,#d32f2f)}
.blockchain-lab-card.noted{--tone:var(--jp-info-color0,#006978)}
.blockchain-lab-card.unclear,.blockchain-lab-card.open,.blockchain-lab-card.plain
{--tone:var(--jp-content-font-color2,#555)}
</style>"""


@dataclass(frozen=True, slots=True)
class Card:
    """A heading, some paragraphs, perhaps a block of code, and small print."""

    tone: str  # a verdict's name, or "plain"
    sign: str
    word: str
    title: str
    paragraphs: tuple[str, ...] = ()
    code: str = ""
    small: tuple[str, ...] = ()

    def __repr__(self) -> str:
        """As plain text, wrapped."""
        lines = [f"{self.sign} {self.word}: {self.title}"]
        lines += [fill(text, TEXT_WIDTH) for text in self.paragraphs]
        lines += [self.code] if self.code else []
        lines += [fill(text, TEXT_WIDTH) for text in self.small]
        return "\n".join(lines)

    def _repr_html_(self) -> str:
        """As a card."""
        parts = [
            f'<p class="head"><span class="sign" aria-hidden="true">{escape(self.sign)}</span>'
            f"{escape(self.word)} · {escape(self.title)}</p>"
        ]
        parts += [f"<p>{to_html(text)}</p>" for text in self.paragraphs]
        parts += [f"<pre>{escape(self.code)}</pre>"] if self.code else []
        parts += [f'<p class="small">{to_html(text)}</p>' for text in self.small]
        inside = "".join(parts)
        return f'{STYLE}<div class="blockchain-lab-card {self.tone}" role="status">{inside}</div>'


def to_html(text: str) -> str:
    """Escape a sentence; `words between backticks` become code."""
    return re.sub(r"`([^`]+)`", r"<code>\1</code>", escape(text))


def get_sign(verdict: Verdict) -> tuple[str, str]:
    """The sign and the word that stand for a verdict."""
    return SIGNS[verdict]
