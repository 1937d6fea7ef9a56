"""What a peer of the ledger begins with: its desk, whom it dials for what, and what its disk remembers.

Everything that a scenario or a disk can have wrong about one peer is refused here, before the first event.
No message and no effect enters this room.
"""

from collections.abc import Mapping
from types import MappingProxyType

from blockchain_lab.base.errors import DecodeError, UsageError
from blockchain_lab.base.node import Setup
from blockchain_lab.base.units import Address
from blockchain_lab.consensus.consensus_node import get_directory
from blockchain_lab.layers.ledger_block import Block
from blockchain_lab.layers.ledger_chain import LedgerChain
from blockchain_lab.layers.ledger_desk import LedgerDesk, LedgerPolicy
from blockchain_lab.layers.ledger_messages import Overlay
from blockchain_lab.layers.ledger_pool import Pool
from blockchain_lab.layers.ledger_rules import read_rules


def make_desk(setup: Setup) -> LedgerDesk:
    """A peer's state at its start. UsageError."""
    about = repr((setup.chain, setup.seed)).encode()
    rules = setup.store.once("ledger rules", about, lambda: read_rules(setup.chain, setup.seed))
    if setup.name in rules.contracts:
        raise UsageError(f"{setup.name!r} is a contract's name, no peer may have it")
    policy = LedgerPolicy.read(setup, MappingProxyType({}))
    pool = Pool(*get_limits(policy))
    return LedgerDesk(setup.name, policy, rules, LedgerChain(rules, setup.store), pool, get_directory(setup))


def get_limits(policy: LedgerPolicy) -> tuple[int, int]:
    """How many may wait in the pool, and at which price."""
    return policy.pool_limit, policy.least_price


def make_plan(setup: Setup, policy: LedgerPolicy) -> tuple[tuple[Address, Overlay], ...]:
    """Whom to dial for what, each once."""
    named: Mapping[str, Address] = setup.contacts
    plan = [(address, Overlay.EXECUTION) for address in setup.neighbours]
    plan += [(named[name], Overlay.CONSENSUS) for name in policy.consensus]
    plan += [(named[policy.builder], Overlay.PRIVATE)] if policy.builder else []
    return tuple(dict.fromkeys(each for each in plan if each[0] != setup.address))


def read_disk(setup: Setup) -> tuple[list[Block], int]:
    """Blocks, and the last slot attested. UsageError for a disk that nobody has written."""
    attested = setup.disk.get("attested", 0)
    if type(attested) is not int or attested < 0:
        raise UsageError(f"disk of {setup.name}: attested: found {attested!r}, wanted a slot's number")
    try:
        return [Block.decode(bytes.fromhex(text)) for text in setup.disk.get("blocks", ())], attested
    except (DecodeError, TypeError, ValueError) as problem:
        raise UsageError(f"disk of {setup.name}: {problem}") from None
