"""A media room with people in memory: their checks, DTLS and SRTP on a port without sockets, minute by minute."""

import itertools
import random
from collections.abc import Callable
from typing import Any

from tests.video.rtc.participant import CLIENT, SERVER, check, rtp_packet, vp8
from video.rtc import negotiate, rtcp, rtp, sdp
from video.rtc.dtls import DtlsSession, Role
from video.rtc.framing import Protocol, protocol_of
from video.rtc.ice import Credentials, Path
from video.rtc.negotiate import Local, Outgoing
from video.rtc.payload import Codec
from video.rtc.port import MediaPort
from video.rtc.room.ground import Ground
from video.rtc.room.model import Connection, Name, Notice, Roster, Seat
from video.rtc.room.room import Room
from video.rtc.rtcp import Rtcp
from video.rtc.srtp import Buffer, Srtp, srtp_for

TICK = 0.02
EVERYTHING = frozenset({Name.MICROPHONE, Name.CAMERA, Name.SCREEN})
INSIDE = Seat(EVERYTHING, receive=True)
_numbers = itertools.count(1)


entropy = random.Random(7).randbytes


class Link:
    """The client's end of one connection."""

    def __init__(self, port: MediaPort, path: tuple[str, int], now: Callable[[], float]) -> None:
        self.path, self.local = path, Credentials.generate(entropy)
        self.rtp: list[bytes] = []
        self.rtcp: list[Rtcp] = []
        self.srtp: Srtp | None = None
        self.dtls: DtlsSession | None = None
        self.is_closed = False
        self._port, self._now = port, now
        self._answers: list[bytes] = []

    def heard(self, datagram: bytes) -> None:
        """Take a datagram of the server."""
        match protocol_of(datagram[0], datagram[1]):
            case Protocol.DTLS if self.dtls is not None:
                self._answers += self.dtls.receive(datagram)
                self.is_closed = self.dtls.closed
            case Protocol.RTP if self.srtp is not None:
                self.rtp += self._open(self.srtp.unprotect, datagram)
            case Protocol.RTCP if self.srtp is not None:
                for each in self._open(self.srtp.unprotect_rtcp, datagram):
                    self.rtcp += rtcp.parse(each)
            case _:
                pass

    @staticmethod
    def _open(unprotect: Callable[[Buffer, int], int], datagram: bytes) -> list[bytes]:
        buffer = Buffer()
        size = unprotect(buffer, buffer.fill(datagram))
        return [bytes(buffer.view[:size])] if size else []

    def give(self, datagram: bytes) -> None:
        """Let the server's port receive a datagram of ours."""
        buffer = Buffer()
        self._port.receive(buffer, buffer.fill(datagram), self.path, self.path, now=self._now())

    def connect(self, remote: Credentials, role: Role) -> None:
        """Nominate our path, then DTLS until there are keys."""
        self.dtls = self.dtls or DtlsSession(CLIENT, role, SERVER.fingerprint)
        self.give(check(ours=remote, theirs=self.local))
        self._answers += self.dtls.start() if self.srtp is None else []
        for _ in range(10):
            flight, self._answers = self._answers, []
            for datagram in flight:
                self.give(datagram)
        if self.srtp is None and self.dtls.keys is not None:
            self.srtp = srtp_for(self.dtls.keys)

    def give_rtp(self, packet: bytes) -> None:
        """Send an RTP packet, protected."""
        assert self.srtp is not None
        buffer = Buffer()
        self.give(bytes(buffer.view[: self.srtp.protect(buffer, buffer.fill(packet))]))

    def give_rtcp(self, *packets: Rtcp) -> None:
        """Send RTCP packets, protected."""
        assert self.srtp is not None
        buffer = Buffer()
        self.give(bytes(buffer.view[: self.srtp.protect_rtcp(buffer, buffer.fill(rtcp.build(packets)))]))

    def take(self) -> list[bytes]:
        """Return what came since the last call."""
        came, self.rtp = self.rtp, []
        return came


