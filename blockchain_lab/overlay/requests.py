"""Questions by datagram that wait for their answers. Any protocol of questions and answers can use it.

An answer counts when its nonce is one we have drawn, nobody has used it yet, and it comes from the address
that was asked. All else was never asked for, or comes too late. There is no second try: who asks many at once
(Kademlia, §2.3) need not know why one of them is silent.
"""

from dataclasses import dataclass, field
from typing import Final, Generic, TypeVar

from blockchain_lab.base.draws import CounterRandom
from blockchain_lab.base.effects import CancelTimer, Effect, SendTo, SetTimer, TimerName
from blockchain_lab.base.messages import Message
from blockchain_lab.base.units import Address, Microseconds

TOPIC: Final = "reply"
NONCE_SIZE: Final = 6  # bytes; 48 bits: nobody guesses them, and a page's numbers hold them exactly

About = TypeVar("About")


@dataclass(slots=True)
class Request(Generic[About]):
    """One question on its way."""

    address: Address  # who was asked
    about: About  # what the asker wants to remember of it
    asked_at: Microseconds


@dataclass(slots=True)
class Requests(Generic[About]):
    """All questions of one node that have no answer yet."""

    random: CounterRandom  # nonces that nobody can guess
    patience: Microseconds
    waiting: dict[int, Request[About]] = field(default_factory=dict)  # by nonce, oldest first

    def draw_nonce(self) -> int:
        """48 bits for the next question."""
        return self.random.bits() >> 64 - 8 * NONCE_SIZE

    def ask(
        self, address: Address, nonce: int, message: Message, about: About, now: Microseconds
    ) -> list[Effect]:
        """Send a question that carries this nonce, and begin to wait."""
        self.waiting[nonce] = Request(address, about, now)
        return [SendTo(address, message), SetTimer(TimerName(TOPIC, about=nonce), self.patience)]

    def take_answer(self, source: Address, nonce: int) -> tuple[Request[About] | None, list[Effect]]:
        """The question to this answer, which is over now; None when nobody waits for an answer like this."""
        request = self.waiting.get(nonce)
        if request is None or request.address != source:
            return None, []
        del self.waiting[nonce]
        return request, [CancelTimer(TimerName(TOPIC, about=nonce))]

    def take_timeout(self, name: TimerName) -> Request[About]:
        """The question that nobody has answered in time."""
        assert isinstance(name.about, int)
        return self.waiting.pop(name.about)
