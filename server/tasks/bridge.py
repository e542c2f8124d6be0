"""Where Celery's threads meet the worker's one event loop; nothing else crosses threads like this."""

import asyncio
import threading
from collections.abc import Callable, Coroutine
from concurrent.futures import Future
from typing import Any, TypeVar

TIME_LIMIT = 110.0  # seconds a task may take; shorter than the broker's visibility timeout

T = TypeVar("T")

_loop: asyncio.AbstractEventLoop | None = None
_handle: Callable[[str, str], Coroutine[Any, Any, None]] | None = None


def start_loop(main: Callable[[], Coroutine[Any, Any, None]]) -> Callable[[], None]:
    """Run `main()` on a loop of its own in a thread; return a function that ends it and waits."""
    started: Future[tuple[asyncio.AbstractEventLoop, asyncio.Task[None]]] = Future()

    def run() -> None:
        async def body() -> None:
            task = asyncio.create_task(main(), name="worker loop")
            started.set_result((asyncio.get_running_loop(), task))
            await asyncio.gather(task, return_exceptions=True)

        asyncio.run(body())

    thread = threading.Thread(target=run, name="worker loop", daemon=True)
    thread.start()
    loop, task = started.result(timeout=30)
    globals()["_loop"] = loop

    def stop() -> None:
        loop.call_soon_threadsafe(task.cancel)
        thread.join(timeout=10)

    return stop


def serve(handle: Callable[[str, str], Coroutine[Any, Any, None]]) -> None:
    """Name the coroutine function that does a task's work on the loop."""
    globals()["_handle"] = handle


def work(event_id: str, handler: str) -> None:
    """Do one handler's work for one event; called from a task's thread.

    Raises
    ------
    RuntimeError
        When the worker does not serve yet; the outbox sends the task again.
    """
    if _handle is None:
        msg = "the worker does not serve yet"
        raise RuntimeError(msg)
    run(_handle(event_id, handler))


def run(work: Coroutine[Any, Any, T]) -> T:
    """Run a coroutine on the worker's loop from a task's thread and wait for it.

    Raises
    ------
    RuntimeError
        When the worker has no loop.
    TimeoutError
        After `TIME_LIMIT` seconds; the work is cancelled and its transaction rolled back.
    """
    if _loop is None:
        work.close()
        msg = "the worker's loop has not been started"
        raise RuntimeError(msg)
    return asyncio.run_coroutine_threadsafe(asyncio.wait_for(work, TIME_LIMIT), _loop).result()
