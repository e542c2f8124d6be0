"""The gateway: accepts DICOM associations and takes objects in, durable before they are acknowledged.

Sans-IO core in `dicom.network`, one `gateway_peer.Peer` per connection, threads only in `gateway_disk`.
"""

import asyncio
import contextlib
import signal
import ssl
from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Protocol

import structlog

from dicom.model import Received, Sender
from dicom.network.events import Ended, Ending, Limits
from dicom.network.pdu import (
    CALLED_NOT_RECOGNISED,
    LOCAL_LIMIT_EXCEEDED,
    TEMPORARY_CONGESTION,
    AssociateRJ,
    AssociateRQ,
)
from dicom.network.store import StorageProvider
from server.listeners.gateway_disk import Disk, StagingArea
from server.listeners.gateway_peer import Peer

log = structlog.get_logger("gateway")

TICK = 0.5  # seconds between looks at the timers
Authorize = Callable[[str, str, str], Awaitable[Sender | AssociateRJ]]


class Intake(Protocol):
    """Takes durable objects: index row, event and audit in one transaction."""

    async def receive(self, received: Received) -> object:
        """Take over the staged object, whatever comes of it, and return when it is committed.

        The key is intake's from the call on, also when it raises: what is worth keeping it sets aside, what is
        not it removes. The gateway never touches it again.

        Raises
        ------
        DicomRefusal
            The sender is told by the status of `dicom.network.status`.
        """
        ...


@dataclass(frozen=True, slots=True)
class GatewayOptions:
    """How the gateway listens; times in seconds, sizes in bytes."""

    ae_title: str = "LUTONG"
    host: str = "127.0.0.1"
    port: int = 11112  # 0: any free port; `ready` tells which
    reuse_port: bool = False  # several processes on one port
    tls: ssl.SSLContext | None = None
    private_sop_classes: bool = False
    max_associations: int = 5000  # of peers that were let in; bare connections do not count
    max_associations_per_ip: int = 2000
    max_waiting_per_ip: int = 256  # connections that have asked for nothing yet; beyond it the oldest goes
    max_object: int = 1 << 34
    authorize_timeout: float = 10.0
    grace: float = 10.0  # for objects at hand when the gateway stops
    disk_threads: int = 8
    limits: Limits = field(default_factory=Limits)


