"""Two money boxes on real sockets, over py-ipv8 on this machine: the very nodes that the simulator plays.

    print(pay_over_ipv8(BankNode, (5, 3, 2)))

Ann is impatient: she repeats each order before any answer can be there. So bob gets the orders several
times, and what is in his box in the end shows whether he counts them once. Without py-ipv8, or where no
socket may be opened, this says so and does nothing: a lesson goes on.
"""

import asyncio
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from importlib.util import find_spec
from typing import Final

from blockchain_lab.base.actions import Pay
from blockchain_lab.base.messages import Message
from blockchain_lab.base.node import NodeFactory
from blockchain_lab.overlay.bank_node import BankNode
from blockchain_lab.overlay.wire import decode
from blockchain_lab.sockets.setup import make_setup

IMPATIENT: Final = {"patience": 1}  # microseconds
LONGEST: Final = 10  # seconds; then we say how far it came
AFTERWARDS: Final = 0.2  # seconds in which repeated orders that are under way still arrive
MISSING: Final = 'Not over IPv8: py-ipv8 is missing. pip install "blockchain-lab[ipv8]" brings it.'


def pay_over_ipv8(factory: NodeFactory, amounts: Sequence[int]) -> str:
    """Let ann pay these amounts into bob's box, and tell what came of it. Takes less than a second.

    It runs in a thread of its own: a notebook has a loop already.
    """
    if find_spec("ipv8") is None:
        return MISSING
    try:
        with ThreadPoolExecutor(1) as thread:
            return thread.submit(lambda: asyncio.run(pay_all(factory, amounts))).result()
    except Exception as problem:  # whatever a machine can forbid: where work is marked, sockets are
        return f"Not over IPv8, this machine does not let us: {problem}"


async def pay_all(factory: NodeFactory, amounts: Sequence[int]) -> str:
    """The same within a loop."""
    from blockchain_lab.sockets.ipv8 import Ipv8Host  # noqa: PLC0415  (an extra)

    heard: Counter[str] = Counter()

    def read(command: str, payload: bytes) -> Message:
        heard[command] += 1
        return decode(command, payload)

    async with Ipv8Host(factory, make_setup("bob"), read) as bob:
        setup = replace(make_setup("ann", policy=dict(IMPATIENT)), contacts={"bob": bob.address})
        async with Ipv8Host(factory, setup, read) as ann:
            for amount in amounts:
                ann.do(Pay("ann", "bob", amount))
            try:
                async with asyncio.timeout(LONGEST):
                    await ann.until(lambda: is_done(ann.node))
            except TimeoutError:
                pass
            await asyncio.sleep(AFTERWARDS)
            total = bob.node.total if isinstance(bob.node, BankNode) else 0
            return (
                f"ann paid {' + '.join(map(str, amounts))} = {sum(amounts)} coins over 127.0.0.1.\n"
                f"bob's socket got {heard['deposit']} deposits for {len(amounts)} orders"
                f" and hers {heard['balance']} answers.\n"
                f"In bob's box there are {total} coins."
            )


def is_done(node: object) -> bool:
    """Does the payer wait for nothing any more?"""
    return isinstance(node, BankNode) and not node.open
