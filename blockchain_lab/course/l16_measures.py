"""Lesson 16, what runs say about ten sentences: each with the figures that decide.

Rules alone are asked in `l16_sentences`, which also has the words. Runs are the learner's own.
"""

from itertools import pairwise
from typing import Final

from blockchain_lab.base.units import SECOND
from blockchain_lab.consensus.ffg_misreadings import get_hasty_height, get_hasty_withdrawal
from blockchain_lab.consensus.ffg_params import LAB
from blockchain_lab.course import l16_silence, l16_spares
from blockchain_lab.course.l16_votes import DEPOSITS, STORY, THIRD, WITNESS, find_justified, find_voters, play
from blockchain_lab.course.reading import get_notes
from blockchain_lab.lab import Lab
from blockchain_lab.sim.actions import Action, Kill, Revive

JOIN: Final = "join_and_leave"
MAKERS: Final = ("ann", "bob", "cat")  # of blocks, in the story with the power cut
Found = tuple[bool, str]  # does the sentence hold in this run, and the figures that say so


def find_heights(lab: Lab) -> dict[str, int]:
    """Block -> height, of all that ann has accepted."""
    return {facts["hash"]: facts["height"] for _, facts in get_notes(lab, "block accepted", WITNESS)}


def get_coin(lab: Lab) -> int:
    """Units that make a coin."""
    return int(lab.scenario.chain["consensus"]["casper"]["coin"])


def measure_epochs(seed: int) -> Found:
    """How many blocks from checkpoint to checkpoint?"""
    lab = play(STORY, seed)
    heights = find_heights(lab)
    marks = [0, *(heights[facts["block"]] for _, facts in get_notes(lab, "checkpoint reached", WITNESS))]
    lengths = [after - before for before, after in pairwise(marks)]
    return lengths == sorted(set(lengths)), f"{', '.join(map(str, lengths))} blocks"


def measure_checkpoints(seed: int) -> Found:
    """How many checkpoints for how many blocks?"""
    lab = play(STORY, seed)
    blocks, marks = len(find_heights(lab)), len(list(get_notes(lab, "checkpoint reached", WITNESS)))
    return marks == blocks, f"{blocks} blocks, {marks} checkpoints"


def measure_coins(seed: int) -> Found:
    """Was something justified by less than two thirds of the heads?"""
    lab = play(STORY, seed)
    coin = get_coin(lab)
    justified = (facts for _, facts in get_notes(lab, "checkpoint justified", WITNESS))
    votes, total = min((facts["votes"] // coin, facts["total"] // coin) for facts in justified)
    heads = next(n for n in range(1, 5) if sum(sorted(DEPOSITS.values())[-n:]) >= votes)
    return 3 * heads < 2 * len(
        DEPOSITS
    ), f"{votes} of {total:,} coins sufficed: {heads} of {len(DEPOSITS)} heads"


def measure_finality(seed: int) -> Found:
    """How high is the final block when an epoch's checkpoint has two thirds?"""
    lab = play(STORY, seed)
    event, _ = find_justified(lab, THIRD)
    final = max(f["epoch"] for n, f in get_notes(lab, "checkpoint finalised", WITNESS) if n.event <= event)
    height, hasty = final * LAB.epoch_length, get_hasty_height(THIRD, LAB.epoch_length, 10**6)
    return height >= hasty, f"two thirds in epoch {THIRD}: final up to block {height}, not up to {hasty}"


def measure_lot(seed: int) -> Found:
    """Who has voted in each epoch?"""
    voters = find_voters(play(STORY, seed))
    counts = [len(names) for epoch, names in voters.items() if epoch < max(voters)]
    return max(counts) < len(
        DEPOSITS
    ), f"voters in each epoch: {', '.join(map(str, counts))} of {len(DEPOSITS)}"


def measure_bet(seed: int) -> Found:
    """With how much has each vote counted?"""
    lab = play(STORY, seed)
    coin = get_coin(lab)
    weights: dict[str, dict[int, None]] = {}
    for _, facts in get_notes(lab, "vote counted", WITNESS):
        weights.setdefault(facts["validator"], {})[facts["weight"] // coin] = None
    told = ", ".join(f"{name} {'/'.join(map(str, found))}" for name, found in sorted(weights.items()))
    return any(len(found) > 1 for found in weights.values()), f"each vote counted in full: {told}"


def measure_joining(seed: int) -> Found:
    """How many dynasties from eve's deposit to her first?"""
    lab = play(JOIN, seed)
    note, made = next(get_notes(lab, "deposit made", WITNESS))
    begun = [
        facts["dynasty"] for n, facts in get_notes(lab, "dynasty began", WITNESS) if n.event <= note.event
    ]
    before = max(begun, default=0)
    return made["starts"] == before + 1, f"deposited in dynasty {before}, a member from {made['starts']} on"


def measure_waiting(seed: int) -> Found:
    """In which epoch did dan ask, in which did his end dynasty begin, when was he paid?"""
    lab = play(JOIN, seed)
    heights = find_heights(lab)
    asked = next(facts for _, facts in get_notes(lab, "exit asked", WITNESS))
    began = get_notes(lab, "dynasty began", WITNESS)
    ended = next(facts for _, facts in began if facts["dynasty"] == asked["ends"])
    first, last = (heights[facts["by"]] // LAB.epoch_length for facts in (asked, ended))
    delay = lab.scenario.chain["consensus"]["casper"]["withdrawal_delay"]
    hasty = get_hasty_withdrawal(first, delay)
    told = f"asked in epoch {first}, left in {last}: paid from {last + delay} on, not from {hasty}"
    return first == last, told


def measure_dynasties(seed: int) -> Found:
    """Only the left half can finalise: which dynasty is it on either side?"""
    lab = l16_spares.act([Revive("dan2")], seed, until=200 * SECOND)
    found = [
        max((facts["dynasty"] for _, facts in get_notes(lab, "dynasty began", peer)), default=0)
        for peer in (l16_spares.LEFT, l16_spares.RIGHT)
    ]
    return found[0] != found[1], f"at second 200: dynasty {found[0]} on the left, {found[1]} on the right"


def measure_makers(seed: int) -> Found:
    """All who make blocks are off from second 70 on, two who can vote are not."""
    off: list[tuple[int, Action]] = [(l16_silence.CUT_AT, Kill(name)) for name in MAKERS]
    lab = l16_silence.act(off, seed, until=300 * SECOND)
    late = [n for n, _ in get_notes(lab, "checkpoint finalised") if n.at > l16_silence.CUT_AT + 10 * SECOND]
    return not late, f"no maker of blocks for 230 seconds: {len(late)} checkpoints final"
