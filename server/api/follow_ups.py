"""Follow-ups at home: what is due, and what a visit wrote down (`/api/v1/follow-ups`)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Literal

from pydantic import Field

from referral.errors import UnknownSubject
from referral.follow_up import Adherence, Danger, FollowUp, FollowUpKind, FollowUpRules, Form, Mode, RiskTier
from referral.service import visits
from referral.tickets import SYSTEM, Party
from server.accounts.model import AuditEntry, Caller, Role
from server.api.endpoint import Body, Call, Routes, View
from server.api.order_view import OfferView, Ref, Words
from server.api.refusals import heed_if_match, on_record
from server.clock import local_date
from server.patients.model import Patient, Sex
from server.workflows.referrals import act_of, kin_of

routes = Routes("follow-ups")
FOLLOW_UPS = "/api/v1/follow-ups"
VISITING = (Role.FAMILY_DOCTOR, Role.TOWNSHIP_DOCTOR)


class ListQuery(Body):
    """Which follow-ups: until a day or an instant, open ones without a state."""

    due_before: str = Field(default="", max_length=40)
    state: Literal["open", "done", "ended", "overdue", ""] = "open"
    patient: str = Field(default="", max_length=40)
    ticket: str = Field(default="", max_length=40)
    limit: int = Field(default=100, ge=1, le=500)


class FormBody(Body):
    """What a visit wrote down: mmHg, mmol/L, %, kg, beats/min, °C, fen."""

    on: date | None = None
    mode: Mode = Mode.CLINIC
    systolic: int | None = None
    diastolic: int | None = None
    glucose: float | None = None
    hba1c: float | None = None
    weight: float | None = None
    heart_rate: int | None = None
    temperature: float | None = None
    symptoms: Sequence[str] = Field(default=(), max_length=30)
    dangers: Sequence[Danger] = Field(default=(), max_length=20)
    pregnant: bool = False
    adherence: Adherence = Adherence.REGULAR
    adverse_reaction: bool = False
    new_complication: bool = False
    medicines: Sequence[str] = Field(default=(), max_length=60)
    condition: Literal["", "cured", "better", "stable", "worse", "died"] = ""
    rehabilitation: str = Field(default="", max_length=4000)
    lifestyle: str = Field(default="", max_length=4000)
    problems: str = Field(default="", max_length=4000)
    self_paid: int | None = Field(default=None, ge=0)

    def form(self, today: date) -> Form:
        """Return the domain's form; today where no day was written."""
        fields = {name: getattr(self, name) for name in type(self).model_fields}
        fields |= {"on": self.on or today, "symptoms": tuple(self.symptoms), "medicines": tuple(self.medicines)}
        return Form(**fields | {"dangers": frozenset(self.dangers)})


class VisitAdviceView(Words):
    """What a visit asks for; a person decides."""

    code: str


class AssessmentView(View):
    """What follows from a visit."""

    controlled: bool | None
    urgent: bool
    next_due: date | None
    suggestions: Sequence[VisitAdviceView]


class FollowUpPatient(View):
    """Whom it is about."""

    id: str
    name: str
    sex: Sex
    age: int | None
    phone: str | None
    address: str | None


class PressureView(View):
    """A blood pressure, mmHg."""

    systolic: int
    diastolic: int


class FollowUpView(View):
    """A call or a visit that is due, or was done."""

    id: str
    kind: FollowUpKind
    words: Words
    state: Literal["open", "done", "ended"]
    overdue: bool
    tier: RiskTier
    due_at: datetime
    organization: Ref
    patient: FollowUpPatient | None
    ticket_id: str | None
    done_at: datetime | None
    done_by: Ref | None
    form: dict[str, Any] | None
    assessment: AssessmentView | None
    urgent_from: PressureView = Field(description="From either number on a visit is urgent, by the rule in force.")
    urgent_from_pregnant: PressureView
    version: int
    commands: Sequence[OfferView]


class FollowUpPage(View):
    """Follow-ups, the next due first, and how many are late."""

    items: Sequence[FollowUpView]
    overdue: int


class CompletedView(FollowUpView):
    """A follow-up that was just done: the next one, and the emergency ticket that was drafted."""

    next: FollowUpView | None
    drafted_referral_id: str | None


@routes.get(FOLLOW_UPS, query=ListQuery, answer=FollowUpPage)
async def show_list(call: Call) -> FollowUpPage:
    """List follow-ups, the next due first."""
    asked = call.query.model_dump()
    found = await call.uow.follow_up_list.page(call.caller, asked, now=call.now)
    call.uow.audit(AuditEntry("list", "follow-ups", call.query.due_before or "-"))
    return FollowUpPage(items=await _views(call, found.items), overdue=found.overdue)


@routes.get(FOLLOW_UPS + "/{id}", answer=FollowUpView)
async def show(call: Call) -> FollowUpView:
    """Show one follow-up."""
    visit = await _visible(call)
    call.uow.audit(AuditEntry("open", "follow-ups", visit.id, visit.patient_id))
    return (await _views(call, [visit]))[0]


