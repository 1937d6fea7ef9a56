"""Why a node cannot obey a command now. It is asked before anything is recorded, and changes nothing."""

from collections.abc import Mapping
from typing import Any

from blockchain_lab.base.actions import (
    MOST_BLOCKS_AT_ONCE,
    Command,
    Connect,
    Disconnect,
    Mine,
    Pay,
    SetPolicy,
    SubmitTx,
)
from blockchain_lab.base.errors import DecodeError, UsageError
from blockchain_lab.base.node import Setup
from blockchain_lab.bitcoin.chain_state import ChainState
from blockchain_lab.bitcoin.mempool import Mempool
from blockchain_lab.bitcoin.mempool_rules import NotWelcome, judge_transaction
from blockchain_lab.bitcoin.miner import find_problem_of_bits
from blockchain_lab.bitcoin.paying import find_coins
from blockchain_lab.bitcoin.policy import Policy
from blockchain_lab.bitcoin.rules import (
    MAX_FUTURE_BLOCK_TIME,
    RuleBroken,
    compute_median_time,
    compute_required_bits,
)
from blockchain_lab.bitcoin.rules_spending import COINBASE_MATURITY
from blockchain_lab.bitcoin.tx import Transaction


def find_problem(command: Command, setup: Setup, chain: ChainState, pool: Mempool, time: int) -> str | None:
    """Why a node cannot obey; None when it can. `time`: its clock, Unix seconds."""
    match command:
        case Mine(count=count):
            return find_problem_of_mining(count, chain, time)
        case Pay():
            return find_problem_of_payment(chain, pool)
        case SubmitTx(raw_hex=raw_hex):
            return find_problem_of_transaction(raw_hex, chain, pool, time)
        case Connect(to=name) | Disconnect(other=name):
            return find_problem_of_contact(command, name, setup.contacts)
        case SetPolicy(key=key, value=value):
            return find_problem_of_policy(setup.policy, key, value)
    return f"a Bitcoin node cannot {type(command).__name__}"


def find_problem_of_mining(count: int, chain: ChainState, time: int) -> str | None:
    """A clock far behind the chain cannot mine on it, nor a lab on a real network."""
    if not 1 <= count <= MOST_BLOCKS_AT_ONCE:
        return f"Mine.count: wanted 1 .. {MOST_BLOCKS_AT_ONCE}, found {count}"
    median = compute_median_time(chain.tip)
    last = median + count  # each block moves the median by a second at most
    if last > time + MAX_FUTURE_BLOCK_TIME:
        return f"Mine: cannot mine at this time: time-too-new ({last}, the clock says {time})"
    problem = find_problem_of_bits(compute_required_bits(chain.tip, max(time, median + 1), chain.network))
    return f"Mine: {problem}" if problem else None


def find_problem_of_payment(chain: ChainState, pool: Mempool) -> str | None:
    """Paying needs a coin."""
    if find_coins(chain, pool.spenders):
        return None
    return f"Pay: no coin to spend; a miner's own may be spent {COINBASE_MATURITY} blocks later"


def find_problem_of_transaction(raw_hex: str, chain: ChainState, pool: Mempool, time: int) -> str | None:
    """What cannot be read, cannot be valid, or may not wait here."""
    try:
        judge_transaction(read_transaction(raw_hex), pool, chain, time, now=0)
    except (ValueError, DecodeError, RuleBroken, NotWelcome) as fault:
        return f"SubmitTx.raw_hex: {fault}"
    return None


def find_problem_of_policy(policy: Mapping[str, Any], key: str, value: Any) -> str | None:
    """A key or value that no policy has."""
    try:
        Policy.from_plain({**policy, key: value})
    except UsageError as fault:
        return f"SetPolicy: {fault}"
    return None


def find_problem_of_contact(command: Command, name: str, contacts: Mapping[str, Any]) -> str | None:
    """A peer that nobody knows."""
    if name in contacts:
        return None
    return f"{type(command).__name__}: {command.peer} knows no peer called {name!r}"


def read_transaction(raw_hex: str) -> Transaction:
    """From hexadecimal. ValueError, DecodeError."""
    return Transaction.decode(bytes.fromhex(raw_hex))
