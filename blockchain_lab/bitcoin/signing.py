"""Satisfying scripts: the signatures, keys and scripts that an input must show to spend an output.

The other side of `interpreter.py`, for the forms that a wallet makes: P2PK, P2PKH and bare multisig, each
also behind a script hash (P2SH) or in a witness (P2WPKH, P2WSH), or both. Nothing chooses coins or fees here.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from hashlib import sha256
from typing import Final, NamedTuple, Protocol, Self

from blockchain_lab.base.errors import UsageError
from blockchain_lab.base.units import display_hash
from blockchain_lab.bitcoin.keys import PrivateKey
from blockchain_lab.bitcoin.ripemd160 import hash160
from blockchain_lab.bitcoin.script import (
    Form,
    classify,
    disassemble,
    pay_to_public_key_hash,
    push_item,
)
from blockchain_lab.bitcoin.sighash import ALL, WitnessHasher, legacy_signature_hash
from blockchain_lab.bitcoin.tx import Transaction, TxOutput, Witness

LONGEST_SIGNATURE: Final = 72  # bytes: DER with a low s, and a hash type


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

    def copy(self) -> "KeyRing":
        """Keys and scripts never change: only the lists of them are copied."""
        return KeyRing(dict(self.keys), dict(self.public_keys), dict(self.scripts))


class Signer(Protocol):
    """Makes the signatures of one input."""

    def sign(self, key: PrivateKey, script_code: bytes, *, is_witness: bool) -> bytes:
        """A signature with its hash type behind it."""


class InputSigner(NamedTuple):
    """Signs one input of a transaction, in either way."""

    tx: Transaction
    input_index: int
    value: int  # satoshi, of the spent output
    hash_type: int
    hasher: WitnessHasher

    def sign(self, key: PrivateKey, script_code: bytes, *, is_witness: bool) -> bytes:
        """A signature with its hash type behind it."""
        if is_witness:
            digest = self.hasher.signature_hash(self.input_index, script_code, self.value, self.hash_type)
        else:
            digest = legacy_signature_hash(self.tx, self.input_index, script_code, self.hash_type)
        return key.sign(digest) + bytes([self.hash_type])


class Placeholder:
    """Signs with zeros, as many as a signature can need: enough to know a transaction's size beforehand."""

    def sign(self, key: PrivateKey, script_code: bytes, *, is_witness: bool) -> bytes:
        """72 bytes: a signature of 71 at most, and its hash type. Half of all real ones have one less."""
        return bytes(LONGEST_SIGNATURE)


def sign_inputs(
    tx: Transaction, spent: Sequence[TxOutput], ring: KeyRing, hash_type: int = ALL
) -> Transaction:
    """The transaction with all inputs signed; `spent`: the outputs that they spend, in their order.

    Scripts and witnesses that it had are replaced. UsageError, with the input, when a key is missing.
    """
    hasher = WitnessHasher(tx)
    signers = [InputSigner(tx, at, output.value, hash_type, hasher) for at, output in enumerate(spent)]
    return prove_all(tx, spent, ring, signers)


def fill_inputs(tx: Transaction, spent: Sequence[TxOutput], ring: KeyRing) -> Transaction:
    """The same with zeros for signatures: as large as the signed one, or larger by a byte for each."""
    return prove_all(tx, spent, ring, [Placeholder()] * len(spent))


def prove_all(
    tx: Transaction, spent: Sequence[TxOutput], ring: KeyRing, signers: Sequence[Signer]
) -> Transaction:
    """The transaction with a proof in every input, each by its signer. UsageError."""
    if len(spent) != len(tx.inputs):
        raise UsageError(f"{len(spent)} spent outputs for {len(tx.inputs)} inputs")
    inputs, witnesses = [], []
    for index, (spending, output, signer) in enumerate(zip(tx.inputs, spent, signers, strict=True)):
        try:
            script, witness = prove(output.script, signer, ring)
        except KeyError as missing:
            name = display_hash(spending.previous.txid)
            raise UsageError(
                f"input {index} ({name}): no key or script for {missing.args[0].hex()}"
            ) from None
        inputs.append(spending._replace(script=script))
        witnesses.append(witness)
    return replace(tx, inputs=tuple(inputs), witnesses=tuple(witnesses) if any(witnesses) else ())


def prove(script: bytes, signer: Signer, ring: KeyRing) -> tuple[bytes, Witness]:
    """The script and the witness of an input that spends an output with `script`. KeyError, UsageError."""
    shown = b""
    form, parts, _ = classify(script)
    if form is Form.SCRIPT_HASH:
        script = ring.scripts[parts[0]]
        shown = push_item(script)
        form, parts, _ = classify(script)
    if form is Form.WITNESS_KEY_HASH:
        script = pay_to_public_key_hash(parts[0])
        return shown, tuple(satisfy(script, signer, ring, is_witness=True))
    if form is Form.WITNESS_SCRIPT_HASH:
        script = ring.scripts[parts[0]]
        return shown, (*satisfy(script, signer, ring, is_witness=True), script)
    return b"".join(map(push_item, satisfy(script, signer, ring, is_witness=False))) + shown, ()


def satisfy(script: bytes, signer: Signer, ring: KeyRing, *, is_witness: bool) -> list[bytes]:
    """The items that must lie on the stack before this script. KeyError with what is missing; UsageError."""
    form, parts, required = classify(script)

    def sign(public_key: bytes) -> bytes:
        return signer.sign(ring.keys[public_key], script, is_witness=is_witness)

    match form:
        case Form.ANYONE:
            return []
        case Form.PUBLIC_KEY:
            return [sign(parts[0])]
        case Form.PUBLIC_KEY_HASH:
            public_key = ring.public_keys[parts[0]]
            return [sign(public_key), public_key]
        case Form.MULTISIG:
            ours = [key for key in parts if key in ring.keys][:required]
            if len(ours) < required:
                raise UsageError(f"multisig: {required} signatures wanted, found {len(ours)} keys")
            return [b"", *map(sign, ours)]
        case _:
            raise UsageError(f"cannot sign for {disassemble(script)}: {form.value}")
