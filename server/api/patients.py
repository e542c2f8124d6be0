"""The register: `/api/v1/patients`."""

from datetime import date

from pydantic import Field

from server.api.endpoint import Body, Call, Routes
from server.api.patient_views import (
    FoundPage,
    GrantView,
    PatientView,
    RevealedView,
    SimilarPage,
    found_page,
    patient_view,
    revealed_view,
    similar_page,
)
from server.patients.identifiers import IdentifierSystem
from server.patients.model import Assistance, Identifier, Sex
from server.workflows import patients
from server.workflows.patients import Registration

routes = Routes("patients")


class IdentifierBody(Body):
    """A number that names a patient."""

    system: IdentifierSystem
    value: str = Field(min_length=1, max_length=64, repr=False)
    issuer: str = Field("", max_length=40)

    def to_domain(self) -> Identifier:
        """Return it as the register knows it."""
        return Identifier(self.system, self.value, self.issuer)


class AssistanceBody(Body):
    """A dated assistance category; both days included."""

    category: str = Field(max_length=40)
    since: date = Field(alias="from")
    until: date | None = Field(None, alias="to")


class RegistrationBody(Body):
    """What somebody at the desk knows about a patient."""

    name: str = Field(max_length=100, repr=False)
    sex: Sex = Sex.UNKNOWN
    birth_date: date | None = Field(None, repr=False)
    identifiers: list[IdentifierBody] = Field(default_factory=list, max_length=10)
    phone: str | None = Field(None, max_length=40, repr=False)
    address: str | None = Field(None, max_length=300, repr=False)
    allergies: str | None = Field(None, max_length=500, repr=False)
    assistance: list[AssistanceBody] = Field(default_factory=list, max_length=20)
    provisional: bool = False
    organization_id: str | None = None

    def to_domain(self) -> Registration:
        """Return it as the register's use case wants it."""
        return Registration(
            name=self.name,
            sex=self.sex,
            birth_date=self.birth_date,
            identifiers=tuple(i.to_domain() for i in self.identifiers),
            phone=self.phone or "",
            address=self.address or "",
            allergies=self.allergies or "",
            assistance=tuple(Assistance(a.category, a.since, a.until) for a in self.assistance),
            provisional=self.provisional,
            organization_id=self.organization_id,
        )


class SearchQuery(Body):
    """`q` is part of a name, pinyin, initials, a whole number, the last four, or a phone number."""

    q: str = Field("", max_length=100)
    cursor: str = Field("", max_length=40)
    limit: int = Field(50, ge=1, le=200)


class GlassBody(Body):
    """Why somebody needs to see what she may not."""

    reason: str = Field("", max_length=500)


@routes.get("/api/v1/patients", query=SearchQuery, answer=FoundPage)
async def search(call: Call) -> FoundPage:
    """Find patients; a stranger's whole number finds a masked card, so that nobody is registered twice."""
    query: SearchQuery = call.query
    found = await patients.search_patients(call.uow, query.q, cursor=query.cursor, limit=query.limit, now=call.now)
    return await found_page(call, found)


@routes.post("/api/v1/patients", body=RegistrationBody, answer=PatientView, creates=True)
async def register(call: Call) -> PatientView:
    """Register a patient."""
    return await patient_view(call, await patients.register_patient(call.uow, call.body.to_domain(), now=call.now))


@routes.get("/api/v1/patients/{id}", answer=PatientView)
async def one(call: Call) -> PatientView:
    """Open a patient's record."""
    return await patient_view(call, await patients.open_patient(call.uow, call.path("id"), now=call.now))


@routes.get("/api/v1/patients/{id}/possible-duplicates", answer=SimilarPage)
async def possible_duplicates(call: Call) -> SimilarPage:
    """List records that may be the same person; a person decides, nothing merges by itself."""
    patient = await patients.open_patient(call.uow, call.path("id"), now=call.now)
    return await similar_page(call, patient)


@routes.post("/api/v1/patients/{id}/identifiers", body=IdentifierBody, answer=PatientView, creates=True)
async def add_identifier(call: Call) -> PatientView:
    """Give a patient one more identifier."""
    identifier = call.body.to_domain()
    return await patient_view(call, await patients.add_identifier(call.uow, call.path("id"), identifier, now=call.now))


@routes.post("/api/v1/patients/{id}/break-glass", body=GlassBody, answer=GrantView)
async def break_glass(call: Call) -> GrantView:
    """Open a stranger's record in an emergency: four hours, on record, reviewed the next day."""
    grant = await patients.break_glass(call.uow, call.path("id"), call.body.reason, now=call.now)
    return GrantView(patient_id=grant.patient_id, granted_at=grant.granted_at, expires_at=grant.expires_at)


@routes.post("/api/v1/patients/{id}/reveal", body=GlassBody, answer=RevealedView)
async def reveal(call: Call) -> RevealedView:
    """Show the plain numbers once, with a reason, on record."""
    return revealed_view(await patients.reveal(call.uow, call.path("id"), call.body.reason, now=call.now))
