"""All that one peer of the ledger keeps in its head, in one place; the rooms around it work on it.

    ledger_relay        transactions that come in: who may wait, whom to tell
    ledger_following    blocks that come in: which branch, what it has run and what it has undone
    ledger_attesting    slots, committees, subnets
    ledger_orders       what a learner asks for

Whoever changes it returns effects; a handler that finds a fault has changed nothing yet.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, Self

from blockchain_lab.base.choices import check_keys, read_flag, read_names, read_number, read_word
from blockchain_lab.base.effects import Effect, Send
from blockchain_lab.base.messages import Message
from blockchain_lab.base.node import Setup
from blockchain_lab.base.units import SECOND, Address, ConnectionId, Microseconds
from blockchain_lab.consensus.desk import Directory
from blockchain_lab.layers.ledger_chain import LedgerChain
from blockchain_lab.layers.ledger_messages import Aggregate, Attestation, Overlay
from blockchain_lab.layers.ledger_pool import MOST_WAITING, Pool
from blockchain_lab.layers.ledger_rules import LedgerRules
from blockchain_lab.layers.ledger_transaction import MOST_NUMBER, Transaction

KEYS: Final = (
    *("pool_limit", "least_price", "gas_price", "builder", "consensus", "proposes", "attests"),
    *("redial_after", "trade", "attacks"),
)
MOST_KNOWN: Final = 4_096  # names that we remember of a line; ours


@dataclass(frozen=True, slots=True)
class LedgerPolicy:
    """One peer's choices."""

    pool_limit: int = MOST_WAITING  # transactions
    least_price: int = 1  # gwei per unit of gas: cheaper ones may not wait here
    gas_price: int = 20  # gwei: what its own offer, unless they say otherwise
    builder: str = ""  # whom it gives private transactions to
    consensus: tuple[str, ...] = ()  # whom it dials on the consensus overlay; the topology: on the other
    proposes: bool = True  # when a slot is its own
    attests: bool = True
    redial_after: Microseconds = 5 * SECOND
    attacks: bool = True  # a searcher: does it act on what it finds?
    trade: int = 0  # gwei: the most that a searcher gives for its front trade; 0: all that it has

    @classmethod
    def read(cls, setup: Setup, changes: Mapping[str, Any]) -> Self:
        """From a scenario. UsageError, with the key and what is accepted."""
        values = {**setup.policy, **changes}
        check_keys(values, KEYS)
        return cls(
            pool_limit=read_number(values, "pool_limit", MOST_WAITING, least=1),
            least_price=read_number(values, "least_price", 1, least=0, most=MOST_NUMBER),
            gas_price=read_number(values, "gas_price", 20, least=0, most=1 << 40),
            builder=read_word(values, "builder", ["", *setup.contacts], ""),
            consensus=read_names(values, "consensus", setup.contacts),
            proposes=read_flag(values, "proposes", default=True),
            attests=read_flag(values, "attests", default=True),
            redial_after=read_number(values, "redial_after", 5 * SECOND, least=1),
            attacks=read_flag(values, "attacks", default=True),
            trade=read_number(values, "trade", 0, least=0, most=MOST_NUMBER),
        )


@dataclass(slots=True)
class Line:
    """A connection, and what we know of who is at its other end."""

    remote: Address
    inbound: bool
    overlay: Overlay | None  # None: the other side has not said yet what it has dialled for
    topics: tuple[int, ...] = ()  # subnets that it listens to
    is_told: bool = False  # have we said our own status?
    known: dict[bytes, None] = field(default_factory=dict)  # transactions that it has, oldest first

    def learn(self, name: bytes) -> None:
        """The other side has this transaction; the name that was learned first is forgotten for it."""
        if len(self.known) >= MOST_KNOWN and name not in self.known:
            del self.known[next(iter(self.known))]
        self.known[name] = None


@dataclass(frozen=True, slots=True)
class Asked:
    """Whom we have asked for a transaction, and when."""

    line: ConnectionId
    at: Microseconds


@dataclass(slots=True)
class LedgerDesk:
    """One peer's state."""

    name: str
    policy: LedgerPolicy
    rules: LedgerRules
    chain: LedgerChain
    pool: Pool
    directory: Directory  # for notes
    lines: dict[ConnectionId, Line] = field(default_factory=dict)
    private: dict[bytes, Transaction] = field(default_factory=dict)  # our own, or given to us to build
    asked: dict[bytes, Asked] = field(default_factory=dict)  # transactions that we have asked for
    attested: int = 0  # the last slot that we have attested in
    attestations: dict[int, dict[str, Attestation]] = field(default_factory=dict)  # slot -> by validator
    aggregates: dict[int, dict[tuple[int, str], Aggregate]] = field(default_factory=dict)  # by subnet, maker
    is_expiring: bool = False  # is a timer set for those that are queued?

    def get_lines(
        self, overlay: Overlay, but: ConnectionId | None = None
    ) -> Iterator[tuple[ConnectionId, Line]]:
        """Those of one overlay, except the one that something came from."""
        for conn, line in self.lines.items():
            if line.overlay is overlay and conn != but:
                yield conn, line

    def tell(self, overlay: Overlay, message: Message, but: ConnectionId | None = None) -> list[Effect]:
        """To everybody on an overlay, except the one that it came from."""
        return [Send(conn, message) for conn, _ in self.get_lines(overlay, but)]

    def get_source(self, conn: ConnectionId | None) -> str:
        """The name of who is at the other end of a line; its address when nobody of that name is known."""
        if conn is None:
            return self.name
        address = self.lines[conn].remote
        return self.directory.names.get(address, f"{address.ip}:{address.port}")

    @property
    def blocks_on(self) -> Overlay:
        """On which overlay blocks travel."""
        return Overlay.CONSENSUS if self.rules.ledger.blocks_on == "consensus" else Overlay.EXECUTION

    def get_next_nonce(self) -> int:
        """The first nonce of our own account that nothing of ours has."""
        account = self.chain.state.get_account(self.name)
        own = {each.nonce for each in self.private.values() if each.sender == self.name}
        nonce = account.nonce
        while nonce in own or self.pool.find(self.name, nonce) is not None:
            nonce += 1
        return nonce
