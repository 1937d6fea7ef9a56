"""The content store holds the future too; a node's own view must not let it through."""

from copy import deepcopy

import pytest

from blockchain_lab.base.store import ContentStore, Known


def test_a_node_cannot_read_what_only_another_one_has_learned() -> None:
    """Ann has the block, Bob has not: for Bob it does not exist, though both share one store."""
    store = ContentStore()
    ann: Known[str] = Known(store)
    bob: Known[str] = Known(store)
    ann.add(b"hash", "block")

    assert "block" == ann[b"hash"]
    assert b"hash" not in bob
    with pytest.raises(KeyError):
        bob[b"hash"]


def test_pure_checks_are_computed_once_per_purpose() -> None:
    """Proof of work of one header is checked once, however many peers receive it."""
    store, calls = ContentStore(), []

    def check() -> bool:
        calls.append("called")
        return True

    assert store.once("work", b"hash", check)
    assert store.once("work", b"hash", check)
    assert not store.once("merkle", b"hash", lambda: False)
    assert ["called"] == calls


def test_a_copied_world_shares_the_store() -> None:
    """Copying a world must not copy 4,500 blocks."""
    store = ContentStore()

    assert store is deepcopy(store)
