"""What all peers of one chain agree on: who may propose, whether Casper votes on top, where the chain begins.

    {"consensus": {"proposer": {"name": "stake", "stakes": {"ann": 51, "bob": 49}},
                   "casper": {"preset": "lab", "deposits": {"ann": 100, "bob": 100, "cat": 100}},
                   "choice": "ffg_paper"}}

A lottery that is computed, not drawn, begins with the scenario's seed: another seed gives other turns, for
all peers the same. "seed" among the proposer's parameters keeps the turns when the scenario's changes.

The state behind a block is the lottery's and Casper's side by side. Casper is a layer: without it the same
chain is an ordinary one, and what blocks carry for Casper is refused.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, Self

from blockchain_lab.base.errors import ScenarioError, UsageError
from blockchain_lab.base.once import once
from blockchain_lab.consensus.block import Block, BlockEntry, make_genesis
from blockchain_lab.consensus.burn import BurnLottery
from blockchain_lab.consensus.choices import CHOICES
from blockchain_lab.consensus.errors import RuleBroken
from blockchain_lab.consensus.ffg import apply_block, get_start
from blockchain_lab.consensus.ffg_events import Event
from blockchain_lab.consensus.ffg_params import Params, read_params
from blockchain_lab.consensus.finality_state import FinalityState
from blockchain_lab.consensus.orders import Burn
from blockchain_lab.consensus.proposer import Proposer
from blockchain_lab.consensus.proposers import read_proposer
from blockchain_lab.consensus.view import ForkChoice

WHERE: Final = "chain.consensus"
KEYS: Final = ("proposer", "casper", "choice", "genesis")


@dataclass(frozen=True, slots=True)
class PostState:
    """What is true behind one block, and what the block has changed."""

    lottery: Any  # the proposer's own
    finality: FinalityState | None  # None without Casper
    events: tuple[Event, ...] = ()


@dataclass(frozen=True)
class ChainRules:
    """Made once for all peers of a scenario."""

    proposer: Proposer[Any]
    choice: ForkChoice
    casper: Params | None
    deposits: Mapping[str, int]  # of the founders, in units
    genesis_text: str = ""

    @once
    def genesis(self) -> BlockEntry:
        """Block 0. Its name tells apart chains with other rules."""
        return make_genesis(f"{self.genesis_text}{self.proposer!r}{self.casper!r}{dict(self.deposits)!r}")

    @once
    def purpose(self) -> str:
        """Under which the content store keeps states: two sets of rules never share one."""
        return f"state behind a block of {self.genesis.hash.hex()}"

    @once
    def start(self) -> PostState:
        """Behind the genesis."""
        finality = get_start(self.casper, self.deposits, self.genesis.hash) if self.casper else None
        return PostState(self.proposer.get_start(), finality)

    def __deepcopy__(self, memo: dict[int, Any]) -> Self:
        """Immutable, so shared."""
        return self

    def __plain_state__(self) -> bytes:
        """For digests of state: the genesis is named after the rules."""
        return self.genesis.hash

    def check(self, state: PostState, parent: BlockEntry, block: Block) -> PostState | RuleBroken:
        """The state behind a block, or the rule that it breaks. As slow as the block is long."""
        try:
            lottery = self.proposer.apply(state.lottery, parent, block)
            if state.finality is None or self.casper is None:
                check_without_casper(block)
                return PostState(lottery, None)
            finality, events = apply_block(state.finality, parent, block, self.casper)
        except RuleBroken as broken:
            return broken
        return PostState(lottery, finality, events)

    def burn(self, lottery: Any, order: Burn, height: int) -> Any:
        """The lottery's state with one more burn, in a block of this height. RuleBroken."""
        if not isinstance(self.proposer, BurnLottery):
            raise RuleBroken("no burning", "found a burn in a chain whose lottery counts none")
        return self.proposer.add(lottery, order, height)


def check_without_casper(block: Block) -> None:
    """RuleBroken "no casper" for votes, deposits and their like on a chain that knows none."""
    for operation in block.operations:
        if not isinstance(operation, Burn):
            raise RuleBroken("no casper", f"found a {operation.command} in a chain without validators")


def read_rules(chain: Mapping[str, Any], seed: int = 0) -> ChainRules:
    """From a scenario's `chain` and its seed. ScenarioError with the key's path and what is accepted."""
    plain = chain.get("consensus")
    if not isinstance(plain, Mapping):
        raise ScenarioError(WHERE, f"found {plain!r}, wanted an object with a proposer")
    for key in plain:
        if key not in KEYS:
            raise ScenarioError(f"{WHERE}.{key}", f"unknown key, accepted: {', '.join(KEYS)}")
    for key in ("proposer", "casper"):
        if not isinstance(plain.get(key, {}), Mapping):
            raise ScenarioError(f"{WHERE}.{key}", f"found {plain[key]!r}, wanted an object")
    proposer = read_proposer(plain.get("proposer", {}), seed)
    choice = plain.get("choice", "ffg_paper" if "casper" in plain else "heaviest_work")
    if choice not in CHOICES:
        raise ScenarioError(f"{WHERE}.choice", f"found {choice!r}, accepted: {', '.join(CHOICES)}")
    casper, deposits = read_casper(plain["casper"]) if "casper" in plain else (None, {})
    return ChainRules(proposer, CHOICES[choice], casper, deposits, str(plain.get("genesis", "")))


def read_casper(plain: Mapping[str, Any]) -> tuple[Params, Mapping[str, int]]:
    """Casper's numbers, and what its founders have deposited. ScenarioError."""
    deposits = plain.get("deposits", {})
    is_table = isinstance(deposits, Mapping) and all(type(units) is int for units in deposits.values())
    if not is_table or any(units < 1 for units in deposits.values()):
        wanted = "accepted: names and whole units above 0"
        raise ScenarioError(f"{WHERE}.casper.deposits", f"found {deposits!r}, {wanted}")
    try:
        params = read_params({key: value for key, value in plain.items() if key != "deposits"})
    except UsageError as problem:
        raise ScenarioError(f"{WHERE}.casper", str(problem)) from None
    if params.is_drawn_only:
        found = f"{params.name!r} is for drawing only: it has no rules; see it in the view 'readings'"
        raise ScenarioError(f"{WHERE}.casper.preset", found)
    return params, dict(deposits)
