"""Who is a validator in which dynasty: the forward set and the rear set.

A deposit in dynasty d makes a member from d + 2 on; whoever asks to leave in dynasty d is one until d + 2
begins. Each dynasty d has two sets, and the first of one is the second of the next:

    forward   start <= d <  end      who votes in dynasty d
    rear      start <  d <= end      who voted in dynasty d - 1: forward(d - 1) == rear(d)

Source: Casper FFG paper (arXiv 1710.09437v4, "Enabling Dynamic Validator Sets"). No votes here.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

FOUNDER: Final = -1  # start dynasty of who was there at the genesis: a member of both its sets


@dataclass(frozen=True, slots=True)
class Validator:
    """One name's membership. What its deposit is worth stands in the state, for it changes each epoch."""

    start: int  # dynasty
    end: int | None = None  # dynasty; None until it asks to leave
    total_at_exit: int = 0  # units of the forward set when it asked, or was made to
    is_slashed: bool = False
    is_paid_out: bool = False  # its deposit is withdrawn: it is a name of the past

    def is_forward(self, dynasty: int) -> bool:
        """Does it vote in this dynasty?"""
        return self.start <= dynasty and (self.end is None or dynasty < self.end)

    def is_rear(self, dynasty: int) -> bool:
        """Did it vote in the dynasty before?"""
        return self.start < dynasty and (self.end is None or dynasty <= self.end)


@dataclass(frozen=True, slots=True)
class ValidatorSet:
    """Members and what their votes weigh, in units. Does not change."""

    weights: Mapping[str, int]
    total: int

    def __deepcopy__(self, memo: dict[int, Any]) -> "ValidatorSet":
        """Immutable, so shared."""
        return self


def pick_forward(
    validators: Mapping[str, Validator], dynasty: int, deposits: Mapping[str, int]
) -> ValidatorSet:
    """The forward set of a dynasty, weighed by deposits as they are now. O(validators)."""
    return pick(validators, deposits, lambda validator: validator.is_forward(dynasty))


def pick_rear(validators: Mapping[str, Validator], dynasty: int, deposits: Mapping[str, int]) -> ValidatorSet:
    """The rear set of a dynasty, weighed by deposits as they are now. O(validators)."""
    return pick(validators, deposits, lambda validator: validator.is_rear(dynasty))


def pick(
    validators: Mapping[str, Validator], deposits: Mapping[str, int], is_member: Callable[[Validator], bool]
) -> ValidatorSet:
    """Who fits, in the order of deposits made. Who is paid out has no weight."""
    weights = {name: deposits.get(name, 0) for name, validator in validators.items() if is_member(validator)}
    return ValidatorSet(weights, sum(weights.values()))
