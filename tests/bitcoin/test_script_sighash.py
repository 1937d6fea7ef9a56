"""What a signature signs: BIP 143's own examples, the bug of 2009, and btclib on random transactions."""

import pytest
from btclib.script import sig_hash as theirs
from hypothesis import given, settings
from hypothesis import strategies as st
from support.btclib_twins import twin_transaction
from support.spendings import make_unsigned

from blockchain_lab.base.errors import UsageError
from blockchain_lab.bitcoin.keys import PrivateKey
from blockchain_lab.bitcoin.opcodes import Op
from blockchain_lab.bitcoin.script import pay_to_public_key_hash, pay_to_script_hash
from blockchain_lab.bitcoin.sighash import (
    ALL,
    ANYONE_CAN_PAY,
    NONE,
    SINGLE,
    SINGLE_BUG,
    STANDARD_TYPES,
    WitnessHasher,
    legacy_signature_hash,
)
from blockchain_lab.bitcoin.signing import KeyRing, sign_inputs
from blockchain_lab.bitcoin.tx import OutPoint, Transaction, TxInput, TxOutput

# BIP 143, "Native P2WPKH": a P2PK and a P2WPKH output are spent.
NATIVE = (
    "0100000002fff7f7881a8099afa6940d42d1e7f6362bec38171ea3edf433541db4e4ad969f0000000000eeffffffef51e1b804"
    "cc89d182d279655c3aa89e815b1b309fe287d9b2b55d57b90ec68a0100000000ffffffff02202cb206000000001976a9148280"
    "b37df378db99f66f85c95a783a76ac7a6d5988ac9093510d000000001976a9143bde42dbee7e4dbe6a21b2d50ce2f0167faa81"
    "5988ac11000000"
)
NATIVE_SIGNED = (
    "01000000000102fff7f7881a8099afa6940d42d1e7f6362bec38171ea3edf433541db4e4ad969f00000000494830450221008b"
    "9d1dc26ba6a9cb62127b02742fa9d754cd3bebf337f7a55d114c8e5cdd30be022040529b194ba3f9281a99f2b1c0a19c0489bc"
    "22ede944ccf4ecbab4cc618ef3ed01eeffffffef51e1b804cc89d182d279655c3aa89e815b1b309fe287d9b2b55d57b90ec68a"
    "0100000000ffffffff02202cb206000000001976a9148280b37df378db99f66f85c95a783a76ac7a6d5988ac9093510d000000"
    "001976a9143bde42dbee7e4dbe6a21b2d50ce2f0167faa815988ac000247304402203609e17b84f6a7d30c80bfa610b5b4542f"
    "32a8a0d5447a12fb1366d7f01cc44a0220573a954c4518331561406f90300e8f3358f51928d43c212a8caed02de67eebee0121"
    "025476c2e83188368da1ff3e292e7acafcdb3566bb0ad253f62fc70f07aeee635711000000"
)
NATIVE_SPENT = [
    TxOutput(
        625_000_000,
        bytes.fromhex("2103c9f4836b9a4f77fc0d81f7bcb01b7f1b35916864b9476c241ce9fc198bd25432ac"),
    ),
    TxOutput(600_000_000, bytes.fromhex("00141d0f172a0ecb48aee1be1f2687d2963ae33f71a1")),
]
NATIVE_KEYS = (
    "bbc27228ddcb9209d7fd6f36b02f7dfa6252af40bb2f1cbc7a557da8027ff866",
    "619c335025c7f4012e556c2a58b2506e30b8511b53ade95ea316fd8c3286feb9",
)

# BIP 143, "P2SH-P2WPKH".
NESTED = (
    "0100000001db6b1b20aa0fd7b23880be2ecbd4a98130974cf4748fb66092ac4d3ceb1a54770100000000feffffff02b8b4eb0b"
    "000000001976a914a457b684d7f0d539a46a45bbc043f35b59d0d96388ac0008af2f000000001976a914fd270b1ee6abcaea97"
    "fea7ad0402e8bd8ad6d77c88ac92040000"
)
NESTED_SIGNED = (
    "01000000000101db6b1b20aa0fd7b23880be2ecbd4a98130974cf4748fb66092ac4d3ceb1a5477010000001716001479091972"
    "186c449eb1ded22b78e40d009bdf0089feffffff02b8b4eb0b000000001976a914a457b684d7f0d539a46a45bbc043f35b59d0"
    "d96388ac0008af2f000000001976a914fd270b1ee6abcaea97fea7ad0402e8bd8ad6d77c88ac02473044022047ac8e878352d3"
    "ebbde1c94ce3a10d057c24175747116f8288e5d794d12d482f0220217f36a485cae903c713331d877c1f64677e3622ad401072"
    "6870540656fe9dcb012103ad1d8e89212f0b92c74d23bb710c00662ad1470198ac48c43f7d6f93a2a2687392040000"
)
NESTED_SPENT = [TxOutput(1_000_000_000, bytes.fromhex("a9144733f37cf4db86fbc2efed2500b4f4e49f31202387"))]
NESTED_KEY = "eb696a065ef48a2192da5b28b694f87544b30fae8327c4510137a922f32c6dcf"
NESTED_SCRIPT = bytes.fromhex("001479091972186c449eb1ded22b78e40d009bdf0089")

