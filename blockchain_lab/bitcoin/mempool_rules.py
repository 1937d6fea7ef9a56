"""Who may wait in the memory pool. Policy, not consensus: a node's own taste, and a block may differ.

Its one purpose is that nobody gets our memory, time or bandwidth for nothing: who waits can be mined, and
pays for having been passed on. Each `check_` raises `NotWelcome` with the word that Bitcoin Core gives the
fault; a rule of consensus that is broken raises `RuleBroken`, and is the sender's fault.

Source: Bitcoin Core `validation.cpp` (MemPoolAccept), `policy/rbf.cpp`, `policy/policy.cpp`.
"""

from collections.abc import Mapping, Sequence
from typing import Final, NamedTuple

from blockchain_lab.base.store import ContentStore
from blockchain_lab.base.units import Microseconds
from blockchain_lab.bitcoin.chain_state import ChainState
from blockchain_lab.bitcoin.coins import Coin
from blockchain_lab.bitcoin.interpreter import verify_inputs
from blockchain_lab.bitcoin.mempool import (
    INCREMENTAL_FEE_RATE,
    MIN_RELAY_FEE_RATE,
    CoinsWithPool,
    Mempool,
    Waiting,
    compute_fee_at,
)
from blockchain_lab.bitcoin.rules import RuleBroken, check_transaction
from blockchain_lab.bitcoin.rules_spending import Place, check_final, check_spending, compute_fee
from blockchain_lab.bitcoin.standardness import (
    INPUTS_OBJECTION,
    get_inputs_objection,
    get_proof_objection,
    get_transaction_objection,
)
from blockchain_lab.bitcoin.tx import OutPoint, Transaction, TxOutput
from blockchain_lab.bitcoin.verdict import Outcome, ScriptError, get_block_flags

MAX_WEIGHT: Final = 400_000  # weight units; Core policy.h MAX_STANDARD_TX_WEIGHT
SMALLEST_STRIPPED: Final = 65  # bytes; 64 would look like two hashes of a Merkle tree; Core, since 25
MAX_FAMILY: Final = 25  # transactions, itself included, up or down; Core policy.h until 30
MAX_FAMILY_SIZE: Final = 101_000  # virtual bytes, likewise
MAX_REPLACED: Final = 100  # transactions that one may replace; BIP 125, rule 5
MAY_CHANGE: Final = ("bad-txns-nonfinal", "bad-txns-premature-spend-of-coinbase")  # a later block may hold it


# A peer that knows no witnesses passes on a good transaction without them: no fault of its
STRIPPED: Final = (ScriptError.WITNESS_PROGRAM_WITNESS_EMPTY, ScriptError.WITNESS_PROGRAM_MISMATCH)


