"""The connection by which a seat receives everybody else: we offer, it answers, again whenever somebody's media change.

Mids are stable: the section of a source that ended becomes inactive and is taken for the next one of its codec.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from video.rtc import negotiate
from video.rtc.forward.publisher import Source
from video.rtc.forward.subscriber import Limit, Subscriber, VideoPaused, VideoResumed
from video.rtc.negotiate import Offered, Outgoing
from video.rtc.payload import Codec
from video.rtc.room.ground import Ground
from video.rtc.room.model import PRIORITY, Refused, Track, Want
from video.rtc.sdp import MAX_SECTIONS, Description

OFFER_AGAIN = 4.0  # seconds without an answer until a new offer is made: the old one may have been lost


@dataclass(frozen=True, slots=True)
class Published:
    """A source as a receiver is offered it."""

    source: Source
    stream: str


class _Slot:
    """One section of our offers."""

    def __init__(self, media: Outgoing) -> None:
        self.media = media
        self.track: Track | None = None
        self.source: Source | None = None
        self.is_subscribed = False


class Outbound:
    """A receiving connection.

    Parameters
    ----------
    ground
        What the process shares.
    epoch
        Of the room, said in each offer.
    low
        The lowest layers only.
    now
        Seconds of any monotonic clock.
    """

    def __init__(self, ground: Ground, *, epoch: int, low: bool, now: float) -> None:
        self.version = 0
        self._ground, self._epoch, self._low = ground, epoch, low
        self._local = ground.local()
        self.transport = ground.open(self._local, now=now)
        self.subscriber = Subscriber(self.transport, ground.buffer)
        self._slots: list[_Slot] = []
        self._wants: dict[Track, Want] = {}
        self._session = ground.number()
        self._is_due = False
        self._pending: list[Offered] = []  # offered and not answered yet
        self._offered_at = now

    # -- what there is to receive ------------------------------------------------------------------------------

    def show(self, tracks: Mapping[Track, Published]) -> None:
        """Take what there is to receive now; an offer is due where that is news."""
        for slot in self._slots:
            if slot.track is not None:
                published = tracks.get(slot.track)
                if published is None or published.source is not slot.source:
                    self._free(slot)
        shown = {slot.track for slot in self._slots}
        for track, published in tracks.items():
            if track not in shown:
                self._fill(track, published)

    def _free(self, slot: _Slot) -> None:
        self.subscriber.unsubscribe(slot.media.mid)
        slot.track = slot.source = None
        slot.is_subscribed, slot.media = False, replace(slot.media, active=False)
        self._is_due = True

    def _fill(self, track: Track, published: Published) -> None:
        source = published.source
        parameters = source.incoming.parameters if source.codec is Codec.H264 else ""
        slot = next((each for each in self._slots if each.track is None and self._fits(each, source, parameters)), None)
        if slot is None:
            if len(self._slots) >= MAX_SECTIONS:
                return
            slot = _Slot(Outgoing(str(len(self._slots)), source.kind, source.codec, 0, 0, "", ""))
            self._slots.append(slot)
        ssrc = self._ground.number()
        slot.media = Outgoing(
            slot.media.mid,
            source.kind,
            Codec.OPUS if source.kind == "audio" else source.codec,
            ssrc,
            ssrc + 1 if source.kind == "video" else 0,
            published.stream,
            published.stream,
            parameters,
            red=Codec.RED in source.incoming.codecs.values(),
        )
        slot.track, slot.source = track, source
        self._is_due = True

    @staticmethod
    def _fits(slot: _Slot, source: Source, parameters: str) -> bool:
        """Tell whether a free section keeps its payload types with this source (RFC 8829 §5.2.2: they do not move)."""
        if slot.media.kind != source.kind:
            return False
        if source.kind == "audio":
            return slot.media.red == (Codec.RED in source.incoming.codecs.values())
        return slot.media.codec is source.codec and slot.media.parameters == parameters

    # -- offer and answer --------------------------------------------------------------------------------------

    def offer(self, *, now: float) -> dict[str, Any] | None:
        """Return an offer if one is due: there is news, and the one before was answered or is overdue."""
        if self._pending and now - self._offered_at > OFFER_AGAIN:
            self._is_due, self._pending = True, []
        if not self._is_due or self._pending or not self._slots or self.transport.ended:
            return None
        self.version += 1
        self._is_due, self._offered_at = False, now
        media = [slot.media for slot in self._slots]
        text, self._pending = negotiate.offer(media, self._local, session=self._session, version=self.version)
        tracks = [
            {"mid": slot.media.mid, "seat": slot.track.seat, "source": str(slot.track.source)}
            for slot in self._slots
            if slot.track is not None
        ]
        return {"type": "offer", "epoch": self._epoch, "version": self.version, "sdp": text, "tracks": tracks}

    def answer(self, version: int, description: Description) -> None:
        """Take the answer to the offer of this version; one to another version is late and says nothing.

        Raises
        ------
        Refused
            It is of another peer than the answers before.
        InvalidSdp
            It has no transport.
        """
        if version != self.version or not self._pending:
            return
        remote = description.transport
        role = negotiate.role_of(remote, offered_by_us=True)
        if remote.credentials is None:
            raise Refused("BAD_SDP", "no ICE credentials")
        try:
            self.transport.set_remote(remote.credentials, remote.fingerprint, role)
        except ValueError as error:
            raise Refused("BAD_SDP", str(error)) from error
        slots = {slot.media.mid: slot for slot in self._slots}
        for taken in negotiate.taken(description, self._pending):
            slot, media = slots[taken.offered.media.mid], taken.offered.media
            if slot.media is media and slot.source is not None and slot.track is not None and not slot.is_subscribed:
                want = self._want(slot.track)
                self.subscriber.subscribe(taken, slot.source, limit=want.limit, priority=want.priority)
                slot.is_subscribed = True
        self._pending = []

    def restart(self) -> None:
        """Give new ICE credentials in a new offer."""
        self._local = self._ground.restart(self.transport)
        self._is_due, self._pending = True, []

    # -- how much of it ----------------------------------------------------------------------------------------

    def want(self, wants: Mapping[Track, Want]) -> None:
        """Take how much of each video is wanted; of what is not named, all."""
        self._wants = dict(wants)
        self._restrict()

    def lower(self, *, low: bool) -> None:
        """Give the lowest layers only, or whatever is wanted."""
        if low is not self._low:
            self._low = low
            self._restrict()

    def _restrict(self) -> None:
        for slot in self._slots:
            if slot.is_subscribed and slot.track is not None and slot.media.kind == "video":
                want = self._want(slot.track)
                self.subscriber.restrict(slot.media.mid, want.limit, priority=want.priority)

    def _want(self, track: Track) -> Want:
        want = self._wants.get(track, Want(Limit.ALL, PRIORITY[track.source]))
        return replace(want, limit=min(want.limit, Limit.LOW)) if self._low else want

    def events(self) -> list[dict[str, Any]]:
        """Return what the receiver is to be told of its videos since the last call."""
        happened = self.subscriber.take_events()
        if not happened:
            return []
        tracks = {slot.media.mid: slot.track for slot in self._slots}
        told: list[dict[str, Any]] = []
        for event in happened:
            track = tracks.get(event.mid)
            if track is None or not isinstance(event, VideoPaused | VideoResumed):
                continue
            told.append({"type": "resumed", "seat": track.seat, "source": str(track.source)})
            if isinstance(event, VideoPaused):
                told[-1] |= {"type": "paused", "cause": str(event.cause)}
        return told

    def close(self) -> None:
        """End it at once."""
        self._ground.close(self.transport)
