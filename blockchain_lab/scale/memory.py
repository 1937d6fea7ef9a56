"""How much memory a run needs, said before it takes it."""

import os
from importlib import import_module
from pathlib import Path

from blockchain_lab.base.errors import UsageError
from blockchain_lab.base.units import SECOND
from blockchain_lab.scale.network import Network
from blockchain_lab.scale.plan import Plan, Relay
from blockchain_lab.scale.protocol import MESSAGES

MEMINFO = Path("/proc/meminfo")  # Linux
MEGABYTE = 1_000_000
FLOOD = 60 * SECOND  # longer than a block is under way, but where uplinks are hopelessly slow
QUEUE = 2_400_000  # bytes of the kernel's queue before it grows: compiled.FIRST_ROOM entries and the wheels
PERCENT = 90  # of what is free; the rest is for everybody else


def estimate_memory(network: Network, plan: Plan, engine: str) -> int:
    """Bytes that a run takes beside its network, with some room; measured in tests/scale/test_memory.py."""
    peers, slots, pairs = network.size, network.slots, plan.blocks * network.size
    result = 16 * pairs + pairs  # arrival, deliverer; how far each peer is
    lacking = pairs if plan.relay in (Relay.COMPACT, Relay.PUSH) else 0
    wiring = 120 * slots + 100 * peers + 100 * plan.blocks
    if engine == "compiled":
        queue = QUEUE + 64 * (slots if not plan.is_pruned else 4 * peers)  # twice: while it grows
        return result + lacking + 8 * pairs + wiring + queue + 28 * slots
    at_once = min(plan.blocks, 2 + FLOOD // max(1, plan.interval))
    flying = 120 * (slots if not plan.is_pruned else 2 * peers)
    is_random = plan.formula == "simblock2019" or network.loss > 0 or bool(network.jitter.any())
    drawn = 8 * len(MESSAGES) * slots * at_once if is_random else 0
    return result + lacking + wiring + flying + drawn + 80 * slots + 400 * peers + 80 * peers * at_once


def find_free_memory() -> int | None:
    """Bytes that could be had now, or None where nobody says so."""
    try:
        return int(import_module("psutil").virtual_memory().available)
    except ImportError:
        pass
    try:
        lines = MEMINFO.read_text(encoding="ascii").splitlines()
        return next(1024 * int(line.split()[1]) for line in lines if line.startswith("MemAvailable:"))
    except (OSError, ValueError, StopIteration):
        pass
    try:
        return os.sysconf("SC_AVPHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    except (AttributeError, OSError, ValueError):
        return None


def check_memory(network: Network, plan: Plan, engine: str) -> None:
    """UsageError, before anything is allocated, when a run would need more than there is."""
    needed, free = estimate_memory(network, plan, engine), find_free_memory()
    if free is not None and needed > free * PERCENT // 100:
        found = f"{network.size:,} peers x {plan.blocks:,} blocks need about {needed // MEGABYTE:,} MB"
        wanted = f"at most {PERCENT} % of the {free // MEGABYTE:,} MB that are free"
        raise UsageError(f"plan.blocks: {found}, wanted {wanted}; play fewer blocks at a time")
