"""Lesson 14, the short function: a locator, written twice, and the wrong ones that people write."""


def get_locator(height: int) -> list[int]:
    """The heights that a locator names for a chain of this height (Bitcoin Core, chain.cpp, LocatorEntries).

    The tip and the eleven blocks under it one by one, then in steps of 2, 4, 8, ..., and always the genesis.
    """
    heights, step = [height], 1
    while heights[-1] > 0:
        below = max(heights[-1] - step, 0)
        if len(heights) > 10:
            step *= 2
        heights.append(below)
    return heights


def get_locator_by_formula(height: int) -> list[int]:
    """The same without a running step: below the tip by 0 .. 11, then by 11 + (2 + 4 + ... + 2**k)."""
    offsets = [*range(12), *(9 + 2**k for k in range(2, height.bit_length() + 2))]
    return [*(height - offset for offset in offsets if offset < height), 0]


def forget_genesis(height: int) -> list[int]:
    """A mistake: stops when the next step would lead below 1."""
    return get_locator(height)[:-1] or [0]


def double_at_once(height: int) -> list[int]:
    """A mistake: the steps double from the first one on."""
    heights, step = [height], 1
    while heights[-1] > 0:
        heights.append(max(heights[-1] - step, 0))
        step *= 2
    return heights


def double_too_early(height: int) -> list[int]:
    """A mistake: doubles the step before it is used, so the first long step comes one block early."""
    heights, step = [height], 1
    while heights[-1] > 0:
        if len(heights) > 10:
            step *= 2
        heights.append(max(heights[-1] - step, 0))
    return heights


def name_every_height(height: int) -> list[int]:
    """A mistake: no steps at all."""
    return list(range(height, -1, -1))


def upside_down(height: int) -> list[int]:
    """A mistake: the genesis first."""
    return get_locator(height)[::-1]


def name_genesis_twice(height: int) -> list[int]:
    """A mistake: the genesis twice, once as a step and once at the end."""
    return [*get_locator(height), 0]
