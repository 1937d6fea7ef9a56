"""What nodes pass on by default: valid transactions of well-known forms, written in one way only.

Taste, not validity: a block may hold all that these functions object to. Each of them answers with Core's
word for its objection, or None. Bitcoin Core asks them by default, on regtest since 2019 and on testnet since
2023 as well; our memory pool where the policy says so (`require_standard`), in today's words and forms in all
eras. Weights, fees and families are asked there, too. A signature can be written, and a key
be shown, in several valid ways; whoever changes one into another on the way changes the transaction's name,
so all but one are refused.

Source: Bitcoin Core `policy/policy.cpp` and `policy.h`, as of 30 (2025); BIP 62 for the idea, BIP 146.
"""

from collections.abc import Sequence
from typing import Final

from blockchain_lab.base.errors import UsageError
from blockchain_lab.bitcoin.codec import variable_bytes
from blockchain_lab.bitcoin.keys import is_low_s
from blockchain_lab.bitcoin.opcodes import Op, decode_number_opcode
from blockchain_lab.bitcoin.params import Network
from blockchain_lab.bitcoin.policy import Policy
from blockchain_lab.bitcoin.script import (
    Form,
    Instruction,
    classify,
    get_witness_program,
    is_push_only,
    iterate,
    pay_to_public_key_hash,
    push_item,
)
from blockchain_lab.bitcoin.sighash import STANDARD_TYPES
from blockchain_lab.bitcoin.sigops import count_sigops, get_last_push
from blockchain_lab.bitcoin.tx import Transaction, TxOutput

MAINNET: Final = "mainnet"
STANDARD_VERSIONS: Final = (1, 2, 3)  # 3 since Core 28 (BIP 431)
MAX_INPUT_SCRIPT: Final = 1_650  # bytes: 15 signatures of 15 keys behind P2SH (MAX_STANDARD_SCRIPTSIG_SIZE)
MAX_DATA: Final = 100_000  # bytes of all OP_RETURN scripts together; until Core 29 one of 83 bytes
MAX_BARE_KEYS: Final = 3  # of a multisig that is not behind a hash
MAX_SCRIPT_HASH_SIGOPS: Final = 15  # of a script behind P2SH (MAX_P2SH_SIGOPS)
MAX_WITNESS_SCRIPT: Final = 3_600  # bytes (MAX_STANDARD_P2WSH_SCRIPT_SIZE)
MAX_WITNESS_ITEMS: Final = 100  # without the script
MAX_WITNESS_ITEM: Final = 80  # bytes
INPUTS_OBJECTION: Final = "bad-txns-nonstandard-inputs"
HYBRID_KEYS: Final = (6, 7)  # first byte of a key in OpenSSL's third way of writing

DUST_RELAY_RATE: Final = 3_000  # satoshi per 1,000 bytes (DUST_RELAY_TX_FEE)
VALUE_SIZE: Final = 8  # bytes
SPENDING_SIZE: Final = 148  # bytes of a P2PKH input
WITNESS_SPENDING_SIZE: Final = 67  # virtual bytes of a P2WPKH input


def compute_dust_threshold(output: TxOutput) -> int:
    """Satoshi below which making and spending an output costs more than it holds, at 3 satoshi a byte.

    546 for P2PKH, 294 for P2WPKH; 0 for what nobody can ever spend.
    """
    if classify(output.script).form is Form.NULL_DATA:
        return 0
    is_witness = get_witness_program(output.script) is not None
    size = VALUE_SIZE + len(variable_bytes(output.script))
    size += WITNESS_SPENDING_SIZE if is_witness else SPENDING_SIZE
    return size * DUST_RELAY_RATE // 1_000


def get_transaction_objection(tx: Transaction) -> str | None:
    """What speaks against a transaction by itself (IsStandardTx)."""
    shown = [spending.script for spending in tx.inputs]
    scripts = [output.script for output in tx.outputs]
    notes = [len(script) for script in scripts if classify(script).form is Form.NULL_DATA]
    return get_first(
        ("version", tx.version not in STANDARD_VERSIONS),
        ("scriptsig-size", any(len(script) > MAX_INPUT_SCRIPT for script in shown)),
        ("scriptsig-not-pushonly", not all(map(is_push_only, shown))),
        ("scriptpubkey", not all(map(is_standard_output, scripts))),
        ("datacarrier", sum(notes) > MAX_DATA),
        ("dust", any(output.value < compute_dust_threshold(output) for output in tx.outputs)),
    )


def get_first(*objections: tuple[str, bool]) -> str | None:
    """The first of the words that is true."""
    return next((word for word, is_true in objections if is_true), None)


