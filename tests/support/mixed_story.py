"""A small mixed network, recorded: ours on one side, on the other a network whose inside is not on the tape.

ann and bob dial gate in memory, gate dials far by TCP. Both sides are ours, so all that happens is known.
"""

import asyncio
from concurrent.futures import ThreadPoolExecutor

from blockchain_lab.base.actions import Mine, Pay
from blockchain_lab.base.units import MILLISECOND, Address
from blockchain_lab.recording import Recording
from blockchain_lab.sockets.network import MixedNetwork
from blockchain_lab.sockets.tape import Tape

LOOPBACK = Address("127.0.0.1", 0)
OURS = ("gate", "ann", "bob")
FAR = "far"


def make_far() -> MixedNetwork:
    """One node that listens, and one behind it."""
    far = MixedNetwork(recorded=False)
    far.add("far", listens=LOOPBACK)
    far.add("farther", dials=["far"])
    return far


def make_near(far: Address, **values) -> MixedNetwork:
    """Three of ours; to them `far` is a program that they know by its address."""
    net = MixedNetwork(**values)
    net.add("gate", dials=[FAR], listens=LOOPBACK)
    net.add("ann", dials=["gate"])
    net.add("bob", dials=["gate", "ann"])
    net.add_real(FAR, far)
    return net


def is_everywhere(height: int, *nets: MixedNetwork) -> bool:
    """Is this the height of all peers, on one tip?"""
    tips = [net[name].chain.tip for net in nets for name in net.names]
    return len({tip.hash for tip in tips}) == 1 and tips[0].height == height


def is_waiting(count: int, *nets: MixedNetwork) -> bool:
    """Do so many transactions wait everywhere?"""
    return all(len(net[name].pool) == count for net in nets for name in net.names)


async def play(near: MixedNetwork, far: MixedNetwork) -> None:
    """A block from beyond the line, one from behind the gate, a payment, and a block that holds it."""
    far.do(Mine("farther", 3))
    await near.until(lambda: is_everywhere(3, near))
    near.do(Mine("bob", 101))
    await far.until(lambda: is_everywhere(104, far))
    await near.until(lambda: is_everywhere(104, near))
    near.do(Pay("bob", to="ann"))
    await far.until(lambda: is_waiting(1, far))
    await near.until(lambda: is_waiting(1, near))
    far.do(Mine("far"))
    await near.until(lambda: is_everywhere(105, near) and is_waiting(0, near))


async def record() -> Tape:
    """The whole story's tape."""
    async with asyncio.timeout(60), make_far() as far:
        async with make_near(far.get_address("far"), delay=2 * MILLISECOND, seed=7) as near:
            await play(near, far)
        return near.tape


def make_recording() -> Recording:
    """The story as it is shown. Times, and so the order of events, are other ones at each call.

    In a thread of its own, for a browser's tests stand in an event loop already.
    """
    with ThreadPoolExecutor(max_workers=1) as thread:
        return Recording(thread.submit(lambda: asyncio.run(record())).result())
