"""Wards, beds and what keeps a bed: holds and occupancies as ranges in time."""

from dataclasses import dataclass
from datetime import datetime

from referral.model import BedKind, BedState, IntervalKind, IntervalState, Level, Pool, SexRule


def bed_id(organization_id: str, label: str) -> str:
    """Return the id of a bed or a ward from its organization and the label on its door."""
    return f"{organization_id}.{label}"


def label_of(identifier: str) -> str:
    """Return the label on the door."""
    return identifier.split(".", 1)[-1]


@dataclass(frozen=True, slots=True)
class Ward:
    """A ward of an organization; `confirmed_at` is when its shift last said that the board is true."""

    id: str
    organization_id: str
    name: str
    department: str
    phone: str = ""
    capabilities: tuple[str, ...] = ()
    confirmed_at: datetime | None = None
    confirmed_by: str | None = None
    version: int = 1


@dataclass(frozen=True, slots=True)
class Bed:
    """One bed as it stands in its ward; who keeps it is a matter of intervals.

    Parameters
    ----------
    id
        `C01.CCU-03`: the organization and the label on the door; stands in addresses as it is.
    to_clean_since, blocked_reason, blocked_until
        The two stored states; a block without an end has None.
    feed_version
        The version of the hospital system's last message about it.
    """

    id: str
    organization_id: str
    ward_id: str
    label: str
    department: str
    pool: Pool
    kind: BedKind = BedKind.BED
    sex: SexRule = SexRule.BOTH
    isolation: bool = False
    monitored: bool = False
    devices: tuple[str, ...] = ()
    to_clean_since: datetime | None = None
    blocked_reason: str = ""
    blocked_until: datetime | None = None
    blocked_at: datetime | None = None
    withdrawn_at: datetime | None = None
    feed_version: int = 0
    version: int = 1


@dataclass(frozen=True, slots=True)
class Interval:
    """A hold `[begins_at, ends_at)` or an occupancy `[begins_at, ends_at)`; None is open.

    Ended early, the range is cut: what lies in the table never overlaps on one bed, not even in its history.
    """

    id: str
    bed_id: str
    kind: IntervalKind
    state: IntervalState
    begins_at: datetime
    ends_at: datetime | None
    ticket_id: str | None = None
    patient_id: str | None = None
    level: Level | None = None
    label: str = ""  # what the ward wrote for a walk-in whom the register does not know
    sex: str = ""
    expected_end_at: datetime | None = None
    en_route: bool = False
    by: str = ""
    reason: str = ""
    override: bool = False  # a reserved bed used in an emergency by somebody without priority
    version: int = 1

    @property
    def ends_by_the_clock(self) -> bool:
        """Tell whether its end is enough to end it; that of a Ⅰ/Ⅱ on the road or at the door is prolonged and rings."""
        return not (self.en_route and self.level is not None and self.level.is_green)

    def keeps(self, at: datetime) -> bool:
        """Tell whether it keeps its bed at an instant.

        What does not end by the clock does so beyond its end, until somebody ends it: between that end and the job
        which prolongs it nobody else gets the bed.
        """
        lasts = self.ends_at is None or at < self.ends_at or not self.ends_by_the_clock
        return self.state is IntervalState.LIVE and self.begins_at <= at and lasts


@dataclass(frozen=True, slots=True)
class BedNow:
    """A bed with what keeps it at one instant: what the rule and the board look at."""

    bed: Bed
    hold: Interval | None = None
    occupancy: Interval | None = None

    def state(self, at: datetime) -> BedState:
        """Return the state a board shows, by precedence."""
        if self.bed.blocked_at is not None and (self.bed.blocked_until is None or at < self.bed.blocked_until):
            return BedState.BLOCKED
        if self.occupancy is not None and self.occupancy.keeps(at):
            return BedState.OCCUPIED
        if self.hold is not None and self.hold.keeps(at):
            return BedState.HELD
        return BedState.TO_CLEAN if self.bed.to_clean_since is not None else BedState.AVAILABLE
