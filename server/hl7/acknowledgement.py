"""Acknowledgements in original mode (2.9.2): AA, or AE and AR with an ERR segment, in the sender's character set."""

from datetime import datetime

from server.hl7.charset import UTF_8, encode
from server.hl7.errors import Hl7Refusal, NotHl7, WrongCharset
from server.hl7.message import Message, component, read, segment, stamp

APPLICATION = "LUTONG"
CONDITIONS = {
    "100": "Segment sequence error",
    "101": "Required field missing",
    "102": "Data type error",
    "103": "Table value not found",
    "200": "Unsupported message type",
    "201": "Unsupported event code",
    "202": "Unsupported processing id",
    "203": "Unsupported version id",
    "204": "Unknown key identifier",
    "205": "Duplicate key identifier",
    "207": "Application internal error",
}


def acknowledge(message: Message | None, refusal: Hl7Refusal | None = None, *, control_id: str, now: datetime) -> bytes:
    """Return the answer to a message.

    Parameters
    ----------
    message
        None when it could not be read: then nothing of it can be repeated, MSA-2 is empty.
    refusal
        None for AA.
    control_id
        MSH-10 of the answer.
    """
    charset = message.charset if message else UTF_8

    def said(field: int, part: int = 1) -> str:
        return message.text("MSH", field, part) if message else ""

    header = {
        2: APPLICATION,
        4: component(said(3)),
        5: component(said(4)),
        6: stamp(now),
        8: component("ACK", said(9, 2), "ACK"),
        9: component(control_id),
        10: component(said(11)) or "P",
        11: "2.5.1",
        17: charset,
    }
    lines = [segment("MSH", {1: "^~\\&"} | header), segment("MSA", _answer(said(10), refusal))]
    if refusal is not None:
        lines.append(segment("ERR", _error(refusal)))
    return encode("\r".join([*lines, ""]), charset)


def verdict(raw: bytes, control_id: str) -> tuple[str, str]:
    """Return what a peer answered to a message of ours, `AA` and so on, and its words; `?` for no answer to it."""
    try:
        message = read(raw)
    except (NotHl7, WrongCharset) as refusal:
        return "?", refusal.detail
    if message.text("MSA", 2) != control_id:
        return "?", "the answer belongs to another message"
    words = [message.text("MSA", 3), message.text("ERR", 7), message.text("ERR", 8)]
    return message.text("MSA", 1), "; ".join(dict.fromkeys(filter(None, words)))


def _answer(control_id: str, refusal: Hl7Refusal | None) -> dict[int, str]:
    answer = {1: refusal.answer if refusal else "AA", 2: component(control_id)}
    return answer | {3: component(refusal.detail)} if refusal else answer


def _error(refusal: Hl7Refusal) -> dict[int, str]:
    return {
        2: component(*refusal.location.split("^")),
        3: component(refusal.condition, CONDITIONS[refusal.condition], "HL70357"),
        4: "E",
        5: component(refusal.code, "", "LUTONG"),
        7: component(refusal.detail),
    }
