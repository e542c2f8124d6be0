"""Who somebody is to the hub: roles in organizations, and the caller of one request."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum


class Role(StrEnum):
    """The roles of decisions 13."""

    TOWNSHIP_DOCTOR = "township-doctor"
    TECHNICIAN = "technician"
    REPORTING_PHYSICIAN = "reporting-physician"
    REVIEWING_PHYSICIAN = "reviewing-physician"
    CONSULTANT = "consultant"
    REFERRAL_DESK = "referral-desk"
    WARD_NURSE = "ward-nurse"
    FAMILY_DOCTOR = "family-doctor"
    REGISTRAR = "registrar"
    MEDICAL_AFFAIRS = "medical-affairs"
    BUREAU = "bureau"
    ADMINISTRATOR = "administrator"
    AUDITOR = "auditor"


@dataclass(frozen=True, slots=True)
class Membership:
    """One role in one organization, for a centre of it where that matters."""

    organization_id: str
    role: Role
    centre_id: str = ""


@dataclass(frozen=True, slots=True)
class Caller:
    """The person behind one request; `session_id` is None for the command line and for workflows."""

    user_id: str
    name: str
    title: str
    memberships: tuple[Membership, ...]
    session_id: str | None = None
    csrf: str = ""
    by_cookie: bool = False
    expires_at: datetime | None = None
    seen_at: datetime | None = None

    @property
    def roles(self) -> frozenset[Role]:
        """Return every role the caller has anywhere."""
        return frozenset(m.role for m in self.memberships)

    @property
    def organizations(self) -> frozenset[str]:
        """Return the organizations the caller belongs to."""
        return frozenset(m.organization_id for m in self.memberships)

    @property
    def centres(self) -> frozenset[str]:
        """Return the centres the caller reads for."""
        return frozenset(m.centre_id for m in self.memberships if m.centre_id)

    def has(self, *roles: Role, organization_id: str | None = None) -> bool:
        """Tell whether the caller has one of the roles (in that organization, when one is named)."""
        return any(
            m.role in roles and (organization_id is None or m.organization_id == organization_id)
            for m in self.memberships
        )


SYSTEM = Caller(user_id="system", name="系统", title="", memberships=())


@dataclass(frozen=True, slots=True)
class AuditEntry:
    """What an audit record says (IHE ATNA in our words): who did what to what, on which ground.

    `actor_id` names who did it where that is not the caller of the unit of work (objects of many senders share one).
    """

    action: str
    object_kind: str
    object_id: str
    patient_id: str | None = None
    outcome: str = "success"
    basis: str | None = None
    organization_id: str | None = None
    extra: dict[str, str] = field(default_factory=dict)
    actor_id: str | None = None
    id: str | None = None  # of a record that may count on (`server.workflows.tally`); a fresh one otherwise


@dataclass(frozen=True, slots=True)
class Task:
    """An open item for a person: who, until when, what, in both languages."""

    id: str
    kind: str
    subject_kind: str
    subject_id: str
    organization_id: str
    role: str
    due_at: datetime
    zh: str
    en: str
    created_at: datetime
    done_at: datetime | None = None
    version: int = 1
