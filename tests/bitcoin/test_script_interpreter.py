"""May this input spend that output? Bitcoin Core's own interpreter says the same, or we say "not evaluated".

Every form of output is spent, then spoiled in every single place.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace

import pytest
from support.kernel_scripts import BEFORE_WITNESS, OLD_RULES, judge
from support.spendings import (
    ANN,
    BOB,
    FORMS,
    RING,
    SPENT,
    TWO_OF_THREE,
    make_signed,
    make_unsigned,
    with_script,
    with_witness,
)

from blockchain_lab.base.errors import UsageError
from blockchain_lab.base.store import ContentStore
from blockchain_lab.bitcoin.interpreter import verify_input, verify_inputs
from blockchain_lab.bitcoin.params import NETWORKS
from blockchain_lab.bitcoin.script import push_item
from blockchain_lab.bitcoin.sighash import ALL, STANDARD_TYPES
from blockchain_lab.bitcoin.signing import sign_inputs
from blockchain_lab.bitcoin.stack_machine import Step
from blockchain_lab.bitcoin.tx import Transaction, TxOutput
from blockchain_lab.bitcoin.verdict import (
    ALL_FLAGS,
    BROKE_P2SH,
    VALID,
    Flags,
    Outcome,
    ScriptError,
    get_block_flags,
)


def flip_each_byte(raw: bytes) -> Iterator[bytes]:
    """The same bytes, with one of them changed a little, one by one; then cut off, and with one more."""
    for at, byte in enumerate(raw):
        yield raw[:at] + bytes([byte ^ 1]) + raw[at + 1 :]
    if raw:
        yield raw[:-1]
    yield raw + b"\x01"


def spoil(tx: Transaction, index: int) -> Iterator[Transaction]:
    """The transaction with a single change in one input's proof, or in what a signature covers."""
    for script in flip_each_byte(tx.inputs[index].script):
        yield with_script(tx, index, script)
    items = tx.witnesses[index]
    for at, item in enumerate(items):
        for other in flip_each_byte(item):
            yield with_witness(tx, index, *items[:at], other, *items[at + 1 :])
        yield with_witness(tx, index, *items[:at], *items[at + 1 :])
    yield with_witness(tx, index, b"", *items)
    for change in (
        {"version": 1},
        {"lock_time": 143},
        {"outputs": tx.outputs[:2]},
        {"outputs": (tx.outputs[0]._replace(value=1), *tx.outputs[1:])},
    ):
        yield replace(tx, **change)


@pytest.mark.parametrize("hash_type", [*sorted(STANDARD_TYPES), 0x00, 0x44, 0xFF])
def test_what_we_sign_everybody_takes(hash_type: int) -> None:
    """All forms, in one transaction, with each way of signing; a block may hold undefined ones, too."""
    tx = make_signed(hash_type)

    assert [VALID] * len(FORMS) == [judge(tx, index, spent) for index, spent in enumerate(SPENT)]


@pytest.mark.parametrize("form", FORMS)
def test_no_single_change_goes_unnoticed(form: str) -> None:
    """Each byte of the proof is changed, each item left out: 79 to 301 changes, and the kernel refuses all.

    So do we, or we do not evaluate what has become of the script. Only what anyone may spend stays valid.
    """
    index = FORMS.index(form)
    tx, spent = make_signed(), SPENT[index]

    outcomes = Counter(judge(other, index, spent).outcome for other in spoil(tx, index))

    assert outcomes[Outcome.VALID] == (4 if form == "anyone" else 0)
    assert outcomes[Outcome.INVALID] >= (2 if form == "anyone" else 79)
    assert outcomes[Outcome.NOT_EVALUATED] <= 2


@pytest.mark.parametrize("form", FORMS)
def test_value_and_neighbours(form: str) -> None:
    """Only a witness's signature commits to the value it spends. An input's proof does not fit another's."""
    index = FORMS.index(form)
    tx, spent = make_signed(), SPENT[index]
    commits_to_value = "P2WPKH" in form or "P2WSH" in form

    verdict = judge(tx, index, spent._replace(value=spent.value + 1))

    assert commits_to_value != verdict.is_valid
    if form != "anyone":
        neighbour = (index + 2) % len(SPENT)
        assert not judge(with_script(tx, index, tx.inputs[neighbour].script), index, spent).is_valid or (
            tx.inputs[index].script == tx.inputs[neighbour].script
        )


