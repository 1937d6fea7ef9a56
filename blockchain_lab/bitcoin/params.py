"""The five Bitcoin networks: their numbers, and their first blocks built from fields.

Source: Bitcoin Core `kernel/chainparams.cpp`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from blockchain_lab.bitcoin.block import Block, Header
from blockchain_lab.bitcoin.codec import ZERO_HASH
from blockchain_lab.bitcoin.envelope import MAGIC
from blockchain_lab.bitcoin.merkle import merkle_root
from blockchain_lab.bitcoin.tx import NULL_OUT_POINT, Transaction, TxInput, TxOutput
from blockchain_lab.chain.work import MAINNET_LIMIT, REGTEST_LIMIT, SIGNET_LIMIT

COIN: Final = 100_000_000  # satoshi in one bitcoin
FIRST_SUBSIDY: Final = 50 * COIN  # satoshi that a block may create before the first halving

OP_PUSHDATA1: Final = b"\x4c"  # the next byte is a length: for pushes of 76 to 255 bytes
OP_CHECKSIG: Final = b"\xac"
GENESIS_COINBASE_BITS: Final = bytes.fromhex("04ffff001d")  # pushes 0x1d00ffff, little-endian
GENESIS_COINBASE_FOUR: Final = bytes.fromhex("0104")  # pushes the number 4; nobody knows why

TIMES_HEADLINE: Final = b"The Times 03/Jan/2009 Chancellor on brink of second bailout for banks"
SATOSHI_KEY: Final = bytes.fromhex(
    "04678afdb0fe5548271967f1a67130b7105cd6a828e03909a67962e0ea1f61deb6"
    "49f6bc3f4cef38c4f35504e51ec112de5c384df7ba0b8d578a4c702b6bf11d5f"
)
TESTNET4_HEADLINE: Final = b"03/May/2024 000000000000000000001ebd58c244970b3aa9d783bb001011fbe8ea8e98e00e"
TESTNET4_KEY: Final = bytes(33)  # no key at all: nobody can ever spend it


@dataclass(frozen=True)
class Network:
    """One network's numbers."""

    name: str  # as in `MAGIC` and `NETWORKS`
    magic: bytes  # 4 bytes in front of every message
    port: int  # TCP, by default
    genesis: Block
    proof_of_work_limit: int  # compact bits of the easiest target allowed
    retargeting: bool = True  # False: bits never change (Core's fPowNoRetargeting)
    minimum_difficulty_blocks: bool = (
        False  # a block more than 20 minutes after its parent may take the limit
    )
    retarget_from_first_block: bool = (
        False  # BIP 94: retarget the bits of the period's first block, not its last
    )
    halving_interval: int = 210_000  # blocks until the subsidy halves


def push(data: bytes) -> bytes:
    """A script that pushes 1 to 255 bytes."""
    length = bytes([len(data)])
    return (length if length < OP_PUSHDATA1 else OP_PUSHDATA1 + length) + data


def make_genesis(
    time: int,
    nonce: int,
    bits: int,
    headline: bytes = TIMES_HEADLINE,
    key: bytes = SATOSHI_KEY,
) -> Block:
    """A first block: no parent, one coinbase that names a headline of its day. Its coins cannot be spent."""
    coinbase = Transaction(
        version=1,
        inputs=(TxInput(NULL_OUT_POINT, GENESIS_COINBASE_BITS + GENESIS_COINBASE_FOUR + push(headline)),),
        outputs=(TxOutput(FIRST_SUBSIDY, push(key) + OP_CHECKSIG),),
    )
    root = merkle_root([coinbase.txid()])
    return Block(Header(1, ZERO_HASH, root, time, bits, nonce), (coinbase,))


NETWORKS: Final[Mapping[str, Network]] = {
    network.name: network
    for network in (
        Network(
            name="mainnet",
            magic=MAGIC["mainnet"],
            port=8333,
            genesis=make_genesis(time=1231006505, nonce=2083236893, bits=MAINNET_LIMIT),
            proof_of_work_limit=MAINNET_LIMIT,
        ),
        Network(
            name="testnet3",
            magic=MAGIC["testnet3"],
            port=18333,
            genesis=make_genesis(time=1296688602, nonce=414098458, bits=MAINNET_LIMIT),
            proof_of_work_limit=MAINNET_LIMIT,
            minimum_difficulty_blocks=True,
        ),
        Network(
            name="testnet4",
            magic=MAGIC["testnet4"],
            port=48333,
            genesis=make_genesis(
                time=1714777860,
                nonce=393743547,
                bits=MAINNET_LIMIT,
                headline=TESTNET4_HEADLINE,
                key=TESTNET4_KEY,
            ),
            proof_of_work_limit=MAINNET_LIMIT,
            minimum_difficulty_blocks=True,
            retarget_from_first_block=True,
        ),
        Network(
            name="signet",
            magic=MAGIC["signet"],
            port=38333,
            genesis=make_genesis(time=1598918400, nonce=52613770, bits=SIGNET_LIMIT),
            proof_of_work_limit=SIGNET_LIMIT,
        ),
        Network(
            name="regtest",
            magic=MAGIC["regtest"],
            port=18444,
            genesis=make_genesis(time=1296688602, nonce=2, bits=REGTEST_LIMIT),
            proof_of_work_limit=REGTEST_LIMIT,
            retargeting=False,
            minimum_difficulty_blocks=True,
            halving_interval=150,
        ),
    )
}
