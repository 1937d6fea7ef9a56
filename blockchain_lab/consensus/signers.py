"""Clique: a list of signers who may make blocks, and who votes signers in and out with the blocks they sign.

    - only a signer signs, and at most once in any floor(N / 2) + 1 blocks in a row
    - a block may carry one ballot: add this one, or drop that one
    - more than half of all signers decide; a signer counts once for a name, and its newest word holds
    - a ballot that asks for what already is says nothing, but takes back what its signer said before
    - who is dropped takes all its own ballots along; what is decided takes all ballots about it along
    - nothing cascades: a decision that fewer signers have made easier waits until a block touches its name
    - at every `epoch`-th block all ballots are void; it carries the list of signers instead of a ballot

Names, not addresses; keys and times stand with the proposer (`clique`).

Source: EIP-225 (2017), with its 23 cases; where its text is short, go-ethereum's consensus/clique,
snapshot.go.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from blockchain_lab.base.errors import UsageError
from blockchain_lab.consensus.errors import RuleBroken

EPOCH: Final = 30_000  # blocks between checkpoints (EIP-225)
IN_TURN: Final = 2  # weight of a block by the signer whose turn it is (EIP-225, DIFF_INTURN)
OUT_OF_TURN: Final = 1  # and by any other (DIFF_NOTURN)
BLOCK_KEYS: Final = ("signer", "vote", "auth", "checkpoint")


@dataclass(frozen=True, slots=True)
class Ballot:
    """A signer's wish about a name."""

    target: str
    is_adding: bool  # else it asks to drop


@dataclass(frozen=True, slots=True)
class Signers:
    """What a branch of signed blocks has come to."""

    names: tuple[str, ...]  # sorted
    height: int = 0
    recent: tuple[str, ...] = ()  # who signed the last floor(N / 2) blocks, oldest first
    ballots: tuple[tuple[str, str], ...] = ()  # signer, name: to drop it if it is a signer, else to add it


def start(names: Iterable[str]) -> Signers:
    """At the genesis."""
    return Signers(tuple(sorted(dict.fromkeys(names))))


def get_limit(count: int) -> int:
    """How many of `count` signers are a majority; also how many blocks in a row a signer signs once."""
    return count // 2 + 1


def get_barred(state: Signers) -> tuple[str, ...]:
    """Who may not sign the next block, having signed one of the last."""
    return state.recent


def is_in_turn(state: Signers, height: int, signer: str) -> bool:
    """Is it this signer's turn at this height? One turn for everybody in N blocks, in order of names."""
    return state.names[height % len(state.names)] == signer


def get_weight(state: Signers, height: int, signer: str) -> int:
    """What a signer's block adds to its branch."""
    return IN_TURN if is_in_turn(state, height, signer) else OUT_OF_TURN


def is_meaningful(state: Signers, ballot: Ballot) -> bool:
    """Does it ask for something that is not so already?"""
    return ballot.is_adding != (ballot.target in state.names)


def apply_block(
    state: Signers,
    signer: str,
    ballot: Ballot | None = None,
    checkpoint: Sequence[str] | None = None,
    epoch: int = EPOCH,
) -> Signers:
    """After one more block. RuleBroken when it may not be."""
    height = state.height + 1
    is_checkpoint = height % epoch == 0
    check_form(state, is_checkpoint, ballot, checkpoint)
    check_signer(state, signer)
    recent = (*state.recent, signer)
    if is_checkpoint or ballot is None:
        return make_state(state.names, height, recent, () if is_checkpoint else state.ballots)
    cast = (signer, ballot.target)
    ballots = [each for each in state.ballots if each != cast]
    if is_meaningful(state, ballot):
        ballots.append(cast)
    if sum(target == ballot.target for _, target in ballots) < get_limit(len(state.names)):
        return make_state(state.names, height, recent, ballots)
    return decide(state, ballot.target, height, recent, ballots)


def decide(
    state: Signers, target: str, height: int, recent: Iterable[str], ballots: Iterable[tuple[str, str]]
) -> Signers:
    """Add a name or drop it: more than half of all signers want it."""
    left = [each for each in ballots if each[1] != target]
    if target not in state.names:
        return make_state((*state.names, target), height, recent, left)
    names = [name for name in state.names if name != target]
    return make_state(names, height, recent, [each for each in left if each[0] != target])


def make_state(
    names: Iterable[str], height: int, recent: Iterable[str], ballots: Iterable[tuple[str, str]]
) -> Signers:
    """Sorted, and without the blocks that are too old to bar anybody."""
    ordered, signed = tuple(sorted(names)), tuple(recent)
    return Signers(ordered, height, signed[max(0, len(signed) - len(ordered) // 2) :], tuple(ballots))


def check_signer(state: Signers, signer: str) -> None:
    """RuleBroken "unauthorized signer" or "recently signed", as go-ethereum calls them."""
    if signer not in state.names:
        raise RuleBroken("unauthorized signer", f"found {signer}, wanted one of {', '.join(state.names)}")
    if signer in get_barred(state):
        limit = get_limit(len(state.names))
        raise RuleBroken("recently signed", f"{signer} has signed one of the last {limit - 1} blocks")


def check_form(
    state: Signers, is_checkpoint: bool, ballot: Ballot | None, checkpoint: Sequence[str] | None
) -> None:
    """RuleBroken "extra signer list", "vote in checkpoint" or "mismatching checkpoint signers"."""
    if not is_checkpoint:
        if checkpoint is not None:
            raise RuleBroken("extra signer list", f"block {state.height + 1} is no checkpoint")
        return
    if ballot is not None:
        raise RuleBroken(
            "vote in checkpoint", f"block {state.height + 1} carries a ballot on {ballot.target}"
        )
    if checkpoint is None or tuple(checkpoint) != state.names:
        raise RuleBroken("mismatching checkpoint signers", f"found {checkpoint}, wanted {list(state.names)}")


def clique_signers(
    signers: Iterable[str], blocks: Iterable[Mapping[str, Any]], epoch: int = EPOCH
) -> list[str]:
    """Who may sign after these blocks, sorted; `signers` may at the genesis. O(blocks * signers).

    A block: {"signer": "A"}, or with {"vote": "B", "auth": True} (add B; False, the default, drops it), or
    with {"checkpoint": ["A", "B"]} at every `epoch`-th block. RuleBroken for a block that may not be,
    UsageError for what is no block.
    """
    if type(epoch) is not int or epoch < 1:
        raise UsageError(f"epoch: found {epoch!r}, wanted a whole number from 1 on")
    state = start(signers)
    for block in blocks:
        state = apply_block(state, *read_block(block), epoch)
    return list(state.names)


def read_block(block: Mapping[str, Any]) -> tuple[str, Ballot | None, Sequence[str] | None]:
    """Signer, ballot and checkpoint of a plain block. UsageError."""
    unknown = [key for key in block if key not in BLOCK_KEYS]
    if unknown or type(block.get("signer")) is not str:
        raise UsageError(f"block: found {dict(block)}, accepted: {', '.join(BLOCK_KEYS)}, the first always")
    target = block.get("vote")
    ballot = None if not target else Ballot(target, bool(block.get("auth", False)))
    return block["signer"], ballot, block.get("checkpoint")
