"""Searches are read as PS3.18 writes them, within limits."""

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dicom.errors import MalformedQuery
from dicom.query import Level, Matching, folded_name, parse_search


def test_keywords_and_tags_name_the_same_key() -> None:
    by_name, by_tag = (parse_search(Level.STUDY, [(name, "MA*")]).criteria[0] for name in ("PatientName", "00100010"))
    assert by_name == by_tag
    assert by_name.matching is Matching.WILDCARD


@pytest.mark.parametrize(
    ("name", "value", "matching", "values"),
    [
        ("StudyDate", "20260101-20261231", Matching.RANGE, ("20260101", "20261231")),
        ("StudyDate", "-20261231", Matching.RANGE, ("", "20261231")),
        ("StudyDate", "20260101-", Matching.RANGE, ("20260101", "")),
        ("StudyDate", "20260101", Matching.SINGLE, ("20260101",)),
        ("StudyTime", "0800-1230", Matching.RANGE, ("0800", "1230")),
        ("StudyInstanceUID", "1.2,1.3\\1.4", Matching.LIST, ("1.2", "1.3", "1.4")),
        ("AccessionNumber", "A?1***", Matching.WILDCARD, ("A?1*",)),
        ("AccessionNumber", "A1", Matching.SINGLE, ("A1",)),
    ],
)
def test_values_say_how_they_are_matched(name: str, value: str, matching: Matching, values: tuple[str, ...]) -> None:
    (criterion,) = parse_search(Level.STUDY, [(name, value)]).criteria
    assert (criterion.matching, criterion.values) == (matching, values)


def test_keys_that_the_index_does_not_hold_are_said_to_be_ignored() -> None:
    search = parse_search(Level.STUDY, [("InstitutionName", "x"), ("00080080", "x"), ("Modality", "CT")])
    assert (search.criteria, search.ignored) == ((), ("InstitutionName", "00080080", "Modality"))


def test_pages_are_bounded() -> None:
    assert parse_search(Level.STUDY, [("limit", "1000000000")]).limit == 1000
    with pytest.raises(MalformedQuery):
        parse_search(Level.STUDY, [("offset", "1000000001")])


@given(
    st.lists(st.tuples(st.sampled_from(["PatientName", "StudyDate", "limit", "x", "00100020"]), st.text(max_size=40)))
)
def test_whatever_is_asked_is_a_search_or_a_refusal(parameters: list[tuple[str, str]]) -> None:
    with contextlib.suppress(MalformedQuery):
        assert parse_search(Level.INSTANCE, parameters).limit <= 1000


def test_names_are_folded_as_the_index_spells_them() -> None:
    assert folded_name("ZHANG^San=") == "zhang san"
