"""Questions, checks, hints and progress; one module per lesson. No widget and no notebook may enter."""

from blockchain_lab.course.certificate import get_certificate, save_certificate
from blockchain_lab.course.check import check, predict
from blockchain_lab.course.extras import more_questions
from blockchain_lab.course.grading import get_progress_table
from blockchain_lab.course.hand_in import hand_in
from blockchain_lab.course.keeping import download_progress, reset_lesson, restore_progress
from blockchain_lab.course.learner import find_seed, i_am
from blockchain_lab.course.source_view import show_source

__all__ = [
    "check",
    "download_progress",
    "find_seed",
    "get_certificate",
    "get_progress_table",
    "hand_in",
    "i_am",
    "more_questions",
    "predict",
    "reset_lesson",
    "restore_progress",
    "save_certificate",
    "show_source",
]
