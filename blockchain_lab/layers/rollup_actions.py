"""What is asked of a rollup's contract on the main chain: take coins in, keep a batch, judge one, pay out."""

from dataclasses import dataclass
from typing import ClassVar, Final, Self

from blockchain_lab.base.fields import read_list, write_list, write_unsigned
from blockchain_lab.base.messages import Message
from blockchain_lab.base.reader import UNSIGNED_16, UNSIGNED_32, UNSIGNED_64, Reader
from blockchain_lab.layers.rollup_steps import Step
from blockchain_lab.layers.rollup_tree import Witness, read_hash

MOST_STEPS: Final = 1_000  # in a batch; ours


@dataclass(frozen=True)
class EnterRollup(Message):
    """Take coins of mine, and owe them to my account there. Wire: amount 8."""

    command: ClassVar[str] = "enter-rollup"
    amount: int

    def encode(self) -> bytes:
        """The amount."""
        return write_unsigned("amount", self.amount, UNSIGNED_64)

    @classmethod
    def read(cls, reader: Reader) -> Self:
        """DecodeError."""
        return cls(reader.unsigned("amount", UNSIGNED_64))


@dataclass(frozen=True)
class PostBatch(Message):
    """Steps that happened, and the root over all accounts behind each. Wire: number 4, steps, roots 32.

    All data stand on the chain, so everybody can check it; the contract believes it until somebody has.
    """

    command: ClassVar[str] = "post-batch"
    number: int  # 0 is the first
    steps: tuple[Step, ...]
    roots: tuple[bytes, ...]  # one behind each step; the last one is the batch's commitment

    def encode(self) -> bytes:
        """The fields in order."""
        head = write_unsigned("number", self.number, UNSIGNED_32)
        steps = write_list("steps", (step.encoding for step in self.steps))
        return head + steps + write_list("roots", self.roots)

    @classmethod
    def read(cls, reader: Reader) -> Self:
        """DecodeError."""
        number = reader.unsigned("number", UNSIGNED_32)
        steps = read_list(reader, "steps", read_step, most=MOST_STEPS)
        return cls(number, steps, read_list(reader, "roots", read_hash, most=MOST_STEPS))


def read_step(reader: Reader, name: str) -> Step:
    """One of a batch's. DecodeError."""
    return Step.read(reader)


@dataclass(frozen=True)
class OfStep(Message):
    """Base of what is about one step of a batch. Wire: batch 4, step 2."""

    batch: int
    step: int

    def encode(self) -> bytes:
        """The fields in order."""
        head = write_unsigned("batch", self.batch, UNSIGNED_32)
        return head + write_unsigned("step", self.step, UNSIGNED_16)

    @classmethod
    def read(cls, reader: Reader) -> Self:
        """DecodeError."""
        return cls(reader.unsigned("batch", UNSIGNED_32), reader.unsigned("step", UNSIGNED_16))


@dataclass(frozen=True)
class Prove(OfStep):
    """A step is wrong, or the root behind it: look. Wire: batch 4, step 2, witnesses.

    witnesses: of the sender before the step, then of the receiver behind the debit; each only if the step
    has one. So the contract sees two accounts and no more.
    """

    command: ClassVar[str] = "prove"
    witnesses: tuple[Witness, ...] = ()

    def encode(self) -> bytes:
        """The fields in order."""
        return super().encode() + write_list("witnesses", (each.encoding for each in self.witnesses))

    @classmethod
    def read(cls, reader: Reader) -> Self:
        """DecodeError."""
        batch, step = reader.unsigned("batch", UNSIGNED_32), reader.unsigned("step", UNSIGNED_16)
        return cls(batch, step, read_list(reader, "witnesses", read_witness, most=2))


def read_witness(reader: Reader, name: str) -> Witness:
    """One of a proof's. DecodeError."""
    return Witness.read(reader)


@dataclass(frozen=True)
class Claim(OfStep):
    """A step is an exit of mine, and its batch is final: pay me."""

    command: ClassVar[str] = "claim"


ACTIONS: Final[tuple[type[Message], ...]] = (EnterRollup, PostBatch, Prove, Claim)
