"""Advanced: how the beacon chain finalises, beside Casper FFG as in the paper, and who proposes there.

A slot has one proposer, an epoch 32 slots. Attestations for an epoch may be included in the next one, too, so
an epoch's checkpoint may be justified late, and four rules make up for it. Counted back from the current
epoch (1), "justified" by bits, newest first:

    234    bits 2, 3, 4    epoch 2 was justified from 4: 4 is final
    23     bits 2, 3       epoch 2 was justified from 3: 3 is final
    123    bits 1, 2, 3    epoch 1 was justified from 3: 3 is final
    12     bits 1, 2       epoch 1 was justified from 2: 2 is final

Rules 23 and 12 are the paper's; in 234 and 123 the source is two epochs back, and all between are justified.

The order of proposers comes from a seed: validators are shuffled by swap-or-not, and taken with a chance
that grows with their balance. No committees, no network; the fork choice (LMD-GHOST) stands with `choices`.

Source: ethereum/consensus-specs, phase 0, beacon-chain.md: `weigh_justification_and_finalization`,
`compute_shuffled_index`, `compute_proposer_index`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from hashlib import sha256
from itertools import count
from typing import Final

from blockchain_lab.base.errors import UsageError
from blockchain_lab.consensus.ffg_counting import is_supermajority

SLOTS: Final = 32  # each epoch (SLOTS_PER_EPOCH)
ROUNDS: Final = 90  # of shuffling (SHUFFLE_ROUND_COUNT)
FULL_BALANCE: Final = 32 * 10**9  # gwei (MAX_EFFECTIVE_BALANCE)
RULES: Final = ("234", "23", "123", "12")  # in the order in which they are asked: a later one overrides


@dataclass(frozen=True, slots=True)
class BeaconState:
    """What an epoch's end knows of checkpoints, by epochs. An epoch has one checkpoint here."""

    bits: tuple[bool, bool, bool, bool] = (False, False, False, False)  # this epoch first
    previous_justified: int = 0  # at the end of the epoch before
    justified: int = 0
    finalised: int = 0
    rule: str = ""  # by which the last epoch finalised; empty if by none


def end_epoch(state: BeaconState, epoch: int, previous: int, current: int, total: int) -> BeaconState:
    """At the end of an epoch, from 2 on.

    previous, current: units that have attested to the checkpoint of the epoch before, late attestations
    included, and of this one, from the justified checkpoint; total: of all.
    """
    if epoch < 2:
        raise UsageError(f"epoch {epoch}: nothing is justified in the first two (GENESIS_EPOCH + 1)")
    bits = [False, *state.bits[:3]]
    justified = state.justified
    if is_supermajority(previous, total):
        justified, bits[1] = epoch - 1, True
    if is_supermajority(current, total):
        justified, bits[0] = epoch, True
    after = replace(
        state,
        bits=(bits[0], bits[1], bits[2], bits[3]),
        previous_justified=state.justified,
        justified=justified,
        rule="",
    )
    for rule in RULES:
        source = find_final(rule, state, after.bits, epoch)
        if source is not None:
            after = replace(after, finalised=source, rule=rule)
    return after


def find_final(rule: str, before: BeaconState, bits: Sequence[bool], epoch: int) -> int | None:
    """The epoch that a rule finalises, if it applies. `before`: the state before this epoch's end."""
    newest, oldest = int(rule[0]), int(rule[-1])
    if not all(bits[newest - 1 : oldest]):
        return None
    source = before.previous_justified if newest == 2 else before.justified
    return source if source + oldest - 1 == epoch else None


def shuffle_index(index: int, size: int, seed: bytes, rounds: int = ROUNDS) -> int:
    """Where a place of a list comes to lie: swap-or-not (Hoang, Morris, Rogaway 2012). O(rounds)."""
    if not 0 <= index < size:
        raise UsageError(f"index: found {index}, wanted 0 .. {size - 1}")
    for turn in range(rounds):
        key = seed + turn.to_bytes(1, "little")
        pivot = int.from_bytes(sha256(key).digest()[:8], "little") % size
        flip = (pivot + size - index) % size
        position = max(index, flip)
        source = sha256(key + (position // 256).to_bytes(4, "little")).digest()
        if source[position % 256 // 8] >> position % 8 & 1:
            index = flip
    return index


def find_proposer(balances: Mapping[str, int], seed: bytes) -> str:
    """Who proposes with this seed: the first of the shuffled validators whose balance is enough for its byte.

    balances: gwei by name, 0 to 32 ETH, at least one above 0. O(rounds * tries).
    """
    names = list(balances)
    if not any(balances.values()):
        raise UsageError("balances: wanted at least one above 0")
    for tried in count():
        name = names[shuffle_index(tried % len(names), len(names), seed)]
        random_byte = sha256(seed + (tried // 32).to_bytes(8, "little")).digest()[tried % 32]
        if balances[name] * 255 >= FULL_BALANCE * random_byte:
            return name
    raise AssertionError("counting does not end")


def get_proposer(balances: Mapping[str, int], seed: bytes, slot: int) -> str:
    """Who proposes in a slot; `seed` is its epoch's."""
    return find_proposer(balances, sha256(seed + slot.to_bytes(8, "little")).digest())


def get_proposers(balances: Mapping[str, int], seed: bytes, epoch: int, slots: int = SLOTS) -> list[str]:
    """The proposers of an epoch, slot by slot: known as soon as the seed is."""
    return [get_proposer(balances, seed, slot) for slot in range(epoch * slots, (epoch + 1) * slots)]
