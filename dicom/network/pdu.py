"""The seven PDUs of the upper layer as values, to and from bytes (PS3.8 §9.3).

P-DATA-TF is only framed here: its data values stream through `association` and are never joined.
"""

import struct
from dataclasses import dataclass, field
from enum import IntEnum

APPLICATION_CONTEXT = "1.2.840.10008.3.1.1.1"
HEADER = struct.Struct(">BxI")  # type, reserved, length of what follows
PDV_HEADER = struct.Struct(">IBB")  # item length, presentation context id, message control header (PS3.8 E.2)
PDATA_FIXED = struct.Struct(">BxIIBB")  # a P-DATA-TF with one data value, up to its fragment
_ITEM = struct.Struct(">BxH")
_FIXED = struct.Struct(">HH16s16s32x")  # version, reserved, called, calling
_REPLY = struct.Struct(">BBIxBBB")
_CONTEXT = struct.Struct(">BxBx")
MAX_CONTEXTS = 128  # odd identifiers 1..255 (PS3.8 §9.3.2.2)
MAX_SYNTAXES = 256  # per context; the standard knows some 60 in all
MAX_ITEMS = 1024  # items of one level: a flood of small ones is refused before it is parsed

COMMAND = 0x01
LAST = 0x02


class PduType(IntEnum):
    """First byte of a PDU (PS3.8 §9.3.1)."""

    ASSOCIATE_RQ = 0x01
    ASSOCIATE_AC = 0x02
    ASSOCIATE_RJ = 0x03
    P_DATA = 0x04
    RELEASE_RQ = 0x05
    RELEASE_RP = 0x06
    ABORT = 0x07


class InvalidPdu(Exception):
    """The peer's bytes are no PDU; `reason` is the A-P-ABORT reason (PS3.8 Table 9-26)."""

    def __init__(self, detail: str, *, reason: int = 6) -> None:
        super().__init__(detail)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class ProposedContext:
    """One presentation context of a request: an abstract syntax and the transfer syntaxes offered for it."""

    id: int
    abstract_syntax: str
    transfer_syntaxes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ContextResult:
    """The answer to one context: 0 acceptance, 3 abstract syntax, 4 transfer syntaxes not supported (§9.3.3.2)."""

    id: int
    result: int
    transfer_syntax: str


@dataclass(frozen=True, slots=True)
class RoleSelection:
    """Who is SCU and who SCP for a SOP class (PS3.7 D.3.3.4)."""

    sop_class_uid: str
    scu: bool
    scp: bool


@dataclass(frozen=True, slots=True)
class UserInformation:
    """What each side says about itself (PS3.7 Annex D.3.3); 0 as maximum length means no limit."""

    max_length: int = 0
    implementation_class_uid: str = ""
    implementation_version_name: str = ""
    async_operations: tuple[int, int] | None = None
    roles: tuple[RoleSelection, ...] = ()


@dataclass(frozen=True, slots=True)
class AssociateRQ:
    r"""A-ASSOCIATE-RQ (PS3.8 §9.3.2). AE titles carry printable ASCII only; other bytes are shown as `\xNN`."""

    called_ae_title: str
    calling_ae_title: str
    contexts: tuple[ProposedContext, ...]
    user: UserInformation = field(default_factory=UserInformation)
    application_context: str = APPLICATION_CONTEXT
    protocol_version: int = 1


@dataclass(frozen=True, slots=True)
class AssociateAC:
    """A-ASSOCIATE-AC (PS3.8 §9.3.3)."""

    called_ae_title: str
    calling_ae_title: str
    contexts: tuple[ContextResult, ...]
    user: UserInformation = field(default_factory=UserInformation)


@dataclass(frozen=True, slots=True)
class AssociateRJ:
    """A-ASSOCIATE-RJ (PS3.8 Table 9-21): result 1 permanent, 2 transient; source; reason."""

    result: int
    source: int
    reason: int


@dataclass(frozen=True, slots=True)
class Abort:
    """A-ABORT (PS3.8 §9.3.8): source 0 the user, 2 the provider, with its reason."""

    source: int
    reason: int


Rejection = AssociateRJ
CALLING_NOT_RECOGNISED = AssociateRJ(1, 1, 3)
CALLED_NOT_RECOGNISED = AssociateRJ(1, 1, 7)
APPLICATION_CONTEXT_NOT_SUPPORTED = AssociateRJ(1, 1, 2)
VERSION_NOT_SUPPORTED = AssociateRJ(1, 2, 2)
LOCAL_LIMIT_EXCEEDED = AssociateRJ(2, 3, 2)
TEMPORARY_CONGESTION = AssociateRJ(2, 3, 1)

