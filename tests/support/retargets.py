"""For tests of the difficulty: Bitcoin Core's own vectors, and headers that nobody has worked for."""

from blockchain_lab.bitcoin.block import Header
from blockchain_lab.chain.tree import Entry

# Source: Core pow_tests.cpp. Times of the first and the last block of a period, its bits, the next bits.
RETARGET_VECTORS = {
    "block 32256, the first change ever": (1261130161, 1262152739, 0x1D00FFFF, 0x1D00D86A),
    "block 2016, too slow, but no easier than the limit": (1231006505, 1233061996, 0x1D00FFFF, 0x1D00FFFF),
    "block 68544, more than 4 times too fast": (1279008237, 1279297671, 0x1C05A3F4, 0x1C0168FD),
    "more than 4 times too slow": (1263163443, 1269211443, 0x1C387F6F, 0x1D00E1FD),
}


def chain_of(times: list[int], bits: int) -> Entry[Header]:
    """A chain of headers dated as given, all with the same bits. Nobody has worked for it."""
    entry: Entry[Header] | None = None
    for number, time in enumerate(times):
        header = Header(4, bytes(32), bytes(32), time, bits, number)
        entry = Entry(number.to_bytes(32, "little"), header, 1, entry)
    assert entry is not None
    return entry
