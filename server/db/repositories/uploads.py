"""Uploads of browsers, by whoever began them."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from dicom.errors import VersionMismatch
from dicom.model import Priority
from dicom.uploads.lifecycle import Upload, UploadState
from server.accounts.model import Caller
from server.db.scope import visible_to
from server.db.tables import imaging as t


class Uploads:
    """The rows of uploads."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._c = connection

    async def add(self, upload: Upload) -> None:
        """Store a new upload."""
        await self._c.execute(t.uploads.insert().values(**_row(upload)))

    async def get(self, upload_id: str, caller: Caller, *, now: datetime) -> Upload | None:
        """Return an upload, when it is the caller's."""
        query = sa.select(t.uploads).where(t.uploads.c.id == upload_id, visible_to(caller, t.uploads, now=now))
        row = (await self._c.execute(query)).first()
        return _upload(row) if row else None

    async def save(self, upload: Upload) -> None:
        """Store the next version.

        Raises
        ------
        VersionMismatch
            When another request moved it meanwhile.
        """
        done = await self._c.execute(
            t.uploads.update()
            .where(t.uploads.c.id == upload.id, t.uploads.c.version == upload.version - 1)
            .values(**_row(upload))
        )
        if done.rowcount != 1:
            raise VersionMismatch(upload.version)

    async def remove(self, upload: Upload) -> None:
        """Forget an upload.

        Raises
        ------
        VersionMismatch
            When another request moved it meanwhile.
        """
        c = t.uploads.c
        done = await self._c.execute(t.uploads.delete().where(c.id == upload.id, c.version == upload.version))
        if done.rowcount != 1:
            raise VersionMismatch(upload.version)

    async def processing(self) -> list[Upload]:
        """Return uploads that came whole and were not finished: a killed process left them."""
        c = t.uploads.c
        rows = await self._c.execute(sa.select(t.uploads).where(c.state == UploadState.PROCESSING.value))
        return [_upload(row) for row in rows]

    async def unfinished_bytes(self, user_id: str) -> int:
        """Return how many bytes a person has announced in uploads that are not done."""
        c = t.uploads.c
        query = sa.select(sa.func.sum(c.length)).where(c.user_id == user_id, c.state != UploadState.DONE.value)
        return int(await self._c.scalar(query) or 0)


def _row(upload: Upload) -> dict[str, Any]:
    return {
        "id": upload.id,
        "user_id": upload.user_id,
        "organization_id": upload.organization_id,
        "patient_id": upload.patient_id,
        "order_id": upload.order_id,
        "priority": upload.priority.value if upload.priority else None,
        "filename": upload.filename,
        "length": upload.length,
        "received": upload.received,
        "state": upload.state.value,
        "results": [dict(r) for r in upload.results],
        "created_at": upload.created_at,
        "updated_at": upload.updated_at,
        "version": upload.version,
    }


def _upload(r: Any) -> Upload:
    return Upload(
        r.id, r.user_id, r.organization_id, r.patient_id, r.order_id, Priority(r.priority) if r.priority else None,
        r.filename, r.length, r.received, UploadState(r.state), r.created_at, r.updated_at, tuple(r.results), r.version,
    )  # fmt: skip
