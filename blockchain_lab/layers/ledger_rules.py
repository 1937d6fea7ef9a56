"""What all peers of one ledger agree on: where it begins, when blocks come, and which block is valid.

    {"ledger": {"accounts": {"ann": 10000000000}, "exchange": {"coins": 900000, "tokens": 400},
                "gas_limit": 300000, "slot": 12000000, "validators": ["ann", "bob"], "subnets": 4}}

Without slots a block comes when somebody is told to make one, as if by luck in a lottery; with slots each has
its proposer, drawn from the scenario's seed. The branch with most blocks counts, and of two the one that was
seen first: which forks follow from that is another room's matter (`consensus.choices`).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Annotated, Any, Final, Literal, Self

from blockchain_lab.base.draws import draw, get_key, to_below
from blockchain_lab.base.errors import ScenarioError
from blockchain_lab.base.once import once
from blockchain_lab.chain.tree import Entry
from blockchain_lab.consensus.errors import RuleBroken
from blockchain_lab.layers.contracts import CONTRACTS
from blockchain_lab.layers.ledger_block import NO_PARENT, Block, BlockEntry
from blockchain_lab.layers.ledger_exchange import COINS, EXCHANGE, TOKENS, get_token_slot
from blockchain_lab.layers.ledger_execution import Receipt, Surroundings, execute_all
from blockchain_lab.layers.ledger_machine import Contract
from blockchain_lab.layers.ledger_state import Account, State
from blockchain_lab.layers.ledger_transaction import TRANSACTION_GAS
from blockchain_lab.sim.plain import Range, to_dataclass

WHERE: Final = "chain.ledger"
MOST_COINS: Final = 1 << 60  # gwei of one account: sums still fit into 8 bytes on the wire
Gwei = Annotated[int, Range(0, MOST_COINS)]


@dataclass(frozen=True, slots=True)
class Exchange:
    """What the exchange holds at the genesis."""

    coins: Gwei = 0
    tokens: Gwei = 0


@dataclass(frozen=True, slots=True)
class Ledger:
    """A scenario's `chain.ledger`."""

    accounts: dict[str, Gwei]  # at the genesis
    tokens: dict[str, Gwei] = field(default_factory=dict)
    exchange: Exchange = field(default_factory=Exchange)
    chain: Annotated[int, Range(1, 0xFFFFFFFF)] = 1  # its number (EIP-155)
    gas_limit: Annotated[int, Range(TRANSACTION_GAS, 1 << 40)] = 30_000_000  # of a block; Ethereum 2021-2025
    slot: Annotated[int, Range(0, 3_600_000_000)] = 0  # microseconds; 0: no slots; Ethereum's 12 s since 2022
    validators: tuple[str, ...] = ()  # who may propose in a slot, and attests
    epoch: Annotated[int, Range(1, 1_000)] = 1  # slots in which each validator attests once; Ethereum's 32
    committees: Annotated[int, Range(1, 64)] = 1  # in a slot; Ethereum's 64 at most
    subnets: Annotated[int, Range(0, 64)] = 0  # topics of attestations; Ethereum's 64; 0: nobody attests
    subnets_each: Annotated[int, Range(1, 64)] = 2  # that a peer listens to; Ethereum's SUBNETS_PER_NODE
    subscriptions: dict[str, tuple[Annotated[int, Range(0, 63)], ...]] = field(default_factory=dict)
    blocks_on: Literal["execution", "consensus"] = "execution"  # the overlay; consensus since The Merge, 2022


@dataclass(frozen=True, slots=True)
class PostState:
    """What is true behind one block, and what the block has done."""

    state: State
    receipts: tuple[Receipt, ...] = ()

    def __deepcopy__(self, memo: dict[int, Any]) -> Self:
        """Immutable, so shared."""
        return self


