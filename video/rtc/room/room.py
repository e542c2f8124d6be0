"""The room: it carries out what the roster says, and keeps everybody's offers in step with who sends.

Sans-IO. Nobody receives before the roster says so; of whoever it leaves out nothing is forwarded from that moment on.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from video.rtc import sdp
from video.rtc.room.ground import Ground
from video.rtc.room.inbound import Inbound
from video.rtc.room.model import Connection, Notice, Recorder, Refused, Roster, Seat, Track, Want
from video.rtc.room.outbound import Outbound, Published
from video.rtc.room.quality import Line
from video.rtc.sdp import Description, InvalidSdp

QUALITY_EVERY = 2.0  # seconds between two notices of everybody's line
_NOBODY = Seat()


class Room:
    """One media room.

    Parameters
    ----------
    epoch
        Which placement of the room this is; said in offers.
    ground
        What the process shares.
    now
        Seconds of any monotonic clock.
    """

    def __init__(self, epoch: int, ground: Ground, *, now: float) -> None:
        self.epoch = epoch
        self.renewed_at = now
        self._ground = ground
        self._roster = Roster(-1, {})
        self._inbounds: dict[tuple[str, Connection], Inbound] = {}
        self._outbounds: dict[str, Outbound] = {}
        self._recorder: Recorder | None = None
        self._notices: list[Notice] = []
        self._told_at = now

    # -- the roster --------------------------------------------------------------------------------------------

    def set_roster(self, roster: Roster, *, now: float) -> None:
        """Carry out who may send and receive; an older version changes nothing."""
        self.renewed_at = now
        if roster.version < self._roster.version:
            return
        self._roster = roster
        for key in [key for key in self._inbounds if key[0] not in roster.seats]:
            self._inbounds.pop(key).close()
        for seat in [seat for seat in self._outbounds if not self._seat(seat).receive]:
            self._outbounds.pop(seat).close()
        for (seat, _), inbound in self._inbounds.items():
            inbound.allow(self._seat(seat).publish)
        for seat, outbound in self._outbounds.items():
            outbound.lower(low=self._seat(seat).low)
        self._refresh(now)

    def _seat(self, seat: str) -> Seat:
        return self._roster.seats.get(seat, _NOBODY)

    def _require(self, seat: str) -> Seat:
        if seat not in self._roster.seats:
            raise Refused("NO_SEAT", "the roster has no such seat")
        return self._roster.seats[seat]

    # -- who sends ---------------------------------------------------------------------------------------------

    def publish(self, seat: str, connection: Connection, text: str, names: Mapping[str, str], *, now: float) -> str:
        """Take a seat's offer and return the answer; of another peer than before it replaces what was there.

        Raises
        ------
        Refused
            With a stable code.
        """
        self._require(seat)
        offer = _parse(text)
        key = (seat, connection)
        before = self._inbounds.get(key)
        inbound = before
        try:
            if inbound is None or not inbound.is_from(offer):
                inbound = Inbound(self._ground, connection, now=now)
            answer = inbound.publish(offer, names)
        except (InvalidSdp, Refused) as error:
            if inbound is not None and inbound is not before:
                inbound.close()
            raise error if isinstance(error, Refused) else Refused("BAD_SDP", str(error)) from error
        if before is not None and before is not inbound:
            before.close()
        self._inbounds[key] = inbound
        inbound.allow(self._seat(seat).publish)
        self._refresh(now)
        return answer

    def unpublish(self, seat: str, connection: Connection, *, now: float) -> None:
        """End a publishing connection; one that is not there has ended already."""
        inbound = self._inbounds.pop((seat, connection), None)
        if inbound is not None:
            inbound.close()
            self._refresh(now)

    # -- who receives ------------------------------------------------------------------------------------------

    def subscribe(self, seat: str, *, now: float) -> None:
        """Open a seat's receiving connection, in the place of the one before; offers go out as notices.

        Raises
        ------
        Refused
            The roster does not let the seat receive.
        """
        allowed = self._require(seat)
        if not allowed.receive:
            raise Refused("NOT_ALLOWED", "the seat does not receive yet")
        before = self._outbounds.pop(seat, None)
        if before is not None:
            before.close()
        self._outbounds[seat] = Outbound(self._ground, epoch=self.epoch, low=allowed.low, now=now)
        self._refresh(now)

    def answer(self, seat: str, version: int, text: str, *, now: float) -> None:
        """Take a seat's answer to an offer.

        Raises
        ------
        Refused
            There is no such connection, or it is no answer.
        """
        outbound = self._outbound(seat)
        try:
            outbound.answer(version, _parse(text))
        except InvalidSdp as error:
            raise Refused("BAD_SDP", str(error)) from error
        self._offer(seat, outbound, now)

    def restart(self, seat: str, *, now: float) -> None:
        """Offer a seat's receiving connection anew with other ICE credentials.

        Raises
        ------
        Refused
            There is no such connection.
        """
        outbound = self._outbound(seat)
        outbound.restart()
        self._offer(seat, outbound, now)

    def want(self, seat: str, wants: Mapping[Track, Want]) -> None:
        """Take how much a seat wants of each video.

        Raises
        ------
        Refused
            There is no such connection.
        """
        self._outbound(seat).want(wants)

    def _outbound(self, seat: str) -> Outbound:
        if seat not in self._outbounds:
            raise Refused("NO_CONNECTION", "the seat has no receiving connection")
        return self._outbounds[seat]

    # -- in time -----------------------------------------------------------------------------------------------

    def tick(self, *, now: float) -> None:
        """Let time pass for everybody; call every 20 ms."""
        for inbound in self._inbounds.values():
            inbound.publisher.tick(now=now)
        for seat, outbound in self._outbounds.items():
            outbound.subscriber.tick(now=now)
            for message in outbound.events():
                self._notices.append(Notice((seat,), message))
            self._offer(seat, outbound, now)
        self._let_go(now)
        if now - self._told_at >= QUALITY_EVERY:
            self._told_at = now
            self._tell_quality(now)

    def _let_go(self, now: float) -> None:
        """Drop the connections that have ended by themselves, and say so."""
        senders = [key for key, inbound in self._inbounds.items() if inbound.transport.ended]
        receivers = [seat for seat, outbound in self._outbounds.items() if outbound.transport.ended]
        for seat, connection in senders:
            self._gone(seat, connection, self._inbounds.pop((seat, connection)).transport.ended)
        for seat in receivers:
            self._gone(seat, Connection.SUBSCRIBE, self._outbounds.pop(seat).transport.ended)
        if senders:
            self._refresh(now)

    def _gone(self, seat: str, connection: Connection, why: str) -> None:
        message = {"type": "gone", "connection": str(connection), "why": why}
        self._notices.append(Notice((seat,), message))

    def _refresh(self, now: float) -> None:
        """Show everybody who sends what."""
        published = {
            Track(seat, name): Published(source, inbound.stream)
            for (seat, _), inbound in self._inbounds.items()
            for name, source in inbound.sources.items()
        }
        for seat, outbound in self._outbounds.items():
            outbound.show({track: each for track, each in published.items() if track.seat != seat})
            self._offer(seat, outbound, now)
        self._wire(published, now)

    def _wire(self, published: Mapping[Track, Published], now: float) -> None:
        recorder = self._recorder
        if recorder is not None:
            recorder.keep({each.source for each in published.values()}, now=now)
        for track, each in published.items():
            each.source.tap = None if recorder is None else recorder.tap(track, each.source, each.stream, now=now)

    def record(self, recorder: Recorder | None, *, now: float) -> None:
        """Give all that passes to a recorder, or to nobody from this moment on."""
        self._recorder = recorder
        self._refresh(now)

    def _offer(self, seat: str, outbound: Outbound, now: float) -> None:
        offer = outbound.offer(now=now)
        if offer is not None:
            self._notices.append(Notice((seat,), offer))

    def tell_host(self, message: dict[str, Any]) -> None:
        """Say something to the host; with none, to whoever keeps the room."""
        self._notices.append(Notice((self._roster.host,) if self._roster.host else (), message))

    def take_notices(self) -> list[Notice]:
        """Return what is to be said since the last call."""
        notices, self._notices = self._notices, []
        return notices

    # -- how good the lines are --------------------------------------------------------------------------------

    def stats(self, *, now: float) -> dict[str, dict[str, Any]]:
        """Return everybody's line."""
        seats = dict.fromkeys([*(seat for seat, _ in self._inbounds), *self._outbounds])
        return {seat: self._line(seat, now).as_message() for seat in seats}

    def _line(self, seat: str, now: float) -> Line:
        sources = [source for inbound in self._inbounds_of(seat) for source in inbound.sources.values()]
        layers = [layer for source in sources for layer in source.layers if layer.is_sent(now=now)]
        losses = [layer.loss for layer in layers]
        incoming = sum(layer.rate.bitrate(now=now) for layer in layers)
        outbound = self._outbounds.get(seat)
        if outbound is None:
            return Line(loss=max(losses, default=0.0), incoming=incoming)
        subscriber = outbound.subscriber
        return Line(
            subscriber.measured_round_trip,
            max([*losses, subscriber.estimate.loss]),
            incoming,
            subscriber.sent_bitrate(now=now),
            subscriber.is_starved,
        )

    def _inbounds_of(self, seat: str) -> Iterator[Inbound]:
        return (inbound for (owner, _), inbound in self._inbounds.items() if owner == seat)

    def _tell_quality(self, now: float) -> None:
        lines = self.stats(now=now)
        for seat, line in lines.items():
            seats = lines if seat == self._roster.host else {seat: line}
            self._notices.append(Notice((seat,), {"type": "quality", "seats": seats}))

    def close(self) -> None:
        """End every connection at once."""
        for inbound in self._inbounds.values():
            inbound.close()
        for outbound in self._outbounds.values():
            outbound.close()
        self._inbounds.clear()
        self._outbounds.clear()


def _parse(text: str) -> Description:
    try:
        return sdp.parse(text)
    except InvalidSdp as error:
        raise Refused("BAD_SDP", str(error)) from error
