"""A multipart body comes apart the same whatever the chunks, and hostile ones end within limits."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dicom.errors import MalformedMultipart
from dicom.multipart import (
    MAX_PARTS,
    MultipartReader,
    PartBegan,
    PartData,
    PartEnded,
    boundary_of,
    last_boundary,
    media_ranges,
    media_type,
    part_head,
    split,
)


def body(parts: list[bytes], boundary: str = "b-1") -> bytes:
    heads = [part_head(boundary, {"Content-Type": "application/dicom"}, first=i == 0) for i in range(len(parts))]
    return b"".join(h + p for h, p in zip(heads, parts, strict=True)) + last_boundary(boundary)


@given(
    parts=st.lists(st.binary(max_size=200) | st.sampled_from([b"\r\n--b-", b"--b-1", b"\r\n", b""]), max_size=5),
    size=st.integers(1, 60),
)
def test_any_parts_in_any_chunks_come_back_whole(parts: list[bytes], size: int) -> None:
    parts = [p for p in parts if b"\r\n--b-1" not in b"\r\n" + p] or [b"x"]
    raw = body(parts)
    reader, found = MultipartReader(b"b-1"), []
    for start in range(0, len(raw), size):
        for event in reader.feed(raw[start : start + size]):
            if isinstance(event, PartBegan):
                found.append(b"")
                assert event.headers == {"content-type": "application/dicom"}
            elif isinstance(event, PartData):
                found[-1] += event.data
    reader.close()
    assert found == parts


def test_parts_without_headers_and_preambles_are_taken() -> None:
    raw = b"preamble\r\n--b\r\n\r\nhello\r\n--b--\r\nepilogue"
    assert list(split(raw, b"b")) == [({}, b"hello")]


def test_a_body_without_its_last_boundary_is_refused() -> None:
    reader = MultipartReader(b"b")
    reader.feed(b"--b\r\nA: b\r\n\r\nhalf")
    with pytest.raises(MalformedMultipart):
        reader.close()


def feed_in_pieces(raw: bytes) -> None:
    reader = MultipartReader(b"b")
    for start in range(0, len(raw), 1000):
        reader.feed(raw[start : start + 1000])
    reader.close()


@pytest.mark.parametrize(
    "raw",
    [
        b"--b\r\nA: " + b"x" * 20_000 + b"\r\n\r\n",
        b"x" * 20_000,
        b"--b\r\n\r\n\r\n" * (MAX_PARTS + 2),
        b"--b\r\nno colon\r\n\r\n",
        b"--bogus\r\n",
    ],
)
def test_what_breaks_a_limit_or_the_format_is_refused(raw: bytes) -> None:
    with pytest.raises(MalformedMultipart):
        feed_in_pieces(raw)


def test_media_types_are_read_with_quotes() -> None:
    media = media_type('multipart/related; type="application/dicom"; Boundary="a b=c"')
    assert (media.name, media.parameter("type"), boundary_of(media)) == (
        "multipart/related",
        "application/dicom",
        b"a b=c",
    )


def test_accept_is_sorted_by_preference_and_zero_means_no() -> None:
    ranges = media_ranges('image/png;q=0.5, multipart/related; type="image/jpeg, x", a/b;q=0, image/jpeg;q=0.9')
    assert [r.name for r in ranges] == ["multipart/related", "image/jpeg", "image/png"]


def test_part_ended_follows_each_part() -> None:
    events = MultipartReader(b"b-1").feed(body([b"x", b""]))
    assert sum(isinstance(e, PartEnded) for e in events) == 2
