"""What the imaging domain asks of the world: the store of objects, the index, a unit of work."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any, Protocol, TypeVar

from dicom.events import Event
from dicom.model import Agreement, Centre, Header, Received, Study
from dicom.orders import PatientIdentity, ReadingOrder, Report, Signature
from dicom.scan import Reader

T = TypeVar("T")


class StagedFile(Protocol):
    """An open, empty file for one object; whoever got it closes `fd`."""

    @property
    def fd(self) -> int:
        """Return the file descriptor to write to."""
        ...

    @property
    def key(self) -> str:
        """Return the object's key in the store."""
        ...


class InstanceStore(Protocol):
    """Where the bytes of objects lie, as they came. Keys are the store's own, never made from what an object says."""

    def create(self) -> StagedFile:
        """Open a new file; its final place already.

        Raises
        ------
        StorageFull
            When there is no room.
        """
        ...

    def discard(self, key: str) -> None:
        """Remove an object that has no row; an unknown key is no error."""
        ...

    async def inspect(self, key: str, look: Callable[[Reader, int], T], *, sync: bool = False) -> T:
        """Run `look(read, size)` beside the event loop; with `sync` the object is durable when it returns."""
        ...

    def look(self, key: str, look: Callable[[Reader, int], T]) -> T:
        """Run `look(read, size)` here and now; blocks, for a thread away from the event loop."""
        ...

    def make_durable(self, keys: Sequence[str]) -> None:
        """Sync the folders that hold these objects; blocks."""
        ...

    async def set_aside(self, key: str) -> str:
        """Move an object to where the set-aside ones are kept, durably; return its new key."""
        ...

    def exists(self, key: str) -> bool:
        """Tell whether the object is there."""
        ...

    def path(self, key: str) -> Path:
        """Return where an object lies on this machine."""
        ...


@dataclass(frozen=True, slots=True)
class InstanceFact:
    """What decides whether an object is the same again."""

    digest: str
    study_instance_uid: str
    organization_id: str  # who sent it first


@dataclass(frozen=True, slots=True)
class InstanceRecord:
    """One instance as the index holds it; `store_key` finds its bytes."""

    sop_instance_uid: str
    study_instance_uid: str
    series_instance_uid: str
    organization_id: str
    sop_class_uid: str
    transfer_syntax_uid: str
    number: int | None
    rows: int | None
    columns: int | None
    frames: int | None
    has_pixels: bool
    store_key: str
    size: int
    dataset_offset: int
    digest: str


@dataclass(slots=True)
class Known:
    """What the index holds already about the objects of one batch."""

    instances: dict[str, InstanceFact]
    studies: dict[str, Study]
    series: set[str]
    expected: dict[str, int] = field(default_factory=dict)


@dataclass(slots=True)
class StudyGrowth:
    """What one batch adds to one study; `first` describes a new one."""

    study: Study
    is_new: bool
    first: Header
    series: list[Header] = field(default_factory=list)
    instances: list[tuple[Header, Received]] = field(default_factory=list)
    flags: set[str] = field(default_factory=set)


@dataclass(frozen=True, slots=True)
class SecondSender:
    """An organization that sent the very bytes of an instance that another had sent before it (decisions 9)."""

    sop_instance_uid: str
    study_instance_uid: str
    organization_id: str
    received_at: datetime


class StudyIndex(Protocol):
    """The rows of studies, series and instances, as intake needs them."""

    async def known(self, objects: Sequence[tuple[Header, Received]]) -> Known:
        """Return what the index holds about these objects, their studies locked."""
        ...

    async def grow(
        self, growths: Sequence[StudyGrowth], *, duplicates: Sequence[str], second_senders: Sequence[SecondSender]
    ) -> None:
        """Write new rows and counters; count duplicates by SOP Instance UID; remember who else sent an instance."""
        ...

    async def expected(self, study_uids: Sequence[str]) -> Mapping[str, int]:
        """Return how many instances the orders of these studies announced, where one did."""
        ...


class Deadlines(Protocol):
    """Rows of what is due."""

    async def set_deadline(
        self,
        kind: str,
        subject_id: str,
        due_at: datetime,
        *,
        rule_version: int | None = None,
        slack: timedelta = timedelta(),
    ) -> None:
        """Set or move a deadline; one that stands at most `slack` earlier is left as it is."""
        ...


class IntakeUnitOfWork(Protocol):
    """What taking objects in needs of a transaction."""

    @property
    def studies(self) -> StudyIndex:
        """Return the index."""
        ...

    @property
    def ledger(self) -> Deadlines:
        """Return the deadlines."""
        ...

    def publish(self, *events: Event) -> None:
        """Record what happened."""
        ...


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


class Agenda(Deadlines, Protocol):
    """Deadlines, items of work, serial numbers and rules."""

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


