"""A submission's cells are put in order again, whatever was done to them."""

import json

import pytest

from blockchain_lab.notebook_cells import Cell, read_code
from blockchain_lab.teach.program import assemble

SHIPPED = [
    Cell("open", "lab = 1"),
    Cell("q1", 'check("L14.q1", None)'),
    Cell("play", "lab = lab + 1"),
    Cell("q2", 'check("L14.q2", None)'),
]


def test_an_untouched_lesson_is_run_as_it_is() -> None:
    """Our own cells, in our order."""
    assert [cell.source for cell in SHIPPED] == assemble(SHIPPED, SHIPPED)


def test_answers_take_the_place_of_ours() -> None:
    """Whatever their cells are called now, and in whatever order they come."""
    handed = [Cell("", "check('L14.q2', 5)"), Cell("x", 'check( "L14.q1", 3)'), Cell("open", "lab = 1")]

    assert ["lab = 1", 'check( "L14.q1", 3)', "lab = lab + 1", "check('L14.q2', 5)"] == assemble(
        SHIPPED, handed
    )


def test_what_a_learner_made_of_our_set_up_does_not_count() -> None:
    """Nor does a deleted cell: it is there again, unless it held an answer."""
    handed = [Cell("open", "lab = 10**9"), Cell("q2", 'check("L14.q2", lab)')]

    assert ["lab = 1", "lab = lab + 1", 'check("L14.q2", lab)'] == assemble(SHIPPED, handed)


def test_a_cell_of_the_learners_own_comes_before_what_it_stood_before() -> None:
    """So a helper function is there when the answer calls it; one at the end stays there."""
    handed = [
        SHIPPED[0],
        Cell("mine", "help = 2"),
        Cell("q1", 'check("L14.q1", help)'),
        Cell("last", "bye = 3"),
    ]

    assert "help = 2" == assemble(SHIPPED, handed)[1]
    assert "bye = 3" == assemble(SHIPPED, handed)[-1]


def test_old_notebooks_have_cells_without_names() -> None:
    """Then the text tells which of ours it is."""
    handed = [Cell("", cell.source) for cell in SHIPPED]

    assert [cell.source for cell in SHIPPED] == assemble(SHIPPED, handed)


def test_the_last_of_two_answers_counts() -> None:
    """As in a notebook that is run from top to bottom."""
    handed = [Cell("q1", 'check("L14.q1", 1)'), Cell("copy", 'check("L14.q1", 2)')]

    assert 'check("L14.q1", 2)' in assemble(SHIPPED, handed)
    assert 'check("L14.q1", 1)' not in assemble(SHIPPED, handed)


@pytest.mark.parametrize(
    "raw", [b"", b"{", b"[]", b"3", b'{"cells": 3}', b'{"cells": [3]}', b'{"cells": [{"cell_type": "code"}]}',
            b'{"cells": [{"cell_type": "code", "source": 3}]}', b"[" * 100_000],
)  # fmt: skip
def test_what_is_no_notebook_says_so(raw: bytes) -> None:
    """ValueError, and nothing else."""
    with pytest.raises(ValueError):
        read_code(raw)


def test_sources_come_as_text_or_lines() -> None:
    """The format allows both."""
    cells = [{"cell_type": "code", "source": ["a\n", "b"]}, {"cell_type": "markdown", "source": "no"}]

    assert [Cell("", "a\nb")] == read_code(json.dumps({"cells": cells}).encode())
