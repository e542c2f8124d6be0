"""One port: each datagram to its protocol, and a TCP stream cut into the same datagrams however it is split."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from video.rtc.framing import FrameReader, FrameTooLong, Protocol, frame, protocol_of


@pytest.mark.parametrize(
    ("first", "second", "protocol"),
    [
        (0x00, 0x01, Protocol.STUN),
        (0x01, 0x01, Protocol.STUN),
        (22, 254, Protocol.DTLS),
        (63, 0, Protocol.DTLS),
        (0x80, 0x60, Protocol.RTP),
        (0x90, 0xE0, Protocol.RTP),
        (0x80, 200, Protocol.RTCP),
        (0x81, 206, Protocol.RTCP),
        (4, 0, None),
        (64, 0, None),
        (192, 200, None),
    ],
)
def test_the_first_bytes_tell_the_protocol(first: int, second: int, protocol: Protocol | None) -> None:
    assert protocol_of(first, second) is protocol


@given(st.lists(st.binary(max_size=300), max_size=8), st.lists(st.integers(0, 3000), max_size=12))
def test_the_same_datagrams_however_the_stream_is_split(datagrams: list[bytes], cuts: list[int]) -> None:
    stream = b"".join(frame(each) for each in datagrams)
    reader = FrameReader()
    edges = [0, *sorted(min(cut, len(stream)) for cut in cuts), len(stream)]
    found = [each for begin, end in itertools.pairwise(edges) for each in reader.feed(stream[begin:end])]
    assert found == datagrams


def test_a_frame_longer_than_any_datagram_ends_the_stream() -> None:
    reader = FrameReader(max_frame=1500)
    assert list(reader.feed(frame(bytes(1500)))) == [bytes(1500)]
    with pytest.raises(FrameTooLong):
        list(reader.feed(b"\x05\xdd"))
