"""A participant in memory: ICE checks, DTLS and SRTP of a client, no socket and no clock."""

import struct
from collections.abc import Callable, Sequence
from datetime import UTC, datetime

from video.rtc import rtcp, stun
from video.rtc.dtls import DtlsSession, Identity, Role
from video.rtc.framing import Protocol, protocol_of
from video.rtc.ice import Credentials, Path
from video.rtc.rtcp import Rtcp
from video.rtc.srtp import Buffer, Srtp, srtp_for
from video.rtc.stun import Attribute, Class
from video.rtc.transport import Transport

SERVER, CLIENT = Identity(now=datetime.now(UTC)), Identity(now=datetime.now(UTC))
OURS, THEIRS = Credentials("ours", "our-password-of-22-char"), Credentials("them", "their-password-22-chars")
HOME = ("10.0.0.2", 4000)


def check(*, nominate: bool = True, ours: Credentials = OURS, theirs: Credentials = THEIRS) -> bytes:
    """Return a connectivity check of a controlling peer."""
    wanted = [(Attribute.USE_CANDIDATE, b"")] if nominate else []
    name = f"{ours.ufrag}:{theirs.ufrag}".encode()
    role = (Attribute.ICE_CONTROLLING, b"12345678")
    return stun.build(
        Class.REQUEST, b"transaction.", [(Attribute.USERNAME, name), role, *wanted], key=ours.password.encode()
    )


class Participant:
    """The other end of a server's transport; what the server sends is kept by its kind, decrypted; replays are not."""

    def __init__(self, *, now: float = 0.0, fingerprint: str = CLIENT.fingerprint, signalled: bool = True) -> None:
        self.path: Path = HOME
        self.sent: list[tuple[bytes, Path]] = []  # every datagram of the server
        self.rtp: list[bytes] = []
        self.rtcp: list[Rtcp] = []
        self.srtp: Srtp | None = None
        self.lose: Callable[[bytes], bool] = lambda _: False
        self.outgoing = Buffer()
        self.transport = Transport(SERVER, OURS, send=self._on_datagram, buffer=self.outgoing, now=now)
        self._dtls = DtlsSession(CLIENT, Role.CLIENT, SERVER.fingerprint)
        self._answers: list[bytes] = []
        if signalled:
            self.transport.set_remote(THEIRS, fingerprint, Role.SERVER)

    def _on_datagram(self, datagram: memoryview | bytes, path: Path) -> None:
        data = bytes(datagram)
        self.sent.append((data, path))
        if self.lose(data):
            return
        match protocol_of(data[0], data[1]):
            case Protocol.DTLS:
                self._answers += self._dtls.receive(data)
            case Protocol.RTP if self.srtp is not None:
                self.rtp += filter(None, [self._open(self.srtp.unprotect, data)])
            case Protocol.RTCP if self.srtp is not None:
                self.rtcp += rtcp.parse(self._open(self.srtp.unprotect_rtcp, data))
            case _:
                pass

    @staticmethod
    def _open(unprotect: Callable[[Buffer, int], int], data: bytes) -> bytes:
        buffer = Buffer()
        size = unprotect(buffer, buffer.fill(data))
        return bytes(buffer.view[:size])

    def give(self, datagram: bytes, *, now: float, path: tuple[str, int] = HOME) -> None:
        """Let the server receive a datagram."""
        buffer = Buffer()
        self.transport.receive(buffer, buffer.fill(datagram), path, path, now=now)

    def handshake(self, *, now: float = 0.0, nominate: bool = True) -> None:
        """Check a path, and nominate it unless told not to, then DTLS until there are keys."""
        self.give(check(nominate=nominate), now=now)
        self._answers = self._dtls.start()
        for _ in range(10):
            flight, self._answers = self._answers, []
            for datagram in flight:
                self.give(datagram, now=now)
            if self._dtls.keys is not None and not self._answers:
                break
        if self._dtls.keys is not None:
            self.srtp = srtp_for(self._dtls.keys)

    def leave(self, *, now: float) -> None:
        """Say goodbye by DTLS."""
        for datagram in self._dtls.close():
            self.give(datagram, now=now)

    def give_rtp(self, packet: bytes, *, now: float, path: tuple[str, int] = HOME) -> None:
        """Let the server receive an RTP packet, protected."""
        assert self.srtp is not None
        buffer = Buffer()
        size = self.srtp.protect(buffer, buffer.fill(packet))
        self.give(bytes(buffer.view[:size]), now=now, path=path)

    def give_rtcp(self, packets: Sequence[Rtcp], *, now: float) -> None:
        """Let the server receive RTCP packets, protected."""
        assert self.srtp is not None
        buffer = Buffer()
        size = self.srtp.protect_rtcp(buffer, buffer.fill(rtcp.build(packets)))
        self.give(bytes(buffer.view[:size]), now=now)

    def take_rtp(self) -> list[bytes]:
        """Return what came since the last call."""
        found, self.rtp = self.rtp, []
        return found

    def take_rtcp(self) -> list[Rtcp]:
        """Return what came since the last call."""
        found, self.rtcp = self.rtcp, []
        return found


def rtp_packet(
    payload_type: int,
    number: int,
    timestamp: int,
    ssrc: int,
    payload: bytes,
    *,
    marker: bool = False,
    extensions: bytes = b"",
) -> bytes:
    """Return an RTP packet."""
    first = 0x90 if extensions else 0x80
    second = payload_type | marker << 7
    return struct.pack(">BBHII", first, second, number & 0xFFFF, timestamp & 0xFFFFFFFF, ssrc) + extensions + payload


def vp8(picture: int, *, key: bool, tl0: int = 0, first: bool = True, body: bytes = b"coded") -> bytes:
    """Return a VP8 payload with a picture id of 15 bits and a TL0PICIDX."""
    descriptor = bytes((0x90 if first else 0x80, 0xC0, 0x80 | picture >> 8 & 0x7F, picture & 0xFF, tl0 & 0xFF))
    return descriptor + (b"\x10" if key else b"\x11") + body
