"""A transaction: takes coins off earlier outputs, makes new ones. As bytes, with and without witnesses.

    version | (00 01) | inputs | outputs | (witnesses) | lock time        parts in () since BIP 144

The *txid* hashes it without the parts in (), so that a signature is no part of the name; the *wtxid*
hashes all. What scripts mean and which transactions are valid is not known here.

A block of 1 MB is some ten thousand inputs and outputs, so the loops over them read `reader.source`
themselves instead of calling the reader for each field. Source: Bitcoin Core `primitives/transaction.h`.
"""

from dataclasses import dataclass
from functools import cached_property
from struct import Struct
from struct import error as StructError
from typing import ClassVar, Final, NamedTuple, Self

from blockchain_lab.base.errors import DecodeError, UsageError
from blockchain_lab.base.reader import UNSIGNED_32, Reader
from blockchain_lab.bitcoin.codec import (
    HASH_SIZE,
    MARKER_16,
    ZERO_HASH,
    check_hash,
    compact_size,
    get_compact_size,
    hash256,
    read_count,
    unsigned,
    variable_bytes,
)
from blockchain_lab.bitcoin.message_base import BitcoinMessage, LectureClass, Versions

MARKER_AND_FLAG: Final = b"\x00\x01"  # where the input count would be; no real transaction has 0 inputs
SMALLEST_INPUT: Final = 41  # bytes: with an empty script
SMALLEST_OUTPUT: Final = 9
SMALLEST_TRANSACTION: Final = 10  # no inputs, no outputs: it can be written, though never be valid
FINAL_SEQUENCE: Final = 0xFFFFFFFF
WITNESS_SCALE: Final = 4  # a witness byte weighs 1, any other byte 4 (BIP 141)

READ_OUT_POINT: Final = Struct("<32sI").unpack_from
READ_SEQUENCE: Final = Struct("<I").unpack_from
READ_VALUE: Final = Struct("<q").unpack_from
WRITE_UNSIGNED_32: Final = Struct("<I").pack
WRITE_VALUE: Final = Struct("<q").pack


class OutPoint(NamedTuple):
    """Names an output of an earlier transaction."""

    txid: bytes  # 32 bytes, internal order
    index: int  # type: ignore[assignment]  # 4 bytes, little-endian: counts from 0 (hides tuple.index)


NULL_OUT_POINT: Final = OutPoint(ZERO_HASH, 0xFFFFFFFF)  # what a coinbase spends: nothing


class TxInput(NamedTuple):
    """Spends one output."""

    previous: OutPoint  # 36 bytes
    script: bytes  # CompactSize and bytes: proves the right to spend it (scriptSig)
    sequence: int = FINAL_SEQUENCE  # 4 bytes, little-endian: lock by age (BIP 68), replaceable (BIP 125)


class TxOutput(NamedTuple):
    """Some coins and the condition for spending them."""

    value: int  # 8 bytes, little-endian, signed: satoshi, 10**-8 bitcoin
    script: bytes  # CompactSize and bytes: what a spender must satisfy (scriptPubKey)


Witness = tuple[bytes, ...]  # of one input: CompactSize and that many (CompactSize and bytes)


