"""The anchors of the audit chain: a file outside the database that only grows, on disk line by line."""

import json
import os
from datetime import datetime
from pathlib import Path

from server.audit.chain import Head


class FileAnchorLog:
    """One JSON line per anchored head: `{"position", "digest", "at"}`."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._last: Head | None = None

    def read(self) -> list[Head]:
        """Return every anchored head, oldest first; a line that a crash left half-written is no witness."""
        try:
            lines = self._file.read_text(encoding="ascii").splitlines()
        except FileNotFoundError:
            return []
        return [head for line in lines if (head := _head(line)) is not None]

    def last(self) -> Head:
        """Return the newest anchored head, position 0 when there is none."""
        if self._last is None:
            self._last = max(self.read(), key=lambda head: head.position, default=Head(0, ""))
        return self._last

    def append(self, head: Head, *, at: datetime) -> None:
        """Write one more head, on disk before this returns."""
        self._file.parent.mkdir(parents=True, exist_ok=True)
        line = json.dumps({"position": head.position, "digest": head.digest, "at": at.isoformat()})
        descriptor = os.open(self._file, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        try:
            torn = "\n" if self._ends_torn() else ""
            os.write(descriptor, f"{torn}{line}\n".encode())
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
        self._last = head

    def _ends_torn(self) -> bool:
        """Tell whether a crash left the last line without its end."""
        with self._file.open("rb") as file:
            if file.seek(0, os.SEEK_END) == 0:
                return False
            file.seek(-1, os.SEEK_END)
            return file.read(1) != b"\n"


def _head(line: str) -> Head | None:
    try:
        document = json.loads(line)
        return Head(int(document["position"]), str(document["digest"]))
    except (ValueError, KeyError, TypeError):
        return None
