"""Payments for the asking: out of a peer's own wallet or, when it holds nothing, of coins that are anyone's.

Every peer has a wallet whose keys follow from its name, so whoever knows the name can pay it. The coinbases
of a scenario's first chain have a script that is always satisfied: they are enough to watch how a transaction
travels, and no key is needed. Nothing is decided here about who may wait: see `mempool_rules`.
"""

from collections.abc import Iterator, Mapping
from copy import deepcopy
from typing import Any, Final

from blockchain_lab.base.actions import BumpFee, Pay
from blockchain_lab.base.draws import get_key
from blockchain_lab.base.errors import UsageError
from blockchain_lab.base.units import internal_hash
from blockchain_lab.bitcoin.chain_state import ChainState
from blockchain_lab.bitcoin.eras import Era
from blockchain_lab.bitcoin.key_chain import RECEIVE, KeyChain, derive_key, get_scripts
from blockchain_lab.bitcoin.mempool import CoinsWithPool, Mempool, compute_fee_at
from blockchain_lab.bitcoin.miner import ANYONE_CAN_SPEND
from blockchain_lab.bitcoin.moment import Moment
from blockchain_lab.bitcoin.policy import ANYONE, Policy
from blockchain_lab.bitcoin.rules_spending import COINBASE_MATURITY
from blockchain_lab.bitcoin.script import Form
from blockchain_lab.bitcoin.standardness import compute_dust_threshold
from blockchain_lab.bitcoin.tx import Transaction, TxInput, TxOutput
from blockchain_lab.bitcoin.wallet import Placed, Wallet, choose_oldest_first

FEE_RATE: Final = 10_000  # satoshi per 1,000 virtual bytes, when nobody says another one; ours
FEE: Final = 1_000  # satoshi that a payment out of anyone's coins leaves to the miner
SMALLEST: Final = 10 * FEE  # satoshi: a coin of anyone's that is worth splitting
MOST_KEYS: Final = 10_000  # on a disk; each takes a millisecond to make again
TRANSACTION_VERSION: Final = 2  # Core's wallet since 0.14 (BIP 68)


def get_script_of(name: str, form: Form) -> bytes:
    """The script that pays the first key of a peer, who is known by name only."""
    return get_scripts(derive_key(get_key("wallet", name), RECEIVE, 0))[form]


def get_form(era: Era) -> Form:
    """How keys are paid: by P2WPKH since BIP 141, by P2PKH before."""
    return Form.WITNESS_KEY_HASH if era.pays_by_witness else Form.PUBLIC_KEY_HASH


def find_free(chain: ChainState, pool: Mempool) -> Iterator[Placed]:
    """The coins of the chain that no waiting transaction takes. O(all coins)."""
    return ((place, coin) for place, coin in chain.ledger.coins.items() if pool.get_spender(place) is None)


def find_open_coins(chain: ChainState, pool: Mempool) -> list[Placed]:
    """Coins that anyone may spend in the next block, oldest first. O(all coins)."""
    found = [
        (place, coin)
        for place, coin in sorted(find_free(chain, pool))
        if coin.output.script == ANYONE_CAN_SPEND and coin.output.value > SMALLEST
    ]
    return choose_oldest_first(found, chain.height)


def make_open_payment(placed: Placed, script: bytes, amount: int, fee_rate: int) -> Transaction:
    """Spend a coin that is anyone's; the change is anyone's, too. amount, fee_rate: 0 leaves them to us.

    Two outputs, for with one it would have 61 bytes, and who has fewer than 65 is not passed on by Core.
    """
    place, coin = placed
    paid = amount or coin.output.value // 2
    outputs = (TxOutput(paid, script), TxOutput(coin.output.value - paid - FEE, ANYONE_CAN_SPEND))
    tx = Transaction(TRANSACTION_VERSION, (TxInput(place, b""),), outputs)
    if not fee_rate:
        return tx
    rest = coin.output.value - paid - compute_fee_at(fee_rate, tx.virtual_size())
    if rest < compute_dust_threshold(outputs[1]):
        raise UsageError(f"fee rate {fee_rate}: the coin of {coin.output.value} satoshi is too small")
    return Transaction(tx.version, tx.inputs, (outputs[0], TxOutput(rest, ANYONE_CAN_SPEND)))


