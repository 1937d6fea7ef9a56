"""Columns of SimBlock latencies are those of `sim.formulas`, number by number, at all edges of the tables."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from blockchain_lab.scale.delays import compute_paretos
from blockchain_lab.sim.formulas import compute_pareto

POWERS = [(1 << power) + near for power in range(64) for near in (-2, -1, 0)]
EDGES = [bits for bits in POWERS if bits >= 0] + [2**64 - 2, 2**64 - 1]
MEANS = st.integers(0, 12_000) | st.integers(0, 1 << 30)


@given(mean=MEANS, bits=st.lists(st.integers(0, 2**64 - 1), max_size=5))
def test_a_column_of_latencies_is_the_latencies_one_by_one(mean: int, bits: list[int]) -> None:
    """Floats are used on the way for what they hold exactly; here nothing but whole numbers is."""
    bits = EDGES + bits
    means = np.full(len(bits), mean)

    expected = [compute_pareto(mean, one) for one in bits]

    assert expected == compute_paretos(means, np.array(bits, np.uint64)).tolist()
