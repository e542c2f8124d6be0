"""What the referral domain asks of the world: tickets, beds, what is due, and whom it concerns."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any, Protocol

from referral.events import Event
from referral.follow_up import FollowUp
from referral.model import Direction
from referral.ports.facts import Message, OpenItem, Outward, PatientFacts, Round, StoredRanking, Waiting
from referral.tickets import Ticket
from referral.wards import Bed, BedNow, Interval, Ward

__all__ = [
    "Agenda",
    "BedBoard",
    "FollowUps",
    "Message",
    "Neighbours",
    "OpenItem",
    "Outward",
    "OutwardRegister",
    "PatientFacts",
    "ReferralUnitOfWork",
    "Round",
    "Rounds",
    "StoredRanking",
    "Tickets",
    "Waiting",
]


class Tickets(Protocol):
    """Referral tickets, their conversation and their rankings."""

    async def get(self, ticket_id: str, *, lock: bool = False) -> Ticket | None:
        """Return a ticket; with `lock` nobody else moves it until the transaction ends."""
        ...

    async def live_of(self, patient_id: str, department: str, direction: Direction) -> Ticket | None:
        """Return the patient's ticket to a department that is on its way (sent, not ended)."""
        ...

    async def of_patient(self, patient_id: str) -> list[Ticket]:
        """Return every ticket of a patient, newest first."""
        ...

    async def waiting_at(self, organization_id: str, department: str, on: date) -> list[Waiting]:
        """Return what waits there for an answer or for a bed, as far as the rule of the beds looks at it.

        These are tickets from `sent` to `accepted`, and those that a bay receives; a queue may have ten thousand.
        """
        ...

    async def many(self, ticket_ids: Sequence[str]) -> Mapping[str, Ticket]:
        """Return id -> ticket of those that exist."""
        ...

    async def add(self, ticket: Ticket) -> None:
        """Store a new ticket.

        Raises
        ------
        DuplicateReferral
            When the patient has a live one to that department: the database says so, not a look before.
        """
        ...

    async def save(self, ticket: Ticket) -> None:
        """Store the next version, or raise VersionMismatch (or DuplicateReferral, when it becomes live)."""
        ...

    async def add_message(self, message: Message) -> None:
        """Store a line of the conversation."""
        ...

    async def messages(self, ticket_id: str) -> list[Message]:
        """Return the conversation, oldest first."""
        ...

    async def keep_ranking(self, ranking: StoredRanking) -> None:
        """Keep why a ticket stood where it stood."""
        ...

    async def rankings(self, ticket_id: str) -> list[StoredRanking]:
        """Return what was kept, newest first."""
        ...


class BedBoard(Protocol):
    """Wards, beds, and the intervals that keep beds."""

    async def wards(self, organization_id: str = "") -> list[Ward]:
        """Return the wards of one organization, or of all."""
        ...

    async def beds(
        self, now: datetime, *, organization_id: str = "", ward_id: str = "", department: str = ""
    ) -> list[BedNow]:
        """Return beds with what keeps them now, withdrawn ones left out, by ward and label."""
        ...

    async def bed(self, bed_id: str, now: datetime) -> BedNow | None:
        """Return one bed with what keeps it now."""
        ...

    async def add_ward(self, ward: Ward) -> None:
        """Store a ward."""
        ...

    async def save_ward(self, ward: Ward) -> None:
        """Store the next version of a ward."""
        ...

    async def add_bed(self, bed: Bed) -> None:
        """Store a bed."""
        ...

    async def save_bed(self, bed: Bed) -> None:
        """Store the next version of a bed, or raise VersionMismatch."""
        ...

    async def keep(self, interval: Interval) -> None:
        """Store a new live interval.

        Raises
        ------
        BedTaken
            When its range overlaps another of the same bed: the database says so, not a look before.
        PatientHasBed
            When the patient lies in a bed, or the ticket has a live hold.
        """
        ...

    async def change(self, interval: Interval) -> None:
        """Store an interval's next version (prolonged, cut, ended); BedTaken as for `keep`."""
        ...

    async def interval(self, interval_id: str) -> Interval | None:
        """Return one interval."""
        ...

    async def hold_of(self, ticket_id: str) -> Interval | None:
        """Return the ticket's hold that was not ended, expired or not."""
        ...

    async def occupancy_of(self, patient_id: str) -> Interval | None:
        """Return the bed in which a patient lies."""
        ...

    async def quota_debt(self, organization_id: str, department: str = "") -> int:
        """Return how many reserved beds were used in emergencies and are owed."""
        ...

    async def owe(self, organization_id: str, department: str, ticket_id: str, now: datetime) -> None:
        """Write down one reserved bed that is owed."""
        ...

    async def forgive(self, ticket_id: str) -> None:
        """Forget what is owed for a ticket that used no reserved bed in the end."""
        ...

    async def repay(self, organization_id: str, department: str, bed_id: str, now: datetime) -> bool:
        """Write down that the oldest debt was paid with a bed; False when nothing was owed."""
        ...


