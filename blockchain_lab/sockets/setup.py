"""What a node on real sockets is built from. No protocol here, and no socket yet."""

import secrets
from collections.abc import Iterable
from typing import Any, Final

from blockchain_lab.base.draws import CounterRandom
from blockchain_lab.base.node import Setup
from blockchain_lab.base.units import Address

ANY_PORT: Final = Address("127.0.0.1", 0)  # loopback, at a port that the system chooses


def make_setup(
    name: str,
    *,
    neighbours: Iterable[Address] = (),
    address: Address = ANY_PORT,
    policy: dict[str, Any] | None = None,
    chain: dict[str, Any] | None = None,
    disk: dict[str, Any] | None = None,
) -> Setup:
    """What a node on real sockets is built from: its luck comes from the system's own random source."""
    luck = CounterRandom(secrets.randbits(64))
    return Setup(
        name, address, tuple(neighbours), luck, policy=policy or {}, chain=chain or {}, disk=disk or {}
    )
