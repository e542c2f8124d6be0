"""The worker process: Celery's threads beside one loop that relays, watches deadlines and seals the audit."""

import asyncio
import warnings
from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Any

import structlog
from celery.exceptions import SecurityWarning
from redis.exceptions import RedisError

from server.bootstrap import NUDGE, OWING, Hub, open_hub
from server.settings import Settings
from server.tasks import bridge, deadlines, office, outbox
from server.tasks.app import configure
from server.workflows import audit as audit_workflow
from server.workflows import registry, watch
from server.workflows.adt_outbox import Send as SendHl7
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
IDLE = 0.5  # seconds between looks without a nudge
WALK_IDLE = 2.0


class Duty:
    """One periodic duty: done when a look found something to do, and again for as long as it is busy."""

    def __init__(self, name: str, work: Callable[[], Awaitable[int]], pause: float = 0.0) -> None:
        self.name, self.waiting = name, asyncio.Event()
        self._work, self._pause = work, pause

    async def run(self) -> None:
        """Wait and work until cancelled; what fails is logged and tried again when it is seen again."""
        while True:
            await self.waiting.wait()
            try:
                busy = await self._work()
            except Exception:  # the loop outlives a database that is away (R08)
                log.exception("duty.failed", duty=self.name)
                busy = 0
            if not busy:
                self.waiting.clear()
                await asyncio.sleep(self._pause)


class Worker:
    """One worker's hub and its periodic duties."""

    def __init__(self, hub: Hub) -> None:
        self.hub = hub
        self._wake = asyncio.Event()
        self._watching = False
        self._duties = (
            Duty("relay", lambda: outbox.relay(hub)),
            Duty("deadlines", lambda: deadlines.act_on_due(hub)),
            Duty("office", lambda: office.work(hub)),
            Duty("seal", self._seal, IDLE),
            Duty("walk", self._walk, WALK_IDLE),
        )

    async def handle(self, event_id: str, handler: str) -> None:
        """Run one handler of one event, then look at once for what it caused."""
        await outbox.handle(self.hub, event_id, handler)
        self._wake.set()

    async def run(self) -> None:
        """Do the duties until cancelled; one that fails is logged and tried again."""
        async with asyncio.TaskGroup() as group:
            group.create_task(self._listen())
            for duty in self._duties:
                group.create_task(duty.run(), name=duty.name)
            while True:
                await self._look()
                await self._wait(IDLE)

    async def _look(self) -> None:
        """See in one query which duties have something to do."""
        now = self.hub.clock.now()
        await self._watch(now)

        async def ask(uow: Any) -> Any:
            return await uow.duties.waiting(now, resend=outbox.RESEND, long_work=registry.LONG_WORK.keys())

        try:
            waiting = await self.hub.unit_of_work(read=True).carry_out(ask)
        except Exception:  # the loop outlives a database that is away (R08)
            log.exception("duty.failed", duty="look")
            return
        for duty in self._duties:
            if getattr(waiting, duty.name):
                duty.waiting.set()

    async def _watch(self, now: datetime) -> None:
        """Begin to watch for what is nobody's, whoever prepared this database; tried again until it is written."""
        if self._watching:
            return
        try:
            async with self.hub.unit_of_work() as uow:
                await watch.plant(uow, now)
            self._watching = True
        except Exception:  # the loop outlives a database that is away (R08)
            log.exception("duty.failed", duty="watch")

    async def _walk(self) -> int:
        """Walk objects that were acknowledged and that no decode child has seen yet (decisions 7)."""
        hub = self.hub
        walked = await walk_new(lambda: hub.unit_of_work(read=True), hub.unit_of_work, hub.store, hub.walker)
        return walked // WALK_BATCH  # what is left waits with what comes meanwhile

    async def _seal(self) -> int:
        sealed = await audit_workflow.seal(self.hub.unit_of_work, self.hub.anchors, now=self.hub.clock.now())
        return sealed // audit_workflow.BATCH

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


def serve(settings: Settings, send: Send | None = None, send_hl7: SendHl7 | None = None) -> None:
    """Run a worker until SIGTERM: the loop in its thread, Celery in the main one.

    Parameters
    ----------
    send, send_hl7
        Its C-STORE, and its MLLP.
    """
    warnings.filterwarnings("ignore", category=SecurityWarning)  # root in a container is the operator's choice
    ready = bridge.start_loop(lambda: _main(settings, send, send_hl7))
    try:
        configure(settings).worker_main(["--quiet", "worker", f"--concurrency={THREADS}", *OPTIONS])
    finally:
        ready()


async def _main(settings: Settings, send: Send | None, send_hl7: SendHl7 | None) -> None:
    hub = open_hub(settings)
    hub.office.send, hub.send_hl7 = send, send_hl7
    worker = Worker(hub)
    bridge.serve(worker.handle)
    try:
        await worker.run()
    finally:
        await hub.close()
