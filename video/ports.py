"""What the consult domain asks of the world: consults, opinions, the calendar, the roster, what is due."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Protocol

from video.consults import Consult, Expert, Opinion, Signature, Slot
from video.events import Event
from video.signaling.journal import Note
from video.signaling.seats import Message, Recorded, Room
from video.slots import Span


@dataclass(frozen=True, slots=True)
class OpenItem:
    """An item of work for a person: who, until when, what, in both languages."""

    id: str
    kind: str
    subject_kind: str
    subject_id: str
    organization_id: str
    role: str
    due_at: datetime
    zh: str
    en: str
    created_at: datetime


class Consults(Protocol):
    """Consults with their experts."""

    async def get(self, consult_id: str, *, lock: bool = False) -> Consult | None:
        """Return a consult; with `lock` nobody else moves it until the transaction ends."""
        ...

    async def add(self, consult: Consult) -> None:
        """Store a new consult."""
        ...

    async def save(self, consult: Consult) -> None:
        """Store the next version, or raise VersionMismatch."""
        ...


class Opinions(Protocol):
    """The opinions of consults, one each, and the signatures on them."""

    async def get(self, consult_id: str) -> Opinion | None:
        """Return a consult's opinion, None before the first word."""
        ...

    async def add(self, opinion: Opinion) -> None:
        """Store the first version; VersionMismatch when there is one."""
        ...

    async def save(self, opinion: Opinion) -> None:
        """Store the next version, or raise VersionMismatch."""
        ...

    async def sign(self, signature: Signature) -> None:
        """Store a signature."""
        ...

    async def signatures(self, consult_id: str) -> list[Signature]:
        """Return every signature, void ones too, oldest first."""
        ...

    async def void(self, consult_id: str, at: datetime, *, besides: str = "") -> None:
        """Mark the standing signatures as void, but those over the bytes of this digest."""
        ...


class Calendar(Protocol):
    """Times that are kept on both sides."""

    async def keep(self, slot: Slot, now: datetime) -> None:
        """Keep a time for every resource of a slot; offers that are over are swept out of its way.

        Raises
        ------
        SlotTaken
            When it meets another on one of them: the database says so, not a look before.
        """
        ...

    async def of(self, consult_id: str) -> list[Slot]:
        """Return what is kept for a consult, offered or booked, by its beginning; offers that are over too."""
        ...

    async def book(self, slot_id: str, now: datetime) -> None:
        """Keep an offered slot until somebody gives it back."""
        ...

    async def release(self, consult_id: str, now: datetime, *, besides: str = "") -> None:
        """Give back what is kept for a consult, but one slot."""
        ...

    async def busy(self, resources: Sequence[str], since: datetime, until: datetime, now: datetime) -> list[Span]:
        """Return when one of these is kept for somebody."""
        ...


class Roster(Protocol):
    """The experts who may be invited."""

    async def get(self, user_id: str) -> Expert | None:
        """Return an expert, None for an unknown one or one who has left."""
        ...

    async def all(self, *, organization_id: str = "", specialty: str = "") -> list[Expert]:
        """Return the experts of an organization or a specialty, by organization and name."""
        ...

    async def put(self, expert: Expert) -> None:
        """Store an expert's next version, or raise VersionMismatch; version 1 is a new one."""
        ...


class Rooms(Protocol):
    """The rooms of consults, and what is written in them."""

    async def get(self, consult_id: str) -> Room:
        """Return a consult's room; an empty one where nobody has been."""
        ...

    async def put(self, room: Room, now: datetime) -> None:
        """Store a room; whoever does it holds its consult's lock."""
        ...

    async def write(self, message: Message) -> tuple[Message, bool]:
        """Store a message; return it, or the one that has its writer's key already, and whether it is new."""
        ...

    async def messages(self, consult_id: str) -> list[Message]:
        """Return what was written, oldest first."""
        ...

    async def note(self, notes: Sequence[Note]) -> None:
        """Write down what happened in a room, in this order."""
        ...

    async def begin_recording(self, recorded: Recorded) -> None:
        """Store that a recording has begun, with a fresh key that only the hub reads."""
        ...

    async def end_recording(self, consult_id: str, at: datetime, why: str) -> None:
        """Store that the recording that runs has ended."""
        ...

    async def destroy_recording(self, recording_id: str, at: datetime) -> None:
        """Destroy a recording's key: nobody plays it any more."""
        ...


class Parties(Protocol):
    """Whom a consult concerns: organizations, agreements, patients."""

    async def region_of(self, organization_id: str) -> str:
        """Return the division whose rules hold for an organization."""
        ...

    async def kind_of(self, organization_id: str) -> str:
        """Return `village`, `township`, `county`, `higher` or `bureau`, "" for an unknown one."""
        ...

    async def invites_under(self, inviter: str, invitee: str, service: str, on: date) -> bool:
        """Tell whether an agreement in force lets one organization ask another for a service."""
        ...

    async def owner_of(self, organization_id: str, roles: Sequence[str]) -> tuple[str, str]:
        """Return the organization and the role that take an item of work: the first that anybody has, here or above."""
        ...

    async def leads(self, user_id: str, organization_id: str) -> bool:
        """Tell whether somebody is medical affairs of an organization, or of the one right above it."""
        ...

    async def not_of(self, patient_id: str, study_uids: Sequence[str], report_ids: Sequence[str]) -> Sequence[str]:
        """Return which of these studies and reports are none of a patient's: another's, nobody's, or unknown."""
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

    async def rule(self, kind: str, region: str, now: datetime) -> tuple[int, Mapping[str, Any]] | None:
        """Return (version, data) of the rule in force."""
        ...


class ConsultUnitOfWork(Protocol):
    """What a use case of this domain needs of a transaction."""

    @property
    def consults(self) -> Consults:
        """Return the consults."""
        ...

    @property
    def opinions(self) -> Opinions:
        """Return what the experts wrote and signed."""
        ...

    @property
    def calendar(self) -> Calendar:
        """Return the times that are kept."""
        ...

    @property
    def rooms(self) -> Rooms:
        """Return the rooms and what is written in them."""
        ...

    @property
    def roster(self) -> Roster:
        """Return the experts."""
        ...

    @property
    def neighbours(self) -> Parties:
        """Return whom it concerns."""
        ...

    @property
    def ledger(self) -> Agenda:
        """Return deadlines, tasks, serials, rules."""
        ...

    def publish(self, *events: Event) -> None:
        """Record what happened."""
        ...
