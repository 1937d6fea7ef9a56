"""What some tests need beyond Python packages: a browser, Node.js, a real Bitcoin node.

On a developer's machine a test without it skips and says what to install. Where BLOCKCHAIN_LAB_REQUIRE_ALL
is 1 (in CI), it fails: nothing may be skipped there unnoticed.
"""

import os

import pytest


def require(found: object, what_to_do: str) -> None:
    """Go on if `found`. Else skip, or fail where everything is required; `what_to_do` is one line."""
    if found:
        return
    if os.environ.get("BLOCKCHAIN_LAB_REQUIRE_ALL") == "1":
        pytest.fail(what_to_do, pytrace=False)
    pytest.skip(what_to_do, allow_module_level=True)
