"""A media port with a forwarder behind it, and aiortc peers as a test's participants."""

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Self

from aiortc import RTCConfiguration, RTCPeerConnection, RTCSessionDescription

from server.listeners.media import MediaListener, MediaOptions
from video.rtc import negotiate, sdp
from video.rtc.dtls import Identity
from video.rtc.forward.publisher import Publisher
from video.rtc.forward.subscriber import Limit, Subscriber
from video.rtc.ice import Credentials, Path
from video.rtc.negotiate import Local, Offered, Outgoing
from video.rtc.transport import Transport

IDENTITY = Identity(now=datetime.now(UTC))


class Hub:
    """Everybody who publishes and subscribes on one port."""

    def __init__(self) -> None:
        self.listener = MediaListener(MediaOptions(), tick=self._tick)
        self.publishers: list[Publisher] = []
        self.subscribers: list[Subscriber] = []
        self.candidates: tuple[tuple[str, str, int], ...] = ()
        self.lose: Callable[[memoryview | bytes], bool] = lambda _: False
        self._serial = 0

    async def __aenter__(self) -> Self:
        port = await self.listener.start()
        self.candidates = (("udp", "127.0.0.1", port), ("tcp", "127.0.0.1", port))
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.listener.stop()

    def _tick(self, now: float) -> None:
        for publisher in self.publishers:
            publisher.tick(now=now)
        for subscriber in self.subscribers:
            subscriber.tick(now=now)

    def _send(self, datagram: memoryview | bytes, path: Path) -> None:
        if not self.lose(datagram):
            self.listener.send(datagram, path)

    def local(self) -> Local:
        """Return credentials of our own for one transport."""
        self._serial += 1
        made = Credentials(f"ufrag{self._serial}", f"a-password-of-22-chars-{self._serial}")
        return Local(made, IDENTITY.fingerprint, self.candidates)

    def transport(self, local: Local) -> Transport:
        """Return a transport on the port."""
        now = asyncio.get_running_loop().time()
        made = Transport(IDENTITY, local.credentials, send=self._send, buffer=self.listener.outgoing, now=now)
        self.listener.port.add(made)
        return made

    def publish(self, offer: str) -> tuple[str, Publisher, Transport]:
        """Answer an offer."""
        local, description = self.local(), sdp.parse(offer)
        text, incoming = negotiate.answer(description, local, session=self._serial)
        transport, remote = self.transport(local), description.transport
        assert remote.credentials is not None
        publisher = Publisher(transport, incoming)
        role = negotiate.role_of(remote, offered_by_us=False)
        transport.set_remote(remote.credentials, remote.fingerprint, role)
        self.publishers.append(publisher)
        return text, publisher, transport

    def offer(self, publisher: Publisher) -> tuple[str, list[Offered], Subscriber, Transport]:
        """Offer all that a publisher sends."""
        local = self.local()
        media = [
            Outgoing(
                str(at),
                source.kind,
                source.codec,
                10_000 * self._serial + 10 * at + 1,
                10_000 * self._serial + 10 * at + 2,
                "publisher",
                f"stream{self._serial}",
                source.incoming.parameters if source.kind == "video" else "",
                red=len(source.incoming.codecs) > 1,
            )
            for at, source in enumerate(publisher.sources.values())
        ]
        text, offered = negotiate.offer(media, local, session=self._serial, version=1)
        transport = self.transport(local)
        subscriber = Subscriber(transport, self.listener.outgoing)
        self.subscribers.append(subscriber)
        return text, offered, subscriber, transport

    def answered(
        self,
        answer: str,
        offered: list[Offered],
        publisher: Publisher,
        subscriber: Subscriber,
        transport: Transport,
        *,
        limit: Limit = Limit.ALL,
    ) -> None:
        """Take a subscriber's answer."""
        description = sdp.parse(answer)
        remote = description.transport
        assert remote.credentials is not None
        sources = list(publisher.sources.values())
        for taken in negotiate.taken(description, offered):
            subscriber.subscribe(taken, sources[int(taken.offered.media.mid)], limit=limit)
        transport.set_remote(remote.credentials, remote.fingerprint, negotiate.role_of(remote, offered_by_us=True))


def peer() -> RTCPeerConnection:
    """Return a stock aiortc peer without servers."""
    return RTCPeerConnection(RTCConfiguration(iceServers=[]))


async def publish(hub: Hub, connection: RTCPeerConnection) -> tuple[Publisher, Transport]:
    """Let an aiortc peer publish what it has."""
    await connection.setLocalDescription(await connection.createOffer())
    text, publisher, transport = hub.publish(connection.localDescription.sdp)
    await connection.setRemoteDescription(RTCSessionDescription(text, "answer"))
    return publisher, transport


async def subscribe(
    hub: Hub, publisher: Publisher, connection: RTCPeerConnection, *, limit: Limit = Limit.ALL
) -> tuple[Subscriber, Transport]:
    """Let an aiortc peer subscribe to all of a publisher."""
    text, offered, subscriber, transport = hub.offer(publisher)
    await connection.setRemoteDescription(RTCSessionDescription(text, "offer"))
    await connection.setLocalDescription(await connection.createAnswer())
    hub.answered(connection.localDescription.sdp, offered, publisher, subscriber, transport, limit=limit)
    return subscriber, transport


async def until(condition: Callable[[], bool], what: str, *, seconds: float = 20.0) -> None:
    """Wait for a condition, and say what did not come."""
    for _ in range(int(seconds / 0.05)):
        if condition():
            return
        await asyncio.sleep(0.05)
    raise AssertionError(f"not within {seconds} s: {what}")
