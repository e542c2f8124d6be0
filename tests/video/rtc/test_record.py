"""Recording: frames in order and whole, one clock for all, files that a kill or a thief does not get far with."""

import io
import random

import av
import pytest

from tests.video.rtc.participant import vp8
from video.rtc.forward import packet
from video.rtc.forward.layer import Layer
from video.rtc.forward.packet import Forwarded
from video.rtc.forward.publisher import Source
from video.rtc.negotiate import Incoming
from video.rtc.payload import Codec, vp8_frame_at
from video.rtc.record.capture import KEYFRAME_EVERY, Batch, Capture
from video.rtc.record.reader import TrackReader
from video.rtc.record.recorder import RecordedTrack
from video.rtc.record.sealed import HEADER, Damaged, ReadAt
from video.rtc.record.timeline import Timeline, Wall
from video.rtc.record.track import TrackWriter, size_of
from video.rtc.record.webm import Frame
from video.rtc.rtcp import NTP_EPOCH, SenderReport

KEY = bytes(range(32))
SALT = bytes(16)
# A VP8 key frame of one grey macroblock (RFC 6386 §9.1: start code, 16 by 16), made by hand and decodable.
KEYFRAME = bytes.fromhex("3001009d012a10001000000747 0885 8588 8584 8802 0200 00".replace(" ", ""))


def picture(index: int, at: float, *, key: bool = False, marker: bool = True, first: bool = True) -> Forwarded:
    data = vp8(index, key=key, first=first, body=KEYFRAME[1:] if key else b"delta")
    timestamp = int(at * 90_000) & 0xFFFFFFFF
    return packet.make(Codec.VP8, data, index=index, timestamp=timestamp, marker=marker, level=None, now=at)


def sound(index: int) -> Forwarded:
    data = b"\xfc" + bytes(40)
    return packet.make(Codec.OPUS, data, index=index, timestamp=960 * index, marker=False, level=None, now=0.0)


def batch(packets: list[Forwarded], at: float = 0.0, *, run: int = 1, rate: int = 90_000) -> Batch:
    return Batch(run, rate, None, 0.0, [(at, each) for each in packets])


def frames(writer: TrackWriter, *batches: Batch, now: float = 0.0, finish: bool = False) -> list[Frame]:
    """Return the frames that go on from the batches."""
    clusters = [*writer.feed(batches, now=now), *(writer.finish() if finish else ())]
    del clusters
    return writer._frames


def track(*batches: Batch, codec: Codec = Codec.VP8, finish: bool = True, key: bytes = KEY) -> bytes:
    """Return a file of what these batches hold."""
    recorded = RecordedTrack(key, SALT, Wall(), name="李兰", source="camera", codec=codec)
    data = b"".join(recorded.feed([each], now=each.packets[-1][0]) for each in batches)
    return data + (recorded.finish() if finish else b"")


def reading(data: bytes) -> ReadAt:
    return lambda at, size: data[at : at + size]


def minute(seconds: float = 10.0) -> list[Batch]:
    """Return batches of half a second: 30 pictures a second, a key frame every two seconds."""
    pictures = [picture(n, n / 30, key=n % 60 == 0) for n in range(int(30 * seconds))]
    return [
        Batch(1, 90_000, None, 0.0, [(each.index / 30, each) for each in pictures[at : at + 15]])
        for at in range(0, len(pictures), 15)
    ]


# -- frames -----------------------------------------------------------------------------------------------------


def test_packets_that_come_in_disorder_make_the_same_frames_as_in_order() -> None:
    whole = [picture(n, n / 30, key=n == 0) for n in range(40)]
    mixed = whole[:1] + random.Random(3).sample(whole[1:], 39)
    assert frames(TrackWriter("video", Wall()), batch(mixed)) == frames(TrackWriter("video", Wall()), batch(whole))


def test_a_picture_of_several_packets_is_one_frame_without_their_descriptors() -> None:
    parts = [
        picture(1, 0.0, key=True, marker=False),
        picture(2, 0.0, marker=False, first=False),
        picture(3, 0.0, first=False),
    ]
    (frame,) = frames(TrackWriter("video", Wall()), batch(parts))
    coded = [each.body[each.payload_at :] for each in parts]
    assert frame.coded == b"".join(each[vp8_frame_at(each) :] for each in coded)
    assert frame.key


def test_a_hole_waits_for_the_retransmission_and_is_filled_by_it() -> None:
    writer = TrackWriter("video", Wall())
    pictures = [picture(n, n / 30, key=n == 0) for n in range(5)]
    assert len(frames(writer, batch([*pictures[:2], *pictures[3:]], at=1.0), now=1.1)) == 2
    assert len(frames(writer, batch([pictures[2]], at=1.3), now=1.3)) == 5
    assert writer.lost == 0


