"""What each opcode does to the stack, as a table; and how a script runs through it.

These are the opcodes of the scripts that people use. There is no OP_IF among them, so a script runs from
left to right, and what was found before an opcode that we do not know is right in any case. There we stop
and say so (`NotKnown`), even where Core would call it a mistake.
Source: Bitcoin Core `script/interpreter.cpp` (EvalScript), BIP 65, 112, 147.
"""

from collections.abc import Callable, Mapping
from hashlib import sha1, sha256
from typing import Final

from blockchain_lab.base.errors import DecodeError
from blockchain_lab.bitcoin.codec import hash256
from blockchain_lab.bitcoin.coins import MAX_SCRIPT_SIZE
from blockchain_lab.bitcoin.opcodes import DISABLED, Op, decode_number_opcode, get_name
from blockchain_lab.bitcoin.ripemd160 import hash160, ripemd160
from blockchain_lab.bitcoin.rules_spending import (
    LOCK_COUNTS_TIME,
    LOCK_TIME_THRESHOLD,
    NO_RELATIVE_LOCK,
    RELATIVE_LOCK_MASK,
    RELATIVE_LOCK_VERSION,
)
from blockchain_lab.bitcoin.script import MAX_MULTISIG_KEYS, Instruction, iterate
from blockchain_lab.bitcoin.stack_machine import Machine, NotKnown, Step
from blockchain_lab.bitcoin.tx import FINAL_SEQUENCE
from blockchain_lab.bitcoin.verdict import Flags, ScriptError

MAX_ITEM_SIZE: Final = 520  # bytes (MAX_SCRIPT_ELEMENT_SIZE; Core script.h, both since 2010)
MAX_STACK_SIZE: Final = 1_000  # items
MAX_TIME_SIZE: Final = 5  # bytes: lock times go up to 2**32 - 1, more than four signed bytes hold


def run(machine: Machine, script: bytes, name: str) -> None:
    """Run a script to its end on the stack as it is. `name`: for the steps. ScriptFailed, NotKnown."""
    if len(script) > MAX_SCRIPT_SIZE:
        machine.fail(ScriptError.SCRIPT_SIZE)
    machine.script, machine.operations = script, 0
    try:
        for instruction in iterate(script):
            run_step(machine, instruction)
            if machine.steps is not None:
                machine.steps.append(Step(name, instruction, tuple(machine.stack)))
    except DecodeError:  # a push that is cut off
        machine.fail(ScriptError.BAD_OPCODE)


def run_step(machine: Machine, instruction: Instruction) -> None:
    """One instruction."""
    _, opcode, data = instruction
    if data is not None:
        if len(data) > MAX_ITEM_SIZE:
            machine.fail(ScriptError.PUSH_SIZE)
        machine.stack.append(data)
    elif (number := decode_number_opcode(opcode)) is not None:
        machine.stack.append(bytes([number]))
    else:
        if opcode > Op.OP_16:
            machine.count_operations(1)
        if opcode in DISABLED:
            machine.fail(ScriptError.DISABLED_OPCODE)
        if opcode not in HANDLERS:
            raise NotKnown(f"{get_name(opcode)} (0x{opcode:02x})")
        HANDLERS[opcode](machine)
    if len(machine.stack) > MAX_STACK_SIZE:
        machine.fail(ScriptError.STACK_SIZE)


# --- What the opcodes do ------------------------------------------------------------------------------


def hash_with(function: Callable[[bytes], bytes]) -> Callable[[Machine], None]:
    """An opcode that replaces the top item by its hash."""

    def handler(machine: Machine) -> None:
        machine.stack.append(function(machine.take()))

    return handler


def on_negative_one(machine: Machine) -> None:
    """OP_1NEGATE: -1 in the machine's way of writing it."""
    machine.stack.append(b"\x81")


def on_verify(machine: Machine) -> None:
    """OP_VERIFY: go on only if the top item is true."""
    machine.take_true(ScriptError.VERIFY)


def on_return(machine: Machine) -> None:
    """OP_RETURN: fail, always."""
    machine.fail(ScriptError.OP_RETURN)


def on_drop(machine: Machine) -> None:
    """OP_DROP: remove the top item."""
    machine.take()


def on_duplicate(machine: Machine) -> None:
    """OP_DUP: the top item once more."""
    machine.need(1)
    machine.stack.append(machine.stack[-1])


def on_equal(machine: Machine) -> None:
    """OP_EQUAL: are the top two the same bytes?"""
    machine.need(2)
    machine.push_flag(machine.take() == machine.take())


def on_equal_verify(machine: Machine) -> None:
    """OP_EQUALVERIFY."""
    on_equal(machine)
    machine.take_true(ScriptError.EQUALVERIFY)


def on_check_signature(machine: Machine) -> None:
    """OP_CHECKSIG: signature below, key on top."""
    machine.need(2)
    key, signature = machine.take(), machine.take()
    machine.check_script_code(signature)
    machine.push_flag(machine.check_signature(signature, key))


