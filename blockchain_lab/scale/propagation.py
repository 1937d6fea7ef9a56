"""What a run in a large network brought about: who had which block when, and what it cost."""

from collections.abc import Mapping
from dataclasses import dataclass

from blockchain_lab.scale.network import Network, Numbers
from blockchain_lab.scale.plan import Plan

NEVER = -1  # a peer that no block reached


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Propagation:
    """The columns of one run. Blocks are numbered in the order in which they were found, from 0.

    Times are microseconds since the run began.
    """

    network: Network
    plan: Plan
    engine: str  # "plain" or "compiled"
    found_at: Numbers  # [blocks]
    miner: Numbers  # [blocks]
    parent: Numbers  # [blocks] the block that the miner stood on; -1: the one before the run
    arrival: Numbers  # [blocks, peers] when a peer has a block, not yet checked; NEVER; its miner: `found_at`
    deliverer: Numbers  # [blocks, peers] from whom; the miner itself for its own; NEVER
    best: Numbers  # [peers] the block that each peer stands on in the end
    messages: Mapping[str, int]  # command -> how many were sent
    bytes_sent: Mapping[str, int]  # command -> bytes, headers of messages included
