"""The five Bitcoin networks: their numbers, and their first blocks built from fields.

A scenario may change some of the numbers, so that a lesson sees a retarget or a halving after ten blocks:

    {"network": "regtest", "retargeting": true, "retarget_interval": 10, "spacing": 60}

Source: Bitcoin Core `kernel/chainparams.cpp`.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from functools import cached_property
from typing import Any, Final

from blockchain_lab.base.errors import ScenarioError
from blockchain_lab.bitcoin.block import Block, Header
from blockchain_lab.bitcoin.codec import ZERO_HASH
from blockchain_lab.bitcoin.envelope import MAGIC
from blockchain_lab.bitcoin.merkle import merkle_root
from blockchain_lab.bitcoin.network_address import NODE_WITNESS
from blockchain_lab.bitcoin.tx import NULL_OUT_POINT, Transaction, TxInput, TxOutput
from blockchain_lab.chain.work import (
    MAINNET_LIMIT,
    REGTEST_LIMIT,
    RETARGET_INTERVAL,
    SIGNET_LIMIT,
    TARGET_SPACING,
)

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
    """One network's numbers. A scenario's own network keeps the name, magic, port and genesis of its base."""

    name: str  # as in `MAGIC`, `NETWORKS` and `rules.HEIGHTS`
    magic: bytes  # 4 bytes in front of every message
    port: int  # TCP, by default
    genesis: Block
    proof_of_work_limit: int  # compact bits of the easiest target allowed
    retargeting: bool = True  # False: bits never change (Core's fPowNoRetargeting)
    minimum_difficulty_blocks: bool = (
        False  # a block more than 20 minutes after its parent may take the limit
    )
    bip94: bool = False  # retarget the bits of the period's first block, not its last; no time warp
    retarget_interval: int = RETARGET_INTERVAL  # blocks; their 2,015 intervals count as 2,016
    spacing: int = TARGET_SPACING  # seconds between blocks that the retarget aims at
    halving_interval: int = 210_000  # blocks until the subsidy halves
    segwit: bool = True  # False: the rules as a program of before 0.13.1 (2016) knows them, see `known_to`

    # against headers that cost little, see `headers_presync`; Core 31.0 (2026): others before and after it
    minimum_chain_work: int = 0  # hashes: the real chain is known to have as much
    commitment_period: int = 275  # headers of which one leaves a bit
    redownload_buffer: int = 7_017  # headers that wait until their bits were compared
    alert_key: str = ""  # hexadecimal public key: whose alerts are believed; "": see `alert`

    @property
    def timespan(self) -> int:
        """Seconds in which a retarget wants the blocks of one period."""
        return self.retarget_interval * self.spacing

    def known_to(self, services: int) -> "Network":
        """The rules as a program with these services knows them: without NODE_WITNESS, none of BIP 141.

        A soft fork needs nobody's consent: such a node sees no witnesses, takes what they protect for coins
        that anyone may spend, and follows the same chain as long as most miners know better.
        """
        return self if services & NODE_WITNESS else replace(self, segwit=False)

    @cached_property
    def key(self) -> str:
        """What tells these rules from all others: the name, and what differs from the network of that name.

        Results of checks are remembered under it: a block may be valid here and not there.
        """
        base = NETWORKS[self.name]
        own = {field.name: getattr(self, field.name) for field in fields(self)}
        changed = [f"{key}={value!r}" for key, value in own.items() if value != getattr(base, key)]
        return " ".join([self.name, *changed])


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
            minimum_chain_work=0x1128750F82F4C366153A3A030,
            commitment_period=641,
            redownload_buffer=15_218,
        ),
        Network(
            name="testnet3",
            magic=MAGIC["testnet3"],
            port=18333,
            genesis=make_genesis(time=1296688602, nonce=414098458, bits=MAINNET_LIMIT),
            proof_of_work_limit=MAINNET_LIMIT,
            minimum_difficulty_blocks=True,
            minimum_chain_work=0x17DDE1C649F3708D14B6,
            commitment_period=673,
            redownload_buffer=14_460,
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
            bip94=True,
            minimum_chain_work=0x9A0FE15D0177D086304,
            commitment_period=606,
            redownload_buffer=16_092,
        ),
        Network(
            name="signet",
            magic=MAGIC["signet"],
            port=38333,
            genesis=make_genesis(time=1598918400, nonce=52613770, bits=SIGNET_LIMIT),
            proof_of_work_limit=SIGNET_LIMIT,
            minimum_chain_work=0xB463EA0A4B8,
            commitment_period=620,
            redownload_buffer=15_724,
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

SWITCHES: Final = ("retargeting", "minimum_difficulty_blocks", "bip94")  # what a scenario may turn on and off
NUMBERS: Final[Mapping[str, range]] = {  # and what it may set, and how far
    "retarget_interval": range(4, 100_001),  # blocks: a quarter of 3 blocks of 1 second would be 0 seconds
    "spacing": range(1, 86_401),  # seconds, up to a day
    "halving_interval": range(1, 1 << 31),  # blocks
    "minimum_chain_work": range(1 << 128),  # hashes
    "commitment_period": range(1, 100_001),  # headers
    "redownload_buffer": range(100_001),  # headers
}
PUBLIC_KEY: Final = re.compile("0[23][0-9a-f]{64}|04[0-9a-f]{128}")  # 33 or 65 bytes


def network_from_plain(chain: Mapping[str, Any]) -> Network:
    """The network that a scenario's `chain` describes: regtest when it names none. ScenarioError."""
    name = chain.get("network", "regtest")
    if not isinstance(name, str) or name not in NETWORKS:
        raise ScenarioError("chain.network", f"found {name!r}, accepted: {', '.join(NETWORKS)}")
    own = {key: value for key, value in chain.items() if key != "network"}
    for key, value in own.items():
        check_choice(key, value)
    return replace(NETWORKS[name], **own) if own else NETWORKS[name]


def check_choice(key: str, value: Any) -> None:
    """ScenarioError unless a scenario may set this number of a network to this value."""
    if key in SWITCHES:
        if not isinstance(value, bool):
            raise ScenarioError(f"chain.{key}", f"found {value!r}, accepted: true, false")
    elif key in NUMBERS:
        low, high = NUMBERS[key][0], NUMBERS[key][-1]
        if type(value) is not int or not low <= value <= high:
            raise ScenarioError(
                f"chain.{key}", f"found {value!r}, accepted: a whole number from {low} to {high}"
            )
    elif key == "alert_key":
        if not isinstance(value, str) or not PUBLIC_KEY.fullmatch(value):
            raise ScenarioError(f"chain.{key}", f"found {value!r:.40}, accepted: a public key in hexadecimal")
    else:
        accepted = ", ".join(("network", *SWITCHES, *NUMBERS, "alert_key"))
        raise ScenarioError(f"chain.{key}", f"unknown key, accepted: {accepted}")
