"""What people write about consults: strict bodies, and what they become in the domain."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, Literal, Self

from pydantic import AwareDatetime, Field

from server.api.endpoint import Body
from server.api.referral_bodies import LONG, SHORT, DiagnosisBody
from server.api.reports import SignBody
from video.consults import Application, Consent, Hours, OpinionText, Teaching, Vitals
from video.model import Adopted, ConsultMode, Diagnosis, Service, Urgency
from video.slots import Span

LISTS = ("specialties", "study_uids", "report_ids", "wanted_times")
CLOCK = r"^([01]\d|2[0-3]):[0-5]\d$"


class SignOpinionBody(SignBody):
    """What the signer proves herself with, and which words she saw: the opinion's version."""

    opinion_version: int = Field(ge=0)


class ConsultVitalsBody(Body):
    """Vital signs: mmHg, beats/min, breaths/min, %, °C."""

    at: AwareDatetime | None = None
    systolic: int | None = Field(default=None, ge=0, le=350)
    diastolic: int | None = Field(default=None, ge=0, le=250)
    heart_rate: int | None = Field(default=None, ge=0, le=400)
    respiratory_rate: int | None = Field(default=None, ge=0, le=120)
    spo2: int | None = Field(default=None, ge=0, le=100)
    temperature: float | None = Field(default=None, ge=20, le=46)


class ConsultConsentBody(Body):
    """The patient's written word, or who approved an emergency without it and why."""

    written: bool = False
    by: str = Field(default="", max_length=60)
    relation: str = Field(default="", max_length=30)
    at: AwareDatetime | None = None
    document: str = Field(default="", max_length=SHORT)
    approved_by: str = Field(default="", max_length=40)
    approval_reason: str = Field(default="", max_length=2000)


class ApplicationBody(Body):
    """The application form (远程会诊申请单)."""

    specialties: Sequence[str] = Field(default=(), max_length=8)
    title: str = Field(default="", max_length=20)
    expert_id: str = Field(default="", max_length=40)
    department: str = Field(default="", max_length=60)
    phone: str = Field(default="", max_length=40)
    visit_number: str = Field(default="", max_length=40)
    ward: str = Field(default="", max_length=60)
    bed: str = Field(default="", max_length=40)
    insurance: str = Field(default="", max_length=60)
    chief_complaint: str = Field(default="", max_length=2000)
    present_history: str = Field(default="", max_length=LONG)
    past_history: str = Field(default="", max_length=LONG)
    allergies: str = Field(default="", max_length=2000)
    examination: str = Field(default="", max_length=LONG)
    vitals: ConsultVitalsBody | None = None
    summary: str = Field(default="", max_length=LONG)
    diagnosis: DiagnosisBody = DiagnosisBody()
    results: str = Field(default="", max_length=LONG)
    study_uids: Sequence[str] = Field(default=(), max_length=50)
    report_ids: Sequence[str] = Field(default=(), max_length=50)
    treatment: str = Field(default="", max_length=LONG)
    reason: str = Field(default="", max_length=2000)
    purpose: str = Field(default="", max_length=2000)
    wanted_times: Sequence[AwareDatetime] = Field(default=(), max_length=3)
    fee: str = Field(default="", max_length=SHORT)
    approval: str = Field(default="", max_length=SHORT)
    consent: ConsultConsentBody = ConsultConsentBody()

    def application(self) -> Application:
        """Return the domain's application."""
        plain = set(ApplicationBody.model_fields) - {*LISTS, "vitals", "diagnosis", "consent"}
        rest: dict[str, Any] = {name: getattr(self, name) for name in plain}
        rest |= {name: tuple(getattr(self, name)) for name in LISTS}
        return Application(
            vitals=Vitals(**self.vitals.model_dump()) if self.vitals else None,
            diagnosis=Diagnosis(**self.diagnosis.model_dump()),
            consent=Consent(**self.consent.model_dump()),
            **rest,
        )


class ConsultBody(ApplicationBody):
    """A new application: who asks which house about whom."""

    patient_id: str = Field(min_length=1, max_length=40)
    from_org: str = Field(default="", max_length=40)
    to_org: str = Field(min_length=1, max_length=40)
    service: Service = Service.CONSULT
    urgency: Urgency = Urgency.ROUTINE
    mode: ConsultMode = ConsultMode.VIDEO