@dataclass(frozen=True)
class Transaction(BitcoinMessage):
    """A transaction; also the message `tx`."""

    command: ClassVar[str] = "tx"
    lecture_class: ClassVar[LectureClass] = "data"
    versions: ClassVar[Versions] = Versions("0.1")
    source: ClassVar[str] = "Bitcoin 0.1; witnesses: BIP 144"

    version: int  # 4 bytes, unsigned (signed before Core 28): 2 or more for locks by age (BIP 68)
    inputs: tuple[TxInput, ...]  # CompactSize and at least 41 bytes each
    outputs: tuple[TxOutput, ...]  # CompactSize and at least 9 bytes each
    witnesses: tuple[Witness, ...] = ()  # one per input, in order; or () when no input has one
    lock_time: int = 0  # 4 bytes: not before this height (< 500,000,000) or Unix time (seconds)

    @property
    def has_witness(self) -> bool:
        """Does any input have a witness? Else none is written, and txid and wtxid are the same."""
        return any(self.witnesses)

    def is_coinbase(self) -> bool:
        """Is it the one that pays a block's miner: a single input that spends nothing?"""
        return len(self.inputs) == 1 and self.inputs[0].previous == NULL_OUT_POINT

    def encode(self) -> bytes:
        """All of it, witnesses included."""
        parts: list[bytes] = []
        self.write_onto(parts, with_witness=True)
        return b"".join(parts)

    def encode_stripped(self) -> bytes:
        """It as it was before BIP 144: what the txid hashes."""
        parts: list[bytes] = []
        self.write_onto(parts, with_witness=False)
        return b"".join(parts)

    def write_onto(self, parts: list[bytes], *, with_witness: bool) -> None:
        """Append its bytes, in pieces: a block joins the pieces of all its transactions once. UsageError."""
        with_witness = with_witness and self.has_witness
        parts.append(unsigned(self.version, UNSIGNED_32))
        if with_witness:
            parts.append(MARKER_AND_FLAG)
        try:
            write_inputs(parts, self.inputs)
            write_outputs(parts, self.outputs)
        except StructError as fault:
            raise UsageError(f"index, sequence or value of a transaction: {fault}") from None
        if with_witness:
            write_witnesses(parts, self)
        parts.append(unsigned(self.lock_time, UNSIGNED_32))

    @classmethod
    def read(cls, reader: Reader) -> Self:
        """Read one, noted as `transaction` behind its parts."""
        start = reader.at
        version = reader.unsigned("version", UNSIGNED_32)
        with_witness = read_marker_and_flag(reader)
        inputs = read_inputs(reader)
        outputs = read_outputs(reader)
        witnesses = read_witnesses(reader, len(inputs)) if with_witness else ()
        lock_time = reader.unsigned("lock_time", UNSIGNED_32)
        reader.close("transaction", start)
        return cls(version, inputs, outputs, witnesses, lock_time)

    @cached_property
    def _txid(self) -> bytes:
        return hash256(self.encode_stripped())

    def txid(self) -> bytes:
        """Its name, 32 bytes, internal order: the hash without witnesses. Computed once."""
        return self._txid

    @cached_property
    def _wtxid(self) -> bytes:
        return hash256(self.encode()) if self.has_witness else self._txid

    def wtxid(self) -> bytes:
        """The hash with witnesses, 32 bytes, internal order (BIP 141). Computed once."""
        return self._wtxid

    @cached_property
    def _stripped_size(self) -> int:
        return len(self.encode_stripped())

    def stripped_size(self) -> int:
        """Bytes without witnesses. Computed once."""
        return self._stripped_size

    @cached_property
    def _weight(self) -> int:
        size = len(self.encode()) if self.has_witness else self._stripped_size
        return (WITNESS_SCALE - 1) * self._stripped_size + size

    def weight(self) -> int:
        """Weight units (BIP 141): 3 times the bytes without witnesses plus all bytes. Computed once."""
        return self._weight

    def virtual_size(self) -> int:
        """Virtual bytes, by which fees are counted: a quarter of the weight, rounded up."""
        return -(-self._weight // WITNESS_SCALE)


def read_marker_and_flag(reader: Reader) -> bool:
    """Do witnesses follow? Then two bytes are read. DecodeError for a flag that nobody has defined."""
    two = reader.source[reader.at : reader.at + len(MARKER_AND_FLAG)]
    if two == MARKER_AND_FLAG:
        reader.take("marker_and_flag", len(MARKER_AND_FLAG))
        return True
    if two > MARKER_AND_FLAG and two[0] == 0:
        raise DecodeError(f"marker_and_flag: wanted 0001 at {reader.at}, found {two.hex()}")
    return False


def read_inputs(reader: Reader) -> tuple[TxInput, ...]:
    """The count and the inputs."""
    count = read_count(reader, "input_count", item_size=SMALLEST_INPUT)
    source, start, names, places = reader.source, reader.at, reader.names, reader.places
    inputs = []
    try:
        for _ in range(count):
            txid, index = READ_OUT_POINT(source, start)
            index_at, length_at, script_at = start + 32, start + 36, start + 37
            length = source[length_at]
            if length >= MARKER_16:
                length, script_at = get_compact_size(source, length_at, "script_length")
            sequence_at = script_at + length
            (sequence,) = READ_SEQUENCE(source, sequence_at)
            end = sequence_at + 4
            names += ("txid", "index", "script_length", "script", "sequence", "input")
            places.fromlist([
                start, index_at, index_at, length_at, length_at, script_at,
                script_at, sequence_at, sequence_at, end, start, end,
            ])  # fmt: skip
            inputs.append(TxInput(OutPoint(txid, index), source[script_at:sequence_at], sequence))
            start = end
    except (StructError, IndexError):
        raise DecodeError(f"input: the bytes end inside number {len(inputs)}, from {start}") from None
    finally:
        reader.at = start  # also behind the last one that was whole
    return tuple(inputs)


def write_inputs(parts: list[bytes], inputs: tuple[TxInput, ...]) -> None:
    """Back from `read_inputs`."""
    parts.append(compact_size(len(inputs)))
    for (txid, index), script, sequence in inputs:
        parts += (
            txid if len(txid) == HASH_SIZE else check_hash("txid", txid),
            WRITE_UNSIGNED_32(index),
            compact_size(len(script)),
            script,
            WRITE_UNSIGNED_32(sequence),
        )


def read_outputs(reader: Reader) -> tuple[TxOutput, ...]:
    """The count and the outputs."""
    count = read_count(reader, "output_count", item_size=SMALLEST_OUTPUT)
    source, start, names, places = reader.source, reader.at, reader.names, reader.places
    outputs = []
    try:
        for _ in range(count):
            (value,) = READ_VALUE(source, start)
            length_at, script_at = start + 8, start + 9
            length = source[length_at]
            if length >= MARKER_16:
                length, script_at = get_compact_size(source, length_at, "script_length")
            end = script_at + length
            if end > len(source):
                raise IndexError
            names += ("value", "script_length", "script", "output")
            places.fromlist([start, length_at, length_at, script_at, script_at, end, start, end])
            outputs.append(TxOutput(value, source[script_at:end]))
            start = end
    except (StructError, IndexError):
        raise DecodeError(f"output: the bytes end inside number {len(outputs)}, from {start}") from None
    finally:
        reader.at = start
    return tuple(outputs)


def write_outputs(parts: list[bytes], outputs: tuple[TxOutput, ...]) -> None:
    """Back from `read_outputs`."""
    parts.append(compact_size(len(outputs)))
    for value, script in outputs:
        parts += (WRITE_VALUE(value), compact_size(len(script)), script)


def read_witnesses(reader: Reader, count: int) -> tuple[Witness, ...]:
    """One witness per input. DecodeError when all are empty: then it must be written without any."""
    witnesses = []
    for _ in range(count):
        start = reader.at
        witnesses.append(read_witness(reader))
        reader.close("witness", start)
    if not any(witnesses):
        raise DecodeError("witness: announced by the flag, but all are empty")
    return tuple(witnesses)


def read_witness(reader: Reader) -> Witness:
    """The count and the items of one input."""
    count = read_count(reader, "item_count", item_size=1)
    source, start, names, places = reader.source, reader.at, reader.names, reader.places
    items = []
    for _ in range(count):
        length, item_at = get_compact_size(source, start, "item_length")
        end = item_at + length
        if end > len(source):
            raise DecodeError(f"item: wanted {length} bytes at {item_at}, found {len(source) - item_at}")
        names += ("item_length", "item")
        places.fromlist([start, item_at, item_at, end])
        items.append(source[item_at:end])
        reader.at = start = end
    return tuple(items)


def write_witnesses(parts: list[bytes], transaction: Transaction) -> None:
    """Back from `read_witnesses`. UsageError unless there is one per input."""
    if len(transaction.witnesses) != len(transaction.inputs):
        raise UsageError(f"{len(transaction.witnesses)} witnesses for {len(transaction.inputs)} inputs")
    for witness in transaction.witnesses:
        parts.append(compact_size(len(witness)))
        parts += [variable_bytes(item) for item in witness]
