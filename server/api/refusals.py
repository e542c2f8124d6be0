"""A refused move stays on record: who tried what on which subject, and the refusal's code; and old knowledge is one."""

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import replace

from referral.errors import ReferralRefusal, VersionMismatch
from server.accounts.model import AuditEntry
from server.api.endpoint import REQUEST_ID, Call


@contextmanager
def on_record(call: Call, action: str, kind: str, key: str, patient_id: str | None = None) -> Iterator[None]:
    """Audit a refusal inside the block; the transaction is undone, that record is kept."""
    try:
        yield
    except ReferralRefusal as refusal:
        call.uow.audit(AuditEntry(action, kind, key, patient_id, outcome="refused", basis=refusal.code))
        raise


@asynccontextmanager
async def kept_at_once(call: Call, refused: AuditEntry) -> AsyncIterator[None]:
    """Audit a refusal inside the block, which belongs to no transaction; the record's basis is the refusal's code."""
    try:
        yield
    except ReferralRefusal as refusal:
        unit = call.hub.unit_of_work(call.caller, request_id=call.request.get(REQUEST_ID))
        await unit.put_on_record(replace(refused, basis=refusal.code))
        raise


def heed_if_match(call: Call, version: int) -> None:
    """Refuse a command on what changed since the caller saw it; without an If-Match she does not mind.

    Raises
    ------
    VersionMismatch
    """
    if "If-Match" in call.request.headers and call.if_match != version:
        raise VersionMismatch(version)