def is_standard_output(script: bytes) -> bool:
    """Is it of a known form? Witness versions without rules are: paying there is the receiver's affair."""
    form, parts, _ = classify(script)
    if form is Form.MULTISIG:
        return len(parts) <= MAX_BARE_KEYS
    return form not in (Form.OTHER, Form.ANYONE)


def get_inputs_objection(tx: Transaction, spent: Sequence[TxOutput]) -> str | None:
    """What speaks against spending these outputs, one per input in order, in this way. UsageError."""
    if len(spent) != len(tx.inputs):
        raise UsageError(f"{len(spent)} spent outputs for {len(tx.inputs)} inputs")
    for spending, output in zip(tx.inputs, spent, strict=True):
        form = classify(output.script).form
        if form in (Form.OTHER, Form.ANYONE, Form.WITNESS_UNKNOWN, Form.NULL_DATA):
            return INPUTS_OBJECTION
        behind = get_last_push(spending.script) if form is Form.SCRIPT_HASH else b""
        if count_sigops(behind, accurate=True) > MAX_SCRIPT_HASH_SIGOPS:
            return INPUTS_OBJECTION
    for index, output in enumerate(spent):
        if tx.has_witness and not is_witness_small(tx, index, output):
            return "bad-witness-nonstandard"
    return None


def is_witness_small(tx: Transaction, index: int, spent: TxOutput) -> bool:
    """Is the witness of a script no larger than any that is in use (IsWitnessStandard)?"""
    witness = tx.witnesses[index]
    script = get_last_push(tx.inputs[index].script) or spent.script
    if classify(script).form is not Form.WITNESS_SCRIPT_HASH or not witness:
        return True
    *items, behind = witness
    return (
        len(behind) <= MAX_WITNESS_SCRIPT
        and len(items) <= MAX_WITNESS_ITEMS
        and all(len(item) <= MAX_WITNESS_ITEM for item in items)
    )


def get_proof_objection(tx: Transaction, index: int, spent: TxOutput) -> str | None:
    """What speaks against how the proof of a valid input is written; Core's text.

    Asked of the form in the end, that is behind the hash of P2SH and in the witness; forms that have no
    signatures of a known place are not judged.
    """
    shown, script, is_witness = tx.inputs[index].script, spent.script, False
    items = get_pushed_items(shown)
    if b"".join(map(push_item, items)) != shown:
        return "Data push larger than necessary"
    if classify(script).form is Form.SCRIPT_HASH:
        script = items.pop()
    form, parts, _ = classify(script)
    if form in (Form.WITNESS_KEY_HASH, Form.WITNESS_SCRIPT_HASH):
        is_witness, items = True, list(tx.witnesses[index])
        script = pay_to_public_key_hash(parts[0]) if form is Form.WITNESS_KEY_HASH else items.pop()
    return get_items_objection(script, items, is_witness=is_witness)


def get_pushed_items(script: bytes) -> list[bytes]:
    """What a script pushes, if it only pushes; else nothing."""
    if not is_push_only(script):
        return []
    return [get_pushed_item(step) for step in iterate(script)]


def get_pushed_item(step: Instruction) -> bytes:
    """The item that a push leaves on the stack."""
    if step.data is not None:
        return step.data
    return b"\x81" if step.opcode == Op.OP_1NEGATE else bytes([decode_number_opcode(step.opcode) or 0])


def get_items_objection(script: bytes, items: Sequence[bytes], *, is_witness: bool) -> str | None:
    """What speaks against these items, which satisfy the script: too many, or not written as usual."""
    form, parts, required = classify(script)
    match form:
        case Form.PUBLIC_KEY:
            wanted, signatures, keys = 1, items, parts
        case Form.PUBLIC_KEY_HASH:
            wanted, signatures, keys = 2, items[:1], tuple(items[1:])
        case Form.MULTISIG:
            wanted, signatures, keys = 1 + required, items[1:], parts
        case _:
            return None
    return get_first(
        ("Stack size must be exactly one after execution", len(items) != wanted),
        (
            "Signature hash type missing or not understood",
            any(signature[-1] not in STANDARD_TYPES for signature in signatures),
        ),
        (
            "Non-canonical signature: S value is unnecessarily high",
            not all(is_low_s(signature[:-1]) for signature in signatures),
        ),
        ("Public key is neither compressed or uncompressed", any(key[0] in HYBRID_KEYS for key in keys)),
        ("Using non-compressed keys in segwit", is_witness and any(len(key) != 33 for key in keys)),
    )


def is_standard_required(policy: Policy, network: Network) -> bool:
    """Is it asked here?"""
    is_here = network.name == MAINNET or policy.standard_on_test_networks
    return policy.era.require_standard and is_here
