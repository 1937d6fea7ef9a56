"""Units and names that every floor shares.

Time is whole microseconds, so sums do not drift and replays are exact. Hashes are `bytes` in the
order in which SHA-256 gives them; only `display_hash` reverses them, as block explorers do.
"""

from typing import Any, Final, NamedTuple, Self

Microseconds = int
ConnectionId = int  # names one END of a connection, as a file descriptor does; the other end is `conn ^ 1`

MILLISECOND: Final = 1_000
SECOND: Final = 1_000_000
MINUTE: Final = 60 * SECOND
HOUR: Final = 60 * MINUTE

NOBODY: Final = -1  # stands for "no peer", "no connection", "no cause" in whole-number columns


class Address(NamedTuple):
    """Where a host can be reached: an IPv4 or IPv6 address, or an onion name, and a port."""

    ip: str
    port: int

    def __deepcopy__(self, memo: dict[int, Any]) -> Self:
        """Nothing in it can change, and copies of a world meet thousands of them."""
        return self


def display_hash(internal: bytes) -> str:
    """A 32-byte hash as people write it: byte order reversed, hexadecimal."""
    return internal[::-1].hex()


def internal_hash(shown: str) -> bytes:
    """Back from `display_hash`. ValueError when it is not hexadecimal."""
    return bytes.fromhex(shown)[::-1]
