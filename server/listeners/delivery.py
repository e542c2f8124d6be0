"""Sends one document of ours to an AE by C-STORE and says in words why it did not arrive."""

import asyncio
import tempfile
from pathlib import Path

from server.listeners.scu import DeliveryFailed, Destination, send
from server.workflows.delivery import Address


async def send_document(address: Address, data: bytes) -> str | None:
    """Send a Part 10 object; return None when the AE has it, else the reason."""
    with tempfile.TemporaryDirectory(prefix="lutong-") as folder:
        path = Path(folder) / "document.dcm"
        await asyncio.to_thread(path.write_bytes, data)
        destination = Destination(address.host, address.port, address.ae_title, address.calling_ae_title)
        try:
            outcomes = await send(destination, [path])
        except DeliveryFailed as failure:
            return failure.reason
    outcome = next(iter(outcomes), None)
    if outcome is None:
        return "nothing was tried"
    if outcome.stored:
        return None
    return f"status {outcome.status:#06x} {outcome.comment}" if outcome.status is not None else outcome.comment
