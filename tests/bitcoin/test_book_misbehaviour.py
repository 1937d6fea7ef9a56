"""What a fault costs, in each era."""

import pytest

from blockchain_lab.bitcoin.eras import ERAS
from blockchain_lab.bitcoin.misbehaviour import POINTS, Fault, Judgement, judge


@pytest.mark.parametrize("fault", list(Fault))
def test_in_2010_nobody_was_punished(fault: Fault) -> None:
    """However often."""
    assert (0, Judgement.IGNORE) == judge(fault, ERAS["2010"], 0)


@pytest.mark.parametrize(
    ("fault", "times"),
    [
        (Fault.NON_CONTINUOUS_HEADERS, 5),
        (Fault.BAD_HEADER_WORK, 2),
        (Fault.TOO_MANY_HEADERS, 5),
        (Fault.TOO_MANY_ADDRESSES, 5),
        (Fault.TOO_MANY_INV, 5),
        (Fault.TOO_MANY_GETDATA, 5),
        (Fault.BAD_COMPACT_BLOCK, 1),
        (Fault.INVALID_BLOCK, 1),
        (Fault.DUPLICATE_VERSION, 100),
        (Fault.REFUSED_ALERT, 10),
    ],
)
def test_with_points_the_hundredth_is_the_last(fault: Fault, times: int) -> None:
    """So many times the same fault, and the peer is gone; not once earlier."""
    score, verdicts = 0, []
    for _ in range(times):
        score, verdict = judge(fault, ERAS["2014"], score)
        verdicts.append(verdict)

    assert [Judgement.IGNORE] * (times - 1) + [Judgement.DISCOURAGE] == verdicts
    assert 100 == score


def test_points_of_different_faults_add_up() -> None:
    """Two headers without work after one second introduction: 101."""
    score = 0
    for fault in (Fault.DUPLICATE_VERSION, Fault.BAD_HEADER_WORK):
        score, verdict = judge(fault, ERAS["2014"], score)
        assert Judgement.IGNORE is verdict

    assert (101, Judgement.DISCOURAGE) == judge(Fault.BAD_HEADER_WORK, ERAS["2014"], score)
    assert (101, Judgement.IGNORE) == judge(
        Fault.BAD_HEADER_WORK, ERAS["2014"].with_values({"ban_score": 200}), score
    )


def test_today_one_fault_suffices() -> None:
    """But a second introduction is none any more."""
    today = ERAS["today"]

    verdicts = {fault: judge(fault, today, 0) for fault in Fault}

    assert (0, Judgement.IGNORE) == verdicts.pop(Fault.DUPLICATE_VERSION) == verdicts.pop(Fault.REFUSED_ALERT)
    assert {(100, Judgement.DISCOURAGE)} == set(verdicts.values())


def test_every_fault_has_its_points() -> None:
    """The table is whole."""
    assert list(Fault) == list(POINTS)
