"""The live stream (server-sent events): what happened, as it happened, only what the caller may hear."""

import asyncio
import json
from collections.abc import Callable

from aiohttp import web
from redis.exceptions import RedisError

from dicom.events import StoredEvent
from server.accounts.model import Caller, Role
from server.api.endpoint import HUB, Call, Routes
from server.bootstrap import NUDGE, Hub

routes = Routes("events")

HEARTBEAT = 15.0
POLL = 2.0  # seconds until rows are looked at without a nudge (Redis away)
GATHER = 0.03  # seconds after a nudge in which more of them count as one
REPLAY_LIMIT = 1000
HEADERS = {
    "Content-Type": "text/event-stream; charset=utf-8",
    "Cache-Control": "no-store",
    "X-Accel-Buffering": "no",
}
COUNTY_WIDE = (Role.AUDITOR, Role.ADMINISTRATOR, Role.BUREAU)


class Feed:
    """Reads new events once per process and wakes every open stream."""

    def __init__(self, hub: Hub) -> None:
        self._hub = hub
        self._listeners: set[asyncio.Queue[StoredEvent]] = set()
        self._wake, self._joining = asyncio.Event(), asyncio.Lock()
        self._seq = 0

    async def subscribe(self) -> tuple[asyncio.Queue[StoredEvent], Callable[[], None]]:
        """Return a queue of events from now on, and how to end it."""
        queue: asyncio.Queue[StoredEvent] = asyncio.Queue(maxsize=2000)
        async with self._joining:
            if not self._listeners:  # nobody read meanwhile
                async with self._hub.unit_of_work(read=True) as uow:
                    self._seq = await uow.ledger.last_seq()
            self._listeners.add(queue)
        self._wake.set()
        return queue, lambda: self._listeners.discard(queue)

    async def run(self) -> None:
        """Follow the event table until cancelled, as long as somebody listens."""
        async with asyncio.TaskGroup() as group:
            group.create_task(self._listen())
            while True:
                if not self._listeners or not await self._read():
                    await self._wait()

    async def _read(self) -> bool:
        async with self._hub.unit_of_work(read=True) as uow:
            fresh = await uow.ledger.events_after(self._seq)
        for event in fresh:
            self._seq = max(self._seq, event.seq)
            self._hand_out(event)
        return bool(fresh)

    def _hand_out(self, event: StoredEvent) -> None:
        for queue in list(self._listeners):
            try:
                queue.put_nowait(event)
            except asyncio.QueueFull:
                self._listeners.discard(queue)  # a reader that stopped reading; it resumes by Last-Event-ID

    async def _wait(self) -> None:
        try:
            async with asyncio.timeout(POLL):
                await self._wake.wait()
        except TimeoutError:
            return
        await asyncio.sleep(GATHER)
        self._wake.clear()

    async def _listen(self) -> None:
        while True:
            try:
                async with self._hub.redis.pubsub(ignore_subscribe_messages=True) as channel:
                    await channel.subscribe(NUDGE)
                    while True:
                        if await channel.get_message(timeout=30) is not None:
                            self._wake.set()
            except (OSError, TimeoutError, RedisError):
                await asyncio.sleep(1)  # polling carries on meanwhile


FEED = web.AppKey("feed", Feed)


def may_hear(caller: Caller, event: StoredEvent) -> bool:
    """Tell whether the caller may hear of an event: a member of its audience, or a county-wide role."""
    return bool(caller.organizations & set(event.event.audience)) or caller.has(*COUNTY_WIDE)


@routes.get("/api/v1/events", transaction="none")
async def stream(call: Call) -> web.StreamResponse:
    """Stream events; `Last-Event-ID` resumes, a heartbeat carries the server's time."""
    response = web.StreamResponse(headers=HEADERS)
    await response.prepare(call.request)
    queue, unsubscribe = await call.request.app[FEED].subscribe()
    try:
        await _follow(call, response, queue, await _resume(call, response))
    except (ConnectionResetError, asyncio.CancelledError):
        return response  # the reader went away
    finally:
        unsubscribe()
    return response


async def _resume(call: Call, response: web.StreamResponse) -> int:
    """Send what was missed; a gap too wide is said, so that the reader fetches anew."""
    await response.write(b"retry: 3000\n\n" + _heartbeat(call))
    last = call.request.headers.get("Last-Event-ID", "") or call.request.query.get("last_event_id", "")
    async with call.hub.unit_of_work(read=True) as uow:
        newest = await uow.ledger.last_seq()
        if not last.isdigit() or int(last) > newest:
            return newest
        missed = await uow.ledger.events_after(int(last), limit=REPLAY_LIMIT)
    if missed and missed[-1].seq < newest:
        await response.write(f"id: {newest}\nevent: gap\ndata: {{}}\n\n".encode())
        return newest
    for event in missed:
        if may_hear(call.caller, event):
            await response.write(render(event))
    return missed[-1].seq if missed else newest


async def _follow(call: Call, response: web.StreamResponse, queue: asyncio.Queue[StoredEvent], sent: int) -> None:
    caller = call.caller
    while True:
        try:
            async with asyncio.timeout(HEARTBEAT):
                event = await queue.get()
        except TimeoutError:
            refreshed = await call.request.app[HUB].still_signed_in(caller)
            if refreshed is None:
                return
            caller = refreshed
            await response.write(_heartbeat(call))
            continue
        if event.seq > sent and may_hear(caller, event):
            await response.write(render(event))


def render(stored: StoredEvent) -> bytes:
    """Return the event on the wire: id, type and ids only, never a patient's data."""
    event = stored.event
    data = {
        "type": event.type,
        "id": event.subject_id,
        "version": event.version,
        "state": event.state,
        "organization": event.organization_id,
    }
    return f"id: {stored.seq}\nevent: {event.type}\ndata: {json.dumps(data, separators=(',', ':'))}\n\n".encode()


def _heartbeat(call: Call) -> bytes:
    return f'event: heartbeat\ndata: {{"now":"{call.hub.clock.now().isoformat()}"}}\n\n'.encode()
