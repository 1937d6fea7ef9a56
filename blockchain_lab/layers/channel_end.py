"""One end of a payment channel: the states that it holds, the one that it has proposed, and what it may sign.

    ann                                   bob
     next(3: 90 + 10, ann's signature) -->   he holds state 3 with both signatures, and could post it
     <-- yes(3, bob's signature)             she does, too

Who has signed a state may no longer post an older one, even before the answer comes: the other one may hold
it already. Who is proposed a state signs it only if it takes nothing from the signer. Messages and calls are
the trade's business.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TypeVar

from blockchain_lab.base.errors import DecodeError, UsageError
from blockchain_lab.consensus.errors import RuleBroken
from blockchain_lab.layers.channel_actions import UNSIGNED, ChannelState, SignedState
from blockchain_lab.layers.channel_rules import Channel

Held = TypeVar("Held", ChannelState, SignedState)


@dataclass(slots=True)
class ChannelEnd:
    """What one of the two knows."""

    channel: Channel  # as it was opened
    name: str  # which of the two we are
    states: list[SignedState] = field(default_factory=list)  # signed by both, oldest first
    proposed: ChannelState | None = None  # ours, not answered yet
    is_shutting: bool = False  # we have signed to close; no more payments

    @property
    def other(self) -> str:
        """Whom we share it with."""
        return self.channel.get_other(self.name)

    @property
    def newest(self) -> SignedState:
        """The last state that both have signed."""
        return self.states[-1]

    @property
    def is_opener(self) -> bool:
        """Have we opened it?"""
        return self.name == self.channel.opener

    def get_own(self, state: ChannelState) -> int:
        """Our coins in a state."""
        return state.opener_coins if self.is_opener else state.partner_coins

    def get_state(self, number: int) -> SignedState | None:
        """The state of that number, -1 for the newest; None when both have never signed it."""
        if number == -1:
            return self.newest
        return next((each for each in self.states if each.state.number == number), None)

    def make_payment(self, amount: int) -> ChannelState:
        """The next round's state, in which so many of our coins are the other's."""
        last = self.newest.state
        number = 2 * (last.round + 1) + int(self.is_opener)
        change = -amount if self.is_opener else amount
        return ChannelState(self.channel.id, number, last.opener_coins + change, last.partner_coins - change)

    def check_proposed(self, state: ChannelState, signature: bytes) -> None:
        """May we sign what the other one proposes? RuleBroken."""
        last = self.newest.state
        if state.number != 2 * (last.round + 1) + int(not self.is_opener):
            raise RuleBroken("number", f"found {state.number}, not {self.other}'s in the next round")
        if state.opener_coins + state.partner_coins != self.channel.total:
            raise RuleBroken("sum", f"found a state that does not share out {self.channel.total} coins")
        if self.get_own(state) < self.get_own(last):
            raise RuleBroken("theft", f"found {self.get_own(state)} of ours, wanted {self.get_own(last)}")
        if not state.is_signed_by(self.other, signature):
            raise RuleBroken("signature", f"not signed by {self.other}")

    def agree(self, state: ChannelState, theirs: bytes) -> SignedState:
        """Keep a state with their signature and ours."""
        ours = state.sign(self.name)
        pair = (ours, theirs) if self.is_opener else (theirs, ours)
        signed = SignedState(state, *pair)
        self.states.append(signed)
        return signed

    def get_ours(self, signed: SignedState) -> bytes:
        """Our own signature in a state."""
        return signed.opener_signature if self.is_opener else signed.partner_signature

    def make_shut(self, theirs: bytes) -> SignedState:
        """The newest state, signed by both to close with it."""
        state = self.newest.state
        ours = state.sign(self.name, "shut")
        return SignedState(state, *((ours, theirs) if self.is_opener else (theirs, ours)))


def open_end(channel: Channel, name: str) -> ChannelEnd:
    """An end with the first state only, which needs no signatures."""
    first = SignedState(channel.first.state, UNSIGNED, UNSIGNED)
    return ChannelEnd(channel, name, [first])


def read_held(kind: type[Held], texts: Iterable[str], owner: str) -> dict[bytes, list[Held]]:
    """States from a disk, by channel. UsageError."""
    held: dict[bytes, list[Held]] = {}
    try:
        for text in texts:
            each = kind.decode(bytes.fromhex(text))
            held.setdefault(each.channel, []).append(each)
    except (DecodeError, TypeError, ValueError) as problem:
        raise UsageError(f"disk of {owner}: {problem}") from None
    return held
