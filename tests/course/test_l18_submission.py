"""A repair that is handed in: its text is read before any of it runs, and what no rule needs is refused."""

import ast
import json

import pytest
from support.toy_worlds import write_repairs

from blockchain_lab.base.errors import UsageError
from blockchain_lab.course.l18_checking import check_world
from blockchain_lab.course.l18_submission import LONGEST, make_namespace, read_node, write_source
from blockchain_lab.layers.toy_faulty import FAULTS, FaultyNode
from blockchain_lab.layers.toy_messages import Vote
from blockchain_lab.layers.toy_repairs import ToyNode


def method(*lines: str, name: str = "get_leader", arguments: str = "self, slot") -> str:
    """A class with one method."""
    body = "".join(f"        {line}\n" for line in lines)
    return f"class Mine(FaultyNode):\n    def {name}({arguments}):\n{body}"


class Mine(FaultyNode):
    """A learner's class, as it stands in a cell."""

    def settle(self, block) -> None:
        """Forget what is done."""
        for payment in block.payments:
            self.pending.pop(payment.name, None)


class MoreOfMine(Mine):
    """And what another cell has made of it."""

    def on_early_vote(self, vote: Vote) -> list:
        self.branches.keep(vote)
        return []


def test_the_reference_repairs_pass_the_reading() -> None:
    """All six, or some; the others stay faulty."""
    whole, some = read_node(write_repairs()), read_node(write_repairs("settle"))

    assert check_world(0, whole).is_right
    assert not check_world(0, some).is_right
    assert set(FAULTS) == {name for name in vars(whole) if name in FAULTS}
    assert ["settle"] == [name for name in FAULTS if name in vars(some)]


def test_a_class_is_written_and_read_again() -> None:
    """The methods of all its classes, the last one of each name; nothing of ours."""
    text = write_source(MoreOfMine)
    node = read_node(text)
    methods = [part.name for part in ast.parse(text).body[0].body]

    assert ["settle", "on_early_vote"] == methods
    assert {"settle", "on_early_vote"} == {name for name in FAULTS if name in vars(node)}
    assert "class Mine(FaultyNode):\n    pass\n" == write_source(FaultyNode)
    assert FaultyNode.settle is read_node(write_source(FaultyNode)).settle


def test_a_class_whose_text_is_gone_says_so() -> None:
    """Made by `exec`, as some notebooks do."""
    scope = {"FaultyNode": FaultyNode, "__name__": "gone"}
    text = "class Mine(FaultyNode):\n    def settle(self, block): pass\n"
    exec(compile(text, "<nowhere>", "exec"), scope)

    with pytest.raises(UsageError, match="the text of settle is gone: run its cell again"):
        write_source(scope["Mine"])


@pytest.mark.parametrize(
    ("lines", "reason"),
    [
        (["import blockchain_lab.course.l18_checking as c", "c.WORLDS = 0"], "no imports"),
        (["from blockchain_lab.layers.toy_repairs import ToyNode"], "no imports"),
        (["global WORLDS"], "only the node's own methods"),
        (["class Other: pass"], "only the node's own methods"),
        (["async def more(): pass"], "a node waits for nothing"),
        (["print(get_private_key('ann'))"], "`get_private_key` is not known here"),
        (["return ToyNode.get_leader(self, slot)"], "`ToyNode` is not known here"),
        (["return super().get_leader(slot)"], "`super` is not known here"),
        (["return open('/etc/passwd')"], "`open` is not known here"),
        (["return eval('1')"], "`eval` is not known here"),
        (["return getattr(self, 'x')"], "`getattr` is not known here"),
        (["return type(self)"], "`type` is not known here"),
        (["return globals()"], "`globals` is not known here"),
        (["return __builtins__"], "no names that begin with an underscore"),
        (["return self.__class__"], "`.__class__`: no attributes of Python's own parts"),
        (["return draw_leader.__globals__"], "`.__globals__`"),
        (["return (n for n in [1]).gi_frame"], "`.gi_frame`"),
        (["match GENESIS:", "    case Block(__class__=kind): return kind"], "`.__class__`"),
        (["try: pass", "except: pass"], "`except:` would catch the end of its budget"),
        (["try: pass", "except BaseException: pass"], "`BaseException` is not known here"),
        (["return '{0}'.format(self)"], "`.format`: f-strings do the same"),
        (["return Vote(b'', 1, 'bob').signed_by('bob')"], "`.signed_by`: nobody signs for another one"),
        (["return self.setup.contacts"], "`.setup`: it holds what belongs to everybody"),
        (["Vote.has_own_signature = True"], "`Vote.has_own_signature` may not be changed"),
        (["self.branches.final = []"], "`self.branches.final` may not be changed"),
        (["self.name = 'bob'"], "`self.name` may not be changed"),
        (["del self.chain"], "`self.chain` may not be changed"),
    ],
)
def test_what_reaches_beyond_the_rules_is_refused(lines: list[str], reason: str) -> None:
    """With the line and the reason, and before anything has run."""
    with pytest.raises(UsageError) as refused:
        read_node(method(*lines))

    assert str(refused.value).startswith("refused, line ")
    assert reason in str(refused.value)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("class Mine(FaultyNode:", "this is no Python"),
        ("import os\nclass Mine(FaultyNode): pass", "wanted one class and nothing else"),
        ("print('the key')", "wanted one class and nothing else"),
        ("", "wanted one class and nothing else"),
        (method("pass", name="on_datagram"), "a repair is one of the methods is_authentic, "),
        ("class Mine(FaultyNode):\n    settle = None", "a repair is one of the methods"),
        ("class Mine(FaultyNode):\n    @print\n    def settle(self, block): pass", "no decorators"),
        ("x" * (LONGEST + 1), "20,001 letters, wanted at most 20,000"),
        ("(" * 9_000, "this is no Python"),
    ],
)
def test_what_is_no_repair_is_refused(text: str, reason: str) -> None:
    """One class, six possible methods."""
    with pytest.raises(UsageError, match=r"^refused") as refused:
        read_node(text)

    assert reason in str(refused.value)


def test_a_repair_may_print_and_keep_things_for_itself(capsys: pytest.CaptureFixture) -> None:
    """What it prints goes nowhere; a state of its own is its own."""
    text = method("self.seen = slot", "print('key', slot)", "return draw_leader(self.chain.stakes, 1, slot)")
    node = read_node(text)

    check_world(0, node)
    assert "" == capsys.readouterr().out


def test_types_are_for_readers() -> None:
    """Their names need not be known."""
    text = method("count: Counter[str] = slot", "return 'ann'", arguments="self, slot: Slot")
    annotated = text.replace("Slot):", "Slot) -> Name:")

    assert "ann" == vars(read_node(annotated))["get_leader"](None, 3)


def test_nothing_in_reach_leads_to_the_answer() -> None:
    """No module, no class of nodes, no secret key among the names that a repair may use."""
    names = make_namespace()

    assert not {"ToyNode", "FaultyNode", "sign", "get_private_key", "open", "eval", "getattr"} & set(names)
    assert not [name for name, value in names.items() if type(value) is type(json)]
    assert ToyNode not in names.values()
