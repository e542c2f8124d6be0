"""The pool of decode children: bounded, replaced when one dies or takes too long (decisions 3, 7)."""

import asyncio
import json
import os
import sys
from asyncio.subprocess import DEVNULL, PIPE, Process
from pathlib import Path
from typing import Any

from dicom.errors import NotDecodable
from server.decode import wire

ROOT = Path(__file__).resolve().parents[2]
COMMAND = (sys.executable, "-m", "server.decode", "lutong", "decode")
ENVIRONMENT = {"LANG": "C.UTF-8", "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "PYTHONDONTWRITEBYTECODE": "1"}
SECONDS = 20.0  # of waiting for one job; its CPU is limited to less
CHILDREN = 2
REST = 60.0  # seconds without a job after which a child is ended: a hub at rest holds none


class DecodePool:
    """Children of this process that decode; started when first needed, never more than `size`.

    Parameters
    ----------
    seconds
        How long one job may take.
    nice
        How far the children stand back when others want the processor.
    rest
        How long a child without a job is kept.
    """

    def __init__(self, size: int = CHILDREN, *, seconds: float = SECONDS, nice: int = 0, rest: float = REST) -> None:
        self._idle: asyncio.LifoQueue[Process | None] = asyncio.LifoQueue()
        for _ in range(size):
            self._idle.put_nowait(None)
        self._seconds, self._nice, self._rest = seconds, nice, rest
        self._alive: set[Process] = set()
        self._resting: dict[Process, asyncio.TimerHandle] = {}

    async def run(self, job: str, path: Path, **arguments: Any) -> wire.Message:
        """Let a child do one job on one object.

        Raises
        ------
        NotDecodable
            When it cannot be done, or the child died or was ended over it.
        """
        child = self._woken(await self._idle.get())
        try:
            async with asyncio.timeout(self._seconds):
                if child is None:
                    child = await self._start()
                answer = await _ask(child, wire.Message({"job": job, "path": str(path)} | arguments))
        except (TimeoutError, OSError, asyncio.IncompleteReadError, ValueError) as error:
            await self._end(child)
            child = None
            raise NotDecodable(f"the decoder gave up on {job}: {type(error).__name__}") from error
        except BaseException:  # a caller that went away leaves an answer in the pipe: that child is of no use
            await self._end(child)
            child = None
            raise
        finally:
            self._put_to_rest(child)
        if not answer.fields.get("ok"):
            raise NotDecodable(str(answer.fields.get("detail", "")))
        return answer

    def _woken(self, child: Process | None) -> Process | None:
        """Return a resting child that still lives."""
        timer = self._resting.pop(child, None) if child is not None else None
        if child is None or timer is None or child.returncode is not None:
            return None
        timer.cancel()
        return child

    def _put_to_rest(self, child: Process | None) -> None:
        if child is not None:
            self._resting[child] = asyncio.get_running_loop().call_later(self._rest, self._retire, child)
        self._idle.put_nowait(child)

    def _retire(self, child: Process) -> None:
        """End a child that nobody has needed for a while; its place in the queue starts another."""
        del self._resting[child]
        self._alive.discard(child)
        if child.returncode is None:
            child.kill()

    async def _start(self) -> Process:
        child = await asyncio.create_subprocess_exec(
            *(("nice", "-n", str(self._nice)) if self._nice else ()),
            *COMMAND,
            stdin=PIPE,
            stdout=PIPE,
            stderr=DEVNULL,
            cwd=ROOT,
            env=ENVIRONMENT | {"PATH": os.defpath},
            limit=1 << 20,
        )
        self._alive.add(child)
        return child

    async def _end(self, child: Process | None) -> None:
        if child is None:
            return
        self._alive.discard(child)
        if child.returncode is None:
            child.kill()
            await child.wait()

    async def close(self) -> None:
        """End every child."""
        for timer in self._resting.values():
            timer.cancel()
        self._resting.clear()
        for child in list(self._alive):
            await self._end(child)


async def _ask(child: Process, message: wire.Message) -> wire.Message:
    if child.stdin is None or child.stdout is None:
        raise OSError("a child without pipes")
    child.stdin.write(message.encode())
    await child.stdin.drain()
    text, body = wire.lengths(await child.stdout.readexactly(wire.HEAD.size))
    fields = json.loads(await child.stdout.readexactly(text))
    return wire.Message(fields, await child.stdout.readexactly(body) if body else b"")
