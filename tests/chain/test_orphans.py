"""Blocks that came before their parent: found again when it comes, and never too many."""

import pytest

from blockchain_lab.base.errors import UsageError
from blockchain_lab.chain.orphans import OrphanPool


def fill(pool: OrphanPool[str], *pairs: str) -> None:
    """Add orphans from pairs such as "P C": C waits for P."""
    for pair in pairs:
        parent, child = pair.split()
        pool.add(child.encode(), parent.encode(), child)


def test_children_are_found_by_their_parent_oldest_first() -> None:
    """Two wait for P, one for Q; taking P's children leaves Q's."""
    pool: OrphanPool[str] = OrphanPool(10)
    fill(pool, "P C1", "Q C2", "P C3")

    assert ["C1", "C3"] == pool.take_children(b"P")
    assert [] == pool.take_children(b"P")
    assert 1 == len(pool)
    assert b"C2" in pool


def test_the_root_of_a_family_is_its_eldest_orphan() -> None:
    """G <- ? <- A <- B <- C: what is missing stands below A, whoever of the three asks."""
    pool: OrphanPool[str] = OrphanPool(10)
    fill(pool, "B C", "A B", "missing A")

    assert [b"A"] * 3 == [pool.get_root(name) for name in (b"A", b"B", b"C")]


def test_a_flood_of_orphans_costs_bounded_memory() -> None:
    """Anybody can send blocks without parents: the oldest make room, and leave nothing behind."""
    pool: OrphanPool[str] = OrphanPool(3)
    fill(pool, *[f"P{number} C{number}" for number in range(1_000)])
    fill(pool, "P999 C999")

    assert 3 == len(pool)
    assert [] == pool.take_children(b"P996")
    assert ["C997"] == pool.take_children(b"P997")


def test_a_room_for_nobody_is_a_mistake() -> None:
    """The limit is the caller's to choose, but not 0."""
    with pytest.raises(UsageError, match="at least 1"):
        OrphanPool(0)
