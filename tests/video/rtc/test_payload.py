"""Payload descriptors by known bytes, and any bytes without harm."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from video.rtc import payload
from video.rtc.payload import Codec, Vp8


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        ("10" + "50", Vp8(keyframe=True)),
        ("10" + "51", Vp8(keyframe=False)),
        ("00" + "50", Vp8(keyframe=False)),
        ("11" + "50", Vp8(keyframe=False)),
        ("9080" + "11" + "50", Vp8(keyframe=True, picture_id_at=2, picture_id=0x11)),
        ("9080" + "9234" + "51", Vp8(keyframe=False, picture_id_at=2, picture_id=0x1234, wide=True)),
        (
            "90e0" + "9234" + "07" + "20" + "50",
            Vp8(keyframe=True, picture_id_at=2, picture_id=0x1234, wide=True, tl0picidx_at=4, tl0picidx=7),
        ),
    ],
)
def test_a_vp8_descriptor_is_read(data: str, expected: Vp8) -> None:
    assert payload.read_vp8(bytes.fromhex(data)) == expected


@pytest.mark.parametrize(
    ("data", "begins"),
    [
        ("6588", True), ("6742", True), ("4188", False), ("7c85", True), ("7c05", False), ("7c87", True),
        ("78" + "0002" + "6742" + "0001" + "68", True), ("78" + "0001" + "09" + "0002" + "6588", True),
        ("78" + "0001" + "41", False), ("7c81", False), ("", False),
    ],
)  # fmt: skip
def test_an_h264_keyframe_is_seen(data: str, *, begins: bool) -> None:
    assert payload.begins_keyframe(Codec.H264, bytes.fromhex(data)) is begins


def test_every_opus_packet_can_begin() -> None:
    assert payload.begins_keyframe(Codec.OPUS, b"")


RED = bytes.fromhex("ef" + "078003" + "6f" + "aabbcc" + "ddee")  # 3 bytes redundant, then the primary, both type 111


def test_red_is_renumbered_and_its_primary_found() -> None:
    assert payload.renumber_red(RED, {111: 100}) == bytes.fromhex("e4" + "078003" + "64" + "aabbcc" + "ddee")
    assert payload.renumber_red(RED, {}) is None
    assert payload.primary_of_red(RED) == bytes.fromhex("ddee")
    assert payload.primary_of_red(bytes.fromhex("6fddee")) == bytes.fromhex("ddee")


@pytest.mark.parametrize("data", ["", "ef", "ef0780", "ef078003", "ef0780036f", "6f"])
def test_red_that_leads_outside_has_no_primary(data: str) -> None:
    assert payload.primary_of_red(bytes.fromhex(data)) is None


@given(st.binary(max_size=40))
def test_any_bytes_are_read_without_harm(data: bytes) -> None:
    assert payload.read_vp8(data).picture_id_at < len(data) + 1
    for codec in Codec:
        payload.begins_keyframe(codec, data)
    payload.primary_of_red(data)
    payload.renumber_red(data, dict.fromkeys(range(128), 1))
