"""What a decode child and its owner say to each other: length-prefixed JSON and bytes over pipes."""

import json
import struct
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, BinaryIO

HEAD = struct.Struct(">II")  # length of the JSON, length of the bytes that follow
MAX_JSON = 64 << 20
MAX_BYTES = 512 << 20


@dataclass(frozen=True, slots=True)
class Message:
    """One request or answer."""

    fields: Mapping[str, Any]
    body: bytes = field(default=b"", repr=False)

    def encode(self) -> bytes:
        """Return the bytes on the pipe."""
        text = json.dumps(self.fields, ensure_ascii=False, separators=(",", ":")).encode()
        return HEAD.pack(len(text), len(self.body)) + text + self.body


def lengths(head: bytes) -> tuple[int, int]:
    """Return how much JSON and how many bytes follow.

    Raises
    ------
    ValueError
        When a limit is broken: the other side is not what it should be.
    """
    text, body = HEAD.unpack(head)
    if text > MAX_JSON or body > MAX_BYTES:
        msg = "a message on the decode pipe is beyond its limit"
        raise ValueError(msg)
    return text, body


def read(stream: BinaryIO) -> Message | None:
    """Read one message; None when the other side has closed."""
    head = stream.read(HEAD.size)
    if len(head) < HEAD.size:
        return None
    text, body = lengths(head)
    return Message(json.loads(stream.read(text)), stream.read(body) if body else b"")
