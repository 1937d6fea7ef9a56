"""Lesson 11, read off runs: who found how many blocks of the chain, and whose blocks are lost."""

from collections import Counter
from functools import lru_cache
from typing import Final

from blockchain_lab.bitcoin.paying import get_script_of
from blockchain_lab.bitcoin.script import Form
from blockchain_lab.course.reading import get_notes
from blockchain_lab.lab import Lab

RACE: Final = "mining_race"
STUBBORN: Final = "go_on_miner"  # stan goes on with the block that he has begun, all others begin anew
STRONGEST: Final = "giant"
WATCHER: Final = "ann"  # does not mine in the race: her chain is the one that is read


def find_finders(lab: Lab) -> dict[str, str]:
    """Hash of each block -> who had it first, and so has found it."""
    finders: dict[str, str] = {}
    for note, facts in get_notes(lab, "block accepted"):
        finders.setdefault(facts["hash"], lab.names[note.peer])
    return finders


def count_finders(lab: Lab, watcher: str = WATCHER) -> dict[str, int]:
    """Of the blocks in the chain that `watcher` follows at the cursor: who found how many. O(blocks)"""
    finders, chain = find_finders(lab), lab.peer(watcher).chain
    found = Counter(finders[entry.hash[::-1].hex()] for entry in chain.active.get_slice(1, chain.height + 1))
    return dict(found.most_common())


@lru_cache(maxsize=4)
def play(story: str, seed: int) -> Lab:
    """A story to its end. Nobody acts in it."""
    lab = Lab(story, seed=seed)
    lab.run()
    return lab


def count_of_strongest(seed: int) -> int:
    """Blocks of the strongest miner in the race's chain."""
    return count_finders(play(RACE, seed))[STRONGEST]


def count_rewards_of_strongest(seed: int) -> int:
    """The same by whom the coinbases pay: each miner has a script of its own."""
    chain = play(RACE, seed).peer(WATCHER).chain
    blocks = [chain.get_block(entry.hash) for entry in chain.active.get_slice(1, chain.height + 1)]
    own = get_script_of(STRONGEST, Form.WITNESS_KEY_HASH)
    return sum(block.transactions[0].outputs[0].script == own for block in blocks)


def count_all_found(seed: int) -> int:
    """Blocks in the race's chain, whoever found them."""
    return sum(count_finders(play(RACE, seed)).values())


def count_of_second(seed: int) -> int:
    """Blocks of the second strongest."""
    return count_finders(play(RACE, seed))["large"]


# -- a block arrives -----------------------------------------------------------------------------------------


@lru_cache(maxsize=4)
def find_kept_parts(seed: int) -> dict[str, float]:
    """For each miner, which part of the blocks that it found is in the chain of cat, who does not mine."""
    lab = play(STUBBORN, seed)
    found, kept = Counter(find_finders(lab).values()), count_finders(lab, "cat")
    return {name: kept.get(name, 0) / found[name] for name in sorted(found)}


def find_best_habit(seed: int) -> str:
    """The option that the run speaks for: do those keep more who begin anew, or who goes on?"""
    parts = find_kept_parts(seed)
    others = min(part for name, part in parts.items() if name != "stan")
    return "b" if parts["stan"] < others else "a"


def count_late_blocks(seed: int) -> str:
    """The same without the chain: is stan mostly too late when he finds, since a block is as high already?"""
    lab = play(STUBBORN, seed)
    highest, late, found = 0, Counter[str](), Counter[str]()
    finders = find_finders(lab)
    for note, facts in get_notes(lab, "block accepted"):
        name = lab.names[note.peer]
        if finders[facts["hash"]] == name:
            found[name] += 1
            late[name] += facts["height"] <= highest
            highest = max(highest, facts["height"])
    rates = {name: late[name] / found[name] for name in sorted(found)}
    return "b" if rates["stan"] > max(rate for name, rate in rates.items() if name != "stan") else "a"
