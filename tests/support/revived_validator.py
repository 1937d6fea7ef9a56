"""A validator that is switched off for ten seconds and reads its disk again."""

from blockchain_lab.base.units import SECOND
from blockchain_lab.lab import Lab
from blockchain_lab.sim.actions import Kill, Revive


def play_revived_validator() -> Lab:
    """Bob is off from second 120 to second 130 of a finality that goes well; his second life ends at 200."""
    lab = Lab("happy_finality")
    lab.run(until=120 * SECOND)
    lab.do(Kill("bob", "silence"))
    lab.run(until=130 * SECOND)
    lab.do(Revive("bob"))
    lab.run(until=200 * SECOND)
    return lab
