"""A rewritten stream: for its receiver one unbroken stream, whatever happens to the layers behind it."""

import itertools

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.video.rtc.participant import Participant, vp8
from video.rtc import rtp
from video.rtc.forward.layer import Layer
from video.rtc.forward.packet import Forwarded, make, make_audio
from video.rtc.forward.stream import Stream
from video.rtc.payload import Codec, read_vp8
from video.rtc.rtcp import SenderReport

SSRCS = itertools.count(1000, 10)


class Camera:
    """A layer that is fed packet by packet."""

    def __init__(self, *, number: int, timestamp: int, picture: int) -> None:
        self.layer = Layer(number, "", 90000)
        self.number, self.timestamp, self.picture = number, timestamp, picture

    def shoot(self, *, key: bool = False, now: float = 0.0, deliver: bool = True) -> Forwarded:
        """Give a frame of one packet to the layer's receivers."""
        self.number, self.timestamp, self.picture = self.number + 1, self.timestamp + 3000, self.picture + 1
        index = self.layer.take_index(self.number & 0xFFFF, size=10, now=now)
        assert index is not None
        made = make(
            Codec.VP8,
            vp8(self.picture, key=key, tl0=self.picture),
            index=index,
            timestamp=self.timestamp & 0xFFFFFFFF,
            marker=True,
            level=None,
            now=now,
        )
        self.layer.keep(made, now=now)
        if made.keyframe:
            for output in tuple(self.layer.waiting):
                output.start(self.layer, made, now=now)
        if deliver:
            for output in tuple(self.layer.outputs):
                output.send(made)
        return made


@pytest.fixture(scope="module")
def receiver() -> Participant:
    made = Participant()
    made.handshake()
    return made


def stream_to(receiver: Participant, **changes: int) -> Stream:
    """Return a stream under SSRCs of its own: the receiver lives through all tests, with its replay protection."""
    receiver.take_rtp()
    ssrc = next(SSRCS)
    numbers = {"ssrc": ssrc, "payload_type": 96, "repair_ssrc": ssrc + 1, "repair_payload_type": 97, **changes}
    return Stream(receiver.transport, receiver.outgoing, **numbers)


def read(packet: bytes) -> tuple[int, int, int, int]:
    """Return number, timestamp, picture id and TL0PICIDX."""
    parsed = rtp.parse(packet, len(packet))
    described = read_vp8(packet[parsed.start :])
    return parsed.sequence_number, parsed.timestamp, described.picture_id, described.tl0picidx


def low_and_high() -> tuple[Camera, Camera]:
    return Camera(number=100, timestamp=5000, picture=20), Camera(number=65530, timestamp=0xFFFFF000, picture=0x7FFC)


def test_nothing_is_sent_before_a_key_frame(receiver: Participant) -> None:
    low, _ = low_and_high()
    stream = stream_to(receiver)
    stream.aim(low.layer)
    low.shoot()
    assert low.layer.keyframe_due(now=0.0)
    assert receiver.take_rtp() == []
    low.shoot(key=True)
    low.shoot()
    assert [read(each)[0] for each in receiver.take_rtp()] == [1, 2]


def test_a_switch_waits_for_a_key_frame_and_numbers_go_on(receiver: Participant) -> None:
    low, high = low_and_high()
    stream = stream_to(receiver)
    stream.aim(low.layer)
    low.shoot(key=True, now=1.0)
    stream.aim(high.layer)
    low.shoot(now=1.033)
    high.shoot(now=1.034)
    high.shoot(key=True, now=1.067)
    low.shoot(now=1.068)
    high.shoot(now=1.100)
    numbers, timestamps, pictures, tl0 = zip(*map(read, receiver.take_rtp()), strict=True)
    assert numbers == (1, 2, 3, 4)
    assert pictures == (0, 1, 2, 3)
    assert tl0 == (0, 1, 2, 3)
    assert timestamps[2] - timestamps[1] == pytest.approx(0.034 * 90000, abs=1)
    assert timestamps[3] - timestamps[2] == 3000


def test_sender_reports_keep_time_over_a_switch(receiver: Participant) -> None:
    """Two layers with different zeros of their timestamps: the same instant keeps the same outgoing time."""
    low, high = low_and_high()
    second = 1 << 32
    low.layer.on_report(SenderReport(1, 100 * second, low.timestamp, 0, 0), now=1.0)
    high.layer.on_report(SenderReport(2, 101 * second, high.timestamp + 90000, 0, 0), now=2.0)
    stream = stream_to(receiver)
    stream.aim(low.layer)
    low.shoot(key=True, now=1.0)
    stream.aim(high.layer)
    high.timestamp += 3000  # one frame later than low's first, by the camera's clock
    high.shoot(key=True, now=1.5)  # and late on the way
    first, switched = (read(each)[1] for each in receiver.take_rtp())
    assert switched - first == 3000
    report = stream.sender_report(now=2.0)
    assert report is not None
    assert report.ntp == 101 * second
    assert (report.timestamp - first) & 0xFFFFFFFF == 90000 - 3000


def test_a_pause_leaves_no_hole(receiver: Participant) -> None:
    low, _ = low_and_high()
    stream = stream_to(receiver)
    stream.aim(low.layer)
    low.shoot(key=True, now=1.0)
    stream.pause()
    for step in range(50):
        low.shoot(now=1.1 + step / 30)
    stream.aim(low.layer)
    low.shoot(key=True, now=5.0)
    (first, before, *_), (second, after, *_) = map(read, receiver.take_rtp())
    assert (first, second) == (1, 2)
    assert after - before == 4 * 90000


