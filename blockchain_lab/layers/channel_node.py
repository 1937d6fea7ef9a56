"""A peer that pays through channels: one call to open, one or two to close, and no block for all between.

It guards its channels: when its branch says that one is closing with an old state, it asks the contract for
the penalty, if it is on and hears of it in the window. Kind "channel"; policy, besides that of `bridge_node`:

    watches    false: it looks after none of its channels
    honest     false: it does not sign to close together
"""

from typing import Any, ClassVar, Final

from blockchain_lab.base.actions import Command, Mine, Pay
from blockchain_lab.base.actions_layers import CloseChannel, OpenChannel, PayOnChain
from blockchain_lab.base.choices import read_flag
from blockchain_lab.base.effects import Effect, Note, Send
from blockchain_lab.base.errors import UsageError
from blockchain_lab.base.messages import Message
from blockchain_lab.base.units import ConnectionId, Microseconds
from blockchain_lab.chain.tree import ReorgPath
from blockchain_lab.consensus.errors import RuleBroken
from blockchain_lab.layers.bridge_bank import find_wrong_amount
from blockchain_lab.layers.bridge_blocks import ChainBlock
from blockchain_lab.layers.bridge_desk import Desk, Trade
from blockchain_lab.layers.bridge_node import SettlementNode
from blockchain_lab.layers.bridge_params import MAIN
from blockchain_lab.layers.bridge_view import ChainView
from blockchain_lab.layers.channel_actions import (
    ChannelState,
    CloseAlone,
    CloseTogether,
    Fund,
    Punish,
    Settle,
    SignedState,
)
from blockchain_lab.layers.channel_end import ChannelEnd, open_end, read_held
from blockchain_lab.layers.channel_messages import HalfSigned, Next, Shut, Yes
from blockchain_lab.layers.channel_rules import CLOSED, CLOSING, OPEN, Channel, describe

FLAGS: Final = ("watches", "honest")