def test_after_a_hole_that_nobody_fills_the_recording_goes_on_with_the_next_key_frame() -> None:
    writer = TrackWriter("video", Wall())
    pictures = [picture(n, n / 30, key=n in {0, 6}) for n in range(8)]
    del pictures[2]
    assert len(frames(writer, batch(pictures, at=1.0), now=1.2)) == 2
    assert not writer.wants_keyframe
    list(writer.feed([], now=2.0))
    clusters = list(writer.finish())
    assert len(clusters) == 1
    assert clusters[0].key
    assert writer.lost == 1


def test_lost_sound_leaves_a_gap_and_no_shift() -> None:
    writer = TrackWriter("audio", Wall())
    pieces = [sound(n) for n in range(10)]
    del pieces[4:6]
    came = frames(writer, batch(pieces, rate=48_000), now=1.0)
    assert [each.at for each in came] == [0, 20, 40, 60, 120, 140, 160, 180]
    assert writer.lost == 2


# -- layers and key frames --------------------------------------------------------------------------------------


def source(kind: str = "video") -> Source:
    codec = Codec.VP8 if kind == "video" else Codec.OPUS
    made = Source(Incoming("0", kind, {96: codec}, "", {}, {}, (), {}, ("l", "h"), "who", frozenset()))
    made.layers = [Layer(1, "l", 90_000), Layer(2, "h", 90_000)]
    return made


def test_of_simulcast_the_better_layer_is_taken_from_its_key_frame_on() -> None:
    given = source()
    low, high = given.layers
    capture = Capture(given, now=0.0)
    for layer, size in ((low, 1000), (high, 9000)):
        for _ in range(5):
            layer.rate.add(size, now=0.0)
        layer.arrived_at, layer.newest = 0.1, picture(1, 0.0)
    capture.take(high, picture(1, 0.0), 0.0)
    capture.take(low, picture(1, 0.0, key=True), 0.0)
    capture.take(high, picture(2, 0.1), 0.1)
    capture.take(low, picture(2, 0.1), 0.1)
    capture.take(high, picture(3, 0.2, key=True), 0.2)
    capture.take(low, picture(3, 0.2, key=True), 0.2)
    taken = capture.batches(now=0.3)
    assert [(each.run, [one.index for _, one in each.packets]) for each in taken] == [(1, [1, 2]), (2, [3])]
    assert capture.batches(now=0.4) == []


def test_a_key_frame_is_asked_for_at_the_start_and_every_ten_seconds() -> None:
    given = source()
    capture = Capture(given, now=0.0)
    assert all(layer.wants_keyframe for layer in given.layers)
    capture.take(given.layers[0], picture(1, 0.0, key=True), 0.0)
    for layer in given.layers:
        layer.wants_keyframe = False
    capture.batches(now=KEYFRAME_EVERY - 1)
    assert not given.layers[0].wants_keyframe
    capture.batches(now=KEYFRAME_EVERY)
    assert [layer.wants_keyframe for layer in given.layers] == [True, False]


# -- one clock --------------------------------------------------------------------------------------------------


def report(wall: float, timestamp: int) -> SenderReport:
    return SenderReport(1, int((wall + NTP_EPOCH) * (1 << 32)), timestamp, 0, 0)


def test_sender_reports_put_sound_and_picture_on_one_clock_whatever_their_zeros() -> None:
    wall = Wall()
    heard, seen = Timeline(wall, 48_000), Timeline(wall, 90_000)
    heard.on_report(report(1000.0, 7_000), 5.050)
    seen.on_report(report(1000.5, 4_000_000_000), 5.620)  # a longer way
    assert heard.time_of(7_000 + 48_000, 9.0) == pytest.approx(6.050, abs=1e-6)
    assert seen.time_of(4_000_000_000 + 45_000, 9.0) == pytest.approx(6.050, abs=1e-6)


def test_a_publisher_whose_clock_was_set_keeps_its_place() -> None:
    wall = Wall()
    timeline = Timeline(wall, 48_000)
    timeline.on_report(report(1000.0, 0), 5.0)
    timeline.on_report(report(400.0, 48_000), 6.0)
    assert timeline.time_of(48_000, 6.0) == pytest.approx(6.0, abs=1e-6)
    timeline.on_report(report(5000.0, 96_000), 7.0)
    assert timeline.time_of(96_000, 7.0) == pytest.approx(7.0, abs=1e-6)


def test_timestamps_go_on_over_their_wrap() -> None:
    timeline = Timeline(Wall(), 90_000)
    assert timeline.time_of(0xFFFFFFFF - 44_999, 10.0) == 10.0
    assert timeline.time_of(45_000, 99.0) == pytest.approx(11.0)


# -- files ------------------------------------------------------------------------------------------------------


