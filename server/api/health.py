"""Liveness, readiness and metrics; readiness names what is missing."""

import asyncio
import shutil
import time
from pathlib import Path

from aiohttp import web
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from redis.exceptions import RedisError

from server.api.endpoint import Answer, Call, Routes, View
from server.api.problems import BadRequest

routes = Routes("health")

LEAST_FREE = 16 << 20  # bytes; with less a volume is full
STARTED = time.monotonic()


class Health(View):
    """That the process answers, and the server's time (the browser's clock sets itself by it)."""

    status: str
    now: str


class Readiness(View):
    """What the hub needs and whether it is there."""

    status: str
    checks: dict[str, str]


@routes.get("/healthz", answer=Health, transaction="none", public=True)
async def healthz(call: Call) -> Health:
    """Say that this process is alive."""
    return Health(status="ok", now=call.now.isoformat())


@routes.get("/readyz", answer=Readiness, transaction="none", public=True)
async def readyz(call: Call) -> Answer:
    """Say whether the database, Redis, the object store and its disks are there; 503 names what is not."""
    names = ("database", "redis", "storage", "disk")
    probes = (_database(call), _redis(call), _storage(call), _disk(call))
    checks = dict(zip(names, await asyncio.gather(*probes), strict=True))
    ready = all(state == "ok" for state in checks.values())
    return Answer(Readiness(status="ready" if ready else "unready", checks=checks), status=200 if ready else 503)


@routes.get("/metrics", transaction="none", public=True)
async def metrics(call: Call) -> web.Response:
    """Give Prometheus its text; from this machine only (decisions 16)."""
    if call.request.remote not in {"127.0.0.1", "::1", None}:
        raise BadRequest("LOOPBACK_ONLY", "/metrics 只对本机开放", status=403)
    return web.Response(body=generate_latest(), headers={"Content-Type": CONTENT_TYPE_LATEST})


async def _database(call: Call) -> str:
    return await call.hub.database.ping()


async def _redis(call: Call) -> str:
    try:
        async with asyncio.timeout(3):
            await call.hub.redis.ping()
    except (OSError, TimeoutError, RedisError) as error:
        return f"unreachable: {type(error).__name__}"
    return "ok"


async def _storage(call: Call) -> str:
    folder = call.hub.settings.objects_path
    return "ok" if await asyncio.to_thread(folder.is_dir) else f"missing: {folder.name}"


async def _disk(call: Call) -> str:
    """Name the volumes that are full (R05)."""
    settings = call.hub.settings
    folders = {"data": settings.data_path, "objects": settings.objects_path}
    full = [name for name, folder in folders.items() if await asyncio.to_thread(_is_full, folder)]
    return f"full: {', '.join(full)}" if full else "ok"


def _is_full(folder: Path) -> bool:
    try:
        return shutil.disk_usage(folder).free < LEAST_FREE
    except OSError:  # not there: `storage` says so
        return False