@pytest.mark.parametrize("flags", [OLD_RULES, Flags.P2SH, BEFORE_WITNESS, ALL_FLAGS & ~Flags.DERSIG])
def test_under_the_rules_of_earlier_years(flags: Flags) -> None:
    """Before a soft fork its outputs are anybody's: a valid proof stays valid, no proof is enough as well."""
    tx, bare = make_signed(), make_unsigned()
    without_proof = {"anyone"}
    if not flags & Flags.WITNESS:
        without_proof |= {"P2WPKH", "P2WSH multisig"}

    assert {VALID} == {judge(tx, index, spent, flags) for index, spent in enumerate(SPENT)}
    taken = {form for index, form in enumerate(FORMS) if judge(bare, index, SPENT[index], flags).is_valid}
    assert without_proof == taken
    script_only = with_script(tx, FORMS.index("P2SH P2PK"), push_item(RING.scripts[SPENT[7].script[2:22]]))
    assert bool(flags & Flags.P2SH) != judge(script_only, 7, SPENT[7], flags).is_valid


# --- Core's words ---------------------------------------------------------------------------------------


def test_reasons_are_cores() -> None:
    """Each refusal has Core's name; each is refused by the kernel, too."""
    tx = make_signed()
    at = FORMS.index
    signature, key = tx.witnesses[at("P2WPKH")]
    script = tx.inputs[at("P2PKH")].script
    multisig = tx.inputs[at("multisig")].script
    wrong = {
        ScriptError.EQUALVERIFY: (with_script(tx, at("P2PKH"), script[:-1] + b"\x00"), "P2PKH"),
        ScriptError.SIG_DER: (with_script(tx, at("P2PKH"), script[:2] + b"\x31" + script[3:]), "P2PKH"),
        ScriptError.EVAL_FALSE: (with_script(tx, at("P2PK"), b"\x00"), "P2PK"),
        ScriptError.SIG_NULLDUMMY: (with_script(tx, at("multisig"), b"\x51" + multisig[1:]), "multisig"),
        ScriptError.BAD_OPCODE: (with_script(tx, at("P2PK"), b"\x05\x01"), "P2PK"),
        ScriptError.INVALID_STACK_OPERATION: (with_script(tx, at("P2PKH"), b""), "P2PKH"),
        ScriptError.SIG_PUSHONLY: (
            with_script(tx, at("P2SH P2PK"), b"\x51\x75" + tx.inputs[at("P2SH P2PK")].script),
            "P2SH P2PK",
        ),
        ScriptError.WITNESS_MALLEATED: (with_script(tx, at("P2WPKH"), b"\x51"), "P2WPKH"),
        ScriptError.WITNESS_MALLEATED_P2SH: (
            with_script(tx, at("P2SH P2WPKH"), b"\x51" + tx.inputs[at("P2SH P2WPKH")].script),
            "P2SH P2WPKH",
        ),
        ScriptError.WITNESS_UNEXPECTED: (with_witness(tx, at("P2PK"), b""), "P2PK"),
        ScriptError.WITNESS_PROGRAM_MISMATCH: (with_witness(tx, at("P2WPKH"), signature), "P2WPKH"),
        ScriptError.WITNESS_PROGRAM_WITNESS_EMPTY: (with_witness(tx, at("P2WSH multisig")), "P2WSH multisig"),
        ScriptError.PUSH_SIZE: (with_witness(tx, at("P2WPKH"), bytes(521), key), "P2WPKH"),
    }

    for error, (spoiled, form) in wrong.items():
        verdict = judge(spoiled, at(form), SPENT[at(form)])
        assert (error, error.value) == (verdict.error, verdict.reason)
    assert "block-script-verify-flag-failed (Push value size limit exceeded)" == verdict.block_reason
    assert "mempool-script-verify-flag-failed (Push value size limit exceeded)" == verdict.mempool_reason


def test_only_the_script_that_was_named() -> None:
    """A script that anyone satisfies does not open an output that names another one by hash."""
    tx, nested = make_signed(), RING.scripts[SPENT[FORMS.index("P2SH P2WSH multisig")].script[2:22]]
    stolen = {
        "P2SH multisig": (
            with_script(tx, FORMS.index("P2SH multisig"), push_item(b"\x51")),
            ScriptError.EVAL_FALSE,
        ),
        "P2WSH multisig": (
            with_witness(tx, FORMS.index("P2WSH multisig"), b"\x51"),
            ScriptError.WITNESS_PROGRAM_MISMATCH,
        ),
        "P2SH P2WSH multisig": (
            with_witness(
                with_script(tx, FORMS.index("P2SH P2WSH multisig"), push_item(nested)),
                FORMS.index("P2SH P2WSH multisig"),
                b"\x51",
            ),
            ScriptError.WITNESS_PROGRAM_MISMATCH,
        ),
    }

    for form, (theft, error) in stolen.items():
        assert error is judge(theft, FORMS.index(form), SPENT[FORMS.index(form)]).error


