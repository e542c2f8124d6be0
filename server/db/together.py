"""Many who want the same at once: one look for all who asked before it began, and one turn after the other."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Mapping
from contextlib import asynccontextmanager
from typing import Generic, TypeVar

K = TypeVar("K")
V = TypeVar("V")


class Together(Generic[K, V]):
    """Does the work on a key once for all who wait for it, and shows nobody what was begun before she asked.

    Parameters
    ----------
    work
        Called with the key; one at a time for each.
    """

    def __init__(self, work: Callable[[K], Awaitable[V]]) -> None:
        self._work = work
        self._next: dict[K, asyncio.Task[V]] = {}
        self._running: dict[K, asyncio.Task[V]] = {}

    async def ask(self, key: K) -> V:
        """Return what the next run of the work gives, or raise what it raises."""
        task = self._next.get(key)
        if task is None:
            task = asyncio.create_task(self._run(key, self._running.get(key)), name="together")
            self._next[key] = task
        return await asyncio.shield(task)  # others wait for it too

    async def _run(self, key: K, before: "asyncio.Task[V] | None") -> V:
        if before is not None:
            await asyncio.wait([before])
        mine = self._running[key] = self._next.pop(key)  # whoever asks from here on asks too late for this one
        try:
            return await self._work(key)
        finally:
            if self._running[key] is mine:
                del self._running[key]


class Gathered(Generic[K, V]):
    """One look for many keys at once: whoever asks for any is answered by the next, and fails with it.

    Parameters
    ----------
    look
        Called with all keys that wait; returns what there is of them.
    """

    def __init__(self, look: Callable[[Collection[K]], Awaitable[Mapping[K, V]]]) -> None:
        self._look = look
        self._wanted: set[K] = set()
        self._together: Together[None, Mapping[K, V]] = Together(self._at_all)

    async def ask(self, key: K) -> V | None:
        """Return what a look that begins after this shows of one key."""
        self._wanted.add(key)
        return (await self._together.ask(None)).get(key)

    async def _at_all(self, _: None) -> Mapping[K, V]:
        wanted, self._wanted = self._wanted, set()
        return await self._look(wanted)


class Turns:
    """One at a time for each key; whoever finds it taken waits, and is told to look again."""

    def __init__(self) -> None:
        self._taken: dict[str, asyncio.Event] = {}

    async def has_waited(self, key: str) -> bool:
        """Wait while somebody has the turn; False when nobody has."""
        event = self._taken.get(key)
        if event is None:
            return False
        await event.wait()
        return True

    @asynccontextmanager
    async def take(self, key: str) -> AsyncIterator[None]:
        """Have the turn inside the block; alone, when `has_waited` said False just before."""
        event = self._taken.setdefault(key, asyncio.Event())
        try:
            yield
        finally:
            event.set()
            if self._taken.get(key) is event:
                del self._taken[key]
