"""Many who want the same at once: who asks too late gets a look of her own, and whoever waits looks again."""

import asyncio
from collections.abc import Collection

import pytest

from server.db.together import Gathered, Together, Turns


class Looks:
    """Work that waits until it is told to go on, and counts."""

    def __init__(self) -> None:
        self.begun = 0
        self.go_on = asyncio.Event()

    async def look(self, key: str) -> str:
        self.begun += 1
        number = self.begun
        await self.go_on.wait()
        return f"{key} {number}"


async def begun(looks: Looks, count: int) -> None:
    while looks.begun < count:
        await asyncio.sleep(0)


async def test_whoever_asks_while_a_look_is_under_way_shares_the_next_one() -> None:
    looks = Looks()
    together = Together(looks.look)
    first = asyncio.create_task(together.ask("bed"))
    await begun(looks, 1)
    late = [asyncio.create_task(together.ask("bed")) for _ in range(5)]
    other = asyncio.create_task(together.ask("ward"))
    await begun(looks, 2)
    looks.go_on.set()
    assert await first == "bed 1"
    assert await other == "ward 2"
    assert {await task for task in late} == {"bed 3"}
    assert await together.ask("bed") == "bed 4"


async def test_everybody_who_waits_hears_why_a_look_failed_and_the_next_is_another() -> None:
    fails = [True, False]

    async def look(key: str) -> str:
        if fails.pop(0):
            raise ValueError(key)
        return key

    together = Together(look)
    results = await asyncio.gather(*(together.ask("bed") for _ in range(3)), return_exceptions=True)
    assert [str(result) for result in results] == ["bed"] * 3
    assert all(isinstance(result, ValueError) for result in results)
    assert await together.ask("bed") == "bed"


async def test_one_who_goes_away_takes_nobodys_look_with_her() -> None:
    looks = Looks()
    together = Together(looks.look)
    gone, stays = (asyncio.create_task(together.ask("bed")) for _ in range(2))
    await begun(looks, 1)
    gone.cancel()
    with pytest.raises(asyncio.CancelledError):
        await gone
    looks.go_on.set()
    assert await stays == "bed 1"


async def test_keys_that_wait_are_looked_up_at_once_and_a_late_one_with_the_next() -> None:
    asked: list[set[str]] = []
    go_on = asyncio.Event()

    async def look(keys: Collection[str]) -> dict[str, str]:
        asked.append(set(keys))
        await go_on.wait()
        return {key: key.upper() for key in keys if key != "nobody"}

    gathered = Gathered(look)
    early = [asyncio.create_task(gathered.ask(key)) for key in ("a", "b", "a", "nobody")]
    while not asked:
        await asyncio.sleep(0)
    late = asyncio.create_task(gathered.ask("a"))
    await asyncio.sleep(0)
    go_on.set()
    assert await asyncio.gather(*early) == ["A", "B", "A", None]
    assert await late == "A"
    assert asked == [{"a", "b", "nobody"}, {"a"}]


async def test_a_turn_is_ones_own_and_its_end_is_told_to_all_who_wait_even_when_it_failed() -> None:
    turns = Turns()
    waiting: list[asyncio.Task[bool]] = []

    async def refused() -> None:
        async with turns.take("bed"):
            waiting.extend(asyncio.create_task(turns.has_waited("bed")) for _ in range(3))
            await asyncio.sleep(0)
            assert not any(task.done() for task in waiting)
            assert not await turns.has_waited("ward")
            raise ValueError("refused")

    assert not await turns.has_waited("bed")
    with pytest.raises(ValueError, match="refused"):
        await refused()
    assert [await task for task in waiting] == [True] * 3
    assert not await turns.has_waited("bed")
