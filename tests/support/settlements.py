"""Chains with contracts by hand: carry out calls on a state, or build a scenario for a `Lab` in a few words.

books = make_books(ann=100, bob=20)
books = carry(books, "ann", Transfer("bob", 5))        one block with one call
lab = Lab(make_chain_net("channel", ["ann", "bob", "max"], balances={"ann": 100}))
"""

from collections.abc import Iterable, Mapping
from typing import Any

from blockchain_lab.base.messages import Message
from blockchain_lab.base.units import SECOND
from blockchain_lab.lab import Lab
from blockchain_lab.layers.bridge_books import Books
from blockchain_lab.layers.bridge_calls import Call
from blockchain_lab.layers.bridge_params import MAIN, read_chains
from blockchain_lab.sim.actions import Action
from blockchain_lab.sim.digest import canonical
from blockchain_lab.sim.scenario import Links, Peer, Scenario, Topology


def make_books(chain: str = MAIN, rules: Mapping[str, Any] | None = None, **balances: int) -> Books:
    """The state behind the genesis."""
    return Books.begin(read_chains({"settlement": {"balances": balances, **(rules or {})}})[chain])


def make_call(books: Books, sender: str, action: Message) -> Call:
    """Signed, with the right nonce."""
    return Call(books.rules.name, sender, books.get_nonce(sender), action).sign()


def carry(books: Books, sender: str, action: Message) -> Books:
    """The state behind one more block with this call in it. RuleBroken when the contract refuses it."""
    draft, call = books.open_block(), make_call(books, sender, action)
    draft.carry_out(call)
    return draft.after(call)


def pass_blocks(books: Books, count: int) -> Books:
    """The state behind so many empty blocks."""
    for _ in range(count):
        books = books.open_block()
    return books


def make_chain_net(
    kind: str,
    names: Iterable[str],
    balances: Mapping[str, int],
    policies: Mapping[str, Mapping[str, Any]] | None = None,
    story: Iterable[tuple[int, Action]] = (),
    rules: Mapping[str, Any] | None = None,
    **values: Any,
) -> Scenario:
    """A line between each two; story: (seconds, what). Max makes a block every 5 seconds."""
    names = list(names)
    own = {"max": {"block_every": 5 * SECOND}, **(policies or {})}
    plan: dict[str, Any] = {
        "peers": {name: Peer(kind, policy=dict(own.get(name, {}))) for name in names},
        "topology": Topology(tuple((a, b) for n, a in enumerate(names) for b in names[n + 1 :])),
        "links": Links(latency=(50_000, 250_000), keep_alive=10 * SECOND),
        "chain": {"settlement": {"balances": dict(balances), **(rules or {})}},
        "story": tuple((at * SECOND, action) for at, action in story),
    }
    return Scenario(**{**plan, **values})


def assert_sums_hold(lab: Lab, total: int) -> int:
    """Behind every block of every peer's main tree there are so many coins. How many blocks were seen."""
    count = 0
    for name in lab.names:
        node = lab.peer(name)
        if node is None or MAIN not in node.views:
            continue
        view = node.views[MAIN]
        for entry in view.tree.own.values():
            balances = view.get_books(entry).bank.balances
            assert total == sum(balances.values()), (name, entry)
            assert all(coins >= 0 for coins in balances.values()), (name, entry)
            count += 1
    return count


def assert_replays(lab: Lab) -> None:
    """The world rebuilt from the scenario and the actions is the live one: records, states, each peer."""
    world, trace = lab.timeline.rebuild(lab.head, "full")
    ours, theirs = trace.columns(), lab.trace.columns()

    assert lab.state_digest() == world.state_digest()
    assert [column.tolist() for column in theirs.numbers()] == [column.tolist() for column in ours.numbers()]
    assert list(map(canonical, theirs.details)) == list(map(canonical, ours.details))
    for host in lab.timeline.world().hosts:
        assert canonical(host.node) == canonical(lab.peer(host.name)), host.name
