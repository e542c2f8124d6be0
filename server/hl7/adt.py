"""Admission, transfer and discharge (chapter 3): what a message says of a patient and a bed, read and built."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from types import MappingProxyType

from server.hl7.charset import UTF_8, encode
from server.hl7.errors import (
    BadValue,
    FieldMissing,
    UnsupportedEvent,
    UnsupportedMessage,
    UnsupportedProcessing,
    UnsupportedVersion,
)
from server.hl7.message import Message, component, escaped, segment, stamp


class Trigger(StrEnum):
    """Trigger events that are taken; each bears the name of its message structure beside it."""

    ADMIT = "A01"
    TRANSFER = "A02"
    DISCHARGE = "A03"
    UPDATE = "A08"
    CANCEL_ADMIT = "A11"
    CANCEL_TRANSFER = "A12"
    CANCEL_DISCHARGE = "A13"


STRUCTURE: Mapping[Trigger, str] = MappingProxyType(
    {
        Trigger.ADMIT: "ADT_A01", Trigger.TRANSFER: "ADT_A02", Trigger.DISCHARGE: "ADT_A03", Trigger.UPDATE: "ADT_A01",
        Trigger.CANCEL_ADMIT: "ADT_A09", Trigger.CANCEL_TRANSFER: "ADT_A12", Trigger.CANCEL_DISCHARGE: "ADT_A01",
    }
)  # fmt: skip
_MOVES = frozenset({Trigger.TRANSFER, Trigger.CANCEL_TRANSFER})
_SEXES = {"M": "male", "F": "female"}
_CODES = {word: code for code, word in _SEXES.items()}


@dataclass(frozen=True, slots=True)
class Place:
    """A bed as a hospital names it (PL): ward or department, room, bed."""

    ward: str
    room: str
    bed: str

    @property
    def words(self) -> str:
        """Return it as people read it."""
        return "-".join(filter(None, (self.ward, self.room, self.bed)))


@dataclass(frozen=True, slots=True)
class Number:
    """A number of a patient (CX): `authority` issued it, `kind` is of table 0203 (PI, MR, NI, NNCHN)."""

    value: str = field(repr=False)
    authority: str = ""
    kind: str = ""


@dataclass(frozen=True, slots=True)
class Person:
    """A patient as a message names one."""

    numbers: tuple[Number, ...] = ()
    name: str = field(default="", repr=False)
    sex: str = ""
    birth_date: date | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class Header:
    """Who says it, and under which number."""

    application: str
    facility: str
    control_id: str


@dataclass(frozen=True, slots=True)
class Adt:
    """What happened in a bed.

    Parameters
    ----------
    recorded_at
        When the hospital's system wrote it down (EVN-2, else MSH-7): messages about a bed are ordered by it.
    place
        Where the patient is; None only where an update names no bed.
    came_from
        Of a transfer: the bed that is free now (PV1-6).
    expected_end_at
        Expected discharge (PV2-9).
    """

    trigger: Trigger
    recorded_at: datetime
    person: Person
    place: Place | None
    came_from: Place | None = None
    visit: str = ""
    expected_end_at: datetime | None = None


def header_of(message: Message) -> Header:
    """Return who sent a message.

    Raises
    ------
    FieldMissing
        Without a control id nothing can be acknowledged.
    """
    return Header(message.text("MSH", 3), message.text("MSH", 4), message.require("MSH", 10))


def parse_adt(message: Message) -> Adt:
    """Return what a message says.

    Raises
    ------
    UnsupportedMessage, UnsupportedEvent, UnsupportedVersion, UnsupportedProcessing, FieldMissing, BadValue
    """
    trigger = _trigger(message)
    recorded_at = message.instant("EVN", 2) or message.instant("MSH", 7)
    if recorded_at is None:
        raise FieldMissing("EVN-2 and MSH-7 are empty", "EVN^1^2")
    place, came_from = _place(message, 3), _place(message, 6) if trigger in _MOVES else None
    if place is None and trigger is not Trigger.UPDATE:
        raise FieldMissing("PV1-3 names no bed", "PV1^1^3^1^3")
    if came_from is None and trigger in _MOVES:
        raise FieldMissing("PV1-6 names no bed", "PV1^1^6^1^3")
    return Adt(
        trigger, recorded_at, _person(message), place, came_from, message.text("PV1", 19), message.instant("PV2", 9)
    )


def build_adt(
    adt: Adt, *, sender: tuple[str, str], receiver: tuple[str, str], control_id: str, charset: str = UTF_8
) -> bytes:
    """Return a message.

    Parameters
    ----------
    sender, receiver
        Application and facility (MSH-3 to MSH-6).
    """
    at = stamp(adt.recorded_at)
    lines = [
        segment("MSH", {
            1: "^~\\&", 2: component(sender[0]), 3: component(sender[1]), 4: component(receiver[0]),
            5: component(receiver[1]), 6: at, 8: component("ADT", adt.trigger, STRUCTURE[adt.trigger]),
            9: component(control_id), 10: "P", 11: "2.5.1", 17: charset,
        }),
        segment("EVN", {1: adt.trigger, 2: at}),
        segment("PID", _pid(adt.person)),
        segment("PV1", _pv1(adt)),
    ]  # fmt: skip
    return encode("\r".join([*lines, ""]), charset)


def _trigger(message: Message) -> Trigger:
    if not message.text("MSH", 12).startswith("2"):
        raise UnsupportedVersion("only HL7 v2 is taken", "MSH^1^12")
    if message.text("MSH", 11) not in {"", "P"}:
        raise UnsupportedProcessing("only production messages (P) are taken", "MSH^1^11")
    if message.text("MSH", 9) != "ADT":
        raise UnsupportedMessage("only ADT is taken", "MSH^1^9")
    event = message.text("MSH", 9, 2) or message.text("EVN", 1)
    try:
        return Trigger(event)
    except ValueError as error:
        raise UnsupportedEvent(f"taken are {', '.join(Trigger)}", "MSH^1^9^1^2") from error


def _place(message: Message, number: int) -> Place | None:
    ward, room, bed = (message.text("PV1", number, part) for part in (1, 2, 3))
    return Place(ward, room, bed) if bed else None


def _person(message: Message) -> Person:
    numbers = [
        Number(value, message.text("PID", 3, 4, repetition=place), kind)
        for place in range(1, message.repetitions("PID", 3) + 1)
        if (value := message.text("PID", 3, 1, repetition=place))
        for kind in [message.text("PID", 3, 5, repetition=place)]
    ]
    return Person(
        tuple(numbers),
        message.text("PID", 5) + message.text("PID", 5, 2),  # Chinese names are not split
        _SEXES.get(message.text("PID", 8), "unknown"),
        _birth_date(message.text("PID", 7)),
    )


def _birth_date(raw: str) -> date | None:
    if not raw:
        return None
    try:
        return date.fromisoformat(f"{raw[:4]}-{raw[4:6]}-{raw[6:8]}")
    except ValueError as error:
        raise BadValue("PID-7 is no date", "PID^1^7") from error


def _pid(person: Person) -> dict[int, str]:
    numbers = [component(one.value, "", "", one.authority, one.kind) for one in person.numbers]
    return {
        1: "1",
        3: "~".join(numbers),
        5: component(person.name, "", "", "", "", "", "L"),
        7: person.birth_date.strftime("%Y%m%d") if person.birth_date else "",
        8: _CODES.get(person.sex, "U"),
    }


def _pv1(adt: Adt) -> dict[int, str]:
    at = stamp(adt.recorded_at)
    fields = {1: "1", 2: "I", 19: escaped(adt.visit)}
    if adt.place is not None:
        fields[3] = component(adt.place.ward, adt.place.room, adt.place.bed)
    if adt.came_from is not None:
        fields[6] = component(adt.came_from.ward, adt.came_from.room, adt.came_from.bed)
    if adt.trigger is Trigger.ADMIT:
        fields[44] = at
    if adt.trigger is Trigger.DISCHARGE:
        fields[45] = at
    return fields
