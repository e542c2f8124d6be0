"""How patients are shown: masked by the server, assistance to care roles only."""

from collections.abc import Sequence
from datetime import date, datetime

from pydantic import Field

from server.accounts import permissions
from server.accounts.model import Caller
from server.accounts.permissions import CARE_ROLES, Allowed, Relation
from server.api.endpoint import Call, View
from server.api.order_view import OfferView, Ref
from server.clock import local_date
from server.patients.identifiers import masked, masked_phone
from server.patients.matching import Candidate
from server.patients.model import AssistanceCategory, Patient, Sex
from server.patients.names import masked_name
from server.workflows import patients
from server.workflows.patients import ADD_IDENTIFIER, BREAK_GLASS, REVEAL, Found

SHOWN_SECONDS = 10  # how long a screen keeps plain numbers (screens/language.md)


class IdentifierView(View):
    """An identifier, masked."""

    system: str
    issuer: str
    masked: str


class AssistanceView(View):
    """A dated assistance category."""

    category: str
    zh: str
    en: str
    since: date = Field(serialization_alias="from")
    until: date | None = Field(serialization_alias="to")
    active: bool
    bed_priority: bool


class SimilarView(View):
    """A record that may be the same person."""

    id: str
    name: str
    sex: Sex
    age: int | None
    masked_id: str
    organization: Ref
    score: int
    grounds: Sequence[str]


class CardView(View):
    """A patient in a list; of a stranger only what tells people apart."""

    id: str
    visible: bool
    name: str
    pinyin: str = ""
    record_number: str | None = None
    sex: Sex
    birth_date: date | None = None
    age: int | None
    masked_id: str
    phone_masked: str = ""
    allergies: str = ""
    assistance: Sequence[AssistanceView] | None = None
    provisional: bool
    organization: Ref
    commands: Sequence[OfferView] = ()
    version: int


class FoundPage(View):
    """What a search found."""

    items: Sequence[CardView]
    next: str | None


class SimilarPage(View):
    """Records that may be the same person, likeliest first."""

    items: Sequence[SimilarView]
    next: str | None = None


class PatientView(CardView):
    """A patient's record."""

    identifiers: Sequence[IdentifierView]
    address: str
    created_at: datetime
    possible_duplicates: Sequence[SimilarView]


class GrantView(View):
    """A broken glass."""

    patient_id: str
    granted_at: datetime
    expires_at: datetime


class PlainIdentifier(View):
    """An identifier in plain."""

    system: str
    issuer: str
    value: str


class RevealedView(View):
    """Plain numbers, to be shown for `shown_seconds` and forgotten."""

    resident_id: str | None
    identifiers: Sequence[PlainIdentifier]
    phone: str
    shown_seconds: int = SHOWN_SECONDS


async def patient_view(call: Call, patient: Patient) -> PatientView:
    """Return a record as the caller may see it."""
    names = await _names(call)
    card = _card(patient, call, names, await call.uow.patients.categories())
    similar = await patients.possible_duplicates(call.uow, patient)
    relation = await patients.relation_to(call.uow, patient, now=call.now)
    return PatientView(
        **{name: getattr(card, name) for name in CardView.model_fields if name != "commands"},
        identifiers=[
            IdentifierView(system=i.system, issuer=i.issuer, masked=masked(i.value)) for i in patient.identifiers
        ],
        address=patient.address,
        created_at=patient.created_at,
        possible_duplicates=[_similar(c, names, local_date(call.now)) for c in similar],
        commands=_commands(call.caller, {"reveal": REVEAL, "add-identifier": ADD_IDENTIFIER}, relation),
    )


async def found_page(call: Call, found: Found) -> FoundPage:
    """Return cards of the caller's patients and of strangers."""
    names, categories = await _names(call), await call.uow.patients.categories()
    items = [_card(p, call, names, categories) for p in found.visible]
    items += [_stranger(p, call, names) for p in found.strangers]
    return FoundPage(items=items, next=found.next)


async def similar_page(call: Call, patient: Patient) -> SimilarPage:
    """Return records that may be the same person."""
    names = await _names(call)
    similar = await patients.possible_duplicates(call.uow, patient)
    return SimilarPage(items=[_similar(c, names, local_date(call.now)) for c in similar])


def revealed_view(patient: Patient) -> RevealedView:
    """Return a patient's plain numbers."""
    plain = [PlainIdentifier(system=i.system, issuer=i.issuer, value=i.value) for i in patient.identifiers]
    return RevealedView(resident_id=patient.resident_id, identifiers=plain, phone=patient.phone)


def masked_id(patient: Patient) -> str:
    """Return the resident ID masked, else the first identifier there is."""
    first = patient.identifiers[0].value if patient.identifiers else ""
    return masked(patient.resident_id or first)


def _card(patient: Patient, call: Call, names: dict[str, str], categories: dict[str, AssistanceCategory]) -> CardView:
    today = local_date(call.now)
    return CardView(
        id=patient.id,
        visible=True,
        name=patient.name,
        pinyin=patient.pinyin,
        record_number=patient.record_number,
        sex=patient.sex,
        birth_date=patient.birth_date,
        age=patient.age(today),
        masked_id=masked_id(patient),
        phone_masked=masked_phone(patient.phone) if patient.phone else "",
        allergies=patient.allergies,
        assistance=_assistance(patient, categories, today) if call.caller.has(*CARE_ROLES) else None,
        provisional=patient.provisional,
        organization=_organization(patient.organization_id, names),
        version=patient.version,
    )


def _stranger(patient: Patient, call: Call, names: dict[str, str]) -> CardView:
    return CardView(
        id=patient.id,
        visible=False,
        name=masked_name(patient.name),
        sex=patient.sex,
        age=patient.age(local_date(call.now)),
        masked_id=masked_id(patient),
        provisional=patient.provisional,
        organization=_organization(patient.organization_id, names),
        commands=_commands(call.caller, {"break-glass": BREAK_GLASS}, Relation(patient.organization_id)),
        version=patient.version,
    )


def _assistance(patient: Patient, categories: dict[str, AssistanceCategory], today: date) -> list[AssistanceView]:
    return [
        AssistanceView(
            category=held.category,
            zh=kind.zh,
            en=kind.en,
            since=held.valid_from,
            until=held.valid_to,
            active=held.is_active(today),
            bed_priority=kind.bed_priority and held.is_active(today),
        )
        for held in patient.assistance
        if (kind := categories.get(held.category)) is not None
    ]


def _similar(candidate: Candidate, names: dict[str, str], today: date) -> SimilarView:
    patient = candidate.patient
    return SimilarView(
        id=patient.id,
        name=masked_name(patient.name),
        sex=patient.sex,
        age=patient.age(today),
        masked_id=masked_id(patient),
        organization=_organization(patient.organization_id, names),
        score=candidate.score,
        grounds=candidate.grounds,
    )


def _commands(caller: Caller, routes: dict[str, str], relation: Relation) -> list[OfferView]:
    decisions = {name: permissions.decide(caller, route, relation) for name, route in routes.items()}
    return [
        OfferView(name=name, allowed=isinstance(d, Allowed), reason=None if isinstance(d, Allowed) else d.code)
        for name, d in decisions.items()
    ]


def _organization(organization_id: str, names: dict[str, str]) -> Ref:
    return Ref(id=organization_id, name=names.get(organization_id, organization_id))


async def _names(call: Call) -> dict[str, str]:
    return {o.id: o.name for o in await call.uow.organizations.all()}
