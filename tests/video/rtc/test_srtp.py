"""SRTP in place: the vector of RFC 3711, both paths byte for byte the same, and nothing taken that was touched."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from video.rtc import srtp
from video.rtc.dtls import Profile, SrtpKeys
from video.rtc.srtp import ROOM, SIZE, Buffer, FastSrtp, PublicSrtp, Srtp, fast_path_works

KEYS = {
    profile: SrtpKeys(profile, bytes(range(profile.key_size + profile.salt_size)), bytes(range(100, 130)))
    for profile in Profile
}
RTP = b"\x80\x60\x12\x34\x00\x00\x00\x01\xca\xfe\xba\xbe" + b"payload" * 20
RTCP = b"\x80\xc9\x00\x01\xca\xfe\xba\xbe"


def reverse(keys: SrtpKeys) -> SrtpKeys:
    return SrtpKeys(keys.profile, keys.receiving, keys.sending)


def protect(sessions: Srtp, packet: bytes, *, rtcp: bool = False) -> bytes:
    buffer = Buffer()
    size = (sessions.protect_rtcp if rtcp else sessions.protect)(buffer, buffer.fill(packet))
    return bytes(buffer.view[:size])


def unprotect(sessions: Srtp, packet: bytes, *, rtcp: bool = False) -> bytes:
    buffer = Buffer()
    size = (sessions.unprotect_rtcp if rtcp else sessions.unprotect)(buffer, buffer.fill(packet))
    return bytes(buffer.view[:size])


def test_the_key_derivation_is_that_of_rfc_3711() -> None:
    """Encrypt zeros: what comes out is the key stream that libsrtp's own published vector has (RFC 3711 B.3 keys)."""
    master = bytes.fromhex("e1f97a0d3e018be0d64fa32c06de41390ec675ad498afeebb6960b3aabe6")
    packet = bytes.fromhex("800f1234decafbadcafebabe") + b"\xab" * 16
    sealed = protect(PublicSrtp(SrtpKeys(Profile.AES128_CM_SHA1_80, master, master)), packet)
    assert sealed.hex() == ("800f1234decafbadcafebabe4e55dc4ce79978d88ca4d215949d2402b78d6acc99ea179b8dbb")


@pytest.mark.parametrize("profile", Profile)
@pytest.mark.parametrize("rtcp", [False, True])
def test_the_fast_path_writes_the_very_bytes_of_the_public_functions(profile: Profile, *, rtcp: bool) -> None:
    packet = RTCP if rtcp else RTP
    fast = protect(FastSrtp(KEYS[profile]), packet, rtcp=rtcp)
    assert fast == protect(PublicSrtp(KEYS[profile]), packet, rtcp=rtcp)
    assert len(fast) > len(packet)


@pytest.mark.parametrize("profile", Profile)
@pytest.mark.parametrize("kind", [FastSrtp, PublicSrtp])
@pytest.mark.parametrize("rtcp", [False, True])
def test_what_was_protected_comes_back_once(profile: Profile, kind: type[FastSrtp], *, rtcp: bool) -> None:
    packet = RTCP if rtcp else RTP
    sealed = protect(kind(KEYS[profile]), packet, rtcp=rtcp)
    receiver = kind(reverse(KEYS[profile]))
    assert unprotect(receiver, sealed, rtcp=rtcp) == packet
    assert unprotect(receiver, sealed, rtcp=rtcp) == b""


@pytest.mark.parametrize("kind", [FastSrtp, PublicSrtp])
@given(at=st.integers(0, len(RTP) + 9), bit=st.integers(0, 7))
def test_a_changed_bit_is_refused(kind: type[FastSrtp], at: int, bit: int) -> None:
    keys = KEYS[Profile.AES128_CM_SHA1_80]
    sealed = bytearray(protect(kind(keys), RTP))
    sealed[at] ^= 1 << bit
    assert unprotect(kind(reverse(keys)), bytes(sealed)) == b""


@pytest.mark.parametrize("kind", [FastSrtp, PublicSrtp])
@given(data=st.binary(max_size=100))
def test_any_bytes_are_refused(kind: type[FastSrtp], data: bytes) -> None:
    sessions = kind(KEYS[Profile.AEAD_AES_128_GCM])
    assert unprotect(sessions, data) == b""
    assert unprotect(sessions, data, rtcp=True) == b""


def test_a_packet_far_behind_may_still_be_sent() -> None:
    sessions = FastSrtp(KEYS[Profile.AEAD_AES_128_GCM])
    packets = [RTP[:2] + number.to_bytes(2) + RTP[4:] for number in (1000, 1900, 1000)]
    assert all(protect(sessions, each) for each in packets)


def test_a_datagram_that_leaves_no_room_for_a_tag_is_refused() -> None:
    assert Buffer().fill(bytes(SIZE - ROOM + 1)) == 0


def test_the_fast_path_is_in_use_and_gives_way_to_a_binding_that_it_does_not_know(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    keys = KEYS[Profile.AES128_CM_SHA1_80]
    assert fast_path_works(keys)
    assert isinstance(srtp.srtp_for(keys), FastSrtp)
    monkeypatch.setattr(srtp, "_lib", object())
    assert not fast_path_works(keys)
    monkeypatch.setattr(srtp, "_ffi", None)
    assert not fast_path_works(keys)
    assert protect(PublicSrtp(keys), RTP)
