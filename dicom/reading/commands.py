"""What one person may do with an order or a report now, and why not (screens: a greyed button says why)."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType

from dicom.orders import OrderState, Person, ReadingOrder, Report
from dicom.reading.order_cycle import ORDER_TABLE
from dicom.reading.report_cycle import GUARDS as REPORT_GUARDS
from dicom.reading.report_cycle import REFUSALS, REPORT_TABLE, ReportFact
from dicom.reading.table import rows_of


@dataclass(frozen=True, slots=True)
class Command:
    """A command by name; refused ones carry a stable reason code, and until when it holds where that is known."""

    name: str
    allowed: bool
    reason: str | None = None
    until: datetime | None = None


ORDER_COMMANDS = (
    "claim", "renew", "release", "return", "resend", "match", "route", "cancel", "confirm-cancel", "keep", "amend",
)  # fmt: skip
REPORT_COMMANDS = ("edit", "sign", "issue-preliminary", "verify", "send-back", "amend", "read")
EVENT_OF: Mapping[str, str] = MappingProxyType({"resend": "resent"})

Party = Callable[[Person, ReadingOrder], bool]

PARTIES: Mapping[str, Party] = MappingProxyType(
    {
        "sender": lambda person, _order: person.sender,
        "reader": lambda person, _order: person.reader,
        "reviewer": lambda person, _order: person.reviewer,
        "registrar": lambda person, _order: person.registrar,
        "lead": lambda person, _order: person.lead,
        "holder": lambda person, order: person.user_id == order.claimed_by,
        "author": lambda person, order: person.user_id == order.reader_id,
        "system": lambda person, _order: person.user_id == "system",
    }
)


def may(person: Person, order: ReadingOrder, who: tuple[str, ...]) -> bool:
    """Tell whether the person is one of these parties to the order."""
    return any(PARTIES[word](person, order) for word in who)


def order_commands(order: ReadingOrder, person: Person, *, now: datetime) -> tuple[Command, ...]:
    """Return the commands on an order that concern this person, each allowed or refused with its reason."""
    del now  # an expired lease is ended by its deadline, not by looking at it
    found: list[Command] = []
    for name in ORDER_COMMANDS:
        event = EVENT_OF.get(name, name)
        rows = rows_of(ORDER_TABLE, order.state, event)
        if any(may(person, order, row.who) for row in rows):
            found.append(Command(name, allowed=True))
        elif _ever_concerned(person, order, event):
            found.append(_refused(name, order))
    return tuple(found)


def _ever_concerned(person: Person, order: ReadingOrder, event: str) -> bool:
    return any(may(person, order, row.who) for row in ORDER_TABLE if row.event == event)


def _refused(name: str, order: ReadingOrder) -> Command:
    if name == "claim" and order.state is OrderState.CLAIMED:
        return Command(name, allowed=False, reason="CLAIMED", until=order.claim_expires_at)
    if rows_of(ORDER_TABLE, order.state, EVENT_OF.get(name, name)):
        return Command(name, allowed=False, reason="NOT_CLAIM_HOLDER", until=order.claim_expires_at)
    return Command(name, allowed=False, reason="STATE")


def report_commands(report: Report, order: ReadingOrder, person: Person, author_rank: int) -> tuple[Command, ...]:
    """Return the commands on a report that concern this person."""
    fact = ReportFact(
        by=person.user_id, rank=person.rank, author_rank=author_rank, reason="-", digest=report.digest or ""
    )
    found: list[Command] = []
    for name in REPORT_COMMANDS:
        if not any(may(person, order, row.who) for row in REPORT_TABLE if row.event == name):
            continue
        found.append(_report_command(name, report, order, person, fact))
    return tuple(found)


def _report_command(name: str, report: Report, order: ReadingOrder, person: Person, fact: ReportFact) -> Command:
    rows = rows_of(REPORT_TABLE, report.state, name)
    if not rows or order.state in {OrderState.CANCELLED, OrderState.CANCEL_REQUESTED}:
        return Command(name, allowed=False, reason="STATE")
    if not may(person, order, rows[0].who):
        return Command(name, allowed=False, reason="NOT_CLAIM_HOLDER")
    if name == "amend" and order.state is not OrderState.FINAL:
        return Command(name, allowed=False, reason="STATE")
    refused = next((REFUSALS[guard].code for guard in rows[0].guards if not REPORT_GUARDS[guard](report, fact)), None)
    return Command(name, allowed=refused is None, reason=refused)
