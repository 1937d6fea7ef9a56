"""Questions, checks, hints and progress; one module per lesson. No widget and no notebook may enter."""

from blockchain_lab.course.check import check, predict
from blockchain_lab.course.grading import get_progress_table

__all__ = ["check", "get_progress_table", "predict"]
