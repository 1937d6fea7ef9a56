"""The smallest talkers on a stream: text with its length before it, an echo, and a caller who counts."""

from dataclasses import dataclass, field
from typing import ClassVar, Self

from blockchain_lab.base.actions import Command
from blockchain_lab.base.effects import CancelTimer, Dial, Effect, HangUp, Note, Send, SetTimer, TimerName
from blockchain_lab.base.messages import Malformed, Message
from blockchain_lab.base.node import Node, Setup
from blockchain_lab.base.reader import Reader
from blockchain_lab.sockets.setup import make_setup
from blockchain_lab.sockets.tcp import TcpHost

MAX_TEXT = 1 << 20  # bytes; more is unreadable


@dataclass(frozen=True)
class Say(Message):
    """Any text. Wire: its UTF-8."""

    command: ClassVar[str] = "say"
    overhead: ClassVar[int] = 4
    text: str

    def encode(self) -> bytes:
        return self.text.encode()

    @classmethod
    def read(cls, reader: Reader) -> Self:
        return cls(reader.take("text", reader.left).decode())


class TextCodec:
    """Length as 4 bytes, little endian, then the text. Of a length over MAX_TEXT it makes no sense."""

    def frame(self, message: Message) -> bytes:
        return len(message.encoding).to_bytes(4, "little") + message.encoding

    def split(self, buffer: bytes) -> tuple[list[Message], bytes]:
        found: list[Message] = []
        while len(buffer) >= 4:
            length = int.from_bytes(buffer[:4], "little")
            if length > MAX_TEXT:
                return [*found, Malformed("say", f"length {length}", buffer[:4], fatal=True)], b""
            if len(buffer) < 4 + length:
                break
            found.append(Say.decode(buffer[4 : 4 + length]))
            buffer = buffer[4 + length :]
        return found, buffer


@dataclass
class Echo(Node):
    """Says back whatever it is told. "bye" makes it answer and hang up; `heard` is its disk."""

    setup: Setup
    heard: list[str] = field(default_factory=list)
    events: list[tuple] = field(default_factory=list)  # every call but on_message, in order

    def __post_init__(self) -> None:
        self.heard += self.setup.disk.get("heard", [])

    def on_connected(self, conn, remote, inbound, now) -> list[Effect]:
        self.events.append(("connected", conn, inbound))
        return []

    def on_message(self, conn, message, now) -> list[Effect]:
        if isinstance(message, Malformed):
            return [Note("nonsense", {"reason": message.reason})]
        self.heard.append(message.text)
        answer: list[Effect] = [Send(conn, message), Note("heard", {"text": message.text})]
        return [*answer, HangUp(conn, "as asked")] if message.text == "bye" else answer

    def on_disconnected(self, conn, reason, now) -> list[Effect]:
        self.events.append(("disconnected", conn, reason))
        return []

    def stored(self) -> dict:
        return {"heard": list(self.heard)}


@dataclass(frozen=True, slots=True)
class Speak(Command):
    """Say something on every open connection."""

    text: str


@dataclass
class Caller(Echo):
    """Dials its neighbours, and says what it is told to; it listens to the echo and does not answer it."""

    conns: dict[int, None] = field(default_factory=dict)

    def on_start(self, now) -> list[Effect]:
        return [Dial(address) for address in self.setup.neighbours]

    def on_connected(self, conn, remote, inbound, now) -> list[Effect]:
        self.conns[conn] = None
        return super().on_connected(conn, remote, inbound, now)

    def on_dial_failed(self, remote, reason, now) -> list[Effect]:
        self.events.append(("dial failed", remote, reason))
        return []

    def on_message(self, conn, message, now) -> list[Effect]:
        self.heard.append(message.text)
        return []

    def on_disconnected(self, conn, reason, now) -> list[Effect]:
        self.conns.pop(conn, None)
        return super().on_disconnected(conn, reason, now)

    def on_command(self, command, now) -> list[Effect]:
        match command:
            case Speak(text=text):
                return [Send(conn, Say(text)) for conn in self.conns]
        raise ValueError(f"{self.setup.name} cannot {command}")


@dataclass
class Alarms(Node):
    """Sets three timers, then puts one of them off and cancels another."""

    setup: Setup
    rang: list[tuple[str, int]] = field(default_factory=list)

    def on_start(self, now) -> list[Effect]:
        return [
            SetTimer(TimerName("put off"), 1_000),
            SetTimer(TimerName("cancelled"), 1_000),
            SetTimer(TimerName("prompt"), 2_000),
            SetTimer(TimerName("put off"), 40_000),
            CancelTimer(TimerName("cancelled")),
            CancelTimer(TimerName("never set")),
        ]

    def on_timer(self, name, now) -> list[Effect]:
        self.rang.append((name.topic, now))
        return []


def host_of(kind: type[Node], name: str = "echo", **more) -> TcpHost:
    """A host on loopback that talks in plain texts."""
    setup = make_setup(name, neighbours=more.pop("neighbours", ()))
    return TcpHost(kind, setup, TextCodec(), **more)


def calling(echo: TcpHost, **more) -> TcpHost:
    """A host whose node dials the echo."""
    return host_of(Caller, "caller", neighbours=[echo.address], listen=False, **more)