@routes.post(FOLLOW_UPS + "/{id}/complete", body=FormBody, answer=CompletedView)
async def complete(call: Call) -> CompletedView:
    """Write a visit down; says what follows from it."""
    visit = await _visible(call)
    heed_if_match(call, visit.version)
    act = act_of(call.uow, visitor_of(call.caller, visit, await kin_of(call.uow, call.caller)), call.now)
    with on_record(call, "complete", "follow-ups", visit.id, visit.patient_id):
        done = await visits.complete(act, visit, call.body.form(local_date(call.now)))
    call.uow.audit(AuditEntry("complete", "follow-ups", visit.id, visit.patient_id))
    views = await _views(call, [v for v in (done.done, done.next) if v is not None])
    return CompletedView(
        **{name: getattr(views[0], name) for name in FollowUpView.model_fields},
        next=views[1] if done.next else None, drafted_referral_id=done.drafted.id if done.drafted else None,
    )  # fmt: skip


def visitor_of(caller: Caller, visit: FollowUp, kin: frozenset[str]) -> Party:
    """Return what the caller is to a follow-up: whoever visits for its organization, the village for its township."""
    where = visit.organization_id
    visits_there = caller.has(*VISITING, organization_id=where) or where in kin
    return Party(caller.user_id, caller.name, family=visits_there)


async def _visible(call: Call) -> FollowUp:
    visit = await call.uow.follow_up_list.one(call.caller, call.path("id"), now=call.now)
    if visit is None:
        raise UnknownSubject("follow-ups", call.path("id"))
    found: FollowUp = visit
    return found


@dataclass(frozen=True, slots=True)
class Around:
    """What a view says beside the follow-up itself: patients, doctors and organizations by id, and the rules there."""

    patients: Mapping[str, Patient]
    people: Mapping[str, str]
    names: Mapping[str, str]
    rules: Mapping[str, FollowUpRules]


async def _views(call: Call, found: Sequence[FollowUp]) -> list[FollowUpView]:
    act = act_of(call.uow, SYSTEM, call.now)
    around = Around(
        patients=await call.uow.patients.many([v.patient_id for v in found]),
        people=await call.uow.centres.people([v.done_by for v in found if v.done_by]),
        names=await call.uow.centres.names(),
        rules={where: await visits.rules_at(act, where) for where in {visit.organization_id for visit in found}},
    )
    kin = await kin_of(call.uow, call.caller)
    mine = {visit.id for visit in found if visitor_of(call.caller, visit, kin).family}
    return [_view(call, visit, around, may=visit.id in mine) for visit in found]


def _view(call: Call, visit: FollowUp, around: Around, *, may: bool) -> FollowUpView:
    where, people, rules = visit.organization_id, around.people, around.rules[visit.organization_id]
    is_open = visit.state == "open"
    return FollowUpView(
        id=visit.id,
        kind=visit.kind,
        words=Words(zh=visit.words.zh, en=visit.words.en),
        state=visit.state,
        overdue=is_open and visit.due_at < call.now,
        tier=visit.tier,
        due_at=visit.due_at,
        organization=Ref(id=where, name=around.names.get(where, where)),
        patient=_patient(around.patients.get(visit.patient_id), call.now),
        ticket_id=visit.ticket_id,
        done_at=visit.done_at,
        done_by=Ref(id=visit.done_by, name=people.get(visit.done_by, visit.done_by)) if visit.done_by else None,
        form=_form(visit.form) if visit.form else None,
        assessment=_assessment(visit),
        urgent_from=_pressure(rules.urgent_pressure),
        urgent_from_pregnant=_pressure(rules.pressure),
        version=visit.version,
        commands=[OfferView(name="complete", allowed=is_open, reason=None if is_open else "STATE")] if may else [],
    )


def _pressure(pair: tuple[int, int]) -> PressureView:
    return PressureView(systolic=pair[0], diastolic=pair[1])


def _form(form: Form) -> dict[str, Any]:
    plain = {name: getattr(form, name) for name in Form.__slots__}
    return plain | {"dangers": sorted(danger.value for danger in form.dangers), "on": form.on.isoformat()}


def _assessment(visit: FollowUp) -> AssessmentView | None:
    judged = visit.assessment
    if judged is None:
        return None
    return AssessmentView(
        controlled=judged.controlled,
        urgent=judged.urgent,
        next_due=judged.next_due,
        suggestions=[VisitAdviceView(code=s.code, zh=s.words.zh, en=s.words.en) for s in judged.suggestions],
    )


def _patient(patient: Patient | None, now: datetime) -> FollowUpPatient | None:
    if patient is None:
        return None
    return FollowUpPatient(
        id=patient.id, name=patient.name, sex=patient.sex, age=patient.age(local_date(now)),
        phone=patient.phone or None, address=patient.address or None,
    )  # fmt: skip