# BIP 143, "P2SH-P2WSH": six keys sign, each with another hash type.
SIX = (
    "010000000136641869ca081e70f394c6948e8af409e18b619df2ed74aa106c1ca29787b96e0100000000ffffffff0200e9a435"
    "000000001976a914389ffce9cd9ae88dcc0631e88a821ffdbe9bfe2688acc0832f05000000001976a9147480a33f950689af51"
    "1e6e84c138dbbd3c3ee41588ac00000000"
)
SIX_SCRIPT = bytes.fromhex(
    "56210307b8ae49ac90a048e9b53357a2354b3334e9c8bee813ecb98e99a7e07e8c3ba32103b28f0c28bfab54554ae8c658ac5c"
    "3e0ce6e79ad336331f78c428dd43eea8449b21034b8113d703413d57761b8b9781957b8c0ac1dfe69f492580ca4195f50376ba"
    "4a21033400f6afecb833092a9a21cfdf1ed1376e58c5d1f47de74683123987e967a8f42103a6d48b1131e94ba04d9737d61acd"
    "aa1322008af9602b3b14862c07a1789aac162102d8b661b0b3302ee2f162b09e07a55ad5dfbe673a9f01d9f0c1961768102430"
    "6b56ae"
)
SIX_HASHES = {
    ALL: "185c0be5263dce5b4bb50a047973c1b6272bfbd0103a89444597dc40b248ee7c",
    NONE: "e9733bc60ea13c95c6527066bb975a2ff29a925e80aa14c213f686cbae5d2f36",
    SINGLE: "1e1f1c303dc025bd664acb72e583e933fae4cff9148bf78c157d1e8f78530aea",
}

# Single opcodes and pushes of such: any bytes of these are a whole script, without OP_CODESEPARATOR.
script_codes = st.lists(st.sampled_from([b"\x00", b"\x51", b"\x76\xa9", b"\x02\xab\xab", b"\xac"])).map(
    b"".join
)
transactions = st.builds(
    Transaction,
    st.integers(1, 2**31 - 1),
    st.lists(
        st.builds(
            TxInput,
            st.builds(OutPoint, st.binary(min_size=32, max_size=32), st.integers(0, 2**32 - 1)),
            script_codes,
            st.integers(0, 2**32 - 1),
        ),
        min_size=1,
        max_size=4,
    ).map(tuple),
    st.lists(st.builds(TxOutput, st.integers(0, 21 * 10**14), script_codes), min_size=1, max_size=4).map(
        tuple
    ),
    st.just(()),
    st.integers(0, 2**32 - 1),
)
hash_types = st.one_of(st.sampled_from(sorted(STANDARD_TYPES)), st.integers(0, 255))


def read(raw: str) -> Transaction:
    """From hexadecimal."""
    return Transaction.decode(bytes.fromhex(raw))


def test_bip_143_native() -> None:
    """Digest, signature and signed transaction as the standard prints them; the shared parts, too."""
    tx = read(NATIVE)
    hasher = WitnessHasher(tx)
    script_code = pay_to_public_key_hash(NATIVE_SPENT[1].script[2:])
    ring = KeyRing.of(*(PrivateKey.from_bytes(bytes.fromhex(key)) for key in NATIVE_KEYS))

    assert "96b827c8483d4e9b96712b6713a7b68d6e8003a781feba36c31143470b4efd37" == hasher.previous.hex()
    assert "52b0a642eea2fb7ae638c36f6252b6750293dbe574a806984b8e4d8548339a3b" == hasher.sequences.hex()
    assert "863ef3e1a92afbfdb97f31ad0fc7683ee943e9abcf2501590ff8f6551f47e5e5" == hasher.outputs.hex()
    assert (
        "c37af31116d1b27caf68aae9e3ac82f1477929014d5b917657d0eb49478cb670"
        == hasher.signature_hash(1, script_code, NATIVE_SPENT[1].value, ALL).hex()
    )
    assert NATIVE_SIGNED == sign_inputs(tx, NATIVE_SPENT, ring).encode().hex()


