"""Those who wait for something to happen, and look again after every event."""

import asyncio


class Waiting:
    """Shared by all hosts of a network: whatever happens to one may be what somebody waits for."""

    def __init__(self) -> None:
        """Nobody waits."""
        self._futures: set[asyncio.Future[None]] = set()

    def wake(self) -> None:
        """Something has happened."""
        for future in self._futures:
            if not future.done():
                future.set_result(None)

    async def next(self) -> None:
        """Wait for the next event."""
        future = asyncio.get_running_loop().create_future()
        self._futures.add(future)
        try:
            await future
        finally:
            self._futures.discard(future)
