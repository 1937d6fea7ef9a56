"""Lesson 18, the repaired peer over py-ipv8: five of it on this machine, and a payment that becomes final.

    await play_on_ipv8(Mine)       a card: what was final, at whom, after how long

Needs the extra `ipv8`; without it, or where no socket may be opened, the card says so. Nothing is sent to any
address but 127.0.0.1. The only module of the course that knows real sockets, and only when it is asked.
"""

import asyncio
from contextlib import AsyncExitStack
from dataclasses import replace
from importlib.util import find_spec
from typing import Any, Final

from blockchain_lab.base.actions import Pay
from blockchain_lab.base.units import MILLISECOND, Address
from blockchain_lab.course.cards import Card
from blockchain_lab.course.l18_checking import NodeClass, check_node_class
from blockchain_lab.course.l18_checking import describe as describe_fault
from blockchain_lab.layers.toy_notes import write_payment
from blockchain_lab.layers.wire import decode

STAKES: Final = {"ann": 30, "bob": 30, "cat": 30, "dan": 10}
NAMES: Final = (*STAKES, "gus")
COINS: Final = 100  # everybody's at the genesis
SLOT: Final = 300 * MILLISECOND
PATIENCE: Final = 12.0  # seconds: 40 slots
TITLE: Final = "Five peers over py-ipv8, on this machine"
INSTALL: Final = 'pip install "blockchain-lab[ipv8]"'
PAID: Final = {"gus": 70, "ann": 130, "bob": 93, "cat": 107}  # what is there when both payments are final


async def play_on_ipv8(node: NodeClass, patience: float = PATIENCE) -> Card:
    """Start five, let two pay, wait until all five hold both payments for final. Never raises but UsageError.

    patience: seconds. UsageError for what is no class of toy nodes.
    """
    check_node_class(node)
    if find_spec("ipv8") is None:
        words = "This needs py-ipv8, which is not installed here. In a terminal, then restart the kernel:"
        return Card("plain", "○", "Not played", TITLE, (words,), code=INSTALL)
    try:
        return await play(node, patience)
    except TimeoutError:
        words = f"Not all five hold both payments for final after {patience:g} seconds."
        return Card("wrong", "✗", "Not final", TITLE, (words,))
    except Exception as problem:  # a peer of a learner's fell over, or no socket may be opened here
        words = f"It ended early. {describe_fault(problem)}"
        return Card("plain", "○", "Not played", TITLE, (words,))


async def play(node: NodeClass, patience: float) -> Card:
    """The run itself. TimeoutError, and whatever a peer raises."""
    from blockchain_lab.sockets.ipv8 import Ipv8Host  # noqa: PLC0415  (py-ipv8 is an extra)
    from blockchain_lab.sockets.setup import make_setup  # noqa: PLC0415

    chain = {"toy": {"stakes": STAKES, "balances": dict.fromkeys(NAMES, COINS), "slot": SLOT}}
    places: dict[str, Address] = {}  # where everybody is: known as soon as they are there
    hosts: dict[str, Any] = {}
    async with AsyncExitStack() as stack, asyncio.timeout(patience):
        for name in NAMES:
            host = Ipv8Host(node, replace(make_setup(name, chain=chain), contacts=places), decode)
            hosts[name] = await stack.enter_async_context(host)
            places[name] = hosts[name].address
        hosts["gus"].do(Pay("gus", "ann", 30))
        hosts["bob"].do(Pay("bob", "cat", 7))
        for host in hosts.values():
            await host.until(lambda host=host: is_paid(host.node))
        lines = [describe(name, host) for name, host in hosts.items()]
    words = "The same class as in the simulator; each peer has a UDP socket of its own."
    return Card("right", "✓", "Final", TITLE, (words,), code="\n".join(lines))


def is_paid(node: Any) -> bool:
    """Do the accounts hold in its last final block what they should?"""
    balances = node.branches.ledger.balances
    return all(balances[name] == coins for name, coins in PAID.items())


def describe(name: str, host: Any) -> str:
    """A peer, its port, and the payments of its final blocks."""
    branches = host.node.branches
    payments = [
        f"slot {branches.blocks[block].slot}: {write_payment(payment)}"
        for block in branches.final
        for payment in branches.blocks[block].payments
    ]
    return f"{name}  port {host.address.port:5}  height {branches.height:2}   {'; '.join(payments)}"