def check_wallet_on_disk(value: Any) -> None:
    """How many keys were given out. UsageError."""
    counts = value.values() if isinstance(value, Mapping) else [None]
    if not all(type(count) is int and 0 <= count <= MOST_KEYS for count in counts):
        raise UsageError(f"disk.wallet: found {value!r:.40}, wanted how many keys of each row were given out")


class Cashier:
    """Who pays for a node. Its wallet is made when it is first needed: most peers never pay."""

    __slots__ = ("_wallet", "given", "name")

    def __init__(self, name: str, given: Mapping[str, int] | None = None) -> None:
        """`given`: as on the disk, see `stored`. UsageError."""
        check_wallet_on_disk(given or {})
        self.name, self.given = name, dict(given or {RECEIVE: 1})
        self._wallet: Wallet | None = None

    @property
    def wallet(self) -> Wallet:
        """The peer's keys."""
        if self._wallet is None:
            self._wallet = Wallet(KeyChain(get_key("wallet", self.name), self.given))
            self.given = self._wallet.keys.given
        return self._wallet

    def get_reward_script(self, policy: Policy) -> bytes:
        """Whom our coinbases pay."""
        if policy.rewards == ANYONE:
            return ANYONE_CAN_SPEND
        return get_script_of(self.name, get_form(policy.era))

    def make(self, order: Pay | BumpFee, moment: Moment, pool: Mempool) -> Transaction:
        """What is ordered, signed. UsageError when it cannot be."""
        if isinstance(order, Pay):
            return self.pay(order, moment, pool)
        return self.bump(order, moment, pool)

    def pay(self, order: Pay, moment: Moment, pool: Mempool) -> Transaction:
        """What the order asks for, signed. UsageError when there are no coins for it."""
        script = get_script_of(order.to, get_form(moment.era)) if order.to else None
        return self.pay_to(script, order.amount, order.fee_rate, moment, pool)

    def pay_to(
        self, script: bytes | None, amount: int, fee_rate: int, moment: Moment, pool: Mempool
    ) -> Transaction:
        """A payment to this script, signed; to ourselves, or of anyone's coins to anyone, without one.

        amount: satoshi; fee_rate: satoshi per 1,000 virtual bytes; 0 leaves them to us. UsageError when there
        are no coins for it.
        """
        chain, form = moment.chain, get_form(moment.era)
        own = choose_oldest_first(sorted(self.wallet.find_own(find_free(chain, pool))), chain.height)
        if own:
            output = TxOutput(amount or own[0][1].output.value // 2, script or get_script_of(self.name, form))
            return self.wallet.build([output], fee_rate or FEE_RATE, own, chain.height, form=form).tx
        needed = amount + SMALLEST
        able = [placed for placed in find_open_coins(chain, pool) if placed[1].output.value >= needed]
        if not able:
            young = f"what a block created may be spent {COINBASE_MATURITY} blocks later"
            raise UsageError(f"no coin to spend; {young}")
        return make_open_payment(moment.random.choice(able), script or ANYONE_CAN_SPEND, amount, fee_rate)

    def bump(self, order: BumpFee, moment: Moment, pool: Mempool) -> Transaction:
        """A waiting payment of ours once more, with a higher fee. UsageError."""
        tx = pool.get(read_txid(order.txid))
        if tx is None:
            raise UsageError(f"no transaction {order.txid} waits here")
        coins = CoinsWithPool(moment.chain.ledger.coins, pool, moment.chain.height + 1)
        found = [coins.get(spending.previous) for spending in tx.inputs]
        spent = [coin.output for coin in found if coin is not None]
        return self.wallet.bump_fee(tx, spent, order.fee_rate).tx

    def stored(self) -> dict[str, Any]:
        """What must survive a restart: how many keys of each row were given out."""
        return {"wallet": dict(self.given)} if self.given != {RECEIVE: 1} else {}

    def __deepcopy__(self, memo: dict[int, Any]) -> "Cashier":
        """Keys follow from name and counts."""
        twin = Cashier(self.name, self.given)
        if self._wallet is not None:
            twin._wallet = deepcopy(self._wallet, memo)
            twin.given = twin._wallet.keys.given
        return twin

    def __plain_state__(self) -> tuple[object, ...]:
        """For digests of state: whether the wallet was made already does not count."""
        return self.name, tuple(sorted(count for count in self.given.items() if count[1]))


def read_txid(text: str) -> bytes:
    """A transaction's name in internal order. UsageError."""
    try:
        return internal_hash(text)
    except ValueError:
        raise UsageError(f"txid: found {text!r:.70}, wanted 64 hexadecimal digits") from None
