"""What a connection costs that is not kept for long: made, used for a while, closed, and made again.

    dial, accept, done      three packets before the first useful byte (TCP's handshake, RFC 9293 section 3.5)
    ask, answer, ...        as long as the session lasts
    hang up, dial, ...      and everything anew

Datagrams need none of this: the first packet carries the first question.
"""

from typing import Final

from blockchain_lab.base.actions import Command, SetPolicy
from blockchain_lab.base.choices import check_keys, read_number
from blockchain_lab.base.effects import Dial, Effect, HangUp, Send, SetTimer, TimerName
from blockchain_lab.base.messages import Message
from blockchain_lab.base.node import Node, Setup
from blockchain_lab.base.units import MINUTE, SECOND, Address, ConnectionId, Microseconds
from blockchain_lab.overlay.liveness_messages import AliveAnswer, AliveAsk

TCP_HEADERS: Final = 40  # bytes around each packet: IPv4 20 (RFC 791), TCP 20 without options (RFC 9293)
OPENING: Final = 3  # packets that carry nothing: SYN, SYN with ACK, ACK
SET_UP: Final = OPENING * TCP_HEADERS  # bytes
KEYS: Final = ("ask_every", "session")
ASK: Final = "ask"
OVER: Final = "over"
AGAIN: Final = "again"
REDIAL_AFTER: Final = 5 * SECOND  # when nobody has answered; ours


class SessionNode(Node):
    """Kind "session": asks its neighbours over connections, and closes each when its session is over."""

    def __init__(self, setup: Setup) -> None:
        """UsageError for a policy that cannot be."""
        check_keys(setup.policy, KEYS)
        self.setup = setup
        self.remotes: dict[ConnectionId, Address] = {}  # where we have dialled
        self._read_policy()

    def _read_policy(self) -> None:
        self.ask_every = read_number(self.setup.policy, "ask_every", 10 * SECOND, least=1)
        self.session = read_number(self.setup.policy, "session", MINUTE, least=1)

    def on_start(self, now: Microseconds) -> list[Effect]:
        """Dial the neighbours."""
        return [Dial(address) for address in self.setup.neighbours]

    def on_connected(
        self, conn: ConnectionId, remote: Address, inbound: bool, now: Microseconds
    ) -> list[Effect]:
        """Who has dialled asks at once, and knows when it will be over."""
        if inbound:
            return []
        self.remotes[conn] = remote
        return [SetTimer(TimerName(OVER, conn), self.session), *self._ask(conn)]

    def on_message(self, conn: ConnectionId, message: Message, now: Microseconds) -> list[Effect]:
        """Answer a question; an answer has served its purpose by coming."""
        if type(message) is not AliveAsk:
            return []
        return [Send(conn, AliveAnswer(message.nonce))]

    def on_timer(self, name: TimerName, now: Microseconds) -> list[Effect]:
        """Ask again; or close the connection and make the next one; or dial once more."""
        if name.topic == AGAIN:
            return [Dial(self.setup.neighbours[int(name.about or 0)])]
        conn = name.conn
        assert conn is not None
        if name.topic == ASK:
            return self._ask(conn)
        return [HangUp(conn, "session over"), Dial(self.remotes.pop(conn))]

    def on_dial_failed(self, remote: Address, reason: str, now: Microseconds) -> list[Effect]:
        """Try again later."""
        return self._dial_later(remote)

    def on_disconnected(self, conn: ConnectionId, reason: str, now: Microseconds) -> list[Effect]:
        """The other end is gone: who has dialled dials again."""
        remote = self.remotes.pop(conn, None)
        return [] if remote is None else self._dial_later(remote)

    def on_command(self, command: Command, now: Microseconds) -> list[Effect]:
        """A new length holds from the next session on."""
        if isinstance(command, SetPolicy):
            self._read_policy()
        return []

    def _ask(self, conn: ConnectionId) -> list[Effect]:
        return [
            Send(conn, AliveAsk(self.setup.random.bits())),
            SetTimer(TimerName(ASK, conn), self.ask_every),
        ]

    def _dial_later(self, remote: Address) -> list[Effect]:
        return [SetTimer(TimerName(AGAIN, about=self.setup.neighbours.index(remote)), REDIAL_AFTER)]


def compute_set_up_part(session: Microseconds, ask_every: Microseconds, exchange: int) -> float:
    """The part of all bytes that makes the connection. exchange: bytes of an ask and its answer."""
    asks = -(-session // ask_every)  # at the beginning, and then as long as the session lasts
    return SET_UP / (SET_UP + asks * exchange)
