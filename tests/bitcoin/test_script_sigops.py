"""The price of signatures: small scripts by hand, and btclib on random ones."""

from dataclasses import replace

import pytest
from btclib.script import sig_ops as theirs
from btclib.script.witness import Witness as TheirWitness
from hypothesis import given
from hypothesis import strategies as st
from support.spendings import FORMS, SPENT, TWO_OF_THREE, make_signed, make_unsigned

from blockchain_lab.base.errors import UsageError
from blockchain_lab.bitcoin.miner import make_coinbase
from blockchain_lab.bitcoin.ripemd160 import hash160
from blockchain_lab.bitcoin.script import pay_to_script_hash, pay_to_witness, push_item
from blockchain_lab.bitcoin.sigops import (
    compute_sigop_cost,
    count_legacy_sigops,
    count_script_hash_sigops,
    count_sigops,
    count_witness_sigops,
)
from blockchain_lab.bitcoin.tx import TxOutput
from blockchain_lab.bitcoin.verdict import Flags

# Whole opcodes and pushes, pushes that are cut off, and pushes of what would be opcodes.
words = [b"\x00", b"\x51", b"\x53", b"\x60", b"\x01\x03", b"\x02\xac\xae", b"\x4c\x01\xac", b"\x05", b"\x6a"]
scripts = st.lists(st.sampled_from([*words, b"\xac", b"\xad", b"\xae", b"\xaf"]), max_size=8).map(b"".join)


def test_by_hand() -> None:
    """An opcode counts wherever it stands; a pushed byte is none; a multisig counts 20, or its keys."""
    counts = {
        "ac": (1, 1),
        "01ac": (0, 0),
        "6aacac": (2, 2),
        "53ae": (20, 3),
        "0153ae": (20, 20),
        "00ae": (20, 20),
        "53ac53af": (21, 4),
        "ac05ac": (1, 1),
    }

    found = {
        raw: tuple(count_sigops(bytes.fromhex(raw), accurate=accurate) for accurate in (False, True))
        for raw in counts
    }
    assert counts == found


@given(script=scripts)
def test_btclib_counts_the_same(script: bytes) -> None:
    """Both ways, for whole and for broken scripts."""
    for accurate in (False, True):
        assert theirs.sig_op_count(script, accurate=accurate) == count_sigops(script, accurate=accurate)


@given(script=scripts, behind=scripts, size=st.sampled_from([20, 32, 33]), version=st.integers(0, 1))
def test_btclib_looks_behind_hashes_the_same(script: bytes, behind: bytes, size: int, version: int) -> None:
    """P2SH, witnesses, and witnesses behind P2SH; the hash is not checked, for this is only a count."""
    native = pay_to_witness(version, bytes(size))
    for inner in (behind, native):
        spent = TxOutput(1, pay_to_script_hash(bytes(20)))
        for shown in (script + push_item(inner), push_item(inner)):
            expected = theirs.p2sh_sig_op_count(shown, spent.script)
            assert expected == count_script_hash_sigops(shown, spent)
            expected = theirs.witness_sig_op_count(shown, spent.script, TheirWitness([b"\x01", behind]))
            assert expected == count_witness_sigops(shown, (b"\x01", behind), spent)
    expected = theirs.witness_sig_op_count(b"", native, TheirWitness([behind]))
    assert expected == count_witness_sigops(b"", (behind,), TxOutput(1, native))


def test_the_price_of_every_form() -> None:
    """A signature costs 4, in a witness 1. Behind a hash the spender pays for it, else the maker.

    The three outputs of our transaction are P2PKH: 12.
    """
    prices = {
        "P2PK": 0,
        "P2PKH": 0,
        "multisig": 0,
        "P2SH multisig": 12,
        "P2SH P2PK": 4,
        "P2WPKH": 1,
        "P2SH P2WPKH": 1,
        "P2WSH multisig": 3,
        "P2SH P2WSH multisig": 3,
        "anyone": 0,
    }
    signed = make_signed()

    for form, price in prices.items():
        at = FORMS.index(form)
        tx = replace(signed, inputs=(signed.inputs[at],), witnesses=(signed.witnesses[at],))
        assert 12 + price == compute_sigop_cost(tx, [SPENT[at]])
        before = {"P2SH multisig": 12, "P2SH P2PK": 4}.get(form, 0)
        assert 12 + before == compute_sigop_cost(tx, [SPENT[at]], Flags.P2SH)
        assert 12 == compute_sigop_cost(tx, [SPENT[at]], Flags.NONE)


def test_a_bare_multisig_costs_its_maker_most() -> None:
    """20 keys are assumed: 80 for an output with three."""
    tx = replace(make_unsigned(SPENT[:1]), outputs=(TxOutput(1, TWO_OF_THREE),))

    assert 20 == count_legacy_sigops(tx)
    assert 80 == compute_sigop_cost(tx, SPENT[:1])


def test_a_coinbase_spends_nothing() -> None:
    """Only its own scripts count; anybody else must say what is spent."""
    assert 4 == compute_sigop_cost(make_coinbase(1, 1, b"x", script=b"\xac"), [])
    assert 0 == count_script_hash_sigops(b"\x01\xac", TxOutput(1, b"\xac"))
    assert 0 == count_script_hash_sigops(b"\x61\x01\xac", TxOutput(1, pay_to_script_hash(hash160(b"\xac"))))
    with pytest.raises(UsageError, match="0 spent outputs for 13 inputs"):
        compute_sigop_cost(make_unsigned(), [])
