"""RTP headers from known bytes and from any bytes, extensions both ways, and numbers that wrap."""

import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from video.rtc import rtp
from video.rtc.rtp import InvalidRtp, Sequence

# One-byte extensions 1 (mid "0") and 4 (abs-send-time), CSRC of one, 2 bytes of padding.
KNOWN = bytes.fromhex(
    "b1e0abcd0001e240deadbeef00000007" + "bede0002" + "1030" + "42010203" + "0000" + "aabbcc" + "0002"
)


def test_every_part_of_a_known_packet_is_where_it_lies() -> None:
    packet = rtp.parse(KNOWN, len(KNOWN))
    assert (packet.payload_type, packet.marker, packet.sequence_number) == (96, True, 0xABCD)
    assert (packet.timestamp, packet.ssrc) == (123456, 0xDEADBEEF)
    assert KNOWN[packet.start : packet.end] == bytes.fromhex("aabbcc")
    assert dict(rtp.extensions_of(KNOWN, packet)) == {1: b"0", 4: b"\1\2\3"}


def test_two_byte_extensions_are_read() -> None:
    data = bytes.fromhex("9060000100000000000000011000" + "0002" + "0102" + "6162" + "00" + "0500" + "00")
    packet = rtp.parse(data, len(data))
    assert dict(rtp.extensions_of(data, packet)) == {1: b"ab", 5: b""}


@pytest.mark.parametrize(
    "data",
    [
        "", "80600001", "406000010000000000000001", "906000010000000000000001", "81600001000000000000000100",
        "a0600001000000000000000105", "a0600001000000000000000100", "9060000100000000000000 01bede000400000000",
    ],
)  # fmt: skip
def test_a_length_that_leads_outside_is_refused(data: str) -> None:
    raw = bytes.fromhex(data)
    with pytest.raises(InvalidRtp):
        rtp.parse(raw, len(raw))


@given(st.binary(max_size=80))
def test_any_bytes_are_a_packet_or_refused(data: bytes) -> None:
    try:
        packet = rtp.parse(data, len(data))
    except InvalidRtp:
        return
    assert rtp.HEADER <= packet.start <= packet.end <= len(data)
    for _, value in rtp.extensions_of(data, packet):
        assert value in data


@given(st.dictionaries(st.integers(1, 14), st.binary(min_size=1, max_size=16), max_size=6))
def test_extensions_come_back_as_they_went(values: dict[int, bytes]) -> None:
    block = rtp.build_extensions([*values.items()])
    data = struct.pack(">BBHII", 0x90 if block else 0x80, 96, 1, 2, 3) + block + b"payload"
    packet = rtp.parse(data, len(data))
    assert dict(rtp.extensions_of(data, packet)) == values
    assert data[packet.start :] == b"payload"


def test_absolute_send_time_is_fixed_point_modulo_64_seconds() -> None:
    assert rtp.absolute_send_time(1.5) == bytes.fromhex("060000")
    assert rtp.absolute_send_time(65.5) == bytes.fromhex("060000")


@given(st.integers(0, 65535), st.lists(st.integers(-200, 200), max_size=300))
def test_a_sequence_is_followed_over_its_wraps(first: int, steps: list[int]) -> None:
    sequence = Sequence()
    true = sequence.extend(first)
    highest = true
    for step in steps:
        true = max(highest + step, 0x10000)
        assert sequence.extend(true & 0xFFFF) == true
        highest = max(highest, true)
        assert sequence.highest == highest
