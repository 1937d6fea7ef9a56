"""Single opcodes and random scripts, against Bitcoin Core's own interpreter.

Nothing that we call valid may the kernel refuse, and nothing that we call invalid may it take.
"""

from hashlib import sha256
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.kernel_scripts import BEFORE_WITNESS, OLD_RULES, judge
from support.spendings import ANN, KEYS, SPENT, TWO_OF_THREE, make_unsigned, with_script, with_witness

from blockchain_lab.bitcoin.opcodes import Op
from blockchain_lab.bitcoin.ripemd160 import hash160
from blockchain_lab.bitcoin.script import pay_to_multisig, pay_to_script_hash, pay_to_witness, push_item
from blockchain_lab.bitcoin.sighash import ALL, legacy_signature_hash
from blockchain_lab.bitcoin.tx import Transaction, TxOutput
from blockchain_lab.bitcoin.verdict import ALL_FLAGS, Flags, Outcome, ScriptError

SIGNED_BY_NOBODY = push_item(ANN.sign(bytes(32)) + b"\x01")
PROGRAM_OF_TWO = pay_to_witness(0, sha256(b"\x51\x51").digest())


@pytest.mark.parametrize(
    ("error", "shown", "script"),
    [
        (ScriptError.OP_RETURN, b"\x51", b"\x6a\x04data"),
        (ScriptError.VERIFY, b"\x00", b"\x69\x51"),
        (ScriptError.DISABLED_OPCODE, b"\x51\x51", b"\x7e"),
        (ScriptError.EVAL_FALSE, b"\x02\x00\x80", b""),
        (ScriptError.EVAL_FALSE, b"", b""),
        (ScriptError.OP_COUNT, b"\x51", b"\x76\x75" * 101),
        (ScriptError.OP_COUNT, b"\x00\x00" + b"\x51" * 20 + b"\x01\x14", b"\x76\x75" * 91 + b"\xae"),
        (ScriptError.STACK_SIZE, b"\x51", b"\x51" * 1000),
        (ScriptError.SCRIPT_SIZE, b"", b"\x51" * 10_001),
        (ScriptError.PUSH_SIZE, b"", push_item(bytes(521))),
        (ScriptError.SCRIPTNUM, b"\x00\x51\x05\x01\x00\x00\x00\x00", b"\xae"),
        (ScriptError.PUBKEY_COUNT, b"\x00\x00\x01\x15", b"\xae"),
        (ScriptError.PUBKEY_COUNT, b"\x00\x00\x4f", b"\xae"),
        (ScriptError.SIG_COUNT, b"\x00\x51\x00", b"\xae"),
        (ScriptError.SIG_COUNT, b"\x00\x4f\x00", b"\xae"),
        (ScriptError.INVALID_STACK_OPERATION, b"\x01\x30", pay_to_multisig(1, [ANN.public_key])),
        (ScriptError.INVALID_STACK_OPERATION, b"\x51\x51", b"\xae"),
        (ScriptError.CHECKSIGVERIFY, SIGNED_BY_NOBODY, push_item(ANN.public_key) + b"\xad\x51"),
        (
            ScriptError.CHECKMULTISIGVERIFY,
            b"\x00" + SIGNED_BY_NOBODY,
            TWO_OF_THREE[:-1].replace(b"\x52", b"\x51", 1) + b"\xaf",
        ),
        (ScriptError.NEGATIVE_LOCKTIME, b"\x4f", b"\xb1"),
        (ScriptError.NEGATIVE_LOCKTIME, b"\x4f", b"\xb2"),
        (ScriptError.SCRIPTNUM, push_item(bytes(6)), b"\xb1"),
        (ScriptError.WITNESS_PROGRAM_WRONG_LENGTH, b"", pay_to_witness(0, b"\x01" * 21)),
    ],
)
def test_reasons_of_single_scripts(error: ScriptError, shown: bytes, script: bytes) -> None:
    """A script that cannot succeed, with Core's name for why."""
    tx = with_script(make_unsigned(), 0, shown)

    assert error == judge(tx, 0, TxOutput(1, script)).error


