"""Eras: what a Bitcoin node did in 2010, in 2014, today, and what the lecture's slides say it does.

Textbooks quote keep-alive after 30 and 90 minutes and addresses of the last three hours; today's Core does
neither. So a behaviour is never a number in the code but a field of an `Era`, and a scenario chooses one.

    2010     Bitcoin 0.3.19, 13 December 2010, the last release by Satoshi
    2014     Bitcoin Core 0.9.2, June 2014: the last months before headers first
    today    Bitcoin Core 29 to 31, 2025 and 2026: the defaults of the fields below
    lecture  the slides' and the old developer guide's figures, the rest as in 2014
    plain    no era: today's node without all that waits, draws or haggles, for a student's first pictures

Only choices stand here. What a message looks like is the messages' business; what a field makes a node do,
that of the room that reads it. A zero means "does not exist in this era" unless a comment says otherwise.
"Core" is `net_processing.cpp` of 2026 unless another file is named.
"""

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from typing import Any, Final, Self

from blockchain_lab.base.errors import UsageError
from blockchain_lab.base.units import HOUR, MILLISECOND, MINUTE, SECOND, Microseconds
from blockchain_lab.bitcoin.constants import USER_AGENT
from blockchain_lab.bitcoin.network_address import NODE_NETWORK, NODE_WITNESS

MEBIBYTE: Final = 1 << 20
SECONDS_IN_HOUR: Final = 3_600  # times inside addresses are Unix seconds

HEADERS_FIRST: Final = "headers-first"
BLOCKS_FIRST: Final = "blocks-first"
PING_ALWAYS: Final = "always"  # every so often, whatever else is said
PING_WHEN_IDLE: Final = "when idle"  # only after we have sent nothing for so long
GETADDR_RECENT: Final = "recent"  # every address heard of lately, thinned out when there are too many
GETADDR_SAMPLE: Final = "sample"  # a share of all addresses, drawn at random
TRICKLE_AT_ONCE: Final = "at once"  # all peers are told without waiting
TRICKLE_ROUNDS: Final = "rounds"  # each round one peer, drawn at random, is told what waits for it
TRICKLE_POISSON: Final = "poisson"  # each peer has its own exponential waiting times
NO_PUNISHMENT: Final = "none"
SCORE: Final = "score"  # faults add up; at `ban_score` the peer is hung up on and shunned
AT_ONCE: Final = "at once"  # one fault suffices

WORDS: Final[Mapping[str, tuple[str, ...]]] = {
    "ping_rule": (PING_ALWAYS, PING_WHEN_IDLE),
    "getaddr_rule": (GETADDR_RECENT, GETADDR_SAMPLE),
    "trickle_rule": (TRICKLE_AT_ONCE, TRICKLE_ROUNDS, TRICKLE_POISSON),
    "punishment": (NO_PUNISHMENT, SCORE, AT_ONCE),
    "sync": (HEADERS_FIRST, BLOCKS_FIRST),
}


