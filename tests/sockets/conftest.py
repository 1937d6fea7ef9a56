"""One bcoin for all tests that leave its memory pool empty: it takes seconds to start."""

import pytest
from support.bcoin_line import bcoin_with_coins


@pytest.fixture(scope="session")
def bcoin():
    """On the chain that `support.bcoin_line` describes, or on what earlier tests have put on top."""
    with bcoin_with_coins() as running:
        yield running
