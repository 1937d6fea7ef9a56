"""One spendable output of every form that our wallet can sign for, and a transaction that spends them all."""

from collections.abc import Mapping
from dataclasses import replace
from hashlib import sha256

from blockchain_lab.bitcoin.keys import PrivateKey
from blockchain_lab.bitcoin.ripemd160 import hash160
from blockchain_lab.bitcoin.script import (
    pay_to_multisig,
    pay_to_public_key,
    pay_to_public_key_hash,
    pay_to_script_hash,
    pay_to_witness,
)
from blockchain_lab.bitcoin.sighash import ALL
from blockchain_lab.bitcoin.signing import KeyRing, sign_inputs
from blockchain_lab.bitcoin.tx import OutPoint, Transaction, TxInput, TxOutput

KEYS = [PrivateKey(1_000_003 * number) for number in range(1, 4)]
ANN, BOB, CAT = KEYS

TWO_OF_THREE = pay_to_multisig(2, [key.public_key for key in KEYS])
ONE_OF_TWO_OLD = pay_to_multisig(1, [ANN.uncompressed_public_key, BOB.uncompressed_public_key])
PAY_ANN = pay_to_public_key(ANN.public_key)
WITNESS_ANN = pay_to_witness(0, ANN.key_hash)
WITNESS_TWO_OF_THREE = pay_to_witness(0, sha256(TWO_OF_THREE).digest())
RING = KeyRing.of(*KEYS, scripts=[TWO_OF_THREE, ONE_OF_TWO_OLD, PAY_ANN, WITNESS_ANN, WITNESS_TWO_OF_THREE])

SCRIPTS: Mapping[str, bytes] = {
    "P2PK": PAY_ANN,
    "P2PK long": pay_to_public_key(BOB.uncompressed_public_key),
    "P2PKH": pay_to_public_key_hash(ANN.key_hash),
    "P2PKH long": pay_to_public_key_hash(hash160(BOB.uncompressed_public_key)),
    "multisig": TWO_OF_THREE,
    "multisig long": ONE_OF_TWO_OLD,
    "P2SH multisig": pay_to_script_hash(hash160(TWO_OF_THREE)),
    "P2SH P2PK": pay_to_script_hash(hash160(PAY_ANN)),
    "P2WPKH": WITNESS_ANN,
    "P2SH P2WPKH": pay_to_script_hash(hash160(WITNESS_ANN)),
    "P2WSH multisig": WITNESS_TWO_OF_THREE,
    "P2SH P2WSH multisig": pay_to_script_hash(hash160(WITNESS_TWO_OF_THREE)),
    "anyone": b"\x51",
}
FORMS = list(SCRIPTS)
SPENT = [TxOutput(100_000 + number, script) for number, script in enumerate(SCRIPTS.values())]


def make_unsigned(spent: list[TxOutput] = SPENT) -> Transaction:
    """A transaction that spends these outputs, with three outputs of its own."""
    inputs = [TxInput(OutPoint(bytes([7]) * 32, index), b"", 0xFFFFFFFD) for index in range(len(spent))]
    outputs = [TxOutput(20_000 + number, SCRIPTS["P2PKH"]) for number in range(3)]
    return Transaction(2, tuple(inputs), tuple(outputs), lock_time=144)


def make_signed(hash_type: int = ALL) -> Transaction:
    """It, with every input signed."""
    return sign_inputs(make_unsigned(), SPENT, RING, hash_type)


def with_script(tx: Transaction, index: int, script: bytes) -> Transaction:
    """The transaction with another script in one input."""
    inputs = list(tx.inputs)
    inputs[index] = inputs[index]._replace(script=script)
    return replace(tx, inputs=tuple(inputs))


def with_witness(tx: Transaction, index: int, *items: bytes) -> Transaction:
    """The transaction with another witness at one input."""
    witnesses = list(tx.witnesses or [()] * len(tx.inputs))
    witnesses[index] = items
    return replace(tx, witnesses=tuple(witnesses))
