"""What all rooms of a process stand on: the port, the certificate, the buffer, and where credentials come from."""

from dataclasses import dataclass

from video.rtc.dtls import Identity
from video.rtc.ice import Credentials, Entropy
from video.rtc.negotiate import Local
from video.rtc.port import MediaPort
from video.rtc.srtp import Buffer
from video.rtc.transport import Send, Transport


@dataclass(frozen=True, slots=True)
class Ground:
    """The process's part of every connection; `candidates` are what descriptions name."""

    identity: Identity
    port: MediaPort
    candidates: tuple[tuple[str, str, int], ...]
    buffer: Buffer
    send: Send
    entropy: Entropy

    def local(self) -> Local:
        """Return new credentials with what else our descriptions say of a transport."""
        return Local(Credentials.generate(self.entropy), self.identity.fingerprint, self.candidates)

    def open(self, local: Local, *, now: float) -> Transport:
        """Return a new transport that the port knows."""
        transport = Transport(self.identity, local.credentials, send=self.send, buffer=self.buffer, now=now)
        self.port.add(transport)
        return transport

    def restart(self, transport: Transport) -> Local:
        """Give a transport new ICE credentials; the old path holds until the new ones are nominated."""
        local = self.local()
        transport.ice.restart(local.credentials)
        self.port.add(transport)
        return local

    def close(self, transport: Transport) -> None:
        """End a transport at once: nothing comes or goes by it any more."""
        transport.close()
        self.port.remove(transport)

    def number(self) -> int:
        """Return a random number of 31 bits that is not 0: an SSRC, a session id."""
        return int.from_bytes(self.entropy(4)) >> 1 | 1
