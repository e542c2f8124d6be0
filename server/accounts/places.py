"""The places: organizations, the county's centres, AE titles, cooperation agreements."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum


class OrganizationKind(StrEnum):
    """Levels of care, and the bureau that supervises them."""

    VILLAGE = "village"
    TOWNSHIP = "township"
    COUNTY = "county"
    HIGHER = "higher"
    BUREAU = "bureau"


class CentreKind(StrEnum):
    """What a centre reads; the same words as a reading order's kind (decisions 13)."""

    ECG = "ecg"
    RADIOLOGY = "radiology"
    IMAGING = "imaging"
    LAB = "lab"


@dataclass(frozen=True, slots=True)
class Organization:
    """A site of the medical community.

    Parameters
    ----------
    division
        Six digits of the county (GB/T 2260 style).
    record_area
        Twelve digits, division + township + village: what the numbers of its health records begin with
        (domain 2.11); empty where it issues none.
    """

    id: str
    name: str
    kind: OrganizationKind
    division: str
    created_at: datetime
    parent_id: str | None = None
    record_area: str = ""
    phone: str = ""
    beds: int | None = None
    closed_at: datetime | None = None
    version: int = 1


@dataclass(frozen=True, slots=True)
class Centre:
    """A diagnostic centre; one modality maps to exactly one centre (domain 0.4).

    Parameters
    ----------
    opens, closes
        Local time of day, `HH:MM`.
    weekdays
        ISO weekdays, 1 is Monday.
    """

    id: str
    organization_id: str
    kind: CentreKind
    name: str
    modalities: tuple[str, ...]
    opens: str
    closes: str
    weekdays: tuple[int, ...]
    emergency_round_the_clock: bool
    phone: str = ""
    fallback_centre_id: str | None = None
    version: int = 1


@dataclass(frozen=True, slots=True)
class AeTitle:
    """A DICOM application entity of a site (PS3.8 §9.3.2).

    Parameters
    ----------
    addresses
        Networks (CIDR) it may call from; empty means any.
    host, port
        Where released reports are sent back by C-STORE; None when it takes none.
    """

    ae_title: str
    organization_id: str
    description: str = ""
    charset: str | None = None
    default_priority: str = "routine"
    addresses: tuple[str, ...] = ()
    host: str | None = None
    port: int | None = None
    last_seen_at: datetime | None = None
    disabled_at: datetime | None = None
    version: int = 1


@dataclass(frozen=True, slots=True)
class Agreement:
    """A cooperation agreement: who may ask whom for which service, and when (国卫医发〔2018〕25号)."""

    id: str
    from_organization_id: str
    to_organization_id: str
    services: tuple[str, ...]
    valid_from: date
    valid_to: date | None = None
    version: int = 1

    def covers(self, service: str, on: date) -> bool:
        """Tell whether the agreement holds for a service on a day (both ends included)."""
        begun = self.valid_from <= on
        running = self.valid_to is None or on <= self.valid_to
        return service in self.services and begun and running
