"""A ticket, a bed and a patient as tests of maps want them: whole facts, nothing of a database."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

from referral.model import (
    BedKind,
    Diagnosis,
    Direction,
    IntervalKind,
    IntervalState,
    Level,
    Needs,
    Pool,
)
from referral.tickets import Outcome, Package, Ticket, TicketState
from referral.wards import Bed, BedNow, Interval, Ward
from server.patients.identifiers import IdentifierSystem
from server.patients.model import Identifier, Patient, Sex

SENT_AT = datetime(2026, 11, 26, 0, 33, tzinfo=UTC)
TICKET = Ticket(
    id="5f0c" * 6,
    number="R-2611-0387-K",
    direction=Direction.UP,
    state=TicketState.SENT,
    version=3,
    patient_id="ab12" * 6,
    episode_id="5f0c" * 6,
    from_organization_id="T01",
    to_organization_id="C01",
    department="心内",
    level=Level.II,
    reason_code="beyond-capability",
    diagnosis=Diagnosis("I21.900", "ICD-10 国家临床版 2.0", "急性心肌梗死"),
    needs=Needs("心内"),
    package=Package(summary="胸痛两小时", study_uids=("1.2.826.0.1",)),
    created_at=SENT_AT - timedelta(minutes=3),
    created_by="lilan",
    waiting_since=SENT_AT,
    deadline_at=SENT_AT + timedelta(minutes=30),
    timeline={"draft": SENT_AT - timedelta(minutes=3), "sent": SENT_AT},
)
BED = Bed("C01/心内-01", "C01", "C01-心内", "心内-01", "心内", Pool.GENERAL)
WARD = Ward("C01-心内", "C01", "心内科病区", "心内", phone="8888 0121", confirmed_at=SENT_AT)
HOLD = Interval(
    "h1", BED.id, IntervalKind.HOLD, IntervalState.LIVE, SENT_AT, SENT_AT + timedelta(hours=3), ticket_id=TICKET.id
)
STAY = Interval("s1", BED.id, IntervalKind.OCCUPANCY, IntervalState.LIVE, SENT_AT, None, TICKET.id, TICKET.patient_id)
PATIENT = Patient(
    id="ab12" * 6,
    organization_id="T01",
    name="马进财",
    sex=Sex.MALE,
    birth_date=date(1968, 3, 5),
    created_at=SENT_AT,
    created_by="lilan",
    record_number="99010110010100023",
    identifiers=(Identifier(IdentifierSystem.RESIDENT_ID, "990101196803050011"),),
    phone="13800000187",
    address="石门村三组",
)


def ticket(**facts: Any) -> Ticket:
    """Return the ticket with other facts."""
    return replace(TICKET, **facts)


def down_ticket(**facts: Any) -> Ticket:
    """Return a downward ticket from the hospital to the township, based on the upward one."""
    turned = replace(
        TICKET, id="6a1d" * 6, direction=Direction.DOWN, state=TicketState.HANDED_OVER, based_on=TICKET.id,
        from_organization_id="C01", to_organization_id="T01",
    )  # fmt: skip
    return replace(turned, **facts)


def bed_now(*, hold: Interval | None = None, stay: Interval | None = None, **facts: Any) -> BedNow:
    """Return the bed with what keeps it."""
    return BedNow(replace(BED, **facts), hold, stay)


BAY = bed_now(id="C01/EC-01", label="急诊-01", kind=BedKind.BAY)
OUTCOME = Outcome(diagnosis="急性前壁心肌梗死", treatment="PCI", advice="双抗一年", at=SENT_AT, by="zhaoning")
