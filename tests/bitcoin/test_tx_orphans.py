"""Where transactions wait for their parents: quick, and just like the simplest way to write it down."""

from dataclasses import dataclass, field

from hypothesis import given, settings
from hypothesis import strategies as st
from support.bitcoin_dialogue import state_of

from blockchain_lab.base.units import MINUTE, ConnectionId, Microseconds
from blockchain_lab.bitcoin.tx import OutPoint, Transaction, TxInput, TxOutput
from blockchain_lab.bitcoin.tx_orphans import ORPHAN_EXPIRY, OrphanTransactions

PARENTS = [bytes([number]) * 32 for number in range(4)]


def make_orphan(number: int, parents: list[bytes]) -> Transaction:
    """One of many; each number has its own weight."""
    inputs = tuple(TxInput(OutPoint(parent, number), b"") for parent in parents)
    return Transaction(2, inputs, (TxOutput(number, bytes(number)),))


@dataclass
class SimpleOrphans:
    """A list in order of arrival; everything is found by looking at all of it."""

    most: int
    weight_per_peer: int
    waiting: list[tuple[Transaction, ConnectionId, Microseconds]] = field(default_factory=list)

    def add(self, tx: Transaction, conn: ConnectionId, now: Microseconds) -> None:
        """The oldest make room."""
        if tx in [orphan for orphan, _, _ in self.waiting]:
            return
        while self.waiting and self.waiting[0][2] <= now - ORPHAN_EXPIRY:
            del self.waiting[0]
        self.waiting.append((tx, conn, now))
        if self.most and len(self.waiting) > self.most:
            del self.waiting[0]
        while self.weight_per_peer and self.weigh(conn) > self.weight_per_peer:
            self.waiting.remove(next(entry for entry in self.waiting if entry[1] == conn))

    def weigh(self, conn: ConnectionId) -> int:
        """All that one peer has left."""
        return sum(tx.weight() for tx, owner, _ in self.waiting if owner == conn)

    def take_children(self, parent: bytes) -> list[Transaction]:
        """Who takes an output of it goes."""
        found = [
            entry for entry in self.waiting if parent in [each.previous.txid for each in entry[0].inputs]
        ]
        self.waiting = [entry for entry in self.waiting if entry not in found]
        return [tx for tx, _, _ in found]

    def forget_peer(self, conn: ConnectionId) -> None:
        """All of its own go."""
        self.waiting = [entry for entry in self.waiting if entry[1] != conn]


STEPS = st.one_of(
    st.tuples(
        st.just("add"), st.integers(0, 40), st.lists(st.sampled_from(PARENTS), min_size=1), st.integers(1, 3)
    ),
    st.tuples(st.just("take"), st.sampled_from(PARENTS)),
    st.tuples(st.just("forget"), st.integers(1, 3)),
    st.tuples(st.just("wait"), st.integers(1, 15)),
)


@settings(max_examples=150)
@given(st.lists(STEPS, max_size=60), st.sampled_from([0, 5]), st.sampled_from([0, 900, 2_000]))
def test_who_waits_is_as_if_one_looked_at_all_of_them_each_time(
    steps: list[tuple], most: int, weight_per_peer: int
) -> None:
    """They come, find parents, grow old, lose their peer: after each step the same ones wait, in order."""
    quick, simple, now = OrphanTransactions(most, weight_per_peer), SimpleOrphans(most, weight_per_peer), 0
    for step in steps:
        match step:
            case ("add", number, parents, conn):
                tx = make_orphan(number, parents)
                quick.add(tx, parents, conn, now)
                simple.add(tx, conn, now)
            case ("take", parent):
                assert simple.take_children(parent) == [orphan.tx for orphan in quick.take_children(parent)]
            case ("forget", conn):
                quick.forget_peer(conn)
                simple.forget_peer(conn)
            case ("wait", minutes):
                now += minutes * MINUTE

        assert simple.waiting == [(o.tx, o.conn, o.since) for o in quick.waiting.values()]
        assert {conn: simple.weigh(conn) for conn in quick.shares} == {
            conn: share.weight for conn, share in quick.shares.items()
        }
    for parent in PARENTS:
        quick.take_children(parent)
    assert state_of(OrphanTransactions(most, weight_per_peer)) == state_of(quick), "nothing is left behind"


def test_a_flood_from_one_peer_looks_at_each_of_its_orphans_once() -> None:
    """5,000 come, 100 may stay: 4,900 go, one for each that comes; nobody else's are touched."""
    weight = make_orphan(7, [PARENTS[0]]).weight()
    orphans = OrphanTransactions(weight_per_peer=100 * weight)
    counted = CountedNames()
    others = make_orphan(8, [PARENTS[1]])
    orphans.add(others, [PARENTS[1]], 2, 0)
    for index in range(5_000):
        tx = Transaction(2, (TxInput(OutPoint(PARENTS[0], index), b""),), (TxOutput(7, bytes(7)),))
        orphans.add(tx, [PARENTS[0]], 1, 0)
        if index == 0:
            orphans.shares[1].names = counted.update_from(orphans.shares[1].names)

    assert 101 == len(orphans.waiting)
    assert others.wtxid() in orphans
    assert 4_900 == counted.looked_at


class CountedNames(type(OrphanTransactions().waiting)):  # type: ignore[misc]
    """Counts how many of its items anybody has looked at."""

    looked_at = 0

    def update_from(self, other: dict) -> "CountedNames":
        """Take over what another one holds."""
        self.update(other)
        return self

    def __iter__(self):
        """One by one."""
        for name in super().__iter__():
            self.looked_at += 1
            yield name