def on_check_signature_verify(machine: Machine) -> None:
    """OP_CHECKSIGVERIFY."""
    on_check_signature(machine)
    machine.take_true(ScriptError.CHECKSIGVERIFY)


def on_check_multisig(machine: Machine) -> None:
    """OP_CHECKMULTISIG: one item too many, signatures, their number, keys, their number on top.

    The item too many is a bug of 2009 that nobody can repair: BIP 147 only makes it empty.
    """
    total = machine.to_number(machine.take())
    if not 0 <= total <= MAX_MULTISIG_KEYS:
        machine.fail(ScriptError.PUBKEY_COUNT)
    machine.count_operations(total)
    machine.need(total + 1)
    keys = [machine.take() for _ in range(total)]
    required = machine.to_number(machine.take())
    if not 0 <= required <= total:
        machine.fail(ScriptError.SIG_COUNT)
    machine.need(required + 1)
    signatures = [machine.take() for _ in range(required)]
    machine.check_script_code(*signatures)
    is_satisfied = match_signatures(machine, signatures, keys)
    if machine.take() and machine.flags & Flags.NULLDUMMY:
        machine.fail(ScriptError.SIG_NULLDUMMY)
    machine.push_flag(is_satisfied)


def match_signatures(machine: Machine, signatures: list[bytes], keys: list[bytes]) -> bool:
    """Does every signature find its key, both in the same order? Each key is tried once, last ones first."""
    found = 0
    for tried, key in enumerate(keys):
        if len(signatures) - found > len(keys) - tried or found == len(signatures):
            break
        if machine.check_signature(signatures[found], key):
            found += 1
    return found == len(signatures)


def on_check_multisig_verify(machine: Machine) -> None:
    """OP_CHECKMULTISIGVERIFY."""
    on_check_multisig(machine)
    machine.take_true(ScriptError.CHECKMULTISIGVERIFY)


def on_check_lock_time(machine: Machine) -> None:
    """OP_CHECKLOCKTIMEVERIFY: the transaction waits at least as long as the top item says, which stays."""
    if not machine.flags & Flags.CHECKLOCKTIMEVERIFY:
        return
    machine.need(1)
    wanted = machine.to_number(machine.stack[-1], MAX_TIME_SIZE)
    if wanted < 0:
        machine.fail(ScriptError.NEGATIVE_LOCKTIME)
    found = machine.spending.tx.lock_time
    is_same_kind = (wanted < LOCK_TIME_THRESHOLD) == (found < LOCK_TIME_THRESHOLD)
    if not is_same_kind or wanted > found or machine.spending.input.sequence == FINAL_SEQUENCE:
        machine.fail(ScriptError.UNSATISFIED_LOCKTIME)


def on_check_sequence(machine: Machine) -> None:
    """OP_CHECKSEQUENCEVERIFY: the spent output is at least as old as the top item says, which stays."""
    if not machine.flags & Flags.CHECKSEQUENCEVERIFY:
        return
    machine.need(1)
    wanted = machine.to_number(machine.stack[-1], MAX_TIME_SIZE)
    if wanted < 0:
        machine.fail(ScriptError.NEGATIVE_LOCKTIME)
    if wanted & NO_RELATIVE_LOCK:
        return
    found = machine.spending.input.sequence
    is_same_kind = wanted & LOCK_COUNTS_TIME == found & LOCK_COUNTS_TIME
    is_age = machine.spending.tx.version >= RELATIVE_LOCK_VERSION and not found & NO_RELATIVE_LOCK
    if not (is_same_kind and is_age) or wanted & RELATIVE_LOCK_MASK > found & RELATIVE_LOCK_MASK:
        machine.fail(ScriptError.UNSATISFIED_LOCKTIME)


HANDLERS: Final[Mapping[int, Callable[[Machine], None]]] = {
    Op.OP_1NEGATE: on_negative_one,
    Op.OP_VERIFY: on_verify,
    Op.OP_RETURN: on_return,
    Op.OP_DROP: on_drop,
    Op.OP_DUP: on_duplicate,
    Op.OP_EQUAL: on_equal,
    Op.OP_EQUALVERIFY: on_equal_verify,
    Op.OP_RIPEMD160: hash_with(ripemd160),
    Op.OP_SHA1: hash_with(lambda item: sha1(item, usedforsecurity=False).digest()),
    Op.OP_SHA256: hash_with(lambda item: sha256(item).digest()),
    Op.OP_HASH160: hash_with(hash160),
    Op.OP_HASH256: hash_with(hash256),
    Op.OP_CHECKSIG: on_check_signature,
    Op.OP_CHECKSIGVERIFY: on_check_signature_verify,
    Op.OP_CHECKMULTISIG: on_check_multisig,
    Op.OP_CHECKMULTISIGVERIFY: on_check_multisig_verify,
    Op.OP_CHECKLOCKTIMEVERIFY: on_check_lock_time,
    Op.OP_CHECKSEQUENCEVERIFY: on_check_sequence,
}
