"""Proof of work in numbers: how sure is a payment, and how much does a selfish pool earn?

The formulas stand with the races and the state machine that they are about, in `chain.races` and
`chain.selfish_mining`; here are the two questions of a lecture under their short names. A share of stake
races as a share of hash power does, so 51 % of stake are asked in the same way. Floats: nothing in an engine
may depend on them.
"""

from typing import Final

from blockchain_lab.base.errors import UsageError
from blockchain_lab.chain.races import Success, compute_success, compute_success_as_nakamoto
from blockchain_lab.chain.selfish_mining import compute_revenue

MODELS: Final[dict[str, Success]] = {
    "nakamoto": compute_success_as_nakamoto,  # Bitcoin paper (2008), section 11
    "rosenfeld": compute_success,  # arXiv 1402.2009, exact for memoryless races
}


def attacker_success(q: float, z: int, model: str = "nakamoto") -> float:
    """The chance that a share `q` of the power overtakes a payment with `z` confirmations. UsageError."""
    if model not in MODELS:
        raise UsageError(f"model: found {model!r}, accepted: {', '.join(MODELS)}")
    return MODELS[model](q, z)


def selfish_revenue(alpha: float, gamma: float) -> float:
    """A selfish pool's share of blocks, with `alpha` of the power and the help of `gamma` in a tie."""
    return compute_revenue(alpha, gamma)


def chance_of_a_row(share: float, length: int) -> float:
    """The chance that a share of stake or power makes so many blocks in a row: 0.51 and 6 give 1.8 %."""
    if not 0 <= share <= 1 or length < 0:
        raise UsageError(f"found share {share} and length {length}, wanted 0 to 1 and 0 or more")
    return share**length
