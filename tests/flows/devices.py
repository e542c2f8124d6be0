"""A clinic's devices: DCMTK's storescu where it is installed (our own SCU else), and an SCP that takes reports."""

import asyncio
import contextlib
import re
import shutil
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pydicom
from pynetdicom import AE, evt
from pynetdicom.events import Event

from dicom.network.part10 import MAX_META, read_head
from server.listeners.scu import Destination, Outcome, send
from tests.servers.hub import RunningHub
from tests.servers.processes import DEBIAN_BIN, free_port

STORESCU = shutil.which("storescu", path=DEBIAN_BIN)
ENCAPSULATED_PDF, BASIC_TEXT_SR = "1.2.840.10008.5.1.4.1.1.104.1", "1.2.840.10008.5.1.4.1.1.88.11"


def written(folder: Path, objects: Sequence[bytes], stem: str = "object") -> list[Path]:
    """Write objects as the files that a device keeps."""
    paths = [folder / f"{stem}-{number}.dcm" for number in range(1, len(objects) + 1)]
    for path, content in zip(paths, objects, strict=True):
        path.write_bytes(content)
    return paths


def data_set(part10: bytes) -> bytes:
    """Return what follows the file meta information (PS3.10 §7.1): what C-STORE carries."""
    return part10[read_head(part10[:MAX_META]).dataset_offset :]


async def device_sends(hub: RunningHub, ae_title: str, paths: Sequence[Path]) -> list[int]:
    """Send uncompressed files with DCMTK's storescu as the clinic's device would; return the statuses."""
    if STORESCU is None:
        return [outcome.status or 0 for outcome in await any_syntax_sent(hub, ae_title, paths)]
    arguments = ["-v", "-d", "-aet", ae_title, "-aec", "LUTONG", "127.0.0.1", str(hub.dicom_port), *map(str, paths)]
    process = await asyncio.create_subprocess_exec(
        STORESCU, *arguments, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT
    )
    out, _ = await process.communicate()
    text = out.decode(errors="replace")
    statuses = [int(word, 16) for word in re.findall(r"DIMSE Status\s*: 0x([0-9a-fA-F]{4})", text)]
    assert len(statuses) == len(paths), text[-3000:]
    return statuses


async def any_syntax_sent(hub: RunningHub, ae_title: str, paths: Sequence[Path]) -> list[Outcome]:
    """Send files each in its own transfer syntax."""
    return await send(Destination("127.0.0.1", hub.dicom_port, "LUTONG", ae_title), list(paths))


@dataclass(slots=True)
class ReportShelf:
    """A storage SCP that stands for the township's PACS."""

    port: int
    received: list[tuple[str, pydicom.Dataset]] = field(default_factory=list)

    async def holds(self, sop_class: str) -> pydicom.Dataset:
        """Wait until an object of that SOP class has come."""
        for _ in range(400):
            for calling, ds in self.received:
                if sop_class == ds.SOPClassUID and calling == "LUTONG":
                    return ds
            await asyncio.sleep(0.1)
        raise AssertionError(f"no {sop_class} came: {[str(ds.SOPClassUID) for _, ds in self.received]}")


@contextlib.contextmanager
def report_shelf(ae_title: str) -> Iterator[ReportShelf]:
    """Run the township's storage SCP on a free port."""
    shelf = ReportShelf(free_port())

    def on_store(event: Event) -> int:
        ds = event.dataset
        ds.file_meta = event.file_meta
        shelf.received.append((event.assoc.requestor.ae_title.strip(), ds))
        return 0

    ae = AE(ae_title)
    ae.require_called_aet = True
    for sop_class in ("1.2.840.10008.1.1", ENCAPSULATED_PDF, BASIC_TEXT_SR):
        ae.add_supported_context(sop_class)
    server = ae.start_server(("127.0.0.1", shelf.port), block=False, evt_handlers=[(evt.EVT_C_STORE, on_store)])
    try:
        yield shelf
    finally:
        server.shutdown()