@dataclass(frozen=True)
class LedgerRules:
    """Made once for all peers of a scenario."""

    ledger: Ledger
    contracts: Mapping[str, Contract]
    key: int  # of the draws that all peers make alike

    @once
    def start(self) -> PostState:
        """Behind the genesis."""
        plain = self.ledger
        accounts = {name: Account(0, balance) for name, balance in plain.accounts.items()}
        accounts[EXCHANGE] = Account(0, plain.exchange.coins)
        slots = {COINS: plain.exchange.coins, TOKENS: plain.exchange.tokens}
        slots |= {get_token_slot(name): count for name, count in plain.tokens.items()}
        return PostState(State(accounts, slots))

    @once
    def genesis(self) -> BlockEntry:
        """Block 0. Its parent names the rules, so that chains with other rules have other blocks."""
        rules = sha256(NO_PARENT + repr((self.ledger, self.key)).encode()).digest()
        block = Block(rules, 0, 0, 0, "", self.start.state.root)
        return Entry(block.name, block, 0)

    @once
    def purpose(self) -> str:
        """Under which the content store keeps states: two sets of rules never share one."""
        return f"state behind a block of {self.genesis.hash.hex()}"

    def get_proposer(self, slot: int) -> str:
        """Whose slot it is."""
        validators = self.ledger.validators
        return validators[to_below(draw(self.key, slot), len(validators))]

    def check(self, before: PostState, parent: BlockEntry, block: Block) -> PostState | RuleBroken:
        """The state behind a block, or the rule that it breaks. As slow as the block is long."""
        try:
            self.check_header(parent, block)
            around = Surroundings(self.ledger.chain, block.proposer, block.height, self.contracts)
            state, receipts = execute_all(before.state, block.transactions, around, self.ledger.gas_limit)
            if state.root != block.state_root:
                raise RuleBroken("state root", f"found {block.state_root.hex()}, wanted {state.root.hex()}")
        except RuleBroken as broken:
            return broken
        return PostState(state, receipts)

    def check_header(self, parent: BlockEntry, block: Block) -> None:
        """RuleBroken: height, time, whose slot it is, signature."""
        if block.height != parent.height + 1:
            raise RuleBroken("height", f"found {block.height}, wanted {parent.height + 1}")
        if block.time < parent.header.time:
            raise RuleBroken("time", f"found {block.time}, wanted {parent.header.time} or later")
        if self.ledger.slot:
            if block.slot <= parent.header.slot or block.time < block.slot * self.ledger.slot:
                raise RuleBroken("slot", f"found {block.slot} behind {parent.header.slot}, or too early")
            if block.proposer != (wanted := self.get_proposer(block.slot)):
                raise RuleBroken("proposer", f"found {block.proposer!r}, slot {block.slot} is for {wanted!r}")
        elif block.slot:
            raise RuleBroken("slot", f"found {block.slot} in a chain without slots")
        if not block.is_signed:
            raise RuleBroken("signature", f"not signed by {block.proposer!r}")

    def __deepcopy__(self, memo: dict[int, Any]) -> Self:
        """Immutable, so shared."""
        return self

    def __plain_state__(self) -> bytes:
        """For digests of state: the genesis is named after the rules."""
        return self.genesis.hash


def read_rules(
    chain: Mapping[str, Any], seed: int = 0, contracts: Mapping[str, Contract] = CONTRACTS
) -> LedgerRules:
    """From a scenario's `chain` and its seed. ScenarioError with the key's path and what is accepted."""
    ledger: Ledger = to_dataclass(Ledger, chain.get("ledger"), WHERE)
    for name in ledger.accounts:
        if not name or name in contracts:
            raise ScenarioError(f"{WHERE}.accounts", f"found {name!r}, accepted: names that no contract has")
    if ledger.slot and not ledger.validators:
        raise ScenarioError(f"{WHERE}.validators", "found none, wanted at least one where there are slots")
    if len(set(ledger.validators)) < len(ledger.validators):
        raise ScenarioError(f"{WHERE}.validators", "found a name twice")
    if ledger.subnets and not ledger.slot:
        raise ScenarioError(f"{WHERE}.subnets", "found some without slots: nobody would know when to attest")
    for name, topics in ledger.subscriptions.items():
        if any(topic >= ledger.subnets for topic in topics):
            wanted = f"accepted: numbers below {ledger.subnets}"
            raise ScenarioError(f"{WHERE}.subscriptions.{name}", f"found {list(topics)}, {wanted}")
    return LedgerRules(ledger, contracts, get_key(seed, "ledger"))
