"""Messages come out of a stream whole however it is cut; answers say what became of them."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.hl7.acknowledgement import acknowledge, verdict
from server.hl7.charset import GB_18030
from server.hl7.errors import BadValue, UnsupportedEvent
from server.hl7.message import read
from server.hl7.mllp import Framer, FrameTooLong, frame
from tests.builders.hl7_messages import adt

NOW = datetime(2026, 11, 26, 1, tzinfo=UTC)
MESSAGES = [adt(control_id="1"), b"", adt("A03", control_id="2", charset=GB_18030)]


@given(st.lists(st.integers(1, 60), max_size=40))
def test_messages_come_whole_however_the_stream_is_cut(cuts: list[int]) -> None:
    stream, framer, found = b"\r\nnoise" + b"".join(map(frame, MESSAGES)) + b"\x1c", Framer(), []
    for length in (*cuts, len(stream)):
        found += framer.receive(stream[:length])
        stream = stream[length:]
    assert found == MESSAGES


def test_a_message_without_an_end_is_not_collected_for_ever() -> None:
    framer = Framer(limit=1000)
    framer.receive(b"\x0b" + b"x" * 900)
    with pytest.raises(FrameTooLong):
        framer.receive(b"x" * 200)


def test_noise_between_messages_is_not_kept() -> None:
    framer = Framer(limit=10)
    for _ in range(100):
        assert framer.receive(b"noise noise noise"[:9]) == []
    assert framer.receive(frame(b"MSH")) == [b"MSH"]


def test_a_message_taken_is_answered_aa_to_its_sender_under_its_number() -> None:
    answer = acknowledge(read(adt(control_id="77")), control_id="a1", now=NOW)
    lines = answer.decode().split("\r")
    assert lines[0] == "MSH|^~\\&|LUTONG||HIS|C01|20261126090000+0800||ACK^A01^ACK|a1|P|2.5.1||||||UNICODE UTF-8"
    assert lines[1:] == ["MSA|AA|77", ""]


def test_a_refusal_says_where_what_and_why_in_the_senders_characters() -> None:
    message = read(adt("A02", control_id="78", charset="GBK"))
    answer = acknowledge(message, UnsupportedEvent("不收", "MSH^1^9"), control_id="a2", now=NOW)
    lines = answer.decode("gb18030").split("\r")
    assert lines[1] == "MSA|AR|78|不收"
    assert lines[2] == "ERR||MSH^1^9|201^Unsupported event code^HL70357|E|EVENT^^LUTONG||不收"


def test_what_cannot_be_read_is_refused_all_the_same() -> None:
    assert b"MSA|AR||" in acknowledge(None, UnsupportedEvent("?"), control_id="a3", now=NOW)


def test_the_answer_to_a_message_of_ours_is_understood() -> None:
    ours = read(adt(control_id="9"))
    taken = acknowledge(ours, control_id="b", now=NOW)
    refused = acknowledge(ours, BadValue("没有这张床"), control_id="b", now=NOW)
    assert verdict(taken, "9") == ("AA", "")
    assert verdict(refused, "9") == ("AE", "没有这张床")
    assert verdict(taken, "10")[0] == "?"
    assert verdict(b"HTTP/1.1 400", "9")[0] == "?"
