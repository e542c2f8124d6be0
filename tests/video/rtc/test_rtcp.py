"""RTCP both ways, by known bytes and by property; feedback about a whole transport."""

import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from video.rtc import rtcp
from video.rtc.rtcp import (
    FullIntraRequest,
    Goodbye,
    InvalidRtcp,
    Nack,
    PictureLoss,
    ReceiverReport,
    Remb,
    ReportBlock,
    Rtcp,
    SenderReport,
    SourceDescription,
)
from video.rtc.twcc import MAX_PACKETS, ArrivalLog, TransportFeedback

U8, U16, U24, U32 = (st.integers(0, (1 << bits) - 1) for bits in (8, 16, 24, 32))
BLOCKS = st.lists(
    st.builds(ReportBlock, U32, U8, st.integers(-0x800000, 0x7FFFFF), U32, U32, U32, U32), max_size=4
).map(tuple)
ARRIVALS = st.lists(st.none() | st.integers(0, 30000), min_size=1, max_size=60).map(tuple)
PACKETS = st.one_of(
    st.builds(SenderReport, U32, st.integers(0, (1 << 64) - 1), U32, U32, U32, BLOCKS),
    st.builds(ReceiverReport, U32, BLOCKS),
    st.builds(SourceDescription, U32, st.text(max_size=20)),
    st.builds(Goodbye, st.lists(U32, max_size=5).map(tuple)),
    st.builds(Nack, U32, U32, st.sets(st.integers(0, 60000), min_size=1, max_size=40).map(lambda n: tuple(sorted(n)))),
    st.builds(PictureLoss, U32, U32),
    st.builds(FullIntraRequest, U32, st.lists(st.tuples(U32, U8), max_size=3).map(tuple)),
    st.builds(Remb, U32, st.integers(0, (1 << 18) - 1).map(lambda n: n << 6), st.lists(U32, max_size=3).map(tuple)),
    st.builds(TransportFeedback, U32, U32, U16, st.integers(-0x800000, 0x7FFFFF), U8, ARRIVALS),
)


@pytest.mark.parametrize(
    ("data", "packet"),
    [
        ("81ce000200000001cafebabe", PictureLoss(1, 0xCAFEBABE)),
        ("81cd000300000001cafebabe" + "fffe8001", Nack(1, 0xCAFEBABE, (0xFFFE, 0xFFFF, 14))),
        ("84ce000400000001" + "00000000" + "cafebabe07000000", FullIntraRequest(1, ((0xCAFEBABE, 7),))),
        ("8fce000500000001" + "00000000" + "52454d42" + "0106ddd0" + "cafebabe", Remb(1, 0x2DDD0 << 1, (0xCAFEBABE,))),
        ("81ca0003cafebabe" + "010361626300" + "0000", SourceDescription(0xCAFEBABE, "abc")),
        ("81cb0001cafebabe", Goodbye((0xCAFEBABE,))),
        (
            "81c9000700000001" + "cafebabe" + "40ffffff" + "00012345" + "00000010" + "aabbccdd" + "00008000",
            ReceiverReport(1, (ReportBlock(0xCAFEBABE, 64, -1, 0x12345, 16, 0xAABBCCDD, 0x8000),)),
        ),
        (
            "80c80006cafebabe" + "e1b2c3d480000000" + "00015f90" + "0000000a" + "000003e8",
            SenderReport(0xCAFEBABE, 0xE1B2C3D480000000, 90000, 10, 1000),
        ),
    ],
)
def test_known_bytes_are_read_and_written(data: str, packet: Rtcp) -> None:
    assert rtcp.parse(bytes.fromhex(data)) == [packet]
    assert rtcp.parse(rtcp.build([packet])) == [packet]


def test_the_example_of_the_transport_wide_draft_is_read() -> None:
    """A run of two small deltas, then a vector of one-bit symbols."""
    data = bytes.fromhex("8fcd000700000001cafebabe" + "0001000500000302" + "2002" + "b000" + "040506" + "10" + "00" * 4)
    read = rtcp.parse(data)
    assert read == [TransportFeedback(1, 0xCAFEBABE, 1, 3, 2, (4, 9, 15, 31, None))]


@given(st.lists(PACKETS, max_size=5))
def test_a_compound_packet_comes_back_as_it_went(packets: list[Rtcp]) -> None:
    data = rtcp.build(packets)
    assert len(data) % 4 == 0
    assert rtcp.parse(data) == packets


@given(st.binary(max_size=100))
def test_any_bytes_are_packets_or_refused(data: bytes) -> None:
    try:
        rtcp.parse(data)
    except InvalidRtcp:
        return


@given(st.sampled_from([200, 201, 202, 203, 205, 206]), st.integers(0, 31), st.binary(max_size=80))
def test_any_body_under_a_true_header_is_read_or_refused(kind: int, count: int, body: bytes) -> None:
    body = body[: len(body) & ~3]
    try:
        rtcp.parse(struct.pack(">BBH", 0x80 | count, kind, len(body) // 4) + body)
    except InvalidRtcp:
        return


def test_the_feedback_says_what_arrived_when_and_what_is_missing() -> None:
    log = ArrivalLog()
    assert log.feedback(1, 2) is None
    for number, at in ((65535, 10.000), (0, 10.005), (3, 10.030), (2, 10.031)):
        log.arrived(number, now=at)
    made = log.feedback(1, 2)
    assert made is not None
    base = made.reference * 256
    assert made.base == 65535
    assert [None if each is None else (base + each) / 4000 for each in made.arrivals] == [
        pytest.approx(10.0), pytest.approx(10.005), None, pytest.approx(10.031), pytest.approx(10.030),
    ]  # fmt: skip
    log.arrived(1, now=10.05)  # too late: it was reported as missing
    assert log.feedback(1, 2) is None
    log.arrived(5, now=10.1)
    following = log.feedback(1, 2)
    assert following is not None
    assert (following.base, following.number, len(following.arrivals)) == (4, 1, 2)


def test_a_hole_beyond_every_bound_begins_anew() -> None:
    log = ArrivalLog()
    log.arrived(1, now=1.0)
    log.arrived(1 + 2 * MAX_PACKETS, now=1.1)
    made = log.feedback(1, 2)
    assert made is not None
    assert (made.base, len(made.arrivals)) == (1 + 2 * MAX_PACKETS, 1)
