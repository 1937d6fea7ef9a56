"""Nodes that gossip badly: an honest node inside, and something else on its way out.

    silent   takes part in everything and never says a word
    liar     announces names of nothing, gives other items than those that were asked for, tells and compares
             made-up things, and cuts itself out of trees

Nobody can be kept from inventing news: an item that a liar makes up travels like any other. What can be asked
is that the true one reaches all honest peers that honest peers connect.
"""

from typing import Final

from blockchain_lab.base.actions import Command
from blockchain_lab.base.draws import draw
from blockchain_lab.base.effects import Effect, Send, SendTo, TimerName
from blockchain_lab.base.messages import Message
from blockchain_lab.base.node import Node, Setup
from blockchain_lab.base.units import Address, ConnectionId, Microseconds
from blockchain_lab.overlay.gossip import GossipNode
from blockchain_lab.overlay.gossip_ground import Ground
from blockchain_lab.overlay.gossip_messages import Graft, Have, IHave, Item, Prune, Rumour, Want
from blockchain_lab.overlay.reconcile_messages import Differ, Sketch
from blockchain_lab.overlay.sketch import Cell

LIE: Final = "It is not true that "  # in front of each item; a lie is not made worse
LONGEST: Final = 250  # letters: at most 1,000 bytes
MADE_UP: Final = 3  # names of nothing in front of each true one


class Disguise(Node):
    """A gossiping node behind one that may change each message that it sends."""

    obeys = GossipNode.obeys

    def __init__(self, setup: Setup) -> None:
        """Takes the policy of an honest node."""
        self.inner = GossipNode(setup)

    @property
    def ground(self) -> Ground:
        """What the inner node knows."""
        return self.inner.ground

    def bend(self, message: Message) -> list[Message]:
        """What is sent instead of one message."""
        return [message]

    def _bend_all(self, effects: list[Effect]) -> list[Effect]:
        bent: list[Effect] = []
        for effect in effects:
            if isinstance(effect, Send):
                bent += [Send(effect.conn, message) for message in self.bend(effect.message)]
            elif isinstance(effect, SendTo):
                bent += [SendTo(effect.address, message) for message in self.bend(effect.message)]
            else:
                bent.append(effect)
        return bent

    def on_start(self, now: Microseconds) -> list[Effect]:
        """As the inner node."""
        return self._bend_all(self.inner.on_start(now))

    def on_connected(
        self, conn: ConnectionId, remote: Address, inbound: bool, now: Microseconds
    ) -> list[Effect]:
        """As the inner node."""
        return self._bend_all(self.inner.on_connected(conn, remote, inbound, now))

    def on_dial_failed(self, remote: Address, reason: str, now: Microseconds) -> list[Effect]:
        """As the inner node."""
        return self._bend_all(self.inner.on_dial_failed(remote, reason, now))

    def on_message(self, conn: ConnectionId, message: Message, now: Microseconds) -> list[Effect]:
        """As the inner node."""
        return self._bend_all(self.inner.on_message(conn, message, now))

    def on_datagram(self, source: Address, message: Message, now: Microseconds) -> list[Effect]:
        """As the inner node."""
        return self._bend_all(self.inner.on_datagram(source, message, now))

    def on_timer(self, name: TimerName, now: Microseconds) -> list[Effect]:
        """As the inner node."""
        return self._bend_all(self.inner.on_timer(name, now))

    def on_disconnected(self, conn: ConnectionId, reason: str, now: Microseconds) -> list[Effect]:
        """As the inner node."""
        return self._bend_all(self.inner.on_disconnected(conn, reason, now))

    def on_command(self, command: Command, now: Microseconds) -> list[Effect]:
        """As the inner node."""
        return self._bend_all(self.inner.on_command(command, now))

    def find_problem(self, command: Command, now: Microseconds) -> str | None:
        """As the inner node."""
        return self.inner.find_problem(command, now)


class SilentNode(Disguise):
    """Kind "gossip-silent": hears everything and says nothing."""

    def bend(self, message: Message) -> list[Message]:
        """Nothing."""
        return []


class LyingNode(Disguise):
    """Kind "gossip-liar": nothing that it says of an item is true."""

    def bend(self, message: Message) -> list[Message]:
        """What it says is well-formed, but not so."""
        told: list[Message] = [message]  # greed is honest, and so is a question
        match message:
            case Have(names) if not isinstance(message, Want):
                made_up = (make_name(name, number) for name in names for number in range(MADE_UP))
                told = [Have((*made_up, *names))]
            case IHave(name=name):
                told = [IHave(1, make_name(name, 0)), message]
            case Item():
                told = [deny(message)]
            case Rumour(hops, item):
                told = [Rumour(hops, deny(item))]
            case Sketch(cells):
                told = [Sketch(tuple(Cell(1, place, place) for place, _ in enumerate(cells)))]
            case Differ(wanted=wanted):
                told = [Differ(True, tuple(short ^ 1 for short in wanted))]
            case Graft():
                told = [message, Prune()]
        return told


def deny(item: Item) -> Item:
    """The opposite of an item."""
    return item if item.text.startswith(LIE) else Item((LIE + item.text)[:LONGEST])


def make_name(name: bytes, number: int) -> bytes:
    """The name of an item that nobody has."""
    seed = int.from_bytes(name[:8], "little")
    return b"".join(draw(seed, number, part).to_bytes(8, "little") for part in range(4))
