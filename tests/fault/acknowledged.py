"""The sender's own book: what was acknowledged, on disk before the sender goes on, and its check afterwards."""

import asyncio
import hashlib
import io
import json
import os
import urllib.error
import urllib.request
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

import pydicom
from pydicom.uid import generate_uid

from server.listeners.scu import DeliveryFailed, Destination, Outcome, send
from tests.builders.dicom_objects import image_part10
from tests.servers.hub import PASSWORD, RunningHub

PATIENCE = 90.0  # seconds in which everything has to be acknowledged, outage included


@dataclass(slots=True)
class Book:
    """One line for every object that the hub acknowledged with status 0x0000."""

    path: Path
    sent: int = 0
    entries: dict[str, dict[str, str]] = field(default_factory=dict)

    def acknowledged(self, outcome: Outcome) -> None:
        """Write an acknowledged object down, synced, before anything else happens."""
        self.sent += 1
        if outcome.status != 0:
            return
        ds = pydicom.dcmread(outcome.path, stop_before_pixels=True)
        entry = {
            "sop": str(ds.SOPInstanceUID),
            "series": str(ds.SeriesInstanceUID),
            "study": str(ds.StudyInstanceUID),
            "digest": dataset_digest(outcome.path.read_bytes()),
        }
        with self.path.open("a", encoding="ascii") as book:
            book.write(json.dumps(entry) + "\n")
            book.flush()
            os.fsync(book.fileno())
        self.entries[entry["sop"]] = entry


def dataset_digest(part10: bytes) -> str:
    """Return SHA-256 over the data set's bytes: what follows the meta group (PS3.10 §7.1)."""
    length = pydicom.dcmread(io.BytesIO(part10), stop_before_pixels=True).file_meta.FileMetaInformationGroupLength
    return hashlib.sha256(part10[132 + 12 + int(length) :]).hexdigest()


def fresh_objects(folder: Path, count: int) -> list[Path]:
    """Write tiny CT objects with fresh UIDs, five to a study."""
    paths = []
    study = series = ""
    for number in range(count):
        if number % 5 == 0:
            study, series = generate_uid(), generate_uid()
        ds = pydicom.dcmread(io.BytesIO(image_part10()))
        ds.StudyInstanceUID, ds.SeriesInstanceUID, ds.SOPInstanceUID = study, series, generate_uid()
        ds.file_meta.MediaStorageSOPInstanceUID = ds.SOPInstanceUID
        ds.InstanceNumber = number % 5 + 1
        path = folder / f"{ds.SOPInstanceUID}.dcm"
        ds.save_as(path, enforce_file_format=True)
        paths.append(path)
    return paths


async def keep_sending(hub: RunningHub, paths: Sequence[Path], book: Book, *, calling: str = "T01") -> None:
    """Send what is not acknowledged yet until all of it is; a broken association is tried again, as devices do."""
    loop = asyncio.get_running_loop()
    end = loop.time() + PATIENCE
    while left := [p for p in paths if p.stem not in book.entries]:
        if loop.time() > end:
            break
        destination = Destination("127.0.0.1", hub.dicom_port, "LUTONG", calling, connect_timeout=5, patience=20)
        with suppress(DeliveryFailed, OSError):
            await send(destination, left, on_outcome=book.acknowledged)
        await asyncio.sleep(0.1)  # a hub without its database refuses at once: a device does not spin
    else:
        return
    msg = f"{len(left)} objects were never acknowledged"
    raise AssertionError(msg)


def token(hub: RunningHub, username: str = "lilan") -> str:
    """Sign in by REST and return the bearer token."""
    request = urllib.request.Request(
        f"{hub.url}/api/v1/session",
        data=json.dumps({"username": username, "password": PASSWORD}).encode(),
        headers={"Content-Type": "application/json", "Idempotency-Key": "book"},
    )
    with urllib.request.urlopen(request, timeout=30) as answer:
        return str(json.load(answer)["token"])


def lost(hub: RunningHub, book: Book) -> list[str]:
    """Read every acknowledged object back over DICOMweb; return those that are missing or changed."""
    bearer = token(hub)
    missing = []
    for entry in book.entries.values():
        path = f"/dicom-web/studies/{entry['study']}/series/{entry['series']}/instances/{entry['sop']}"
        headers = {"Authorization": f"Bearer {bearer}", "Accept": "application/dicom; transfer-syntax=*"}
        request = urllib.request.Request(hub.url + path, headers=headers)
        try:
            with urllib.request.urlopen(request, timeout=30) as answer:
                content = answer.read()
        except urllib.error.HTTPError as error:
            missing.append(f"{entry['sop']}: {error.code}")
            continue
        if dataset_digest(content) != entry["digest"]:
            missing.append(f"{entry['sop']}: other bytes")
    return missing
