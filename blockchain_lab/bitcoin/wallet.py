"""A wallet: payments made of the coins that one peer's keys can spend.

    build      oldest coins first, until they pay for the payments and for their own bytes; change comes back
    bump_fee   the same payments again with a smaller change, so that miners like them better (BIP 125)

It keeps no list of coins: whoever asks hands in those that there are, without those that waiting transactions
take already. So a reorganisation cannot confuse it, and only its `KeyChain` is state.
Sources: Bitcoin Core `wallet/spend.cpp`, `wallet/feebumper.cpp`.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final, NamedTuple

from blockchain_lab.base.errors import UsageError
from blockchain_lab.bitcoin.coins import Coin
from blockchain_lab.bitcoin.key_chain import CHANGE, KeyChain
from blockchain_lab.bitcoin.mempool import INCREMENTAL_FEE_RATE, compute_fee_at
from blockchain_lab.bitcoin.rules_spending import is_mature
from blockchain_lab.bitcoin.script import Form, pay_to_public_key_hash, pay_to_witness
from blockchain_lab.bitcoin.signing import fill_inputs, sign_inputs
from blockchain_lab.bitcoin.standardness import compute_dust_threshold
from blockchain_lab.bitcoin.tx import OutPoint, Transaction, TxInput, TxOutput

REPLACEABLE: Final = 0xFFFFFFFD  # the highest sequence number that says "may be replaced" (BIP 125); no age
TRANSACTION_VERSION: Final = 2  # Core's wallet since 0.14
SOME_CHANGE: Final = {  # as long as the script that change will have
    Form.WITNESS_KEY_HASH: pay_to_witness(0, bytes(20)),
    Form.PUBLIC_KEY_HASH: pay_to_public_key_hash(bytes(20)),
}

Placed = tuple[OutPoint, Coin]


class Built(NamedTuple):
    """A signed transaction, and what it was made of."""

    tx: Transaction
    spent: tuple[TxOutput, ...]  # what its inputs spend, in order
    fee: int  # satoshi
    change: int | None = None  # which output comes back to us, if any does


class Balance(NamedTuple):
    """Satoshi."""

    ripe: int
    unripe: int  # made by coinbases less than 100 blocks ago


@dataclass(slots=True)
class Wallet:
    """One peer's coins, as far as somebody shows them."""

    keys: KeyChain

    def find_own(self, coins: Iterable[Placed]) -> Iterator[Placed]:
        """Those of the coins that pay us, in their order. O(coins)."""
        return ((place, coin) for place, coin in coins if self.keys.is_mine(coin.output.script))

    def compute_balance(self, coins: Iterable[Placed], height: int) -> Balance:
        """What is ours, for the block after `height`."""
        ripe = unripe = 0
        for _, coin in self.find_own(coins):
            if is_mature(coin, height + 1):
                ripe += coin.output.value
            else:
                unripe += coin.output.value
        return Balance(ripe, unripe)

    def build(
        self,
        payments: Sequence[TxOutput],
        fee_rate: int,
        coins: Iterable[Placed],
        height: int,
        *,
        change: bytes | None = None,
        form: Form = Form.WITNESS_KEY_HASH,
    ) -> Built:
        """A signed transaction that makes these payments in the block after `height`.

        fee_rate: satoshi per 1,000 virtual bytes. coins: others' among them do no harm, those that waiting
        transactions take do. change: the script for the rest, else one of a fresh key of ours in this `form`
        (P2WPKH or P2PKH); a rest that would be dust is left to the miner. UsageError when our coins are not
        enough. O(n²) in coins taken.
        """
        check_payments(payments)
        paid = sum(output.value for output in payments)
        back = TxOutput(0, change or SOME_CHANGE[form])
        taken: list[Placed] = []
        total = 0
        for placed in choose_oldest_first(self.find_own(coins), height):
            taken.append(placed)
            total += placed[1].output.value
            spent = tuple(coin.output for _, coin in taken)
            bare = make_unsigned([place for place, _ in taken], payments)
            rest = total - paid - self.estimate_fee(add_output(bare, back), spent, fee_rate)
            if rest >= compute_dust_threshold(back):
                script = change or self.keys.new_script(form, CHANGE)
                tx = sign_inputs(add_output(bare, TxOutput(rest, script)), spent, self.keys.ring)
                return Built(tx, spent, total - paid - rest, len(payments))
            if total - paid >= self.estimate_fee(bare, spent, fee_rate):
                return Built(sign_inputs(bare, spent, self.keys.ring), spent, total - paid)
        raise UsageError(f"payments of {paid} satoshi and their fee: our ripe coins hold {total}")

    def estimate_fee(self, tx: Transaction, spent: Sequence[TxOutput], fee_rate: int) -> int:
        """Satoshi for a transaction once it is signed. Half of all signatures are a byte shorter."""
        return compute_fee_at(fee_rate, fill_inputs(tx, spent, self.keys.ring).virtual_size())

    def bump_fee(self, tx: Transaction, spent: Sequence[TxOutput], fee_rate: int) -> Built:
        """The same payments from the same coins with a higher fee, which the change pays.

        spent: what its inputs spend, in order. fee_rate: as above, of the new transaction. A change that
        would become dust goes to the miner, whole. UsageError: not enough more, or no change to take it from.
        """
        at = next((at for at, output in enumerate(tx.outputs) if self.keys.is_change(output.script)), None)
        if at is None:
            raise UsageError("bump_fee: no output of the transaction is change of ours")
        old_fee = sum(output.value for output in spent) - sum(output.value for output in tx.outputs)
        fee = self.estimate_fee(tx, spent, fee_rate)
        least = old_fee + self.estimate_fee(tx, spent, INCREMENTAL_FEE_RATE)
        if fee < least:
            raise UsageError(f"bump_fee: {fee} satoshi do not replace a fee of {old_fee}, {least} would")
        change = tx.outputs[at]
        rest = change.value + old_fee - fee
        outputs = [*tx.outputs[:at], change._replace(value=rest), *tx.outputs[at + 1 :]]
        is_dust = rest < compute_dust_threshold(change)
        if is_dust:
            del outputs[at]
        if rest < 0 or not outputs:
            raise UsageError(
                f"bump_fee: {fee - old_fee} satoshi more are wanted, the change has {change.value}"
            )
        bumped = sign_inputs(replace(tx, outputs=tuple(outputs)), spent, self.keys.ring)
        return Built(bumped, tuple(spent), fee + rest * is_dust, None if is_dust else at)


