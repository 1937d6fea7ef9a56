"""Every decision of the capstone, emptied or weakened one at a time: which invariant finds it, in a question.

A question about one decision plays five worlds. So a mistake that none of these finds could be handed in.
"""

import pytest
from support.toy_mutants import MUTANTS

from blockchain_lab.course.l18_checking import check_worlds
from blockchain_lab.course.l18_tasks import FEW
from blockchain_lab.layers.toy_faulty import FAULTS

FOUND_BY = {  # which invariant breaks first
    "BelievesAll": "real votes",
    "BelievesNobody": "liveness",
    "BelievesPayments": "authority",
    "BelievesBlocks": "leadership",
    "BelievesVotes": "real votes",
    "LedByNobody": "liveness",
    "LedByHeight": "turns",
    "LedWithoutStake": "turns",
    "LedWithoutSeed": "turns",
    "LedByMe": "turns",
    "AllValid": "leadership",
    "NoneValid": "liveness",
    "NoSlot": "order",
    "NoTurn": "leadership",
    "NoSignatures": "authority",
    "NoCoins": "validity",
    "EachAlone": "liveness",
    "PaymentsOnly": "leadership",
    "DropsEarly": "counting",
    "KeepsOneEarly": "counting",
    "SettlesNothing": "settling",
    "SettlesFirst": "settling",
    "SettlesAll": "settling",
    "SettlesKnown": "stands",
    "DropsGap": "liveness",
    "KeepsGap": "liveness",
    "AsksGap": "keeping",
    "AsksStrangers": "liveness",
    "VotesTwice": "once",
    "ProposesTwice": "once",
}


@pytest.mark.parametrize("name", MUTANTS)
def test_it_is_found_in_the_worlds_of_a_question(name: str) -> None:
    """By the invariant that says what was forgotten."""
    failed = check_worlds(MUTANTS[name], FEW, stop_at_first=True).failed

    assert failed is not None, "it could be handed in"
    assert FOUND_BY[name] == failed.first.invariant


def test_the_table_is_whole() -> None:
    """Each mutant has its line; each decision has an empty one and a weak one at least."""
    spoilt = [name for kind in MUTANTS.values() for name in FAULTS if name in vars(kind)]

    assert list(FOUND_BY) == list(MUTANTS)
    assert set(FAULTS) == set(spoilt)
    assert all(spoilt.count(name) >= 2 for name in FAULTS)
