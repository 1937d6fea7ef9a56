"""Nodes that gossip badly: an honest node inside, and something else on its way out.

    silent   takes part in everything and never says a word
    liar     announces names of nothing, gives other items than those that were asked for, tells and compares
             made-up things, and cuts itself out of trees

Nobody can be kept from inventing news: an item that a liar makes up travels like any other. What can be asked
is that the true one reaches all honest peers that honest peers connect.
"""

from typing import Final

from blockchain_lab.base.disguise import Disguise
from blockchain_lab.base.draws import draw
from blockchain_lab.base.effects import Effect, Send, SendTo
from blockchain_lab.base.messages import Message
from blockchain_lab.base.node import Setup
from blockchain_lab.overlay.gossip import GossipNode
from blockchain_lab.overlay.gossip_ground import Ground
from blockchain_lab.overlay.gossip_messages import Graft, Have, IHave, Item, Prune, Rumour, Want, announce
from blockchain_lab.overlay.reconcile_messages import Differ, Sketch
from blockchain_lab.overlay.sketch import Cell

LIE: Final = "It is not true that "  # in front of each item; a lie is not made worse
LONGEST: Final = 250  # letters: at most 1,000 bytes
MADE_UP: Final = 3  # names of nothing in front of each true one


class DisguisedGossip(Disguise[GossipNode]):
    """A gossiping node, each of whose messages may be changed."""

    obeys = GossipNode.obeys

    def __init__(self, setup: Setup) -> None:
        """Takes the policy of an honest node."""
        super().__init__(GossipNode(setup))

    @property
    def ground(self) -> Ground:
        """What the inner node knows."""
        return self.inner.ground

    def bend(self, message: Message) -> list[Message]:
        """What is sent instead of one message."""
        return [message]

    def bend_all(self, effects: list[Effect]) -> list[Effect]:
        """All of them, in order."""
        bent: list[Effect] = []
        for effect in effects:
            if isinstance(effect, Send):
                bent += [Send(effect.conn, message) for message in self.bend(effect.message)]
            elif isinstance(effect, SendTo):
                bent += [SendTo(effect.address, message) for message in self.bend(effect.message)]
            else:
                bent.append(effect)
        return bent


class SilentNode(DisguisedGossip):
    """Kind "gossip-silent": hears everything and says nothing."""

    def bend(self, message: Message) -> list[Message]:
        """Nothing."""
        return []


class LyingNode(DisguisedGossip):
    """Kind "gossip-liar": nothing that it says of an item is true."""

    def bend(self, message: Message) -> list[Message]:
        """What it says is well-formed, but not so."""
        told: list[Message] = [message]  # greed is honest, and so is a question
        match message:
            case Have(names) if not isinstance(message, Want):
                made_up = (make_name(name, number) for name in names for number in range(MADE_UP))
                told = [*announce([*made_up, *names])]
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
