"""Questions, checks, hints and progress; one module per lesson. No widget and no notebook may enter."""

from blockchain_lab.course.check import check, predict
from blockchain_lab.course.grading import get_progress_table
from blockchain_lab.course.learner import find_seed, i_am

__all__ = ["check", "find_seed", "get_progress_table", "i_am", "predict"]
