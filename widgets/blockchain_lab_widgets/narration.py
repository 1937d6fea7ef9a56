"""What happened, in the words in which the page tells it (`describe.js`); a test holds the two together.

And, for a storyboard, longer words on what is told in one breath: a fork, a reorganisation, a partition.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from blockchain_lab.base.records import KIND_NAMES
from blockchain_lab_widgets.moment import Block

Facts = Mapping[str, Any]

SENTENCES: Final[Mapping[str, Callable[[str, str, Facts, str], str]]] = {
    "start": lambda me, you, facts, what: f"{me} starts",
    "connect": lambda me, you, facts, what: (
        f"{you} is connected to {me}" if facts.get("inbound") else f"{me} is connected to {you}"
    ),
    "dial-failed": lambda me, you, facts, what: f"{me} cannot reach {facts['remote']}: {facts['reason']}",
    "deliver": lambda me, you, facts, what: f"{what} reaches {me}",
    "datagram": lambda me, you, facts, what: f"{what} reaches {me}",
    "timer": lambda me, you, facts, what: f"timer {facts['timer']} of {me}",
    "disconnect": lambda me, you, facts, what: f"{me} lost {you}: {facts['reason']}",
    "command": lambda me, you, facts, what: f"{me} is told: {facts['do']}",
    "kill": lambda me, you, facts, what: f"{me} is killed: {facts['reason']}",
    "send": lambda me, you, facts, what: f"{me} sends {what} to {you}",
    "drop": lambda me, you, facts, what: f"{what} to {me} is lost",
    "dial": lambda me, you, facts, what: f"{me} dials {facts['remote']}",
    "hang-up": lambda me, you, facts, what: f"{me} hangs up on {you}: {facts['reason']}",
    "note": lambda me, you, facts, what: f"{me}: {facts['topic']}",
    "action": lambda me, you, facts, what: str(facts["do"]),
}


class Narrator:
    """Knows the peers' names and the blocks'."""

    def __init__(self, names: Sequence[str], blocks: Mapping[str, Block]) -> None:
        """`blocks`: all that anybody ever hears of, so that a name stays the same at every event."""
        self._names, self._blocks = names, blocks

    def name_peer(self, host: int) -> str:
        """A peer's name."""
        return self._names[host] if 0 <= host < len(self._names) else "somebody"

    def name_block(self, hash_: str) -> str:
        """B3; of a block never heard of, its first digits."""
        block = self._blocks.get(hash_)
        return block.name if block else f"?{hash_[:4]}"

    def describe(self, kind: int, peer: int, other: int, facts: Facts) -> str:
        """A record in a few plain words: "block B3 reaches bob"."""
        sentence = SENTENCES[KIND_NAMES[kind]]
        return sentence(self.name_peer(peer), self.name_peer(other), facts, self._name_message(facts))

    def _name_message(self, facts: Facts) -> str:
        txids = [f"tx {txid[:4]}" for txid in facts.get("txids") or []]
        command = facts.get("command")
        label = facts.get("label") or command or "control packet"
        if command == "tx" and txids:
            return txids[0]
        names = [*map(self.name_block, facts.get("blocks") or []), *txids]
        return f"{label}{' ' if command == 'block' else ': '}{', '.join(names)}" if names else str(label)
