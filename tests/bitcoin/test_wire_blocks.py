"""Transactions and blocks: real ones of the main network, five first blocks, sizes, and what is refused."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from support.btclib_twins import twin_transaction
from support.wire_strategies import transactions

from blockchain_lab.base.errors import DecodeError, UsageError
from blockchain_lab.base.reader import Reader
from blockchain_lab.base.units import display_hash, internal_hash
from blockchain_lab.bitcoin.block import Block, Header
from blockchain_lab.bitcoin.codec import ZERO_HASH
from blockchain_lab.bitcoin.merkle import merkle_root
from blockchain_lab.bitcoin.params import NETWORKS
from blockchain_lab.bitcoin.pow import is_proof_of_work_valid
from blockchain_lab.bitcoin.tx import NULL_OUT_POINT, OutPoint, Transaction, TxInput, TxOutput

# The first payment between two people: Satoshi to Hal Finney, 12 January 2009, in block 170.
FIRST_PAYMENT = bytes.fromhex(
    "0100000001c997a5e56e104102fa209c6a852dd90660a20b2d9c352423edce25857fcd3704000000004847304402204e45e16932"
    "b8af514961a1d3a1a25fdf3f4f7732e9d624c6c61548ab5fb8cd410220181522ec8eca07de4860a4acdd12909d831cc56cbbac46"
    "22082221a8768d1d0901ffffffff0200ca9a3b00000000434104ae1a62fe09c5f51b13905f07f06b99a2f7159b2225f374cd378d"
    "71302fa28414e7aab37397f554a7df5f142c21c1b7303b8a0626f1baded5c72a704f7e6cd84cac00286bee0000000043410411db"
    "93e1dcdb8a016b49840f8c53bc1eb68a382e97b1482ecad7b148a6909a5cb2e0eaddfb84ccf9744464f82e160bfa9b8b64f9d4c0"
    "3f999b8643f656b412a3ac00000000"
)
HEADER_170 = Header(
    version=1,
    previous=internal_hash("000000002a22cfee1f2c846adbd12b3e183d4f97683f85dad08a79780a84bd55"),
    merkle_root=internal_hash("7dac2c5666815c17a3b36427de37bb9d2e2c5ccec3f8633eb91a4205cb4c10ff"),
    time=1231731025,
    bits=0x1D00FFFF,
    nonce=1889418792,
)
COINBASE_170 = internal_hash("b1fea52486ce0c62bb442b530a3f0132b826c74e473d1f2c220bfa78111c5082")

# name -> hash, Merkle root. Source: Core kernel/chainparams.cpp.
TIMES_ROOT = "4a5e1e4baab89f3a32518a88c31bc87f618f76673e2cc77ab2127b7afdeda33b"
GENESIS = {
    "mainnet": ("000000000019d6689c085ae165831e934ff763ae46a2a6c172b3f1b60a8ce26f", TIMES_ROOT),
    "testnet3": ("000000000933ea01ad0ee984209779baaec3ced90fa3f408719526f8d77f4943", TIMES_ROOT),
    "testnet4": (
        "00000000da84f2bafbbc53dee25a72ae507ff4914b867c565be350b0da8bf043",
        "7aa0a7ae1e223414cb807e40cd57e667b718e42aaf9306db9102fe28912b7b4e",
    ),
    "signet": ("00000008819873e925422c1ff0f99f7cc9bbb232af63a077a480a3633bee1ef6", TIMES_ROOT),
    "regtest": ("0f9188f13cb7b2c71f2a335e3a4fc328bf5beb436012afca590b1a11466e2206", TIMES_ROOT),
}

SPENT = OutPoint(b"\x11" * 32, 2)
WITH_WITNESS = Transaction(2, (TxInput(SPENT, b""),), (TxOutput(5, b"\x51"),), ((b"signature", b"key"),), 9)


@pytest.mark.parametrize("name", NETWORKS)
def test_first_blocks_built_from_fields_have_the_published_hashes(name: str) -> None:
    """A headline, a key, a time and a nonce: nothing of a first block is copied as bytes."""
    network = NETWORKS[name]
    header = network.genesis.header

    assert GENESIS[name] == (display_hash(header.hash()), display_hash(header.merkle_root))
    assert ZERO_HASH == header.previous
    assert is_proof_of_work_valid(header.hash(), header.bits, network.proof_of_work_limit)
    assert network.genesis == Block.decode(network.genesis.encode())
    assert network.genesis.transactions[0].is_coinbase()


def test_the_first_block_of_all_in_bytes() -> None:
    """285 bytes, with the headline in them."""
    raw = NETWORKS["mainnet"].genesis.encode()

    assert 285 == len(raw)
    assert "0100000000000000" == raw[:8].hex()
    assert "29ab5f49ffff001d1dac2b7c" == raw[68:80].hex()
    assert b"Chancellor on brink of second bailout for banks" in raw


def test_the_first_payment_in_fields() -> None:
    """10 bitcoins to Hal Finney, 40 back; its txid is in every textbook."""
    payment = Transaction.decode(FIRST_PAYMENT)

    assert "f4184fc596403b9d638783cf57adfe4c75c605f6356fbc91338530e9831e9e16" == display_hash(payment.txid())
    assert payment.txid() == payment.wtxid()
    assert [10 * 10**8, 40 * 10**8] == [output.value for output in payment.outputs]
    assert 0 == payment.inputs[0].previous.index
    assert FIRST_PAYMENT == payment.encode() == payment.encode_stripped()
    assert (275, 1100, 275) == (len(FIRST_PAYMENT), payment.weight(), payment.virtual_size())


def test_block_170_commits_to_it() -> None:
    """The header's Merkle root is the hash of the two txids, the header's hash has the work."""
    payment = Transaction.decode(FIRST_PAYMENT)

    assert HEADER_170.merkle_root == merkle_root([COINBASE_170, payment.txid()])
    assert "00000000d1145790a8694403d4063f323d499e655c83426834d4ce2f8dd4a2ee" == display_hash(
        HEADER_170.hash()
    )
    assert is_proof_of_work_valid(HEADER_170.hash(), HEADER_170.bits, 0x1D00FFFF)
    assert HEADER_170 == Header.decode(HEADER_170.encode())


def test_proof_of_work_is_refused_for_what_it_is() -> None:
    """A hash over the target; bits easier than the limit; bits that are no target; a target of 0."""
    good = HEADER_170.hash()

    assert not is_proof_of_work_valid(replace(HEADER_170, nonce=1).hash(), 0x1D00FFFF, 0x1D00FFFF)
    assert not is_proof_of_work_valid(good, 0x207FFFFF, 0x1D00FFFF)
    for bits in (0x1D80FFFF, 0xFF123456, 0):
        assert not is_proof_of_work_valid(bytes(32), bits, 0x207FFFFF)
    target = 0xFFFF << 208
    assert is_proof_of_work_valid(target.to_bytes(32, "little"), 0x1D00FFFF, 0x1D00FFFF)
    assert not is_proof_of_work_valid((target + 1).to_bytes(32, "little"), 0x1D00FFFF, 0x1D00FFFF)


def test_a_witness_is_no_part_of_the_txid() -> None:
    """BIP 141: change the signature, and only the wtxid changes."""
    other = replace(WITH_WITNESS, witnesses=((b"another", b"key"),))

    assert WITH_WITNESS.txid() == other.txid()
    assert WITH_WITNESS.wtxid() != other.wtxid()
    assert "0001" == WITH_WITNESS.encode()[4:6].hex()
    assert replace(WITH_WITNESS, witnesses=()).encode() == WITH_WITNESS.encode_stripped()


def test_each_field_of_a_transaction_has_its_place() -> None:
    """The loops over inputs, outputs and witnesses note places themselves; these are by hand."""
    reader = Reader(WITH_WITNESS.encode())
    Transaction.read(reader)

    begin = [("version", 0, 4), ("marker_and_flag", 4, 6), ("input_count", 6, 7)]
    spent = [("txid", 7, 39), ("index", 39, 43), ("script_length", 43, 44), ("script", 44, 44)]
    rest = [("sequence", 44, 48), ("input", 7, 48), ("output_count", 48, 49)]
    made = [("value", 49, 57), ("script_length", 57, 58), ("script", 58, 59), ("output", 49, 59)]
    items = [("item_length", 60, 61), ("item", 61, 70), ("item_length", 70, 71), ("item", 71, 74)]
    end = [("witness", 59, 74), ("lock_time", 74, 78), ("transaction", 0, 78)]
    assert [*begin, *spent, *rest, *made, ("item_count", 59, 60), *items, *end] == reader.fields


@given(transaction=transactions())
@settings(max_examples=60)
def test_names_and_sizes_agree_with_btclib(transaction: Transaction) -> None:
    """Txid, wtxid, weight and virtual size of any transaction; a block of it weighs header and count more."""
    twin = twin_transaction(transaction)

    assert (twin.id, twin.hash) == (transaction.txid()[::-1], transaction.wtxid()[::-1])
    assert (twin.weight, twin.vsize) == (transaction.weight(), transaction.virtual_size())
    assert 4 * 81 + transaction.weight() == Block(HEADER_170, (transaction,)).weight()
    assert transaction.is_coinbase() == twin.is_coinbase


def refused(raw: bytes) -> str:
    """The reason for which a transaction is not read."""
    with pytest.raises(DecodeError) as fault:
        Transaction.decode(raw)
    return str(fault.value)


def test_forms_that_core_refuses_too() -> None:
    """A flag nobody has defined, witnesses announced but all empty, 2**32 inputs."""
    raw = WITH_WITNESS.encode()
    stripped = WITH_WITNESS.encode_stripped()

    assert "marker_and_flag: wanted 0001 at 4, found 0002" == refused(raw[:5] + b"\x02" + raw[6:])
    assert "witness: announced" in refused(stripped[:4] + b"\0\1" + stripped[4:-4] + b"\0" + stripped[-4:])
    assert "input_count: 4294967295" in refused(b"\1\0\0\0\xfe\xff\xff\xff\xff")
    assert "not written in the shortest way" in refused(
        FIRST_PAYMENT[:4] + b"\xfd\x01\x00" + FIRST_PAYMENT[5:]
    )


def test_a_transaction_without_inputs_can_be_written() -> None:
    """Never valid, but bytes all the same: nothing in, nothing out."""
    nothing = Transaction(1, (), ())

    assert 10 == len(nothing.encode())
    assert nothing == Transaction.decode(nothing.encode())


@pytest.mark.parametrize("raw", [FIRST_PAYMENT, WITH_WITNESS.encode()], ids=["without", "with witness"])
def test_every_cut_is_noticed(raw: bytes) -> None:
    """Wherever the bytes end too early, it is a DecodeError, and what was read lies before the cut."""
    for length in range(len(raw)):
        reader = Reader(raw[:length])
        with pytest.raises(DecodeError):
            Transaction.read(reader)
        assert all(end <= length for _, _, end in reader.fields)
        assert reader.at <= length


@pytest.mark.parametrize(
    ("changes", "complaint"),
    [
        ({"version": -1}, "-1 does not fit 4 unsigned bytes"),
        ({"lock_time": 1 << 32}, "does not fit 4 unsigned bytes"),
        ({"outputs": (TxOutput(1 << 63, b""),)}, "index, sequence or value"),
        ({"inputs": (TxInput(OutPoint(b"\x11" * 32, -1), b""),)}, "index, sequence or value"),
        ({"inputs": (TxInput(OutPoint(b"short", 0), b""),)}, "txid: wanted a hash of 32 bytes"),
        ({"witnesses": ((b"x",), (b"y",))}, "2 witnesses for 1 inputs"),
    ],
)
def test_values_that_do_not_fit_are_the_callers_mistake(changes: dict, complaint: str) -> None:
    """The same for headers below."""
    with pytest.raises(UsageError, match=complaint):
        replace(WITH_WITNESS, **changes).encode()


def test_a_header_that_does_not_fit_is_the_callers_mistake() -> None:
    """A nonce of 33 bits, a hash of 5 bytes."""
    with pytest.raises(UsageError, match="header: "):
        replace(HEADER_170, nonce=1 << 32).encode()
    with pytest.raises(UsageError, match="previous: wanted a hash of 32 bytes, found 5"):
        replace(HEADER_170, previous=b"short").encode()


def test_only_the_null_out_point_makes_a_coinbase() -> None:
    """Two inputs, or index 0 of the zero hash, are no coinbase."""
    assert Transaction(1, (TxInput(NULL_OUT_POINT, b"x"),), ()).is_coinbase()
    assert not Transaction(1, (TxInput(NULL_OUT_POINT, b"x"),) * 2, ()).is_coinbase()
    assert not Transaction(1, (TxInput(OutPoint(ZERO_HASH, 0), b"x"),), ()).is_coinbase()