def test_bip_143_nested() -> None:
    """The same behind a script hash."""
    key = PrivateKey.from_bytes(bytes.fromhex(NESTED_KEY))
    signed = sign_inputs(read(NESTED), NESTED_SPENT, KeyRing.of(key, scripts=[NESTED_SCRIPT]))

    assert NESTED_SPENT[0].script == pay_to_script_hash(NESTED_SPENT[0].script[2:22])
    assert NESTED_SIGNED == signed.encode().hex()


@pytest.mark.parametrize("hash_type", SIX_HASHES)
def test_bip_143_hash_types(hash_type: int) -> None:
    """ALL, NONE and SINGLE on one input."""
    digest = WitnessHasher(read(SIX)).signature_hash(0, SIX_SCRIPT, 987_654_321, hash_type)

    assert SIX_HASHES[hash_type] == digest.hex()


@settings(max_examples=200)
@given(tx=transactions, script_code=script_codes, hash_type=hash_types, data=st.data())
def test_btclib_hashes_the_same(
    tx: Transaction, script_code: bytes, hash_type: int, data: st.DataObject
) -> None:
    """Both ways, for any transaction, any input, and any of the 256 hash types that a block may hold."""
    index = data.draw(st.integers(0, len(tx.inputs) - 1))
    value = data.draw(st.integers(0, 21 * 10**14))
    twin = twin_transaction(tx)

    ours = legacy_signature_hash(tx, index, script_code, hash_type)
    assert theirs.legacy(script_code, twin, index, hash_type) == ours
    ours = WitnessHasher(tx).signature_hash(index, script_code, value, hash_type)
    assert theirs.segwit_v0(script_code, twin, index, hash_type, value) == ours


def test_the_bug_of_single() -> None:
    """An input without an output of its index signs the number 1: whoever has that, has all such coins.

    BIP 143 puts zeros in the output's place instead, and so signs this input and no other.
    """
    tx = make_unsigned()
    last = len(tx.outputs)

    assert SINGLE_BUG == legacy_signature_hash(tx, last, b"", SINGLE)
    assert SINGLE_BUG == legacy_signature_hash(tx, last + 1, b"\x51", SINGLE | ANYONE_CAN_PAY)
    assert SINGLE_BUG != legacy_signature_hash(tx, last - 1, b"", SINGLE)
    hasher = WitnessHasher(tx)
    assert hasher.signature_hash(last, b"", 1, SINGLE) != hasher.signature_hash(last + 1, b"", 1, SINGLE)


def test_what_each_type_leaves_open() -> None:
    """NONE: all outputs. SINGLE: the others. ANYONECANPAY: the other inputs, and one may come behind."""
    tx = make_unsigned()
    more_inputs = Transaction(tx.version, (*tx.inputs, tx.inputs[0]), tx.outputs, (), tx.lock_time)
    more_outputs = Transaction(tx.version, tx.inputs, (*tx.outputs, tx.outputs[0]), (), tx.lock_time)

    def signs(other: Transaction, hash_type: int) -> bool:
        """Does a signature of the first say something about what differs in the other?"""
        code = bytes([Op.OP_1])
        old = (
            legacy_signature_hash(tx, 1, code, hash_type),
            WitnessHasher(tx).signature_hash(1, code, 5, hash_type),
        )
        new = (
            legacy_signature_hash(other, 1, code, hash_type),
            WitnessHasher(other).signature_hash(1, code, 5, hash_type),
        )
        assert (old[0] != new[0]) == (old[1] != new[1])
        return old != new

    opened = [hash_type for hash_type in (ALL, NONE, SINGLE) if not signs(more_outputs, hash_type)]
    assert [NONE, SINGLE] == opened
    for hash_type in (ALL, NONE, SINGLE):
        assert signs(more_inputs, hash_type)
        assert not signs(more_inputs, hash_type | ANYONE_CAN_PAY)


def test_there_must_be_such_an_input() -> None:
    """The caller's mistake, in both ways."""
    tx = make_unsigned()

    with pytest.raises(UsageError, match="input 13: the transaction has 13"):
        legacy_signature_hash(tx, 13, b"", ALL)
    with pytest.raises(UsageError, match="input -1"):
        WitnessHasher(tx).signature_hash(-1, b"", 0, ALL)
