"""What FHIR searches of consults finds the same on both databases: requests, meetings, times, opinions."""

from dataclasses import replace
from types import MappingProxyType

import pytest

from server.db.engine import Database
from server.fhir.search import parse_search
from tests.builders.consults import OPINION, SLOT
from tests.builders.referral_register import HOUR, NOON, unit
from tests.contracts.test_consults import DESK, HELIN, bring, fresh, register
from video.consults import ConsultState as S

__all__ = ["register"]
BOOKED = replace(SLOT, consult_id="b", booked_at=NOON)
CONSULTS = (
    fresh("a"),
    fresh("b", state=S.SCHEDULED, begins_at=SLOT.begins_at, ends_at=SLOT.ends_at, experts=("zhaoning",)),
    fresh("c", state=S.DOCUMENTING, in_writing=True),
    fresh("d", state=S.DOCUMENTING, timeline=MappingProxyType({"in-call": NOON, "documenting": NOON + HOUR})),
    fresh("e", state=S.SIGNED, in_writing=True),
)


@pytest.fixture
async def county(register: Database) -> Database:
    """Give five consults, a time that is booked, one that was offered, and one signed opinion beside a draft."""
    await bring(register, *CONSULTS)
    async with unit(register) as uow:
        await uow.calendar.keep(BOOKED, NOON)
        later = (SLOT.begins_at + HOUR, SLOT.ends_at + HOUR)
        await uow.calendar.keep(replace(SLOT, id="s2", begins_at=later[0], ends_at=later[1], consult_id="a"), NOON)
        await uow.opinions.add(replace(OPINION, consult_id="c", number="Y-1"))
        signed = replace(OPINION, consult_id="e", number="Y-2", signed_at=NOON, body="{}", digest="d")
        await uow.opinions.add(signed)
    return register


@pytest.mark.parametrize(
    ("kind", "query", "found"),
    [
        ("ServiceRequest", "", "abcde"),
        ("ServiceRequest", "status=active", "abcd"),
        ("ServiceRequest", "status=completed,revoked", "e"),
        ("ServiceRequest", "requester=T01&performer=Organization/C01", "abcde"),
        ("ServiceRequest", "performer=M01", ""),
        ("ServiceRequest", "identifier=H-c", "c"),
        ("ServiceRequest", "category=3457005", ""),
        ("ServiceRequest", "_lastUpdated=lt2026-11-22", ""),
        ("Encounter", "status=planned", "ab"),
        ("Encounter", "status=in-progress", "c"),
        ("Encounter", "status=finished", "de"),
        ("Encounter", "class=IMP", ""),
        ("Encounter", "location=C01-01", ""),
    ],
)
async def test_consults_are_found_by_what_they_show(county: Database, kind: str, query: str, found: str) -> None:
    search = parse_search(kind, [tuple(pair.split("=")) for pair in query.split("&") if pair])  # type: ignore[misc]
    async with unit(county, read=True) as uow:
        seen = await uow.fhir_consults.consults(DESK, kind, search, now=NOON)
        assert "".join(one.consult.id for one in seen) == found
        assert {one.consult.id: one.slot_id for one in seen if one.slot_id} == ({"b": "s1"} if "b" in found else {})
        assert await uow.fhir_consults.consults(HELIN, kind, search, now=NOON) == [], "of neither side"


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", ["s1", "s2"]),
        ("status=booked", ["s1"]),
        ("status=proposed", ["s2"]),
        ("actor=zhaoning", ["s1", "s2"]),
        ("actor=Patient/p1", ["s1", "s2"]),
        ("actor=nobody", []),
        ("based-on=ServiceRequest/a", ["s2"]),
        ("_id=s1", ["s1"]),
        ("_count=1&status=proposed", ["s2"]),
        ("date=ge2026-11-23T16:00:00%2B08:00", ["s2"]),
    ],
)
async def test_times_are_found_by_whom_they_keep_and_when(county: Database, query: str, found: list[str]) -> None:
    pairs = [tuple(pair.replace("%2B", "+").split("=")) for pair in query.split("&") if pair]
    search = parse_search("Appointment", pairs)  # type: ignore[arg-type]
    async with unit(county, read=True) as uow:
        assert [slot.id for slot, _ in await uow.fhir_consults.slots(DESK, search, now=NOON)] == found
        assert await uow.fhir_consults.slots(HELIN, search, now=NOON) == []


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", ["e"]),
        ("type=C0045", ["e"]),
        ("type=18842-5", []),
        ("status=superseded", []),
        ("custodian=Organization/C01&identifier=Y-2", ["e"]),
        ("date=2026-11-23", ["e"]),
        ("_lastUpdated=gt2026-11-23", []),
    ],
)
async def test_of_opinions_the_signed_ones_are_found(county: Database, query: str, found: list[str]) -> None:
    search = parse_search("DocumentReference", [tuple(pair.split("=")) for pair in query.split("&") if pair])  # type: ignore[misc]
    async with unit(county, read=True) as uow:
        assert [one.id for _, one in await uow.fhir_consults.opinions(DESK, search, now=NOON)] == found
        assert await uow.fhir_consults.opinions(HELIN, search, now=NOON) == []
