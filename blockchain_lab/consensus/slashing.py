"""The two commandments of Casper FFG: which pair of votes costs a validator its deposit.

    I   double vote     two votes for targets of one height
    II  surround vote   one vote's span lies strictly inside the other's:  s1 < s2 < t2 < t1

        s1 ·───────────────────· t1      heights of checkpoints, epochs
              s2 ·──────· t2

Each commandment needs both signatures and nothing else: no clock, no tree, no knowledge of which branch won.
Sources do not agree on the edges, so a rule set is named:

    paper      two distinct votes (Buterin, Griffith, arXiv 1710.09437v4)
    contract   as the Casper contract's `slashable`: an inner vote with s2 == t2 counts, too; its own test
               `test_slash_no_surround` slashes for one
    models     as the proofs checked by machine (Coq, Lean): two votes for one and the same target
               are no double vote

What it costs says `penalties`; who may be slashed says `ffg`.
"""

from typing import Final, Literal

from blockchain_lab.base.errors import UsageError
from blockchain_lab.consensus.errors import RuleBroken
from blockchain_lab.consensus.vote import Vote

__all__ = ["RULE_SETS", "Offence", "RuleSet", "Vote", "check_heights", "slashable"]

RuleSet = Literal["paper", "contract", "models"]
Offence = Literal["double", "surround"]
RULE_SETS: Final[tuple[RuleSet, ...]] = ("paper", "contract", "models")


def slashable(first: Vote, second: Vote, rules: RuleSet = "paper") -> Offence | None:
    """Which commandment these two votes break together, whatever their order; None when they break none.

    RuleBroken for a vote that is none (`check_heights`), UsageError for an unknown rule set. A pair that
    breaks both commandments cannot be: the second asks for different heights of targets.
    """
    if rules not in RULE_SETS:
        raise UsageError(f"rules: found {rules!r}, accepted: {', '.join(RULE_SETS)}")
    for vote in (first, second):
        check_heights(vote, rules)
    if first.validator != second.validator or first == second:
        return None
    if is_double(first, second, rules):
        return "double"
    if is_surrounding(first, second) or is_surrounding(second, first):
        return "surround"
    return None


def check_heights(vote: Vote, rules: RuleSet = "paper") -> None:
    """RuleBroken "heights" unless the source is below the target, and no height below 0.

    The contract never asks, when it slashes, whether a vote spans anything; a span that runs backwards has
    no meaning for it either.
    """
    least_span = 0 if rules == "contract" else 1  # epochs
    if not 0 <= vote.source_height <= vote.target_height - least_span:
        detail = f"{vote.validator} votes from {vote.source_height} to {vote.target_height}"
        raise RuleBroken("heights", f"{detail}, wanted a source below its target")


def is_double(first: Vote, second: Vote, rules: RuleSet) -> bool:
    """Commandment I, for two distinct votes of one validator."""
    if rules == "models" and first.target == second.target:
        return False
    return first.target_height == second.target_height


def is_surrounding(outer: Vote, inner: Vote) -> bool:
    """Commandment II, for votes whose sources are not above their targets."""
    return outer.source_height < inner.source_height and inner.target_height < outer.target_height
