"""Scripts as bytes, as text and by form: examples by hand, and btclib on any bytes."""

import pytest
from btclib.script import script_pub_key as theirs
from hypothesis import given
from hypothesis import strategies as st
from support.spendings import ANN, BOB, KEYS, SCRIPTS, TWO_OF_THREE

from blockchain_lab.base.errors import DecodeError, UsageError
from blockchain_lab.bitcoin.miner import ANYONE_CAN_SPEND
from blockchain_lab.bitcoin.opcodes import DISABLED, NAMES, Op, get_name
from blockchain_lab.bitcoin.params import NETWORKS, SATOSHI_KEY
from blockchain_lab.bitcoin.script import (
    Classified,
    Form,
    Instruction,
    classify,
    disassemble,
    get_witness_program,
    is_push_only,
    is_true,
    iterate,
    null_data,
    pay_to_multisig,
    pay_to_public_key,
    pay_to_public_key_hash,
    pay_to_script_hash,
    pay_to_witness,
    push_item,
)

HASH = bytes(range(20))
FORMS = {
    "P2PK": Form.PUBLIC_KEY,
    "P2PK long": Form.PUBLIC_KEY,
    "P2PKH": Form.PUBLIC_KEY_HASH,
    "multisig": Form.MULTISIG,
    "multisig long": Form.MULTISIG,
    "P2SH multisig": Form.SCRIPT_HASH,
    "P2WPKH": Form.WITNESS_KEY_HASH,
    "P2WSH multisig": Form.WITNESS_SCRIPT_HASH,
    "anyone": Form.ANYONE,
}
THEIR_WORDS = {
    Form.PUBLIC_KEY: "p2pk",
    Form.PUBLIC_KEY_HASH: "p2pkh",
    Form.MULTISIG: "p2ms",
    Form.SCRIPT_HASH: "p2sh",
    Form.WITNESS_KEY_HASH: "p2wpkh",
    Form.WITNESS_SCRIPT_HASH: "p2wsh",
    Form.TAPROOT: "p2tr",
    Form.WITNESS_UNKNOWN: "witness_unknown",
    Form.NULL_DATA: "nulldata",
}
# What a script is made of, so that forms come out often, and what nearly is one.
words = st.lists(
    st.sampled_from(
        [
            *(
                b"\x00",
                b"\x51",
                b"\x52",
                b"\x53",
                b"\x60",
                b"\x6a",
                b"\x76",
                b"\x87",
                b"\x88",
                b"\xa9",
                b"\xac",
            ),
            *(b"\xae", b"\x14" + HASH, b"\x20" + bytes(32), b"\x21" + ANN.public_key, b"\x21" + bytes(33)),
            *(b"\x41" + SATOSHI_KEY, b"\x4c\x21" + BOB.public_key, b"\x01\x11", b"\x01", b"\x02hi"),
        ]
    ),
    max_size=7,
).map(b"".join)


def test_the_script_of_the_first_coins() -> None:
    """Block 0 pays a bare key; the words of the next form are those of most outputs ever made."""
    first = NETWORKS["mainnet"].genesis.transactions[0].outputs[0].script

    assert SATOSHI_KEY.hex() + " OP_CHECKSIG" == disassemble(first)
    assert Classified(Form.PUBLIC_KEY, (SATOSHI_KEY,)) == classify(first)
    assert f"OP_DUP OP_HASH160 {HASH.hex()} OP_EQUALVERIFY OP_CHECKSIG" == disassemble(
        pay_to_public_key_hash(HASH)
    )


