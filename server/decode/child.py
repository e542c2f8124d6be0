"""One decode child: limits first, then one job after the other from stdin, answers to stdout.

It may die at any moment and be replaced (decisions 3); nothing depends on what it remembers.
"""

import os
import resource
import sys
import warnings
from collections.abc import Callable, Mapping
from typing import Any

from server.decode import wire
from server.decode.check import check

Job = Callable[..., tuple[Mapping[str, Any], bytes]]

MEMORY = 2 << 30  # bytes of address space
SECONDS = 10  # of CPU for one job


def main() -> None:
    """Serve jobs until stdin closes."""
    _limit()
    pipe = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what a codec prints must not end up between our messages
    warnings.simplefilter("ignore")
    while (message := wire.read(sys.stdin.buffer)) is not None:
        _allow_seconds()
        pipe.write(_answer(message).encode())
        pipe.flush()


def _limit() -> None:
    for kind, value in (
        (resource.RLIMIT_AS, MEMORY),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_NOFILE, 128),
    ):
        hard = resource.getrlimit(kind)[1]
        wanted = value if hard == resource.RLIM_INFINITY else min(value, hard)
        resource.setrlimit(kind, (wanted, wanted))


def _allow_seconds() -> None:
    """Give the next job its seconds of CPU; beyond them the kernel ends this process (SIGXCPU)."""
    usage = resource.getrusage(resource.RUSAGE_SELF)
    _, hard = resource.getrlimit(resource.RLIMIT_CPU)
    resource.setrlimit(resource.RLIMIT_CPU, (int(usage.ru_utime + usage.ru_stime) + 1 + SECONDS, hard))


def _job(name: str) -> Job | None:
    """Return the work of that name; numpy and the codecs load under the limits, and only where they are needed."""
    if name == "check":
        return check
    from server.decode.jobs import JOBS  # noqa: PLC0415

    return JOBS.get(name)


def _answer(message: wire.Message) -> wire.Message:
    fields = dict(message.fields)
    job = _job(str(fields.pop("job", "")))
    if job is None:
        return wire.Message({"ok": False, "detail": "no such job"})
    try:
        found, body = job(**fields)
    except Exception as error:  # noqa: BLE001  # hostile bytes raise anything; the owner is told and the child goes on
        return wire.Message({"ok": False, "detail": f"{type(error).__name__}: {error}"[:300]})
    return wire.Message({"ok": True} | dict(found), body)
