"""An ICE-lite agent: answers connectivity checks, takes the nominated path, notices who is gone.

Lite agents send no checks and are always controlled by a full peer (RFC 8445 §2.5, §6.1.1), which a browser and
aiortc are. The peer's own checks serve as its consent (RFC 7675).
"""

import hmac
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field

from video.rtc import stun
from video.rtc.stun import Attribute, Class, Message

Path = Hashable  # a UDP address, or the listener's own handle of a TCP connection
Entropy = Callable[[int], bytes]

CONSENT = 30.0  # seconds without a check until the peer counts as gone (RFC 7675 §5.1)
STALE = 2.5  # seconds without anything on the selected path after which a check from another one moves us
MAX_PATHS = 32  # validated paths kept per agent
TIE_BREAKER = bytes(8)  # the lowest: a peer that takes itself for controlled is told to switch
_ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"


@dataclass(frozen=True, slots=True)
class Credentials:
    """User name fragment and password of one side (RFC 8445 §5.3)."""

    ufrag: str
    password: str = field(repr=False)

    @classmethod
    def generate(cls, entropy: Entropy) -> "Credentials":
        """Return new ones: 96 bits of name, 192 bits of password."""
        return cls(_ice_chars(entropy(16)), _ice_chars(entropy(32)))


def _ice_chars(random: bytes) -> str:
    return "".join(_ALPHABET[byte & 63] for byte in random)


@dataclass(frozen=True, slots=True)
class Checked:
    """What came of one check: the answer, and the path if this check selected another one."""

    answer: bytes
    selected: Path | None = None


class IceAgent:
    """The lite side of one ICE session.

    Parameters
    ----------
    local
        Our credentials.
    now
        Seconds of any monotonic clock.
    """

    def __init__(self, local: Credentials, *, now: float) -> None:
        self.local = local
        self.remote: Credentials | None = None
        self.selected: Path | None = None
        self.checked_at = now  # the last authentic check: the peer's consent
        self.heard_at = now  # anything authentic on the selected path; the transport keeps it for media
        self._previous: Credentials | None = None
        self._paths: dict[Path, None] = {}

    @property
    def ufrags(self) -> tuple[str, ...]:
        """The user name fragments that checks for this agent may carry."""
        return (self.local.ufrag,) if self._previous is None else (self.local.ufrag, self._previous.ufrag)

    def restart(self, local: Credentials, remote: Credentials | None = None) -> None:
        """Begin an ICE restart (RFC 8445 §9): the old path and credentials hold until the new ones are nominated."""
        self._previous, self.local = self.local, local
        self.remote = remote

    def knows(self, path: Path) -> bool:
        """Tell whether an authentic check has come by this path."""
        return path in self._paths

    def is_expired(self, *, now: float) -> bool:
        """Tell whether the peer's consent has run out (RFC 7675 §5.1)."""
        return now - self.checked_at > CONSENT

    def receive(self, data: bytes, path: Path, source: tuple[str, int], *, now: float) -> Checked | None:
        """Take a STUN message that came by `path` from the address `source`; None for what needs no answer.

        Raises
        ------
        InvalidStun
            It is no STUN message, or damaged.
        """
        message = stun.parse(data)
        if message.message_class is not Class.REQUEST or message.method != stun.BINDING:
            return None  # we send no requests, and an indication only keeps a NAT open
        credentials = self._credentials_of(message)
        if credentials is None or not message.is_authentic(credentials.password.encode()):
            return self._refuse(message)
        key = credentials.password.encode()
        if unknown := message.unknown_required():
            listed = b"".join(each.to_bytes(2) for each in unknown)
            details = (stun.error_code(420, "Unknown Attribute"), (Attribute.UNKNOWN_ATTRIBUTES, listed))
            return Checked(stun.build(Class.ERROR, message.transaction_id, details, key=key))
        if Attribute.ICE_CONTROLLED in message.attributes:  # RFC 8445 §7.3.1.1: a lite agent cannot take over
            conflict = [stun.error_code(487, "Role Conflict")]
            return Checked(stun.build(Class.ERROR, message.transaction_id, conflict, key=key))
        mapped = stun.xor_address(*source, message.transaction_id)
        answer = stun.build(Class.SUCCESS, message.transaction_id, [(Attribute.XOR_MAPPED_ADDRESS, mapped)], key=key)
        return Checked(answer, self._on_check(message, path, credentials, now))

    def _credentials_of(self, message: Message) -> Credentials | None:
        """Return the credentials of ours that USERNAME names (RFC 8445 §7.2.2), checking the peer's part too."""
        local, _, remote = message.attributes.get(Attribute.USERNAME, b"").partition(b":")
        if hmac.compare_digest(local, self.local.ufrag.encode()):
            expected = self.remote.ufrag.encode() if self.remote is not None else remote
            return self.local if hmac.compare_digest(remote, expected) else None
        if self._previous is not None and hmac.compare_digest(local, self._previous.ufrag.encode()):
            return self._previous
        return None

    @staticmethod
    def _refuse(message: Message) -> Checked:
        """Answer without integrity: 400 where credentials are missing, else 401 (RFC 8489 §9.1.3)."""
        missing = Attribute.USERNAME not in message.attributes or message.integrity_at is None
        reason = stun.error_code(400, "Bad Request") if missing else stun.error_code(401, "Unauthenticated")
        return Checked(stun.build(Class.ERROR, message.transaction_id, [reason]))

    def _on_check(self, message: Message, path: Path, credentials: Credentials, now: float) -> Path | None:
        """Keep the path, and return it where it is selected anew.

        A nomination moves us (RFC 8445 §7.3.1.5). So does any authentic check once the selected path has fallen
        silent: a peer behind a rebound NAT need not nominate again, and ours would be a dead address.
        """
        self.checked_at = now
        if path not in self._paths:
            if len(self._paths) >= MAX_PATHS:
                del self._paths[next(each for each in self._paths if each != self.selected)]
            self._paths[path] = None
        nominated = Attribute.USE_CANDIDATE in message.attributes
        if nominated and credentials is self.local:
            self._previous = None
        if path == self.selected:
            self.heard_at = now
            return None
        silent = self.selected is not None and now - self.heard_at > STALE
        if not (nominated and credentials is self.local) and not silent:
            return None
        self.selected, self.heard_at = path, now
        return path

    def forget(self, path: Path) -> None:
        """A TCP connection has ended: nothing comes or goes by this path again."""
        self._paths.pop(path, None)
        if self.selected == path:
            self.selected = None
