"""A comparison for a page: plain JSON, of which every number can be found again in the two runs."""

import json
from dataclasses import dataclass
from typing import Any

from blockchain_lab.base.actions import Command
from blockchain_lab.base.records import Kind
from blockchain_lab.base.units import SECOND
from blockchain_lab.bitcoin.node import BitcoinNode
from blockchain_lab.lab import Lab
from blockchain_lab.sim.actions import DropMessage
from blockchain_lab.study.compare import compare
from blockchain_lab.study.compare_plain import (
    LONGEST,
    compare_contents,
    compare_plainly,
    describe_value,
    to_plain,
)
from blockchain_lab.study.set_up import ABSENT
from blockchain_lab.study.twin import make_twin


@dataclass(frozen=True)
class Whisper(Command):
    """A learner's own command, with something that JSON cannot hold."""

    peer: str
    secret: Any


def run(story: str = "fork_and_heal") -> Lab:
    """A lab that has reached its scenario's end."""
    lab = Lab(story)
    lab.run()
    return lab


def test_without_a_difference_nothing_is_left() -> None:
    """Null A/B: an empty object says so, and the words too."""
    lab = run()
    plain, words = compare_plainly(lab, make_twin(lab, {}))

    until = lab.trace.time_of(lab.head)
    assert {"until": until, "setUp": [], "divergences": [], "cone": [], "outcomes": {}} == plain
    assert words.startswith("The set-up is the same. No record differs up to 35.")


def test_a_dropped_message_can_be_found_again_by_its_numbers() -> None:
    """Divergences name records of each run; peers stand in the order in which they were reached."""
    a = run()
    lost = next(each for each in a.trace if each.kind == Kind.SEND and each.at >= 5 * SECOND)
    b = make_twin(a, DropMessage(lost.id))
    result = compare(a, b)

    plain = json.loads(json.dumps(to_plain(result)))

    action = {"at": lost.at, "action": {"do": "DropMessage", "record": lost.id}}
    assert [{"path": "action", "a": None, "b": action}] == plain["setUp"]
    assert len(result.divergences) == len(plain["divergences"]) > 1
    for each in plain["divergences"]:
        found = [lab.trace[row].at for lab, row in ((a, each["a"]), (b, each["b"])) if row is not None]
        assert each["at"] == min(found)
    assert [list(item) for item in result.cone.items()] == plain["cone"]


def test_outcomes_are_told_for_all_peers_as_soon_as_one_differs() -> None:
    """What nobody has otherwise is left out; collections are told by how much of them differs."""
    a = run()
    b = make_twin(a, {"links.loss": 50_000})
    result = compare(a, b)

    outcomes = to_plain(result)["outcomes"]

    changed = {name for outcome in result.outcomes.values() for name in outcome.find_changed()}
    assert changed == set(outcomes)
    for name in ("tip", "height", "bytes_sent"):
        pairs = [[getattr(each.a, name), getattr(each.b, name)] for each in result.outcomes.values()]
        assert pairs == outcomes[name]


def test_collections_count_what_only_one_run_has() -> None:
    """Names by themselves; connections by who is at the other end, for a new dial has a new number."""
    assert [2, 2, 1, 1] == compare_contents({"x": None, "y": None}, {"y": None, "z": None})
    assert [2, 2, 0, 0] == compare_contents({4: 1, 6: 2}, {8: 1, 10: 2})
    assert [2, 1, 1, 0] == compare_contents({4: 1, 6: 1}, {8: 1})


def test_every_kind_of_value_can_go_to_a_page() -> None:
    """A page has no 64-bit numbers, no classes, no bytes, and no room for a book."""
    cases = {
        "absent": (ABSENT, None),
        "number": (20_000, 20_000),
        "large number": (2**63, str(2**63)),
        "switch": (True, "True"),
        "text": ("2014", "2014"),
        "class": (BitcoinNode, "BitcoinNode"),
        "pair of numbers": ((1, 2), "(1, 2)"),
        "long": ("x" * 1000, "x" * LONGEST),
        "own command": (
            (5, Whisper("ann", b"\x01")),
            {"at": 5, "action": {"do": "Whisper", "peer": "ann", "secret": "b'\\x01'"}},
        ),
    }
    for value, plain in cases.values():
        assert plain == describe_value(value)
        assert plain == json.loads(json.dumps(describe_value(value)))
