"""A peer at a bridge between two chains: it locks coins, spends them on the side, burns them; or it operates.

The operator keeps both chains. A departure that lies deep enough on one it announces on the other: depth is
all that it can wait for. A branch that is left later takes the departure with it, and the coins that have
arrived stay: the bridge is unbacked. Kind "bridge"; policy, besides that of `bridge_node`:

    confirmations   blocks that carry a departure, its own counted, before the operator believes in it
"""

from typing import Any, ClassVar, Final

from blockchain_lab.base.actions import Command, Mine, Pay
from blockchain_lab.base.actions_layers import EnterLayer, LeaveLayer, PayOnChain
from blockchain_lab.base.choices import read_number
from blockchain_lab.base.effects import Effect, Note
from blockchain_lab.base.errors import UsageError
from blockchain_lab.base.messages import Message
from blockchain_lab.base.units import Microseconds
from blockchain_lab.chain.tree import ReorgPath
from blockchain_lab.layers.bridge_bank import VAULT, find_wrong_amount
from blockchain_lab.layers.bridge_blocks import ChainBlock
from blockchain_lab.layers.bridge_calls import Transfer
from blockchain_lab.layers.bridge_desk import Desk, Trade
from blockchain_lab.layers.bridge_node import SettlementNode
from blockchain_lab.layers.bridge_params import MAIN, SIDE
from blockchain_lab.layers.bridge_peg import Arrive, Depart
from blockchain_lab.layers.bridge_view import ChainView

DEPTH: Final = 3  # blocks; ours: the longest branch that our stories leave is shorter
MOST_DEPTH: Final = 1_000


class BridgeTrade(Trade):
    """One peer's part at the bridge. `missing`: what has arrived although it never left."""

    keys: ClassVar[tuple[str, ...]] = ("confirmations",)

    def __init__(self, desk: Desk) -> None:
        """UsageError for a policy that cannot be, or an operator that lacks a chain."""
        super().__init__(desk)
        operators = [view.rules.operator for view in desk.views.values()]
        if not all(operators):
            raise UsageError("chain.settlement.bridge: found none, wanted an operator")
        self.is_operator = desk.name in operators
        if self.is_operator and len(desk.views) < 2:
            raise UsageError(f"policy.chains: the operator keeps {MAIN} and {SIDE}, or it sees no departure")
        self.held: dict[bytes, str] = {}  # departures that no arrival answers, and why
        self.missing: dict[str, list[bytes]] = {MAIN: [], SIDE: []}  # chain -> departures that left it not

    def check_policy(self, policy: dict[str, Any]) -> None:
        """UsageError."""
        read_number(policy, "confirmations", DEPTH, least=1, most=MOST_DEPTH)

    def get_call(self, command: Command) -> tuple[str, Message] | None:
        """Chain and action that a command stands for; None for other commands."""
        match command:
            case EnterLayer(amount=amount):
                return MAIN, Depart(amount)
            case LeaveLayer(amount=amount):
                return SIDE, Depart(amount)
            case Pay(to=to, amount=amount):
                return SIDE, Transfer(to, amount)
        return None

    def on_command(self, command: Command, now: Microseconds) -> list[Effect]:
        """Enter, pay on the side, leave."""
        call = self.get_call(command)
        return [] if call is None else self.desk.submit(*call)

    def find_problem(self, command: Command, now: Microseconds) -> str | None:
        """In words."""
        if isinstance(command, EnterLayer | LeaveLayer | Pay):
            wrong = find_wrong_amount(command.amount)
            if wrong:
                return wrong
        call = self.get_call(command)
        return None if call is None else self.desk.find_problem(*call)

    def on_moved(self, view: ChainView, path: ReorgPath[ChainBlock], now: Microseconds) -> list[Effect]:
        """Look at both chains: what has left and should arrive, what has arrived and never left."""
        if len(self.desk.views) < 2:
            return []
        pairs = ((MAIN, SIDE), (SIDE, MAIN))
        effects = [effect for pair in pairs for effect in self.count(*pair)]
        if self.is_operator:
            effects += [effect for pair in pairs for effect in self.carry(*pair)]
        return effects

    def carry(self, source: str, target: str) -> list[Effect]:
        """Say on one chain what lies deep enough on the other."""
        depth = read_number(self.desk.setup.policy, "confirmations", DEPTH, least=1)
        there = self.desk.views[target]
        effects: list[Effect] = []
        for departure, parcel in self.desk.views[source].get_final(depth).peg.left.items():
            action = Arrive(departure, *parcel)
            if departure in there.books.peg.came or action in there.get_actions(self.desk.name):
                continue
            problem = self.desk.find_problem(target, action)
            if problem is None:
                effects += self.desk.submit(target, action)
            elif self.held.get(departure) != problem:
                self.held[departure] = problem
                facts = {"departure": departure.hex(), "name": parcel.name, "amount": parcel.amount}
                effects.append(Note("arrival held back", {**facts, "chain": target, "reason": problem}))
        return effects

    def count(self, source: str, target: str) -> list[Effect]:
        """Note when arrivals on one chain have lost their departures on the other, or have them again."""
        left, came = (self.desk.views[name].books.peg for name in (source, target))
        missing = [departure for departure in came.came if departure not in left.left]
        if missing == self.missing[source]:
            return []
        self.missing[source] = missing
        facts = {
            "chain": source,
            "coins": sum(came.came[departure].amount for departure in missing),
            "vault": self.desk.views[MAIN].books.bank.get(VAULT),
            "supply": self.desk.views[SIDE].books.bank.get_sum(),
        }
        return [Note("bridge unbacked" if missing else "bridge backed again", facts)]


class BridgeNode(SettlementNode):
    """Kind "bridge"."""

    obeys: ClassVar[tuple[type[Command], ...]] = (Mine, PayOnChain, EnterLayer, Pay, LeaveLayer)
    trade_kind: ClassVar[type[Trade]] = BridgeTrade
