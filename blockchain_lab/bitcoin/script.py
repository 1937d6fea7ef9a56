"""Scripts: the little programs in outputs that say who may spend them. As bytes, as text, and by form.

    output's script:   OP_DUP OP_HASH160 <20 bytes> OP_EQUALVERIFY OP_CHECKSIG      "pay to this key's hash"
    input's script:    <signature> <public key>

Almost all outputs have one of a few forms, each built by a `pay_to_*` function here and recognised by
`classify`. What happens when scripts run is not known here.
Sources: Bitcoin Core `script/script.cpp`, `script/solver.cpp`; BIP 11, 16, 141, 341.
"""

from collections.abc import Iterator, Mapping, Sequence
from enum import Enum
from typing import Final, NamedTuple

from blockchain_lab.base.errors import DecodeError, UsageError
from blockchain_lab.bitcoin.opcodes import (
    MAX_DIRECT_PUSH,
    Op,
    decode_number_opcode,
    encode_number_opcode,
    get_name,
)
from blockchain_lab.bitcoin.params import push

KEY_SIZES: Final = {33: (2, 3), 65: (4, 6, 7)}  # bytes of a public key -> its first byte (Core pubkey.h)
MAX_MULTISIG_KEYS: Final = 20  # consensus (MAX_PUBKEYS_PER_MULTISIG)
WITNESS_PROGRAM_SIZES: Final = range(2, 41)  # bytes (BIP 141)
LENGTH_WIDTHS: Final[Mapping[int, int]] = {Op.OP_PUSHDATA1: 1, Op.OP_PUSHDATA2: 2, Op.OP_PUSHDATA4: 4}


class Instruction(NamedTuple):
    """One step of a script."""

    at: int  # where it begins in the script
    opcode: int  # 0 .. 255
    data: bytes | None  # what a push pushes; None for all other opcodes, and for OP_1 .. OP_16


class Form(Enum):
    """What kind of condition an output's script states. The values are Core's words (`TxoutType`)."""

    PUBLIC_KEY = "pubkey"  # P2PK, 2009
    PUBLIC_KEY_HASH = "pubkeyhash"  # P2PKH, 2009
    MULTISIG = "multisig"  # bare, BIP 11, 2012
    SCRIPT_HASH = "scripthash"  # P2SH, BIP 16, 2012
    WITNESS_KEY_HASH = "witness_v0_keyhash"  # P2WPKH, BIP 141, 2017
    WITNESS_SCRIPT_HASH = "witness_v0_scripthash"  # P2WSH, BIP 141, 2017
    TAPROOT = "witness_v1_taproot"  # P2TR, BIP 341, 2021
    WITNESS_UNKNOWN = "witness_unknown"  # a version that no rule exists for yet
    NULL_DATA = "nulldata"  # OP_RETURN and data: nobody can ever spend it
    ANYONE = "anyone"  # a constant that is true (our word: Core says nonstandard)
    OTHER = "nonstandard"


class Classified(NamedTuple):
    """A script's form, and what tells two scripts of that form apart."""

    form: Form
    parts: tuple[bytes, ...] = ()  # keys, a hash or a witness program, data
    required: int = 1  # signatures, of a multisig


# --- Reading ------------------------------------------------------------------------------------------


def iterate(script: bytes) -> Iterator[Instruction]:
    """Its instructions, one by one. DecodeError at a push that is longer than what follows it."""
    at = 0
    while at < len(script):
        opcode = script[at]
        if opcode > Op.OP_PUSHDATA4:
            yield Instruction(at, opcode, None)
            at += 1
            continue
        data_at = at + 1 + LENGTH_WIDTHS.get(opcode, 0)
        length = opcode if opcode <= MAX_DIRECT_PUSH else int.from_bytes(script[at + 1 : data_at], "little")
        end = data_at + length
        if end > len(script):
            raise DecodeError(f"script: the push at {at} wants {length} bytes, {len(script)} bytes in all")
        yield Instruction(at, opcode, script[data_at:end])
        at = end


