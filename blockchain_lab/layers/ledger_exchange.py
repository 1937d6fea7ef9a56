"""A tiny contract: an exchange whose price is what it holds. Whoever comes before you changes your price.

    coins x tokens    never shrinks, whoever trades: who puts in dx gets dy with (x + 0.997 dx)(y - dy) >= x y
    buy(least)        give coins (the value of the call), get tokens, at least so many or nothing happens
    sell(tokens, least)    the other way round

The rule is that of Uniswap v2 (`UniswapV2Library.getAmountOut`), its fee of 0.3 % included: it stays in the
exchange. The limit `least` is what a trader trusts in (slippage): without one, who orders the transactions of
a block may make the price as bad as it likes, and trade the other way behind it (`ledger_searcher`).
"""

from typing import Final

from blockchain_lab.layers.ledger_machine import Machine
from blockchain_lab.layers.ledger_transaction import Transaction

EXCHANGE: Final = "exchange"  # the contract's name, and its account's
BUY: Final = "buy"
SELL: Final = "sell"
COINS: Final = "exchange/coins"  # slots: what it holds, as far as its price goes (Uniswap's reserves)
TOKENS: Final = "exchange/tokens"
KEPT: Final = 997  # of 1,000 parts that come in; the rest is the fee
OF: Final = 1_000


def get_token_slot(name: str) -> str:
    """Where somebody's tokens are counted."""
    return f"token/{name}"


def compute_output(given: int, into: int, out_of: int) -> int:
    """What somebody gets, rounded down. into, out_of: what the exchange holds of either side before.

    0 when it holds nothing of one side.
    """
    if not given or not into or not out_of:
        return 0
    return KEPT * given * out_of // (OF * into + KEPT * given)


def run_exchange(machine: Machine, call: Transaction) -> int:
    """The contract. Returns how much the caller got."""
    if call.function == BUY:
        machine.check(len(call.arguments) == 1, "buy: wanted one argument, the least number of tokens")
        return buy(machine, call.value, call.arguments[0])
    machine.check(call.function == SELL, f"the exchange cannot {call.function!r}")
    machine.check(len(call.arguments) == 2, "sell: wanted two arguments, tokens and the least gwei")
    machine.check(not call.value, "sell: wanted no coins")
    return sell(machine, *call.arguments)


def buy(machine: Machine, coins: int, least: int) -> int:
    """Coins in, tokens out. They are on the exchange's account already."""
    into, out_of = machine.read(COINS), machine.read(TOKENS)
    got = compute_output(coins, into, out_of)
    machine.check(got >= max(least, 1), f"{got:,} tokens are less than {max(least, 1):,}")
    own = get_token_slot(machine.caller)
    machine.write(own, machine.read(own) + got)
    machine.write(COINS, into + coins)
    machine.write(TOKENS, out_of - got)
    return got


def sell(machine: Machine, tokens: int, least: int) -> int:
    """Tokens in, coins out."""
    own = get_token_slot(machine.caller)
    held = machine.read(own)
    machine.check(held >= tokens, f"{machine.caller} has {held:,} tokens, not {tokens:,}")
    into, out_of = machine.read(TOKENS), machine.read(COINS)
    got = compute_output(tokens, into, out_of)
    machine.check(got >= max(least, 1), f"{got:,} gwei are less than {max(least, 1):,}")
    machine.write(own, held - tokens)
    machine.write(TOKENS, into + tokens)
    machine.write(COINS, out_of - got)
    machine.pay(machine.caller, got)
    return got
