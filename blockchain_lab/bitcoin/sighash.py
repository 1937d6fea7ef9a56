"""What a signature signs: a hash of the transaction, as its hash type says. Two ways to compute it.

    type      inputs                     outputs               with ANYONECANPAY (0x80)
    ALL 1     all                        all                   only this input
    NONE 2    all, others' age open      none                  only this input
    SINGLE 3  all, others' age open      the one of our index  only this input

The legacy way writes the whole transaction anew for every input: n inputs cost n². BIP 143 hashes what all
inputs share once, and also commits to the value that is spent, so that a signer cannot be lied to about fees.

Not here: taproot (BIP 341). Scripts with OP_CODESEPARATOR, and signatures that stand in the very script they
sign (which Core cuts out of it), are not taken: no standard script has them, and our interpreter stops there.
Sources: Bitcoin Core `script/interpreter.cpp` (SignatureHash), BIP 143.
"""

from functools import cached_property
from typing import Final

from blockchain_lab.base.errors import UsageError
from blockchain_lab.bitcoin.codec import ZERO_HASH, hash256, unsigned, variable_bytes
from blockchain_lab.bitcoin.tx import (
    WRITE_UNSIGNED_32,
    WRITE_VALUE,
    Transaction,
    TxInput,
    TxOutput,
    write_inputs,
    write_outputs,
)

ALL: Final = 0x01
NONE: Final = 0x02
SINGLE: Final = 0x03
ANYONE_CAN_PAY: Final = 0x80
BASE_MASK: Final = 0x1F  # of the hash type's bits these choose ALL, NONE, SINGLE; blocks may hold any value
STANDARD_TYPES: Final = frozenset((ALL, NONE, SINGLE, ALL | 0x80, NONE | 0x80, SINGLE | 0x80))

SINGLE_BUG: Final = b"\x01" + bytes(31)  # the number 1: what SINGLE signs without an output of its index
ERASED_OUTPUT: Final = TxOutput(-1, b"")  # stands in for the outputs before ours, with SINGLE


def legacy_signature_hash(tx: Transaction, index: int, script_code: bytes, hash_type: int) -> bytes:
    """The 32 bytes that a signature of the input `index` signs, before BIP 143. O(size of `tx`).

    script_code: the script that asks for the signature: the spent output's, or the one behind a P2SH hash.
    hash_type: the signature's last byte, 0 .. 255. UsageError for an input that does not exist.
    """
    check_index(tx, index)
    base = hash_type & BASE_MASK
    if base == SINGLE and index >= len(tx.outputs):
        return SINGLE_BUG  # since 2009: such a signature fits every other transaction of its kind
    parts = [unsigned(tx.version, 4)]
    write_inputs(parts, _choose_inputs(tx, index, script_code, hash_type))
    write_outputs(parts, _choose_outputs(tx, index, base))
    parts += [unsigned(tx.lock_time, 4), unsigned(hash_type, 4)]
    return hash256(b"".join(parts))


def _choose_inputs(tx: Transaction, index: int, script_code: bytes, hash_type: int) -> tuple[TxInput, ...]:
    """Our own with the script code in its script's place; the others with none, or not at all."""
    own = tx.inputs[index]._replace(script=script_code)
    if hash_type & ANYONE_CAN_PAY:
        return (own,)
    is_age_open = hash_type & BASE_MASK in (NONE, SINGLE)
    others = [
        TxInput(other.previous, b"", 0 if is_age_open else other.sequence) if at != index else own
        for at, other in enumerate(tx.inputs)
    ]
    return tuple(others)


def _choose_outputs(tx: Transaction, index: int, base: int) -> tuple[TxOutput, ...]:
    if base == NONE:
        return ()
    if base == SINGLE:
        return (ERASED_OUTPUT,) * index + (tx.outputs[index],)
    return tx.outputs


class WitnessHasher:
    """The parts of BIP 143 that all inputs of one transaction share, each hashed at its first use."""

    def __init__(self, tx: Transaction) -> None:
        """For this transaction and no other."""
        self.tx = tx

    @cached_property
    def previous(self) -> bytes:
        """All outputs that are spent."""
        return hash256(b"".join(write_out_point(spending) for spending in self.tx.inputs))

    @cached_property
    def sequences(self) -> bytes:
        """All inputs' sequence numbers."""
        return hash256(b"".join(WRITE_UNSIGNED_32(spending.sequence) for spending in self.tx.inputs))

    @cached_property
    def outputs(self) -> bytes:
        """All new outputs."""
        return hash256(b"".join(map(write_output, self.tx.outputs)))

    def signature_hash(self, index: int, script_code: bytes, value: int, hash_type: int) -> bytes:
        """The 32 bytes that a signature of the input `index` signs in a script of witness version 0.

        script_code: as for P2PKH when P2WPKH is spent, else the witness script. value: of the spent output,
        satoshi. hash_type: 0 .. 255. UsageError for an input that does not exist. O(script) after the first.
        """
        check_index(self.tx, index)
        tx, own, base = self.tx, self.tx.inputs[index], hash_type & BASE_MASK
        is_alone = bool(hash_type & ANYONE_CAN_PAY)
        outputs = ZERO_HASH
        if base not in (NONE, SINGLE):
            outputs = self.outputs
        elif base == SINGLE and index < len(tx.outputs):  # BIP 143 has repaired the bug of old: zeros else
            outputs = hash256(write_output(tx.outputs[index]))
        parts = (
            unsigned(tx.version, 4),
            ZERO_HASH if is_alone else self.previous,
            ZERO_HASH if is_alone or base in (NONE, SINGLE) else self.sequences,
            write_out_point(own),
            variable_bytes(script_code),
            WRITE_VALUE(value),
            WRITE_UNSIGNED_32(own.sequence),
            outputs,
            unsigned(tx.lock_time, 4),
            unsigned(hash_type, 4),
        )
        return hash256(b"".join(parts))


def write_out_point(spending: TxInput) -> bytes:
    """Which output is spent, 36 bytes."""
    return spending.previous.txid + WRITE_UNSIGNED_32(spending.previous.index)


def write_output(output: TxOutput) -> bytes:
    """Value and script."""
    return WRITE_VALUE(output.value) + variable_bytes(output.script)


def check_index(tx: Transaction, index: int) -> None:
    """UsageError for an input that does not exist."""
    if not 0 <= index < len(tx.inputs):
        raise UsageError(f"input {index}: the transaction has {len(tx.inputs)}")
