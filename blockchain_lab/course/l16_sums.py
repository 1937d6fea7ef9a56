"""Lesson 16, two thirds of all coins, and which branch to follow: right, and wrong in the usual ways."""

from typing import Final

from blockchain_lab.consensus.ffg_counting import is_supermajority

ALL: Final = 1_000  # coins


# -- two thirds ----------------------------------------------------------------------------------------------


def search_two_thirds(seed: int) -> int:
    """The fewest whole coins that the engine takes for two thirds."""
    return next(coins for coins in range(ALL + 1) if is_supermajority(coins, ALL))


def reckon_two_thirds(seed: int) -> int:
    """Two thirds, rounded up."""
    return -(-2 * ALL // 3)


# -- which branch to follow ----------------------------------------------------------------------------------

Branches = list[tuple[int, int, bool]]  # highest justified epoch, work, is our final block in it?


def follow(branches: list[tuple[int, int, bool]]) -> int:
    """The number of the branch to follow, from 0 on; one at least has our final block."""
    best, best_score = -1, (-1, -1)
    for number, (justified, work, has_final) in enumerate(branches):
        if has_final and (justified, work) > best_score:
            best, best_score = number, (justified, work)
    return best


def follow_by_sorting(branches: Branches) -> int:
    """The same."""
    allowed = [number for number, branch in enumerate(branches) if branch[2]]
    return sorted(allowed, key=lambda number: (-branches[number][0], -branches[number][1], number))[0]


def follow_work(branches: Branches) -> int:
    """A mistake: most work, as in Bitcoin."""
    allowed = [number for number, branch in enumerate(branches) if branch[2]]
    return max(allowed, key=lambda number: branches[number][1])


def forget_final(branches: Branches) -> int:
    """A mistake: what we hold for final does not bind us."""
    return max(range(len(branches)), key=lambda number: branches[number][:2])


def forget_work(branches: Branches) -> int:
    """A mistake: of equally justified branches the first."""
    allowed = [number for number, branch in enumerate(branches) if branch[2]]
    return max(allowed, key=lambda number: branches[number][0])


def take_last_of_equals(branches: Branches) -> int:
    """A mistake: as much is enough to replace the best."""
    allowed = [number for number, branch in enumerate(branches) if branch[2]]
    return max(allowed, key=lambda number: (*branches[number][:2], number))


def return_epoch(branches: Branches) -> int:
    """A mistake: how high it is justified, instead of its number."""
    return branches[follow(branches)][0]