class Person:
    """Somebody with a seat."""

    def __init__(self, house: "House", seat: str) -> None:
        self.house, self.seat = house, seat
        self.sending: dict[Connection, Link] = {}
        self.receiving: Link | None = None
        self.offer: dict[str, Any] = {}
        self.told: list[dict[str, Any]] = []
        self.active: set[Name] = set()
        self.answers = True
        self._sent = 0
        self.base = next(_numbers) * 1000

    # -- sending -----------------------------------------------------------------------------------------------

    def sdp(self, link: Link, *names: Name, version: int = 1) -> str:
        """Return an offer of these sources."""
        media = [
            Outgoing(
                str(mid),
                "audio" if name is Name.MICROPHONE else "video",
                Codec.OPUS if name is Name.MICROPHONE else Codec.VP8,
                self.base + 10 * mid,
                self.base + 10 * mid + 1,
                self.seat,
                self.seat,
            )
            for mid, name in enumerate(names)
        ]
        return negotiate.offer(media, Local(link.local, CLIENT.fingerprint, ()), session=1, version=version)[0]

    def publish(self, *names: Name, connection: Connection = Connection.MAIN) -> Link:
        """Publish by a new connection."""
        link = self.house.link()
        self.base = next(_numbers) * 1000
        named = {str(mid): str(name) for mid, name in enumerate(names)}
        answer = self.house.room.publish(self.seat, connection, self.sdp(link, *names), named, now=self.house.now)
        remote = sdp.parse(answer).transport.credentials
        assert remote is not None
        link.connect(remote, Role.CLIENT)
        self.sending[connection] = link
        self.active = set(names)
        return link

    def send(self) -> None:
        """Send one packet of sound, and one picture that is a key frame."""
        self._sent += 1
        link = self.sending[Connection.MAIN]
        if Name.MICROPHONE in self.active:
            link.give_rtp(rtp_packet(111, self._sent, 960 * self._sent, self.base, bytes(80)))
        if Name.CAMERA in self.active:
            data = vp8(self._sent, key=True, body=bytes(200))
            link.give_rtp(rtp_packet(96, self._sent, 1800 * self._sent, self.base + 10, data, marker=True))

    # -- receiving ---------------------------------------------------------------------------------------------

    def subscribe(self) -> None:
        """Open the receiving connection."""
        self.receiving = self.house.link()
        self.house.room.subscribe(self.seat, now=self.house.now)
        self.house.deliver()

    def hear(self, message: dict[str, Any]) -> None:
        """Take a notice; offers are answered at once."""
        self.told.append(message)
        if message["type"] == "offer":
            self.offer = message
            if self.answers:
                self.answer()

    def answer(self) -> None:
        """Answer the last offer, and connect if that is news."""
        link, offer = self.receiving, sdp.parse(self.offer["sdp"])
        assert link is not None
        text, _ = negotiate.answer(offer, Local(link.local, CLIENT.fingerprint, ()), session=1)
        self.house.room.answer(self.seat, self.offer["version"], text, now=self.house.now)
        remote = offer.transport.credentials
        assert remote is not None
        link.connect(remote, Role.SERVER)

    def tracks(self) -> dict[int, str]:
        """Return which SSRC our last offer gave to whose source."""
        names = {each["mid"]: f"{each['seat']}/{each['source']}" for each in self.offer["tracks"]}
        return {
            section.ssrcs[0]: names[section.mid]
            for section in sdp.parse(self.offer["sdp"]).sections
            if section.mid in names
        }

    def got(self) -> dict[str, int]:
        """Return how many packets of each source came since the last call; what nobody offered has its SSRC."""
        assert self.receiving is not None
        tracks, counted = self.tracks() if self.offer else {}, dict[str, int]()
        for packet in self.receiving.take():
            ssrc = rtp.parse(packet, len(packet)).ssrc
            name = tracks.get(ssrc, str(ssrc))
            counted[name] = counted.get(name, 0) + 1
        return counted


class House:
    """One room on one port, and the people in it."""

    def __init__(self) -> None:
        self.now = 100.0
        self.port, self.buffer = MediaPort(), Buffer()
        self.people: dict[str, Person] = {}
        self.version = 0
        self.seats: dict[str, Seat] = {}
        self.host = ""
        self._links: dict[Path, Link] = {}
        candidates = (("udp", "127.0.0.1", 4000),)
        self.ground = Ground(SERVER, self.port, candidates, self.buffer, self._send, entropy)
        self.room = Room(1, self.ground, now=self.now)

    def _send(self, datagram: memoryview | bytes, path: Path) -> None:
        self._links[path].heard(bytes(datagram))

    def link(self) -> Link:
        """Return a new client's socket."""
        path = ("10.0.0.1", next(_numbers))
        self._links[path] = made = Link(self.port, path, lambda: self.now)
        return made

    def roster(self, **changed: Seat | None) -> None:
        """Change the roster; None takes a seat out."""
        for seat, allowed in changed.items():
            if allowed is None:
                self.seats.pop(seat, None)
            else:
                self.seats[seat] = allowed
        self.version += 1
        self.room.set_roster(Roster(self.version, dict(self.seats), self.host), now=self.now)
        self.deliver()

    def enter(self, seat: str, *names: Name, allowed: Seat = INSIDE) -> Person:
        """Let somebody in who publishes these sources and receives everybody."""
        person = self.people[seat] = Person(self, seat)
        self.roster(**{seat: allowed})
        if names:
            person.publish(*names)
        if allowed.receive:
            person.subscribe()
        self.deliver()
        return person

    def deliver(self) -> list[Notice]:
        """Hand on what the room says, until it says nothing more."""
        said: list[Notice] = []
        while notices := self.room.take_notices():
            said += notices
            for notice in notices:
                for seat in notice.to:
                    if seat in self.people:
                        self.people[seat].hear(notice.message)
        return said

    def play(self, seconds: float) -> None:
        """Let time pass; everybody who publishes by the main connection sends 50 packets of each source a second."""
        for _ in range(round(seconds / TICK)):
            self.now = round(self.now + TICK, 6)
            for person in self.people.values():
                if Connection.MAIN in person.sending and not person.sending[Connection.MAIN].is_closed:
                    person.send()
            self.port.tick(now=self.now)
            self.room.tick(now=self.now)
            self.deliver()
