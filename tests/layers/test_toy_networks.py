"""Whole networks of the toy chain's peers: payments are final, bytes are objects, a replay is the run."""

from support.toy_worlds import NAMES, make_network, run_network

from blockchain_lab.base.actions import Pay
from blockchain_lab.base.units import SECOND
from blockchain_lab.lab import Lab
from blockchain_lab.sim.actions import Heal, Kill, Partition, Revive


def test_payments_are_final_everywhere_within_seconds() -> None:
    """A client's order and a validator's; four peers end with the same ledger."""
    lab = Lab(make_network())
    lab.run(until=SECOND)
    lab.do(Pay("gus", "ann", 30))
    lab.do(Pay("bob", "cat", 7))
    lab.run()

    ledgers = [dict(lab.peer(name).branches.ledger.balances) for name in NAMES]
    assert [{"ann": 130, "bob": 93, "cat": 107, "gus": 70}] * 4 == ledgers


def test_bytes_and_objects_come_to_the_same() -> None:
    """Every hop encoded and decoded."""
    assert run_network().digest() == run_network(wire=True).digest()


def test_a_world_that_is_played_again_is_the_same_world() -> None:
    """Through a cut, a crash and a revival: state and records, from nothing and live."""
    lab = Lab(make_network(until=40 * SECOND, loss=100_000))
    for at, act in (
        (2, Pay("gus", "ann", 3)),
        (3, Partition({"ann", "gus"})),
        (7, Heal()),
        (8, Kill("cat")),
        (11, Revive("cat")),
        (12, Pay("cat", "gus", 9)),
    ):
        lab.run(until=at * SECOND)
        lab.do(act)
    lab.run()
    live, trace = lab.timeline.world().state_digest(), list(lab.trace)
    rebuilt, again = lab.timeline.rebuild(lab.head, "full")

    assert live == rebuilt.state_digest()
    assert trace == list(again)
    for name in NAMES:
        assert rebuilt.by_name[name].node.stored() == lab.peer(name).stored()
    assert 8 < min(lab.peer(name).branches.height for name in NAMES)
