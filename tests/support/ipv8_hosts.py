"""Hosts on py-ipv8 for the tests: echoes and callers who speak in plain texts, and who dials when told to."""

import socket
from contextlib import closing
from dataclasses import dataclass

from blockchain_lab.base.actions import Command
from blockchain_lab.base.effects import Dial, Effect, SendTo
from blockchain_lab.base.messages import Message, Unknown
from blockchain_lab.base.node import Node
from blockchain_lab.base.units import Address
from blockchain_lab.sockets.ipv8 import Ipv8Host, Patience
from blockchain_lab.sockets.setup import make_setup
from support.echo_nodes import Caller, Echo, Say

SHORT = Patience(inactive=0.1, ping_interval=0.1, drop=0.8, tick=0.05)


def decode(command: str, payload: bytes) -> Message:
    """`Say`, or what nobody knows."""
    return Say.decode(payload) if command == "say" else Unknown(command, payload)


@dataclass(frozen=True, slots=True)
class Reach(Command):
    """Dial an address."""

    address: Address


@dataclass(frozen=True, slots=True)
class Shout(Command):
    """Send a text to an address, without a line."""

    address: Address
    text: str


@dataclass
class Obedient(Caller):
    """Dials and calls when it is told to, and remembers who called it."""

    def on_command(self, command, now) -> list[Effect]:
        match command:
            case Reach(address=address):
                return [Dial(address)]
            case Shout(address=address, text=text):
                return [SendTo(address, Say(text))]
        return super().on_command(command, now)

    def on_datagram(self, source, message, now) -> list[Effect]:
        self.events.append(("called", source, message.text))
        return []


def host_of(kind: type[Node] = Echo, name: str = "echo", **more) -> Ipv8Host:
    """A host that talks in plain texts."""
    setup = make_setup(name, **{key: more.pop(key) for key in ("neighbours", "address") if key in more})
    return Ipv8Host(kind, setup, decode, **more)


def calling(echo: Ipv8Host, kind: type[Node] = Caller, **more) -> Ipv8Host:
    """A host whose node dials the echo."""
    return host_of(kind, "caller", neighbours=[echo.address], **more)


def send_from_outside(packet: bytes, to: Address) -> Address:
    """One datagram from a socket of nobody's. Its address."""
    with closing(socket.socket(socket.AF_INET, socket.SOCK_DGRAM)) as outside:
        outside.bind(("127.0.0.1", 0))
        outside.sendto(packet, to)
        return Address(*outside.getsockname())
