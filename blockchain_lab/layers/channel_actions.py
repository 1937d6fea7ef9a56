"""What a channel's two sign for each other, and what they ask of the contract that holds their coins.

A state says how the coins of one channel are shared out, and which of many such sayings it is. It counts
when both have signed it. Nobody but the two sees a state until one of them posts it.

    number 0      all is the opener's; the contract knows it, nobody signs it
    number 2r     round r, proposed by the partner
    number 2r+1   round r, proposed by the opener: when both propose at once, this one is the newer
"""

from dataclasses import dataclass
from typing import ClassVar, Final, Self

from blockchain_lab.base.fields import read_text, write_text, write_unsigned
from blockchain_lab.base.messages import Message
from blockchain_lab.base.reader import UNSIGNED_32, UNSIGNED_64, Reader
from blockchain_lab.consensus.keys import SIGNATURE_SIZE, is_signed_by, sign

ID_SIZE: Final = 32  # bytes: a channel's id is the name of the call that has opened it
UNSIGNED: Final = bytes(SIGNATURE_SIZE)


@dataclass(frozen=True)
class ChannelState(Message):
    """Who gets what. Wire: channel 32, number 4, opener's coins 8, partner's coins 8."""

    command: ClassVar[str] = "state"
    channel: bytes
    number: int
    opener_coins: int
    partner_coins: int

    def encode(self) -> bytes:
        """The fields in order."""
        head = self.channel + write_unsigned("number", self.number, UNSIGNED_32)
        return (
            head
            + write_unsigned("opener_coins", self.opener_coins, UNSIGNED_64)
            + write_unsigned("partner_coins", self.partner_coins, UNSIGNED_64)
        )

    @classmethod
    def read(cls, reader: Reader) -> Self:
        """DecodeError."""
        channel, number = reader.take("channel", ID_SIZE), reader.unsigned("number", UNSIGNED_32)
        coins = reader.unsigned("opener_coins", UNSIGNED_64)
        return cls(channel, number, coins, reader.unsigned("partner_coins", UNSIGNED_64))

    def sign(self, name: str, purpose: str = "state") -> bytes:
        """A signature of 64 bytes. purpose: "state" to go on, "shut" to close together and at once."""
        return sign(name, write_text("purpose", f"channel {purpose}") + self.encoding)

    def is_signed_by(self, name: str, signature: bytes, purpose: str = "state") -> bool:
        """Has this name signed it, for this purpose?"""
        return is_signed_by(name, write_text("purpose", f"channel {purpose}") + self.encoding, signature)

    @property
    def round(self) -> int:
        """Which round of proposals; 0 is the opening."""
        return self.number // 2


@dataclass(frozen=True)
class SignedState(Message):
    """A state with both signatures. Wire: state, opener's signature 64, partner's signature 64."""

    command: ClassVar[str] = "signed-state"
    state: ChannelState
    opener_signature: bytes = UNSIGNED
    partner_signature: bytes = UNSIGNED

    @property
    def channel(self) -> bytes:
        """Which channel it is about."""
        return self.state.channel

    def encode(self) -> bytes:
        """The fields in order."""
        return self.state.encoding + self.opener_signature + self.partner_signature

    @classmethod
    def read(cls, reader: Reader) -> Self:
        """DecodeError."""
        state, first = ChannelState.read(reader), reader.take("opener_signature", SIGNATURE_SIZE)
        return cls(state, first, reader.take("partner_signature", SIGNATURE_SIZE))


@dataclass(frozen=True)
class Fund(Message):
    """Put coins into a new channel with somebody. Wire: partner, amount 8."""

    command: ClassVar[str] = "fund"
    partner: str
    amount: int  # coins

    def encode(self) -> bytes:
        """The fields in order."""
        return write_text("partner", self.partner) + write_unsigned("amount", self.amount, UNSIGNED_64)

    @classmethod
    def read(cls, reader: Reader) -> Self:
        """DecodeError."""
        return cls(read_text(reader, "partner"), reader.unsigned("amount", UNSIGNED_64))


@dataclass(frozen=True)
class WithState(Message):
    """Base of what brings a signed state to the contract. Wire: the signed state."""

    signed: SignedState

    def encode(self) -> bytes:
        """The signed state."""
        return self.signed.encoding

    @classmethod
    def read(cls, reader: Reader) -> Self:
        """DecodeError."""
        return cls(SignedState.read(reader))


@dataclass(frozen=True)
class CloseTogether(WithState):
    """Both have signed it "shut": pay out at once."""

    command: ClassVar[str] = "close-both"


@dataclass(frozen=True)
class CloseAlone(WithState):
    """I say that this is the newest state; whoever knows better has a window to say so."""

    command: ClassVar[str] = "close-alone"


@dataclass(frozen=True)
class Punish(WithState):
    """The state that was posted is old: its poster has signed this newer one."""

    command: ClassVar[str] = "punish"


@dataclass(frozen=True)
class Settle(Message):
    """The window is over: pay out what was posted. Wire: channel 32."""

    command: ClassVar[str] = "settle"
    channel: bytes

    def encode(self) -> bytes:
        """The channel."""
        return self.channel

    @classmethod
    def read(cls, reader: Reader) -> Self:
        """DecodeError."""
        return cls(reader.take("channel", ID_SIZE))


ACTIONS: Final[tuple[type[Message], ...]] = (Fund, CloseTogether, CloseAlone, Punish, Settle)
