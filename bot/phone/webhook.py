"""Posting updates to the bot's webhook, with Telegram's order and patience."""

import asyncio
import json
import random
import time
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Any

import aiohttp

from bot.phone.errors import ApiError, Cut
from bot.phone.params import Params
from bot.phone.updates import Pending, Webhook
from bot.phone.world import World

ANSWER_WITHIN = aiohttp.ClientTimeout(total=60)
LONGEST_RETRY_AFTER = 3600  # seconds that Telegram honours
SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"
Answer = Callable[[str, Params], Awaitable[tuple[int, dict[str, Any]]]]


class Poster:
    """Posts what is pending: side by side up to the limit, strictly one after the other within a queue.

    `answer` runs the method that a webhook's own answer may carry.
    """

    def __init__(self, world: World, answer: Answer) -> None:
        self.world = world
        self.answer = answer
        self._task: asyncio.Task[None] | None = None
        self._busy: dict[str, asyncio.Task[None]] = {}

    def start(self) -> None:
        """Begin posting, unless that has begun."""
        if self._task is None or self._task.done():
            self._task = asyncio.create_task(self._run())

    async def _run(self) -> None:
        updates = self.world.updates
        async with aiohttp.ClientSession(timeout=ANSWER_WITHIN) as session:
            while not updates.closed:
                if updates.webhook:
                    updates.drop_expired()
                    self._post_due(session, updates.webhook)
                await updates.bell.wait(self._until_next())
            for task in self._busy.values():
                task.cancel()

    def _post_due(self, session: aiohttp.ClientSession, hook: Webhook) -> None:
        passed = set(self._busy)
        now = time.monotonic()
        for pending in self.world.updates.pending.values():
            if len(self._busy) >= hook.most:
                return
            if pending.queue in passed:
                continue
            passed.add(pending.queue)
            if pending.not_before <= now:
                self._busy[pending.queue] = asyncio.create_task(self._post(session, hook, pending))

    def _until_next(self) -> float | None:
        """Return the seconds until a postponed update is due again, None when there is none.

        What is overdue waits for its queue, whose end rings the bell.
        """
        now = time.monotonic()
        later = [pending.not_before for pending in self.world.updates.pending.values() if pending.not_before > now]
        return min(later) - now if later else None

    async def _post(self, session: aiohttp.ClientSession, hook: Webhook, pending: Pending) -> None:
        headers = {SECRET_HEADER: hook.secret} if hook.secret else {}
        try:
            async with session.post(hook.url, json=pending.update, headers=headers) as response:
                body = await response.read()
                if response.ok:
                    self.world.updates.confirm(pending)
                    await self._run_answer(body)
                else:
                    wrong = f"Wrong response from the webhook: {response.status} {response.reason}"
                    self._postpone(hook, pending, wrong, response.headers.get("Retry-After", ""))
        except (aiohttp.ClientError, TimeoutError) as error:
            self._postpone(hook, pending, f"Connection failed: {type(error).__name__}", "")
        finally:
            self._busy.pop(pending.queue, None)
            self.world.updates.bell.ring()

    def _postpone(self, hook: Webhook, pending: Pending, why: str, retry_after: str) -> None:
        """Try again: at once, then after 1, 2, 4, ... seconds up to a random one or two minutes, or as told."""
        hook.last_error, hook.last_error_date = why, int(self.world.now())
        wait = 0.0 if pending.attempts == 0 else min(2.0 ** (pending.attempts - 1), random.uniform(60, 120))
        if retry_after.isdigit():
            wait = min(int(retry_after), LONGEST_RETRY_AFTER)
        pending.attempts += 1
        pending.not_before = time.monotonic() + wait

    async def _run_answer(self, body: bytes) -> None:
        """Run the one method call that a 2xx answer may carry; its result goes nowhere."""
        if not body.lstrip().startswith(b"{"):
            return
        try:
            values = json.loads(body)
        except ValueError:
            return
        if isinstance(values, dict) and "method" in values:
            with suppress(ApiError, Cut):
                await self.answer(str(values.pop("method")), Params(values))
