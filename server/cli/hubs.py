"""What every chore needs: a hub of its own for the time of one command, and a line to the terminal."""

import asyncio
import sys
from collections.abc import Callable, Coroutine
from typing import Any

from server.bootstrap import Hub, open_hub
from server.settings import Loaded


def with_hub(loaded: Loaded, work: Callable[[Hub], Coroutine[Any, Any, int]]) -> int:
    """Run a chore on a hub of its own."""

    async def body() -> int:
        hub = open_hub(loaded.settings)
        try:
            return await work(hub)
        finally:
            await hub.close()

    return asyncio.run(body())


def say(text: str) -> None:
    """Print a line for the person at the terminal."""
    sys.stdout.write(text + "\n")