class Gateway:
    """A listening gateway.

    Parameters
    ----------
    options
        How to listen.
    store
        Where objects are staged.
    intake
        Who takes them over.
    authorize
        `(calling, called, ip)` to who that is, or to the rejection to send.
    """

    def __init__(self, options: GatewayOptions, *, store: StagingArea, intake: Intake, authorize: Authorize) -> None:
        self.options = options
        self.counters: Counter[str] = Counter()
        self._intake = intake
        self._authorize = authorize
        self._disk = Disk(store, threads=options.disk_threads)
        self._server: asyncio.Server | None = None
        self._sweeper: asyncio.Task[None] | None = None
        self._peers: set[Peer] = set()
        self._empty = asyncio.Event()
        self._empty.set()
        self._waiting: dict[str, dict[Peer, None]] = {}  # by address, oldest first
        self._associated: dict[Peer, str] = {}
        self._per_ip: Counter[str] = Counter()

    async def start(self) -> int:
        """Listen; return the port."""
        loop = asyncio.get_running_loop()
        self._server = await loop.create_server(
            self._new_peer,
            self.options.host,
            self.options.port,
            ssl=self.options.tls,
            reuse_port=self.options.reuse_port or None,
            backlog=1024,
        )
        self._sweeper = loop.create_task(self._sweep())
        return int(self._server.sockets[0].getsockname()[1])

    async def stop(self) -> None:
        """Stop accepting, let objects at hand finish within the grace, abort the rest."""
        if self._server is not None:
            self._server.close()
        for peer in tuple(self._peers):
            peer.drain()
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._empty.wait(), self.options.grace)
        for peer in tuple(self._peers):
            peer.stop()
        if self._sweeper is not None:
            self._sweeper.cancel()
        await asyncio.sleep(0)
        self._disk.close()

    def metrics(self) -> dict[str, int]:
        """Return the counters, and how many associations and connections stand now."""
        return {**self.counters, "associations": len(self._associated), "connections": len(self._peers)}

    def _new_peer(self) -> Peer:
        core = StorageProvider(
            self.options.limits,
            now=asyncio.get_running_loop().time(),
            private=self.options.private_sop_classes,
            max_object=self.options.max_object,
        )
        return Peer(self, self._disk, core)

    async def _sweep(self) -> None:
        loop = asyncio.get_running_loop()
        while True:
            await asyncio.sleep(TICK)
            now = loop.time()
            for peer in tuple(self._peers):
                peer.tick(now)

    # -- what peers tell -----------------------------------------------------------------------------------

    def opened(self, peer: Peer) -> None:
        """Count a connection; of too many from one address that ask for nothing, the oldest goes."""
        self._peers.add(peer)
        self._empty.clear()
        waiting = self._waiting.setdefault(peer.ip, {})
        waiting[peer] = None
        if len(waiting) > self.options.max_waiting_per_ip:
            oldest = next(iter(waiting))
            del waiting[oldest]
            oldest.drop("too many connections from this address")

    def closed(self, peer: Peer) -> None:
        """Forget a connection."""
        self._peers.discard(peer)
        self._forget_waiting(peer)
        self._forget_association(peer)
        if not self._peers:
            self._empty.set()

    def _forget_waiting(self, peer: Peer) -> None:
        waiting = self._waiting.get(peer.ip, {})
        waiting.pop(peer, None)
        if not waiting:
            self._waiting.pop(peer.ip, None)

    def _forget_association(self, peer: Peer) -> None:
        ip = self._associated.pop(peer, None)
        if ip is not None:
            self._per_ip[ip] -= 1
            if not self._per_ip[ip]:
                del self._per_ip[ip]

    async def admit(self, peer: Peer, request: AssociateRQ) -> Sender | AssociateRJ:
        """Decide about a request: our name, the registry, then the limits, which count only who was let in."""
        self._forget_waiting(peer)
        if request.called_ae_title != self.options.ae_title:
            return CALLED_NOT_RECOGNISED
        try:
            async with asyncio.timeout(self.options.authorize_timeout):
                verdict = await self._authorize(request.calling_ae_title, request.called_ae_title, peer.ip)
        except Exception:  # a registry that cannot be asked lets nobody in, and the peer may try again
            log.exception("gateway.authorize_failed")
            return TEMPORARY_CONGESTION
        if isinstance(verdict, AssociateRJ):
            return verdict
        if peer not in self._peers or (
            len(self._associated) >= self.options.max_associations
            or self._per_ip[peer.ip] >= self.options.max_associations_per_ip
        ):
            return LOCAL_LIMIT_EXCEEDED
        self._associated[peer] = peer.ip
        self._per_ip[peer.ip] += 1
        return verdict

    async def receive(self, received: Received) -> None:
        """Hand a durable object to intake."""
        await self._intake.receive(received)

    def ended(self, peer: Peer, ended: Ended) -> None:
        """Count and log the end of an association, once; connections that asked for nothing only count."""
        self._forget_association(peer)
        self.counters[f"associations_{ended.ending.value.replace('-', '_')}"] += 1
        tally = peer.tally
        if peer.request is None:
            return
        rejection = ended.rejection
        log.log(
            _LEVELS.get(ended.ending, 30),
            "gateway.association",
            ending=ended.ending.value,
            detail=ended.detail,
            rejection=f"{rejection.result}/{rejection.source}/{rejection.reason}" if rejection else None,
            ip=peer.ip,
            calling=peer.request.calling_ae_title,
            called=peer.request.called_ae_title,
            stored=tally.stored,
            refused=tally.refused,
            echoes=tally.echoes,
            bytes=tally.bytes,
            seconds=round(asyncio.get_running_loop().time() - peer.began, 3),
        )


_LEVELS = {Ending.RELEASED: 20, Ending.STOPPED: 20}


async def serve_gateway(
    options: GatewayOptions,
    *,
    store: StagingArea,
    intake: Intake,
    authorize: Authorize,
    ready: Callable[[Gateway, int], None],
    stop: asyncio.Event | None = None,
) -> None:
    """Run a gateway until it is told to stop.

    Parameters
    ----------
    ready
        Called once it listens, with the gateway and its port.
    stop
        Ends it when set; without it SIGTERM and SIGINT do.
    """
    if stop is None:
        stop = asyncio.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            asyncio.get_running_loop().add_signal_handler(number, stop.set)
    gateway = Gateway(options, store=store, intake=intake, authorize=authorize)
    try:
        ready(gateway, await gateway.start())
        await stop.wait()
    finally:
        await gateway.stop()
