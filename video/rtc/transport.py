"""One participant's transport: ICE, DTLS and SRTP on datagrams, media handed on decrypted where they lie."""

from collections.abc import Callable, Sequence
from typing import Protocol as Interface

from video.rtc import rtcp
from video.rtc.dtls import DtlsSession, Identity, Role
from video.rtc.framing import Protocol, protocol_of
from video.rtc.ice import Credentials, IceAgent, Path
from video.rtc.rtcp import InvalidRtcp, Rtcp
from video.rtc.srtp import Buffer, Srtp, srtp_for
from video.rtc.stun import InvalidStun

Send = Callable[[memoryview | bytes, Path], object]

MAX_EARLY = 8  # DTLS datagrams kept until signalling has brought the fingerprint
HANDSHAKE = 30.0  # seconds for ICE and DTLS together


class Media(Interface):
    """What a transport hands on to."""

    def connected(self, *, now: float) -> None:
        """Media can flow: the peer is who signalling said."""
        ...

    def rtp(self, buffer: Buffer, size: int, *, now: float) -> None:
        """A decrypted RTP packet lies in the buffer until this returns."""
        ...

    def rtcp(self, packets: Sequence[Rtcp], *, now: float) -> None:
        """Some RTCP packets came."""
        ...

    def ended(self, reason: str) -> None:
        """No media will flow any more."""
        ...


