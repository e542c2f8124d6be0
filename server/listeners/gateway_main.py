"""The gateway's process: the hub's store, intake and register around the listening sockets of DICOM and of MLLP."""

import asyncio
import signal
import ssl
import time
from contextlib import suppress

import structlog

from dicom.errors import DatabaseAway, StorageFull
from dicom.model import Sender
from dicom.network.pdu import CALLING_NOT_RECOGNISED, AssociateRJ
from server.bootstrap import Hub
from server.listeners.gateway import Gateway, GatewayOptions, serve_gateway
from server.listeners.mllp import MllpOptions, serve_mllp
from server.workflows import devices
from server.workflows.adt_inbox import AdtInbox

log = structlog.get_logger("gateway")
TRY_AGAIN = 5.0  # seconds until MLLP tries a port again that somebody else has
REMEMBER = 5.0  # seconds an answer of the register is good for; a device switched off is out within them


class Register:
    """Asks the hub who a calling AE title is, and remembers the answer for a moment."""

    def __init__(self, hub: Hub) -> None:
        self._hub = hub
        self._known: dict[tuple[str, str], tuple[float, Sender]] = {}
        self._seen: dict[str, float] = {}

    async def __call__(self, calling: str, called: str, address: str) -> Sender | AssociateRJ:
        """Return the sender, or the rejection (PS3.8 §9.3.4: calling AE title not recognised)."""
        del called
        tick = time.monotonic()
        at, sender = self._known.get((calling, address), (0.0, None))
        if sender is None or tick - at > REMEMBER:
            async with self._hub.unit_of_work(read=True) as uow:
                sender = await devices.admit(uow, calling, address)
            if sender is None:
                return CALLING_NOT_RECOGNISED
            self._known[calling, address] = (tick, sender)
        await self._note(calling, tick)
        return sender

    async def _note(self, calling: str, tick: float) -> None:
        if tick - self._seen.get(calling, -1e9) < devices.SEEN_EVERY.total_seconds():
            return
        self._seen[calling] = tick
        with suppress(DatabaseAway, StorageFull):  # a courtesy to the list of devices: nobody is refused for it
            async with self._hub.unit_of_work() as uow:
                await devices.heard_of(uow, calling, self._hub.clock.now())


async def serve(hub: Hub, tls: ssl.SSLContext | None = None) -> None:
    """Listen until SIGTERM."""
    settings = hub.settings
    options = GatewayOptions(
        ae_title=settings.ae_title,
        host=settings.bind,
        port=settings.dicom_port,
        private_sop_classes=settings.private_sop_classes,
        tls=tls,
    )

    def ready(_gateway: Gateway, port: int) -> None:
        log.info("gateway.ready", port=port)

    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    async with asyncio.TaskGroup() as group:
        group.create_task(_keep_mllp(hub, stop), name="mllp")
        await serve_gateway(
            options, store=hub.store, intake=hub.intake, authorize=Register(hub), ready=ready, stop=stop
        )
        stop.set()


async def _keep_mllp(hub: Hub, stop: asyncio.Event) -> None:
    """Take the hospitals' messages until told to stop; a port that somebody else has costs no device its gateway."""
    options = MllpOptions(host=hub.settings.bind, port=hub.settings.mllp_port)
    inbox = AdtInbox(hub.unit_of_work, hub.clock)

    def ready(port: int) -> None:
        log.info("mllp.ready", port=port)

    while not stop.is_set():
        try:
            await serve_mllp(options, inbox, ready=ready, stop=stop)
        except OSError as error:
            log.error("mllp.not_listening", port=options.port, why=str(error))  # noqa: TRY400 - the word says it all
            with suppress(TimeoutError):
                await asyncio.wait_for(stop.wait(), TRY_AGAIN)