RELEASE_RQ = HEADER.pack(PduType.RELEASE_RQ, 4) + bytes(4)
RELEASE_RP = HEADER.pack(PduType.RELEASE_RP, 4) + bytes(4)


def _ae(raw: bytes) -> str:
    text = raw.strip(b" ")
    return "".join(chr(b) if 0x20 <= b < 0x7F else f"\\x{b:02x}" for b in text)


def _uid(raw: bytes) -> str:
    """Decode a UID of an item: ASCII, a trailing pad of NUL or space forgiven."""
    if len(raw) > 66:
        raise InvalidPdu("UID too long")
    try:
        return raw.rstrip(b"\0 ").decode("ascii")
    except UnicodeDecodeError:
        raise InvalidPdu("UID is not ASCII") from None


def _item(kind: int, body: bytes) -> bytes:
    return _ITEM.pack(kind, len(body)) + body


def _items(body: bytes, at: int = 0) -> list[tuple[int, bytes]]:
    """Split variable items; lengths are checked before anything is copied."""
    found: list[tuple[int, bytes]] = []
    while at < len(body):
        if len(body) - at < 4 or len(found) >= MAX_ITEMS:
            raise InvalidPdu("items do not add up")
        kind, length = _ITEM.unpack_from(body, at)
        at += 4
        if length > len(body) - at:
            raise InvalidPdu("item longer than its PDU")
        found.append((kind, body[at : at + length]))
        at += length
    return found


def _encode_user(user: UserInformation) -> bytes:
    body = _item(0x51, struct.pack(">I", user.max_length)) + _item(0x52, user.implementation_class_uid.encode("ascii"))
    if user.async_operations is not None:
        body += _item(0x53, struct.pack(">HH", *user.async_operations))
    for role in user.roles:
        uid = role.sop_class_uid.encode("ascii")
        body += _item(0x54, struct.pack(">H", len(uid)) + uid + bytes((role.scu, role.scp)))
    if user.implementation_version_name:
        body += _item(0x55, user.implementation_version_name.encode("ascii"))
    return _item(0x50, body)


def _role(body: bytes) -> RoleSelection:
    if len(body) < 4 or int.from_bytes(body[:2], "big") != len(body) - 4:
        raise InvalidPdu("role selection item")
    return RoleSelection(_uid(body[2:-2]), body[-2] == 1, body[-1] == 1)


def _decode_user(body: bytes) -> UserInformation:
    """Read the sub-items we negotiate; extended negotiation and user identity are not ours and are passed over."""
    items = _items(body)
    single = dict(items)
    if 0x51 in single and len(single[0x51]) != 4:
        raise InvalidPdu("maximum length item")
    window = single.get(0x53)
    if window is not None and len(window) != 4:
        raise InvalidPdu("asynchronous operations item")
    return UserInformation(
        max_length=int.from_bytes(single.get(0x51, b""), "big"),
        implementation_class_uid=_uid(single.get(0x52, b"")),
        implementation_version_name=_ae(single.get(0x55, b"")[:64]),
        async_operations=(int.from_bytes(window[:2], "big"), int.from_bytes(window[2:], "big")) if window else None,
        roles=tuple(_role(value) for kind, value in items if kind == 0x54),
    )


def _proposed(body: bytes) -> ProposedContext:
    if len(body) < 4:
        raise InvalidPdu("presentation context item")
    items = _items(body, 4)
    abstract = [_uid(value) for kind, value in items if kind == 0x30]
    syntaxes = tuple(_uid(value) for kind, value in items if kind == 0x40)
    if body[0] % 2 == 0 or len(abstract) != 1 or not 0 < len(syntaxes) <= MAX_SYNTAXES:
        raise InvalidPdu("presentation context item")
    return ProposedContext(body[0], abstract[0], syntaxes)


def _result(body: bytes) -> ContextResult:
    if len(body) < 4:
        raise InvalidPdu("presentation context item")
    syntaxes = [_uid(value) for kind, value in _items(body, 4) if kind == 0x40]
    if body[2] == 0 and len(syntaxes) != 1:
        raise InvalidPdu("accepted context without its transfer syntax")
    return ContextResult(body[0], body[2], syntaxes[0] if syntaxes else "")


def encode_associate_rq(rq: AssociateRQ) -> bytes:
    """Encode an A-ASSOCIATE-RQ PDU."""
    body = _item(0x10, rq.application_context.encode("ascii"))
    for context in rq.contexts:
        syntaxes = b"".join(_item(0x40, uid.encode("ascii")) for uid in context.transfer_syntaxes)
        abstract = _item(0x30, context.abstract_syntax.encode("ascii"))
        body += _item(0x20, _CONTEXT.pack(context.id, 0) + abstract + syntaxes)
    titles = _titles(rq.protocol_version, rq.called_ae_title, rq.calling_ae_title)
    return _pdu(PduType.ASSOCIATE_RQ, titles + body + _encode_user(rq.user))


