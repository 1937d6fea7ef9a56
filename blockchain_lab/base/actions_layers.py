"""What may be asked of a peer of the layers, beside `base.actions`: plain data, saved under the class's name.

Each topic enters its commands in `LAYER_COMMANDS`; `sim.actions` takes them all.
"""

from dataclasses import dataclass
from typing import Final

from blockchain_lab.base.actions import Command

NEXT_NONCE: Final = -1


@dataclass(frozen=True, slots=True)
class SendCall(Command):
    """Let the peer sign a transaction of its account, a payment or a call, and tell everybody.

    A gas price or limit of 0 leaves the choice to the peer.
    """

    receiver: str  # an account, or a contract
    amount: int = 0  # gwei
    function: str = ""  # of the contract; "" is a payment
    arguments: tuple[int, ...] = ()
    gas_price: int = 0  # gwei per unit of gas
    gas_limit: int = 0  # units
    nonce: int = NEXT_NONCE
    private: bool = False  # only to the builder that the peer's policy names, not to the public


@dataclass(frozen=True, slots=True)
class RaisePrice(Command):
    """Let the peer sign a transaction of its again, for more: the same nonce, so only one of both can run."""

    nonce: int
    gas_price: int  # gwei per unit of gas


@dataclass(frozen=True, slots=True)
class CancelCall(Command):
    """Let the peer put an empty payment to itself in the place of a transaction of its that waits."""

    nonce: int
    gas_price: int = 0  # gwei per unit of gas; 0: the least that replaces it


LAYER_COMMANDS: Final[tuple[type[Command], ...]] = (SendCall, RaisePrice, CancelCall)
