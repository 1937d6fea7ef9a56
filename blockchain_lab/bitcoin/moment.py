"""One moment of a node, as its parts see it: both clocks, and what belongs to nobody alone.

A node is put together of parts that each keep their own state (`tx_relay`, `block_relay`). What they share
is handed to them with every call, so that none holds on to another one's things.
"""

from dataclasses import dataclass

from blockchain_lab.base.draws import CounterRandom
from blockchain_lab.base.units import Microseconds
from blockchain_lab.bitcoin.chain_state import ChainState
from blockchain_lab.bitcoin.eras import Era
from blockchain_lab.bitcoin.peers import Peers
from blockchain_lab.bitcoin.policy import Policy


@dataclass(frozen=True, slots=True)
class Moment:
    """When something happens, and to whom."""

    now: Microseconds
    time: int  # the wall clock, Unix seconds
    chain: ChainState
    peers: Peers
    policy: Policy
    random: CounterRandom

    @property
    def era(self) -> Era:
        """Its habits."""
        return self.policy.era
