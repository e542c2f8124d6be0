"""A store and an intake for the gateway's tests: real files in a folder, decisions set by the test."""

import asyncio
import itertools
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

from dicom.model import Received, Sender
from dicom.network.pdu import CALLING_NOT_RECOGNISED, AssociateRJ
from server.listeners.gateway import Gateway, GatewayOptions


@dataclass(frozen=True)
class Staged:
    """An open file of the folder."""

    fd: int
    key: str


@dataclass
class FolderStore:
    """Stages objects in a folder; a path of `device` instead makes every write fail as that device does."""

    folder: Path
    device: str | None = None
    numbers: "itertools.count[int]" = field(default_factory=itertools.count)

    def create(self) -> Staged:
        """Open a new file."""
        key = str(next(self.numbers))
        if self.device:
            (self.folder / key).touch()
            return Staged(os.open(self.device, os.O_WRONLY), key)
        return Staged(os.open(self.folder / key, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), key)

    def discard(self, key: str) -> None:
        """Remove a file."""
        (self.folder / key).unlink(missing_ok=True)

    @property
    def files(self) -> list[str]:
        """Return what lies in the folder now."""
        return sorted(path.name for path in self.folder.iterdir())


@dataclass
class RecordingIntake:
    """Remembers what it was given; raises `refusal` when the test set one, and waits for `gate` when closed."""

    received: list[Received] = field(default_factory=list)
    refusal: Exception | None = None
    gate: asyncio.Event = field(default_factory=asyncio.Event)
    entered: asyncio.Event = field(default_factory=asyncio.Event)

    def __post_init__(self) -> None:
        self.gate.set()

    async def receive(self, received: Received) -> None:
        """Take an object."""
        self.entered.set()
        await self.gate.wait()
        if self.refusal is not None:
            raise self.refusal
        self.received.append(received)


async def authorize(calling: str, called: str, ip: str) -> Sender | AssociateRJ:
    """Know T01, T02 and V0101 from the loopback."""
    if calling not in {"T01", "T02", "V0101"} or ip != "127.0.0.1":
        return CALLING_NOT_RECOGNISED
    return Sender(organization_id=calling, ae_title=calling)


@dataclass
class Running:
    """A listening gateway and its doubles."""

    gateway: Gateway
    port: int
    store: FolderStore
    intake: RecordingIntake

    def stored(self, index: int = 0) -> bytes:
        """Return the bytes of an object that intake took."""
        return (self.store.folder / self.intake.received[index].key).read_bytes()


@asynccontextmanager
async def running_gateway(folder: Path, **options: object) -> AsyncIterator[Running]:
    """Run a gateway on a free port of the loopback."""
    folder.mkdir(exist_ok=True)
    store, intake = FolderStore(folder), RecordingIntake()
    settings = GatewayOptions(port=0, **options)  # type: ignore[arg-type]
    gateway = Gateway(settings, store=store, intake=intake, authorize=authorize)
    port = await gateway.start()
    try:
        yield Running(gateway, port, store, intake)
    finally:
        intake.gate.set()
        await gateway.stop()
