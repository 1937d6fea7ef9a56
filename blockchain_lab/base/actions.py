"""What a learner or a story may ask of a peer. Plain data: saved as JSON under the class's name.

A `Command` reaches its peer's node as `on_command`. What happens *to* the network or to a host
(a partition, a kill) is not a command: those actions live with the network, in `sim.actions`.
"""

from dataclasses import dataclass
from typing import Final

MOST_BLOCKS_AT_ONCE: Final = 1_000  # for one `Mine`; ours: a slip of the finger must not take minutes


@dataclass(frozen=True, slots=True)
class Command:
    """Base of all that reaches a node. `peer` is its name in the scenario."""

    peer: str


@dataclass(frozen=True, slots=True)
class Mine(Command):
    """Find `count` blocks on top of the peer's tip, now; at most 1,000."""

    count: int = 1


@dataclass(frozen=True, slots=True)
class Pay(Command):
    """Let the peer make a transaction out of coins that it may spend, and tell everybody.

    A value of "" or 0 leaves the choice to the peer.
    """

    to: str = ""  # another peer's name
    amount: int = 0  # satoshi
    fee_rate: int = 0  # satoshi per 1,000 virtual bytes


@dataclass(frozen=True, slots=True)
class BumpFee(Command):
    """Let the peer pay more for a payment of its that waits, so that miners like it better (BIP 125)."""

    txid: str  # as people write it
    fee_rate: int  # satoshi per 1,000 virtual bytes, of the new transaction


@dataclass(frozen=True, slots=True)
class PayByIp(Command):
    """Let the peer pay another one as in Bitcoin 0.1: it calls it, asks for a key, and sends the payment.

    A value of 0 leaves the choice to the peer.
    """

    to: str  # another peer's name
    amount: int = 0  # satoshi
    fee_rate: int = 0  # satoshi per 1,000 virtual bytes


@dataclass(frozen=True, slots=True)
class SubmitTx(Command):
    """Give the peer a transaction, as its hexadecimal serialisation."""

    raw_hex: str


@dataclass(frozen=True, slots=True)
class SendAlert(Command):
    """Let the peer send a signed alert to all whom it talks to, whether it believes it itself or not."""

    raw_hex: str  # as on the wire: payload and signature, each behind its length


@dataclass(frozen=True, slots=True)
class LookUp(Command):
    """Let the peer look for the nodes closest to an id: 40 hexadecimal digits, or a name that is hashed."""

    target: str


@dataclass(frozen=True, slots=True)
class PutValue(Command):
    """Let the peer store a value in the network, under a key as in `LookUp`."""

    key: str
    value: str


@dataclass(frozen=True, slots=True)
class GetValue(Command):
    """Let the peer look for the value of a key."""

    key: str


@dataclass(frozen=True, slots=True)
class Provide(Command):
    """Let the peer tell the network that it has what a key names."""

    key: str


@dataclass(frozen=True, slots=True)
class FindProviders(Command):
    """Let the peer look for those who have what a key names."""

    key: str


@dataclass(frozen=True, slots=True)
class Fetch(Command):
    """Let the peer get what a key names from those who provide it."""

    key: str


@dataclass(frozen=True, slots=True)
class Connect(Command):
    """Let the peer dial another one, by name."""

    to: str


@dataclass(frozen=True, slots=True)
class Disconnect(Command):
    """Let the peer hang up on another one, by name."""

    other: str


@dataclass(frozen=True, slots=True)
class SetPolicy(Command):
    """A knob was turned: `Setup.policy[key]` already holds the new value when the node is told."""

    key: str
    value: int


@dataclass(frozen=True, slots=True)
class Publish(Command):
    """Let the peer tell everybody something that nobody has heard of."""

    text: str


@dataclass(frozen=True, slots=True)
class MakeDeposit(Command):
    """Let the peer lock so many units and become a validator, two dynasties on."""

    amount: int


@dataclass(frozen=True, slots=True)
class AskExit(Command):
    """Let the peer, a validator, ask to leave."""


@dataclass(frozen=True, slots=True)
class TakeDeposit(Command):
    """Let the peer ask for what is left of its deposit, after it has left."""


@dataclass(frozen=True, slots=True)
class BurnCoins(Command):
    """Let the peer destroy so many units for a better place in a lottery of burnt coins."""

    amount: int


@dataclass(frozen=True, slots=True)
class CastVote(Command):
    """Let the peer sign a vote for any link between two of its blocks, even if it costs its deposit."""

    source: str  # a checkpoint's hash as people write it, or the start of it
    target: str


@dataclass(frozen=True, slots=True)
class RewriteHistory(Command):
    """Let the peer make a whole other history with the keys that it holds, up to now, and show it to all."""
