"""multipart/related (RFC 2387) as DICOMweb uses it (PS3.18 §8.6): bytes in, events out; and parts to be written."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from dicom.errors import MalformedMultipart

MAX_HEADER: Final = 8 * 1024  # bytes of one part's headers
MAX_PARTS: Final = 20_000
_TOKEN = re.compile(r'\s*;\s*([^\s=;]+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^;\s]*))')
_BOUNDARY = re.compile(r"[0-9A-Za-z'()+_,\-./:=? ]{0,69}[0-9A-Za-z'()+_,\-./:=?]")


@dataclass(frozen=True, slots=True)
class MediaType:
    """A Content-Type or one range of Accept: the type in lower case, its parameters as written."""

    name: str
    parameters: Mapping[str, str]

    def parameter(self, name: str) -> str:
        """Return a parameter, empty when it is not there."""
        return self.parameters.get(name, "")


@dataclass(frozen=True, slots=True)
class PartBegan:
    """A part's headers are complete; names in lower case."""

    headers: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class PartData:
    """Bytes of the part at hand."""

    data: bytes


@dataclass(frozen=True, slots=True)
class PartEnded:
    """The part at hand is complete."""


Event = PartBegan | PartData | PartEnded


def media_type(value: str) -> MediaType:
    """Read one media type with its parameters (RFC 9110 §8.3.1)."""
    name, _, _rest = value.partition(";")
    found = _TOKEN.finditer(value, len(name))
    parameters = {m[1].lower(): re.sub(r"\\(.)", r"\1", m[2]) if m[2] is not None else m[3] for m in found}
    return MediaType(name.strip().lower(), parameters)


def media_ranges(accept: str) -> list[MediaType]:
    """Return the ranges of an Accept header, the preferred ones first (RFC 9110 §12.5.1)."""
    parts = re.findall(r'(?:[^,"]|"(?:[^"\\]|\\.)*")+', accept)[:64]
    ranges = [media_type(part) for part in parts if part.strip()]
    return sorted((r for r in ranges if _quality(r) > 0), key=lambda r: -_quality(r))


def _quality(media: MediaType) -> float:
    try:
        return min(1.0, max(0.0, float(media.parameter("q") or 1)))
    except ValueError:
        return 0.0


def boundary_of(media: MediaType) -> bytes:
    """Return the boundary of a multipart type.

    Raises
    ------
    MalformedMultipart
        When it is missing or none that RFC 2046 §5.1.1 allows.
    """
    boundary = media.parameter("boundary")
    if not _BOUNDARY.fullmatch(boundary):
        raise MalformedMultipart("the boundary is missing or malformed")
    return boundary.encode("ascii")


class MultipartReader:
    """Takes a body apart as it arrives; holds no more than a boundary and one part's headers.

    Parameters
    ----------
    boundary
        Without the leading dashes.
    """

    def __init__(self, boundary: bytes) -> None:
        self._delimiter = b"\r\n--" + boundary
        self._buffer = b"\r\n"  # so that the first boundary is found like the others
        self._state: Callable[[list[Event]], bool] = self._preamble
        self._parts = 0
        self.ended = False

    def feed(self, data: bytes) -> list[Event]:
        """Return what these bytes complete.

        Raises
        ------
        MalformedMultipart
            When the body breaks the format or a limit.
        """
        if self.ended:
            return []  # an epilogue says nothing
        self._buffer = self._buffer + data if self._buffer else data
        events: list[Event] = []
        while self._state(events):
            pass
        return events

    def close(self) -> None:
        """Say that no more bytes come.

        Raises
        ------
        MalformedMultipart
            When the last boundary has not come.
        """
        if not self.ended:
            raise MalformedMultipart("the body ends before its last boundary")

    def _preamble(self, _events: list[Event]) -> bool:
        at = self._buffer.find(self._delimiter)
        if at < 0:
            if len(self._buffer) > MAX_HEADER + len(self._delimiter):
                raise MalformedMultipart("no boundary at the begin of the body")
            return False
        self._buffer = self._buffer[at + len(self._delimiter) :]
        self._state = self._after_boundary
        return True

    def _after_boundary(self, _events: list[Event]) -> bool:
        if len(self._buffer) < 2:
            return False
        if self._buffer.startswith(b"--"):
            self.ended, self._buffer = True, b""
            return False
        at = self._buffer.find(b"\r\n")
        if at < 0:
            if len(self._buffer) > 256:
                raise MalformedMultipart("a boundary does not end its line")
            return False
        if self._buffer[:at].strip(b" \t"):
            raise MalformedMultipart("a boundary is followed by something else")
        self._parts += 1
        if self._parts > MAX_PARTS:
            raise MalformedMultipart(f"more than {MAX_PARTS} parts")
        self._buffer = self._buffer[at:]  # its CRLF may be the empty line of a part without headers
        self._state = self._headers
        return True

    def _headers(self, events: list[Event]) -> bool:
        at = self._buffer.find(b"\r\n\r\n")
        if at < 0:
            if len(self._buffer) > MAX_HEADER:
                raise MalformedMultipart("the headers of a part are too long")
            return False
        if at > MAX_HEADER:
            raise MalformedMultipart("the headers of a part are too long")
        events.append(PartBegan(_parse_headers(self._buffer[:at])))
        self._buffer = self._buffer[at + 2 :]  # an empty part's boundary begins with the CRLF that is left
        self._state = self._first_data
        return True

    def _first_data(self, events: list[Event]) -> bool:
        if len(self._buffer) < len(self._delimiter):
            return False
        if not self._buffer.startswith(self._delimiter):
            self._buffer = self._buffer[2:]
        self._state = self._data
        return self._data(events)

    def _data(self, events: list[Event]) -> bool:
        at = self._buffer.find(self._delimiter)
        if at >= 0:
            if at:
                events.append(PartData(self._buffer[:at]))
            events.append(PartEnded())
            self._buffer = self._buffer[at + len(self._delimiter) :]
            self._state = self._after_boundary
            return True
        keep = len(self._delimiter) - 1
        if len(self._buffer) > keep:
            events.append(PartData(self._buffer[:-keep]))
            self._buffer = self._buffer[-keep:]
        return False


def _parse_headers(raw: bytes) -> dict[str, str]:
    headers: dict[str, str] = {}
    for line in re.sub(rb"\r\n[ \t]+", b" ", raw).split(b"\r\n"):
        name, colon, value = line.partition(b":")
        if line and not colon:
            raise MalformedMultipart("a part's header has no colon")
        if line:
            headers[name.strip().decode("latin-1").lower()] = value.strip().decode("latin-1")
    return headers


def part_head(boundary: str, headers: Mapping[str, str], *, first: bool) -> bytes:
    """Return what stands before a part's bytes when we write one."""
    lines = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
    return f"{'' if first else chr(13) + chr(10)}--{boundary}\r\n{lines}\r\n".encode()


def last_boundary(boundary: str) -> bytes:
    """Return what stands after the last part."""
    return f"\r\n--{boundary}--\r\n".encode()


def split(body: bytes, boundary: bytes) -> Iterator[tuple[Mapping[str, str], bytes]]:
    """Give headers and bytes of each part of a whole body (for peers' answers and tests)."""
    reader = MultipartReader(boundary)
    headers: Mapping[str, str] = {}
    data = b""
    for event in reader.feed(body):
        match event:
            case PartBegan(headers=headers):
                data = b""
            case PartData(data=piece):
                data += piece
            case PartEnded():
                yield headers, data
    reader.close()