class PanelBody(Body):
    """The experts who answer, the host first; the one whom the inviter named where nobody is."""

    experts: Sequence[str] = Field(default=(), max_length=8)


class SpanBody(Body):
    """A time from one instant to another."""

    begins_at: AwareDatetime
    ends_at: AwareDatetime

    def span(self) -> Span:
        """Return the domain's range."""
        return Span(self.begins_at, self.ends_at)


class OfferBody(Body):
    """Times to choose from."""

    slots: Sequence[SpanBody] = Field(default=(), max_length=10)

    @property
    def spans(self) -> list[Span]:
        """Return the domain's ranges."""
        return [slot.span() for slot in self.slots]


class RescheduleBody(OfferBody):
    """Other times to choose from, and why."""

    reason: str = Field(default="", max_length=2000)


class ChooseBody(Body):
    """Which of the offered times."""

    slot_id: str = Field(min_length=1, max_length=40)


class ReasonBody(Body):
    """A reason in words."""

    reason: str = Field(default="", max_length=2000)


class RingBody(Body):
    """Whom to ring, one after the other; nobody named rings everybody on the roster who may answer."""

    experts: Sequence[str] = Field(default=(), max_length=8)


class AdmitSeatBody(Body):
    """Whose seat; "" lets in everybody who waits."""

    seat: str = Field(default="", max_length=40)


class ClassConsentBody(Body):
    """The patient's written word to being looked at by a class."""

    written: bool = False
    by: str = Field(default="", max_length=60)
    relation: str = Field(default="", max_length=30)
    document: str = Field(default="", max_length=SHORT)


class OpenClassBody(Body):
    """Whose staff and which persons may look on, and the patient's word to it."""

    organizations: Sequence[str] = Field(default=(), max_length=50)
    people: Sequence[str] = Field(default=(), max_length=200)
    consent: ClassConsentBody = ClassConsentBody()

    def teaching(self, *, by: str, now: datetime) -> Teaching:
        """Return the domain's class."""
        consent = Consent(**self.consent.model_dump(), at=now)
        houses, people = dict.fromkeys(self.organizations), dict.fromkeys(self.people)
        return Teaching(consent, now, by, tuple(houses), tuple(people))


class LinkBody(Body):
    """Whether the link goes to the patient's phone too."""

    text_patient: bool = False


class NoShowBody(Body):
    """Who has not come; for a patient also what was tried."""

    absent: Literal["patient", "expert"]
    reason: str = Field(default="", max_length=2000)


class AdoptBody(Body):
    """What the inviter made of the opinion, and why where it is not the whole."""

    adopted: Adopted
    reason: str = Field(default="", max_length=2000)


class OpinionBody(Body):
    """What the experts write (远程会诊意见书)."""

    findings: str = Field(default="", max_length=LONG)
    diagnosis: str = Field(default="", max_length=LONG)
    differential: str = Field(default="", max_length=LONG)
    further_tests: str = Field(default="", max_length=LONG)
    treatment: str = Field(default="", max_length=LONG)
    refer: bool | None = None
    refer_level: int | None = Field(default=None, ge=1, le=4)
    insufficient: bool = False
    limits: str = Field(default="", max_length=LONG)

    def text(self) -> OpinionText:
        """Return the domain's words."""
        return OpinionText(**self.model_dump())


class HoursBody(Body):
    """When an expert can be booked on a day of the week (1 is Monday)."""

    weekday: int = Field(ge=1, le=7)
    opens: str = Field(pattern=CLOCK)
    closes: str = Field(pattern=CLOCK)

    @classmethod
    def of(cls, hours: Hours) -> Self:
        """Return hours as the wire shows them."""
        return cls(weekday=hours.weekday, opens=hours.opens, closes=hours.closes)


class ExpertBody(Body):
    """An expert's credentials and hours."""

    organization_id: str = Field(min_length=1, max_length=40)
    specialties: Sequence[str] = Field(min_length=1, max_length=8)
    practising_since: date
    licence: str = Field(default="", max_length=40)
    hours: Sequence[HoursBody] = Field(default=(), max_length=30)
    slot_minutes: int = Field(default=30, ge=10, le=240)
