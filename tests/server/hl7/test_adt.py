"""What a hospital's message says is read as it was meant, and what we build is read back the same."""

from contextlib import suppress
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.hl7 import adt as a
from server.hl7.charset import GB_18030, UTF_8
from server.hl7.errors import (
    BadValue,
    FieldMissing,
    Hl7Refusal,
    NotHl7,
    UnsupportedEvent,
    UnsupportedMessage,
    UnsupportedProcessing,
    UnsupportedVersion,
    WrongCharset,
)
from server.hl7.message import read
from tests.builders.hl7_messages import adt

NINE = datetime(2026, 11, 26, 1, tzinfo=UTC)  # nine in the county
WORDS = st.text(st.characters(codec="gb18030", exclude_categories=("C", "Z")), max_size=20)


def test_an_admission_names_patient_bed_and_time() -> None:
    said = a.parse_adt(read(adt("A01", patient="880123^^^C01^PI~990101196803050011^^^^NI")))
    assert (said.trigger, said.recorded_at, said.place) == ("A01", NINE, a.Place("心内", "", "心内-01"))
    assert said.person.numbers == (a.Number("880123", "C01", "PI"), a.Number("990101196803050011", "", "NI"))
    assert (said.person.name, said.person.sex, said.person.birth_date) == ("马进财", "male", date(1968, 3, 5))


def test_a_transfer_names_both_beds() -> None:
    said = a.parse_adt(read(adt("A02", bed="CCU^^CCU-03", prior="心内^^心内-01")))
    assert (said.place, said.came_from) == (a.Place("CCU", "", "CCU-03"), a.Place("心内", "", "心内-01"))


def test_an_update_may_name_no_bed_and_says_when_he_is_expected_to_leave() -> None:
    said = a.parse_adt(read(adt("A08", bed="", expected="202611281000")))
    assert (said.place, said.expected_end_at) == (None, datetime(2026, 11, 28, 2, tzinfo=UTC))


@pytest.mark.parametrize(
    ("written", "at"),
    [
        ("20261126090000", NINE),
        ("202611260900", NINE),
        ("20261126090000.500+0800", NINE.replace(microsecond=500_000)),
        ("20261126010000+0000", NINE),
    ],
)
def test_a_time_without_a_zone_is_the_countys(written: str, at: datetime) -> None:
    assert a.parse_adt(read(adt(at=written))).recorded_at == at


@pytest.mark.parametrize(
    "written", ["20261126", "20261399090000", "20261126090000+9900", "yesterday", "2026112609000²"]
)
def test_what_is_no_exact_time_is_refused_with_its_field(written: str) -> None:
    with pytest.raises(BadValue) as refused:
        a.parse_adt(read(adt(at=written)))
    assert refused.value.location == "EVN^1^2"


@pytest.mark.parametrize(
    ("message", "refusal"),
    [
        (adt(kind="ORU^R01^ORU_R01"), UnsupportedMessage),
        (adt("A04"), UnsupportedEvent),
        (adt(processing="T"), UnsupportedProcessing),
        (adt(version="3.0"), UnsupportedVersion),
        (adt(bed=""), FieldMissing),
        (adt("A02"), FieldMissing),
        (adt(at=""), FieldMissing),
        (adt().replace(b"19680305", b"19681305"), BadValue),
    ],
)
def test_a_message_that_cannot_be_taken_is_refused_for_its_reason(message: bytes, refusal: type[Hl7Refusal]) -> None:
    with pytest.raises(refusal):
        a.parse_adt(read(message))


def test_a_message_without_a_control_id_cannot_be_acknowledged() -> None:
    with pytest.raises(FieldMissing):
        a.header_of(read(adt(control_id="")))


@pytest.mark.parametrize("charset", ["UNICODE UTF-8", "GB 18030-2000", "GBK", "GB2312"])
def test_chinese_comes_through_in_the_declared_character_set(charset: str) -> None:
    message = read(adt(name="王小明", charset=charset))
    assert a.parse_adt(message).person.name == "王小明"
    assert message.charset == (UTF_8 if charset == "UNICODE UTF-8" else GB_18030)


@pytest.mark.parametrize("separator", [b"|", b"^", b"~", b"\\"])
def test_a_separator_inside_a_gbk_character_separates_nothing(separator: bytes) -> None:
    character = (b"\x81" + separator).decode("gbk")
    said = a.parse_adt(read(adt(name=f"王{character}", facility=f"{character}院", charset="GBK")))
    assert said.person.name == f"王{character}"


def test_without_a_declaration_utf_8_is_tried_then_gb_18030() -> None:
    text = adt(name="王小明", charset="").decode()
    assert a.parse_adt(read(text.encode("utf-8"))).person.name == "王小明"
    message = read(text.encode("gb18030"))
    assert (a.parse_adt(message).person.name, message.charset) == ("王小明", GB_18030)


@pytest.mark.parametrize(
    "raw",
    [adt(charset="KLINGON"), adt(charset="UNICODE UTF-8").decode().encode("gb18030"), adt(charset="ASCII")],
)
def test_a_character_set_that_is_unknown_or_not_true_is_refused(raw: bytes) -> None:
    with pytest.raises(WrongCharset):
        read(raw)


@pytest.mark.parametrize("raw", [b"", b"PID|1", b"MSH", b"MSH|", b"MSH||||", b"MSHabcde", b"MSH|^~|", b"MSH|||||||\r"])
def test_what_is_no_hl7_is_refused(raw: bytes) -> None:
    with pytest.raises(NotHl7):
        read(raw)


def test_lines_may_end_as_on_any_machine() -> None:
    for ending in (b"\n", b"\r\n", b"\r\r"):
        assert a.parse_adt(read(adt().replace(b"\r", ending))).place == a.Place("心内", "", "心内-01")


def test_escapes_are_undone_and_the_hl7_null_is_nothing() -> None:
    raw = adt(name=r"A\T\B\S\C\X41\\H\!\N\ ", bed='心内^""^心内-01', facility="x")
    said = a.parse_adt(read(raw))
    assert (said.person.name, said.place) == ("A&B^CA!", a.Place("心内", "", "心内-01"))


@given(name=WORDS, number=WORDS, ward=WORDS, bed=WORDS.filter(bool), charset=st.sampled_from([UTF_8, GB_18030]))
def test_what_is_built_is_read_back_whatever_stands_in_it(
    name: str, number: str, ward: str, bed: str, charset: str
) -> None:
    person = a.Person((a.Number(number, "C01", "PI"),) if number else (), name, "female", date(1971, 2, 3))
    if '""' in {name, number, ward, bed}:
        return
    said = a.Adt(a.Trigger.TRANSFER, NINE, person, a.Place(ward, "", bed), a.Place("", "", bed), "R-2611-0387-K")
    raw = a.build_adt(said, sender=("LUTONG", ""), receiver=("HIS", "C01"), control_id="9", charset=charset)
    assert a.parse_adt(read(raw)) == said


@given(st.binary(max_size=300), st.integers(0, 300))
def test_hostile_bytes_are_refused_and_nothing_else_happens(junk: bytes, at: int) -> None:
    raw = adt()
    broken = raw[:at] + junk + raw[at + len(junk) :]
    with suppress(Hl7Refusal):
        message = read(broken)
        a.header_of(message)
        a.parse_adt(message)
