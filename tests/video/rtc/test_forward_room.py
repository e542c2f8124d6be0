"""A publisher and its subscribers over transports in memory, minute by minute and without a clock."""

import random

from tests.video.rtc.participant import Participant, rtp_packet, vp8
from video.rtc import rtp
from video.rtc.forward.publisher import REPORT_EVERY, Publisher
from video.rtc.forward.subscriber import Cause, LayerChanged, Limit, Subscriber, VideoPaused, VideoResumed
from video.rtc.negotiate import Incoming, Offered, Outgoing, Taken
from video.rtc.payload import Codec
from video.rtc.rtcp import (
    FullIntraRequest,
    Nack,
    PictureLoss,
    ReceiverReport,
    Remb,
    ReportBlock,
    Rtcp,
    SenderReport,
    SourceDescription,
)
from video.rtc.rtp import Extension
from video.rtc.twcc import TransportFeedback

TICK = 0.02
AUDIO = Incoming("0", "audio", {111: Codec.OPUS}, "", {}, {1: Extension.MID}, (500,), {}, (), "who", frozenset())
FEEDBACK = frozenset({"nack", "nack pli", "goog-remb", "transport-cc"})
EXTENSIONS = {
    1: Extension.MID,
    2: Extension.RID,
    3: Extension.REPAIRED_RID,
    5: Extension.TRANSPORT_CC,
}
SIMULCAST = Incoming("1", "video", {96: Codec.VP8}, "", {97: 96}, EXTENSIONS, (), {}, ("l", "m", "h"), "who", FEEDBACK)
SINGLE = Incoming("1", "video", {96: Codec.VP8}, "", {97: 96}, EXTENSIONS, (600,), {601: 600}, (), "who", FEEDBACK)
KBPS = {"l": 125, "m": 350, "h": 1000}
SSRC = {"l": 700, "m": 701, "h": 702}
AUDIO_TAKEN = Taken(Offered(Outgoing("0", "audio", Codec.OPUS, 10, 0, "who", "s"), 111), rtx=False, red=False)
VIDEO_TAKEN = Taken(Offered(Outgoing("1", "video", Codec.VP8, 20, 21, "who", "s"), 96, 97), rtx=True, red=False)


