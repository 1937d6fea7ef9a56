"""Lesson 14, the sums: how many bytes, messages and rounds a late joiner needs. No run enters here.

Each figure is computed twice, by formula and from the code of the node itself; tests compare the two.
"""

from collections.abc import Callable
from typing import Final

from blockchain_lab.bitcoin.constants import MAX_BLOCKS_IN_INV
from blockchain_lab.bitcoin.messages_data import MAX_HEADERS, Headers
from blockchain_lab.bitcoin.params import NETWORKS

CHAIN_LENGTH: Final = 850_000  # blocks; Bitcoin's main chain at the end of June 2024
HEADER: Final = 80  # bytes
ENTRY: Final = HEADER + 1  # bytes in a `headers` message: the count of transactions, always 0, follows
COUNT: Final = 3  # bytes: CompactSize of 2,000 is fd d0 07
FAKE_BLOCKS: Final = 2_000
FAKE_BLOCK_SIZE: Final = 1_000_000  # bytes


def get_headers_payload(seed: int) -> int:
    """Bytes in the payload of a full `headers` message, by formula."""
    return COUNT + MAX_HEADERS * ENTRY


def measure_headers_payload(seed: int) -> int:
    """The same: a full message written by our node's code, and measured."""
    header = NETWORKS["regtest"].genesis.header
    return len(Headers((header,) * MAX_HEADERS).encode())


def get_headers_messages(seed: int) -> int:
    """How many full `headers` messages carry the whole chain, by formula."""
    return -(-CHAIN_LENGTH // MAX_HEADERS)


def get_inventory_rounds(seed: int) -> int:
    """How many times a blocks-first peer asks `getblocks`, by formula."""
    return -(-CHAIN_LENGTH // MAX_BLOCKS_IN_INV)


def count_rounds(per_round: int) -> Callable[[int], int]:
    """The same, counted: ask, take what comes, ask again until all is there."""

    def count(seed: int) -> int:
        height = rounds = 0
        while height < CHAIN_LENGTH:
            height, rounds = min(height + per_round, CHAIN_LENGTH), rounds + 1
        return rounds

    return count


def get_waste_ratio(seed: int) -> int:
    """Bytes of whole fake blocks over bytes of their headers, to the nearest whole number, by formula."""
    blocks, headers = FAKE_BLOCKS * FAKE_BLOCK_SIZE, get_headers_payload(seed)
    return (2 * blocks + headers) // (2 * headers)


def measure_waste_ratio(seed: int) -> int:
    """The same from a header and an entry as our node writes them."""
    header = NETWORKS["regtest"].genesis.header
    entry = len(Headers((header, header)).encode()) - len(Headers((header,)).encode())
    return round(FAKE_BLOCK_SIZE / (entry + COUNT / FAKE_BLOCKS))
