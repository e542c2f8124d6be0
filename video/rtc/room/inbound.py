"""One connection by which a seat sends: it offers, we answer; sources by the names that the seat gives their mids."""

from collections.abc import Mapping

from video.rtc import negotiate
from video.rtc.forward.publisher import Publisher, Source
from video.rtc.negotiate import Incoming
from video.rtc.room.ground import Ground
from video.rtc.room.model import KIND, NAMES, Connection, Name, Refused
from video.rtc.sdp import Description


class Inbound:
    """A publishing connection.

    Parameters
    ----------
    ground
        What the process shares.
    connection
        "main" or "screen": what may come by it.
    now
        Seconds of any monotonic clock.
    """

    def __init__(self, ground: Ground, connection: Connection, *, now: float) -> None:
        self.connection = connection
        self._ground = ground
        self._local = ground.local()
        self.transport = ground.open(self._local, now=now)
        self.publisher = Publisher(self.transport, [])
        self._names: dict[str, Name] = {}
        self._session, self._version = ground.number(), 0
        self.stream = f"p{self._session}"  # lips stay in step within one stream (RFC 8830)

    @property
    def sources(self) -> dict[Name, Source]:
        """What comes by this connection."""
        if self.transport.ended:
            return {}
        return {name: self.publisher.sources[mid] for mid, name in self._names.items()}

    def is_from(self, description: Description) -> bool:
        """Tell whether an offer is of the peer at the other end of this connection."""
        dtls = self.transport.dtls
        return not self.transport.ended and dtls is not None and dtls.is_for(description.transport.fingerprint)

    def publish(self, offer: Description, names: Mapping[str, str]) -> str:
        """Take an offer, the first or a later one of the same peer; return the answer.

        Raises
        ------
        Refused
            A mid has a name that cannot be.
        InvalidSdp
            There is nothing in it that we can take.
        """
        chosen = {mid: self._name(offer, mid, name) for mid, name in names.items()}
        if len(set(chosen.values())) != len(chosen):
            raise Refused("BAD_REQUEST", "two sections have one name")
        remote = offer.transport
        role = negotiate.role_of(remote, offered_by_us=False)
        if remote.credentials is None:
            raise Refused("BAD_SDP", "no ICE credentials")
        known = self.transport.ice.remote
        if known is not None and known.ufrag != remote.credentials.ufrag:
            self._local = self._ground.restart(self.transport)
        self._version += 1
        text, incoming = negotiate.answer(offer, self._local, session=self._session, version=self._version)
        self._take(incoming, chosen)
        self.transport.set_remote(remote.credentials, remote.fingerprint, role)
        return text

    def _name(self, offer: Description, mid: str, name: str) -> Name:
        if name not in NAMES[self.connection]:
            raise Refused("BAD_REQUEST", f"no {name} comes by {self.connection}")
        kinds = [section.kind for section in offer.sections if section.mid == mid]
        if kinds != [KIND[Name(name)]]:
            raise Refused("BAD_REQUEST", f"mid {mid} is no {name}")
        return Name(name)

    def _take(self, incoming: list[Incoming], names: Mapping[str, Name]) -> None:
        named = [each for each in incoming if each.mid in names]
        self._names = {each.mid: names[each.mid] for each in named}
        self.publisher.renew(named)

    def allow(self, names: frozenset[Name]) -> None:
        """Let pass what the roster says, and nothing else."""
        for name, source in self.sources.items():
            if source.is_allowed != (name in names):
                source.allow(allowed=name in names)

    def close(self) -> None:
        """End it at once."""
        self._ground.close(self.transport)