@pytest.mark.parametrize("signers", list(product(range(3), repeat=2)))
def test_two_of_three_sign_in_the_order_of_the_keys(signers: tuple[int, int]) -> None:
    """Each key is tried once, so nobody signs twice, and the order of signatures is that of the keys."""
    tx = make_unsigned([SPENT[0]])
    digest = legacy_signature_hash(tx, 0, TWO_OF_THREE, ALL)
    signatures = [push_item(KEYS[number].sign(digest) + b"\x01") for number in signers]

    verdict = judge(with_script(tx, 0, b"\x00" + b"".join(signatures)), 0, TxOutput(1, TWO_OF_THREE))

    assert (signers[0] < signers[1]) == verdict.is_valid


def test_a_witness_leaves_one_item() -> None:
    """What is only a rule of relaying for other scripts is a rule of blocks in witnesses."""
    tx = with_witness(make_unsigned(), 0, b"\x51\x51")

    assert ScriptError.CLEANSTACK == judge(tx, 0, TxOutput(1, PROGRAM_OF_TWO)).error
    assert judge(with_script(make_unsigned(), 0, b"\x51\x51"), 0, TxOutput(1, b"\x51")).is_valid


@pytest.mark.parametrize(
    ("opcode", "wanted", "lock_time", "sequence", "version", "is_open"),
    [
        (Op.OP_CHECKLOCKTIMEVERIFY, 144, 144, 0, 2, True),
        (Op.OP_CHECKLOCKTIMEVERIFY, 145, 144, 0, 2, False),
        (Op.OP_CHECKLOCKTIMEVERIFY, 144, 144, 0xFFFFFFFF, 2, False),  # a final input needs not wait
        (Op.OP_CHECKLOCKTIMEVERIFY, 144, 500_000_000, 0, 2, False),  # height against time
        (Op.OP_CHECKLOCKTIMEVERIFY, 4_000_000_000, 4_000_000_000, 0, 2, True),  # five bytes
        (Op.OP_CHECKSEQUENCEVERIFY, 10, 0, 10, 2, True),
        (Op.OP_CHECKSEQUENCEVERIFY, 11, 0, 10, 2, False),
        (Op.OP_CHECKSEQUENCEVERIFY, 10, 0, 10, 1, False),
        (Op.OP_CHECKSEQUENCEVERIFY, 10, 0, 10 | 1 << 31, 2, False),
        (Op.OP_CHECKSEQUENCEVERIFY, 10, 0, 10 | 1 << 22, 2, False),  # blocks against seconds
        (
            Op.OP_CHECKSEQUENCEVERIFY,
            10 | 1 << 22,
            0,
            11 | 1 << 22 | 1 << 20,
            2,
            True,
        ),  # other bits do not count
        (Op.OP_CHECKSEQUENCEVERIFY, 10 | 1 << 31, 0, 0xFFFFFFFF, 1, True),
    ],
)
def test_locks(opcode: Op, wanted: int, lock_time: int, sequence: int, version: int, is_open: bool) -> None:
    """BIP 65: not before a height or time. BIP 112: not before the spent output has an age."""
    number = wanted.to_bytes(wanted.bit_length() // 8 + 1, "little")
    spent = TxOutput(1, push_item(number) + bytes([opcode]))
    bare = make_unsigned([spent])
    inputs = (bare.inputs[0]._replace(sequence=sequence),)
    tx = Transaction(version, inputs, bare.outputs, (), lock_time)

    assert is_open == judge(tx, 0, spent).is_valid
    assert judge(tx, 0, spent, Flags.P2SH).is_valid  # before these soft forks: no rule


# --- What is not evaluated ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("what", "shown", "script"),
    [
        ("OP_IF (0x63)", b"\x51", b"\x63\x51\x68"),
        ("OP_ADD (0x93)", b"\x51\x51", b"\x93"),
        ("OP_UNKNOWN (0xff)", b"\x51", b"\xff"),
        ("a witness program of version 1", b"", pay_to_witness(1, bytes(range(32)))),
        ("a witness program of version 16", b"", pay_to_witness(16, b"\x01\x02")),
        ("OP_CODESEPARATOR (0xab)", SIGNED_BY_NOBODY, push_item(ANN.public_key) + b"\xad\xab\x51"),
    ],
)
def test_what_we_do_not_know_is_not_valid(what: str, shown: bytes, script: bytes) -> None:
    """Neither valid nor invalid, and it says what is missing."""
    verdict = judge(with_script(make_unsigned(), 0, shown), 0, TxOutput(1, script))

    assert (Outcome.NOT_EVALUATED, what) == (verdict.outcome, verdict.reason)
    assert not verdict.is_valid