class Room:
    """One publisher with three layers at 30 frames/s and sound at 50 packets/s, one subscriber."""

    def __init__(self, video: Incoming = SIMULCAST, *, limit: Limit = Limit.ALL) -> None:
        self.now = 0.0
        self.sender, self.receiver = Participant(), Participant()
        self.publisher = Publisher(self.sender.transport, [AUDIO, video])
        self.subscriber = Subscriber(self.receiver.transport, self.receiver.outgoing)
        self.subscriber.subscribe(AUDIO_TAKEN, self.publisher.sources["0"])
        self.subscriber.subscribe(VIDEO_TAKEN, self.publisher.sources["1"], limit=limit)
        self.sender.handshake()
        self.receiver.handshake()
        self.layers = ["l", "m", "h"] if video.rids else [""]
        self.numbers = dict.fromkeys(["audio", *self.layers], 0)
        self.keyframe = dict.fromkeys(self.layers, True)
        self.lost: set[int] = set()  # of the single layer's numbers, that do not arrive
        self.told: list[Rtcp] = []  # what the publisher was told
        self.pictures = 0
        self.shot = self.spoken = 0

    def play(self, seconds: float) -> list[bytes]:
        """Let time pass; return what the receiver got."""
        end = self.now + seconds
        while self.now < end - 1e-9:
            self.now = round(self.now + TICK, 6)
            self._speak()
            if self.shot * TICK * 5 / 3 < self.now:
                self.shot += 1
                for rid in self.layers:
                    self._shoot(rid)
            self.publisher.tick(now=self.now)
            self.subscriber.tick(now=self.now)
            self._listen()
        return self.receiver.take_rtp()

    def _listen(self) -> None:
        """Take what the publisher is told, and shoot a key frame where one is asked for."""
        told = self.sender.take_rtcp()
        self.told += told
        for packet in told:
            if isinstance(packet, PictureLoss):
                for rid in self.layers:
                    self.keyframe[rid] |= packet.media == SSRC.get(rid, 600)

    def _speak(self) -> None:
        number = self.numbers["audio"] = self.numbers["audio"] + 1
        self.sender.give_rtp(rtp_packet(111, number, 960 * number, 500, bytes(80)), now=self.now)

    def _shoot(self, rid: str) -> None:
        key, self.keyframe[rid] = self.keyframe[rid], False
        size = KBPS.get(rid, 1000) * 1000 // 8 // 30
        self.pictures += 1
        parts = max(1, size // 1000)
        for part in range(parts):
            number = self.numbers[rid] = self.numbers[rid] + 1
            values = [(1, b"1"), (2, rid.encode())] if rid else [(5, (number & 0xFFFF).to_bytes(2))]
            data = vp8(self.pictures, key=key, first=part == 0, body=bytes(size // parts))
            packet = rtp_packet(
                96,
                number,
                3000 * self.shot,
                SSRC.get(rid, 600),
                data,
                marker=part == parts - 1,
                extensions=rtp.build_extensions(values),
            )
            if rid or number not in self.lost:
                self.sender.give_rtp(packet, now=self.now)

    def say(self, bitrate: int) -> None:
        """Let the receiver say what its line takes."""
        self.receiver.give_rtcp([Remb(1, bitrate, (10, 20))], now=self.now)


def kinds(packets: list[bytes]) -> dict[int, int]:
    """Return how many packets came of each SSRC."""
    counted: dict[int, int] = {}
    for packet in packets:
        ssrc = rtp.parse(packet, len(packet)).ssrc
        counted[ssrc] = counted.get(ssrc, 0) + 1
    return counted


def video_bitrate(packets: list[bytes], seconds: float) -> float:
    return sum(8 * len(each) for each in packets if rtp.parse(each, len(each)).ssrc == 20) / seconds


def test_the_lowest_layer_is_there_at_once_and_the_best_one_when_the_line_takes_it() -> None:
    room = Room()
    assert 20 in kinds(room.play(0.5))
    assert room.subscriber.take_events() == [VideoResumed("1")]
    assert video_bitrate(room.play(1.0), 1.0) < 200_000
    room.say(3_000_000)
    room.play(2.0)
    assert room.subscriber.take_events() == [LayerChanged("1", "h")]
    assert video_bitrate(room.play(1.0), 1.0) > 900_000


def test_on_a_thin_line_video_pauses_and_says_so_and_sound_goes_on() -> None:
    room = Room()
    room.play(2.0)
    room.subscriber.take_events()
    room.say(60_000)
    room.play(0.5)
    assert room.subscriber.take_events() == [VideoPaused("1", Cause.LINE)]
    paused = kinds(room.play(2.0))
    assert paused[10] == 100
    assert 20 not in paused
    room.say(2_000_000)
    room.play(5.0)
    assert room.subscriber.take_events()[0] == VideoResumed("1")


def test_a_hiccup_of_the_estimate_does_not_take_the_last_picture_away() -> None:
    room = Room()
    room.play(2.0)
    room.say(140_000)
    room.play(2.0)
    assert room.subscriber.take_events() == [VideoResumed("1")]


def lossy(room: Room, fraction: float) -> None:
    """Let the receiver lose this share of what comes, and say so."""
    dice = random.Random(2)
    room.receiver.lose = lambda _: dice.random() < fraction
    room.receiver.give_rtcp([ReceiverReport(1, (ReportBlock(20, int(256 * fraction), 0, 0, 0, 0, 0),))], now=room.now)


def test_over_a_line_that_loses_a_fifth_sound_goes_out_twice_and_nearly_all_of_it_comes() -> None:
    room = Room(limit=Limit.LOW)
    room.say(1_000_000)
    room.play(2.0)
    lossy(room, 0.2)
    room.play(0.4)
    assert kinds(room.play(10.0))[10] > 500 * (1 - 0.06)
    room.receiver.lose = lambda _: False
    assert kinds(room.play(2.0))[10] == 100  # the second copies are dropped as replays


def test_where_the_line_has_no_room_sound_goes_out_once_whatever_is_lost() -> None:
    room = Room(limit=Limit.NONE)
    room.say(50_000)
    room.play(2.0)
    lossy(room, 0.2)
    before = len(room.receiver.sent)
    room.play(2.0)
    assert len(room.receiver.sent) - before < 110


def test_an_observer_gets_the_low_layer_whatever_the_line() -> None:
    room = Room(limit=Limit.LOW)
    room.say(5_000_000)
    assert video_bitrate(room.play(4.0), 4.0) < 200_000


def test_video_is_switched_off_and_on_by_hand() -> None:
    room = Room()
    room.play(1.0)
    room.subscriber.restrict("1", Limit.NONE)
    room.play(0.1)
    assert VideoPaused("1", Cause.LIMIT) in room.subscriber.take_events()
    assert 20 not in kinds(room.play(1.0))
    room.subscriber.restrict("1", Limit.ALL)
    assert 20 in kinds(room.play(1.0))


def test_nacks_are_answered_within_the_budget_and_not_while_paused() -> None:
    room = Room()
    room.play(2.0)
    nack = [Nack(1, 20, tuple(range(20, 60)))]
    for _ in range(50):
        room.receiver.give_rtcp(nack, now=room.now)
    assert kinds(room.receiver.take_rtp()) == {21: room.subscriber.repairs}
    assert 0 < 8 * 520 * room.subscriber.repairs <= 0.15 * room.subscriber.estimate.bitrate
    assert room.subscriber.repairs_refused > 0
    room.subscriber.restrict("1", Limit.NONE)
    room.play(1.0)
    before = room.subscriber.repairs
    room.receiver.give_rtcp([Nack(1, 20, (30,))], now=room.now)
    assert room.subscriber.repairs == before


def test_a_picture_loss_reaches_the_publisher_throttled() -> None:
    room = Room()
    room.play(2.0)
    room.told.clear()
    for step in range(10):
        asked = PictureLoss(1, 20) if step % 2 else FullIntraRequest(1, ((20, step),))
        room.receiver.give_rtcp([asked], now=room.now)
    room.play(0.2)
    assert [each for each in room.told if isinstance(each, PictureLoss)] == [PictureLoss(1, 700)]


def test_what_the_publisher_s_line_lost_is_asked_for_and_filled_in_by_rtx() -> None:
    room = Room(SINGLE)
    room.lost = {30}
    got = [rtp.parse(each, len(each)) for each in room.play(0.5)]
    came = {each.sequence_number for each in got if each.ssrc == 20}
    (hole,) = set(range(min(came), max(came))) - came
    asked = [each for each in room.told if isinstance(each, Nack)]
    assert asked
    assert {each.lost for each in asked} == {(30,)}
    room.told.clear()
    repair = rtp_packet(97, 1, 3000, 601, (30).to_bytes(2) + vp8(30, key=False))
    room.sender.give_rtp(repair, now=room.now)
    (late,) = room.receiver.take_rtp()
    assert rtp.parse(late, len(late)).sequence_number == hole
    room.play(0.5)
    assert not [each for each in room.told if isinstance(each, Nack)]


def test_simulcast_repairs_are_found_by_their_repaired_rid() -> None:
    room = Room()
    room.play(0.5)
    room.numbers["l"] += 1  # one that never comes
    room.play(0.1)
    missing = room.publisher.sources["1"].layers[0].due_nacks(now=room.now + 1)
    extensions = rtp.build_extensions([(1, b"1"), (3, b"l")])
    data = missing[0].to_bytes(2) + vp8(1, key=False)
    for number in (1, 2):  # the first one introduces its SSRC
        room.sender.give_rtp(rtp_packet(97, number, 1, 800, data, extensions=extensions), now=room.now)
    assert room.publisher.sources["1"].layers[0].due_nacks(now=room.now + 2) == ()


def test_the_publisher_is_told_what_arrived() -> None:
    room = Room(SINGLE)
    room.lost = {10}
    room.play(REPORT_EVERY + 0.1)
    told = room.told
    (report,) = (each for each in told if isinstance(each, ReceiverReport))
    assert [block.ssrc for block in report.reports] == [500, 600]
    assert report.reports[1].cumulative_lost == 1
    assert SourceDescription(1, "lutong") in told
    (remb,) = (each for each in told if isinstance(each, Remb))
    assert remb.ssrcs == (600,)
    feedback = [each for each in told if isinstance(each, TransportFeedback)]
    arrived = [number for each in feedback for number, at in enumerate(each.arrivals, each.base) if at is not None]
    assert arrived[:12] == [1, 2, 3, 4, 5, 6, 7, 8, 9, 11, 12, 13]


def test_the_receiver_is_told_the_publisher_s_time_and_the_round_trip_is_measured() -> None:
    room = Room()
    room.play(0.2)
    for ssrc in (500, 700):
        room.sender.give_rtcp([SenderReport(ssrc, 5 << 32, 1000, 1, 1)], now=room.now)
    room.play(1.0)
    reports = {each.ssrc: each for each in room.receiver.take_rtcp() if isinstance(each, SenderReport)}
    assert set(reports) == {10, 20}
    assert reports[10].ntp == reports[20].ntp
    assert room.subscriber.round_trip == 0.1
    sent_at = room.now
    echo = ReportBlock(20, 0, 0, 0, 0, reports[20].ntp >> 16 & 0xFFFFFFFF, 0)
    room.receiver.give_rtcp([ReceiverReport(1, (echo,))], now=sent_at + 0.05)
    assert 0.05 <= room.subscriber.round_trip <= 1.1


def test_an_unknown_ssrc_without_rid_or_beyond_all_bounds_is_nobody() -> None:
    room = Room()
    for ssrc in range(50):
        room.sender.give_rtp(rtp_packet(96, 1, 1, 9000 + ssrc, vp8(1, key=True)), now=0.0)
        room.sender.give_rtp(rtp_packet(77, 1, 1, 9100 + ssrc, b""), now=0.0)
    assert room.publisher.sources["1"].layers == []
    single = Room(SINGLE)
    for ssrc in range(50):
        single.sender.give_rtp(rtp_packet(96, 1, 1, 9000 + ssrc, vp8(1, key=True)), now=0.0)
    assert len(single.publisher.sources["1"].layers) == 8


def test_whoever_leaves_gets_nothing_more_and_the_others_do_not_notice() -> None:
    room = Room()
    room.play(1.0)
    room.receiver.leave(now=room.now)
    assert room.subscriber.ended_because
    assert room.play(1.0) == []
    assert all(not layer.outputs and not layer.waiting for layer in room.publisher.sources["1"].layers)
    room.subscriber.unsubscribe("1")
    room.subscriber.unsubscribe("1")
