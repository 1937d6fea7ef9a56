"""Why a node cannot obey a command now. It is asked before anything is recorded, and changes nothing."""

from collections.abc import Mapping
from copy import deepcopy
from dataclasses import replace
from typing import Any, Final

from blockchain_lab.base.actions import (
    MOST_BLOCKS_AT_ONCE,
    BumpFee,
    Command,
    Connect,
    Disconnect,
    Mine,
    Pay,
    PayByIp,
    SendAlert,
    SetPolicy,
    SubmitTx,
)
from blockchain_lab.base.errors import DecodeError, UsageError
from blockchain_lab.base.node import Setup
from blockchain_lab.bitcoin.chain_state import ChainState
from blockchain_lab.bitcoin.mempool import Mempool
from blockchain_lab.bitcoin.mempool_rules import NotWelcome, judge_transaction
from blockchain_lab.bitcoin.miner import MOST_WORK, predict_work
from blockchain_lab.bitcoin.moment import Moment
from blockchain_lab.bitcoin.orders import make_payment
from blockchain_lab.bitcoin.paying import Cashier
from blockchain_lab.bitcoin.policy import Policy
from blockchain_lab.bitcoin.rules import (
    MAX_FUTURE_BLOCK_TIME,
    RuleBroken,
    compute_median_time,
)
from blockchain_lab.bitcoin.script import Form
from blockchain_lab.bitcoin.side_talks import read_alert
from blockchain_lab.bitcoin.tx import Transaction

OBEYED: Final = (
    *(Mine, Pay, BumpFee, PayByIp, SubmitTx, SendAlert),
    *(Connect, Disconnect, SetPolicy),
)


def find_problem(  # noqa: PLR0911 - a line for each command is the clearest table
    command: Command, setup: Setup, moment: Moment, pool: Mempool, cashier: Cashier
) -> str | None:
    """Why a node cannot obey; None when it can."""
    chain, time = moment.chain, moment.time
    match command:
        case Mine(count=count):
            return find_problem_of_mining(count, chain, time)
        case Pay() | BumpFee():
            return find_problem_of_payment(command, setup, moment, pool, cashier)
        case PayByIp():
            return find_problem_of_order(command, setup, moment, pool, cashier)
        case SendAlert(raw_hex=raw_hex):
            return find_problem_of_alert(raw_hex)
        case SubmitTx(raw_hex=raw_hex):
            return find_problem_of_transaction(raw_hex, chain, pool, time)
        case Connect(to=name) | Disconnect(other=name):
            return find_problem_of_contact(command, name, setup.contacts)
        case SetPolicy(key=key, value=value):
            return find_problem_of_policy(setup.policy, key, value)
    return f"a Bitcoin node cannot {type(command).__name__}"


def find_problem_of_mining(count: int, chain: ChainState, time: int) -> str | None:
    """A clock far behind the chain cannot mine on it, nor a lab where that takes long: on a real network."""
    if not 1 <= count <= MOST_BLOCKS_AT_ONCE:
        return f"Mine.count: wanted 1 .. {MOST_BLOCKS_AT_ONCE}, found {count}"
    last = compute_median_time(chain.tip) + count  # each block moves the median by a second at most
    if last > time + MAX_FUTURE_BLOCK_TIME:
        return f"Mine: cannot mine at this time: time-too-new ({last}, the clock says {time})"
    hashes = predict_work(chain.tip, time, count, chain.network)
    if hashes > MOST_WORK:
        return (
            f"Mine: takes {hashes:,} hashes on average, over {MOST_WORK:,}: mine fewer blocks, or on regtest"
        )
    return None


def find_problem_of_payment(
    order: Pay | BumpFee, setup: Setup, moment: Moment, pool: Mempool, cashier: Cashier
) -> str | None:
    """Paying needs coins, somebody to pay, and a pool that welcomes the payment: it is tried on copies."""
    cashier, moment = deepcopy(cashier), replace(moment, random=deepcopy(moment.random))
    if isinstance(order, Pay) and order.to and order.to not in setup.contacts:
        return f"Pay: {order.peer} knows no peer called {order.to!r}"
    try:
        tx = cashier.make(order, moment, pool)
        judge_transaction(tx, pool, moment.chain, moment.time, moment.now)
    except (UsageError, RuleBroken, NotWelcome) as fault:
        return f"{type(order).__name__}: {fault}"
    return None


def find_problem_of_order(
    order: PayByIp, setup: Setup, moment: Moment, pool: Mempool, cashier: Cashier
) -> str | None:
    """Paying by IP needs an era that did so, somebody to pay, and coins: it is tried on copies."""
    if not moment.era.knows_orders:
        return f"PayByIp: era {moment.era.name!r} knows no payments by IP"
    payee = setup.contacts.get(order.to)
    if payee is None or payee == setup.address:
        return f"PayByIp: found {order.to!r}, wanted the name of another peer"
    cashier, moment = deepcopy(cashier), replace(moment, random=deepcopy(moment.random))
    script = cashier.wallet.keys.new_script(Form.PUBLIC_KEY)  # as long as the payee's
    try:
        tx = make_payment(script, order.amount, order.fee_rate, moment, pool, cashier)
        judge_transaction(tx, pool, moment.chain, moment.time, moment.now)
    except (UsageError, RuleBroken, NotWelcome) as fault:
        return f"PayByIp: {fault}"
    return None


def find_problem_of_alert(raw_hex: str) -> str | None:
    """What cannot be read. Whether it is believed is for those to say who get it."""
    try:
        read_alert(raw_hex)
    except (ValueError, DecodeError) as fault:
        return f"SendAlert.raw_hex: {fault}"
    return None


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
