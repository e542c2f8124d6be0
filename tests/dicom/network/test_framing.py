"""Cutting a stream: the same pieces however it is split, and nothing kept beyond the bounds."""

import struct
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dicom.network.framing import Fragment, Pdu, PduReader
from dicom.network.pdu import InvalidPdu, PduType, encode_data_header

LIMIT = 4096


def reader() -> PduReader:
    made = PduReader(max_control=65536, max_data=LIMIT)
    made.takes_data = True
    return made


def pieces(parts: list[bytes], cutter: PduReader) -> list[tuple[object, ...]]:
    """Return control PDUs and whole fragments, pieces of one fragment joined."""
    found: list[tuple[object, ...]] = []
    data = b""
    for part in parts:
        cutter.feed(memoryview(part))
        while (piece := cutter.take()) is not None:
            if isinstance(piece, Pdu):
                found.append((piece.type, piece.body))
                continue
            data += piece.data
            if piece.last:
                found.append((piece.context_id, piece.command, data))
                data = b""
    return found


def pdata(*values: tuple[int, int, bytes]) -> bytes:
    body = b"".join(struct.pack(">IBB", len(data) + 2, context, control) + data for context, control, data in values)
    return struct.pack(">BBI", 4, 0, len(body)) + body


STREAM = pdata((1, 3, b"command"), (1, 0, b"some "), (1, 2, b"data")) + bytes.fromhex("050000000004") + bytes(4)


@settings(deadline=None)
@given(st.lists(st.integers(0, len(STREAM)), max_size=12))
def test_the_pieces_are_the_same_however_the_stream_is_cut(cuts: list[int]) -> None:
    edges = [0, *sorted(cuts), len(STREAM)]
    parts = [STREAM[a:b] for a, b in pairwise(edges)]
    cutter = reader()
    assert pieces(parts, cutter) == [(1, True, b"command"), (1, False, b"some data"), (PduType.RELEASE_RQ, bytes(4))]
    assert not cutter.partial
    assert cutter.started == 2


def test_a_fragment_is_a_slice_of_the_buffer_that_was_read_into() -> None:
    buffer = bytearray(pdata((1, 2, b"pixels")))
    cutter = reader()
    cutter.feed(memoryview(buffer))
    fragment = cutter.take()
    assert isinstance(fragment, Fragment)
    assert fragment.data.obj is buffer


@pytest.mark.parametrize(
    ("stream", "reason"),
    [
        (struct.pack(">BBI", 1, 0, 0xFFFFFFFF), 6),
        (struct.pack(">BBI", 1, 0, 65537), 6),
        (struct.pack(">BBI", 1, 0, 0), 6),
        (struct.pack(">BBI", 4, 0, LIMIT + 1000), 6),
        (struct.pack(">BBI", 4, 0, 0), 6),
        (struct.pack(">BBI", 5, 0, 5), 6),
        (struct.pack(">BBI", 9, 0, 4), 1),
        (b"GET / HTTP/1.1\r\n", 1),
        (struct.pack(">BBIIBB", 4, 0, 10, 100, 1, 2), 6),
        (struct.pack(">BBIIBB", 4, 0, 10, 1, 1, 2), 6),
        (pdata((1, 2, b"x"))[:6].replace(b"\7", b"\x0a") + struct.pack(">IBB", 3, 1, 2) + b"x" + b"\0\0\0", 6),
        (pdata((1, 0, b"")) * 1001, 6),
    ],
)
def test_what_is_no_pdu_is_refused_before_anything_is_kept(stream: bytes, reason: int) -> None:
    cutter = reader()
    with pytest.raises(InvalidPdu) as refusal:
        pieces([stream], cutter)
    assert refusal.value.reason == reason
    assert cutter.broken
    assert pieces([STREAM], cutter) == []


def test_data_out_of_place_is_named_at_its_header_and_its_body_passed_over() -> None:
    cutter = reader()
    cutter.takes_data = False
    assert pieces([STREAM], cutter) == [(PduType.P_DATA, b""), (PduType.RELEASE_RQ, bytes(4))]


def test_our_own_headers_are_read_back() -> None:
    assert pieces([encode_data_header(5, 3, command=False, last=True), b"abc"], reader()) == [(5, False, b"abc")]
