"""Waiting for something to happen, without polling."""

import asyncio


class Bell:
    """Wakes everyone who waits at that moment. Bound to no event loop until somebody waits."""

    def __init__(self) -> None:
        self._waiting: set[asyncio.Future[None]] = set()

    def ring(self) -> None:
        """Wake all who wait now; who comes later waits for the next ring."""
        for waiter in self._waiting:
            if not waiter.done():
                waiter.set_result(None)
        self._waiting.clear()

    async def wait(self, seconds: float | None) -> bool:
        """Wait for the next ring, at most so many seconds (None: for ever); return whether it rang."""
        waiter: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.add(waiter)
        try:
            async with asyncio.timeout(seconds):
                await waiter
        except TimeoutError:
            return False
        finally:
            self._waiting.discard(waiter)
        return True
