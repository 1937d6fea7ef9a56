"""Which moments of a run tell most of it: the rule by which a storyboard of six is chosen.

Always the scenario's poster and the end. The others by rank, as long as there is room: the deepest
reorganisation, what the story or the learner does to the network (the first time, and the healing), the first
fork, agreement afterwards, a finalised checkpoint, the first block; then the first note of every other topic,
rarest first; then events evenly spaced. Two moments are never nearer than a hundredth of the run.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from blockchain_lab.base.records import Kind
from blockchain_lab_widgets.moment import Moment, learn
from blockchain_lab_widgets.narration import Narrator
from blockchain_lab_widgets.packing import Packer

COUNT: Final = 6
APART: Final = 100  # two moments are this part of the run apart
ORDER: Final = (
    "reorganisation", "action", "healing", "fork", "agreement", "conflict", "finality", "first block",
    "order",
)  # fmt: skip
TO_THE_NETWORK: Final[Mapping[str, str]] = {  # what is done to it, and not asked of a node
    "Partition": "A partition cuts off {who}",
    "Heal": "The partition heals",
    "Kill": "{who} is switched off",
    "Revive": "{who} is switched on again",
    "ChangeAddress": "{who} gets another address",
    "SetLink": "The link between {who} changes",
    "SetKnob": "The knob {who} is turned",
    "DropMessage": "A message is taken out of flight",
    "DelayMessage": "A message is held up",
    "DuplicateMessage": "A message is doubled",
    "EditMessage": "A message is changed on its way",
}
FINALITY: Final = {"finality conflict": "conflict", "slashed": "conflict", "checkpoint finalised": "finality"}
LIVE: Final = (Kind.START, Kind.KILL, Kind.NOTE)


@dataclass(slots=True)
class Finder:
    """Reads a run once, and remembers what may be worth a picture: by name, its event and what to say."""

    narrator: Narrator
    moment: Moment
    found: dict[str, tuple[int, str]] = field(default_factory=dict)
    topics: dict[str, tuple[int, str]] = field(default_factory=dict)  # the first note of each
    counts: Counter[str] = field(default_factory=Counter)
    deepest: int = 0  # blocks that the deepest reorganisation has undone
    _children: dict[str, str] = field(default_factory=dict)  # block -> the first that was built on it
    _were_split: bool = False

    def read(self, event: int, kind: int, peer: int, other: int, facts: Mapping[str, Any]) -> None:
        """One record."""
        if kind == Kind.ACTION:
            self._on_action(event, facts)
        if kind == Kind.NOTE:
            learn(self.moment, peer, facts)
            self._on_note(event, peer, facts)
        elif kind in (Kind.START, Kind.KILL):
            self.moment.is_on[peer] = kind == Kind.START
            is_seen = kind == Kind.START and not facts.get("unknown")
            self.moment.tips[peer] = self.moment.genesis if is_seen else None

    def _on_action(self, event: int, facts: Mapping[str, Any]) -> None:
        name = str(facts["do"])
        if name in TO_THE_NETWORK:
            text = TO_THE_NETWORK[name].format(who=name_who(facts))
            self.found.setdefault("healing" if name == "Heal" else "action", (event, text))
        else:
            self.found.setdefault("order", (event, f"{facts.get('peer', 'somebody')} is told: {name}"))

    def _on_note(self, event: int, peer: int, facts: Mapping[str, Any]) -> None:
        me, topic = self.narrator.name_peer(peer), str(facts["topic"])
        self.counts[topic] += 1
        self.topics.setdefault(topic, (event, f"{me}: {topic}"))
        if topic == "block accepted":
            self._on_block(event, me, facts["hash"], facts["parent"])
        elif topic == "tip changed":
            self._on_tip(event, me, facts)
        elif name := FINALITY.get(topic):
            self.found.setdefault(name, (event, f"{me}: {topic}"))

    def _on_block(self, event: int, me: str, hash_: str, parent: str) -> None:
        name = self.narrator.name_block
        self.found.setdefault("first block", (event, f"{me} has block {name(hash_)}, the first new one"))
        first = self._children.setdefault(parent, hash_)
        if first != hash_:
            text = f"A fork: {name(hash_)} and {name(first)} are both built on {name(parent)}"
            self.found.setdefault("fork", (event, text))

    def _on_tip(self, event: int, me: str, facts: Mapping[str, Any]) -> None:
        undone, tip = facts.get("disconnected", 0), self.narrator.name_block(facts["hash"])
        if type(undone) is int and undone > self.deepest:
            self.deepest = undone
            blocks = "1 block" if undone == 1 else f"{undone:,} blocks"
            self.found["reorganisation"] = event, f"{me} undoes {blocks} and goes over to {tip}"
        tips = {
            each for each, is_on in zip(self.moment.tips, self.moment.is_on, strict=True) if is_on and each
        }
        if len(tips) == 1 and self._were_split and "fork" in self.found:
            count = sum(self.moment.is_on)
            self.found["agreement"] = event, f"All {count:,} peers stand on {tip}"
        self._were_split = len(tips) > 1


def find_moments(packer: Packer, narrator: Narrator, moment: Moment, poster: int) -> dict[int, str]:
    """Event -> what has happened there, in order; fewer than six for a run of fewer events. O(records).

    `moment`: the run before its first record. The last words are for the end, whose state says itself.
    """
    finder = Finder(narrator, moment)
    last = 0
    for told in packer.tell(0, len(packer)):
        finder.read(*told)
        last = told[0]
    if last == 0:
        return {}
    chosen = {last: "The end of the run"}
    if 0 < poster < last:
        chosen[poster] = ""
    for event, text in rank(finder, last):
        if len(chosen) == COUNT:
            break
        near = [other for other in chosen if abs(other - event) * APART < last]
        if near == [poster] and not chosen[poster]:
            del chosen[poster]  # the moment for which the poster was made
            near = []
        if not near:
            chosen[event] = text
    told_events = tell_events(packer, narrator, {event for event, text in chosen.items() if not text})
    return {event: chosen[event] or told_events.get(event, "") for event in sorted(chosen)}


def name_who(facts: Mapping[str, Any]) -> str:
    """Whom an action is about."""
    if "group" in facts:
        return ", ".join(map(str, facts["group"]))
    if "a" in facts:
        return f"{facts['a']} and {facts['b']}"
    return str(facts.get("peer") or facts.get("knob"))


def rank(finder: Finder, last: int) -> Iterator[tuple[int, str]]:
    """All that might be shown, the most telling first."""
    yield from (finder.found[name] for name in ORDER if name in finder.found)
    shown = {"block accepted", "tip changed", *FINALITY}
    yield from (
        finder.topics[topic]
        for topic in sorted(finder.topics, key=lambda topic: (finder.counts[topic], finder.topics[topic][0]))
        if topic not in shown and not topic.endswith(" loaded")  # what a peer had on its disk
    )
    yield from ((last * part // COUNT, "") for part in range(1, COUNT))


def tell_events(packer: Packer, narrator: Narrator, events: set[int]) -> dict[int, str]:
    """What the page's narration says of an event: its first record, which is what triggered it."""
    told: dict[int, str] = {}
    for event, kind, peer, other, facts in packer.tell(0, len(packer)):
        if event in events and event not in told:
            told[event] = narrator.describe(kind, peer, other, facts)
    return told
