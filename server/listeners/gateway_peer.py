"""One peer of the gateway: moves bytes between its socket, the sans-IO core and the disk, and decides nothing."""

import asyncio
import socket
from collections import Counter
from dataclasses import dataclass
from typing import Protocol, cast

import structlog
from typing_extensions import override

from dicom.errors import DicomRefusal
from dicom.model import Received, Sender, Via
from dicom.network.dimse import DataReceived
from dicom.network.events import Ended, Ending, Requested
from dicom.network.pdu import AssociateRJ, AssociateRQ
from dicom.network.states import State
from dicom.network.status import Status, is_stored, of_error
from dicom.network.store import Echoed, Refused, StorageProvider, StoreBegan, StoreComplete, StoreEvent, StoreRequest
from server.listeners.gateway_disk import Disk, Written
from server.listeners.gateway_object import ObjectStream

log = structlog.get_logger("gateway")
_SMALL_READ = 32 * 1024


class House(Protocol):
    """What a peer needs of the gateway it is connected to."""

    @property
    def counters(self) -> Counter[str]:
        """Return what /metrics shows."""
        ...

    def opened(self, peer: "Peer") -> None:
        """Count a new connection."""
        ...

    def closed(self, peer: "Peer") -> None:
        """Forget a connection."""
        ...

    async def admit(self, peer: "Peer", request: AssociateRQ) -> Sender | AssociateRJ:
        """Decide about a request."""
        ...

    async def receive(self, received: Received) -> object:
        """Take a durable object over; raises as `Intake.receive` does."""
        ...

    def ended(self, peer: "Peer", ended: Ended) -> None:
        """Count and log the end of an association."""
        ...


@dataclass(slots=True)
class Tally:
    """What one association did, for its one line in the log."""

    stored: int = 0
    refused: int = 0
    echoes: int = 0
    bytes: int = 0
    last_status: int = 0


