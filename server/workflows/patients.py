"""The register: a patient is registered, found, opened; identifiers are added; the glass is broken with a reason."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta

from dicom.events import Event
from server.accounts import permissions
from server.accounts.errors import Forbidden, NoCareRelation, ReasonNeeded
from server.accounts.model import AuditEntry, Caller, Membership, Role, Task
from server.accounts.people import GRANT_LIFE, Grant
from server.accounts.permissions import CARE_ROLES, Relation
from server.clock import local_date
from server.patients import resident_id
from server.patients.errors import (
    DateOrder,
    DuplicateIdentifier,
    IdentityConflict,
    NameRequired,
    UnknownAssistance,
    UnknownPatient,
)
from server.patients.identifiers import SITE_LOCAL, IdentifierSystem, normalised
from server.patients.matching import Candidate, candidates
from server.patients.model import Assistance, Identifier, Patient, Sex
from server.patients.names import same_name, sound, tidy
from server.patients.record_number import record_number
from server.workflows.unit import UnitOfWork

REGISTER, OPEN, ADD_IDENTIFIER = (
    "POST /api/v1/patients",
    "GET /api/v1/patients/{id}",
    "POST /api/v1/patients/{id}/identifiers",
)
BREAK_GLASS, REVEAL = "POST /api/v1/patients/{id}/break-glass", "POST /api/v1/patients/{id}/reveal"
REVIEW_WITHIN = timedelta(hours=24)
EARLIEST_BIRTH = date(1880, 1, 1)


@dataclass(frozen=True, slots=True)
class Registration:
    """What somebody at the desk knows about a patient."""

    name: str = field(repr=False)
    sex: Sex = Sex.UNKNOWN
    birth_date: date | None = field(default=None, repr=False)
    identifiers: tuple[Identifier, ...] = ()
    phone: str = field(default="", repr=False)
    address: str = field(default="", repr=False)
    allergies: str = field(default="", repr=False)
    assistance: tuple[Assistance, ...] = ()
    provisional: bool = False
    organization_id: str | None = None


@dataclass(frozen=True, slots=True)
class Found:
    """What a search shows: patients of ours, and strangers of whom the whole number was typed."""

    visible: Sequence[Patient]
    strangers: Sequence[Patient]
    next: str | None


async def register_patient(uow: UnitOfWork, wanted: Registration, *, now: datetime) -> Patient:
    """Register a patient with the caller's organization.

    Raises
    ------
    Forbidden
        When the caller registers for no organization, or not for this one.
    IdChecksum, IdDate, IdFormat, IdSexMismatch, IdBirthMismatch
        When the resident ID or what is said beside it cannot be.
    DuplicateIdentifier
        When the number belongs to a record of the same name: open that one.
    IdentityConflict
        When the number belongs to another name: ask; nothing is merged.
    """
    organization_id = _organization_for(uow.caller, wanted.organization_id)
    checked = await _checked(uow, wanted, organization_id, local_date(now))
    for identifier in checked.identifiers:
        await _refuse_known(uow, identifier, checked.name)
    patient = Patient(
        id=secrets.token_hex(12),
        organization_id=organization_id,
        name=checked.name,
        sex=checked.sex,
        birth_date=checked.birth_date,
        created_at=now,
        created_by=uow.caller.user_id,
        record_number=await _next_record_number(uow, organization_id),
        pinyin=sound(checked.name).pinyin,
        identifiers=checked.identifiers,
        assistance=checked.assistance,
        phone=checked.phone,
        address=checked.address,
        allergies=checked.allergies,
        provisional=checked.provisional,
    )
    await uow.patients.add(patient)
    _tell(uow, "registered", patient)
    return patient


async def search_patients(uow: UnitOfWork, q: str, *, cursor: str, limit: int, now: datetime) -> Found:
    """Find the caller's patients; a whole number also finds a stranger's card: nobody shall be registered twice."""
    page = await uow.patients.search(uow.caller, q.strip(), now=now, cursor=cursor, limit=limit)
    strangers: list[Patient] = []
    if len(q.strip()) >= 8 and not cursor:
        ours = {patient.id for patient in page.items}
        strangers = [p for p in await uow.patients.by_whole_number(q) if p.id not in ours]
    uow.audit(AuditEntry("search", "patients", f"{len(page.items) + len(strangers)} found"))
    for stranger in strangers:
        uow.audit(AuditEntry("find", "patients", stranger.id, patient_id=stranger.id, basis="whole number typed"))
    return Found(page.items, strangers, page.next)


async def open_patient(
    uow: UnitOfWork, patient_id: str, *, now: datetime, route: str = OPEN, action: str = "read"
) -> Patient:
    """Return a patient whom the caller may see, and put it on record; a refusal too.

    Raises
    ------
    UnknownPatient, NoCareRelation, Forbidden
    """
    patient = await uow.patients.get(patient_id)
    if patient is None:
        raise UnknownPatient
    try:
        permissions.require(uow.caller, route, await relation_to(uow, patient, now=now))
    except (NoCareRelation, Forbidden):
        uow.audit(_entry(uow.caller, action, patient, outcome="refused"))
        raise
    grant = await uow.grants.live(uow.caller.user_id, patient_id, now=now)
    uow.audit(_entry(uow.caller, action, patient, basis="break-glass" if grant else "care relation"))
    return patient


async def relation_to(uow: UnitOfWork, patient: Patient, *, now: datetime) -> Relation:
    """Return how the caller stands to a patient: registered here, in our care by a study or an order, or by a grant."""
    ours = frozenset(m.organization_id for m in uow.caller.memberships if m.role in CARE_ROLES)
    visible = await uow.patients.is_visible(uow.caller, patient.id, now=now)
    grant = await uow.grants.live(uow.caller.user_id, patient.id, now=now)
    return Relation(
        patient.organization_id, ours if visible and grant is None else frozenset(), granted=grant is not None
    )


async def possible_duplicates(uow: UnitOfWork, patient: Patient) -> list[Candidate]:
    """Return records that may be the same person, for somebody to look at."""
    return candidates(patient, await uow.patients.alike(patient))


async def add_identifier(uow: UnitOfWork, patient_id: str, identifier: Identifier, *, now: datetime) -> Patient:
    """Give a patient one more identifier; a document turns a provisional record into a known one.

    Raises
    ------
    UnknownPatient, NoCareRelation, DuplicateIdentifier, IdentityConflict and those of the resident ID
    """
    patient = await open_patient(uow, patient_id, now=now, route=ADD_IDENTIFIER, action="add-identifier")
    wanted = Registration(patient.name, patient.sex, patient.birth_date, (identifier,))
    checked = await _checked(uow, wanted, patient.organization_id, local_date(now))
    fresh = checked.identifiers[0]
    is_document = fresh.system not in SITE_LOCAL
    if fresh.system is IdentifierSystem.RESIDENT_ID and patient.resident_id not in {None, fresh.value}:
        raise IdentityConflict("这份档案已有另一个身份证号，请核对")
    await _refuse_known(uow, fresh, patient.name)
    await uow.patients.add_identifier(patient.id, fresh, at=now)
    await uow.patients.touch(patient.id, provisional=False if is_document else None)
    after = await uow.patients.get(patient_id) or patient
    _tell(uow, "identifier-added", after)
    return after


async def break_glass(uow: UnitOfWork, patient_id: str, reason: str, *, now: datetime) -> Grant:
    """Open a stranger's record in an emergency: four hours, on record, reviewed the next day (S21).

    Raises
    ------
    UnknownPatient, ReasonNeeded, Forbidden
    """
    if len(reason.strip()) < 4:
        raise ReasonNeeded
    patient = await uow.patients.get(patient_id)
    if patient is None:
        raise UnknownPatient
    allowed = permissions.require(uow.caller, BREAK_GLASS, Relation(patient.organization_id))
    organization_id = allowed.membership.organization_id
    grant = Grant(
        id=secrets.token_hex(12),
        user_id=uow.caller.user_id,
        organization_id=organization_id,
        patient_id=patient.id,
        reason=reason.strip(),
        granted_at=now,
        expires_at=now + GRANT_LIFE,
    )
    await uow.grants.add(grant)
    uow.audit(_entry(uow.caller, "break-glass", patient, basis=reason.strip()))
    await _ask_for_review(uow, grant, now)
    audience = tuple(dict.fromkeys((organization_id, patient.organization_id)))
    uow.publish(Event("patients", "glass-broken", patient.id, patient.version, "active", audience, organization_id))
    return grant


async def reveal(uow: UnitOfWork, patient_id: str, reason: str, *, now: datetime) -> Patient:
    """Return a patient whose plain numbers the caller will see; on record with the reason.

    Raises
    ------
    UnknownPatient, NoCareRelation, ReasonNeeded
    """
    if len(reason.strip()) < 2:
        raise ReasonNeeded
    patient = await open_patient(uow, patient_id, now=now, route=REVEAL)
    uow.audit(_entry(uow.caller, "reveal", patient, basis=reason.strip()))
    return patient


def _organization_for(caller: Caller, wanted: str | None) -> str:
    possible = permissions.organizations_for(caller, REGISTER)
    if wanted is None and possible:
        return next(m.organization_id for m in caller.memberships if m.organization_id in possible)
    if wanted is None or wanted not in possible:
        raise Forbidden
    return wanted


async def _checked(uow: UnitOfWork, wanted: Registration, organization_id: str, today: date) -> Registration:
    """Return the registration with everything normalised, and what the resident ID says filled in."""
    name = tidy(wanted.name)
    if not name:
        raise NameRequired("请写姓名；身份不明可写“无名氏”", errors=[{"pointer": "/name", "code": NameRequired.code}])
    identifiers = []
    sex, birth_date = wanted.sex, wanted.birth_date
    for identifier in wanted.identifiers:
        if identifier.system is IdentifierSystem.RESIDENT_ID:
            resident = resident_id.parse(identifier.value, today=today)
            resident_id.agree(resident, sex=sex, birth_date=birth_date)
            sex, birth_date = Sex(resident.sex), resident.birth_date
            identifiers.append(replace(identifier, value=resident.value, issuer=""))
        else:
            issuer = (identifier.issuer or organization_id) if identifier.system in SITE_LOCAL else identifier.issuer
            identifiers.append(
                replace(identifier, value=normalised(identifier.system, identifier.value), issuer=issuer)
            )
    if birth_date is not None and not EARLIEST_BIRTH <= birth_date <= today:
        raise DateOrder("出生日期不对", errors=[{"pointer": "/birth_date", "code": DateOrder.code}])
    await _check_assistance(uow, wanted.assistance)
    if not identifiers:
        identifiers = [await _temporary(uow, organization_id)]
    provisional = wanted.provisional or all(i.system is IdentifierSystem.TEMPORARY for i in identifiers)
    return replace(
        wanted, name=name, sex=sex, birth_date=birth_date, identifiers=tuple(identifiers), provisional=provisional
    )


async def _check_assistance(uow: UnitOfWork, held: Sequence[Assistance]) -> None:
    known = await uow.patients.categories() if held else {}
    for place, one in enumerate(held):
        if one.category not in known:
            where = {"pointer": f"/assistance/{place}/category", "code": UnknownAssistance.code}
            raise UnknownAssistance(f"没有这个救助类别：{one.category}", errors=[where])
        if one.valid_to is not None and one.valid_to < one.valid_from:
            raise DateOrder(
                "救助类别的止期早于起期", errors=[{"pointer": f"/assistance/{place}/to", "code": "DATE_ORDER"}]
            )


async def _temporary(uow: UnitOfWork, organization_id: str) -> Identifier:
    serial = await uow.ledger.next_serial(f"temporary:{organization_id}")
    return Identifier(IdentifierSystem.TEMPORARY, f"T{serial:06d}", organization_id)


async def _refuse_known(uow: UnitOfWork, identifier: Identifier, name: str) -> None:
    holder = await uow.patients.by_identifier(identifier.system, identifier.value, identifier.issuer)
    if holder is None:
        return
    uow.audit(_entry(uow.caller, "register", holder, outcome="refused"))
    if same_name(holder.name, name):
        raise DuplicateIdentifier(holder.id)
    raise IdentityConflict(
        "这个证件号登记在另一个姓名下，请核对证件", errors=[{"pointer": "/identifiers", "code": IdentityConflict.code}]
    )


async def _next_record_number(uow: UnitOfWork, organization_id: str) -> str | None:
    organization = await uow.organizations.get(organization_id)
    if organization is None or not organization.record_area:
        return None
    return record_number(organization.record_area, await uow.ledger.next_serial(f"record:{organization.record_area}"))


async def _ask_for_review(uow: UnitOfWork, grant: Grant, now: datetime) -> None:
    reviewer = await _reviewing_organization(uow, grant.organization_id)
    task = Task(
        id=secrets.token_hex(12),
        kind="break-glass-review",
        subject_kind="patients",
        subject_id=grant.patient_id,
        organization_id=reviewer,
        role=Role.MEDICAL_AFFAIRS,
        due_at=now + REVIEW_WITHIN,
        zh=f"{uow.caller.name} 紧急打开了一份没有诊疗关系的档案，请复核",
        en=f"{uow.caller.name} broke the glass on a record without care relation; please review",
        created_at=now,
    )
    await uow.ledger.open_task(task, dedupe_key=f"break-glass:{grant.id}")


async def _reviewing_organization(uow: UnitOfWork, organization_id: str) -> str:
    """Return the nearest organization upwards in which somebody has medical affairs; every item has an owner."""
    here: str | None = organization_id
    for _ in range(4):
        if here is None:
            break
        owner = Membership(here, Role.MEDICAL_AFFAIRS)
        if any(owner in user.memberships and user.disabled_at is None for user in await uow.users.all([here])):
            return here
        above = await uow.organizations.get(here)
        here = above.parent_id if above else None
    return organization_id


def _entry(
    caller: Caller, action: str, patient: Patient, *, outcome: str = "success", basis: str | None = None
) -> AuditEntry:
    organization_id = next(iter(sorted(caller.organizations)), None)
    return AuditEntry(
        action, "patients", patient.id, patient.id, outcome=outcome, basis=basis, organization_id=organization_id
    )


def _tell(uow: UnitOfWork, name: str, patient: Patient) -> None:
    uow.audit(_entry(uow.caller, name, patient))
    audience = (patient.organization_id,)
    uow.publish(Event("patients", name, patient.id, patient.version, "active", audience, patient.organization_id))
