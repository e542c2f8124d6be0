"""The worker process: Celery's threads beside one loop that relays, watches deadlines and seals the audit."""

import asyncio
import warnings
from collections.abc import Awaitable, Callable

import structlog
from celery.exceptions import SecurityWarning
from redis.exceptions import RedisError

from server.bootstrap import NUDGE, OWING, Hub, open_hub
from server.settings import Settings
from server.tasks import bridge, deadlines, office, outbox
from server.tasks.app import configure
from server.workflows import audit as audit_workflow
from server.workflows.delivery import Send
from server.workflows.viewing import WALK_BATCH, walk_new

log = structlog.get_logger()
GATHER = 0.04  # seconds after a nudge in which more of them count as one
THREADS = 4
OPTIONS = (
    "--pool=threads",
    "--loglevel=WARNING",
    "--without-mingle",
    "--without-gossip",
    "--without-heartbeat",
    "--hostname=lutong@%h",
)
IDLE = 0.5  # seconds between polls without a nudge
WALK_IDLE = 2.0


class Worker:
    """One worker's hub and its periodic duties."""

    def __init__(self, hub: Hub) -> None:
        self.hub = hub
        self._wake = asyncio.Event()

    async def handle(self, event_id: str, handler: str) -> None:
        """Run one handler of one event, then look at once for what it caused."""
        await outbox.handle(self.hub, event_id, handler)
        self._wake.set()

    async def run(self) -> None:
        """Do the duties until cancelled; one that fails is logged and tried again."""
        async with asyncio.TaskGroup() as group:
            group.create_task(self._listen())
            group.create_task(self._repeat("relay", lambda: outbox.relay(self.hub), IDLE))
            group.create_task(self._repeat("deadlines", lambda: deadlines.act_on_due(self.hub), IDLE))
            group.create_task(self._repeat("office", lambda: office.work(self.hub), IDLE))
            group.create_task(self._repeat("walk", self._walk, WALK_IDLE, wakes=False))
            group.create_task(self._repeat("seal", self._seal, IDLE, wakes=False))

    async def _walk(self) -> int:
        """Walk objects that were acknowledged and that no decode child has seen yet (decisions 7)."""
        hub = self.hub
        walked = await walk_new(lambda: hub.unit_of_work(read=True), hub.unit_of_work, hub.store, hub.walker)
        return walked // WALK_BATCH  # what is left waits with what comes meanwhile

    async def _seal(self) -> int:
        async with self.hub.unit_of_work(read=True) as uow:
            if not await uow.audit_trail.count_unsealed():
                return 0
        sealed = await audit_workflow.seal(self.hub.unit_of_work, self.hub.anchors, now=self.hub.clock.now())
        return sealed // audit_workflow.BATCH

    async def _repeat(self, name: str, duty: Callable[[], Awaitable[int]], idle: float, *, wakes: bool = True) -> None:
        while True:
            try:
                busy = await duty()
            except Exception:  # the loop outlives a database that is away (R08)
                log.exception("duty.failed", duty=name)
                busy = 0
            if not busy:
                await (self._wait(idle) if wakes else asyncio.sleep(idle))

    async def _wait(self, idle: float) -> None:
        try:
            async with asyncio.timeout(idle):
                await self._wake.wait()
        except TimeoutError:
            return
        await asyncio.sleep(GATHER)
        self._wake.clear()

    async def _listen(self) -> None:
        while True:
            try:
                async with self.hub.redis.pubsub(ignore_subscribe_messages=True) as channel:
                    await channel.subscribe(NUDGE)
                    while True:
                        message = await channel.get_message(timeout=30)
                        if message is not None and message["data"] == OWING:
                            self._wake.set()
            except (OSError, TimeoutError, RedisError):
                await asyncio.sleep(1)


def serve(settings: Settings, send: Send | None = None) -> None:
    """Run a worker until SIGTERM: the loop in its thread, Celery in the main one; `send` is its C-STORE."""
    warnings.filterwarnings("ignore", category=SecurityWarning)  # root in a container is the operator's choice
    ready = bridge.start_loop(lambda: _main(settings, send))
    try:
        configure(settings).worker_main(["--quiet", "worker", f"--concurrency={THREADS}", *OPTIONS])
    finally:
        ready()


async def _main(settings: Settings, send: Send | None) -> None:
    hub = open_hub(settings)
    hub.office.send = send
    worker = Worker(hub)
    bridge.serve(worker.handle)
    try:
        await worker.run()
    finally:
        await hub.close()