class OutwardRegister(Protocol):
    """The register of transfers beyond the county."""

    async def register(self, ticket_id: str, cause: str, now: datetime) -> None:
        """Enter a ticket once; a second time changes the cause of what is not reviewed yet."""
        ...

    async def of(self, ticket_id: str) -> Outward | None:
        """Return what the register says of a ticket."""
        ...

    async def review(self, ticket_id: str, *, approved: bool, cause: str, reason: str, by: str, now: datetime) -> None:
        """Write a reviewer's verdict, entering the ticket where it is not."""
        ...


class Rounds(Protocol):
    """Remote rounds of cloud wards."""

    async def add(self, entry: Round) -> None:
        """Store a round."""
        ...

    async def save(self, entry: Round) -> None:
        """Store who signed it since."""
        ...

    async def get(self, round_id: str) -> Round | None:
        """Return one round."""
        ...

    async def of(self, ticket_id: str) -> list[Round]:
        """Return the rounds of a ticket, oldest first."""
        ...


class FollowUps(Protocol):
    """Calls and visits after somebody came home."""

    async def get(self, follow_up_id: str, *, lock: bool = False) -> FollowUp | None:
        """Return one follow-up."""
        ...

    async def add(self, follow_up: FollowUp) -> None:
        """Store a new follow-up."""
        ...

    async def save(self, follow_up: FollowUp) -> None:
        """Store the next version, or raise VersionMismatch."""
        ...

    async def of_patient(self, patient_id: str) -> list[FollowUp]:
        """Return a patient's follow-ups, newest first."""
        ...

    async def of_ticket(self, ticket_id: str) -> list[FollowUp]:
        """Return the follow-ups that a downward ticket began, oldest first."""
        ...


class Agenda(Protocol):
    """Deadlines, items of work, serial numbers and rules."""

    async def set_deadline(
        self, kind: str, subject_id: str, due_at: datetime, *, rule_version: int | None = None
    ) -> None:
        """Set or move a deadline."""
        ...

    async def clear_deadline(self, kind: str, subject_id: str) -> None:
        """Forget a deadline that no longer matters."""
        ...

    async def open_task(self, task: Any, *, dedupe_key: str) -> None:
        """Give a person an `OpenItem`; the same key opens it once."""
        ...

    async def close_tasks(
        self, subject_kind: str, subject_id: str, *, kinds: Sequence[str], by: str, at: datetime
    ) -> None:
        """Mark the open items of these kinds as done."""
        ...

    async def next_serial(self, series: str) -> int:
        """Return the next number of a series."""
        ...

    async def rule(self, kind: str, region: str, now: datetime) -> tuple[int, dict[str, Any]] | None:
        """Return (version, data) of the rule in force."""
        ...


class Neighbours(Protocol):
    """Whom a ticket concerns: organizations, agreements, travel, patients, critical values."""

    async def region_of(self, organization_id: str) -> str:
        """Return the division whose rules hold for an organization."""
        ...

    async def kind_of(self, organization_id: str) -> str:
        """Return `village`, `township`, `county`, `higher` or `bureau`, "" for an unknown one."""
        ...

    async def is_under(self, organization_id: str, above: str) -> bool:
        """Tell whether an organization is the other one, or lies right below it."""
        ...

    async def departments_of(self, organization_id: str) -> Sequence[str]:
        """Return the departments of an organization by name: those of its wards, and those that it wrote down."""
        ...

    async def names(self) -> Mapping[str, str]:
        """Return the names of organizations by id."""
        ...

    async def agreed(self, from_organization_id: str, to_organization_id: str, on: date) -> bool:
        """Tell whether an agreement in force covers referral from one to the other, or back home."""
        ...

    async def travel_minutes(self, a: str, b: str) -> int | None:
        """Return the minutes by road between two organizations, None when nobody wrote them down."""
        ...

    async def owner_of(self, organization_id: str, roles: Sequence[str]) -> tuple[str, str]:
        """Return the organization and the role that take an item of work: the first that anybody has, here or above."""
        ...

    async def patient(self, patient_id: str, on: date) -> PatientFacts | None:
        """Return what the rules may know of a patient on a day."""
        ...

    async def patients(self, patient_ids: Sequence[str], on: date) -> Mapping[str, PatientFacts]:
        """Return the same for many."""
        ...

    async def has_open_critical_value(self, patient_id: str) -> bool:
        """Tell whether a critical value of the patient is open."""
        ...


class ReferralUnitOfWork(Protocol):
    """What a use case of this domain needs of a transaction."""

    @property
    def tickets(self) -> Tickets:
        """Return the tickets."""
        ...

    @property
    def board(self) -> BedBoard:
        """Return wards, beds, holds and occupancies."""
        ...

    @property
    def follow_ups(self) -> FollowUps:
        """Return calls and visits."""
        ...

    @property
    def outward(self) -> OutwardRegister:
        """Return the register of transfers beyond the county."""
        ...

    @property
    def rounds(self) -> Rounds:
        """Return remote rounds of cloud wards."""
        ...

    @property
    def neighbours(self) -> Neighbours:
        """Return whom it concerns."""
        ...

    @property
    def ledger(self) -> Agenda:
        """Return deadlines, tasks, serials, rules."""
        ...

    def publish(self, *events: Event) -> None:
        """Record what happened."""
        ...
