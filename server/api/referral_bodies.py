"""What people write about referrals: strict bodies, and what they become in the domain."""

from collections.abc import Sequence
from datetime import date
from typing import Literal

from pydantic import AwareDatetime, Field

from referral.model import DeclineCode, Diagnosis, Direction, Level, Needs, Pathway, ReasonCode
from referral.service.drafting import Draft
from referral.tickets import Consent, HomePlan, Package, Transport, Vitals
from server.api.endpoint import Body

LONG, SHORT = 8000, 200


class DiagnosisBody(Body):
    """A coded diagnosis (ICD-10); an emergency may have no code yet."""

    code: str = Field(default="", max_length=40)
    system: str = Field(default="ICD-10", max_length=60)
    name: str = Field(default="", max_length=SHORT)


class VitalsBody(Body):
    """Vital signs: breaths/min, %, mmHg, beats/min, °C; consciousness by ACVPU."""

    at: AwareDatetime | None = None
    respiratory_rate: int | None = Field(default=None, ge=0, le=120)
    spo2: int | None = Field(default=None, ge=0, le=100)
    on_oxygen: bool = False
    systolic: int | None = Field(default=None, ge=0, le=350)
    diastolic: int | None = Field(default=None, ge=0, le=250)
    heart_rate: int | None = Field(default=None, ge=0, le=400)
    consciousness: Literal["A", "C", "V", "P", "U"] = "A"
    temperature: float | None = Field(default=None, ge=20, le=46)
    hypercapnic: bool = False

    def vitals(self) -> Vitals:
        """Return the domain's vital signs."""
        return Vitals(**self.model_dump())


class NeedsBody(Body):
    """What a bed has to offer."""

    department: str = Field(default="", max_length=60)
    isolation: bool = False
    icu: bool = False
    devices: Sequence[str] = Field(default=(), max_length=10)

    def needs(self, department: str) -> Needs:
        """Return the domain's needs; the department is the ticket's where none is named."""
        return Needs(self.department or department, self.isolation, self.icu, tuple(self.devices))


class ConsentBody(Body):
    """What the patient or a relative agreed to; `given: false` with a name is a refusal."""

    given: bool = False
    by: str = Field(default="", max_length=60)
    relation: str = Field(default="", max_length=30)
    at: AwareDatetime | None = None


class TransportBody(Body):
    """How the patient comes."""

    mode: str = Field(default="", max_length=30)
    vehicle: str = Field(default="", max_length=60)
    escort: str = Field(default="", max_length=60)
    phone: str = Field(default="", max_length=30)
    driver: str = Field(default="", max_length=60)


class PackageBody(Body):
    """What travels with the patient."""

    summary: str = Field(default="", max_length=LONG)
    present_history: str = Field(default="", max_length=LONG)
    past_history: str = Field(default="", max_length=LONG)
    treatment: str = Field(default="", max_length=LONG)
    allergies: str = Field(default="", max_length=LONG)
    medicines: Sequence[str] = Field(default=(), max_length=60)
    vitals: VitalsBody | None = None
    study_uids: Sequence[str] = Field(default=(), max_length=60)
    report_ids: Sequence[str] = Field(default=(), max_length=60)
    consent: ConsentBody | None = None
    transport: TransportBody | None = None
    onset_at: AwareDatetime | None = None
    attention: str = Field(default="", max_length=LONG)

    def package(self) -> Package:
        """Return the domain's package."""
        return Package(
            summary=self.summary,
            present_history=self.present_history,
            past_history=self.past_history,
            treatment=self.treatment,
            allergies=self.allergies,
            medicines=tuple(self.medicines),
            vitals=self.vitals.vitals() if self.vitals else None,
            study_uids=tuple(self.study_uids),
            report_ids=tuple(self.report_ids),
            consent=Consent(**self.consent.model_dump()) if self.consent else Consent(),
            transport=Transport(**self.transport.model_dump()) if self.transport else Transport(),
            onset_at=self.onset_at,
            attention=self.attention,
        )


class PlanBody(Body):
    """What goes home with the patient (回转单)."""

    discharge_summary: str = Field(default="", max_length=LONG)
    results: str = Field(default="", max_length=LONG)
    case_number: str = Field(default="", max_length=40)
    medicines: Sequence[str] = Field(default=(), max_length=60)
    warning_signs: str = Field(default="", max_length=LONG)
    rehabilitation: str = Field(default="", max_length=LONG)
    first_visit_due: date | None = None
    equipment: Sequence[str] = Field(default=(), max_length=30)
    risk_tier: Literal["red", "yellow", "green"] = "yellow"
    inpatient: bool = False
    cloud_ward: bool = False
    stable: bool = False
    round_plan: str = Field(default="", max_length=LONG)

    def plan(self) -> HomePlan:
        """Return the domain's plan."""
        names = HomePlan.__slots__
        fields = {name: value for name, value in self.model_dump().items() if name in names}
        return HomePlan(**fields | {"medicines": tuple(self.medicines), "equipment": tuple(self.equipment)})


