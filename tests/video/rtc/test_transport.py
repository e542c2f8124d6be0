"""One participant's transport and many on one port: who gets in, what is dropped, and when it is over."""

from collections.abc import Sequence

import pytest

from tests.video.rtc.participant import CLIENT, HOME, SERVER, THEIRS, Participant, check, rtp_packet
from video.rtc.dtls import Role
from video.rtc.ice import CONSENT, Credentials
from video.rtc.port import MediaPort
from video.rtc.rtcp import PictureLoss, Rtcp
from video.rtc.srtp import Buffer
from video.rtc.transport import HANDSHAKE

NEXT, THEIR_NEXT = Credentials("next", "our-next-password-22-ch"), Credentials("new!", "their-next-password-22c")
ROAD = ("10.0.0.3", 5000)
PACKET = rtp_packet(96, 1, 1, 7, b"payload")


class Kept:
    """What a transport handed on."""

    def __init__(self) -> None:
        self.connects = 0
        self.packets: list[bytes] = []
        self.reports: list[Rtcp] = []
        self.reason = ""
        self.at = 0.0

    def connected(self, *, now: float) -> None:
        self.connects, self.at = self.connects + 1, now

    def rtp(self, buffer: Buffer, size: int, *, now: float) -> None:
        self.packets.append(bytes(buffer.view[:size]))
        self.at = now

    def rtcp(self, packets: Sequence[Rtcp], *, now: float) -> None:
        self.reports += packets
        self.at = now

    def ended(self, reason: str) -> None:
        self.reason = reason


@pytest.fixture
def kept() -> Kept:
    return Kept()


@pytest.fixture
def participant(kept: Kept) -> Participant:
    made = Participant()
    made.transport.media = kept
    made.handshake()
    return made


def test_a_peer_that_shakes_hands_before_it_nominates_is_answered_at_once_and_by_that_path(kept: Kept) -> None:
    eager = Participant()
    eager.transport.media = kept
    eager.handshake(nominate=False)
    assert (kept.connects, kept.at) == (1, 0.0)
    eager.transport.send_rtcp([PictureLoss(1, 7)])
    assert eager.rtcp == [PictureLoss(1, 7)]
    assert {path for _, path in eager.sent} == {HOME}
    eager.transport.forget(HOME)
    count = len(eager.sent)
    eager.transport.send_rtcp([PictureLoss(1, 7)])
    assert len(eager.sent) == count


def test_media_flow_both_ways_once_the_peer_is_who_signalling_said(participant: Participant, kept: Kept) -> None:
    participant.give_rtp(PACKET, now=1.0)
    participant.give_rtcp([PictureLoss(1, 7)], now=1.0)
    participant.transport.send_rtcp([PictureLoss(2, 8)])
    assert kept.connects == 1
    assert kept.packets == [PACKET]
    assert kept.at == 1.0
    assert kept.reports == [PictureLoss(1, 7)]
    assert participant.take_rtcp() == [PictureLoss(2, 8)]


def test_another_certificate_than_announced_ends_it_without_keys(kept: Kept) -> None:
    participant = Participant(fingerprint=SERVER.fingerprint)
    participant.transport.media = kept
    participant.handshake()
    assert participant.transport.srtp is None
    assert "signalling" in kept.reason
    assert kept.connects == 0


def test_a_handshake_that_comes_before_the_answer_waits_for_it() -> None:
    participant = Participant(signalled=False)
    participant.give(check(), now=0.0)
    early = participant._dtls.start()
    for datagram in early:
        participant.give(datagram, now=0.0)
    assert len(participant.sent) == 1  # the check's answer alone
    participant.transport.set_remote(THEIRS, CLIENT.fingerprint, Role.SERVER)
    assert len(participant.sent) > 1


def test_only_a_path_with_an_authentic_check_is_heard(participant: Participant, kept: Kept) -> None:
    participant.give_rtp(PACKET, now=1.0, path=ROAD)
    participant.give(b"\x16\xfe\xfd" + bytes(20), now=1.0, path=ROAD)
    assert kept.packets == []
    assert participant.transport.refused == 2