def test_a_recorded_track_is_a_webm_that_a_player_reads_with_its_length_and_its_places_to_jump_to() -> None:
    data = track(*minute())
    reader = TrackReader(KEY, reading(data), len(data))
    text = b"".join(reader.read())
    assert len(text) == reader.size
    assert reader.about.name == "李兰"
    assert 9_900 <= reader.milliseconds <= 10_050
    with av.open(io.BytesIO(text), mode="r") as opened:
        stream = opened.streams.video[0]
        assert opened.format.name == "matroska,webm"
        assert (stream.codec_context.name, stream.width, stream.height) == ("vp8", 16, 16)
        assert opened.duration == pytest.approx(10_000_000, abs=60_000)
        packets = [each for each in opened.demux(stream) if each.size]
        assert len(packets) == 300
        assert [each.is_keyframe for each in packets[:61]] == [True, *[False] * 59, True]
        opened.seek(7_000_000)
        assert next(opened.demux(stream)).pts == 6000


def test_sound_is_decoded_for_as_long_as_it_lasted() -> None:
    pieces = [Batch(1, 48_000, None, 0.0, [(n / 50, sound(n)) for n in range(at, at + 25)]) for at in range(0, 500, 25)]
    data = track(*pieces, codec=Codec.OPUS)
    text = b"".join(TrackReader(KEY, reading(data), len(data)).read())
    with av.open(io.BytesIO(text), mode="r") as opened:
        samples = sum(frame.samples for frame in opened.decode(audio=0))
    assert samples == pytest.approx(480_000, abs=4_800)


def test_any_range_of_bytes_is_the_same_as_of_the_whole() -> None:
    data = track(*minute(5))
    reader = TrackReader(KEY, reading(data), len(data))
    text = b"".join(reader.read())
    dice = random.Random(5)
    for _ in range(200):
        begin = dice.randrange(len(text))
        end = dice.randrange(begin, len(text) + 10)
        assert b"".join(reader.read(begin, end)) == text[begin:end]


def test_a_file_cut_anywhere_plays_up_to_two_seconds_before_the_cut() -> None:
    whole = track(*minute(), finish=False)
    complete = TrackReader(KEY, reading(whole), len(whole)).milliseconds
    assert complete >= 10_000 - 2_000
    dice = random.Random(8)
    before = 0
    for size in sorted(dice.randrange(2000, len(whole)) for _ in range(60)):
        reader = TrackReader(KEY, reading(whole[:size]), size)
        assert before <= reader.milliseconds
        before = reader.milliseconds
        assert len(b"".join(reader.read())) == reader.size
    assert before > 5_000


def test_nothing_of_the_picture_or_the_person_can_be_read_without_the_key() -> None:
    data = track(*minute())
    assert b"delta" not in data
    assert KEYFRAME[3:8] not in data
    assert "李兰".encode() not in data
    with pytest.raises(Damaged):
        TrackReader(bytes(32), reading(data), len(data))


@pytest.mark.parametrize("at", [0, 9, HEADER + 2, HEADER + 5, HEADER + 12, HEADER + 40, 900])
def test_a_changed_byte_is_noticed(at: int) -> None:
    data = bytearray(track(*minute(3)))
    data[at] ^= 1
    with pytest.raises(Damaged):
        b"".join(TrackReader(KEY, reading(bytes(data)), len(data)).read())


def test_records_cannot_change_places() -> None:
    data = track(*minute(5))
    reader = TrackReader(KEY, reading(data), len(data))
    first, second = reader._records[1], reader._records[2]
    third = reader._records[3].at
    swapped = data[: first.at] + data[second.at : third] + data[first.at : second.at] + data[third:]
    with pytest.raises(Damaged):
        b"".join(TrackReader(KEY, reading(swapped), len(swapped)).read())


@pytest.mark.parametrize("data", [b"", b"LUTONGR1", b"RIFF" * 20, b"LUTONGR1" + bytes(16), b"LUTONGR1" + bytes(60)])
def test_what_is_no_track_is_refused(data: bytes) -> None:
    with pytest.raises(Damaged):
        TrackReader(KEY, reading(data), len(data))


def test_the_size_of_a_picture_stands_in_its_key_frame() -> None:
    assert size_of(KEYFRAME) == (16, 16)
    assert size_of(b"") == (1, 1)
    assert size_of(bytes(20)) == (1, 1)


@pytest.mark.parametrize(
    ("payload", "at"),
    [
        (b"\x10body", 1),
        (b"\x90\x80\x7fbody", 3),
        (b"\x90\x80\x81\x02body", 4),
        (b"\x90\xc0\x81\x02\x07body", 5),
        (b"\x90\xf0\x81\x02\x07\x20body", 6),
        (b"\x90\x20\x20body", 3),
        (b"\x90", 1),
        (b"", 1),
    ],
)
def test_the_coded_bytes_begin_behind_the_descriptor(payload: bytes, at: int) -> None:
    assert vp8_frame_at(payload) == at
    assert payload[at:] in {b"body", b""}
