"""Accounts, calls and small networks of the ledger, for tests.

pay("ann", "bob", 5)              a signed payment of ann's
buy("ann", 5, least=1)            a signed trade at the exchange
run(state, pay(...), buy(...))    the state behind them, and their receipts
make_ledger_story(names, story)   a scenario for a `Lab`
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from blockchain_lab.base.draws import CounterRandom, get_key
from blockchain_lab.base.effects import Effect, Note, Send
from blockchain_lab.base.node import Setup
from blockchain_lab.base.store import ContentStore
from blockchain_lab.base.units import SECOND, Address
from blockchain_lab.layers.contracts import CONTRACTS
from blockchain_lab.layers.ledger_exchange import BUY, COINS, EXCHANGE, SELL, TOKENS, get_token_slot
from blockchain_lab.layers.ledger_execution import Receipt, Surroundings, execute_all
from blockchain_lab.layers.ledger_messages import Overlay, Status
from blockchain_lab.layers.ledger_node import LedgerNode
from blockchain_lab.layers.ledger_state import Account, State
from blockchain_lab.layers.ledger_transaction import Transaction
from blockchain_lab.sim.actions import Action
from blockchain_lab.sim.scenario import Links, Peer, Scenario, Topology

ETHER = 1_000_000_000  # gwei
NAMES = ("ann", "bob", "cat", "dan")
CHAIN = 1
AROUND = Surroundings(CHAIN, "max", 1, CONTRACTS)
ROOM = 30_000_000  # units of gas
LINE = 7  # the only one that a bench has at first; odd: the other end has dialled


def pay(
    sender: str, to: str, value: int, nonce: int = 0, price: int = 20, limit: int = 21_000
) -> Transaction:
    """A signed payment."""
    return Transaction(CHAIN, sender, nonce, price, limit, to, value).sign()


def buy(
    sender: str, value: int, least: int = 1, nonce: int = 0, price: int = 20, limit: int = 150_000
) -> Transaction:
    """Coins for tokens."""
    return Transaction(CHAIN, sender, nonce, price, limit, EXCHANGE, value, BUY, (least,)).sign()


def sell(
    sender: str, tokens: int, least: int = 1, nonce: int = 0, price: int = 20, limit: int = 150_000
) -> Transaction:
    """Tokens for coins."""
    return Transaction(CHAIN, sender, nonce, price, limit, EXCHANGE, 0, SELL, (tokens, least)).sign()


def make_state(
    balances: Mapping[str, int] | None = None,
    coins: int = 1_000 * ETHER,
    tokens: int = 1_000_000,
    held: Mapping[str, int] | None = None,
) -> State:
    """Four accounts with ten ether each, and an exchange."""
    own = dict.fromkeys(NAMES, 10 * ETHER) if balances is None else balances
    accounts = {name: Account(0, balance) for name, balance in own.items()} | {EXCHANGE: Account(0, coins)}
    slots = {COINS: coins, TOKENS: tokens}
    return State(accounts, slots | {get_token_slot(name): count for name, count in (held or {}).items()})


def run(state: State, *transactions: Transaction, room: int = ROOM) -> tuple[State, tuple[Receipt, ...]]:
    """The state behind a block with these, and what came of each."""
    return execute_all(state, transactions, AROUND, room)


def make_chain(names: Iterable[str] = NAMES, **values: Any) -> dict[str, Any]:
    """The rules of a small ledger."""
    plain = {
        "accounts": dict.fromkeys(names, 10 * ETHER),
        "exchange": {"coins": 1_000 * ETHER, "tokens": 1_000_000},
    }
    return {"ledger": {**plain, **values}}


def make_ledger_story(
    names: Iterable[str] = NAMES,
    story: Iterable[tuple[float, Action]] = (),
    chain: Mapping[str, Any] | None = None,
    policies: Mapping[str, Mapping[str, Any]] | None = None,
    **values: Any,
) -> Scenario:
    """Peers in a ring, and a line across. story: (seconds, what); `values` replace the rest."""
    names = list(names)
    ring = [(name, names[(place + 1) % len(names)]) for place, name in enumerate(names)]
    plan = {
        "peers": {name: Peer("ledger", policy=dict((policies or {}).get(name, {}))) for name in names},
        "topology": Topology((*ring, (names[0], names[len(names) // 2]))),
        "links": Links(latency=(30_000, 150_000), jitter=10_000, keep_alive=5 * SECOND),
        "chain": make_chain(names) if chain is None else dict(chain),
        "story": tuple((round(at * SECOND), what) for at, what in story),
        "until": 60 * SECOND,
    }
    return Scenario(**{**plan, **values})


class Bench:
    """One node without a network: told what happens by hand, and asked what it answers."""

    def __init__(self, name: str = "ann", chain: Mapping[str, Any] | None = None, **policy: Any) -> None:
        """Switch it on, and let bob dial it on the execution overlay."""
        contacts = {each: Address(f"10.0.0.{number}", 8333) for number, each in enumerate((*NAMES, "max"))}
        self.now = 0
        self.setup = Setup(
            name=name,
            address=contacts[name],
            neighbours=(),
            random=CounterRandom(get_key(name)),
            policy=policy,
            chain=dict(chain or make_chain()),
            store=ContentStore(),
            contacts=contacts,
        )
        self.node = LedgerNode(self.setup)
        self.node.on_start(0)
        self.open(LINE, "bob")

    def open(
        self, line: int, name: str, overlay: Overlay = Overlay.EXECUTION, topics: Iterable[int] = ()
    ) -> None:
        """Somebody dials it, and says what for."""
        self.node.on_connected(line, self.setup.contacts[name], True, self.now)
        tip = self.node.chain.tip
        self.hear(Status(overlay, tip.hash, tip.height, tuple(topics)), line)

    def hear(self, message: Any, line: int = LINE) -> list[Effect]:
        """What it answers to a message."""
        return self.node.on_message(line, message, self.now)

    def do(self, command: Any) -> list[Effect]:
        """Obey, if it may."""
        problem = self.node.find_problem(command, self.now)
        assert problem is None, problem
        return self.node.on_command(command, self.now)


def get_notes(effects: Iterable[Effect], topic: str) -> list[dict[str, Any]]:
    """The facts of the notes of one topic."""
    return [each.facts for each in effects if isinstance(each, Note) and each.topic == topic]


def get_sent(effects: Iterable[Effect], kind: type) -> list[tuple[int, Any]]:
    """(line, message) of all messages of a kind."""
    return [
        (each.conn, each.message)
        for each in effects
        if isinstance(each, Send) and isinstance(each.message, kind)
    ]


def forge(transaction: Transaction, **changes: Any) -> Transaction:
    """The same with other fields, and the old signature."""
    return replace(transaction, **changes)