def encode_associate_ac(ac: AssociateAC) -> bytes:
    """Encode an A-ASSOCIATE-AC PDU; a refused context carries no meaningful transfer syntax."""
    body = _item(0x10, APPLICATION_CONTEXT.encode("ascii"))
    for context in ac.contexts:
        syntax = _item(0x40, context.transfer_syntax.encode("ascii"))
        body += _item(0x21, _CONTEXT.pack(context.id, context.result) + syntax)
    titles = _titles(1, ac.called_ae_title, ac.calling_ae_title)
    return _pdu(PduType.ASSOCIATE_AC, titles + body + _encode_user(ac.user))


def _titles(version: int, called: str, calling: str) -> bytes:
    # What was no AE title (shown as \xNN) is cut: the fields of an answer are not looked at (PS3.8 Table 9-17).
    titles = (title.encode("ascii", "replace")[:16].ljust(16) for title in (called, calling))
    return _FIXED.pack(version, 0, *titles)


def _pdu(kind: PduType, body: bytes) -> bytes:
    return HEADER.pack(kind, len(body)) + body


def encode_associate_rj(rj: AssociateRJ) -> bytes:
    """Encode an A-ASSOCIATE-RJ PDU."""
    return _REPLY.pack(PduType.ASSOCIATE_RJ, 0, 4, rj.result, rj.source, rj.reason)


def encode_abort(abort: Abort) -> bytes:
    """Encode an A-ABORT PDU."""
    return _REPLY.pack(PduType.ABORT, 0, 4, 0, abort.source, abort.reason)


def _fixed_part(body: bytes) -> tuple[int, str, str, list[tuple[int, bytes]]]:
    if len(body) < _FIXED.size:
        raise InvalidPdu("A-ASSOCIATE shorter than its fixed part")
    version, _, called, calling = _FIXED.unpack_from(body)
    return version, _ae(called), _ae(calling), _items(body, _FIXED.size)


def _user_of(items: list[tuple[int, bytes]]) -> UserInformation:
    found = [value for kind, value in items if kind == 0x50]
    if len(found) != 1:
        raise InvalidPdu("one user information item is required")
    return _decode_user(found[0])


def decode_associate_rq(body: bytes) -> AssociateRQ:
    """Decode the body (after the six header bytes) of an A-ASSOCIATE-RQ.

    Raises
    ------
    InvalidPdu
        When lengths do not add up, identifiers repeat or a bound is passed.
    """
    version, called, calling, items = _fixed_part(body)
    contexts = [value for kind, value in items if kind == 0x20]
    if not 0 < len(contexts) <= MAX_CONTEXTS:
        raise InvalidPdu("presentation contexts")
    proposed = tuple(_proposed(value) for value in contexts)
    if len({context.id for context in proposed}) != len(proposed):
        raise InvalidPdu("presentation context identifier used twice")
    application = next((_uid(value) for kind, value in items if kind == 0x10), "")
    return AssociateRQ(called, calling, proposed, _user_of(items), application, version)


def decode_associate_ac(body: bytes) -> AssociateAC:
    """Decode the body of an A-ASSOCIATE-AC; raises `InvalidPdu` as `decode_associate_rq` does."""
    _, called, calling, items = _fixed_part(body)
    contexts = [value for kind, value in items if kind == 0x21]
    if len(contexts) > MAX_CONTEXTS:
        raise InvalidPdu("presentation contexts")
    return AssociateAC(called, calling, tuple(_result(value) for value in contexts), _user_of(items))


def decode_associate_rj(body: bytes) -> AssociateRJ:
    """Decode the body of an A-ASSOCIATE-RJ."""
    if len(body) != 4:
        raise InvalidPdu("A-ASSOCIATE-RJ length")
    return AssociateRJ(body[1], body[2], body[3])


def decode_abort(body: bytes) -> Abort:
    """Decode the body of an A-ABORT."""
    if len(body) != 4:
        raise InvalidPdu("A-ABORT length")
    return Abort(body[2], body[3])


def encode_data_header(context_id: int, length: int, *, command: bool, last: bool) -> bytes:
    """Return the 12 bytes before a fragment of `length` bytes: a P-DATA-TF with one data value."""
    control = (COMMAND if command else 0) | (LAST if last else 0)
    return PDATA_FIXED.pack(PduType.P_DATA, length + 6, length + 2, context_id, control)