def choose_oldest_first(coins: Iterable[Placed], height: int) -> list[Placed]:
    """The coins that may be spent in the block after `height`, oldest first, equally old ones as they come.

    The simplest way to choose: it also gathers small coins while they are cheap. Core tries several ways, and
    takes the one that wastes least.
    """
    ripe = [(place, coin) for place, coin in coins if is_mature(coin, height + 1)]
    return sorted(ripe, key=lambda placed: placed[1].height)


def check_payments(payments: Sequence[TxOutput]) -> None:
    """At least one, and none that nobody would pass on. UsageError."""
    if not payments:
        raise UsageError("build: no payments")
    for payment in payments:
        least = compute_dust_threshold(payment)
        if payment.value < least:
            raise UsageError(f"build: a payment of {payment.value} satoshi is dust, wanted {least} or more")


def make_unsigned(places: Sequence[OutPoint], outputs: Sequence[TxOutput]) -> Transaction:
    """Spends the coins at these places; may be replaced while it waits."""
    inputs = tuple(TxInput(place, b"", REPLACEABLE) for place in places)
    return Transaction(TRANSACTION_VERSION, inputs, tuple(outputs))


def add_output(tx: Transaction, output: TxOutput) -> Transaction:
    """The transaction with one more output."""
    return replace(tx, outputs=(*tx.outputs, output))
