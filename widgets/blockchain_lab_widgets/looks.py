"""The colours and shapes of the page's views, for the picture that stands where no view can run.

The same as in `palette.js` (light paper) and `marks.js`; a test compares them.
"""

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Final

PAPER: Final = "#ffffff"
INK: Final = "#212121"
FAINT: Final = "#5c5c5c"
EDGE: Final = "#7d7d7d"
FULL: Final = "#d9d9d9"
TIPS: Final = ("#0072c6", "#c48400", "#2c9c74", "#7d2a68")  # best tip first
REST: Final = "#666666"  # all other tips

SHAPES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "server": "square",
        "provider": "square",
        "miner": "diamond",
        "learner": "dot",
        "newcomer": "dot",
        "peer": "dot",
    }
)
FREE: Final = ("dot", "square", "triangle", "hexagon", "diamond")


def get_tip_colour(rank: int) -> str:
    """The colour of the tip that is the best, the second best, ..."""
    return TIPS[rank] if rank < len(TIPS) else REST


def get_shapes(roles: Sequence[str]) -> dict[str, str]:
    """Role -> shape; every role its own as long as there are shapes. One role alone is a dot."""
    distinct = list(dict.fromkeys(roles))
    if len(distinct) < 2:
        return dict.fromkeys(distinct, "dot")
    shapes = {role: SHAPES[role] for role in distinct if role in SHAPES}
    for role in distinct:
        free = [shape for shape in FREE if shape not in shapes.values()]
        shapes.setdefault(role, free[0] if free else FREE[0])
    return shapes