class Transport:
    """The server's end of one participant's connection.

    Parameters
    ----------
    identity
        The process's certificate.
    local
        Our ICE credentials.
    send
        Sends a datagram by a path; the memory is reused when it returns.
    buffer
        The process's buffer for what is sent.
    now
        Seconds of any monotonic clock.
    """

    def __init__(self, identity: Identity, local: Credentials, *, send: Send, buffer: Buffer, now: float) -> None:
        self.ice = IceAgent(local, now=now)
        self.srtp: Srtp | None = None
        self.media: Media | None = None
        self.ended = ""
        self.refused = 0  # datagrams that were dropped: damaged, forged or out of place
        self._identity = identity
        self._send = send
        self._buffer = buffer
        self._dtls: DtlsSession | None = None
        self._early: list[bytes] = []
        self._shaken_by: Path | None = None  # the checked path by which the last DTLS datagram came
        self._started_at = now

    @property
    def dtls(self) -> DtlsSession | None:
        """The DTLS session, None until signalling has said who the peer is."""
        return self._dtls

    def set_remote(self, credentials: Credentials, fingerprint: str, role: Role) -> None:
        """Take what signalling says of the peer; a second time, after an ICE restart, the DTLS session stays.

        Raises
        ------
        ValueError
            Another fingerprint than before would be another peer.
        """
        self.ice.remote = credentials
        if self._dtls is not None:
            if not self._dtls.is_for(fingerprint):
                raise ValueError("the fingerprint changed within a session")
            return
        self._dtls = DtlsSession(self._identity, role, fingerprint)
        early, self._early = self._early, []
        for datagram in early:
            self._flush(self._dtls.receive(datagram))
        if self.ice.selected is not None:
            self._flush(self._dtls.start())

    # -- datagrams in ------------------------------------------------------------------------------------------

    def receive(self, buffer: Buffer, size: int, path: Path, source: tuple[str, int], *, now: float) -> None:
        """Take the datagram in the first `size` bytes of the buffer, which is worked on in place."""
        view = buffer.view
        kind = protocol_of(view[0], view[1]) if size > 1 else None
        if kind is Protocol.STUN:
            self._on_stun(bytes(view[:size]), path, source, now)
        elif kind is None or not self.ice.knows(path):
            self.refused += 1
        elif kind is Protocol.DTLS:
            self._shaken_by = path
            self._on_dtls(bytes(view[:size]), now)
        elif kind is Protocol.RTP:
            self._on_rtp(buffer, size, path, now)
        else:
            self._on_rtcp(buffer, size, now)

    def _on_stun(self, data: bytes, path: Path, source: tuple[str, int], now: float) -> None:
        try:
            checked = self.ice.receive(data, path, source, now=now)
        except InvalidStun:
            self.refused += 1
            return
        if checked is None:
            return
        self._send(checked.answer, path)
        if checked.selected is not None and self._dtls is not None and self.srtp is None:
            self._flush(self._dtls.start())

    def _on_dtls(self, data: bytes, now: float) -> None:
        if self._dtls is None:
            if len(self._early) < MAX_EARLY:
                self._early.append(data)
            return
        self._flush(self._dtls.receive(data))
        self._after_dtls(now)

    def _after_dtls(self, now: float) -> None:
        if self._dtls is None:
            return
        if self._dtls.failure:
            self._end(self._dtls.failure)
        elif self._dtls.closed:
            self._end("the peer closed the connection")
        elif self._dtls.keys is not None and self.srtp is None:
            self.srtp = srtp_for(self._dtls.keys)
            if self.media is not None:
                self.media.connected(now=now)

    def _on_rtp(self, buffer: Buffer, size: int, path: Path, now: float) -> None:
        size = self.srtp.unprotect(buffer, size) if self.srtp is not None else 0
        if not size or self.media is None:
            self.refused += 1
            return
        if path == self.ice.selected:
            self.ice.heard_at = now
        self.media.rtp(buffer, size, now=now)

    def _on_rtcp(self, buffer: Buffer, size: int, now: float) -> None:
        size = self.srtp.unprotect_rtcp(buffer, size) if self.srtp is not None else 0
        if not size or self.media is None:
            self.refused += 1
            return
        try:
            packets = rtcp.parse(bytes(buffer.view[:size]))
        except InvalidRtcp:
            self.refused += 1
            return
        self.media.rtcp(packets, now=now)

    # -- datagrams out, time, the end --------------------------------------------------------------------------

    def transmit(self, datagram: memoryview | bytes) -> None:
        """Send by the selected path; before one is nominated, by the checked one that the peer's handshake uses.

        A browser begins its handshake with the first check that is answered; an answer that waited for the
        nomination would be sent again only by our timer, a second later, and the first picture would be lost.
        """
        path = self.ice.selected
        if path is None:
            path = self._shaken_by
        if path is not None:
            self._send(datagram, path)

    def forget(self, path: Path) -> None:
        """A TCP connection has ended."""
        self.ice.forget(path)
        if self._shaken_by == path:
            self._shaken_by = None

    def send_rtcp(self, packets: Sequence[Rtcp]) -> None:
        """Send RTCP packets as one compound packet."""
        if self.srtp is None or self.ended or not packets:
            return
        size = self._buffer.fill(rtcp.build(packets))
        size = self.srtp.protect_rtcp(self._buffer, size) if size else 0
        if size:
            self.transmit(self._buffer.view[:size])

    def tick(self, *, now: float) -> None:
        """Let time pass: flights again, consent, the bound on the handshake; call every 50 to 500 ms."""
        if self.ended:
            return
        if self.srtp is None and now - self._started_at > HANDSHAKE:
            self._end("ICE and DTLS did not finish in time")
        elif self.ice.is_expired(now=now):
            self._end("the peer has not been heard for 30 s")
        elif self._dtls is not None and self.ice.selected is not None:
            self._flush(self._dtls.retransmit())
            self._after_dtls(now)

    def close(self) -> None:
        """End from our side."""
        if self._dtls is not None and not self.ended:
            self._flush(self._dtls.close())
        self._end("closed by us")

    def _flush(self, datagrams: list[bytes]) -> None:
        for datagram in datagrams:
            self.transmit(datagram)

    def _end(self, reason: str) -> None:
        if self.ended:
            return
        self.ended, self.srtp = reason, None
        if self.media is not None:
            self.media.ended(reason)
