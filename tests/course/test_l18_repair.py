"""A repaired peer as an answer: text is what counts, blanks are none, harm is refused or stopped in words."""

from dataclasses import replace

import pytest

from blockchain_lab.course import l18_slips as slips
from blockchain_lab.course.judgement import Verdict
from blockchain_lab.course.l18_bar import Bar
from blockchain_lab.course.l18_cases import find_case, show_cases
from blockchain_lab.course.l18_checking import check_world
from blockchain_lab.course.l18_others import write_other, write_reference
from blockchain_lab.course.l18_repair import (
    find_failing,
    find_failing_text,
    find_written,
    make_node,
    play_once,
)
from blockchain_lab.course.l18_tasks import GAP, LEADER, SETTLE, VALID, WHOLE
from blockchain_lab.layers.toy_faulty import FAULTS, FaultyNode
from blockchain_lab.layers.toy_repairs import ToyNode

BLANK = "class Mine(FaultyNode):\n    def {}(self, *more):\n        '''Here.'''\n        ...  # your answer\n"


class Settled(FaultyNode):
    """As a learner writes it in a cell."""

    def settle(self, block) -> None:
        for payment in block.payments:
            self.pending.pop(payment.name, None)


class Untouched(FaultyNode):
    """As the lesson leaves it."""

    def get_leader(self, slot):
        pass


class Both(Settled, Untouched):
    """A later cell puts them together."""


def write(*lines: str, method: str = "get_leader", arguments: str = "self, slot") -> str:
    """A class with one method."""
    body = "".join(f"        {line}\n" for line in lines)
    return f"class Mine(FaultyNode):\n    def {method}({arguments}):\n{body}"


def test_a_class_and_its_text_are_judged_alike() -> None:
    """What is kept is the text; another question's method is no answer to this one."""
    text = SETTLE.to_plain(Settled)

    assert Verdict.RIGHT == SETTLE.judge(Settled).verdict == SETTLE.judge(text).verdict
    assert Verdict.OPEN == LEADER.judge(Settled).verdict


@pytest.mark.parametrize("fault", FAULTS)
def test_what_is_blank_is_no_answer(fault: str) -> None:
    """A docstring, `...` and `pass` are not written; in the whole they leave the fault as it was."""
    text = BLANK.format(fault)

    assert () == find_written(text)
    assert (fault,) == find_written(write_reference(fault))
    assert Verdict.OPEN == WHOLE.judge(text).verdict
    assert vars(FaultyNode)[fault] is getattr(make_node(text), fault)
    assert vars(ToyNode)[fault] is getattr(make_node(text, fault), fault)


def test_a_class_of_all_cells_has_what_is_written_and_no_more() -> None:
    """Python takes each method from the first class that has it; the blank one stays faulty."""
    node = make_node(WHOLE.to_plain(Both))

    assert "settle" in vars(node)
    assert FaultyNode.get_leader is node.get_leader
    assert Verdict.WRONG == WHOLE.judge(Both).verdict


def test_a_repair_is_judged_with_the_others_right() -> None:
    """Alone it is enough for its own question, and not for the whole."""
    text = write_reference("on_gap")

    assert GAP.judge(text).is_right
    assert "World 0: " in WHOLE.judge(text).message


@pytest.mark.parametrize("world", [0, 1, 2])
def test_both_ways_to_repair_hold_and_differ(world: int) -> None:
    """All six, in worlds with loss and a forger; they are two programs."""
    assert play_once(write_reference(), "", world).is_right
    assert play_once(write_other(), "", world).is_right
    assert all(write_reference(fault) != write_other(fault) for fault in FAULTS)


@pytest.mark.parametrize(
    ("text", "verdict", "words"),
    [
        (write("while True: pass"), Verdict.WRONG, "does not come to an end: stopped after 200,000 lines"),
        (
            write("try:", "    while True: pass", "except Exception: return 'ann'"),
            Verdict.WRONG,
            "does not come to an end",
        ),
        (write("import blockchain_lab.course.l18_checking"), Verdict.UNCLEAR, "refused, line 3: no imports"),
        (write("return print(get_private_key('ann'))"), Verdict.UNCLEAR, "`get_private_key` is not known"),
        (write("return print(ToyNode)"), Verdict.UNCLEAR, "`ToyNode` is not known here"),
        (write("return slot.__class__"), Verdict.UNCLEAR, "refused, line 3: `.__class__`"),
        (write("self.branches = None"), Verdict.UNCLEAR, "may not be changed"),
        ("print('key')", Verdict.UNCLEAR, "wanted one class and nothing else"),
        (write("return slot.no_such_thing"), Verdict.WRONG, "raises AttributeError"),
    ],
    ids=["loop", "caught", "checker", "key", "answer", "around", "chain", "no class", "plain mistake"],
)
def test_harm_is_refused_or_stopped_with_the_reason(text: str, verdict: Verdict, words: str) -> None:
    """Nothing hangs, nothing raises, nothing is printed, nothing passes."""
    judgement = LEADER.judge(text)

    assert verdict == judgement.verdict, judgement.message
    assert words in judgement.message


