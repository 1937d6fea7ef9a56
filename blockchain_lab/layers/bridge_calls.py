"""A call: what one name asks of a chain, signed and numbered. All contracts of this room are called so.

    chain | sender | nonce | kind 1, action | signature 64

The nonce is how many calls of the sender's a branch has carried before, as on Ethereum: so no call counts
twice, and of two with the same nonce a branch carries one. The chain's name is signed, too, or a call could
be played again on the other chain. There are no fees here: what they are for, the ledger's rooms show.
"""

from dataclasses import dataclass, replace
from hashlib import sha256
from typing import ClassVar, Final, Self

from blockchain_lab.base.errors import DecodeError
from blockchain_lab.base.fields import read_text, write_text, write_unsigned
from blockchain_lab.base.messages import Message
from blockchain_lab.base.once import once
from blockchain_lab.base.reader import UNSIGNED_8, UNSIGNED_32, UNSIGNED_64, Reader
from blockchain_lab.consensus.keys import SIGNATURE_SIZE, is_signed_by, sign
from blockchain_lab.layers import bridge_peg, channel_actions, rollup_actions


@dataclass(frozen=True)
class Transfer(Message):
    """Give coins to somebody on the same chain. Wire: to, amount 8."""

    command: ClassVar[str] = "transfer"
    to: str
    amount: int  # coins

    def encode(self) -> bytes:
        """The fields in order."""
        return write_text("to", self.to) + write_unsigned("amount", self.amount, UNSIGNED_64)

    @classmethod
    def read(cls, reader: Reader) -> Self:
        """DecodeError."""
        return cls(read_text(reader, "to"), reader.unsigned("amount", UNSIGNED_64))


ACTIONS: Final[tuple[type[Message], ...]] = (
    Transfer,
    *channel_actions.ACTIONS,
    *rollup_actions.ACTIONS,
    *bridge_peg.ACTIONS,
)  # a kind is a place in it


@dataclass(frozen=True)
class Call(Message):
    """Wire: chain, sender, nonce 4, kind 1, action, signature 64."""

    command: ClassVar[str] = "settle-call"
    lecture_class: ClassVar[str] = "announce"
    chain: str
    sender: str
    nonce: int
    action: Message  # one of `ACTIONS`
    signature: bytes = b""

    def sign(self) -> Self:
        """The same with its sender's signature."""
        return replace(self, signature=sign(self.sender, self.signed_bytes))

    def is_signed(self) -> bool:
        """Is it the sender's own signature?"""
        return is_signed_by(self.sender, self.signed_bytes, self.signature)

    @once
    def signed_bytes(self) -> bytes:
        """All but the signature. The first word keeps it apart from all else that a name signs."""
        head = write_text("purpose", self.command) + self._get_head()
        return head + self.action.encoding

    def encode(self) -> bytes:
        """The fields in order."""
        return self._get_head() + self.action.encoding + self.signature

    @classmethod
    def read(cls, reader: Reader) -> Self:
        """DecodeError, for a kind that nobody knows, too."""
        chain, sender = read_text(reader, "chain"), read_text(reader, "sender")
        nonce, kind = reader.unsigned("nonce", UNSIGNED_32), reader.unsigned("kind", UNSIGNED_8)
        if kind >= len(ACTIONS):
            raise DecodeError(f"kind: wanted 0 to {len(ACTIONS) - 1}, found {kind}")
        action = ACTIONS[kind].read(reader)
        return cls(chain, sender, nonce, action, reader.take("signature", SIGNATURE_SIZE))

    @once
    def name(self) -> bytes:
        """32 bytes: the SHA-256 of the whole call."""
        return sha256(self.encoding).digest()

    def _get_head(self) -> bytes:
        head = write_text("chain", self.chain) + write_text("sender", self.sender)
        kind = write_unsigned("kind", ACTIONS.index(type(self.action)), UNSIGNED_8)
        return head + write_unsigned("nonce", self.nonce, UNSIGNED_32) + kind
