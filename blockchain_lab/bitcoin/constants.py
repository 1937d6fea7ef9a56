"""Every number of the peer protocol's behaviour, each with its source and its era.

Limits of the messages themselves (2,000 headers, 50,000 inventory items) stand beside the messages, the
numbers of consensus in `rules` and `params`. "Core" is Bitcoin Core's `net_processing.cpp` of 2026
unless another file or version is named.
"""

from typing import Final

from blockchain_lab.base.units import MINUTE, SECOND

# --- The handshake -----------------------------------------------------------------------------------
PROTOCOL_VERSION: Final = 70015  # in getheaders and getblocks, where nobody reads it; `version`: see `eras`
MINIMUM_PROTOCOL_VERSION: Final = 31800  # Core node/protocol_version.h: older peers know no getheaders
USER_AGENT: Final = "/BlockchainLab:0.1/"  # BIP 14
REDIAL_AFTER: Final = 60 * SECOND  # Core net.cpp ThreadOpenAddedConnections, for peers named by hand

# --- Headers first (Core since 0.10, 2014) ------------------------------------------------------------
HEADERS_TIMEOUT_BASE: Final = 15 * MINUTE  # Core HEADERS_DOWNLOAD_TIMEOUT_BASE
HEADERS_TIMEOUT_PER_HEADER: Final = 1_000  # µs; Core HEADERS_DOWNLOAD_TIMEOUT_PER_HEADER
MAX_COMPACT_DEPTH: Final = 5  # blocks below the tip that are sent as short ids; Core MAX_CMPCTBLOCK_DEPTH
MAX_HEADERS_TO_ANNOUNCE: Final = 8  # Core MAX_BLOCKS_TO_ANNOUNCE; more new blocks than that: inv of the tip

# --- Block download -----------------------------------------------------------------------------------
MAX_BLOCKS_IN_TRANSIT: Final = 16  # per peer; Core MAX_BLOCKS_IN_TRANSIT_PER_PEER
BLOCK_DOWNLOAD_WINDOW: Final = 1_024  # blocks above the tip; Core BLOCK_DOWNLOAD_WINDOW
STALLING_TIMEOUT: Final = 2 * SECOND  # Core BLOCK_STALLING_TIMEOUT_DEFAULT
MAX_STALLING_TIMEOUT: Final = 64 * SECOND  # Core since 25.0 (0.21: always 2 s); doubled at each stall
STALLING_DECAY_PERCENT: Final = 85  # of the timeout is left after each new block, down to the 2 s
BLOCK_TIMEOUT_BASE: Final = 10 * MINUTE  # one block interval; Core BLOCK_DOWNLOAD_TIMEOUT_BASE = 1
BLOCK_TIMEOUT_PER_PEER: Final = 5 * MINUTE  # for each other peer that sends blocks too; ..._PER_PEER = 0.5

# --- Blocks first (Bitcoin 0.1, 2009, until 0.9; serving it lives on) -----------------------------------
MAX_BLOCKS_IN_INV: Final = 500  # in an answer to getblocks; Core main.cpp 0.1 .. net_processing.cpp today
MAX_ORPHAN_BLOCKS: Final = 750  # Bitcoin 0.8 to 0.9, main.h; without limit before
ASK_AGAIN_AFTER: Final = 2 * MINUTE  # Bitcoin 0.1 AskFor: when a thing asked for may be asked for again
MAX_GETDATA_ITEMS: Final = 1_000  # in one getdata that we send; Core MAX_GETDATA_SZ
