"""A plan says how blocks are told; a word for it is as good as the name in the code."""

import pytest

from blockchain_lab.base.errors import UsageError
from blockchain_lab.scale.plan import Plan, Relay


@pytest.mark.parametrize("relay", Relay)
def test_the_word_for_a_way_to_relay_is_that_way(relay: Relay) -> None:
    """Executors ask which way it is, and a mere text would be none of them."""
    assert relay is Plan(relay=str(relay)).relay


@pytest.mark.parametrize("found", ["flood", "", None, ["push"]])
def test_a_way_to_relay_that_nobody_knows_is_refused(found: object) -> None:
    """With what was found, and with all that there is."""
    with pytest.raises(UsageError, match=r"plan\.relay: found .*, wanted one of inventory, headers"):
        Plan(relay=found)
