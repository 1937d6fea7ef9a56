"""What nodes pass on by default: everything that our wallet writes, and not its many valid variations."""

from collections.abc import Callable
from dataclasses import replace
from hashlib import sha256

import pytest
from support.kernel_scripts import judge
from support.spendings import (
    ANN,
    BOB,
    FORMS,
    KEYS,
    RING,
    SCRIPTS,
    SPENT,
    make_signed,
    make_unsigned,
    with_script,
    with_witness,
)

from blockchain_lab.base.errors import UsageError
from blockchain_lab.bitcoin.keys import ORDER, decode_der, encode_der
from blockchain_lab.bitcoin.ripemd160 import hash160
from blockchain_lab.bitcoin.script import (
    iterate,
    null_data,
    pay_to_multisig,
    pay_to_public_key,
    pay_to_script_hash,
    pay_to_witness,
    push_item,
)
from blockchain_lab.bitcoin.signing import KeyRing, sign_inputs
from blockchain_lab.bitcoin.standardness import (
    get_inputs_objection,
    get_proof_objection,
    get_transaction_objection,
    is_standard_output,
)
from blockchain_lab.bitcoin.tx import Transaction, TxOutput

SIGNED = make_signed()


def raise_s(signature: bytes) -> bytes:
    """The other valid `s`, which anybody can compute."""
    r, s = decode_der(signature[:-1]) or (0, 0)
    return encode_der(r, ORDER - s) + signature[-1:]


def with_output(script: bytes, value: int = 10_000) -> Transaction:
    """A transaction that makes such an output."""
    return replace(make_unsigned(), outputs=(TxOutput(value, script),))


@pytest.mark.parametrize("form", FORMS)
def test_what_we_sign_is_standard(form: str) -> None:
    """Every form but one: what anyone may spend has no owner to protect."""
    index = FORMS.index(form)
    alone = replace(SIGNED, inputs=(SIGNED.inputs[index],), witnesses=(SIGNED.witnesses[index],))

    assert get_transaction_objection(alone) is None
    expected = "bad-txns-nonstandard-inputs" if form == "anyone" else None
    assert expected == get_inputs_objection(alone, [SPENT[index]])
    assert get_proof_objection(SIGNED, index, SPENT[index]) is None


@pytest.mark.parametrize(
    ("reason", "tx"),
    [
        ("version", replace(make_unsigned(), version=4)),
        ("scriptsig-size", with_script(make_unsigned(), 0, b"\x51" * 1_651)),
        ("scriptsig-not-pushonly", with_script(make_unsigned(), 0, b"\x51\x76")),
        ("scriptpubkey", with_output(b"\x51")),
        ("scriptpubkey", with_output(b"")),
        ("scriptpubkey", with_output(pay_to_multisig(1, [ANN.public_key] * 4))),
        ("scriptpubkey", with_output(pay_to_witness(0, bytes(21)))),
        ("datacarrier", with_output(null_data(bytes(60_000)) + null_data(bytes(60_000))[1:])),
        ("dust", with_output(SCRIPTS["P2PKH"], 545)),
        ("dust", with_output(SCRIPTS["P2WPKH"], 293)),
        (None, with_output(SCRIPTS["P2PKH"], 546)),
        (None, with_output(null_data(bytes(50_000)), 0)),
        (None, with_output(pay_to_multisig(1, [ANN.public_key] * 3))),
        (None, with_script(make_unsigned(), 0, b"\x51" * 1_650)),
    ],
)
def test_what_speaks_against_a_transaction(reason: str | None, tx: Transaction) -> None:
    """Core's words, at the limit and just beyond it."""
    assert reason == get_transaction_objection(tx)


def test_unknown_witness_versions_may_be_paid_but_not_spent() -> None:
    """The receiver may know more than we do; whoever spends it before there are rules is a thief."""
    script = pay_to_witness(16, b"\x01\x02")
    tx = make_unsigned([TxOutput(1, script)])

    assert is_standard_output(script)
    assert "bad-txns-nonstandard-inputs" == get_inputs_objection(tx, [TxOutput(1, script)])


