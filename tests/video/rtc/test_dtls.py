"""Two DTLS sessions in memory: same keys at both ends, nobody else's certificate, losses survived."""

import time
from datetime import UTC, datetime

import pytest

from video.rtc.dtls import MTU, DtlsSession, Identity, Profile, Role, datagrams_of

NOW = datetime.now(UTC)
OURS, THEIRS = Identity(now=NOW), Identity(now=NOW)


def pair(theirs: Identity = THEIRS, *, expected: str = "") -> tuple[DtlsSession, DtlsSession]:
    server = DtlsSession(OURS, Role.SERVER, expected or theirs.fingerprint)
    return server, DtlsSession(theirs, Role.CLIENT, OURS.fingerprint)


def handshake(server: DtlsSession, client: DtlsSession) -> None:
    to_server = client.start()
    for _ in range(10):
        to_client = [each for datagram in to_server for each in server.receive(datagram)]
        to_server = [each for datagram in to_client for each in client.receive(datagram)]
        if not to_server:
            return


def test_both_ends_have_the_same_keys_each_for_its_direction() -> None:
    server, client = pair()
    handshake(server, client)
    assert server.keys is not None
    assert client.keys is not None
    assert server.keys.sending == client.keys.receiving
    assert server.keys.receiving == client.keys.sending
    assert server.keys.sending != server.keys.receiving


@pytest.mark.parametrize(
    ("offered", "chosen"),
    [
        ((Profile.AES128_CM_SHA1_80, Profile.AEAD_AES_128_GCM), Profile.AEAD_AES_128_GCM),
        ((Profile.AES128_CM_SHA1_80,), Profile.AES128_CM_SHA1_80),
    ],
)
def test_the_server_prefers_gcm_and_takes_what_the_peer_has(offered: tuple[Profile, ...], chosen: Profile) -> None:
    server, client = pair(Identity(now=NOW, profiles=offered))
    handshake(server, client)
    assert server.keys is not None
    assert server.keys.profile is chosen
    assert len(server.keys.sending) == chosen.key_size + chosen.salt_size


def test_a_certificate_that_signalling_did_not_announce_gets_no_keys() -> None:
    server, client = pair(expected=Identity(now=NOW).fingerprint)
    handshake(server, client)
    assert server.keys is None
    assert "signalling" in server.failure
    assert server.receive(b"\x16\xfe\xfd") == []


def test_a_flight_that_is_lost_is_sent_again() -> None:
    server, client = pair()
    lost = client.start()
    assert lost
    assert client.retransmit() == []
    time.sleep(1.1)  # OpenSSL's own timer
    again = client.retransmit()
    assert again
    to_client = [each for datagram in again for each in server.receive(datagram)]
    for datagram in to_client:
        for answer in client.receive(datagram):
            server.receive(answer)
    assert server.keys is not None


def test_rubbish_in_between_changes_nothing() -> None:
    server, client = pair()
    rubbish = b"\x16\xfe\xfd" + b"\xff" * 40
    for datagram in client.start():
        server.receive(rubbish)
        for flight in server.receive(datagram):
            for answer in client.receive(flight):
                server.receive(answer)
    assert server.keys is not None
    assert server.receive(rubbish) == []


def test_whoever_ends_says_so() -> None:
    server, client = pair()
    handshake(server, client)
    for datagram in client.close():
        server.receive(datagram)
    assert server.closed


def test_no_record_is_cut_in_two() -> None:
    records = [b"\x16\xfe\xfd" + bytes(8) + size.to_bytes(2) + bytes(size) for size in (300, 800, 200, 1187, 10)]
    datagrams = datagrams_of(b"".join(records))
    assert datagrams == [records[0] + records[1], records[2], records[3], records[4]]
    assert all(len(each) <= MTU for each in datagrams)
