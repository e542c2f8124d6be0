"""What a search asks for is read as R4 writes it, and nothing that is malformed passes as nothing."""

from datetime import UTC, datetime

import pytest

from server.fhir.search import IllFormedSearch, parse_search


def at(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=UTC)  # type: ignore[misc,arg-type]


@pytest.mark.parametrize("written", ["ab12", "Patient/ab12", "http://hub/fhir/Patient/ab12", "Patient/ab12/"])
def test_a_reference_is_the_key_whatever_stands_before_it(written: str) -> None:
    assert parse_search("Task", [("patient", written)]).wanted == {"patient": ("ab12",)}


def test_a_reference_to_a_bed_is_our_own_key_again() -> None:
    asked = parse_search("Encounter", [("location", "Location/C01.-5fc3--5185--2d-01")])
    assert asked.wanted == {"location": ("C01.心内-01",)}


def test_a_token_is_its_code_and_a_comma_means_or() -> None:
    asked = parse_search("Task", [("status", "http://hl7.org/fhir/task-status|requested,in-progress")])
    assert asked.wanted == {"status": ("requested", "in-progress")}
    assert asked.fits("status", "requested")
    assert not asked.fits("status", "completed")
    assert asked.fits("owner", "anybody")


@pytest.mark.parametrize(
    ("written", "since", "until"),
    [
        (["2026-11-26"], at(2026, 11, 25, 16), at(2026, 11, 26, 16)),  # a day of the county
        (["ge2026-11-26T08:00:00Z"], at(2026, 11, 26, 8), None),
        (["gt2026-11-26T08:00:00Z"], at(2026, 11, 26, 8, 0, 1), None),
        (["lt2026-11-26T16:00:00+08:00"], None, at(2026, 11, 26, 8)),
        (["le2026-11-26T08:00Z"], None, at(2026, 11, 26, 8, 1)),
        (["ge2026-11-01", "ge2026-11-03", "lt2026-11-05"], at(2026, 11, 2, 16), at(2026, 11, 4, 16)),
    ],
)
def test_the_last_change_has_bounds(written: list[str], since: datetime | None, until: datetime | None) -> None:
    asked = parse_search("Task", [("_lastUpdated", value) for value in written])
    assert (asked.since, asked.until) == (since, until)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("_lastUpdated", "yesterday"),
        ("_lastUpdated", "ne2026-11-26"),
        ("_lastUpdated", "2026-13-26"),
        ("_lastUpdated", "2026-11-26T25:00"),
        ("_lastUpdated", "9999-12-31T23:59:59-23:59"),
        ("_count", "many"),
        ("_count", "-1"),
        ("_count", "²"),
    ],
)
def test_what_cannot_be_is_refused_by_name(name: str, value: str) -> None:
    with pytest.raises(IllFormedSearch) as refused:
        parse_search("Task", [(name, value)])
    assert refused.value.name == name


@pytest.mark.parametrize(("written", "count"), [("0", 1), ("7", 7), ("100000", 200)])
def test_a_page_has_at_least_one_and_at_most_two_hundred(written: str, count: int) -> None:
    assert parse_search("Task", [("_count", written)]).count == count


def test_an_unknown_parameter_is_left_aside_and_not_in_the_self_link_unless_the_caller_is_strict() -> None:
    asked = [("colour", "red"), ("status", "requested")]
    assert parse_search("Task", asked).used == [("status", "requested")]
    with pytest.raises(IllFormedSearch, match="colour"):
        parse_search("Task", asked, strict=True)


def test_a_kind_that_knows_no_time_of_change_is_not_searched_by_it() -> None:
    assert parse_search("Location", [("_lastUpdated", "2026-11-26")]).used == []