def test_two_oddities_are_not_evaluated() -> None:
    """A signature inside the script that it signs, which Core cuts out; loose DER before BIP 66."""
    signature = ANN.sign(legacy_signature_hash(make_unsigned(), 5, b"", 3)) + b"\x03"
    inside = TxOutput(1, push_item(signature) + push_item(ANN.public_key) + b"\xac")
    loose = with_script(make_unsigned(), 0, push_item(b"\x30\x01"))

    assert Outcome.NOT_EVALUATED is judge(make_unsigned(), 5, inside).outcome
    assert Outcome.NOT_EVALUATED is judge(loose, 0, SPENT[0], OLD_RULES).outcome
    assert ScriptError.SIG_DER is judge(loose, 0, SPENT[0]).error


# --- Random scripts -------------------------------------------------------------------------------------

OPCODES = [
    *(
        Op.OP_0,
        Op.OP_1,
        Op.OP_2,
        Op.OP_3,
        Op.OP_1NEGATE,
        Op.OP_DUP,
        Op.OP_DROP,
        Op.OP_EQUAL,
        Op.OP_EQUALVERIFY,
    ),
    *(Op.OP_VERIFY, Op.OP_HASH160, Op.OP_SHA256, Op.OP_HASH256, Op.OP_RIPEMD160, Op.OP_SHA1, Op.OP_CHECKSIG),
    *(Op.OP_CHECKSIGVERIFY, Op.OP_CHECKMULTISIG, Op.OP_CHECKMULTISIGVERIFY, Op.OP_CHECKLOCKTIMEVERIFY),
    *(Op.OP_CHECKSEQUENCEVERIFY, Op.OP_RETURN, Op.OP_IF),
]
WORDS = [bytes([opcode]) for opcode in OPCODES] + [push_item(key.public_key) for key in KEYS]
words = st.lists(st.sampled_from([*WORDS, b"\x01\x80", b"\x02\x90\x00", push_item(hash160(b""))]), max_size=8)
bodies = st.one_of(
    words.map(b"".join),
    st.sampled_from([TWO_OF_THREE, SPENT[0].script, SPENT[2].script, b"\x51" + SPENT[0].script]),
)
proofs = st.lists(
    st.one_of(
        st.sampled_from([b"", b"\x01", ANN.public_key]), st.tuples(st.integers(0, 2), st.sampled_from([1, 3]))
    ),
    max_size=4,
)


@settings(max_examples=600)
@given(
    body=bodies,
    proof=proofs,
    wrapping=st.sampled_from(["bare", "P2SH"]),
    flags=st.sampled_from([ALL_FLAGS, BEFORE_WITNESS, OLD_RULES]),
)
def test_random_scripts(
    body: bytes, proof: list[bytes | tuple[int, int]], wrapping: str, flags: Flags
) -> None:
    """Any opcodes of ours in any order, with signatures for the very script: the kernel agrees."""
    tx = make_unsigned(SPENT[:2])
    items = [
        item
        if isinstance(item, bytes)
        else KEYS[item[0]].sign(legacy_signature_hash(tx, 1, body, item[1])) + bytes([item[1]])
        for item in proof
    ]
    shown, script = b"".join(map(push_item, items)), body
    if wrapping == "P2SH":
        shown, script = shown + push_item(body), pay_to_script_hash(hash160(body))

    judge(with_script(tx, 1, shown), 1, TxOutput(1, script), flags)