class ChannelTrade(Trade):
    """All channels of one peer. `ends`: by the channel's id, also of those that are closed."""

    keys: ClassVar[tuple[str, ...]] = FLAGS

    def __init__(self, desk: Desk) -> None:
        """UsageError for a policy that cannot be, or a disk that nobody has written."""
        super().__init__(desk)
        if MAIN not in desk.views:
            raise UsageError(f"policy.chains: wanted {MAIN!r} too, where channels stand")
        self.ends: dict[bytes, ChannelEnd] = {}
        disk = desk.setup.disk.get("trade", {})
        self.held = read_held(SignedState, disk.get("states", ()), desk.setup.name)
        self.begun = read_held(ChannelState, disk.get("proposed", ()), desk.setup.name)

    def check_policy(self, policy: dict[str, Any]) -> None:
        """UsageError."""
        for key in FLAGS:
            read_flag(policy, key, default=True)

    def stored(self) -> dict[str, Any]:
        """Every state that both have signed, and our own proposals: who forgets may be cheated, or cheat."""
        signed = [each.encoding.hex() for end in self.ends.values() for each in end.states[1:]]
        proposed = [end.proposed.encoding.hex() for end in self.ends.values() if end.proposed is not None]
        return {"states": signed, "proposed": proposed}

    # -- payments -------------------------------------------------------------------------------------------

    def on_command(self, command: Command, now: Microseconds) -> list[Effect]:
        """Open, pay, close."""
        match command:
            case OpenChannel(to=to, amount=amount):
                return self.desk.submit(MAIN, Fund(to, amount))
            case Pay(to=to, amount=amount):
                end = self.find_end(to)
                assert end is not None  # or it was refused
                return self.propose(end, amount)
            case CloseChannel(other=other, together=together, number=number):
                end = self.find_end(other)
                assert end is not None  # or it was refused
                signed = end.get_state(number)
                if together:
                    end.is_shutting = True
                    state = end.newest.state
                    return self.send(end, Shut(state, state.sign(end.name, "shut")))
                assert signed is not None  # or it was refused
                return self.desk.submit(MAIN, CloseAlone(signed))
        return []

    def find_problem(self, command: Command, now: Microseconds) -> str | None:
        """In words. Closing with an old state is a theft, but it can be done."""
        match command:
            case OpenChannel(to=to, amount=amount):
                if self.find_end(to) is not None:
                    return f"{self.desk.name} has an open channel with {to}: one at a time"
                return find_wrong_amount(amount) or self.desk.find_problem(MAIN, Fund(to, amount))
            case Pay(to=to, amount=amount):
                return self.find_unpayable(to, amount)
            case CloseChannel(other=other, together=together, number=number):
                return self.find_unclosable(other, together, number)
        return None

    def find_unpayable(self, to: str, amount: int) -> str | None:
        """Why a payment cannot begin now."""
        end = self.find_end(to)
        if end is None:
            return f"{self.desk.name} has no open channel with {to!r}"
        own = end.get_own(end.newest.state)
        if not 1 <= amount <= own:
            return f"{end.name}'s side of the channel has {own} coins, found a payment of {amount}"
        if end.proposed is not None or end.is_shutting:
            return f"{to} has not answered yet: one thing at a time"
        return None if self.desk.find_line(to) is not None else f"there is no line to {to}"

    def find_unclosable(self, other: str, together: bool, number: int) -> str | None:
        """Why a channel cannot be closed so."""
        end = self.find_end(other)
        if end is None:
            return f"{self.desk.name} has no open channel with {other!r}"
        signed = end.get_state(number)
        if signed is None:
            known = ", ".join(str(each.state.number) for each in end.states)
            return f"both have never signed a state {number}; there are {known}"
        if together:
            if number != -1 or end.proposed is not None:
                return "together one closes with the newest state, when no payment is under way"
            return None if self.desk.find_line(other) is not None else f"there is no line to {other}"
        if number == -1 and end.proposed is not None:
            return f"{other} has not answered: who has signed a newer state may not post an older one"
        return self.desk.find_problem(MAIN, CloseAlone(signed))

    def propose(self, end: ChannelEnd, amount: int) -> list[Effect]:
        """Sign the next state and send it."""
        end.proposed = state = end.make_payment(amount)
        return [self.note("channel proposed", end, state), *self.send(end, Next(state, state.sign(end.name)))]

    def send(self, end: ChannelEnd, message: HalfSigned) -> list[Effect]:
        """To the other one, if there is a line."""
        line = self.desk.find_line(end.other)
        return [] if line is None else [Send(line, message)]

    def on_connected(self, conn: ConnectionId) -> list[Effect]:
        """Say again what was not answered: the line may have broken before it, or before the answer."""
        other = self.desk.get_name(conn)
        return [
            Send(conn, Next(end.proposed, end.proposed.sign(end.name)))
            for end in self.ends.values()
            if end.proposed is not None and end.other == other
        ]

    def on_message(self, conn: ConnectionId, message: Message, now: Microseconds) -> list[Effect]:
        """One of the three words, about a channel of ours."""
        if not isinstance(message, HalfSigned):
            return []
        end = self.ends.get(message.state.channel)
        if end is None or end.other != self.desk.get_name(conn) or self.get_status(end) != OPEN:
            return self.accuse(conn, "it is about a channel that we do not share, or that is not open")
        match message:
            case Next(state, signature):
                return self.on_next(conn, end, state, signature)
            case Yes(state, signature) if state == end.proposed and state.is_signed_by(end.other, signature):
                end.proposed = None
                end.agree(state, signature)
                return [self.note("channel updated", end, state)]
            case Shut(state, signature):
                return self.on_shut(conn, end, message)
        return []  # an answer that nobody waits for

    def on_next(self, conn: ConnectionId, end: ChannelEnd, state: Any, signature: bytes) -> list[Effect]:
        """A payment to us. Of two proposals in one round the opener's counts; the other one is made again."""
        if state == end.newest.state:  # our answer was lost
            return [Send(conn, Yes(state, end.get_ours(end.newest)))]
        try:
            end.check_proposed(state, signature)
        except RuleBroken as broken:
            return self.accuse(conn, str(broken))
        lost = end.proposed
        if lost is not None and end.is_opener:
            return []  # ours counts; the partner will see it
        paid = 0 if lost is None else end.get_own(end.newest.state) - end.get_own(lost)
        end.proposed = None
        end.agree(state, signature)
        again = self.propose(end, paid) if paid else []
        yes = Yes(state, end.get_ours(end.newest))
        return [self.note("channel updated", end, state), Send(conn, yes), *again]

    def on_shut(self, conn: ConnectionId, end: ChannelEnd, message: Shut) -> list[Effect]:
        """Close together, if it is the newest state and nothing is under way."""
        state = message.state
        if not state.is_signed_by(end.other, message.signature, "shut"):
            return self.accuse(conn, f"not signed by {end.other}")
        is_honest = read_flag(self.desk.setup.policy, "honest", default=True)
        if state != end.newest.state or end.proposed is not None or not is_honest:
            return [self.note("channel stays open", end, state)]
        return self.desk.submit(MAIN, CloseTogether(end.make_shut(message.signature)))

    # -- the contract ---------------------------------------------------------------------------------------

    def on_moved(self, view: ChainView, path: ReorgPath[ChainBlock], now: Microseconds) -> list[Effect]:
        """New channels get an end; those that close are looked after."""
        if view.rules.name != MAIN:
            return []
        effects: list[Effect] = []
        for channel in view.books.channels.values():
            if self.desk.name in (channel.opener, channel.partner):
                end = self.ends.get(channel.id)
                if end is None:
                    end = self.ends[channel.id] = open_end(channel, self.desk.name)
                    end.states += self.held.pop(channel.id, [])
                    end.proposed = next(iter(self.begun.pop(channel.id, [])), None)
                effects += self.guard(view, channel, end)
        return effects

    def guard(self, view: ChainView, channel: Channel, end: ChannelEnd) -> list[Effect]:
        """Ask for the penalty while the other one may still be caught; in the end, for the rest."""
        watches = read_flag(self.desk.setup.policy, "watches", default=True)
        if channel.status != CLOSING or channel.posted is None or not watches:
            return []
        action: Message = Settle(channel.id)
        is_over = view.head.height >= channel.get_end(view.rules.channel_window)
        if not is_over:
            if channel.posted_by == end.name or end.newest.state.number <= channel.posted.number:
                return []
            action = Punish(end.newest)
        elif channel.posted_by != end.name:
            return []  # who has posted settles
        return [] if action in view.get_actions(self.desk.name) else self.desk.submit(MAIN, action)

    def find_end(self, other: str) -> ChannelEnd | None:
        """Our open channel with somebody; None without one."""
        ends = self.ends.values()
        return next((end for end in ends if end.other == other and self.get_status(end) == OPEN), None)

    def get_status(self, end: ChannelEnd) -> str:
        """What the contract says on our branch; a channel that a reorganisation undid is closed for now."""
        channel = self.desk.views[MAIN].books.channels.get(end.channel.id)
        return CLOSED if channel is None else channel.status

    def note(self, topic: str, end: ChannelEnd, state: Any) -> Note:
        """How a state of a channel shares it out."""
        return Note(topic, describe(end.channel, state))


class ChannelNode(SettlementNode):
    """Kind "channel"."""

    obeys: ClassVar[tuple[type[Command], ...]] = (Mine, PayOnChain, OpenChannel, Pay, CloseChannel)
    trade_kind: ClassVar[type[Trade]] = ChannelTrade
