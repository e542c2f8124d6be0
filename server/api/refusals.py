"""A refused move stays on record: who tried what on which subject, and the refusal's code (reliability B05)."""

from collections.abc import Iterator
from contextlib import contextmanager

from referral.errors import ReferralRefusal
from server.accounts.model import AuditEntry
from server.api.endpoint import Call


@contextmanager
def on_record(call: Call, action: str, kind: str, key: str, patient_id: str | None = None) -> Iterator[None]:
    """Audit a refusal inside the block; the transaction is undone, that record is kept."""
    try:
        yield
    except ReferralRefusal as refusal:
        call.uow.audit(AuditEntry(action, kind, key, patient_id, outcome="refused", basis=refusal.code))
        raise
