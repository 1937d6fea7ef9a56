"""The contract of payment channels: it holds two people's coins, and judges only when they do not agree.

                       CloseTogether (both have signed "shut")
    Fund --> open ----------------------------------------------> closed, paid out at once
                |                       Settle, behind the window
                +-- CloseAlone --> closing -----------------------> closed, paid out as posted
                                     |   Punish, in the window
                                     +----------------------------> closed, all to who was cheated

The penalty is that of Poon and Dryja, "The Bitcoin Lightning Network" (2016), §3.1: who posts an old state
loses all. There, an old state is disarmed by handing over a secret; here, states are numbered and the
contract compares them, as accounts and contracts allow. A posted state is old when its own poster has signed
one of a higher number. A contract sees blocks only, so the window is counted in them.
"""

from dataclasses import dataclass, replace
from typing import Final

from blockchain_lab.base.messages import Message
from blockchain_lab.consensus.errors import RuleBroken
from blockchain_lab.layers.bridge_bank import CHANNEL, Bank, is_person
from blockchain_lab.layers.bridge_facts import Fact
from blockchain_lab.layers.channel_actions import (
    ChannelState,
    CloseAlone,
    CloseTogether,
    Fund,
    Punish,
    Settle,
    SignedState,
    WithState,
)

OPEN: Final = "open"
CLOSING: Final = "closing"
CLOSED: Final = "closed"


@dataclass(frozen=True, slots=True)
class Channel:
    """What the contract knows of a channel."""

    id: bytes
    opener: str
    partner: str
    total: int  # coins
    status: str = OPEN
    posted: ChannelState | None = None  # what somebody has closed with alone
    posted_by: str = ""
    posted_at: int = 0  # height of the block

    @property
    def pot(self) -> str:
        """The name under which its coins stand."""
        return f"{CHANNEL}{self.id.hex()[:16]}"

    @property
    def first(self) -> SignedState:
        """State 0: all is the opener's."""
        return SignedState(ChannelState(self.id, 0, self.total, 0))

    def get_other(self, name: str) -> str:
        """Whom one of the two shares it with."""
        return self.partner if name == self.opener else self.opener

    def get_end(self, window: int) -> int:
        """Height of the last block in which the posted state may be disproved."""
        return self.posted_at + window


Channels = dict[bytes, Channel]  # by id; every state has a copy of its own


def apply(
    channels: Channels, bank: Bank, sender: str, action: Message, name: bytes, height: int, window: int
) -> list[Fact]:
    """Carry out a call. name: the call's; height: its block's. RuleBroken, and then nothing has changed."""
    if isinstance(action, Fund):
        return open_channel(channels, bank, sender, action, name)
    assert isinstance(action, WithState | Settle)
    id_ = action.channel if isinstance(action, Settle) else action.signed.channel
    channel = channels.get(id_)
    if channel is None:
        raise RuleBroken("unknown channel", f"{id_.hex():.16} was never opened on this branch")
    if sender not in (channel.opener, channel.partner):
        raise RuleBroken("stranger", f"{sender} is neither {channel.opener} nor {channel.partner}")
    match action:
        case CloseTogether(signed):
            check_status(channel, OPEN)
            check_signed(channel, signed, "shut")
            return pay_out(channels, bank, channel, signed.state, "together")
        case CloseAlone(signed):
            check_status(channel, OPEN)
            check_signed(channel, signed)
            closing = replace(
                channel, status=CLOSING, posted=signed.state, posted_by=sender, posted_at=height
            )
            channels[channel.id] = closing
            return [Fact("channel closing", {**describe(closing, signed.state), "by_whom": sender})]
        case Punish(signed):
            return punish(channels, bank, channel, signed, sender, height, window)
    check_status(channel, CLOSING)
    if height <= channel.get_end(window):
        raise RuleBroken("window", f"found block {height}, wanted one behind {channel.get_end(window)}")
    assert channel.posted is not None  # it is closing
    return pay_out(channels, bank, channel, channel.posted, "alone")


def open_channel(channels: Channels, bank: Bank, opener: str, fund: Fund, name: bytes) -> list[Fact]:
    """The opener's coins go into the pot of a new channel. RuleBroken."""
    if not is_person(fund.partner) or fund.partner == opener:
        raise RuleBroken("partner", f"found {fund.partner!r}, wanted somebody else's name")
    if fund.amount < 1:
        raise RuleBroken("amount", "found 0 coins, wanted at least 1")
    channel = Channel(name, opener, fund.partner, fund.amount)
    bank.move(opener, channel.pot, fund.amount)
    channels[name] = channel
    return [Fact("channel opened", describe(channel, channel.first.state))]


def punish(
    channels: Channels,
    bank: Bank,
    channel: Channel,
    signed: SignedState,
    sender: str,
    height: int,
    window: int,
) -> list[Fact]:
    """All coins to who was cheated, if the proof is one and comes in time. RuleBroken."""
    check_status(channel, CLOSING)
    posted = channel.posted
    assert posted is not None  # it is closing
    if sender == channel.posted_by:
        raise RuleBroken("own state", f"{sender} has posted the state itself")
    if height > channel.get_end(window):
        raise RuleBroken("window", f"found block {height}, wanted {channel.get_end(window)} at most")
    check_signed(channel, signed)
    if signed.state.number <= posted.number:
        raise RuleBroken("number", f"found {signed.state.number}, wanted more than {posted.number}")
    bank.move(channel.pot, sender, channel.total)
    channels[channel.id] = replace(channel, status=CLOSED)
    facts = {"by_whom": sender, "cheater": channel.posted_by, "newer": signed.state.number}
    return [Fact("channel punished", {**describe(channel, posted), **facts})]


def pay_out(channels: Channels, bank: Bank, channel: Channel, state: ChannelState, how: str) -> list[Fact]:
    """To each what the state says."""
    bank.move(channel.pot, channel.opener, state.opener_coins)
    bank.move(channel.pot, channel.partner, state.partner_coins)
    channels[channel.id] = replace(channel, status=CLOSED)
    return [Fact("channel closed", {**describe(channel, state), "how": how})]


def check_status(channel: Channel, wanted: str) -> None:
    """RuleBroken "status"."""
    if channel.status != wanted:
        raise RuleBroken("status", f"the channel is {channel.status}, wanted {wanted}")


def check_signed(channel: Channel, signed: SignedState, purpose: str = "state") -> None:
    """RuleBroken unless the state shares out this channel's coins and both have signed it for the purpose."""
    state = signed.state
    if state.channel != channel.id:
        raise RuleBroken("channel", f"found a state of {state.channel.hex():.16}")
    if state.opener_coins + state.partner_coins != channel.total:
        found = f"{state.opener_coins} and {state.partner_coins}"
        raise RuleBroken("sum", f"found {found}, wanted {channel.total} together")
    if signed == channel.first and purpose == "state":
        return
    pairs = ((channel.opener, signed.opener_signature), (channel.partner, signed.partner_signature))
    for name, signature in pairs:
        if not state.is_signed_by(name, signature, purpose):
            raise RuleBroken("signature", f"{name} has not signed it to {purpose} the channel")


def describe(channel: Channel, state: ChannelState) -> dict[str, str | int]:
    """A channel and how a state shares it out."""
    return {
        "channel": channel.id.hex(),
        "opener": channel.opener,
        "partner": channel.partner,
        "number": state.number,
        "opener_coins": state.opener_coins,
        "partner_coins": state.partner_coins,
    }
