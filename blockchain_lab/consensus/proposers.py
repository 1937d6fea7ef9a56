"""The lotteries and schedules by name, as a scenario chooses among them."""

from collections.abc import Callable, Mapping
from typing import Any, Final

from blockchain_lab.base.errors import ScenarioError
from blockchain_lab.consensus.authority import RoundRobin
from blockchain_lab.consensus.burn import BurnLottery
from blockchain_lab.consensus.capacity import Capacity
from blockchain_lab.consensus.clique import Clique
from blockchain_lab.consensus.history import History
from blockchain_lab.consensus.parameters import WHERE
from blockchain_lab.consensus.peercoin import Peercoin
from blockchain_lab.consensus.pow_lottery import PowLottery
from blockchain_lab.consensus.proposer import Proposer
from blockchain_lab.consensus.stake import Stake

PROPOSERS: Final[Mapping[str, Callable[[Mapping[str, Any]], Proposer[Any]]]] = {
    "pow": PowLottery.from_plain,
    "stake": Stake.from_plain,
    "peercoin": Peercoin.from_plain,
    "burn": BurnLottery.from_plain,
    "capacity": Capacity.from_plain,
    "history": History.from_plain,
    "authority": RoundRobin.from_plain,
    "clique": Clique.from_plain,
}


SEEDED: Final = ("stake", "peercoin", "burn", "capacity", "history")  # turns are computed from a seed


def read_proposer(plain: Mapping[str, Any], seed: int | None = None) -> Proposer[Any]:
    """The one that `plain["name"]` says, with the rest as its parameters. ScenarioError.

    seed: the scenario's; it says whose turn comes when unless `plain` has a seed of its own. None: the
    lottery's own default.
    """
    name = plain.get("name")
    if type(name) is not str or name not in PROPOSERS:
        raise ScenarioError(f"{WHERE}.name", f"found {name!r}, accepted: {', '.join(PROPOSERS)}")
    own = {key: value for key, value in plain.items() if key != "name"}
    return PROPOSERS[name]({"seed": seed, **own} if name in SEEDED and seed is not None else own)
