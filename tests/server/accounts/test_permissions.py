"""Role by relation, against expectations written by hand: what the county agreed, not what the table says."""

import pytest

from server.accounts.errors import Forbidden, NoCareRelation
from server.accounts.model import Caller, Membership, Role
from server.accounts.permissions import Allowed, Relation, decide, granted_by, may_enter, organizations_for, require

OWN, REFERRED, FOREIGN = "own", "referred", "foreign"
RELATIONS = {
    OWN: Relation("T01", frozenset({"C01"})),
    REFERRED: Relation("T02", frozenset({"T01"})),
    FOREIGN: Relation("T02", frozenset({"C01"})),
}
ORDERS = "/api/v1/reading-orders"
CLINICAL = [role for role in Role if role not in {Role.BUREAU, Role.ADMINISTRATOR, Role.AUDITOR}]


def wherever(*roles: str) -> dict[str, set[str]]:
    return {relation: set(roles) for relation in (OWN, REFERRED, FOREIGN)}


# route -> relation -> the roles that may; nobody else may.
EXPECTED: dict[str, dict[str, set[str]]] = {
    "GET /api/v1/patients/{id}": {OWN: {*CLINICAL}, REFERRED: {*CLINICAL}, FOREIGN: set()},
    "POST /api/v1/patients": {
        OWN: {"township-doctor", "technician", "family-doctor", "registrar", "referral-desk", "ward-nurse"},
        REFERRED: set(),
        FOREIGN: set(),
    },
    "POST /api/v1/patients/{id}/break-glass": wherever(
        "township-doctor",
        "family-doctor",
        "reporting-physician",
        "reviewing-physician",
        "consultant",
        "referral-desk",
        "ward-nurse",
        "medical-affairs",
    ),
    "GET /api/v1/audit": wherever("auditor"),
    "POST /api/v1/users": wherever("administrator"),
    "POST /api/v1/users/{id}/disable": wherever("administrator"),
    "PUT /api/v1/organizations/{id}": wherever("administrator"),
    f"POST {ORDERS}": {OWN: {"township-doctor", "technician", "family-doctor"}, REFERRED: set(), FOREIGN: set()},
    f"POST {ORDERS}/{{id}}/claim": {
        OWN: set(),
        REFERRED: {"reporting-physician", "reviewing-physician"},
        FOREIGN: set(),
    },
    "POST /api/v1/reports/{id}/sign": {
        OWN: set(),
        REFERRED: {"reporting-physician", "reviewing-physician"},
        FOREIGN: set(),
    },
    "POST /api/v1/reports/{id}/verify": {OWN: set(), REFERRED: {"reviewing-physician"}, FOREIGN: set()},
    "GET /api/v1/reports/{id}/pdf": {OWN: {*CLINICAL}, REFERRED: {*CLINICAL}, FOREIGN: set()},
    "GET /dicom-web/studies/{study}": {OWN: {*CLINICAL}, REFERRED: {*CLINICAL}, FOREIGN: set()},
    "POST /dicom-web/studies": {
        OWN: {"township-doctor", "technician", "family-doctor", "registrar"},
        REFERRED: set(),
        FOREIGN: set(),
    },
    "POST /api/v1/studies/{uid}/match": {
        OWN: {"township-doctor", "technician", "family-doctor", "medical-affairs", "registrar"},
        REFERRED: {"registrar"},
        FOREIGN: set(),
    },
}


def somebody(role: Role, organization_id: str = "T01", centre_id: str = "") -> Caller:
    return Caller("u", "某人", "主治", (Membership(organization_id, role, centre_id),))


@pytest.mark.parametrize("route", EXPECTED)
@pytest.mark.parametrize("relation", [OWN, REFERRED, FOREIGN])
def test_the_table_says_what_was_agreed(route: str, relation: str) -> None:
    allowed = {role for role in Role if isinstance(decide(somebody(role), route, RELATIONS[relation]), Allowed)}
    assert allowed == EXPECTED[route][relation]


@pytest.mark.parametrize("role", [Role.ADMINISTRATOR, Role.AUDITOR, Role.BUREAU])
def test_those_who_run_or_watch_the_county_open_no_record(role: Role) -> None:
    for route in ("GET /api/v1/patients/{id}", "GET /api/v1/patients", "GET /dicom-web/studies"):
        with pytest.raises(Forbidden):
            may_enter(somebody(role, "B01"), route)


def test_a_broken_glass_is_a_relation() -> None:
    stranger = somebody(Role.TOWNSHIP_DOCTOR, "T02")
    patient = Relation("T01")
    with pytest.raises(NoCareRelation):
        require(stranger, "GET /api/v1/patients/{id}", patient)
    granted = Relation("T01", granted=True)
    assert require(stranger, "GET /api/v1/patients/{id}", granted).membership.organization_id == "T02"


def test_a_reader_of_one_centre_does_not_claim_for_another() -> None:
    wangke = somebody(Role.REPORTING_PHYSICIAN, "C01", "C01-ECG")
    claim = f"POST {ORDERS}/{{id}}/claim"
    require(wangke, claim, Relation("T01", frozenset({"C01"}), centre_id="C01-ECG"))
    with pytest.raises(NoCareRelation):
        require(wangke, claim, Relation("T01", frozenset({"C01"}), centre_id="C01-RAD"))


def test_a_role_counts_in_its_own_organization_only() -> None:
    both = Caller("u", "某人", "", (Membership("T01", Role.TOWNSHIP_DOCTOR), Membership("T02", Role.MEDICAL_AFFAIRS)))
    require(both, f"POST {ORDERS}", Relation("T01"))
    with pytest.raises(NoCareRelation):
        require(both, f"POST {ORDERS}", Relation("T02"))
    assert organizations_for(both, f"POST {ORDERS}") == {"T01"}


def test_a_route_without_a_row_is_closed_to_everybody() -> None:
    for role in Role:
        with pytest.raises(Forbidden):
            may_enter(somebody(role), "GET /api/v1/unheard-of")
        assert not granted_by(somebody(role), "GET /api/v1/unheard-of")
        assert not organizations_for(somebody(role), "GET /api/v1/unheard-of")