@dataclass(frozen=True, slots=True)
class Era:
    """One era's choices. The defaults are today's; `ERAS` has the others."""

    name: str = "today"
    protocol_version: int = 70016  # Core node/protocol_version.h: wtxid relay, since 0.21 (2021)
    user_agent: str = USER_AGENT  # ours; in the other eras that of the program we play
    services: int = NODE_NETWORK | NODE_WITNESS  # bits; witnesses since 0.13.1 (2016, BIP 144)

    # --- Keep-alive -----------------------------------------------------------------------------------
    ping_rule: str = PING_ALWAYS  # Core since 0.9 (2013-10-15)
    ping_after: Microseconds = 2 * MINUTE  # Core PING_INTERVAL
    awaits_pong: bool = True  # BIP 31 (2012): a ping has a nonce and wants an answer
    give_up_after: Microseconds = 20 * MINUTE  # Core net.h TIMEOUT_INTERVAL: no pong, or nothing at all
    give_up_without_pong: Microseconds = 20 * MINUTE  # on a peer that knows no pong; 90 min until 0.21

    # --- Addresses ------------------------------------------------------------------------------------
    getaddr_rule: str = GETADDR_SAMPLE  # since 0.6 (2012-01-04)
    getaddr_age: int = 0  # seconds: with rule "recent", how lately an address must have been heard of
    getaddr_percent: int = 23  # with rule "sample"; Core MAX_PCT_ADDR_TO_SEND
    getaddr_most: int = 1_000  # addresses in all; Core MAX_ADDR_TO_SEND, since 0.21
    getaddr_once: bool = True  # a connection is answered once; Core since 2016-04 (0.13)
    getaddr_inbound_only: bool = True  # who dialled us may ask, whom we dialled not; since 2015-03
    getaddr_cache_for: Microseconds = 21 * HOUR  # the same answer is given for so long; Core since 0.21
    getaddr_cache_spread: Microseconds = 6 * HOUR  # and up to this much longer, drawn at random
    addr_is_metered: bool = True  # a peer's addresses pass a token bucket; Core since 22.0 (2021)
    addr_batch_mean: Microseconds = 30 * SECOND  # Core AVG_ADDRESS_BROADCAST_INTERVAL; 0: with the trickle
    addr_time_penalty: int = 2 * SECONDS_IN_HOUR  # heard from others counts as so much older; since 2010
    addrv2: bool = True  # BIP 155: long onion names can be passed on; Core since 0.21
    book_is_bucketed: bool = True  # address manager with secret buckets, since 0.6; before, one list
    tries_inbound: bool = False  # who dials us counts as tried; until 0.13.1 (2016, pull request 8594)

    # --- Connections ----------------------------------------------------------------------------------
    full_outbound: int = 8  # Core net.h MAX_OUTBOUND_FULL_RELAY_CONNECTIONS
    block_relay_only: int = 2  # Core net.h MAX_BLOCK_RELAY_ONLY_CONNECTIONS, since 0.19
    anchors: int = 2  # Core net.cpp MAX_BLOCK_RELAY_ONLY_ANCHORS, since 0.21
    feeler_every: Microseconds = 2 * MINUTE  # mean; Core net.h FEELER_INTERVAL
    extra_block_relay_every: Microseconds = 5 * MINUTE  # Core net.h EXTRA_BLOCK_RELAY_ONLY_PEER_INTERVAL
    total_connections: int = 125  # Core net.h DEFAULT_MAX_PEER_CONNECTIONS
    evicts_inbound: bool = True  # when full, a newcomer may push out another; before, it was refused
    dial_timeout: Microseconds = 5 * SECOND  # Core netbase.h DEFAULT_CONNECT_TIMEOUT
    handshake_timeout: Microseconds = 60 * SECOND  # Core net.h DEFAULT_PEER_CONNECT_TIMEOUT

    # --- Transactions ---------------------------------------------------------------------------------
    trickle_rule: str = TRICKLE_POISSON
    trickle_round: Microseconds = 0  # with rule "rounds": how long a round takes
    trickle_at_once_percent: int = 0  # with rule "rounds": so many transactions do not wait for their turn
    trickle_mean_inbound: Microseconds = 5 * SECOND  # Core INBOUND_INVENTORY_BROADCAST_INTERVAL
    trickle_mean_outbound: Microseconds = 2 * SECOND  # Core OUTBOUND_INVENTORY_BROADCAST_INTERVAL
    trickle_target: int = 70  # inv items in one go: 14/s x 5 s (35 in 0.21); more when the queue is long
    trickle_most: int = 1_000  # inv items in one message; Core INVENTORY_BROADCAST_MAX
    says_fee_filter: bool = True  # BIP 133: tell me of no transaction that pays less; since 0.13
    wtxid_relay: bool = True  # BIP 339: transactions are announced by the hash with witnesses; since 0.21
    require_standard: bool = True  # only well-known forms may wait, on mainnet; since 0.3.18 (December 2010)
    pays_by_witness: bool = True  # wallets are paid by P2WPKH; Core's default since 0.19 (2019)
    most_orphans: int = 0  # transactions without parents, by count; 100 from 2014-09 to 29
    orphan_weight_per_peer: int = 404_000  # weight units; Core node/txorphanage.h of 2026

    # --- Blocks ---------------------------------------------------------------------------------------
    sync: str = HEADERS_FIRST  # since 0.10 (2014-07-12)
    presyncs_headers: bool = True  # headers of little work are sent twice; Core headerssync.cpp, since 24.0
    stalling_timeout: Microseconds = 2 * SECOND  # Core BLOCK_STALLING_TIMEOUT_DEFAULT
    max_stalling_timeout: Microseconds = 64 * SECOND  # Core BLOCK_STALLING_TIMEOUT_MAX, since 25.0
    announces_headers: bool = True  # BIP 130, `sendheaders`: since 0.12; before, by inv only
    compact_blocks: bool = True  # BIP 152: since 0.13
    max_message_size: int = 4_000_000  # bytes; Core net.h MAX_PROTOCOL_MESSAGE_LENGTH, with segwit

    # --- Faults and dead messages -----------------------------------------------------------------------
    punishment: str = AT_ONCE  # Core since 28.0 (2024); before, faults added up
    ban_score: int = 100  # with punishment "score"
    knows_alert: bool = False  # 0.3.11 (2010-08-25) until 0.12; removed 2016-03
    knows_orders: bool = False  # checkorder, submitorder, reply: 0.1 until 0.7

    def with_values(self, values: Mapping[str, Any]) -> Self:
        """The same era with single choices changed. UsageError: the key, what was found, what is accepted."""
        defaults = {field.name: getattr(self, field.name) for field in fields(self)}
        for key, value in values.items():
            if key not in defaults:
                raise UsageError(f"era.{key}: unknown key, accepted: {', '.join(defaults)}")
            check_value(key, value, type(defaults[key]))
        return replace(self, **values)