def disassemble(script: bytes) -> str:
    """As text, for people: opcodes by name, pushed data in hexadecimal, `[error]` where a push is cut off."""
    words: list[str] = []
    try:
        for step in iterate(script):
            words.append(step.data.hex() if step.data else get_name(step.opcode))
    except DecodeError:
        words.append("[error]")
    return " ".join(words)


def is_push_only(script: bytes) -> bool:
    """Does it do nothing but push? Up to OP_16, so OP_RESERVED counts as a push, as in Core."""
    try:
        return all(step.opcode <= Op.OP_16 for step in iterate(script))
    except DecodeError:
        return False


def is_pay_to_script_hash(script: bytes) -> bool:
    """OP_HASH160, a direct push of 20 bytes, OP_EQUAL: exactly these 23 bytes (BIP 16)."""
    return len(script) == 23 and script[:2] == bytes([Op.OP_HASH160, 20]) and script[-1] == Op.OP_EQUAL


def get_witness_program(script: bytes) -> tuple[int, bytes] | None:
    """Version (0 .. 16) and program: a number opcode and one direct push of 2 to 40 bytes (BIP 141)."""
    if len(script) - 2 not in WITNESS_PROGRAM_SIZES or script[1] != len(script) - 2:
        return None
    version = decode_number_opcode(script[0])
    return None if version is None else (version, script[2:])


def is_true(item: bytes) -> bool:
    """Is this item of a stack true? Anything but zeros; a negative zero is false (Core's CastToBool)."""
    return any(item[:-1]) or item[-1:] not in (b"", b"\x00", b"\x80")


def is_public_key_size(data: bytes) -> bool:
    """Has it the size that its first byte asks for? Whether it is a point on the curve is not checked."""
    return data[:1] != b"" and data[0] in KEY_SIZES.get(len(data), ())


# --- Recognising --------------------------------------------------------------------------------------


def classify(script: bytes) -> Classified:
    """The form of an output's script. Total: what is no known form is OTHER."""
    if is_pay_to_script_hash(script):
        return Classified(Form.SCRIPT_HASH, (script[2:22],))
    program = get_witness_program(script)
    if program is not None:
        return _classify_witness(*program)
    try:
        steps = list(iterate(script))
    except DecodeError:
        return Classified(Form.OTHER)
    if steps and steps[0].opcode == Op.OP_RETURN and is_push_only(script[1:]):
        return Classified(Form.NULL_DATA, tuple(step.data for step in steps[1:] if step.data))
    if len(steps) == 1 and is_true_constant(steps[0]):
        return Classified(Form.ANYONE)
    return _classify_keys(script, steps)


def is_true_constant(step: Instruction) -> bool:
    """Does it leave something true on the stack, whatever was there before?"""
    if step.data is not None:
        return is_true(step.data)
    return step.opcode == Op.OP_1NEGATE or decode_number_opcode(step.opcode) is not None


def _classify_witness(version: int, program: bytes) -> Classified:
    forms = {
        (0, 20): Form.WITNESS_KEY_HASH,
        (0, 32): Form.WITNESS_SCRIPT_HASH,
        (1, 32): Form.TAPROOT,
    }
    unknown = Form.WITNESS_UNKNOWN if version else Form.OTHER  # no other program of version 0 can be spent
    return Classified(forms.get((version, len(program)), unknown), (program,))


