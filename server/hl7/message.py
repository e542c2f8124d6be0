"""A message as its fields: parsed by python-hl7, read with escapes undone, and never an IndexError."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import hl7

from server.hl7.charset import decode
from server.hl7.errors import BadValue, FieldMissing, NotHl7

SHANGHAI = ZoneInfo("Asia/Shanghai")
MAX_SEGMENTS = 500
_ESCAPES = {"|": "F", "^": "S", "~": "R", "\\": "E", "&": "T", "\r": ".br", "\n": ".br"}


@dataclass(frozen=True, slots=True)
class Message:
    """A parsed message.

    Parameters
    ----------
    charset
        In which character set to answer.
    """

    tree: Any
    charset: str

    def text(self, segment: str, field: int, component: int = 1, *, repetition: int = 1) -> str:
        """Return a field's component of the first such segment, its first subcomponent; "" for none or the HL7 null."""
        return self._part(self._field(segment, field), repetition, component)

    def repetitions(self, segment: str, field: int) -> int:
        """Return how often a field stands in its segment."""
        return len(self._field(segment, field))

    def require(self, segment: str, field: int, component: int = 1) -> str:
        """Return a component that has to be there.

        Raises
        ------
        FieldMissing
        """
        value = self.text(segment, field, component)
        if not value:
            raise FieldMissing(f"{segment}-{field} is empty", f"{segment}^1^{field}")
        return value

    def instant(self, segment: str, field: int) -> datetime | None:
        """Return a time stamp in UTC, None where it is empty; without a zone it is China's.

        Raises
        ------
        BadValue
            When it is no time, or not exact to the minute.
        """
        raw = self.text(segment, field)
        if not raw:
            return None
        at = _instant(raw)
        if at is None:
            raise BadValue(f"{segment}-{field} is no time exact to the minute", f"{segment}^1^{field}")
        return at

    def _field(self, segment: str, field: int) -> Sequence[Any]:
        for found in self.tree:
            if found[0][0] == segment:
                return found[field] if field < len(found) else ()
        return ()

    def _part(self, field: Sequence[Any], repetition: int, component: int) -> str:
        if not 1 <= repetition <= len(field):
            return ""
        parts = field[repetition - 1]
        if isinstance(parts, str):
            parts = (parts,)
        part = parts[component - 1] if component <= len(parts) else ""
        text = part if isinstance(part, str) else str(part[0])
        return "" if text == '""' else _unescaped(text, self.tree).strip()


def read(raw: bytes) -> Message:
    """Parse a message.

    Raises
    ------
    NotHl7, WrongCharset
    """
    text, charset = decode(raw)
    segments = [line for line in re.split(r"[\r\n]+", text) if line.strip()]
    if len(segments) > MAX_SEGMENTS:
        raise NotHl7(f"more than {MAX_SEGMENTS} segments")
    if (
        not re.match(r"MSH([^\w\s])([^\w\s])([^\w\s])([^\w\s])([^\w\s])[^\w\s]?\1", segments[0])
        or len(set(text[3:8])) < 5
    ):
        raise NotHl7("MSH-1 and MSH-2 do not name five separators")
    return Message(hl7.parse("\r".join(segments)), charset)


def escaped(text: str) -> str:
    """Return a text as it may stand in a field (2.7.1); Chinese stays as it is, the character set carries it."""
    return "".join(f"\\{_ESCAPES[c]}\\" if c in _ESCAPES else c for c in text if c.isprintable() or c in "\r\n")


def component(*parts: str) -> str:
    """Return a field of components, each escaped; empty ones at the end are left out."""
    return "^".join(map(escaped, parts)).rstrip("^")


def stamp(at: datetime) -> str:
    """Return an instant as HL7 writes it, with China's zone."""
    return at.astimezone(SHANGHAI).strftime("%Y%m%d%H%M%S%z")


def segment(name: str, fields: dict[int, str]) -> str:
    """Return a segment from its fields by number, written already: components joined, escapes done."""
    return "|".join([name, *(fields.get(place, "") for place in range(1, max(fields) + 1))])


def _instant(raw: str) -> datetime | None:
    if not re.fullmatch(r"[0-9]{12}([0-9]{2}(\.[0-9]{1,4})?)?([+-][0-9]{4})?", raw):
        return None
    try:
        at: datetime = hl7.parse_datetime(raw)
        return (at if at.tzinfo else at.replace(tzinfo=SHANGHAI)).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def _unescaped(text: str, tree: Any) -> str:
    escape: str = tree.esc
    if escape not in text:
        return text
    _, field, repetition, part, subcomponent = tree.separators
    meaning: dict[str, str] = {
        "F": field,
        "R": repetition,
        "S": part,
        "T": subcomponent,
        "E": escape,
        ".br": "\n",
        ".sp": "\n",
    }

    def character(found: re.Match[str]) -> str:
        word = found[1]
        if re.fullmatch(r"X(?:[0-9A-Fa-f]{2})+", word):
            return bytes.fromhex(word[1:]).decode("gb18030", errors="replace")
        return meaning.get(word, "")  # highlighting and what nobody knows says nothing

    mark = re.escape(escape)
    return re.sub(f"{mark}([^{mark}]*){mark}", character, text)