@pytest.mark.parametrize("wrong", [FaultyNode.settle, Settled.settle, int, 7, object()])
def test_what_is_no_node_class_is_said(wrong: object) -> None:
    """An instance, a method, another class."""
    assert "wanted a class such as `class Mine(FaultyNode)`" in SETTLE.judge(wrong).message


def test_the_forger_s_own_turn_is_needed_to_find_half_a_check() -> None:
    """The leader alone is right in world 0 and wrong in world 1, so a repair is judged in more than one."""
    text = VALID.mistakes[1].answer

    assert slips.LeaderOnly.is_valid.__name__ in find_written(text)
    assert play_once(text, "is_valid", 0).is_right
    assert ("validity",) == play_once(text, "is_valid", 1).broken


def test_a_learner_s_own_failure_is_made_small_and_opened() -> None:
    """Where no world fails there is nothing to open."""
    case = find_failing(Settled)

    assert case.world.size < case.origin.size
    assert case.violation.event == case.open().cursor
    assert not find_failing(Settled, [])
    assert "These worlds hold." == repr(find_failing(Settled, []))


class Prying(FaultyNode):
    """Looks where it may not."""

    def settle(self, block) -> None:
        import os  # noqa: F401, PLC0415


@pytest.mark.parametrize(
    ("wrong", "words"), [(Prying, "refused, line 3: no imports"), (7, "wanted a class such as")]
)
def test_what_may_not_be_played_is_said_in_the_search_too(wrong: object, words: str) -> None:
    """As the check says it: in words, and there is nothing to open."""
    found = find_failing(wrong)

    assert not found
    assert words in repr(found)


def test_the_same_text_is_played_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """What a check has played, the search for a failing world, and the next check, do not play again."""
    played: list[int] = []

    def check(seed: int, node: type) -> object:
        played.append(seed)
        return check_world(seed, node)

    monkeypatch.setattr("blockchain_lab.course.l18_repair.check_world", check)
    text = write_reference().replace(
        "self.pending.pop", "self . pending.pop"
    )  # a text that nobody has played
    question = replace(WHOLE, worlds=(0, 1))
    for _ in range(2):
        assert question.judge(text).is_right
    found = find_failing_text(text, (0, 1))

    assert [0, 1] == played
    assert not found


def test_a_peer_that_raises_at_once_can_be_opened() -> None:
    """The story ends where it falls, so that no picture looks further; the next step raises."""

    class Loud(FaultyNode):
        def get_leader(self, slot):
            return [][slot]

    case = find_failing(Loud, [0])
    lab = case.open()

    assert ("stands", case.violation.event) == (case.violation.invariant, lab.cursor)
    assert lab.scenario.until <= lab.trace.time_of(lab.head)
    with pytest.raises(IndexError):
        lab.step()


def test_all_six_are_made_small() -> None:
    """Side by side: each falls to a handful of events; what is found is what the case says."""
    rows = show_cases().rows

    assert list(FAULTS) == [row.fault for row in rows]
    assert all(row.case is find_case(row.fault) for row in rows)
    assert all(row.case.violation.event < row.found_at for row in rows)
    assert ["real votes", "turns", "leadership", "counting", "stands", "liveness"] == [
        row.cells[1] for row in rows
    ]
    assert 6 == len(repr(show_cases()).splitlines())
    assert 7 == show_cases()._repr_html_().count("<tr>")


def test_the_bar_says_how_far_it_is() -> None:
    """Where no page shows it, it only counts."""
    with Bar(200) as bar:
        bar.step("world 0 holds")

    assert "1 of 200: world 0 holds" == repr(bar)
    assert 'max="200" value="1"' in bar._repr_html_()


def test_the_bar_is_drawn_in_a_notebook_and_makes_room_for_the_verdict(monkeypatch) -> None:
    """Every fourth step, and cleared at the end; a short check has none."""
    told: list[str] = []

    class Display:
        def clear_output(self, *, wait: bool) -> None:
            assert wait
            told.append("clear")

        def display(self, bar: Bar) -> None:
            told.append(repr(bar))

    monkeypatch.setattr("blockchain_lab.course.l18_bar.is_in_notebook", lambda: True)
    monkeypatch.setattr("blockchain_lab.course.l18_bar.get_display", Display)
    for steps in (20, 5):
        with Bar(steps) as bar:
            for number in range(5):
                bar.step(f"world {number} holds")

    expected = ["clear", "1 of 20: world 0 holds", "clear", "5 of 20: world 4 holds", "clear"]
    assert expected == told
