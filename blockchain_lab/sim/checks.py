"""What a caller may hand to a lab, checked: every mistake says what was found, wanted, and where."""

from collections.abc import Iterable, Mapping
from copy import deepcopy

from blockchain_lab.base.actions import Command
from blockchain_lab.base.draws import MASK_64
from blockchain_lab.base.errors import ScenarioError, UsageError
from blockchain_lab.base.node import NodeFactory
from blockchain_lab.base.store import ContentStore
from blockchain_lab.sim.actions import ACTIONS, ActionTable
from blockchain_lab.sim.hosts import Life
from blockchain_lab.sim.plain import describe
from blockchain_lab.sim.replay import make_setup
from blockchain_lab.sim.scenario import Scenario
from blockchain_lab.sim.trace import LEVELS


def make_action_table(own: Iterable[type[Command]]) -> ActionTable:
    """All actions by name, the learner's own commands too."""
    table = dict(ACTIONS)
    for kind in own:
        if not (isinstance(kind, type) and issubclass(kind, Command)):
            raise UsageError(f"actions: found {describe(kind)}, wanted subclasses of Command")
        table[kind.__name__] = kind
    return table


def check_options(seed: int | None, level: str, keep: int | None) -> None:
    """UsageError unless these options of a lab make sense."""
    if seed is not None and (type(seed) is not int or not 0 <= seed <= MASK_64):
        raise UsageError(f"seed: found {describe(seed)}, wanted a whole number from 0 to 2**64 - 1")
    if level not in LEVELS:
        raise UsageError(f"level: found {describe(level)}, wanted one of {', '.join(LEVELS)}")
    if keep is not None and (type(keep) is not int or keep < 1):
        raise UsageError(f"keep: found {describe(keep)}, wanted how many records, 1 or more")


def check_nodes(scenario: Scenario, kinds: Mapping[str, NodeFactory], store: ContentStore) -> None:
    """ScenarioError when a node would refuse its policy, chain or disk: now, and not at its first start."""
    for name, peer in scenario.peers.items():
        try:
            kinds[peer.kind](make_setup(scenario, store, name, Life(0), deepcopy(peer.disk)))
        except UsageError as fault:
            raise ScenarioError(f"peers.{name}", str(fault)) from None


def check_count(what: str, value: int) -> int:
    """The value itself. UsageError unless it is a whole number, 0 or more."""
    if type(value) is not int or value < 0:
        raise UsageError(f"{what}: found {describe(value)}, wanted a whole number, 0 or more")
    return value
