"""A vote of Casper FFG, and the same with a signature, as it travels and as blocks carry it.

A vote names a *link* between two checkpoints: "if the source is justified, the target should be". The
height of a checkpoint is its epoch's number, not how many blocks or justified ancestors it has (Buterin,
Griffith, "Casper the Friendly Finality Gadget", arXiv 1710.09437v4, table 1). What is wrong with a pair of
votes says `slashing`.
"""

from dataclasses import dataclass
from typing import ClassVar, Final, Self

from blockchain_lab.base.fields import read_text, write_text, write_unsigned
from blockchain_lab.base.messages import Message
from blockchain_lab.base.once import once
from blockchain_lab.base.reader import UNSIGNED_32, Reader
from blockchain_lab.consensus.keys import SIGNATURE_SIZE, is_signed_by, sign

NAME_SIZE: Final = 32  # bytes: a block's SHA-256


@dataclass(frozen=True, slots=True)
class Vote:
    """`validator` says: justify `target`, for `source` is justified."""

    validator: str
    source: bytes  # a checkpoint's name
    target: bytes  # a later one's, on the same branch
    source_height: int  # epochs
    target_height: int  # epochs, greater than the source's

    @property
    def link(self) -> tuple[bytes, bytes]:
        """What is voted for; many validators name the same."""
        return self.source, self.target

    def to_bytes(self) -> bytes:
        """What is signed: the validator, source 32, target 32, heights 4 each, little-endian."""
        heights = [("source_height", self.source_height), ("target_height", self.target_height)]
        numbers = b"".join(write_unsigned(name, height, UNSIGNED_32) for name, height in heights)
        return write_text("validator", self.validator) + self.source + self.target + numbers


@dataclass(frozen=True)
class SignedVote(Message):
    """A vote and its validator's signature. Wire: the vote's bytes, signature 64."""

    command: ClassVar[str] = "vote"
    lecture_class: ClassVar[str] = "announce"
    vote: Vote
    signature: bytes

    @classmethod
    def by(cls, vote: Vote) -> Self:
        """Signed as its validator signs it."""
        return cls(vote, sign(vote.validator, vote.to_bytes()))

    def encode(self) -> bytes:
        """Vote, signature."""
        return self.vote.to_bytes() + self.signature

    @classmethod
    def read(cls, reader: Reader) -> Self:
        """DecodeError. Rules of voting are not asked here."""
        validator = read_text(reader, "validator")
        source, target = reader.take("source", NAME_SIZE), reader.take("target", NAME_SIZE)
        heights = reader.unsigned("source_height", UNSIGNED_32), reader.unsigned("target_height", UNSIGNED_32)
        return cls(Vote(validator, source, target, *heights), reader.take("signature", SIGNATURE_SIZE))

    def is_signed(self) -> bool:
        """Is it the validator's own signature?"""
        return self.has_own_signature

    @once
    def has_own_signature(self) -> bool:
        """The same, asked once for all who are handed this object."""
        return is_signed_by(self.vote.validator, self.vote.to_bytes(), self.signature)
