"""Offers read, answers and offers of ours written, and read again by aiortc's own parser."""

import pytest
from aiortc.sdp import SessionDescription
from hypothesis import given
from hypothesis import strategies as st

from video.rtc import negotiate, sdp
from video.rtc.dtls import Role
from video.rtc.ice import Credentials
from video.rtc.negotiate import Local, Outgoing
from video.rtc.payload import Codec
from video.rtc.rtp import Extension
from video.rtc.sdp import InvalidSdp

LOCAL = Local(Credentials("ours", "password"), "AB:CD", (("udp", "192.0.2.1", 7000), ("tcp", "192.0.2.1", 7000)))
FINGERPRINT = ":".join(["0F"] * 32)

# Shortened from what a browser sends: session-level fingerprint, one audio, one simulcast video, one data section.
OFFER = f"""v=0
o=- 1 2 IN IP4 127.0.0.1
s=-
t=0 0
a=group:BUNDLE 0 1 2
a=fingerprint:sha-512 AA
a=fingerprint:sha-256 {FINGERPRINT.lower()}
a=extmap-allow-mixed
m=audio 9 UDP/TLS/RTP/SAVPF 111 63 9 0
a=ice-ufrag:them
a=ice-pwd:their-password
a=setup:actpass
a=mid:0
a=extmap:14 urn:ietf:params:rtp-hdrext:ssrc-audio-level
a=extmap:2 http://www.webrtc.org/experiments/rtp-hdrext/abs-send-time
a=sendonly
a=rtcp-mux
a=rtpmap:111 opus/48000/2
a=rtcp-fb:111 transport-cc
a=fmtp:111 minptime=10;useinbandfec=1
a=rtpmap:63 red/48000/2
a=fmtp:63 111/111
a=rtpmap:9 G722/8000
a=ssrc:1111 cname:someone
m=video 9 UDP/TLS/RTP/SAVPF 98 99 96 97 102 103 104
a=ice-ufrag:them
a=ice-pwd:their-password
a=setup:actpass
a=mid:1
a=extmap:4 urn:ietf:params:rtp-hdrext:sdes:mid
a=extmap:10 urn:ietf:params:rtp-hdrext:sdes:rtp-stream-id
a=extmap:11 urn:ietf:params:rtp-hdrext:sdes:repaired-rtp-stream-id
a=extmap:13 urn:3gpp:video-orientation
a=sendonly
a=rtcp-mux
a=rtpmap:98 VP9/90000
a=rtpmap:99 rtx/90000
a=fmtp:99 apt=98
a=rtpmap:96 VP8/90000
a=rtcp-fb:96 goog-remb
a=rtcp-fb:96 transport-cc
a=rtcp-fb:96 nack
a=rtcp-fb:96 nack pli
a=rtpmap:97 rtx/90000
a=fmtp:97 apt=96
a=rtpmap:102 H264/90000
a=fmtp:102 level-asymmetry-allowed=1;packetization-mode=0;profile-level-id=42e01f
a=rtpmap:103 rtx/90000
a=fmtp:103 apt=102
a=rtpmap:104 H264/90000
a=fmtp:104 level-asymmetry-allowed=1;packetization-mode=1;profile-level-id=42e01f
a=rid:l send
a=rid:m send
a=rid:h send
a=simulcast:send l;m;h
m=application 9 UDP/DTLS/SCTP webrtc-datachannel
a=ice-ufrag:them
a=ice-pwd:their-password
a=setup:actpass
a=mid:2
a=sctp-port:5000
""".replace("\n", "\r\n")

AUDIO = Outgoing("0", "audio", Codec.OPUS, 10, 0, "name", "stream", red=True)
VIDEO = Outgoing("1", "video", Codec.VP8, 20, 21, "name", "stream")


def lines_of(text: str, mid: str) -> list[str]:
    return next(part for part in text.split("m=")[1:] if f"a=mid:{mid}\r\n" in part).splitlines()


def test_only_the_sha_256_fingerprint_is_taken_also_from_the_session() -> None:
    assert sdp.parse(OFFER).transport.fingerprint == FINGERPRINT
    with pytest.raises(InvalidSdp):
        _ = sdp.parse(OFFER.replace("sha-256", "sha-1")).transport


def test_what_is_published_is_answered_with_what_we_forward() -> None:
    text, (audio, video) = negotiate.answer(sdp.parse(OFFER), LOCAL, session=7)
    assert audio.codecs == {111: Codec.OPUS, 63: Codec.RED}
    assert audio.extensions == {14: Extension.AUDIO_LEVEL, 2: Extension.ABS_SEND_TIME}
    assert (audio.ssrcs, audio.cname) == ((1111,), "someone")
    assert (video.codecs, video.repairs, video.rids) == ({96: Codec.VP8}, {97: 96}, ("l", "m", "h"))
    assert "transport-cc" in video.feedback
    assert "a=ice-lite\r\n" in text
    assert "a=group:BUNDLE 0 1\r\n" in text
    in_audio, in_video = lines_of(text, "0"), lines_of(text, "1")
    assert in_audio[0] == "audio 9 UDP/TLS/RTP/SAVPF 111 63"
    assert in_video[0] == "video 9 UDP/TLS/RTP/SAVPF 96 97"
    assert {"a=recvonly", "a=setup:passive", "a=fmtp:111 minptime=10;useinbandfec=1"} <= set(in_audio)
    assert {"a=simulcast:recv l;m;h", "a=rid:h recv", "a=rtcp-fb:96 transport-cc", "a=fmtp:97 apt=96"} <= set(in_video)
    assert "a=candidate:2 1 tcp 1671429887 192.0.2.1 7000 typ host tcptype passive" in in_video
    assert not [line for line in in_video if "video-orientation" in line]
    assert "a=rtpmap:96 VP8/90000" in in_video
    assert lines_of(text, "2")[0] == "application 0 UDP/DTLS/SCTP webrtc-datachannel"
    assert [line for line in text.splitlines() if "fingerprint" in line] == ["a=fingerprint:sha-256 AB:CD"] * 2


