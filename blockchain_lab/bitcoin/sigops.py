"""How many signatures a transaction may ask to check: a price that blocks limit, counted without running it.

    scripts of inputs and outputs    1 a OP_CHECKSIG, 20 a OP_CHECKMULTISIG, whatever is behind     times 4
    scripts behind a P2SH hash       the same, but a multisig by its keys                           times 4
    scripts in witnesses             likewise                                                       times 1

Counted in all outputs, even those that nobody spends, and in inputs whether or not they are valid: the price
must be known before the work is done. Source: Bitcoin Core `consensus/tx_verify.cpp`
(GetTransactionSigOpCost), `script/script.cpp` (GetSigOpCount), `script/interpreter.cpp` (CountWitnessSigOps).
"""

from collections.abc import Sequence
from typing import Final

from blockchain_lab.base.errors import DecodeError, UsageError
from blockchain_lab.bitcoin.opcodes import Op, decode_number_opcode
from blockchain_lab.bitcoin.script import (
    MAX_MULTISIG_KEYS,
    get_witness_program,
    is_pay_to_script_hash,
    is_push_only,
    iterate,
)
from blockchain_lab.bitcoin.tx import WITNESS_SCALE, Transaction, TxOutput, Witness
from blockchain_lab.bitcoin.verdict import ALL_FLAGS, Flags

SINGLE_CHECKS: Final = frozenset({Op.OP_CHECKSIG, Op.OP_CHECKSIGVERIFY})
MULTI_CHECKS: Final = frozenset({Op.OP_CHECKMULTISIG, Op.OP_CHECKMULTISIGVERIFY})


def count_sigops(script: bytes, *, accurate: bool) -> int:
    """The signature checks that a script names, up to a push that is cut off.

    accurate: a multisig counts as many as the number opcode before it says; else, or without one, 20.
    """
    count, last = 0, None
    try:
        for _, opcode, _ in iterate(script):
            if opcode in SINGLE_CHECKS:
                count += 1
            elif opcode in MULTI_CHECKS:
                count += (last if accurate else None) or MAX_MULTISIG_KEYS
            last = decode_number_opcode(opcode)
    except DecodeError:
        pass
    return count


def get_last_push(script: bytes) -> bytes:
    """What the script pushes last, if it only pushes; else nothing. A number opcode pushes nothing here."""
    last = b""
    if is_push_only(script):
        for _, _, data in iterate(script):
            last = data or b""
    return last


def count_legacy_sigops(tx: Transaction) -> int:
    """In all scripts that stand in the transaction itself, as counted since 2010."""
    scripts = [spending.script for spending in tx.inputs] + [output.script for output in tx.outputs]
    return sum(count_sigops(script, accurate=False) for script in scripts)


def count_script_hash_sigops(script: bytes, spent: TxOutput) -> int:
    """Behind the hash of a P2SH output that an input with this script spends (BIP 16)."""
    if not is_pay_to_script_hash(spent.script):
        return 0
    return count_sigops(get_last_push(script), accurate=True)


def count_witness_sigops(script: bytes, witness: Witness, spent: TxOutput) -> int:
    """In the witness of an input with this script: 1 for a key, else the witness script's (BIP 141)."""
    named = get_last_push(script) if is_pay_to_script_hash(spent.script) else spent.script
    version, program = get_witness_program(named) or (None, b"")
    if version != 0:
        return 0
    if len(program) == 20:
        return 1
    return count_sigops(witness[-1], accurate=True) if len(program) == 32 and witness else 0


def compute_sigop_cost(tx: Transaction, spent: Sequence[TxOutput], flags: Flags = ALL_FLAGS) -> int:
    """The price of a transaction. `spent`: the outputs that its inputs spend, in order; none of a coinbase.

    flags: P2SH and WITNESS say whether their scripts count. UsageError.
    """
    cost = count_legacy_sigops(tx) * WITNESS_SCALE
    if tx.is_coinbase():
        return cost
    if len(spent) != len(tx.inputs):
        raise UsageError(f"{len(spent)} spent outputs for {len(tx.inputs)} inputs")
    witnesses = tx.witnesses or ((),) * len(tx.inputs)
    for spending, witness, output in zip(tx.inputs, witnesses, spent, strict=True):
        if flags & Flags.P2SH:
            cost += count_script_hash_sigops(spending.script, output) * WITNESS_SCALE
        if flags & Flags.WITNESS:
            cost += count_witness_sigops(spending.script, witness, output)
    return cost