def test_what_arrives_late_keeps_its_place_and_what_is_older_than_the_switch_is_not_sent(receiver: Participant) -> None:
    low, _ = low_and_high()
    stream = stream_to(receiver)
    before = low.shoot()
    stream.aim(low.layer)
    low.shoot(key=True)
    late = low.shoot(deliver=False)
    low.shoot()
    stream.send(late)
    stream.send(before)
    assert [read(each)[0] for each in receiver.take_rtp()] == [1, 3, 2]


def test_a_retransmission_carries_what_was_sent_also_over_a_switch(receiver: Participant) -> None:
    low, high = low_and_high()
    stream = stream_to(receiver)
    stream.aim(low.layer)
    low.shoot(key=True, now=1.0)
    low.shoot(now=1.1)
    stream.aim(high.layer)
    high.shoot(key=True, now=1.2)
    sent = receiver.take_rtp()
    for number in (2, 3):
        assert stream.size_of(number, now=2.0, again_after=0.1)
        stream.repair(number, now=2.0)
    for again, original in zip(receiver.take_rtp(), sent[1:], strict=True):
        repair, first = rtp.parse(again, len(again)), rtp.parse(original, len(original))
        assert (repair.ssrc, repair.payload_type, repair.timestamp) == (stream.repair_ssrc, 97, first.timestamp)
        assert again[repair.start : repair.start + 2] == first.sequence_number.to_bytes(2)
        assert again[repair.start + 2 :] == original[first.start :]
        assert dict(rtp.extensions_of(again, repair))[2] == rtp.absolute_send_time(2.0)


def test_nothing_is_sent_again_twice_in_a_round_trip_or_while_paused_or_unknown(receiver: Participant) -> None:
    low, _ = low_and_high()
    stream = stream_to(receiver)
    stream.aim(low.layer)
    low.shoot(key=True)
    assert stream.size_of(1, now=1.0, again_after=0.1)
    stream.repair(1, now=1.0)
    assert not stream.size_of(1, now=1.05, again_after=0.1)
    assert stream.size_of(1, now=1.15, again_after=0.1)
    assert not stream.size_of(2, now=2.0, again_after=0.1)
    assert not stream.size_of(60000, now=2.0, again_after=0.1)
    stream.pause()
    assert not stream.size_of(1, now=3.0, again_after=0.1)


def test_without_rtx_the_packet_itself_is_sent_again(receiver: Participant) -> None:
    low, _ = low_and_high()
    stream = stream_to(receiver, repair_ssrc=0, repair_payload_type=0)
    stream.aim(low.layer)
    low.shoot(key=True, now=1.0)
    (sent,) = receiver.take_rtp()
    stream.repair(1, now=1.0)
    # the receiver's replay protection has seen this number: it is the server's datagram that is compared
    assert receiver.sent[-1][0] == receiver.sent[-2][0]
    assert stream.pad(now=1.0) == 0
    assert read(sent)[0] == 1


def test_padding_is_padding_alone_on_the_repair_stream(receiver: Participant) -> None:
    stream = stream_to(receiver)
    assert stream.pad(now=1.0) > 255
    (packet,) = receiver.take_rtp()
    parsed = rtp.parse(packet, len(packet))
    assert (parsed.ssrc, parsed.payload_type, parsed.end - parsed.start) == (stream.repair_ssrc, 97, 0)
    assert len(packet) - parsed.end == 255


@pytest.mark.parametrize(("red", "payload_type", "payload"), [(63, 63, b"\x6fsound"), (0, 111, b"sound")])
def test_red_goes_to_whom_took_it_and_its_primary_to_the_others(
    receiver: Participant, red: int, payload_type: int, payload: bytes
) -> None:
    layer = Layer(1, "", 48000)
    stream = stream_to(receiver, payload_type=111, red_payload_type=red)
    index = layer.take_index(1, size=1, now=0.0)
    assert index is not None
    made = make_audio(
        Codec.RED, b"\x60sound", {0x60: 111}, index=index, timestamp=0, marker=False, level=b"\x85", now=0.0
    )
    assert made is not None
    layer.keep(made, now=0.0)
    stream.begin(layer, made, now=0.0)
    stream.send(made)
    (packet,) = receiver.take_rtp()
    parsed = rtp.parse(packet, len(packet))
    assert (parsed.payload_type, packet[parsed.start :]) == (payload_type, payload)
    assert dict(rtp.extensions_of(packet, parsed))[3] == b"\x85"


def test_red_with_a_block_of_unknown_type_is_not_forwarded() -> None:
    assert make_audio(Codec.RED, b"\x60x", {}, index=1, timestamp=0, marker=False, level=None, now=0.0) is None


MOVES = st.lists(st.sampled_from(["low", "high", "low key", "high key", "aim low", "aim high", "pause"]), max_size=60)


@settings(deadline=None)
@given(MOVES)
def test_a_receiver_sees_one_unbroken_stream_whatever_happens(receiver: Participant, moves: list[str]) -> None:
    cameras = dict(zip(("low", "high"), low_and_high(), strict=True))
    stream = stream_to(receiver)
    for step, move in enumerate(moves):
        first, _, second = move.partition(" ")
        if first == "aim":
            stream.aim(cameras[second].layer)
        elif first == "pause":
            stream.pause()
        else:
            cameras[first].shoot(key=second == "key", now=step / 30)
    seen = [read(each) for each in receiver.take_rtp()]
    assert [number for number, *_ in seen] == list(range(1, len(seen) + 1))
    assert [picture for _, _, picture, _ in seen] == list(range(len(seen)))
    for (_, before, *_), (_, after, *_) in itertools.pairwise(seen):
        assert 0 < (after - before) & 0xFFFFFFFF < 90000 * 60
    for camera in cameras.values():
        assert len(camera.layer.outputs) + len(camera.layer.waiting) <= 2
