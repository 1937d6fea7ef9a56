"""What an executor fills in while it plays."""

from dataclasses import dataclass, field

import numpy as np

from blockchain_lab.scale.network import Network, Numbers
from blockchain_lab.scale.plan import Plan
from blockchain_lab.scale.propagation import NEVER, Propagation
from blockchain_lab.scale.protocol import MESSAGES, NO_PARENT, get_sizes
from blockchain_lab.scale.wiring import Wiring


@dataclass(slots=True)
class Outcome:
    """The columns of a `Propagation` before it is one; `found` blocks are known so far."""

    arrival: Numbers  # [blocks, peers]
    deliverer: Numbers  # [blocks, peers]
    parent: Numbers  # [blocks]
    best: Numbers  # [peers]
    sent: Numbers = field(default_factory=lambda: np.zeros(len(MESSAGES), np.int64))
    found: int = 0


def make_outcome(wiring: Wiring) -> Outcome:
    """Nobody has anything yet."""
    shape = wiring.blocks, wiring.size
    return Outcome(
        np.full(shape, NEVER, np.int64),
        np.full(shape, NEVER, np.int64),
        np.full(wiring.blocks, NO_PARENT, np.int64),
        np.full(wiring.size, NO_PARENT, np.int64),
    )


def to_propagation(
    network: Network, plan: Plan, engine: str, found_at: Numbers, miner: Numbers, outcome: Outcome
) -> Propagation:
    """The result of a run that is over. Kinds of messages that nobody sent are left out."""
    sizes = get_sizes(plan)
    sent = [(kind, int(outcome.sent[kind])) for kind in MESSAGES if outcome.sent[kind]]
    return Propagation(
        network=network,
        plan=plan,
        engine=engine,
        found_at=found_at,
        miner=miner,
        parent=outcome.parent,
        arrival=outcome.arrival,
        deliverer=outcome.deliverer,
        best=outcome.best,
        messages={kind.name.lower(): count for kind, count in sent},
        bytes_sent={kind.name.lower(): count * sizes[kind] for kind, count in sent},
    )
