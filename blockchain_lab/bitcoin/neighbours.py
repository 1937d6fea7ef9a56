"""Whom a node wants to be connected to, and dials again when it loses them."""

from collections.abc import Iterable

from blockchain_lab.base.effects import Dial, Effect, SetTimer, TimerName
from blockchain_lab.base.units import Address, Microseconds

REDIAL = "redial"  # the topic of the timer; its `about` is the address


class Neighbours:
    """Addresses in the order in which they were named."""

    def __init__(self, addresses: Iterable[Address]) -> None:
        """Those of the scenario, or of the command line."""
        self.wanted: dict[Address, None] = dict.fromkeys(addresses)

    def dial_all(self) -> list[Effect]:
        """At the start."""
        return [Dial(address) for address in self.wanted]

    def add(self, address: Address) -> list[Effect]:
        """One more, dialled now."""
        self.wanted[address] = None
        return [Dial(address)]

    def remove(self, address: Address) -> None:
        """Dial it no more; an unknown one is ignored."""
        self.wanted.pop(address, None)

    def on_lost(self, address: Address, patience: Microseconds) -> list[Effect]:
        """A connection ended, or could not be made: try again after a while, if it is still wanted."""
        if address not in self.wanted:
            return []
        return [SetTimer(TimerName(REDIAL, about=get_text(address)), patience)]

    def on_timer(self, about: int | str | None) -> list[Dial]:
        """It is time to try again."""
        return [Dial(address) for address in self.wanted if get_text(address) == about]


def get_text(address: Address) -> str:
    """An address in one word, for the name of a timer."""
    return f"{address.ip} {address.port}"