def check_value(key: str, value: object, kind: type) -> None:
    """Can a field of this kind have this value? UsageError."""
    if key in WORDS:
        accepted, fits = ", ".join(WORDS[key]), value in WORDS[key]
    elif kind is int:  # True is no count
        accepted, fits = "a whole number from 0 on", type(value) is int and value >= 0
    elif kind is bool:
        accepted, fits = "true, false", type(value) is bool
    else:
        accepted, fits = "text", type(value) is str
    if not fits:
        raise UsageError(f"era.{key}: found {value!r}, accepted: {accepted}")


TODAY: Final = Era()

# What 2010 and 2014 had in common; both programs had Satoshi's loop, which looked at all peers in turn, slept
# 100 ms and began again. In each round one peer, drawn at random, was sent all that waited for it; a quarter
# of the transactions, chosen by hash, was told to everybody at once, and never one's own. We leave out the
# time that a round itself takes.
OLD: Final = TODAY.with_values(
    {
        "getaddr_most": 2_500,  # main.cpp 0.3 to 0.20
        "getaddr_once": False,
        "getaddr_inbound_only": False,
        "getaddr_cache_for": 0,
        "getaddr_cache_spread": 0,
        "addr_is_metered": False,
        "addr_batch_mean": 0,  # an addr was sent when its peer's turn to trickle came
        "addrv2": False,
        "block_relay_only": 0,
        "anchors": 0,
        "feeler_every": 0,
        "extra_block_relay_every": 0,
        "evicts_inbound": False,
        "give_up_without_pong": 90 * MINUTE,  # net.cpp 0.2 to 0.21
        "trickle_rule": TRICKLE_ROUNDS,
        "trickle_round": 100 * MILLISECOND,  # net.cpp 0.3 to 0.11, ThreadMessageHandler
        "trickle_at_once_percent": 25,  # main.cpp 0.3 to 0.11, SendMessages: a hash with two zero bits
        "trickle_mean_inbound": 0,
        "trickle_mean_outbound": 0,
        "trickle_target": 1_000,  # everything that waits, 1,000 to a message
        "services": NODE_NETWORK,
        "says_fee_filter": False,
        "wtxid_relay": False,
        "pays_by_witness": False,
        "orphan_weight_per_peer": 0,
        "sync": BLOCKS_FIRST,
        "presyncs_headers": False,
        "stalling_timeout": 0,
        "max_stalling_timeout": 0,
        "announces_headers": False,
        "compact_blocks": False,
        "max_message_size": 32 * MEBIBYTE,  # serialize.h MAX_SIZE, until 2015-03-05
        "knows_alert": True,
    }
)
IN_2014: Final = OLD.with_values(
    {
        "name": "2014",
        "protocol_version": 70002,  # 0.9 version.h
        "user_agent": "/Satoshi:0.9.2/",
        "tries_inbound": True,  # 0.6 to 0.13.0 main.cpp: when its version names the IP that it comes from
        "most_orphans": 10_000,  # 0.6 to 0.9.2 main.h; lowered to 100 in September 2014
        "punishment": SCORE,  # since autumn 2011
    }
)
ERAS: Final[Mapping[str, Era]] = {
    era.name: era
    for era in (
        OLD.with_values(
            {
                "name": "2010",
                "protocol_version": 31900,  # 0.3.19
                "user_agent": "",  # 0.3 serialize.h pszSubVer; BIP 14 named programs a year later
                "ping_rule": PING_WHEN_IDLE,
                "ping_after": 30 * MINUTE,  # main.cpp 0.2 (2009-11-13) to 0.8
                "awaits_pong": False,
                "give_up_after": 90 * MINUTE,  # net.cpp 0.2 to 0.8: nothing sent, or nothing received
                "getaddr_rule": GETADDR_RECENT,
                "getaddr_age": 3 * SECONDS_IN_HOUR,  # main.cpp 0.3 to 0.5
                "getaddr_percent": 0,
                "book_is_bucketed": False,
                "most_orphans": 0,  # and no other limit either: memory was the only one
                "punishment": NO_PUNISHMENT,  # a bad message was dropped, its sender was not
                "ban_score": 0,
                "knows_orders": True,
            }
        ),
        IN_2014,
        TODAY,
        IN_2014.with_values(
            {
                "name": "lecture",
                "user_agent": USER_AGENT,
                "ping_rule": PING_WHEN_IDLE,
                "ping_after": 30 * MINUTE,  # slides and old developer guide
                "awaits_pong": False,
                "give_up_after": 90 * MINUTE,  # slides and old developer guide
                "getaddr_rule": GETADDR_RECENT,
                "getaddr_age": 3 * SECONDS_IN_HOUR,  # slides: a node of the last three hours counts as active
                "getaddr_percent": 0,
                "sync": HEADERS_FIRST,  # the guide's main way; it tells of blocks first as the old one
                "knows_orders": True,  # slides: payments to an IP address
            }
        ),
        TODAY.with_values(
            {
                "name": "plain",
                "protocol_version": 70015,  # nothing is said between version and verack
                "trickle_rule": TRICKLE_AT_ONCE,
                "trickle_target": 1_000,
                "addrv2": False,
                "says_fee_filter": False,
                "wtxid_relay": False,
                "presyncs_headers": False,
                "compact_blocks": False,
                "require_standard": False,
                "full_outbound": 0,  # only those are dialled whom the scenario names
                "block_relay_only": 0,
                "anchors": 0,
                "feeler_every": 0,
                "extra_block_relay_every": 0,
            }
        ),
    )
}