class Peer(asyncio.BufferedProtocol):
    """One transport connection.

    Parameters
    ----------
    house
        The gateway.
    disk
        Threads and segments.
    core
        The sans-IO Storage SCP of this connection.
    """

    def __init__(self, house: House, disk: Disk, core: StorageProvider) -> None:
        self._house = house
        self._core = core
        self._loop = asyncio.get_running_loop()
        self._transport: asyncio.Transport | None = None
        self._socket: socket.socket | None = None
        self._objects = ObjectStream(disk, on_failed=self._on_write_failed, on_written=self._on_written)
        self._task: asyncio.Task[None] | None = None
        self._paused = False
        self._draining = False
        self._sender: Sender | None = None
        self.began = self._loop.time()
        self.ip = ""
        self.tally = Tally()

    @property
    def request(self) -> AssociateRQ | None:
        """What the peer asked for, once it did."""
        return self._core.association.request

    # -- the transport -------------------------------------------------------------------------------------

    @override
    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)  # uvloop's is no subclass of it
        self._socket = transport.get_extra_info("socket")
        if self._socket is not None:
            self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.ip = str((transport.get_extra_info("peername") or ("",))[0])
        self._house.opened(self)

    @override
    def get_buffer(self, sizehint: int) -> memoryview:
        return self._objects.buffer()

    @override
    def buffer_updated(self, nbytes: int) -> None:
        self.tally.bytes += nbytes
        self._house.counters["bytes_received"] += nbytes
        self._core.association.receive_data(self._objects.received(nbytes), now=self._loop.time())
        self._pump()
        if nbytes < _SMALL_READ and not self._core.pending and self._socket is not None:
            # A sender with Nagle on holds its next small write until we acknowledge this one; left to itself
            # the kernel waits 40 ms for an answer of ours to carry that. Not sticky: asked for each time.
            self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_QUICKACK, 1)

    @override
    def connection_lost(self, exc: Exception | None) -> None:
        # What the peer left half-done is removed; what was complete is still taken in.
        self._transport = self._socket = None
        self._core.association.receive_eof()
        self._pump()
        if not self._core.pending:
            self._house.closed(self)

    def tick(self, now: float) -> None:
        """Do what time asks for; called about every half second."""
        self._core.association.handle_timer(now)
        self._objects.flush(held=self._core.association.has_events)
        self._pump()

    def drain(self) -> None:
        """Say goodbye: at once, or after the object at hand."""
        self._draining = True
        if not self._core.in_object:
            self.stop()

    def stop(self) -> None:
        """Abort the association and close."""
        self._core.association.abort(Ending.STOPPED, "the gateway stops")
        self._pump()
        if self._transport is not None:
            self._transport.close()

    def drop(self, detail: str) -> None:
        """Close a connection that has asked for nothing yet."""
        self._core.association.abort(Ending.STOPPED, detail)
        self._pump()

    # -- the core's events ---------------------------------------------------------------------------------

    def _pump(self) -> None:
        core = self._core
        while (event := core.next_event()) is not None:
            if type(event) is DataReceived:
                self._objects.append(event.data)
            else:
                self._on_event(event)
        self._send()
        held = core.pending and core.association.has_events
        self._objects.settle(held=held)
        if not self._paused and (held or self._objects.full):
            self._pause()

    def _on_event(self, event: StoreEvent) -> None:
        match event:
            case StoreBegan(store):
                self._objects.begin(store.head)
            case StoreComplete(store):
                self._core.association.suspend_timers()
                self._task = self._loop.create_task(self._take_in(store))
            case Requested(request):
                self._task = self._loop.create_task(self._answer(request))
            case Echoed():
                self.tally.echoes += 1
                self._house.counters["echoes"] += 1
            case Refused(status=status, reason=reason):
                self._count(status)
                self._log_refused(status, reason)
            case Ended():
                self._objects.discard()
                self._house.ended(self, event)
            case DataReceived():
                self._objects.append(event.data)

    def _send(self) -> None:
        out = self._core.association.data_to_send()
        if self._transport is None:
            return
        if out:
            self._transport.write(out)
        if self._core.association.closed:
            self._transport.close()

    def _pause(self) -> None:
        if self._transport is not None and not self._transport.is_closing():
            self._paused = True
            self._transport.pause_reading()
            self._core.association.suspend_timers()

    def _resume(self) -> None:
        if not self._core.pending:
            self._core.association.resume_timers(now=self._loop.time())
        if self._paused and self._transport is not None and not self._transport.is_closing():
            self._paused = False
            self._transport.resume_reading()

    def _on_written(self) -> None:
        self._objects.settle(held=self._core.association.has_events)
        if not self._objects.full:
            self._resume()

    def _on_write_failed(self, error: Exception) -> None:
        status = of_error(error)
        log.warning("gateway.write_failed", reason=type(error).__name__, status=f"{status:#06x}")
        self._core.refuse(status, type(error).__name__)
        self._count(status)
        self._resume()
        self._pump()

    # -- what takes time -----------------------------------------------------------------------------------

    async def _answer(self, request: AssociateRQ) -> None:
        verdict = await self._house.admit(self, request)
        if self._core.association.state is not State.AWAITING_LOCAL_RESPONSE:
            return  # the peer did not wait
        if isinstance(verdict, AssociateRJ):
            self._core.reject(verdict)
        else:
            self._sender = verdict
            self._core.accept()
        self._core.association.resume_timers(now=self._loop.time())
        self._pump()

    async def _take_in(self, store: StoreRequest) -> None:
        """Make the object durable, have it indexed, and only then answer (PS3.4 B.2.3)."""
        status, comment = Status.SUCCESS, ""
        try:
            written = await self._objects.finish(held=self._core.association.has_events)
            await self._house.receive(self._received(store, written))
        except DicomRefusal as refusal:
            status, comment = of_error(refusal), refusal.code
            self._log_refused(status, comment, store.sop_instance_uid)
        except Exception as error:  # whatever broke, the sender must hear that its object is not stored
            status, comment = of_error(error), type(error).__name__
            log.exception("gateway.intake_failed", status=f"{status:#06x}")
        self._count(status)
        self._core.respond(status, comment)
        self._resume()
        self._pump()
        if self._transport is None:
            self._house.closed(self)
        elif self._draining:
            self.stop()

    def _received(self, store: StoreRequest, written: Written) -> Received:
        if self._sender is None:
            raise RuntimeError("an object without an association")
        return Received(
            key=written.key,
            size=written.size,
            dataset_offset=written.dataset_offset,
            digest=written.digest,
            sop_class_uid=store.sop_class_uid,
            sop_instance_uid=store.sop_instance_uid,
            transfer_syntax_uid=store.transfer_syntax_uid,
            sender=self._sender,
            via=Via.C_STORE,
        )

    def _log_refused(self, status: Status, reason: str, sop_instance_uid: str | None = None) -> None:
        calling = self.request.calling_ae_title if self.request else None
        uid = sop_instance_uid
        log.info("gateway.refused", status=f"{status:#06x}", reason=reason, calling=calling, sop_instance_uid=uid)

    def _count(self, status: Status) -> None:
        self.tally.last_status = status
        self._house.counters[f"status_{status:04x}"] += 1
        if is_stored(status):
            self.tally.stored += 1
        else:
            self.tally.refused += 1