def test_pushes_in_every_way_of_writing() -> None:
    """A length in the opcode, in one byte, in two or in four behind it; numbers have opcodes of their own."""
    raw = "02abcd" + "4c01ff" + "4d0200beef" + "4e0100000042" + "00" + "4f" + "60"

    assert [
        Instruction(0, 2, b"\xab\xcd"),
        Instruction(3, Op.OP_PUSHDATA1, b"\xff"),
        Instruction(6, Op.OP_PUSHDATA2, b"\xbe\xef"),
        Instruction(11, Op.OP_PUSHDATA4, b"\x42"),
        Instruction(17, Op.OP_0, b""),
        Instruction(18, Op.OP_1NEGATE, None),
        Instruction(19, Op.OP_16, None),
    ] == list(iterate(bytes.fromhex(raw)))
    assert "abcd ff beef 42 OP_0 OP_1NEGATE OP_16" == disassemble(bytes.fromhex(raw))
    assert "" == disassemble(b"")


@pytest.mark.parametrize("tail", ["02ab", "4c", "4c02ab", "4d01", "4dffff", "4e000000", "4e01000000"])
def test_a_push_that_is_cut_off(tail: str) -> None:
    """All before it can be read; a script with it is shown with an error, and has no form."""
    script = b"\x76" + bytes.fromhex(tail)
    steps = iterate(script)

    assert Instruction(0, Op.OP_DUP, None) == next(steps)
    with pytest.raises(DecodeError, match="the push at 1 wants"):
        next(steps)
    assert "OP_DUP [error]" == disassemble(script)
    assert Classified(Form.OTHER) == classify(script)
    assert not is_push_only(script[1:])


@given(item=st.one_of(st.binary(max_size=80), st.integers(250, 600).map(bytes)))
def test_items_are_pushed_in_the_shortest_way(item: bytes) -> None:
    """One instruction that pushes just this; no other way of writing it is shorter."""
    script = push_item(item)
    (step,) = iterate(script)
    pushed = step.data
    if pushed is None:
        pushed = b"\x81" if step.opcode == Op.OP_1NEGATE else bytes([step.opcode - Op.OP_1 + 1])

    assert item == pushed
    heads = 1 + (len(item) > 75) + (len(item) > 255)
    assert len(script) == (1 if step.data is None else heads + len(item))
    assert is_push_only(script)


@pytest.mark.parametrize(("name", "form"), FORMS.items())
def test_forms_are_recognised(name: str, form: Form) -> None:
    """Each as it was built."""
    assert form is classify(SCRIPTS[name]).form


def test_what_tells_two_scripts_of_one_form_apart() -> None:
    """Keys, hashes, how many signatures, data."""
    keys = tuple(key.public_key for key in KEYS)

    assert Classified(Form.MULTISIG, keys, 2) == classify(TWO_OF_THREE)
    assert Classified(Form.SCRIPT_HASH, (HASH,)) == classify(pay_to_script_hash(HASH))
    assert Classified(Form.PUBLIC_KEY_HASH, (HASH,)) == classify(pay_to_public_key_hash(HASH))
    assert Classified(Form.WITNESS_KEY_HASH, (HASH,)) == classify(pay_to_witness(0, HASH))
    assert Classified(Form.TAPROOT, (bytes(32),)) == classify(pay_to_witness(1, bytes(32)))
    assert Classified(Form.WITNESS_UNKNOWN, (b"\x4e\x73",)) == classify(pay_to_witness(1, b"\x4e\x73"))
    assert Classified(Form.OTHER, (HASH[1:],)) == classify(pay_to_witness(0, HASH[1:]))
    assert Classified(Form.NULL_DATA, (b"a note",)) == classify(null_data(b"a note"))
    assert Classified(Form.ANYONE) == classify(ANYONE_CAN_SPEND)
    twenty = pay_to_multisig(17, [ANN.public_key] * 20)
    assert 17 == classify(twenty).required
    assert twenty.startswith(b"\x01\x11\x21")


@pytest.mark.parametrize(
    "raw",
    [
        *("", "00", "01" + "80", "02" + "0000", "61", "5151", "ac", "76a9", "6aac", "6a61", "51ae"),
        *("53" + "21" + "02" * 33 + "51ae", "00" + "21" + "02" * 33 + "51ae", "21" + "02" * 33),
    ],
)
def test_what_has_no_form(raw: str) -> None:
    """False constants, two of any, bare opcodes, OP_RETURN with opcodes behind. A key alone is a constant."""
    expected = Form.ANYONE if raw.startswith("2102") else Form.OTHER

    assert expected is classify(bytes.fromhex(raw)).form


