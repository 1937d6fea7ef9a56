"""Who is learning here: a name or a number, and the seed that it stands for.

The seed decides what every run of the lessons draws, so two learners have different right answers, and
each of them has the same ones on every machine. No answer is stored anywhere: the engine computes it from
the seed. What is a constant of a protocol does not vary. Who gives no name is a guest.
"""

import json
import os
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any, Final
from unicodedata import normalize

from blockchain_lab.base.draws import MASK_64
from blockchain_lab.base.errors import UsageError
from blockchain_lab.course.cards import Card
from blockchain_lab.course.progress import find_progress
from blockchain_lab.course.questions import GUEST_SEED

FILE: Final = "learner.json"  # beside the progress file
LONGEST: Final = 100  # letters of a name
SEEDS: Final = 10**9  # a name's seed is below: 300 names share one with a chance of 1 in 22,000


@dataclass(frozen=True, slots=True)
class Learner:
    """A name, "" for a guest, and the seed of all runs."""

    name: str
    seed: int


GUEST: Final = Learner("", GUEST_SEED)


def make_learner(who: Any) -> Learner:
    """The learner of this name; a number, in digits or not, is the seed itself. UsageError."""
    if isinstance(who, str):
        who = " ".join(normalize("NFKC", who).split())
    if isinstance(who, str) and who.isascii() and who.isdecimal() and len(who) <= LONGEST:
        who = int(who)
    if type(who) is int and 0 <= who <= MASK_64:
        return Learner(str(who), who)
    if not isinstance(who, str) or not 0 < len(who) <= LONGEST or not who.isprintable():
        raise UsageError(
            f"who: found {str(who)[:LONGEST]!r}, wanted a name of {LONGEST} letters at most, or a number"
        )
    return Learner(who, compute_seed(who))


def compute_seed(name: str) -> int:
    """The seed of a name. Capitals and the space around words make no difference."""
    plain = " ".join(normalize("NFKC", name).casefold().split())
    return int.from_bytes(sha256(f"blockchain-lab learner: {plain}".encode()).digest()[:8]) % SEEDS


def find_learner(start: Path | None = None) -> Learner:
    """Who said `i_am` in this folder of lessons (the notebook's unless `start` is given); else the guest."""
    try:
        return make_learner(json.loads((find_progress(start).folder / FILE).read_bytes())["who"])
    except (OSError, ValueError, KeyError, TypeError, UsageError):  # no file, or one that somebody has edited
        return GUEST


def find_seed() -> int:
    """The seed of whoever learns here, for `Lab(..., seed=find_seed())`."""
    return find_learner().seed


def i_am(who: Any) -> Card:
    """From now on all lessons of this folder play with this name's seed, or this number. UsageError."""
    learner = make_learner(who)
    folder = find_progress().folder
    try:
        folder.mkdir(parents=True, exist_ok=True)
        fresh = folder / f"{FILE}.new"
        fresh.write_text(json.dumps({"who": learner.name}), encoding="utf-8")
        os.replace(fresh, folder / FILE)
    except OSError as problem:
        raise UsageError(f"the name was not saved: {problem.strerror or problem} ({folder})") from problem
    text = f"Your runs have the seed {learner.seed}. Choose Run > Run All Cells, so that they begin with it."
    return Card(
        "noted",
        "●",
        "Hello",
        learner.name,
        (text,),
        small=("Answers that you gave as somebody else are kept.",),
    )
