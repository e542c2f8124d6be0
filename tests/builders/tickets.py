"""A referral ticket as tests of the rules want it: complete, of P1, from T01 to C01, and whatever matters changed."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from types import MappingProxyType

from referral.lifecycle import Fact, decide
from referral.model import Diagnosis, Direction, Level, Needs
from referral.tickets import HomePlan, Outcome, Package, Party, Ticket, TicketState

MORNING = datetime(2026, 11, 23, 0, 33, tzinfo=UTC)  # Monday 08:33 in Shanghai, as A1's ticket

HOME_PLAN = HomePlan(
    discharge_summary="急性下壁心梗，PCI 术后",
    case_number="2611-0387",
    medicines=("阿司匹林 100 mg 每日一次", "替格瑞洛 90 mg 每日两次"),
    warning_signs="胸痛超过 15 分钟不缓解",
    rehabilitation="每日步行 30 分钟，低盐",
    equipment=("心电图机",),
    risk_tier="red",
)

UP = Ticket(
    id="t1",
    number="R-2611-0387-K",
    direction=Direction.UP,
    state=TicketState.DRAFT,
    version=1,
    patient_id="P1",
    episode_id="t1",
    from_organization_id="T01",
    to_organization_id="C01",
    department="CCU",
    level=Level.III,
    reason_code="beyond-capability",
    diagnosis=Diagnosis("I21.900", "ICD-10", "急性心肌梗死"),
    needs=Needs("CCU"),
    package=Package(summary="胸痛一小时"),
    created_at=MORNING - timedelta(minutes=2),
    created_by="lilan",
    travel_minutes=42,
    timeline=MappingProxyType({"draft": MORNING - timedelta(minutes=2)}),
)

DOWN = replace(
    UP,
    id="t2",
    direction=Direction.DOWN,
    from_organization_id="C01",
    to_organization_id="T01",
    department="",
    level=Level.IV,
    reason_code="rehabilitation",
    plan=HOME_PLAN,
)

# What each event of the tables needs to pass its guards.
FACTS: Mapping[str, Fact] = {
    "system-accept": Fact(in_bay=True),
    "ask": Fact(by="zhoumin", text="发病时间？"),
    "advise": Fact(by="zhaoning", text="门诊复查即可"),
    "decline": Fact(by="zhoumin", code="no-capability"),
    "redirect": Fact(by="zhoumin", code="no-bed", successor_id="t9"),
    "hold-bed": Fact(by="zhoumin", bed_id="C01/CCU-03", hold_id="h1"),
    "release-hold": Fact(by="zhoumin", reason="换床"),
    "cancel": Fact(by="lilan", reason="家属放弃"),
    "send-outcome": Fact(by="zhaoning", outcome=Outcome(diagnosis="急性下壁心肌梗死", treatment="PCI")),
    "take-over": Fact(by="haiying", checked=("medicines", "equipment")),
    "override": Fact(by="zhoumin", reason="病情变化"),
}

WAY: Mapping[TicketState, tuple[str, ...]] = {
    TicketState.DRAFT: (),
    TicketState.SENT: ("send",),
    TicketState.RECEIVED: ("send", "open"),
    TicketState.INFO_NEEDED: ("send", "open", "ask"),
    TicketState.ACCEPTED: ("send", "open", "accept"),
    TicketState.BED_HELD: ("send", "open", "accept", "hold-bed"),
    TicketState.EN_ROUTE: ("send", "open", "accept", "hold-bed", "depart"),
    TicketState.ARRIVED: ("send", "open", "accept", "hold-bed", "arrive"),
    TicketState.ADMITTED: ("send", "open", "accept", "hold-bed", "arrive", "admit"),
    TicketState.DISCHARGED: ("send", "open", "accept", "hold-bed", "arrive", "admit", "discharge"),
    TicketState.OUTCOME_SENT: ("send", "open", "accept", "hold-bed", "arrive", "admit", "discharge", "send-outcome"),
    TicketState.CANCEL_REQUESTED: ("send", "open", "accept", "hold-bed", "cancel"),
}
WAY_HOME: Mapping[TicketState, tuple[str, ...]] = {
    TicketState.DRAFT: (),
    TicketState.HANDED_OVER: ("send",),
    TicketState.INFO_NEEDED: ("send", "ask"),
    TicketState.TAKEN_OVER: ("send", "take-over"),
    TicketState.FIRST_VISIT_DONE: ("send", "take-over", "first-visit"),
}


def moved(ticket: Ticket, *events: str, at: datetime = MORNING) -> Ticket:
    """Return the ticket after these events, a minute apart."""
    for event in events:
        ticket = decide(ticket, event, FACTS.get(event, Fact(by="zhoumin")), now=at)
        at += timedelta(minutes=1)
    return ticket


def ticket_in(state: TicketState, **facts: object) -> Ticket:
    """Return an upward ticket that came to a state by its way."""
    return moved(replace(UP, **facts), *WAY[state])  # type: ignore[arg-type]


def home_ticket_in(state: TicketState, **facts: object) -> Ticket:
    """Return a downward ticket that came to a state by its way."""
    return moved(replace(DOWN, **facts), *WAY_HOME[state])  # type: ignore[arg-type]


def party(**words: bool) -> Party:
    """Return a person who is what the words say to a ticket."""
    return Party("somebody", **words)  # type: ignore[arg-type]