@given(
    script=st.one_of(
        words,
        st.binary(max_size=60),
        st.sampled_from(list(SCRIPTS.values())),
        st.builds(pay_to_witness, st.integers(0, 16), st.sampled_from([20, 32, 33]).map(bytes)),
        st.builds(pay_to_multisig, st.integers(1, 3), st.just([ANN.public_key, SATOSHI_KEY, bytes(33)])),
    )
)
def test_btclib_sees_the_same_forms(script: bytes) -> None:
    """For any bytes. It has no word for constants, and knows only short notes of one push."""
    form, parts, _ = classify(script)
    kind, payload = theirs.type_and_payload(script)

    if form is Form.NULL_DATA and kind == "unknown":
        return
    assert kind == THEIR_WORDS.get(form, "unknown")
    if form in (Form.PUBLIC_KEY, Form.PUBLIC_KEY_HASH, Form.SCRIPT_HASH, Form.WITNESS_KEY_HASH):
        assert (payload,) == parts


def test_what_only_pushes() -> None:
    """Everything up to OP_16; the next opcode does nothing, and is no push all the same."""
    assert is_push_only(b"\x50\x60\x02hi")
    assert not is_push_only(b"\x60\x61")


def test_truth() -> None:
    """Any byte that is not zero, except a sign alone: minus zero is zero."""
    truths = {"": False, "00": False, "0000": False, "80": False, "0080": False}
    truths |= {"01": True, "8000": True, "8080": True, "000001": True, "81": True}

    assert truths == {raw: is_true(bytes.fromhex(raw)) for raw in truths}


def test_witness_programs() -> None:
    """A number and one direct push of 2 to 40 bytes: nothing else, or it is an ordinary script."""
    assert (0, HASH) == get_witness_program(b"\x00\x14" + HASH)
    assert (16, b"\x01\x02") == get_witness_program(b"\x60\x02\x01\x02")
    for wrong in ("4f020102", "51020102ff", "510101", "614c020102", "0029" + "00" * 41, "510301"):
        assert get_witness_program(bytes.fromhex(wrong)) is None


def test_scripts_cannot_be_built_wrongly() -> None:
    """The caller's mistakes, with what was wanted."""
    for build, reason in (
        (lambda: pay_to_public_key_hash(bytes(19)), "a hash of 19 bytes, wanted 20"),
        (lambda: pay_to_script_hash(bytes(32)), "a hash of 32 bytes, wanted 20"),
        (lambda: pay_to_multisig(0, [ANN.public_key]), "0 of 1 keys"),
        (lambda: pay_to_multisig(2, [ANN.public_key]), "2 of 1 keys"),
        (lambda: pay_to_multisig(1, [ANN.public_key] * 21), "1 of 21 keys"),
        (lambda: pay_to_witness(17, bytes(32)), "version 17"),
        (lambda: pay_to_witness(0, bytes(41)), "41 bytes"),
        (lambda: push_item(bytes(65_536)), "65536 bytes, at most 65535"),
    ):
        with pytest.raises(UsageError, match=reason):
            build()
    assert pay_to_public_key(ANN.public_key) == push_item(ANN.public_key) + b"\xac"


def test_opcodes_have_cores_names() -> None:
    """Two that soft forks have renamed, the fifteen that are switched off, and bytes without a name."""
    assert ("OP_CHECKLOCKTIMEVERIFY", "OP_CHECKSIGADD") == (get_name(0xB1), get_name(0xBA))
    assert "OP_UNKNOWN" == get_name(0xBB) == get_name(0x4B)
    assert 15 == len(DISABLED)
    assert sorted([0, *range(0x4C, 0xBB)]) == sorted(NAMES)