# --- How it is used -------------------------------------------------------------------------------------


def test_a_lesson_can_watch_the_stack() -> None:
    """Spending P2PKH, step by step: signature and key, key twice, its hash, the wanted hash, one answer."""
    index = FORMS.index("P2PKH")
    tx, steps = make_signed(), list[Step]()

    assert verify_input(tx, index, SPENT[index], ALL_FLAGS, steps=steps).is_valid
    assert ["input"] * 2 + ["output"] * 5 == [step.script for step in steps]
    assert [1, 2, 3, 3, 4, 2, 1] == [len(step.stack) for step in steps]
    assert (b"\x01",) == steps[-1].stack
    assert (ANN.public_key, ANN.key_hash) == (steps[2].stack[-1], steps[3].stack[-1])


def test_a_store_makes_the_second_peer_cheap() -> None:
    """One more peer asks about the same transaction: nothing new is computed, and one input is as cheap."""
    store, tx = ContentStore(), make_signed()

    first = verify_inputs(tx, SPENT, ALL_FLAGS, store)
    known = len(store._results)
    again = verify_inputs(make_signed(), SPENT, ALL_FLAGS, store)
    single = tuple(verify_input(tx, index, spent, ALL_FLAGS, store) for index, spent in enumerate(SPENT))

    assert (VALID,) * len(SPENT) == first == single
    assert first is again
    assert known == len(store._results)


def test_a_store_does_not_mix_up_questions() -> None:
    """Other rules, or another witness of the same txid: another question, another answer."""
    store, tx, index = ContentStore(), make_signed(), FORMS.index("P2WPKH")
    robbed = with_witness(tx, index)
    bare = make_unsigned()

    assert all(verdict.is_valid for verdict in verify_inputs(tx, SPENT, ALL_FLAGS, store))
    assert tx.txid() == robbed.txid()
    assert not verify_inputs(robbed, SPENT, ALL_FLAGS, store)[index].is_valid
    assert not verify_inputs(bare, SPENT, ALL_FLAGS, store)[index].is_valid
    assert verify_inputs(bare, SPENT, BEFORE_WITNESS, store)[index].is_valid


def test_the_caller_must_ask_rightly() -> None:
    """No such input; not as many outputs or witnesses as inputs."""
    tx = make_signed()

    with pytest.raises(UsageError, match="input 13"):
        verify_input(tx, 13, SPENT[0], ALL_FLAGS)
    with pytest.raises(UsageError, match="12 spent outputs for 13 inputs"):
        verify_inputs(tx, SPENT[1:], ALL_FLAGS)
    with pytest.raises(UsageError, match="12 witnesses"):
        verify_input(replace(tx, witnesses=tx.witnesses[1:]), 0, SPENT[0], ALL_FLAGS)
    with pytest.raises(UsageError, match=r"input 0 .*: no key or script for"):
        sign_inputs(make_unsigned(), SPENT, type(RING)(), ALL)
    with pytest.raises(UsageError, match="cannot sign for OP_RETURN"):
        sign_inputs(make_unsigned(SPENT[:1]), [TxOutput(1, b"\x6a")], RING)
    with pytest.raises(UsageError, match="2 signatures wanted, found 1 keys"):
        sign_inputs(make_unsigned(SPENT[:1]), [TxOutput(1, TWO_OF_THREE)], type(RING).of(BOB))


def test_each_network_has_its_rules() -> None:
    """Mainnet by height; regtest from the start; two old blocks break P2SH and are valid all the same."""
    mainnet, regtest = NETWORKS["mainnet"], NETWORKS["regtest"]
    always = Flags.P2SH | Flags.WITNESS
    rules = {
        0: always,
        363_725: always | Flags.DERSIG,
        388_381: always | Flags.DERSIG | Flags.CHECKLOCKTIMEVERIFY,
        419_328: ALL_FLAGS & ~Flags.NULLDUMMY,
        481_824: ALL_FLAGS,
    }

    assert rules == {height: get_block_flags(height, mainnet) for height in rules}
    assert get_block_flags(363_724, mainnet) == always
    assert ALL_FLAGS == get_block_flags(1, regtest)
    assert {Flags.NONE} == {get_block_flags(170_060, mainnet, block) for block in BROKE_P2SH}
