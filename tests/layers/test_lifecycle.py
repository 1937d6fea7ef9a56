"""The life of a transaction as a graph: read from notes, counted, walked, with its circles."""

from collections.abc import Iterable
from typing import Any

from networkx import simple_cycles
from support.story_runs import notes, read

from blockchain_lab.base.records import Kind, Record
from blockchain_lab.layers.lifecycle import (
    CONFIRMED,
    DROPPED,
    EXECUTED,
    FAILED,
    MADE,
    OUTDATED,
    PENDING,
    QUEUED,
    READERS,
    REFUSED,
    REPLACED,
    UNDONE,
    UNKNOWN,
    find_loops,
    find_ways,
    get_lifecycle,
    get_states,
    walk,
)

TX = "aa" * 32


def note(topic: str, peer: int = 0, **facts: Any) -> tuple[str, int, dict[str, Any]]:
    """A note about TX."""
    return topic, peer, {"txid": TX, "txids": [TX], **facts}


def tell(*told: tuple[str, int, dict[str, Any]]) -> list[Record]:
    """Records of notes, one each second."""
    return [
        Record(place, place, place * 1_000_000, Kind.NOTE, peer, -1, -1, -1, (topic, facts))
        for place, (topic, peer, facts) in enumerate(told)
    ]


LIFE = (
    note("transaction made", private=False),
    note("transaction accepted", queued=True),
    note("transactions promoted"),
    note("transaction executed", ok=True, reason=""),
    note("transactions removed", reason="confirmed"),
    note("transactions undone"),
    note("transaction accepted", queued=False),
    note("transaction executed", ok=False, reason="too dear"),
    note("transactions removed", reason="confirmed"),
    note("transaction refused", reason="nonce too low"),
)


def test_the_way_of_one_transaction() -> None:
    """Made, behind a gap, ready, run, undone, ready again, failed. What follows is no news to who ran it."""
    way = walk(tell(*LIFE), TX, 0)

    assert [MADE, QUEUED, PENDING, EXECUTED, UNDONE, PENDING, FAILED] == [step.state for step in way]
    assert [0, 1, 2, 3, 5, 6, 7] == [step.record for step in way]
    assert "transaction executed: too dear" == way[-1].why
    assert 7_000_000 == way[-1].at


def test_the_circles_of_a_way() -> None:
    """A state comes again: what lies between is a circle."""
    way = walk(tell(*LIFE), TX, 0)

    assert [(PENDING, EXECUTED, UNDONE, PENDING)] == find_loops(way)
    assert [] == find_loops(way[:5])
    gaps = [note("transaction accepted", queued=place % 2 == 1) for place in range(4)]
    assert [(PENDING, QUEUED, PENDING), (QUEUED, PENDING, QUEUED)] == find_loops(walk(tell(*gaps), TX, 0))
    more = [note("transaction accepted", queued=place % 2 == 1) for place in range(5)]
    assert [3, 3, 3] == [len(circle) for circle in find_loops(walk(tell(*more), TX, 0))]


def test_each_peer_has_its_own_way_and_the_graph_counts_all() -> None:
    """One has refused what the other one has run."""
    records = tell(
        note("transaction accepted", 0, queued=False),
        note("transaction refused", 1, reason="transaction underpriced"),
        note("transaction executed", 0, ok=True, reason=""),
        note("transaction executed", 1, ok=True, reason=""),
    )

    assert {
        (UNKNOWN, PENDING): 1,
        (PENDING, EXECUTED): 1,
        (UNKNOWN, REFUSED): 1,
        (REFUSED, EXECUTED): 1,
    } == get_lifecycle(records).transitions
    assert {(UNKNOWN, REFUSED): 1, (REFUSED, EXECUTED): 1} == get_lifecycle(records, 1).transitions
    assert {UNKNOWN: 2, PENDING: 1, REFUSED: 1, EXECUTED: 2} == get_lifecycle(records).states
    assert {PENDING: 1, REFUSED: 1} == get_lifecycle(records).get_followers(UNKNOWN)
    assert [] == walk(records, "bb" * 32, 0)


def test_the_graph_can_be_drawn_and_has_circles() -> None:
    """As networkx knows it: its cycles are the circles of the ways."""
    graph = get_lifecycle(tell(*LIFE)).as_graph()

    assert [{PENDING, EXECUTED, UNDONE}] == [{*cycle} for cycle in simple_cycles(graph)]
    assert (2, 1) == (graph.nodes[PENDING]["count"], graph[PENDING][FAILED]["weight"])


def test_reasons_to_leave_a_pool() -> None:
    """Replaced, outdated, or dropped for any other reason; confirmed is a state only where nothing runs."""
    reasons = ("replaced", "nonce used by another", "made room", "expired", "sender cannot pay", "confirmed")
    wanted = [REPLACED, OUTDATED, DROPPED, DROPPED, DROPPED, CONFIRMED]
    start = note("transaction accepted")

    assert wanted == [
        walk(tell(start, note("transactions removed", reason=reason)), TX, 0)[-1].state for reason in reasons
    ]


def count_edges(names: Iterable[str]) -> dict[tuple[str, str], int]:
    """What the graph says of several stories together."""
    found: dict[tuple[str, str], int] = {}
    for name in names:
        for edge, count in get_lifecycle(read(name).trace).transitions.items():
            found[edge] = found.get(edge, 0) + count
    return found


def test_a_payment_has_a_smaller_graph_than_a_call() -> None:
    """Bitcoin's stories of a bumped fee and of a cut network; the ledger's of the same and of more."""
    payment = count_edges(["fee_bump", "partition_payments"])
    call = count_edges(["replaced", "re_included", "sandwich"])
    states = [{state for edge in graph for state in edge} for graph in (payment, call)]

    assert {UNKNOWN, PENDING, REPLACED, CONFIRMED} == states[0]
    assert {QUEUED, EXECUTED, FAILED, UNDONE, REFUSED, DROPPED, MADE, "private"} == states[1] - states[0]
    assert (CONFIRMED, PENDING) in payment, "the way back after a reorganisation"
    assert len(payment) < len(call)


def test_every_step_of_a_real_run_is_a_note_about_its_transaction() -> None:
    """Another way to count: how many ways there are, and what their steps point at."""
    lab = read("re_included")
    ways = find_ways(lab.trace)
    named = {
        (record.peer, txid)
        for record in lab.trace
        if record.kind is Kind.NOTE and record.detail[0] in READERS
        for txid in record.detail[1].get("txids", [record.detail[1].get("txid")])
    }

    assert named == {*ways}
    for (peer, txid), way in ways.items():
        assert all(txid in str(lab.trace[step.record].detail) for step in way)
        assert all(lab.trace[step.record].peer == peer == step.peer for step in way)
        assert all(a != b for a, b in zip(get_states(way), get_states(way)[1:], strict=False))


def test_what_ran_last_is_what_the_graph_ends_on() -> None:
    """An account of its own: every peer's last word on a transaction, from its chain."""
    lab = read("re_included")
    (failed,) = [fact["txid"] for fact in notes(lab, "dan", "transaction executed") if not fact["ok"]]
    for number, name in enumerate(lab.names):
        chain = lab.peer(name).chain
        entry = chain.tip
        while entry.previous is not None:
            for receipt in chain.get_receipts(entry):
                txid = receipt.transaction.name[::-1].hex()
                wanted = EXECUTED if receipt.is_ok else FAILED
                assert wanted == walk(lab.trace, txid, number)[-1].state
                assert (txid == failed) == (wanted == FAILED)
            entry = entry.previous
