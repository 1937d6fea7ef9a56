"""The machine that scripts run on: a stack of byte strings, and the transaction that signatures are for.

Items are only bytes; an opcode takes them for a number, for true or false, for a key. What each opcode does
is in `stack_opcodes.py`, and which script runs when in `interpreter.py`.
Source: Bitcoin Core `script/interpreter.cpp` (EvalScript, CheckECDSASignature), `script/script.h`, BIP 66.
"""

from dataclasses import dataclass, field
from typing import Final, NamedTuple, NoReturn

from blockchain_lab.base.errors import DecodeError
from blockchain_lab.base.store import ContentStore
from blockchain_lab.bitcoin.keys import is_signature_valid, is_strict_der
from blockchain_lab.bitcoin.opcodes import Op
from blockchain_lab.bitcoin.script import Instruction, is_true, iterate
from blockchain_lab.bitcoin.sighash import WitnessHasher, legacy_signature_hash
from blockchain_lab.bitcoin.tx import Transaction, TxInput
from blockchain_lab.bitcoin.verdict import Flags, ScriptError

MAX_OPERATIONS: Final = 201  # opcodes above OP_16, and keys of a multisig (Core script.h, since 2010)
MAX_NUMBER_SIZE: Final = 4  # bytes (since 2010)

TRUE: Final = b"\x01"
FALSE: Final = b""


class ScriptFailed(Exception):
    """The script does not allow the spending. Never leaves `interpreter.py`."""

    def __init__(self, error: ScriptError) -> None:
        super().__init__(error.value)
        self.error = error


class NotKnown(Exception):
    """The script asks for something that this machine does not know. Never leaves `interpreter.py`."""


class Step(NamedTuple):
    """What a lesson shows: one opcode has run, and this lies on the stack now, top last."""

    script: str  # which one: "input", "output", "redeem", "witness"
    instruction: Instruction
    stack: tuple[bytes, ...]


@dataclass(slots=True)
class Spending:
    """What signatures and locks are checked against: one input of a transaction."""

    tx: Transaction
    index: int
    value: int  # satoshi, of the spent output
    hasher: WitnessHasher
    store: ContentStore | None

    @property
    def input(self) -> TxInput:
        """The input itself."""
        return self.tx.inputs[self.index]


@dataclass(slots=True)
class Machine:
    """A stack and what the opcodes may ask about. Scripts run on it one after the other."""

    spending: Spending
    flags: Flags
    steps: list[Step] | None = None  # where to note every step, if anybody wants to see them
    is_witness: bool = False  # the script's signatures hash as BIP 143 says
    stack: list[bytes] = field(default_factory=list)  # top last
    script: bytes = b""  # that runs now
    operations: int = 0  # of this script, so far

    def fail(self, error: ScriptError) -> NoReturn:
        """Stop here."""
        raise ScriptFailed(error)

    def count_operations(self, count: int) -> None:
        """Not too many, for one script."""
        self.operations += count
        if self.operations > MAX_OPERATIONS:
            self.fail(ScriptError.OP_COUNT)

    def need(self, count: int) -> None:
        """At least so many items must be there."""
        if len(self.stack) < count:
            self.fail(ScriptError.INVALID_STACK_OPERATION)

    def take(self) -> bytes:
        """The top item, removed."""
        self.need(1)
        return self.stack.pop()

    def take_true(self, otherwise: ScriptError) -> None:
        """Remove the top item, which must be true."""
        if not is_true(self.take()):
            self.fail(otherwise)

    def to_number(self, item: bytes, size: int = MAX_NUMBER_SIZE) -> int:
        """The number that an item of at most `size` bytes is: little-endian, the top bit is the sign."""
        if len(item) > size:
            self.fail(ScriptError.SCRIPTNUM)
        raw = int.from_bytes(item, "little")
        sign = 1 << (8 * len(item) - 1) if item else 0
        return -(raw ^ sign) if raw & sign else raw

    def push_flag(self, flag: bool) -> None:
        """True or false, as the machine writes them."""
        self.stack.append(TRUE if flag else FALSE)

    def check_signature(self, signature: bytes, key: bytes) -> bool:
        """Has the key signed this spending? `signature`: as in scripts, with the hash type behind it."""
        if not signature:
            return False
        if not is_strict_der(signature[:-1]):
            if self.flags & Flags.DERSIG:
                self.fail(ScriptError.SIG_DER)
            raise NotKnown("a signature that is not strict DER, which a block before BIP 66 may hold")
        digest = self.signature_hash(signature)
        return is_signature_valid(key, signature[:-1], digest, self.spending.store)

    def signature_hash(self, signature: bytes) -> bytes:
        """What this signature must have signed."""
        spending, hash_type = self.spending, signature[-1]
        if self.is_witness:
            return spending.hasher.signature_hash(spending.index, self.script, spending.value, hash_type)
        return legacy_signature_hash(spending.tx, spending.index, self.script, hash_type)

    def check_script_code(self, *signatures: bytes) -> None:
        """NotKnown where Core cuts something out of the script before it hashes it (see `sighash.py`)."""
        try:
            for _, opcode, data in iterate(self.script):
                if opcode == Op.OP_CODESEPARATOR:
                    raise NotKnown("OP_CODESEPARATOR (0xab)")
                if data in signatures and not self.is_witness:
                    raise NotKnown("a signature that stands in the script that it signs")
        except DecodeError:  # Core, too, looks no further
            return