@pytest.mark.parametrize(
    "datagram", [b"", b"\x00", b"\x80", b"\x00\x01" + bytes(30), b"\x40\x00", PACKET, b"\x80\xc9" * 9]
)
def test_what_nobody_sealed_is_dropped(participant: Participant, kept: Kept, datagram: bytes) -> None:
    before = len(participant.sent)
    participant.give(datagram, now=1.0)
    assert kept.packets == []
    assert participant.transport.refused == 1
    assert len(participant.sent) == before


def test_media_follow_a_peer_to_its_new_address(participant: Participant) -> None:
    participant.give(check(), now=1.0, path=ROAD)
    participant.transport.send_rtcp([PictureLoss(2, 8)])
    assert participant.sent[-1][1] == ROAD


def test_an_ice_restart_keeps_the_keys_and_the_media(participant: Participant, kept: Kept) -> None:
    participant.transport.ice.restart(NEXT)
    participant.transport.set_remote(THEIR_NEXT, CLIENT.fingerprint, Role.SERVER)
    participant.give_rtp(PACKET, now=1.0)
    participant.give(check(ours=NEXT, theirs=THEIR_NEXT), now=2.0, path=ROAD)
    participant.give_rtp(rtp_packet(96, 2, 1, 7, b"payload"), now=2.1, path=ROAD)
    assert len(kept.packets) == 2
    assert kept.connects == 1
    with pytest.raises(ValueError, match="fingerprint"):
        participant.transport.set_remote(THEIR_NEXT, SERVER.fingerprint, Role.SERVER)


def test_a_peer_that_is_not_heard_is_given_up(participant: Participant, kept: Kept) -> None:
    participant.transport.tick(now=CONSENT)
    assert kept.reason == ""
    participant.transport.tick(now=CONSENT + 0.1)
    assert "30 s" in kept.reason
    participant.give_rtp(PACKET, now=CONSENT + 0.2)
    assert kept.packets == []


def test_a_handshake_has_a_bound() -> None:
    participant = Participant()
    participant.give(check(), now=HANDSHAKE)
    participant.transport.tick(now=HANDSHAKE + 0.1)
    assert "in time" in participant.transport.ended


def test_either_side_may_end_it(participant: Participant, kept: Kept) -> None:
    participant.leave(now=1.0)
    assert kept.reason == "the peer closed the connection"
    other = Participant()
    other.handshake()
    before = len(other.sent)
    other.transport.close()
    assert other.transport.ended == "closed by us"
    assert len(other.sent) == before + 1


def test_as_the_client_we_begin_when_the_path_is_nominated() -> None:
    participant = Participant(signalled=False)
    participant.transport.set_remote(THEIRS, CLIENT.fingerprint, Role.CLIENT)
    participant.give(check(), now=0.0)
    assert participant.sent[-1][0][0] == 22  # a handshake record


# -- many on one port -------------------------------------------------------------------------------------------


def give(port: MediaPort, datagram: bytes, path: tuple[str, int], *, now: float = 0.0) -> None:
    buffer = Buffer()
    port.receive(buffer, buffer.fill(datagram), path, path, now=now)


def test_a_check_finds_its_agent_and_strangers_get_no_answer() -> None:
    port, participant = MediaPort(), Participant()
    port.add(participant.transport)
    for stranger in (check(ours=NEXT), PACKET, b"", b"\x00\x01\x00\x00", b"\x00" * 20):
        give(port, stranger, ROAD)
    assert port.strangers == 5
    assert participant.sent == []
    give(port, check(), HOME)
    assert len(participant.sent) == 1
    assert port.knows(HOME)
    give(port, PACKET, HOME)
    assert participant.transport.refused == 1


def test_new_credentials_are_found_and_what_has_ended_is_let_go() -> None:
    port, participant = MediaPort(), Participant()
    port.add(participant.transport)
    participant.transport.ice.restart(NEXT, THEIR_NEXT)
    port.add(participant.transport)
    give(port, check(ours=NEXT, theirs=THEIR_NEXT), HOME)
    assert (len(port), port.knows(HOME)) == (1, True)
    port.tick(now=HANDSHAKE + 1)
    assert (len(port), port.knows(HOME)) == (0, False)


def test_a_tcp_connection_that_ends_is_no_path_any_more() -> None:
    port, participant = MediaPort(), Participant()
    port.add(participant.transport)
    give(port, check(), HOME)
    port.forget(HOME)
    port.forget(ROAD)
    assert participant.transport.ice.selected is None
    assert not port.knows(HOME)