class ReferralBody(PackageBody):
    """A new ticket (the contract's fields first); what is not said comes from the record."""

    patient_id: str = Field(min_length=1, max_length=40)
    direction: Direction = Direction.UP
    from_org: str | None = Field(default=None, max_length=40)
    to_org: str | None = Field(default=None, max_length=40)
    outside_name: str = Field(default="", max_length=SHORT)
    department: str = Field(default="", max_length=60)
    reason_code: ReasonCode | Literal[""] = ""
    diagnosis: DiagnosisBody = Field(default_factory=DiagnosisBody)
    triage_level: Literal[1, 2, 3, 4]
    pathway: Pathway | None = None
    needs: NeedsBody = NeedsBody()
    travel_minutes: int | None = Field(default=None, ge=0, le=2880)
    expected_arrival_at: AwareDatetime | None = None
    plan: PlanBody | None = None
    based_on: str | None = Field(default=None, max_length=40)
    reason: str = Field(default="", max_length=2000)
    written_at: AwareDatetime | None = None

    def draft(self, from_organization_id: str) -> Draft:
        """Return the domain's draft."""
        return Draft(
            patient_id=self.patient_id,
            direction=self.direction,
            from_organization_id=from_organization_id,
            to_organization_id=self.to_org or None,
            department=self.department or self.needs.department,
            level=Level(self.triage_level),
            reason_code=str(self.reason_code),
            diagnosis=Diagnosis(**self.diagnosis.model_dump()),
            needs=self.needs.needs(self.department),
            package=self.package(),
            outside_name=self.outside_name,
            pathway=self.pathway,
            travel_minutes=self.travel_minutes,
            expected_arrival_at=self.expected_arrival_at,
            plan=self.plan.plan() if self.plan else None,
            based_on=self.based_on,
            unscheduled_reason=self.reason,
            written_at=self.written_at,
        )


class EditBody(PackageBody):
    """Details written while the patient is moving; the whole package as it now is."""

    diagnosis: DiagnosisBody
    reason_code: ReasonCode | Literal[""] = ""
    pathway: Pathway | None = None
    needs: NeedsBody = NeedsBody()
    expected_arrival_at: AwareDatetime | None = None
    plan: PlanBody | None = None


class SendBody(Body):
    """Sending; a reason where the guide says that the sender's own level treats this, the phase where it matters."""

    reason: str = Field(default="", max_length=2000)
    phase: str = Field(default="", max_length=40)


class WordsBody(Body):
    """A reason, a question or an answer in words."""

    reason: str = Field(default="", max_length=4000)
    text: str = Field(default="", max_length=4000)

    @property
    def words(self) -> str:
        """Return whichever was written."""
        return (self.reason or self.text).strip()


class DeclineBody(WordsBody):
    """Why a patient is not taken; the code is required, words go with `other`."""

    code: DeclineCode | None = None


class RedirectBody(WordsBody):
    """Where the patient goes instead."""

    to_org: str | None = Field(default=None, max_length=40)
    department: str = Field(default="", max_length=60)
    outside_name: str = Field(default="", max_length=SHORT)


class HoldBody(Body):
    """A bed that a person chose; without one the rule chooses."""

    bed_id: str = Field(default="", max_length=80)
    reason: str = Field(default="", max_length=2000)


class DepartBody(Body):
    """Setting out."""

    expected_arrival_at: AwareDatetime | None = None
    vehicle: str = Field(default="", max_length=60)


class AdmitBody(Body):
    """The bed the patient lies in; the held one without a name."""

    bed_id: str = Field(default="", max_length=80)


class OutcomeBody(Body):
    """What became of the patient."""

    diagnosis: str = Field(default="", max_length=LONG)
    treatment: str = Field(default="", max_length=LONG)
    advice: str = Field(default="", max_length=LONG)


class ReferDownBody(PlanBody):
    """The way home; `draft` keeps an unfinished proposal, `send` hands over at once."""

    to_org: str = Field(default="", max_length=40)
    reason_code: ReasonCode = ReasonCode.ACUTE_PHASE_PAST
    draft: bool = False
    send: bool = False


class TakeOverBody(Body):
    """What the township confirmed, the bed for an inpatient, and whose family doctor follows."""

    medicines: bool = False
    equipment: bool = False
    bed_id: str = Field(default="", max_length=80)
    family_doctor_org: str = Field(default="", max_length=40)


class RetriageBody(Body):
    """The level anew; lowering one needs a reason."""

    triage_level: Literal[1, 2, 3, 4]
    reason: str = Field(default="", max_length=2000)


class OverrideBody(Body):
    """A place inside the level in the rule's stead, null to follow the rule again; always with a reason."""

    rank: int | None = Field(default=None, ge=1, le=10_000)
    reason: str = Field(default="", max_length=2000)


class ReviewBody(Body):
    """A reviewer's verdict on an outward transfer."""

    approved: bool
    cause: str = Field(default="", max_length=SHORT)
    reason: str = Field(default="", max_length=2000)


class MessageBody(Body):
    """A line of the conversation."""

    text: str = Field(min_length=1, max_length=4000)


class RoundBody(Body):
    """A remote round."""

    note: str = Field(min_length=1, max_length=LONG)
    vitals: VitalsBody | None = None
    orders: str = Field(default="", max_length=LONG)


class SignRoundBody(Body):
    """Signing a round; an order is the township's."""

    orders: str = Field(default="", max_length=LONG)
