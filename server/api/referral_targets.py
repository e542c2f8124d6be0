"""Where to send a patient: hospitals that could take him, each with its reason and how old that knowledge is."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Literal

from pydantic import Field

from referral.model import Diagnosis, Level
from referral.targets import Target
from server.accounts import permissions
from server.accounts.errors import NoCareRelation
from server.accounts.model import AuditEntry
from server.accounts.permissions import Relation
from server.api.endpoint import Body, Call, Routes, View
from server.api.order_view import Words
from server.api.referral_bodies import DiagnosisBody, NeedsBody
from server.api.referral_views import PlaceRef
from server.api.referrals import REFERRALS
from server.workflows.where_to import Offer, Question, suggest

routes = Routes("referrals")
SUGGEST = "POST /api/v1/referrals/suggest-targets"
MINUTE = timedelta(minutes=1)


class WishBody(Body):
    """What a patient needs of the place that receives him; without a patient by needs alone."""

    patient_id: str | None = Field(default=None, max_length=40)
    from_org: str | None = Field(default=None, max_length=40)
    department: str = Field(default="", max_length=60)
    triage_level: Literal[1, 2, 3, 4]
    needs: NeedsBody = NeedsBody()
    diagnosis: DiagnosisBody = DiagnosisBody()
    phase: str = Field(default="", max_length=40)


class TargetView(View):
    """A place offered; `free` counts beds that this patient may have now, null where nobody keeps a board."""

    organization: PlaceRef
    department: str
    free: int | None
    minutes: int | None
    confirmed_at: datetime | None
    age_minutes: int | None
    stale: bool
    lacking: Sequence[str]
    agreed: bool
    reason: Words


class ScopeView(Words):
    """What the guide of tiered care says; `within` means that to go on needs a written reason."""

    within: bool
    rule_version: int


class OfferedView(View):
    """The departments that a place has."""

    organization_id: str
    names: Sequence[str]


class SuggestionView(View):
    """Where to, best first; what the guide says; and what each place has."""

    targets: Sequence[TargetView]
    scope: ScopeView | None
    departments: Sequence[OfferedView]


@routes.post(REFERRALS + "/suggest-targets", body=WishBody, answer=SuggestionView, transaction="read")
async def suggest_targets(call: Call) -> SuggestionView:
    """Offer places by capability, free beds, road and agreement, and say what the guide says."""
    body, patient_id = call.body, call.body.patient_id
    if patient_id and not await call.uow.patients.is_visible(call.caller, patient_id, now=call.now):
        raise NoCareRelation
    asked = Question(
        _sender(call), Level(body.triage_level), body.needs.needs(body.department),
        Diagnosis(**body.diagnosis.model_dump()), patient_id, body.phase,
    )  # fmt: skip
    offer = await suggest(call.uow, asked, now=call.now)
    call.uow.audit(AuditEntry("suggest", "referral-targets", asked.from_organization_id, patient_id))
    return _suggestion(offer, asked.needs.department, call.now)


def _sender(call: Call) -> str:
    """Return for whom the caller asks: the organization named, else her own."""
    wanted = call.body.from_org or min(permissions.organizations_for(call.caller, SUGGEST), default="")
    permissions.require(call.caller, SUGGEST, Relation(organization_id=wanted))
    return str(wanted)


def _suggestion(offer: Offer, department: str, now: datetime) -> SuggestionView:
    said = offer.verdict
    scope = None
    if said is not None:
        words = said.words
        scope = ScopeView(within=said.keeps, zh=words.zh, en=words.en, rule_version=said.rule_version)
    return SuggestionView(
        targets=[_target(target, offer, department, now) for target in offer.targets],
        scope=scope,
        departments=[OfferedView(organization_id=p.organization_id, names=p.departments) for p in offer.places],
    )


def _target(target: Target, offer: Offer, department: str, now: datetime) -> TargetView:
    confirmed_at = offer.place(target.organization_id).confirmed_at
    return TargetView(
        organization=PlaceRef(id=target.organization_id, name=target.name, phone=target.phone),
        department=department,
        free=target.free,
        minutes=target.minutes,
        confirmed_at=confirmed_at,
        age_minutes=None if confirmed_at is None else (now - confirmed_at) // MINUTE,
        stale=target.stale,
        lacking=target.lacking,
        agreed=target.agreed,
        reason=Words(zh=target.reason.zh, en=target.reason.en),
    )