class Orders(Protocol):
    """Reading orders."""

    async def get(self, order_id: str, *, lock: bool = False) -> ReadingOrder | None:
        """Return an order; with `lock` nobody else moves it until the transaction ends."""
        ...

    async def by_study(self, study_uid: str, *, lock: bool = False) -> ReadingOrder | None:
        """Return the order that reads this study."""
        ...

    async def awaiting_study(
        self, organization_id: str, *, accession: str = "", patient_id: str = "", since: datetime | None = None
    ) -> list[ReadingOrder]:
        """Return the organization's orders that wait for images, by accession number or by patient, oldest first."""
        ...

    async def unrequested(self, organization_id: str, patient_id: str, *, since: datetime) -> list[ReadingOrder]:
        """Return the orders that the hub made itself for a patient's images, oldest first."""
        ...

    async def add(self, order: ReadingOrder) -> None:
        """Store a new order."""
        ...

    async def save(self, order: ReadingOrder) -> None:
        """Store the next version of an order.

        Raises
        ------
        VersionMismatch
            When somebody else stored one meanwhile.
        """
        ...


class Reports(Protocol):
    """Reports, their signatures and receipts."""

    async def get(self, report_id: str, *, lock: bool = False) -> Report | None:
        """Return one edition."""
        ...

    async def current(self, order_id: str, *, lock: bool = False) -> Report | None:
        """Return the newest edition of an order's report."""
        ...

    async def editions(self, order_id: str) -> list[Report]:
        """Return every edition, oldest first."""
        ...

    async def add(self, report: Report) -> None:
        """Store a new edition."""
        ...

    async def save(self, report: Report) -> None:
        """Store the next version, or raise VersionMismatch."""
        ...

    async def sign(self, signature: Signature) -> None:
        """Store a signature."""
        ...

    async def void_signatures(self, report_id: str, at: datetime) -> None:
        """Mark the standing signatures of an edition as void."""
        ...

    async def mark_read(
        self, report_id: str, user_id: str, organization_id: str, at: datetime, *, receipt: bool
    ) -> None:
        """Store that somebody read it; a receipt stays a receipt."""
        ...


class CentreDirectory(Protocol):
    """Centres, agreements and names."""

    async def centres(self) -> list[Centre]:
        """Return every centre."""
        ...

    async def agreements_of(self, organization_id: str) -> list[Agreement]:
        """Return what an organization agreed with others."""
        ...

    async def names(self) -> Mapping[str, str]:
        """Return the names of organizations by id."""
        ...

    async def region_of(self, organization_id: str) -> str:
        """Return the division whose rules hold for an organization."""
        ...

    async def coordinator_of(self, organization_id: str) -> str:
        """Return the organization whose registrar looks after this one's doubts."""
        ...

    async def owner_of(self, organization_id: str, roles: Sequence[str]) -> tuple[str, str]:
        """Return the organization and the role that take an item: the first of these that anybody has, here or above.

        Where nobody has any, the item stays with the first role here.
        """
        ...

    async def person_name(self, user_id: str) -> str:
        """Return a user's name."""
        ...


class Matching(Protocol):
    """What matching needs of studies and patients."""

    async def study(self, study_uid: str, *, lock: bool = False) -> Study | None:
        """Return a study."""
        ...

    async def point_to(self, study_uid: str, patient_id: str | None) -> None:
        """Write whose study it is."""
        ...

    async def mark_complete(self, study_uid: str, at: datetime | None) -> None:
        """Write when a study was complete, None when it is open again."""
        ...

    async def patient(self, patient_id: str) -> PatientIdentity | None:
        """Return what a registered patient is called."""
        ...

    async def patient_by_number(self, issuer: str, number: str) -> PatientIdentity | None:
        """Return the patient whose identifier this is: the issuer's own number, or a valid resident ID."""
        ...

    async def categories(self, patient_id: str, on: date) -> frozenset[str]:
        """Return the patient's assistance categories in force on a day."""
        ...

    async def instance_uids(self, study_uid: str) -> list[str]:
        """Return the study's SOP Instance UIDs, sorted: what a signature covers."""
        ...


class ReadingUnitOfWork(Protocol):
    """What reading needs of a transaction."""

    @property
    def orders(self) -> Orders:
        """Return the orders."""
        ...

    @property
    def reports(self) -> Reports:
        """Return the reports."""
        ...

    @property
    def centres(self) -> CentreDirectory:
        """Return centres, agreements, names."""
        ...

    @property
    def matching(self) -> Matching:
        """Return studies and patients as matching sees them."""
        ...

    @property
    def ledger(self) -> Agenda:
        """Return deadlines, tasks, serials, rules."""
        ...

    def publish(self, *events: Event) -> None:
        """Record what happened."""
        ...
