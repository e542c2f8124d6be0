"""STUN messages as ICE uses them: Binding only, short-term credentials (RFC 8489; RFC 8445 §16)."""

import binascii
import hmac
import ipaddress
import struct
from collections.abc import Iterable
from dataclasses import dataclass
from enum import IntEnum

HEADER = 20
MAGIC_COOKIE = 0x2112A442
BINDING = 0x0001
_FINGERPRINT_XOR = 0x5354554E
_INTEGRITY_SIZE = 20  # HMAC-SHA1
_COMPREHENSION_OPTIONAL = 0x8000
_FAMILY_BY_SIZE = {4: 1, 16: 2}
_SIZE_BY_FAMILY = {1: 4, 2: 16}


class Class(IntEnum):
    """The two class bits in their place in the message type (RFC 8489 §5)."""

    REQUEST = 0x000
    INDICATION = 0x010
    SUCCESS = 0x100
    ERROR = 0x110


class Attribute(IntEnum):
    """The attributes that ICE needs (RFC 8489 §18.3, RFC 8445 §16.1)."""

    USERNAME = 0x0006
    MESSAGE_INTEGRITY = 0x0008
    ERROR_CODE = 0x0009
    UNKNOWN_ATTRIBUTES = 0x000A
    XOR_MAPPED_ADDRESS = 0x0020
    PRIORITY = 0x0024
    USE_CANDIDATE = 0x0025
    SOFTWARE = 0x8022
    FINGERPRINT = 0x8028
    ICE_CONTROLLED = 0x8029
    ICE_CONTROLLING = 0x802A


_KNOWN = frozenset(Attribute)


class InvalidStun(ValueError):
    """The bytes are no STUN message, or a damaged one."""


@dataclass(frozen=True, slots=True)
class Message:
    """One STUN message.

    `attributes` holds the first value of each type, and nothing that follows MESSAGE-INTEGRITY but FINGERPRINT
    (RFC 8489 §14.5); `integrity_at` is where MESSAGE-INTEGRITY begins, None without one.
    """

    message_class: Class
    method: int
    transaction_id: bytes
    attributes: dict[int, bytes]
    raw: bytes = b""
    integrity_at: int | None = None

    def is_authentic(self, key: bytes) -> bool:
        """Tell whether MESSAGE-INTEGRITY is there and was made with this key (RFC 8489 §14.5)."""
        if self.integrity_at is None:
            return False
        made = self.attributes[Attribute.MESSAGE_INTEGRITY]
        return hmac.compare_digest(made, _integrity(self.raw[: self.integrity_at], key))

    def unknown_required(self) -> list[int]:
        """Return the attributes that the sender wants understood and that we do not know (RFC 8489 §6.3.1)."""
        return [each for each in self.attributes if each < _COMPREHENSION_OPTIONAL and each not in _KNOWN]


def _with_length(message: bytes, added: int) -> bytes:
    return message[:2] + struct.pack(">H", len(message) - HEADER + added) + message[4:]


def _integrity(before: bytes, key: bytes) -> bytes:
    return hmac.digest(key, _with_length(before, 4 + _INTEGRITY_SIZE), "sha1")


def _fingerprint(before: bytes) -> bytes:
    return struct.pack(">I", binascii.crc32(_with_length(before, 8)) ^ _FINGERPRINT_XOR)


def parse(data: bytes) -> Message:
    """Read one message; a FINGERPRINT in it has to hold (RFC 8489 §14.7).

    Raises
    ------
    InvalidStun
        Lengths, cookie or FINGERPRINT are wrong.
    """
    if len(data) < HEADER or data[0] & 0xC0:
        raise InvalidStun("no STUN header")
    kind, length, cookie = struct.unpack_from(">HHI", data)
    if cookie != MAGIC_COOKIE or length != len(data) - HEADER or length % 4:
        raise InvalidStun("wrong magic cookie or length")
    attributes, integrity_at = _read_attributes(data)
    method = kind & 0x000F | (kind & 0x00E0) >> 1 | (kind & 0x3E00) >> 2
    return Message(Class(kind & 0x0110), method, data[8:HEADER], attributes, data, integrity_at)


