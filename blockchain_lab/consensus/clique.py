"""Clique as a proposer: signers take turns, and a late one is replaced at the price of less weight.

    height mod 3     0     1     2     0
    in turn          ann   bob   cat   ann      weight 2, at once, a period after the parent
    else             whoever has waited longest of its own luck and has not signed just now: weight 1

So no slot stays empty for long, and of two branches of one length the one counts that more signers made in
their turn. Who may sign, and how signers are voted in and out, is told in `signers`; here it is put on the
wire and on the clock. A block's `proof` is its ballot, or the list of signers at a checkpoint.

What a signer wishes stands in its own `ballots`: the first wish that still says something new goes into its
next block.

Source: EIP-225 (2017).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar, Final, Self

from blockchain_lab.base.draws import draw, to_below
from blockchain_lab.base.errors import DecodeError, ScenarioError
from blockchain_lab.base.fields import read_list, read_text, write_list, write_text, write_unsigned
from blockchain_lab.base.reader import UNSIGNED_8, Reader
from blockchain_lab.base.units import MILLISECOND, SECOND, Microseconds
from blockchain_lab.consensus.authority import MOST_SIGNERS, read_signers
from blockchain_lab.consensus.block import Block, BlockEntry
from blockchain_lab.consensus.checks import check_block, check_weight
from blockchain_lab.consensus.errors import RuleBroken
from blockchain_lab.consensus.parameters import MOST_TIME, WHERE, read_parameters
from blockchain_lab.consensus.proposer import Turn
from blockchain_lab.consensus.signers import (
    EPOCH,
    Ballot,
    Signers,
    apply_block,
    check_signer,
    get_barred,
    get_weight,
    is_in_turn,
    is_meaningful,
    start,
)

WIGGLE: Final = 500 * MILLISECOND  # per signer: how long somebody out of turn waits at most (EIP-225)
DROP, ADD, CHECKPOINT = 0, 1, 2  # first byte of a proof; ours
Wishes = Mapping[str, tuple[Ballot, ...]]


@dataclass(frozen=True)
class Clique:
    """A `Proposer`; its state is what `signers` makes of a branch."""

    UNITS: ClassVar[Mapping[str, str]] = {}
    NUMBERS: ClassVar[Mapping[str, tuple[int, int]]] = {
        "spacing": (1, MOST_TIME),
        "wiggle": (0, MOST_TIME),
        "epoch": (1, MOST_TIME),
    }
    WORDS: ClassVar[Mapping[str, tuple[str, ...]]] = {}

    signers: tuple[str, ...] = ()
    spacing: Microseconds = 15 * SECOND  # BLOCK_PERIOD (EIP-225 suggests 15 seconds)
    wiggle: Microseconds = WIGGLE
    epoch: int = EPOCH  # blocks
    ballots: Wishes = field(default_factory=dict)  # signer -> what it wishes, most urgent first

    @classmethod
    def from_plain(cls, plain: Mapping[str, Any]) -> Self:
        """{"signers": ["ann", "bob"], "ballots": {"ann": [["cat", true]]}, ...}; true adds. ScenarioError."""
        return read_parameters(cls, {**plain, "signers": read_signers(plain), "ballots": read_ballots(plain)})

    def get_start(self) -> Signers:
        """The signers of the genesis."""
        return start(self.signers)

    def apply(self, state: Signers, parent: BlockEntry, block: Block) -> Signers:
        """RuleBroken by the rules of `signers`, or "time", "weight", "proof", and what `checks` asks."""
        check_block(parent, block, (block.proposer,))
        check_signer(state, block.proposer)
        if block.time < parent.header.time + self.spacing:
            wanted = parent.header.time + self.spacing
            raise RuleBroken("time", f"found {block.time}, wanted {wanted} or later")
        check_weight(block, get_weight(state, block.height, block.proposer))
        return apply_block(state, block.proposer, *read_proof(block.proof), self.epoch)

    def find_turn(
        self, state: Signers, parent: BlockEntry, who: str, after: Microseconds, luck: int
    ) -> Turn | None:
        """A period after the parent, out of turn a while later, by luck; None for who may not. O(signers)."""
        if who not in state.names or who in get_barred(state):
            return None
        height = parent.height + 1
        wait = 0 if is_in_turn(state, height, who) else self.find_wait(state, height, luck)
        at = max(parent.header.time + self.spacing + wait, after + 1)
        return Turn(at, get_weight(state, height, who), self.make_proof(state, height, who))

    def find_wait(self, state: Signers, height: int, luck: int) -> Microseconds:
        """1 to N * `wiggle`: each signer's own at each height, so that not all speak at the same time."""
        return 1 + to_below(draw(luck, height), max(1, len(state.names) * self.wiggle))

    def make_proof(self, state: Signers, height: int, who: str) -> bytes:
        """What goes into a block besides its signature."""
        if height % self.epoch == 0:
            return write_checkpoint(state.names)
        for wish in self.ballots.get(who, ()):
            if is_meaningful(state, wish) and (who, wish.target) not in state.ballots:
                return write_ballot(wish)
        return b""

    def get_shares(self, state: Signers) -> dict[str, int]:
        """One each."""
        return dict.fromkeys(state.names, 1)


def write_ballot(ballot: Ballot) -> bytes:
    """Wire: 0 to drop, 1 to add; a name."""
    kind = ADD if ballot.is_adding else DROP
    return write_unsigned("kind", kind, UNSIGNED_8) + write_text("target", ballot.target)


def write_checkpoint(names: tuple[str, ...]) -> bytes:
    """Wire: 2; names behind their count."""
    return write_unsigned("kind", CHECKPOINT, UNSIGNED_8) + write_list(
        "signers", (write_text("signer", name) for name in names)
    )


def read_proof(proof: bytes) -> tuple[Ballot | None, tuple[str, ...] | None]:
    """A ballot, or a checkpoint's signers, or neither. RuleBroken "proof" for what is none of them."""
    if not proof:
        return None, None
    reader = Reader(proof)
    try:
        kind = reader.unsigned("kind", UNSIGNED_8)
        if kind == CHECKPOINT:
            names = read_list(reader, "signers", read_text, most=MOST_SIGNERS)
            reader.check_end("proof")
            return None, names
        if kind not in (DROP, ADD):
            raise DecodeError(f"kind: found {kind}, wanted 0 to 2")
        ballot = Ballot(read_text(reader, "target"), kind == ADD)
        reader.check_end("proof")
    except DecodeError as fault:
        raise RuleBroken("proof", str(fault)) from None
    return ballot, None


def read_ballots(plain: Mapping[str, Any]) -> Wishes:
    """Who wishes what, from a scenario. ScenarioError."""
    table = plain.get("ballots", {})
    if not isinstance(table, Mapping) or not all(map(is_wish_list, table.values())):
        wanted = 'accepted: names and lists of wishes, as {"ann": [["cat", true]]}; true adds, false drops'
        raise ScenarioError(f"{WHERE}.ballots", f"found {table!r}, {wanted}")
    return {who: tuple(Ballot(*wish) for wish in wishes) for who, wishes in table.items()}


def is_wish_list(wishes: Any) -> bool:
    """A list of pairs of a name and yes or no."""
    return isinstance(wishes, list | tuple) and all(
        isinstance(wish, list | tuple) and [str, bool] == list(map(type, wish)) for wish in wishes
    )