class NotWelcome(Exception):
    """A transaction may not wait here. Nobody's fault: others may see it differently, or later."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class ParentsMissing(NotWelcome):
    """A coin that it takes is spent, or not known yet: it may be an orphan."""

    def __init__(self) -> None:
        super().__init__("missing-inputs")


class InputsNotStandard(NotWelcome):
    """It spends coins of a form that we do not care for, so no other witness could help."""

    def __init__(self) -> None:
        super().__init__(INPUTS_OBJECTION)


class WitnessMissing(NotWelcome):
    """It was passed on by somebody who knows no witnesses. With them it may be good."""

    def __init__(self) -> None:
        super().__init__("bad-witness-nonstandard: it came without its witnesses")


class Admission(NamedTuple):
    """What letting a transaction in means."""

    entry: Waiting
    replaced: Mapping[bytes, Waiting]  # who must go: conflicts, and their descendants


def judge_transaction(
    tx: Transaction, pool: Mempool, chain: ChainState, time: int, now: Microseconds
) -> Admission:
    """May it wait? Changes nothing. time: Unix seconds; now: to be remembered with it.

    NotWelcome, ParentsMissing; RuleBroken when it can never be valid. O(inputs + family).
    """
    check_transaction(tx)
    check_form(tx, require_standard=pool.require_standard)
    if tx.txid() in pool:
        is_same = pool.find(tx.wtxid()) is not None
        raise NotWelcome("txn-already-in-mempool" if is_same else "txn-same-nonwitness-data-in-mempool")
    place = Place(chain.tip, time, chain.network)
    taken = find_coins(tx, pool, chain)
    try:
        check_final(tx, place)
        check_spending(tx, taken, place)
    except RuleBroken as fault:
        if fault.reason in MAY_CHANGE:
            raise NotWelcome(fault.reason) from None
        raise
    spent = [coin.output for coin in taken]
    if pool.require_standard:
        check_inputs_standard(tx, spent)
    offer = chain.store.once("offer", tx.wtxid(), lambda: (compute_fee(tx, taken), tx.virtual_size()))
    entry = Waiting(tx, *offer, now)
    check_fee(entry, pool.get_floor(now))
    conflicts = pool.get_conflicts(tx)
    replaced = pool.get_descendants(conflicts)
    check_replacement(entry, conflicts, replaced, pool)
    check_family(tx, entry, pool)
    check_scripts(tx, spent, place, chain.store)
    if pool.require_standard:
        check_proofs_standard(tx, spent)
    return Admission(entry, replaced)


def find_coins(tx: Transaction, pool: Mempool, chain: ChainState) -> list[Coin]:
    """The coins that it takes, waiting ones included. ParentsMissing; NotWelcome when it is in the chain."""
    coins = CoinsWithPool(chain.ledger.coins, pool, chain.height + 1)
    found = [coins.get(spending.previous) for spending in tx.inputs]
    if None not in found:
        return [coin for coin in found if coin is not None]
    if any(OutPoint(tx.txid(), index) in chain.ledger.coins for index in range(len(tx.outputs))):
        raise NotWelcome("txn-already-known")
    raise ParentsMissing


def check_form(tx: Transaction, *, require_standard: bool) -> None:
    """No coinbase, of a size that is no trick, and, where that is asked, of a well-known form."""
    if tx.is_coinbase():
        raise RuleBroken("coinbase")
    if require_standard and (objection := get_transaction_objection(tx)):
        raise NotWelcome(objection)
    if tx.stripped_size() < SMALLEST_STRIPPED:
        raise NotWelcome("tx-size-small")
    if tx.weight() > MAX_WEIGHT:
        raise NotWelcome("tx-size")


def check_fee(entry: Waiting, floor: int) -> None:
    """It pays for being passed on, and more than who had to go. floor: satoshi per 1,000 virtual bytes."""
    if entry.fee < compute_fee_at(floor, entry.size):
        raise NotWelcome("mempool min fee not met")
    if entry.fee < compute_fee_at(MIN_RELAY_FEE_RATE, entry.size):
        raise NotWelcome("min relay fee not met")


def check_replacement(
    entry: Waiting, conflicts: Sequence[bytes], replaced: Mapping[bytes, Waiting], pool: Mempool
) -> None:
    """It replaces who takes the same coins only if everybody gains (BIP 125, rules 2 to 5).

    Rule 1, that the old one must have said that it may be replaced, has not been asked since Core 28.
    """
    if not conflicts:
        return
    if any(name in replaced for name in pool.get_parents(entry.tx)):
        raise NotWelcome("bad-txns-spends-conflicting-tx")
    if len(replaced) > MAX_REPLACED:
        raise NotWelcome("too many potential replacements")
    old_parents = {parent for name in conflicts for parent in pool.get_parents(pool.waiting[name].tx)}
    if any(name not in old_parents for name in pool.get_parents(entry.tx)):
        raise NotWelcome("replacement-adds-unconfirmed")
    if any(entry.fee_rate <= pool.waiting[name].fee_rate for name in conflicts):
        raise NotWelcome("insufficient fee: its rate is not above the old one's")
    gain = entry.fee - sum(old.fee for old in replaced.values())
    if gain < compute_fee_at(INCREMENTAL_FEE_RATE, entry.size):
        raise NotWelcome("insufficient fee: it does not pay for what it replaces and for its own way")


def check_family(tx: Transaction, entry: Waiting, pool: Mempool) -> None:
    """Families stay small: whoever is in one must be looked at whenever one of them comes or goes."""
    ancestors = pool.get_ancestors(tx)
    size = entry.size + sum(each.size for each in ancestors.values())
    if len(ancestors) + 1 > MAX_FAMILY or size > MAX_FAMILY_SIZE:
        raise NotWelcome("too-long-mempool-chain")
    for name in ancestors:
        descendants = pool.get_descendants([name])
        size = entry.size + sum(each.size for each in descendants.values())
        if len(descendants) + 1 > MAX_FAMILY or size > MAX_FAMILY_SIZE:
            raise NotWelcome("too-long-mempool-chain")


def check_inputs_standard(tx: Transaction, spent: Sequence[TxOutput]) -> None:
    """It spends coins of well-known forms, with witnesses of a size that is in use. spent: one per input."""
    if (objection := get_inputs_objection(tx, spent)) == INPUTS_OBJECTION:
        raise InputsNotStandard
    if objection:
        raise NotWelcome(objection)


def check_proofs_standard(tx: Transaction, spent: Sequence[TxOutput]) -> None:
    """The proofs, which are valid, are written in the one way that nobody can change on the way."""
    for index, output in enumerate(spent):
        if objection := get_proof_objection(tx, index, output):
            raise NotWelcome(f"mempool-script-verify-flag-failed ({objection})")


def check_scripts(tx: Transaction, spent: Sequence[TxOutput], place: Place, store: ContentStore) -> None:
    """Every input satisfies the script of its coin. What we cannot evaluate does not wait here."""
    flags = get_block_flags(place.height, place.network)
    for verdict in verify_inputs(tx, spent, flags, store):
        if verdict.error in STRIPPED and not tx.has_witness:
            raise WitnessMissing
        if verdict.outcome is Outcome.INVALID:
            raise RuleBroken(verdict.mempool_reason)
        if verdict.outcome is Outcome.NOT_EVALUATED:
            raise NotWelcome(f"script not evaluated here: {verdict.reason}")