def test_h264_is_taken_in_packetization_mode_1_where_there_is_no_vp8() -> None:
    _, (_, video) = negotiate.answer(sdp.parse(OFFER.replace("VP8", "AV1")), LOCAL, session=7)
    assert video.codecs == {104: Codec.H264}
    assert "packetization-mode=1" in video.parameters
    assert video.repairs == {}


def test_a_section_without_a_codec_of_ours_is_refused_in_its_place() -> None:
    text, taken = negotiate.answer(sdp.parse(OFFER.replace("opus", "speex")), LOCAL, session=7)
    assert [each.mid for each in taken] == ["1"]
    assert lines_of(text, "0")[0].startswith("audio 0 ")
    assert "a=group:BUNDLE 1\r\n" in text


def test_a_transport_that_is_not_ours_is_refused() -> None:
    with pytest.raises(InvalidSdp, match="rtcp-mux"):
        negotiate.answer(sdp.parse(OFFER.replace("a=rtcp-mux", "a=x")), LOCAL, session=7)
    with pytest.raises(InvalidSdp, match="setup"):
        negotiate.answer(sdp.parse(OFFER.replace("a=setup:actpass", "a=setup:holdconn")), LOCAL, session=7)


@pytest.mark.parametrize(
    ("setup", "offered", "role"),
    [("actpass", False, Role.SERVER), ("active", True, Role.SERVER), ("passive", True, Role.CLIENT)],
)
def test_we_wait_where_we_may(setup: str, role: Role, *, offered: bool) -> None:
    remote = sdp.parse(OFFER.replace("a=setup:actpass", f"a=setup:{setup}")).transport
    assert negotiate.role_of(remote, offered_by_us=offered) is role


def test_two_profiles_of_one_codec_have_two_numbers_in_a_bundle() -> None:
    high, low = (Outgoing(mid, "video", Codec.H264, 1, 2, "n", "s", f"profile={mid}") for mid in "ab")
    _, offered = negotiate.offer([high, low, high, AUDIO, VIDEO], LOCAL, session=7, version=1)
    assert [each.payload_type for each in offered] == [102, 104, 102, 111, 96]
    assert [each.repair_payload_type for each in offered] == [103, 105, 103, 0, 97]


def test_our_offer_is_read_by_ourselves_and_by_aiortc() -> None:
    text, _ = negotiate.offer([AUDIO, VIDEO], LOCAL, session=7, version=3)
    audio, video = sdp.parse(text).sections
    assert (audio.direction, audio.ssrcs, audio.credentials) == ("sendonly", (10,), LOCAL.credentials)
    assert (video.ssrcs, video.repairs) == ((20, 21), ((21, 20),))
    theirs = SessionDescription.parse(text)
    assert [media.kind for media in theirs.media] == ["audio", "video"]
    assert theirs.media[1].ice is not None
    assert theirs.media[1].ice.usernameFragment == "ours"
    assert [each.ssrc for each in theirs.media[1].ssrc] == [20, 21]


def test_an_answer_says_what_of_our_offer_is_taken() -> None:
    text, offered = negotiate.offer([AUDIO, VIDEO], LOCAL, session=7, version=1)
    theirs = text.replace("sendonly", "recvonly").replace("SAVPF 63 111", "SAVPF 111").replace("96 97", "96")
    audio, video = negotiate.taken(sdp.parse(theirs), offered)
    assert (audio.red, video.rtx) == (False, False)
    refused = text.replace("sendonly", "recvonly").replace("m=video 9", "m=video 0")
    assert [each.offered.media.kind for each in negotiate.taken(sdp.parse(refused), offered)] == ["audio"]
    assert negotiate.taken(sdp.parse(text.replace("sendonly", "inactive")), offered) == []


@pytest.mark.parametrize(
    "text",
    [
        "x" * (sdp.MAX_SIZE + 1), "m=audio\r\n", "m=audio 9 X 1\r\na=rtpmap:1 a/b\r\n", "m=x 9 X\r\n" * 100,
        "m=x 9 X\n" * 2,
    ],
)  # fmt: skip
def test_what_is_no_description_is_refused(text: str) -> None:
    with pytest.raises(InvalidSdp):
        sdp.parse(text)


@given(st.lists(st.sampled_from([*OFFER.splitlines(), "a=rid:", "a=ssrc-group:FID 1", "a=extmap:x", "m=video 9 X 96"])))
def test_any_lines_are_a_description_or_refused(lines: list[str]) -> None:
    try:
        negotiate.answer(sdp.parse("\r\n".join(lines)), LOCAL, session=1)
    except InvalidSdp:
        return


@given(st.text(max_size=300))
def test_any_text_is_a_description_or_refused(text: str) -> None:
    try:
        sdp.parse(text)
    except InvalidSdp:
        return
