"""A chain that will not change: what was on a node's disk when it started. All who start with it share it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from hashlib import sha256
from typing import Any, Self

from blockchain_lab.base.units import display_hash
from blockchain_lab.bitcoin.block import Block, Header
from blockchain_lab.bitcoin.coins import Coin, Shelf
from blockchain_lab.bitcoin.miner import get_genesis_entry
from blockchain_lab.bitcoin.params import Network
from blockchain_lab.bitcoin.tx import OutPoint
from blockchain_lab.chain.path import ChainPath
from blockchain_lab.chain.tree import Entry, Snapshot

HeaderEntry = Entry[Header]


@dataclass(frozen=True)
class StoredChain:
    """A chain that will not change: what was on a node's disk when it started."""

    network: Network
    tree: Snapshot[Header]
    blocks: Mapping[bytes, Block]  # hash -> block, the genesis included, in the order of arrival
    active: ChainPath[Header]
    waiting: Mapping[bytes, tuple[bytes, ...]] = field(default_factory=dict)  # as in `ChainState`
    incomplete: tuple[bytes, ...] = ()
    coins: Mapping[OutPoint, Coin] = field(default_factory=Shelf)  # at the active tip
    undo: Mapping[bytes, tuple[Coin, ...]] = field(default_factory=dict)  # as in `Ledger`

    @classmethod
    def of_genesis(cls, network: Network) -> Self:
        """An empty disk."""
        genesis = get_genesis_entry(network)
        return cls(
            network, Snapshot.of_genesis(genesis), {genesis.hash: network.genesis}, ChainPath([genesis])
        )

    @cached_property
    def name(self) -> bytes:
        """32 bytes that tell this chain from all others: its rules, what is known, which blocks are there."""
        return sha256(
            self.network.key.encode() + b"".join(self.tree.entries) + b"".join(self.blocks)
        ).digest()

    @cached_property
    def side_entries(self) -> tuple[HeaderEntry, ...]:
        """Entries off the active chain, parents before children: stale branches, headers without blocks."""
        return tuple(entry for entry in self.tree.entries.values() if entry not in self.active)

    @cached_property
    def shown_hashes(self) -> list[str]:
        """The active chain's hashes as people write them, from height 1 on. Do not change the list."""
        return [display_hash(entry.hash) for entry in self.active.get_slice(1, len(self.active))]

    def __deepcopy__(self, memo: dict[int, Any]) -> Self:
        """Immutable, so shared."""
        return self

    def __plain_state__(self) -> bytes:
        """For digests of state: the name says it all."""
        return self.name
