"""What a learner's own node may do wrong, and what the lab says: at once, and by name."""

from collections.abc import Callable
from typing import Any

import pytest

from blockchain_lab.base.effects import Effect, Note, SetTimer, TimerName
from blockchain_lab.base.errors import ScenarioError, UsageError
from blockchain_lab.base.node import Node, Setup
from blockchain_lab.lab import Lab
from blockchain_lab.sim.scenario import Peer, Scenario

TICK = TimerName("tick")


class Diary(Node):
    """Notes the list that it goes on writing in: the ordinary mistake."""

    def __init__(self, setup: Setup) -> None:
        """An empty list."""
        self.seen: list[int] = []

    def on_start(self, now: int) -> list[Effect]:
        """Begin."""
        return [SetTimer(TICK, 1_000)]

    def on_timer(self, name: TimerName, now: int) -> list[Effect]:
        """One more entry."""
        self.seen.append(now)
        return [Note("diary", {"seen": self.seen}), SetTimer(TICK, 1_000)]


def make_lab(kind: Callable[[Setup], Node]) -> Lab:
    """One peer of this kind."""
    return Lab(Scenario(peers={"ann": Peer("mine")}), seed=7, kinds={"mine": kind})


def answering(answer: Any) -> Callable[[Setup], Node]:
    """A node that gives this answer when it starts."""

    class Answering(Node):
        """Answers once."""

        def on_start(self, now: int) -> list[Effect]:
            """The answer."""
            return answer  # type: ignore[no-any-return]

    return lambda setup: Answering()


def test_a_note_stays_what_it_was_when_it_was_written() -> None:
    """The node changes its list afterwards; the record does not, so the past keeps its digest."""
    lab = make_lab(Diary)
    lab.step(5)
    before = lab.digest()
    lab.step(5)
    lab.back(5)

    assert before == lab.digest()
    assert {"seen": [1_000]} == lab.trace[2].detail[1]


@pytest.mark.parametrize(
    ("answer", "problem"),
    [
        (None, "ann answered None, wanted a list of effects"),
        ([Note("height", {"mean": 1.5})], "ann noted height.mean: found 1.5, wanted whole numbers"),
        ([Note("peers", {"all": [{"of": {1}}]})], "ann noted peers.all.of: found {1}, wanted whole numbers"),
    ],
)
def test_an_answer_that_cannot_be_carried_out_is_refused_by_name(answer: Any, problem: str) -> None:
    """The event is undone, and the lab goes on being usable."""
    lab = make_lab(answering(answer))

    with pytest.raises(UsageError, match=problem.replace("{", r"\{").replace("}", r"\}")):
        lab.step()
    assert 0 == lab.head


@pytest.mark.parametrize(
    ("changes", "path"),
    [
        ({"policy": {"zed": 1}}, "peers.ann"),
        ({"peers": {"ann": Peer("bitcoin", disk={"mined": -5})}}, "peers.ann"),
        ({"chain": {"network": []}}, "chain.network"),
        ({"started_at": 1 << 40}, "started_at"),
    ],
)
def test_what_a_node_would_refuse_is_refused_before_the_run_begins(
    changes: dict[str, Any], path: str
) -> None:
    """Otherwise the lab would be stuck at its first event for good."""
    fields = {"peers": {"ann": Peer("bitcoin")}, "chain": {"network": "regtest"}} | changes

    with pytest.raises(ScenarioError) as refusal:
        Lab(Scenario(**fields))
    assert path == refusal.value.path
