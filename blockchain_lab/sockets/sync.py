"""Synchronise headers-first from one real node, then say goodbye: what `blockchain-lab sync` does."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from blockchain_lab.base.effects import Effect, Note
from blockchain_lab.base.errors import UsageError
from blockchain_lab.base.units import Address, Microseconds, display_hash
from blockchain_lab.bitcoin.node import BitcoinNode
from blockchain_lab.bitcoin.params import Network
from blockchain_lab.sockets.network import MixedNetwork
from blockchain_lab.sockets.tape import Tape

MAX_PORT: Final = 65_535
Tell = Callable[[int, int, int], None]  # the height to reach, headers known, blocks stored
Keep = Callable[[Tape], None]


@dataclass(frozen=True, slots=True)
class Synced:
    """Where a synchronisation ended."""

    user_agent: str  # what the other node calls itself, made printable
    height: int
    tip: str  # display order


class Impatient(BitcoinNode):
    """A node dials again later; who has typed a command wants to know now."""

    def on_dial_failed(self, remote: Address, reason: str, now: Microseconds) -> list[Effect]:
        """UsageError."""
        raise UsageError(f"{remote.ip}:{remote.port}: {reason}; is a Bitcoin node listening there?")


class Progress:
    """What the node's notes add up to."""

    def __init__(self, tell: Tell) -> None:
        """Nothing was heard yet."""
        self.tell = tell
        self.user_agent = ""
        self.goal: int | None = None  # the other node's height, as it claims; None before the handshake
        self.known = self.stored = 0
        self.is_finished = False
        self.fault = ""

    def on_note(self, note: Note) -> None:
        """One more note."""
        facts = note.facts
        match note.topic:
            case "handshake done":
                self.goal = facts["height"]
                self.user_agent = get_printable(facts["user_agent"])
                self.is_finished = facts["height"] <= 0  # it has nothing to give, and may well say nothing
            case "best header":
                self.known = facts["height"]
            case "tip changed":
                self.stored = facts["height"]
            case "sync finished":
                self.is_finished = True
            case "peer misbehaved":
                self.fault = get_printable(facts["reason"])
        if self.goal is not None:
            self.tell(max(self.goal, self.known), self.known, self.stored)


def get_printable(text: str) -> str:
    """A peer's words without what could steer a terminal."""
    return "".join(letter for letter in text if letter.isprintable())


def parse_address(text: str) -> Address:
    """`127.0.0.1:18444`, `localhost:18444`, `[::1]:18444`. UsageError."""
    host, _, port = text.rpartition(":")
    if not host or not port.isdecimal() or not 0 < int(port) <= MAX_PORT:
        raise UsageError(f"{text!r} is no HOST:PORT, such as 127.0.0.1:18444")
    return Address(host.removeprefix("[").removesuffix("]"), int(port))


async def sync(remote: Address, network: Network, tell: Tell, keep: Keep | None = None) -> Synced:
    """Fetch the whole chain of `remote`. UsageError when it cannot be reached, or leaves us half-way.

    `keep` gets the tape of all that was said, however it ended.
    """
    progress = Progress(tell)
    net = MixedNetwork(
        chain={"network": network.name},
        recorded=keep is not None,
        on_note=lambda _, note: progress.on_note(note),
    )
    net.add("me", dials=[remote], factory=Impatient)
    try:
        return await sync_through(net, remote, network, progress)
    finally:
        if keep is not None:
            keep(net.tape)


async def sync_through(net: MixedNetwork, remote: Address, network: Network, progress: Progress) -> Synced:
    """The same with a network that was not started."""
    async with net:
        node = net["me"]
        await net.until(lambda: bool(node.peers))
        await net.until(lambda: progress.is_finished or not node.peers)
        if not progress.is_finished:
            reason = progress.fault or "it closed the connection"
            raise UsageError(
                f"{remote.ip}:{remote.port} and we parted at height {node.chain.height} ({reason}): "
                f"is it on {network.name}?"
            )
        tip = node.chain.tip
    return Synced(progress.user_agent, tip.height, display_hash(tip.hash))
