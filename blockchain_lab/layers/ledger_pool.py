"""Who waits at one peer: by sender and nonce, some ready to run, some behind a gap.

    ann's next nonce is 3       3, 4    pending: they can run, one after the other
                                   6    queued: nobody knows 5, so it cannot run yet

Another transaction with the same sender and nonce replaces the first one if it pays enough more. When the
pool is full, the cheapest goes. Both rules, and the words, are those of go-ethereum's pool
(`core/txpool/legacypool`, since 1.11; `core/tx_pool.go` before): `PriceBump` 10 %, `GlobalSlots` and
`GlobalQueue`, `AccountQueue` 64, `Lifetime` 3 hours, of queued ones.

What is passed on and noted, `ledger_relay` decides; what is here changes nothing but the pool.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Final

from blockchain_lab.base.units import HOUR, Microseconds
from blockchain_lab.consensus.errors import RuleBroken
from blockchain_lab.layers.ledger_state import State
from blockchain_lab.layers.ledger_transaction import Transaction

PRICE_BUMP: Final = 10  # percent; legacypool's PriceBump
MOST_WAITING: Final = 6_144  # legacypool's GlobalSlots, 5,120, and GlobalQueue, 1,024
ACCOUNT_QUEUE: Final = 64  # queued ones of one account; legacypool's AccountQueue
LIFETIME: Final = 3 * HOUR  # legacypool's Lifetime

REPLACED: Final = "replaced"
CHEAPEST: Final = "made room"
CONFIRMED: Final = "confirmed"
NONCE_USED: Final = "nonce used by another"
UNPAYABLE: Final = "sender cannot pay"
EXPIRED: Final = "expired"


@dataclass(slots=True)
class Waiting:
    """One that waits."""

    transaction: Transaction
    entered: Microseconds
    is_queued: bool = False


@dataclass(frozen=True, slots=True)
class Change:
    """What an arrival, or another state, has done to the pool."""

    removed: tuple[tuple[Transaction, str], ...] = ()  # with the reason
    promoted: tuple[Transaction, ...] = ()  # were queued, can run now
    demoted: tuple[Transaction, ...] = ()  # could run, cannot now


@dataclass(slots=True)
class Pool:
    """One peer's."""

    limit: int = MOST_WAITING
    least_price: int = 1  # gwei; legacypool's PriceLimit is 1 wei
    senders: dict[str, dict[int, Waiting]] = field(default_factory=dict)  # sender -> nonce -> who waits
    names: dict[bytes, Transaction] = field(default_factory=dict)  # all of them, oldest first

    def __len__(self) -> int:
        """How many wait."""
        return len(self.names)

    def __contains__(self, name: bytes) -> bool:
        """Does the transaction of that name wait here?"""
        return name in self.names

    def get_pending(self) -> Iterator[Transaction]:
        """Those that can run, each sender's in the order of their nonces; senders as they came."""
        for waiting in self.senders.values():
            for nonce in sorted(waiting):
                if not waiting[nonce].is_queued:
                    yield waiting[nonce].transaction

    def get_queued(self) -> Iterator[Transaction]:
        """Those behind a gap."""
        for waiting in self.senders.values():
            yield from (waiting[nonce].transaction for nonce in sorted(waiting) if waiting[nonce].is_queued)

    def get_next_nonce(self, sender: str, state: State) -> int:
        """The first nonce of an account that nobody has used, here or in the chain."""
        nonce = state.get_account(sender).nonce
        while nonce in self.senders.get(sender, {}):
            nonce += 1
        return nonce

    def find(self, sender: str, nonce: int) -> Transaction | None:
        """Who waits with this nonce."""
        waiting = self.senders.get(sender, {}).get(nonce)
        return None if waiting is None else waiting.transaction

    def add(
        self, transaction: Transaction, state: State, gas_limit: int, chain: int, now: Microseconds
    ) -> Change:
        """Let one wait. RuleBroken, and nothing has changed, when it may not. gas_limit: a block's."""
        self.check(transaction, state, gas_limit, chain)
        removed: list[tuple[Transaction, str]] = []
        rival = self.find(transaction.sender, transaction.nonce)
        if rival is not None:
            check_replacement(rival, transaction)
            self.remove(rival)
            removed.append((rival, REPLACED))
        elif len(self) >= self.limit:
            cheapest = self.find_cheapest()
            if transaction.gas_price <= cheapest.gas_price:
                found = f"found {transaction.gas_price:,} gwei, wanted more than {cheapest.gas_price:,}"
                raise RuleBroken("transaction underpriced", f"the pool is full; {found}")
            self.remove(cheapest)
            removed.append((cheapest, CHEAPEST))
        self.senders.setdefault(transaction.sender, {})[transaction.nonce] = Waiting(transaction, now, True)
        self.names[transaction.name] = transaction
        promoted, demoted = self.sort(state, [each.sender for each, _ in removed] + [transaction.sender])
        return Change(
            tuple(removed),
            tuple(each for each in promoted if each is not transaction),
            tuple(demoted),
        )

    def check(self, transaction: Transaction, state: State, gas_limit: int, chain: int) -> None:
        """RuleBroken unless this may wait, as far as the chain is concerned. legacypool's validateTx."""
        account = state.get_account(transaction.sender)
        if transaction.name in self.names:
            raise RuleBroken("already known")
        if transaction.chain != chain:
            raise RuleBroken("other chain", f"found chain {transaction.chain}, wanted {chain}")
        if not transaction.is_signed:
            raise RuleBroken("signature", f"not signed by {transaction.sender!r}")
        if transaction.gas_limit > gas_limit:
            raise RuleBroken("exceeds block gas limit", f"found {transaction.gas_limit:,} of {gas_limit:,}")
        if transaction.gas_price < self.least_price:
            raise RuleBroken("transaction underpriced", f"wanted at least {self.least_price:,} gwei")
        if transaction.nonce < account.nonce:
            raise RuleBroken("nonce too low", f"found {transaction.nonce}, wanted {account.nonce} or more")
        if transaction.gas_limit < transaction.intrinsic_gas:
            raise RuleBroken("intrinsic gas too low", f"wanted at least {transaction.intrinsic_gas:,}")
        if transaction.cost > account.balance:
            found = f"found {account.balance:,} gwei, wanted {transaction.cost:,}"
            raise RuleBroken("insufficient funds", found)
        if transaction.nonce > account.nonce + len(self.senders.get(transaction.sender, ())) + ACCOUNT_QUEUE:
            raise RuleBroken("queue full", f"nonce {transaction.nonce} is too far ahead")

    def find_cheapest(self) -> Transaction:
        """Who goes when there is no room: the lowest price, then the highest nonce."""
        return min(self.names.values(), key=lambda each: (each.gas_price, -each.nonce))

    def remove(self, transaction: Transaction) -> bool:
        """It waits no longer. Did it wait?"""
        if self.names.pop(transaction.name, None) is None:
            return False
        own = self.senders[transaction.sender]
        del own[transaction.nonce]
        if not own:
            del self.senders[transaction.sender]
        return True

    def follow(self, state: State, confirmed: Iterable[Transaction]) -> Change:
        """The chain has another state now, in which those of `confirmed` ran. O(waiting)."""
        removed = [(each, CONFIRMED) for each in confirmed if self.remove(each)]
        for transaction in [*self.names.values()]:
            account = state.get_account(transaction.sender)
            if transaction.nonce < account.nonce:
                removed.append((transaction, NONCE_USED))
            elif transaction.cost > account.balance:
                removed.append((transaction, UNPAYABLE))
        for transaction, _ in removed:
            self.remove(transaction)
        return Change(tuple(removed), *map(tuple, self.sort(state, [*self.senders])))

    def expire(self, now: Microseconds) -> Change:
        """Those that were queued for too long go. O(waiting)."""
        old = [
            each.transaction
            for waiting in self.senders.values()
            for each in waiting.values()
            if each.is_queued and now - each.entered >= LIFETIME
        ]
        for transaction in old:
            self.remove(transaction)
        return Change(tuple((each, EXPIRED) for each in old))

    def sort(self, state: State, senders: Iterable[str]) -> tuple[list[Transaction], list[Transaction]]:
        """See who of these senders' can run: (those that can now, those that cannot any more)."""
        promoted: list[Transaction] = []
        demoted: list[Transaction] = []
        for sender in dict.fromkeys(senders):
            own = self.senders.get(sender, {})
            ready = state.get_account(sender).nonce
            for nonce in sorted(own):
                waiting = own[nonce]
                is_queued = nonce != ready
                ready += not is_queued
                if waiting.is_queued != is_queued:
                    (demoted if is_queued else promoted).append(waiting.transaction)
                    waiting.is_queued = is_queued
        return promoted, demoted


def check_replacement(old: Transaction, new: Transaction) -> None:
    """RuleBroken unless the new one pays enough more than the one with its nonce (legacypool, list.Add)."""
    wanted = compute_replacement_price(old.gas_price)
    if new.gas_price < wanted:
        found = f"found {new.gas_price:,} gwei, wanted at least {wanted:,}"
        raise RuleBroken("replacement transaction underpriced", found)


def compute_replacement_price(price: int) -> int:
    """The lowest price, in gwei, at which a transaction may take the place of one with this price.

    10 % more, rounded down as go-ethereum does, and in any case more.
    """
    return max(price + 1, price * (100 + PRICE_BUMP) // 100)
