"""Popular sentences about the rules of a scenario's chain, beside what holds: for views. Casper has some."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any, Final

from blockchain_lab.consensus.chain_rules import read_rules
from blockchain_lab.consensus.ffg_misreadings import MISREADINGS
from blockchain_lab.sim.scenario import Scenario

# what a sentence is about -> a story in which it says something else than the rule
SHOWN_BY: Final[Mapping[str, str]] = {
    "epoch": "happy_finality",
    "checkpoint": "happy_finality",
    "dynasty": "twin_validator",
    "finality": "third_offline",
    "withdrawal": "join_and_leave",
    "deposit": "join_and_leave",
    "who votes": "third_offline",
    "stake": "third_offline",
    "consensus": "happy_finality",
}


def get_readings(scenario: Scenario) -> dict[str, Any] | None:
    """The sentences, and the chain's numbers that they are about; None without Casper. ScenarioError.

    Deposits are units, `coin` so many of them; delays epochs or, of membership, dynasties.
    """
    casper = read_rules(scenario.chain).casper if "consensus" in scenario.chain else None
    if casper is None:
        return None
    return {
        "sentences": [{**asdict(each), "story": SHOWN_BY[each.about]} for each in MISREADINGS],
        "rules": {
            "preset": casper.name,
            "epoch_length": casper.epoch_length,
            "checkpoint_offset": casper.checkpoint_offset,
            "minimum_deposit": casper.minimum_deposit,
            "coin": casper.rewards.coin,
            "withdrawal_delay": casper.withdrawal_delay,
            "withdrawal_after": casper.withdrawal_after,
        },
    }
