"""One incoming encoding: what is asked for again, what the reports say, and how fast it flows."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from video.rtc.forward.layer import HISTORY, KEYFRAME_EVERY, MAX_GAP, NACK_AGAIN, NACK_TRIES, Layer, Rate
from video.rtc.forward.packet import make
from video.rtc.payload import Codec
from video.rtc.rtcp import SenderReport


def arrive(layer: Layer, number: int, *, now: float = 0.0, timestamp: int = 0, size: int = 100) -> bool:
    index = layer.take_index(number & 0xFFFF, size=size, now=now)
    if index is None:
        return False
    packet = make(Codec.OPUS, bytes(size), index=index, timestamp=timestamp, marker=False, level=None, now=now)
    layer.keep(packet, now=now)
    return True


@pytest.fixture
def layer() -> Layer:
    return Layer(7, "", 90000)


def test_what_is_missing_is_asked_for_until_it_comes(layer: Layer) -> None:
    for number in (65534, 1):
        arrive(layer, number)
    assert layer.due_nacks(now=0.0) == (65535, 0)
    assert layer.due_nacks(now=NACK_AGAIN / 2) == ()
    arrive(layer, 0, now=0.05)
    assert layer.due_nacks(now=NACK_AGAIN) == (65535,)


def test_what_was_asked_for_often_enough_is_given_up(layer: Layer) -> None:
    for number in (1, 3):
        arrive(layer, number)
    asked = [layer.due_nacks(now=at * 1.01 * NACK_AGAIN) for at in range(NACK_TRIES + 3)]
    assert asked == [(2,)] * NACK_TRIES + [()] * 3


def test_a_hole_too_large_asks_for_a_key_frame_instead(layer: Layer) -> None:
    arrive(layer, 1)
    arrive(layer, 3 + MAX_GAP)
    assert layer.due_nacks(now=0.0) == ()
    assert layer.keyframe_due(now=0.0)


def test_key_frames_are_asked_for_once_per_throttle(layer: Layer) -> None:
    layer.wants_keyframe = True
    asked = [layer.keyframe_due(now=at / 100) for at in range(100)]
    assert sum(asked) == 3
    assert [at / 100 for at, each in enumerate(asked) if each] == [0.0, KEYFRAME_EVERY, 2 * KEYFRAME_EVERY]


def test_a_second_copy_and_what_is_too_old_are_not_taken(layer: Layer) -> None:
    assert arrive(layer, 5)
    assert not arrive(layer, 5)
    assert arrive(layer, 5 + HISTORY)
    assert not arrive(layer, 4)
    assert arrive(layer, 6)
    assert not arrive(layer, 6)


def test_a_report_says_what_was_lost_in_the_interval_and_in_all(layer: Layer) -> None:
    assert layer.block(now=0.0) is None
    for number in (10, 11, 13, 14):
        arrive(layer, number)
    first = layer.block(now=1.0)
    assert first is not None
    assert (first.fraction_lost, first.cumulative_lost, first.highest_sequence) == (256 // 5, 1, 14)
    for number in (15, 16):
        arrive(layer, number)
    second = layer.block(now=2.0)
    assert second is not None
    assert (second.fraction_lost, second.cumulative_lost) == (0, 1)
    assert (second.last_sr, second.delay_since_last_sr) == (0, 0)


def test_a_report_echoes_the_sender_s(layer: Layer) -> None:
    arrive(layer, 1)
    layer.on_report(SenderReport(7, 0x1122334455667788, 0, 0, 0), now=10.0)
    block = layer.block(now=11.5)
    assert block is not None
    assert (block.last_sr, block.delay_since_last_sr) == (0x33445566, 3 << 15)


def test_the_jitter_is_that_of_rfc_3550(layer: Layer) -> None:
    for step, late in enumerate((0.0, 0.0, 0.016)):
        arrive(layer, step, now=step * 0.1 + late, timestamp=step * 9000)
    block = layer.block(now=1.0)
    assert block is not None
    assert block.jitter == int(0.016 * 90000 / 16)


def test_a_bitrate_is_that_of_the_last_second() -> None:
    rate = Rate()
    assert rate.bitrate(now=0.0) == 0.0
    for step in range(300):
        rate.add(125, now=step / 100)
    assert rate.bitrate(now=3.0) == pytest.approx(100_000, rel=0.11)
    assert rate.bitrate(now=5.0) == 0.0


@given(st.integers(0, 65535), st.sets(st.integers(1, MAX_GAP - 1), max_size=60))
def test_exactly_what_did_not_come_is_asked_for(first: int, lost: set[int]) -> None:
    layer = Layer(7, "", 90000)
    for step in range(MAX_GAP + 1):
        if step not in lost:
            arrive(layer, first + step)
    assert set(layer.due_nacks(now=0.0)) == {first + step & 0xFFFF for step in lost}
