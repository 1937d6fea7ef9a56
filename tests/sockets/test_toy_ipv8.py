"""The capstone's repaired peer on real sockets, over py-ipv8: payments are final, who was away returns."""

from contextlib import AsyncExitStack
from dataclasses import replace
from importlib.util import find_spec

import pytest
from support.event_loop import in_loop
from support.required import require

require(find_spec("ipv8"), 'py-ipv8 is missing: pip install -e ".[ipv8]"')

from support.toy_worlds import write_repairs  # noqa: E402

from blockchain_lab.base.actions import Pay  # noqa: E402
from blockchain_lab.base.effects import Note  # noqa: E402
from blockchain_lab.base.units import MILLISECOND, Address  # noqa: E402
from blockchain_lab.course.l18_submission import read_node  # noqa: E402
from blockchain_lab.layers.toy_messages import MOST_PAYMENTS, Block, Payment  # noqa: E402
from blockchain_lab.layers.toy_node import OpenToyNode  # noqa: E402
from blockchain_lab.layers.toy_repairs import ToyNode  # noqa: E402
from blockchain_lab.layers.wire import decode  # noqa: E402
from blockchain_lab.sockets.ipv8 import Ipv8Host  # noqa: E402
from blockchain_lab.sockets.ipv8_line import is_too_long  # noqa: E402
from blockchain_lab.sockets.setup import make_setup  # noqa: E402

STAKES = {"ann": 30, "bob": 30, "cat": 30, "dan": 10}  # without one of them, two thirds are still there
NAMES = (*STAKES, "gus")
CHAIN = {
    "toy": {
        "stakes": STAKES,
        "balances": dict.fromkeys(NAMES, 100),
        "slot": 300 * MILLISECOND,
    }
}


async def start(stack: AsyncExitStack, kind: type[OpenToyNode], notes: list[Note]) -> dict[str, Ipv8Host]:
    """Five hosts. Each knows where the others are as soon as these are there."""
    places: dict[str, Address] = {}
    hosts: dict[str, Ipv8Host] = {}
    for name in NAMES:
        setup = replace(make_setup(name, chain=CHAIN), contacts=places)
        host = Ipv8Host(kind, setup, decode, on_note=notes.append)
        hosts[name] = await stack.enter_async_context(host)
        places[name] = hosts[name].address
    return hosts


def is_paid(host: Ipv8Host, **coins: int) -> bool:
    """Do these accounts hold so much in the last final block?"""
    balances = host.node.branches.ledger.balances
    return all(balances[name] == amount for name, amount in coins.items())


@pytest.mark.parametrize("kind", [ToyNode, read_node(write_repairs())], ids=["ours", "handed in"])
@in_loop
async def test_payments_are_final_on_real_sockets(kind: type[OpenToyNode]) -> None:
    """A client's and a validator's, at all five hosts, in the same blocks; the class is the simulator's."""
    notes: list[Note] = []
    async with AsyncExitStack() as stack:
        hosts = await start(stack, kind, notes)
        hosts["gus"].do(Pay("gus", "ann", 30))
        hosts["bob"].do(Pay("bob", "cat", 7))
        for host in hosts.values():
            await host.until(lambda host=host: is_paid(host, gus=70, ann=130, bob=93, cat=107))

        final = [host.node.branches.final for host in hosts.values()]
        shortest = min(map(len, final))
        assert shortest >= 2
        assert 1 == len({tuple(branch[:shortest]) for branch in final})
        assert {kind} == {type(host.node) for host in hosts.values()}
    assert {"block final", "block confirmed", "vote cast"} <= {note.topic for note in notes}
    assert [] == [note.facts for note in notes if note.topic in ("claim refused", "block invalid")]


@in_loop
async def test_who_was_away_catches_up_on_real_sockets() -> None:
    """Cat's host stops, a payment becomes final without it, and cat has it soon after it is back."""
    async with AsyncExitStack() as stack:
        hosts = await start(stack, ToyNode, [])
        await hosts["cat"].until(lambda: hosts["cat"].node.branches.height >= 1)
        await hosts["cat"].stop()
        hosts["gus"].do(Pay("gus", "dan", 5))
        await hosts["ann"].until(lambda: is_paid(hosts["ann"], gus=95, dan=105))
        await hosts["cat"].start()

        await hosts["cat"].until(lambda: is_paid(hosts["cat"], gus=95, dan=105))


def test_a_full_block_is_not_too_long_for_a_packet() -> None:
    """Else it would be refused, and never leave its leader."""
    payment = Payment("wilhelmina", "bartholomew", 0xFFFFFFFF, 0xFFFFFFFF).signed_by("ann")
    block = Block(bytes(32), 1, "wilhelmina", (payment,) * MOST_PAYMENTS).signed_by("ann")

    assert not is_too_long(block)
