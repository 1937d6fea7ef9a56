"""Satisfying scripts: the signatures, keys and scripts that an input must show to spend an output.

The other side of `interpreter.py`, for the forms that a wallet makes: P2PK, P2PKH and bare multisig, each
also behind a script hash (P2SH) or in a witness (P2WPKH, P2WSH), or both. Nothing chooses coins or fees here.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from hashlib import sha256
from typing import NamedTuple, Self

from blockchain_lab.base.errors import UsageError
from blockchain_lab.base.units import display_hash
from blockchain_lab.bitcoin.keys import PrivateKey
from blockchain_lab.bitcoin.params import push
from blockchain_lab.bitcoin.ripemd160 import hash160
from blockchain_lab.bitcoin.script import (
    Form,
    classify,
    disassemble,
    get_witness_program,
    pay_to_public_key_hash,
    push_item,
)
from blockchain_lab.bitcoin.sighash import ALL, WitnessHasher, legacy_signature_hash
from blockchain_lab.bitcoin.tx import Transaction, TxOutput, Witness


@dataclass
class KeyRing:
    """What one can sign with, found by what scripts say: a public key, or the hash of a key or script."""

    keys: dict[bytes, PrivateKey] = field(default_factory=dict)  # public key -> private key
    public_keys: dict[bytes, bytes] = field(default_factory=dict)  # `hash160` -> public key
    scripts: dict[bytes, bytes] = field(default_factory=dict)  # `hash160` or SHA-256 -> script

    @classmethod
    def of(cls, *keys: PrivateKey, scripts: Sequence[bytes] = ()) -> Self:
        """With these keys and scripts."""
        ring = cls()
        for key in keys:
            ring.add_key(key)
        for script in scripts:
            ring.add_script(script)
        return ring

    def add_key(self, key: PrivateKey) -> None:
        """Learn a key, in its short and its long way of writing."""
        for public_key in (key.public_key, key.uncompressed_public_key):
            self.keys[public_key] = key
            self.public_keys[hash160(public_key)] = public_key

    def add_script(self, script: bytes) -> None:
        """Learn a script that outputs name by its hash."""
        self.scripts[hash160(script)] = self.scripts[sha256(script).digest()] = script


class Signer(NamedTuple):
    """Signs one input of a transaction in one of the two ways."""

    tx: Transaction
    input_index: int
    value: int  # satoshi, of the spent output
    hash_type: int
    hasher: WitnessHasher | None  # None: the way of 2009

    def sign(self, key: PrivateKey, script_code: bytes) -> bytes:
        """The signature with its hash type behind it."""
        if self.hasher is None:
            digest = legacy_signature_hash(self.tx, self.input_index, script_code, self.hash_type)
        else:
            digest = self.hasher.signature_hash(self.input_index, script_code, self.value, self.hash_type)
        return key.sign(digest) + bytes([self.hash_type])


def sign_inputs(
    tx: Transaction, spent: Sequence[TxOutput], ring: KeyRing, hash_type: int = ALL
) -> Transaction:
    """The transaction with all inputs signed; `spent`: the outputs that they spend, in their order.

    Scripts and witnesses that it had are replaced. UsageError, with the input, when a key is missing.
    """
    if len(spent) != len(tx.inputs):
        raise UsageError(f"{len(spent)} spent outputs for {len(tx.inputs)} inputs")
    hasher = WitnessHasher(tx)
    inputs, witnesses = [], []
    for index, output in enumerate(spent):
        script, witness = prove(tx, index, output, ring, hash_type, hasher)
        inputs.append(tx.inputs[index]._replace(script=script))
        witnesses.append(witness)
    return replace(tx, inputs=tuple(inputs), witnesses=tuple(witnesses) if any(witnesses) else ())


def prove(
    tx: Transaction, index: int, spent: TxOutput, ring: KeyRing, hash_type: int, hasher: WitnessHasher
) -> tuple[bytes, Witness]:
    """Script and witness of one input. UsageError."""
    signer = Signer(tx, index, spent.value, hash_type, None)
    script, shown = spent.script, b""
    form, parts, _ = classify(script)
    try:
        if form is Form.SCRIPT_HASH:
            script = ring.scripts[parts[0]]
            shown = push(script) if get_witness_program(script) else push_item(script)
            form, parts, _ = classify(script)
        if form is Form.WITNESS_KEY_HASH:
            items = satisfy(pay_to_public_key_hash(parts[0]), signer._replace(hasher=hasher), ring)
            return shown, tuple(items)
        if form is Form.WITNESS_SCRIPT_HASH:
            script = ring.scripts[parts[0]]
            return shown, (*satisfy(script, signer._replace(hasher=hasher), ring), script)
        return b"".join(map(push_item, satisfy(script, signer, ring))) + shown, ()
    except KeyError as missing:
        raise UsageError(
            f"input {index} ({display_hash(tx.inputs[index].previous.txid)}): no key or script "
            f"for {missing.args[0].hex()}"
        ) from None


def satisfy(script: bytes, signer: Signer, ring: KeyRing) -> list[bytes]:
    """The items that must lie on the stack before this script. KeyError with what is missing; UsageError."""
    form, parts, required = classify(script)
    match form:
        case Form.ANYONE:
            return []
        case Form.PUBLIC_KEY:
            return [signer.sign(ring.keys[parts[0]], script)]
        case Form.PUBLIC_KEY_HASH:
            public_key = ring.public_keys[parts[0]]
            return [signer.sign(ring.keys[public_key], script), public_key]
        case Form.MULTISIG:
            ours = [key for key in parts if key in ring.keys][:required]
            if len(ours) < required:
                raise UsageError(f"multisig: {required} signatures wanted, found {len(ours)} keys")
            return [b"", *(signer.sign(ring.keys[key], script) for key in ours)]
        case _:
            raise UsageError(f"cannot sign for {disassemble(script)}: {form.value}")
