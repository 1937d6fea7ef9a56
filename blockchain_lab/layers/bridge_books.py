"""What is true behind a block: coins, nonces, and what each contract remembers. A fold along one branch.

    state behind the parent  +  the block's calls, in order  =  state behind the block, or a broken rule

A call that a contract refuses does not break its block: it is carried and fails, as on Ethereum, so that the
sender's next call is not held up for ever.

So a block that leaves the branch takes all of it with it, and what its calls did was never done. Each
contract is a room of its own; no messages and no views enter here.
"""

from dataclasses import dataclass, field, replace
from typing import Any, Final, Self

from blockchain_lab.consensus.errors import RuleBroken
from blockchain_lab.layers import bridge_peg, channel_actions, channel_rules, rollup_actions, rollup_rules
from blockchain_lab.layers.bridge_bank import Bank, is_person
from blockchain_lab.layers.bridge_calls import Call, Transfer
from blockchain_lab.layers.bridge_facts import Fact
from blockchain_lab.layers.bridge_params import MAIN, SettlementRules

FUTURE: Final = "nonce ahead"  # the one rule that time may heal: calls before it are on their way


@dataclass(slots=True)
class Books:
    """The state behind one block. It is shared by all peers, so only a copy of it may change."""

    rules: SettlementRules
    bank: Bank
    height: int = 0
    nonces: dict[str, int] = field(default_factory=dict)  # sender -> calls carried
    channels: channel_rules.Channels = field(default_factory=dict)
    rollup: rollup_rules.Rollup | None = None
    peg: bridge_peg.Peg = field(default_factory=lambda: bridge_peg.Peg("", False, {}, {}))
    facts: tuple[Fact, ...] = ()  # what the last block has done

    @classmethod
    def begin(cls, rules: SettlementRules) -> Self:
        """Behind the genesis."""
        bank = Bank(rules.balances)
        rollup = rollup_rules.open_rollup(rules.rollup, bank) if rules.rollup else None
        peg = bridge_peg.Peg(rules.operator, rules.name == MAIN, {}, {})
        return cls(rules, bank, rollup=rollup, peg=peg)

    def copy(self) -> Self:
        """One that may be changed. O(names + channels); what stands in the tables never changes."""
        bank, nonces, channels = self.bank.copy(), dict(self.nonces), dict(self.channels)
        return replace(self, bank=bank, nonces=nonces, channels=channels, peg=self.peg.copy())

    def get_nonce(self, name: str) -> int:
        """The number of the next call of a name."""
        return self.nonces.get(name, 0)

    def open_block(self) -> Self:
        """The state in which the next block's calls are carried out."""
        draft = self.copy()
        draft.height, draft.facts = self.height + 1, ()
        return draft

    def after(self, call: Call) -> Self:
        """The state with one more call, itself unchanged. RuleBroken if no block may carry the call.

        One that a contract refuses is carried all the same: it has failed, and only its nonce is used.
        """
        check_call(self, call)
        try:
            draft = self.carry_out(call)
        except RuleBroken as broken:
            draft, who = self.copy(), {"sender": call.sender, "action": call.action.command}
            why = {"rule": broken.rule, "detail": str(broken)}
            draft.facts = (*self.facts, Fact("call failed", {"call": call.name.hex(), **who, **why}))
        draft.nonces[call.sender] = call.nonce + 1
        return draft

    def carry_out(self, call: Call) -> Self:
        """The state with what the call does, itself unchanged. RuleBroken if a contract refuses it."""
        draft = self.copy()
        draft.facts = (*self.facts, *draft._execute(call))
        return draft

    def _execute(self, call: Call) -> list[Fact]:
        action, sender = call.action, call.sender
        if isinstance(action, Transfer):
            return self._transfer(sender, action)
        if isinstance(action, bridge_peg.ACTIONS):
            return bridge_peg.apply(self.peg, self.bank, sender, action, call.name)
        if self.rules.name != MAIN:
            raise RuleBroken("no such contract", f"the chain {self.rules.name} knows no {action.command}")
        if isinstance(action, rollup_actions.ACTIONS):
            if self.rollup is None:
                raise RuleBroken("no such contract", "this chain has no rollup")
            self.rollup, facts = rollup_rules.apply(self.rollup, self.bank, sender, action, self.height)
            return facts
        assert isinstance(action, channel_actions.ACTIONS)
        window = self.rules.channel_window
        return channel_rules.apply(self.channels, self.bank, sender, action, call.name, self.height, window)

    def _transfer(self, sender: str, action: Transfer) -> list[Fact]:
        if not is_person(action.to):
            raise RuleBroken("receiver", f"found {action.to!r}, wanted somebody's name")
        if action.amount < 1:
            raise RuleBroken("amount", "found 0 coins, wanted at least 1")
        self.bank.move(sender, action.to, action.amount)
        facts: dict[str, Any] = {"chain": self.rules.name, "sender": sender, "to": action.to}
        return [Fact("coins moved", {**facts, "amount": action.amount})]


def check_call(books: Books, call: Call) -> None:
    """Is it for this chain, signed, and the sender's next one? RuleBroken."""
    if call.chain != books.rules.name:
        raise RuleBroken("chain", f"found {call.chain!r}, wanted {books.rules.name!r}")
    if not is_person(call.sender):
        raise RuleBroken("sender", f"nobody may sign as {call.sender!r}")
    if not call.is_signed():
        raise RuleBroken("signature", f"not signed by {call.sender!r}")
    wanted = books.get_nonce(call.sender)
    if call.nonce != wanted:
        rule = FUTURE if call.nonce > wanted else "nonce"
        raise RuleBroken(rule, f"found {call.nonce}, wanted {wanted}")