def _read_attributes(data: bytes) -> tuple[dict[int, bytes], int | None]:
    attributes: dict[int, bytes] = {}
    integrity_at: int | None = None
    at = HEADER
    while at < len(data):
        kind, size = struct.unpack_from(">HH", data, at)
        value = data[at + 4 : at + 4 + size]
        if len(value) != size:
            raise InvalidStun("an attribute is longer than its message")
        if kind == Attribute.FINGERPRINT:
            if value != _fingerprint(data[:at]):
                raise InvalidStun("FINGERPRINT does not hold")
            attributes[kind] = value
            break
        if integrity_at is None:
            attributes.setdefault(kind, value)
            if kind == Attribute.MESSAGE_INTEGRITY:
                integrity_at = at
        at += 4 + size + -size % 4
    return attributes, integrity_at


def build(
    message_class: Class,
    transaction_id: bytes,
    attributes: Iterable[tuple[int, bytes]] = (),
    *,
    key: bytes | None = None,
) -> bytes:
    """Write a Binding message with FINGERPRINT, and with MESSAGE-INTEGRITY where a key is given."""
    body = b"".join(struct.pack(">HH", kind, len(value)) + value + bytes(-len(value) % 4) for kind, value in attributes)
    message = struct.pack(">HHI", BINDING | message_class, 0, MAGIC_COOKIE) + transaction_id + body
    if key is not None:
        message += struct.pack(">HH", Attribute.MESSAGE_INTEGRITY, _INTEGRITY_SIZE) + _integrity(message, key)
    message += struct.pack(">HH", Attribute.FINGERPRINT, 4) + _fingerprint(message)
    return _with_length(message, 0)


def xor_address(host: str, port: int, transaction_id: bytes) -> bytes:
    """Encode XOR-MAPPED-ADDRESS (RFC 8489 §14.2)."""
    packed = ipaddress.ip_address(host.partition("%")[0]).packed
    mask = struct.pack(">I", MAGIC_COOKIE) + transaction_id
    masked = bytes(a ^ b for a, b in zip(packed, mask, strict=False))
    return struct.pack(">BBH", 0, _FAMILY_BY_SIZE[len(packed)], port ^ MAGIC_COOKIE >> 16) + masked


def read_xor_address(value: bytes, transaction_id: bytes) -> tuple[str, int]:
    """Decode XOR-MAPPED-ADDRESS.

    Raises
    ------
    InvalidStun
        The family is unknown or the address is short.
    """
    if len(value) < 4 or len(value) != 4 + _SIZE_BY_FAMILY.get(value[1], -4):
        raise InvalidStun("no address")
    mask = struct.pack(">I", MAGIC_COOKIE) + transaction_id
    packed = bytes(a ^ b for a, b in zip(value[4:], mask, strict=False))
    port = struct.unpack_from(">H", value, 2)[0] ^ MAGIC_COOKIE >> 16
    return str(ipaddress.ip_address(packed)), port


def error_code(code: int, reason: str) -> tuple[int, bytes]:
    """Return the ERROR-CODE attribute (RFC 8489 §14.8)."""
    return Attribute.ERROR_CODE, struct.pack(">HBB", 0, code // 100, code % 100) + reason.encode()


def username_of(data: bytes | memoryview) -> str | None:
    """Return the USERNAME of a Binding request without checking anything else, None if there is none.

    What one port shared by many agents finds the addressed one with; the agent checks the message itself.
    """
    at, end = HEADER, len(data)
    if end < HEADER or data[0] != 0 or data[1] != BINDING:
        return None
    while at + 4 <= end:
        kind, size = struct.unpack_from(">HH", data, at)
        if kind == Attribute.USERNAME:
            return bytes(data[at + 4 : at + 4 + size]).decode("utf-8", "replace")
        at += 4 + size + -size % 4
    return None
