"""One audit record for what a sender brings of a study, for as long as it is not sealed (decisions 5).

A record is written with the first object and counts on, each time in the transaction of the objects that it
counts; once it is in the chain the next one begins. So nothing is unrecorded, and the chain has no link for
every single slice.
"""

import secrets
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from dicom.model import Received
from dicom.service.intake import Outcome, Taken
from server.accounts.model import AuditEntry

MOST = 256  # open records that are remembered
Key = tuple[str, str, str, Outcome]  # study, who, how it came, what became of it


class Tallies:
    """The records that this process has begun and that may still count on."""

    def __init__(self) -> None:
        self._open: dict[Key, tuple[str, int]] = {}

    async def write(self, uow: Any, taken: Sequence[Taken]) -> dict[Key, tuple[str, int]]:
        """Count a batch in its own transaction; give the result to `keep` when that is committed."""
        counts = Counter(map(_key, taken))
        first = {_key(t): t.entry.received for t in reversed(taken)}
        written: dict[Key, tuple[str, int]] = {}
        for key, count in counts.items():
            record, before = self._open.get(key, ("", 0))
            entry = tally_of(first[key], key, before + count)
            if not record or not await uow.ledger.amend_audit(record, basis=entry.basis or ""):
                record, before = secrets.token_hex(12), 0
                uow.audit(tally_of(first[key], key, count, record))
            written[key] = (record, before + count)
        return written

    def keep(self, written: Mapping[Key, tuple[str, int]]) -> None:
        """Remember what was committed."""
        self._open = {**({} if len(self._open) > MOST else self._open), **written}


def _key(taken: Taken) -> Key:
    received, header = taken.entry.received, taken.entry.header
    who = received.sender.user_id or received.sender.ae_title or ""
    whose = f"{received.sender.organization_id} {who} {received.patient_id}"
    return header.study_instance_uid, whose, received.via.value, taken.outcome


def tally_of(received: Received, key: Key, count: int, record: str | None = None) -> AuditEntry:
    """Return the record of so many objects (PS3.15 A.5: DICOM Instances Transferred)."""
    study_uid, _, _, outcome = key
    return intake_audit(received, study_uid, "received", f"{outcome.value} {count}", record)


def intake_audit(received: Received, object_id: str, action: str, basis: str, record: str | None = None) -> AuditEntry:
    """Return what is recorded about objects of one sender."""
    sender = received.sender
    return AuditEntry(
        action=action,
        object_kind="studies",
        object_id=object_id[:64],
        patient_id=received.patient_id,
        outcome="success" if action == "received" else "refused",
        basis=f"{received.via.value} {basis}",
        organization_id=sender.organization_id,
        actor_id=sender.user_id or sender.ae_title,
        id=record,
    )