def _classify_keys(script: bytes, steps: Sequence[Instruction]) -> Classified:
    first = steps[0].data if steps else None
    if first and is_public_key_size(first) and script == pay_to_public_key(first):
        return Classified(Form.PUBLIC_KEY, (first,))
    if len(script) == 25 and script == pay_to_public_key_hash(script[3:23]):
        return Classified(Form.PUBLIC_KEY_HASH, (script[3:23],))
    if len(steps) >= 4 and steps[-1].opcode == Op.OP_CHECKMULTISIG:
        keys = tuple(step.data or b"" for step in steps[1:-2])
        required, total = (_read_small_number(step) for step in (steps[0], steps[-2]))
        if 1 <= required <= total == len(keys) and all(map(is_public_key_size, keys)):
            return Classified(Form.MULTISIG, keys, required)
    return Classified(Form.OTHER)


def _read_small_number(step: Instruction) -> int:
    """1 .. 20 as a multisig writes them: an opcode up to 16, a push of one byte above; else 0."""
    if step.data is not None:
        return step.data[0] if len(step.data) == 1 and 16 < step.data[0] <= MAX_MULTISIG_KEYS else 0
    return decode_number_opcode(step.opcode) or 0


# --- Building -----------------------------------------------------------------------------------------


def push_item(item: bytes) -> bytes:
    """The shortest script that pushes an item of at most 65,535 bytes. UsageError."""
    if not item:
        return bytes([Op.OP_0])
    if len(item) == 1 and 1 <= item[0] <= 16:
        return bytes([encode_number_opcode(item[0])])
    if item == b"\x81":
        return bytes([Op.OP_1NEGATE])
    if len(item) <= 0xFF:
        return push(item)
    if len(item) > 0xFFFF:
        raise UsageError(f"push_item: {len(item)} bytes, at most 65535")
    return bytes([Op.OP_PUSHDATA2]) + len(item).to_bytes(2, "little") + item


def pay_to_public_key(key: bytes) -> bytes:
    """<key> OP_CHECKSIG: the form of 2009. Whoever can sign for the key."""
    return push_item(key) + bytes([Op.OP_CHECKSIG])


def pay_to_public_key_hash(key_hash: bytes) -> bytes:
    """Whoever shows a key with this `hash160` (20 bytes) and signs for it."""
    head, tail = (Op.OP_DUP, Op.OP_HASH160), (Op.OP_EQUALVERIFY, Op.OP_CHECKSIG)
    return bytes(head) + push_item(_sized(key_hash, 20)) + bytes(tail)


def pay_to_multisig(required: int, keys: Sequence[bytes]) -> bytes:
    """Whoever can sign for `required` of these keys (BIP 11), in the order of the keys."""
    if not 1 <= required <= len(keys) <= MAX_MULTISIG_KEYS:
        raise UsageError(f"multisig: {required} of {len(keys)} keys, wanted 1 <= required <= keys <= 20")
    numbers = [push_item(bytes([number])) for number in (required, len(keys))]
    return numbers[0] + b"".join(map(push_item, keys)) + numbers[1] + bytes([Op.OP_CHECKMULTISIG])


def pay_to_script_hash(script_hash: bytes) -> bytes:
    """Whoever shows a script with this `hash160` (20 bytes) and satisfies it (BIP 16)."""
    return bytes([Op.OP_HASH160]) + push_item(_sized(script_hash, 20)) + bytes([Op.OP_EQUAL])


def pay_to_witness(version: int, program: bytes) -> bytes:
    """A witness program: version 0 of 20 bytes is P2WPKH, of 32 bytes P2WSH; version 1 of 32 bytes P2TR."""
    if version not in range(17) or len(program) not in WITNESS_PROGRAM_SIZES:
        raise UsageError(
            f"witness program: version {version} and {len(program)} bytes, wanted 0..16 and 2..40"
        )
    return bytes([encode_number_opcode(version), len(program)]) + program


def null_data(data: bytes) -> bytes:
    """OP_RETURN and data: carries a note into the chain, and can never be spent."""
    return bytes([Op.OP_RETURN]) + push_item(data)


def _sized(data: bytes, size: int) -> bytes:
    if len(data) != size:
        raise UsageError(f"script: a hash of {len(data)} bytes, wanted {size}")
    return data
