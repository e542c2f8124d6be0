"""A refused move stays on record: who tried what on which subject, and the refusal's code; and old knowledge is one."""

from collections.abc import Iterator
from contextlib import contextmanager

from referral.errors import ReferralRefusal, VersionMismatch
from server.accounts.model import AuditEntry
from server.api.endpoint import Call
from video.errors import VideoRefusal


@contextmanager
def on_record(call: Call, action: str, kind: str, key: str, patient_id: str | None = None) -> Iterator[None]:
    """Audit a refusal inside the block; the transaction is undone, that record is kept."""
    try:
        yield
    except (ReferralRefusal, VideoRefusal) as refusal:
        call.uow.audit(AuditEntry(action, kind, key, patient_id, outcome="refused", basis=refusal.code))
        raise


def heed_if_match(call: Call, version: int) -> None:
    """Refuse a command on what changed since the caller saw it; without an If-Match she does not mind.

    Raises
    ------
    VersionMismatch
    """
    if "If-Match" in call.request.headers and call.if_match != version:
        raise VersionMismatch(version)