def test_scripts_behind_hashes_have_limits() -> None:
    """16 signature checks behind P2SH, a large script or large items in a witness."""
    many = pay_to_script_hash(hash160(b"\xac" * 16))
    few = pay_to_script_hash(hash160(b"\xac" * 15))
    bare = make_unsigned([SPENT[0]])
    large = b"\x75" * 3_601
    wide = TxOutput(1, pay_to_witness(0, sha256(large).digest()))

    def ask(spent: TxOutput, script: bytes, *witness: bytes) -> str | None:
        tx = with_script(bare, 0, script)
        return get_inputs_objection(with_witness(tx, 0, *witness) if witness else tx, [spent])

    assert "bad-txns-nonstandard-inputs" == ask(TxOutput(1, many), push_item(b"\xac" * 16))
    assert ask(TxOutput(1, few), push_item(b"\xac" * 15)) is None
    assert "bad-witness-nonstandard" == ask(wide, b"", large)
    assert "bad-witness-nonstandard" == ask(wide, b"", bytes(81), b"\x75")
    assert "bad-witness-nonstandard" == ask(wide, b"", *[b""] * 101, b"\x75")
    assert ask(wide, b"", *[bytes(80)] * 100, large[1:]) is None
    nested = TxOutput(1, pay_to_script_hash(hash160(wide.script)))
    assert "bad-witness-nonstandard" == ask(nested, push_item(wide.script), large)
    with pytest.raises(UsageError, match="2 spent outputs for 1 inputs"):
        get_inputs_objection(bare, SPENT[:2])


def reseal(
    form: str, change: Callable[[bytes], bytes], *, only: int = 0
) -> tuple[Transaction, int, TxOutput]:
    """A signed input with one of its items changed."""
    index = FORMS.index(form)
    spending, witness = SIGNED.inputs[index], SIGNED.witnesses[index]
    if witness:
        items = [change(item) if at == only else item for at, item in enumerate(witness)]
        return with_witness(SIGNED, index, *items), index, SPENT[index]
    items = [step.data or b"" for step in iterate(spending.script)]
    script = b"".join(push_item(change(item) if at == only else item) for at, item in enumerate(items))
    return with_script(SIGNED, index, script), index, SPENT[index]


@pytest.mark.parametrize(
    ("form", "only"),
    [
        *(
            ("P2PK", 0),
            ("P2PKH", 0),
            ("multisig", 1),
            ("multisig", 2),
            ("P2SH multisig", 2),
            ("P2SH P2PK", 0),
        ),
        *(("P2WPKH", 0), ("P2SH P2WPKH", 0), ("P2WSH multisig", 1)),
    ],
)
def test_anybody_could_raise_s(form: str, only: int) -> None:
    """Valid in a block, with another txid or wtxid; so only one of the two is passed on."""
    tx, index, spent = reseal(form, raise_s, only=only)

    assert judge(tx, index, spent).is_valid
    assert "Non-canonical signature: S value is unnecessarily high" == get_proof_objection(tx, index, spent)


def test_other_ways_to_write_the_same_proof() -> None:
    """A longer push, one item too many, an unknown hash type, keys written as nobody does. All valid."""
    at = FORMS.index
    p2pkh = SIGNED.inputs[at("P2PKH")].script
    signature, key = (step.data or b"" for step in iterate(p2pkh))
    long_push = b"\x4c" + push_item(signature) + push_item(key)
    index = at("P2PKH")
    strange_type = sign_inputs(make_unsigned(), SPENT, RING, 0x04)
    long_key = BOB.uncompressed_public_key
    hybrid = bytes([6 + (long_key[-1] & 1)]) + long_key[1:]

    for reason, tx in {
        "Data push larger than necessary": with_script(SIGNED, index, long_push),
        "Stack size must be exactly one after execution": with_script(SIGNED, index, b"\x51" + p2pkh),
        "Signature hash type missing or not understood": strange_type,
    }.items():
        assert judge(tx, index, SPENT[index]).is_valid
        assert reason == get_proof_objection(tx, index, SPENT[index])
    for script, reason in {
        pay_to_public_key(hybrid): "Public key is neither compressed or uncompressed",
        pay_to_witness(0, hash160(long_key)): "Using non-compressed keys in segwit",
        pay_to_public_key(long_key): None,
    }.items():
        spent = TxOutput(70_000, script)
        ring = KeyRing({hybrid: BOB, long_key: BOB}, {hash160(long_key): long_key})
        tx = sign_inputs(make_unsigned([spent]), [spent], ring)
        assert judge(tx, 0, spent).is_valid
        assert reason == get_proof_objection(tx, 0, spent)


def test_scripts_of_no_form_are_not_judged() -> None:
    """Their signatures may stand anywhere: only how they are pushed can be said."""
    spent = TxOutput(1, b"\x69" + pay_to_public_key(KEYS[0].public_key))
    tx = make_unsigned([spent])

    assert get_proof_objection(with_script(tx, 0, b"\x00\x51\x60\x4f"), 0, spent) is None
    assert "Data push larger than necessary" == get_proof_objection(with_script(tx, 0, b"\x01\x01"), 0, spent)
