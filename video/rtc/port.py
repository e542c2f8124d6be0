"""Many transports on one port: a check finds its agent by USERNAME, everything else by the path it comes from."""

from video.rtc import stun
from video.rtc.ice import Path
from video.rtc.srtp import Buffer
from video.rtc.transport import Transport


class MediaPort:
    """Gives each datagram to the transport that it is for.

    What comes from a path without an authentic check, or names nobody, is dropped unanswered: a port that answers
    strangers is an amplifier.
    """

    def __init__(self) -> None:
        self.strangers = 0  # datagrams for nobody
        self._by_ufrag: dict[str, Transport] = {}
        self._by_path: dict[Path, Transport] = {}

    def __len__(self) -> int:
        return len(set(self._by_ufrag.values()))

    def add(self, transport: Transport) -> None:
        """Take a transport, or take note of its new credentials after an ICE restart."""
        self._by_ufrag = {name: each for name, each in self._by_ufrag.items() if each is not transport}
        for ufrag in transport.ice.ufrags:
            self._by_ufrag[ufrag] = transport

    def remove(self, transport: Transport) -> None:
        """Let go of a transport with all its names and paths."""
        self._by_ufrag = {name: each for name, each in self._by_ufrag.items() if each is not transport}
        self._by_path = {path: each for path, each in self._by_path.items() if each is not transport}

    def knows(self, path: Path) -> bool:
        """Tell whether a path belongs to a transport."""
        return path in self._by_path

    def forget(self, path: Path) -> None:
        """A TCP connection has ended."""
        transport = self._by_path.pop(path, None)
        if transport is not None:
            transport.forget(path)

    def receive(self, buffer: Buffer, size: int, path: Path, source: tuple[str, int], *, now: float) -> None:
        """Take the datagram in the first `size` bytes of the buffer that came by `path` from the address `source`."""
        if size and buffer.view[0] == 0:
            self._on_check(buffer, size, path, source, now)
            return
        transport = self._by_path.get(path)
        if transport is None:
            self.strangers += 1
            return
        transport.receive(buffer, size, path, source, now=now)

    def _on_check(self, buffer: Buffer, size: int, path: Path, source: tuple[str, int], now: float) -> None:
        username = stun.username_of(buffer.view[:size])
        transport = self._by_ufrag.get((username or "").partition(":")[0])
        if transport is None or transport.ended:
            self.strangers += 1
            return
        transport.receive(buffer, size, path, source, now=now)
        if transport.ice.knows(path):
            self._by_path[path] = transport

    def tick(self, *, now: float) -> None:
        """Let time pass for every transport, and let go of those that have ended."""
        for transport in set(self._by_ufrag.values()):
            transport.tick(now=now)
            if transport.ended:
                self.remove(transport)
