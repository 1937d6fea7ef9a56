"""Runs an asynchronous test to its end, in a loop of its own that reports what was never awaited."""

import asyncio
from collections.abc import Callable, Coroutine
from functools import wraps
from typing import Any

PATIENCE = 60  # seconds; not a measurement, only the end of a test that hangs


def in_loop(test: Callable[..., Coroutine[Any, Any, None]]) -> Callable[..., None]:
    """Make an `async def` test an ordinary one. A fault in a forgotten task fails it as well."""

    @wraps(test)
    def run(*args: Any, **kwargs: Any) -> None:
        forgotten: list[dict[str, Any]] = []

        async def bounded() -> None:
            asyncio.get_running_loop().set_exception_handler(lambda _, context: forgotten.append(context))
            async with asyncio.timeout(PATIENCE):
                await test(*args, **kwargs)

        asyncio.run(bounded())
        assert [] == forgotten

    return run
