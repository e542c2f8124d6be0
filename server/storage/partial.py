"""Files that arrive in pieces, and what is inside them when they are whole: one object, or an archive of objects."""

import fcntl
import hashlib
import os
import re
import stat
import struct
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, BinaryIO

from dicom.errors import StorageFull, UnknownSubject, UploadBusy
from server.storage.local import LocalStore

MAX_ENTRIES = 20_000
MAX_DIRECTORY = 16 << 20  # bytes of an archive's central directory
MAX_INFLATED = 16 << 30  # bytes of all entries of one archive
MAX_RATIO = 200  # times an entry may grow; real pixel data stay below 50
MARGIN = 1 << 30  # bytes of the disk that uploads never take
_CHUNK = 1 << 20
_ID = re.compile(r"[0-9a-f]{24,64}")
_END = b"PK\x05\x06"


class BadArchive(Exception):
    """An archive that lies, or goes beyond a limit; `code` says which."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, slots=True)
class Entry:
    """One file of an upload: its name as shown, and where it lies in the store now; or why it was left out."""

    name: str
    key: str = ""
    refused: str = ""


class PartialFile:
    """An upload's file while one request appends to it. The methods block; they run beside the loop."""

    def __init__(self, file: BinaryIO, algorithm: str) -> None:
        self._file = file
        self._hash = hashlib.new(algorithm, usedforsecurity=False) if algorithm else None

    def write(self, data: bytes) -> None:
        """Append some bytes."""
        self._file.write(data)
        if self._hash is not None:
            self._hash.update(data)

    def finish(self) -> int:
        """Make what came durable; return the file's length."""
        self._file.flush()
        os.fdatasync(self._file.fileno())
        return self._file.tell()

    def digest(self) -> bytes:
        """Return the digest of what this request appended."""
        return self._hash.digest() if self._hash else b""

    def close(self) -> None:
        """Let others write."""
        self._file.close()


class PartialFiles:
    """The folder of uploads that are not done."""

    def __init__(self, root: Path, store: LocalStore) -> None:
        self._root, self._store = root, store
        self.run = store.run

    def path(self, upload_id: str) -> Path:
        """Return an upload's file."""
        if not _ID.fullmatch(upload_id):
            msg = "not an upload's id"
            raise ValueError(msg)
        return self._root / upload_id

    def create(self, upload_id: str, length: int) -> None:
        """Make an empty file.

        Raises
        ------
        StorageFull
            When the disk would not hold what was announced.
        """
        self._root.mkdir(parents=True, exist_ok=True, mode=0o700)
        disk = os.statvfs(self._root)
        if disk.f_bavail * disk.f_frsize < length + MARGIN:
            raise StorageFull("the disk has no room for this upload")
        self.path(upload_id).touch(mode=0o600, exist_ok=False)

    def open(self, upload_id: str, offset: int, algorithm: str) -> PartialFile:
        """Open for appending at an offset; what lies beyond was never acknowledged and is cut.

        Raises
        ------
        UnknownSubject, UploadBusy
            When it was given up or has expired meanwhile; when another request has it open.
        """
        try:
            file = self.path(upload_id).open("r+b", buffering=0)
        except FileNotFoundError as error:
            raise UnknownSubject("uploads", upload_id) from error
        try:
            fcntl.flock(file.fileno(), fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            file.close()
            raise UploadBusy from error
        file.truncate(offset)
        file.seek(offset)
        return PartialFile(file, algorithm)

    def remove(self, upload_id: str) -> None:
        """Forget an upload's bytes."""
        self.path(upload_id).unlink(missing_ok=True)

    def is_archive(self, upload_id: str) -> bool:
        """Tell whether a whole upload is a zip archive and no DICOM object."""
        with self.path(upload_id).open("rb") as file:
            head = file.read(132)
        return head.startswith(b"PK\x03\x04") and head[128:] != b"DICM"

    def whole(self, upload_id: str) -> str:
        """Give the upload's file a second name in the store, as an object of its own; return its key."""
        file = self._store.create()
        os.close(file.fd)
        target = self._store.path(file.key)
        target.unlink()
        os.link(self.path(upload_id), target)
        return file.key

    def entries(self, upload_id: str) -> Iterator[Entry]:
        """Put each file of an archive into the store, one for each step.

        Names only serve to be shown: no path is ever made from one.

        Raises
        ------
        BadArchive
            When the archive as a whole is not to be trusted.
        """
        path = self.path(upload_id)
        _check_directory(path)
        budget = MAX_INFLATED
        with _opened(path) as archive:
            for info in archive.infolist():
                name = _shown(info.filename)
                if info.is_dir() or _is_clutter(info.filename):
                    continue
                if refused := _suspicious(info):
                    yield Entry(name, refused=refused)
                    continue
                entry, size = self._extract(archive, info, name, min(budget, info.file_size))
                budget -= size
                yield entry

    def _extract(self, archive: zipfile.ZipFile, info: zipfile.ZipInfo, name: str, limit: int) -> tuple[Entry, int]:
        file = self._store.create()
        try:
            with archive.open(info) as source, os.fdopen(file.fd, "wb") as out:
                size = _copy(source, out, limit)
        except (zipfile.BadZipFile, zlib.error, RuntimeError, NotImplementedError, EOFError, ValueError):
            self._store.discard(file.key)
            return Entry(name, refused="ZIP_DAMAGED"), 0
        except BaseException:
            self._store.discard(file.key)
            raise
        return Entry(name, key=file.key), size


def _copy(source: IO[bytes], out: BinaryIO, limit: int) -> int:
    size = 0
    while data := source.read(_CHUNK):
        size += len(data)
        if size > limit:
            raise BadArchive("ZIP_TOO_LARGE")
        out.write(data)
    return size


@contextmanager
def _opened(path: Path) -> Iterator[zipfile.ZipFile]:
    try:
        archive = zipfile.ZipFile(path)
    except (zipfile.BadZipFile, ValueError, NotImplementedError) as error:
        raise BadArchive("ZIP_DAMAGED") from error
    with archive:
        yield archive


def _check_directory(path: Path) -> None:
    """Refuse an archive by its last record, before anything of it is read into memory (W22)."""
    size = path.stat().st_size
    with path.open("rb") as file:
        file.seek(max(0, size - (1 << 16) - 22))
        tail = file.read()
    at = tail.rfind(_END)
    if at < 0 or len(tail) - at < 22:
        raise BadArchive("ZIP_DAMAGED")
    count, directory = struct.unpack_from("<HI", tail, at + 10)
    if count > MAX_ENTRIES or directory > MAX_DIRECTORY:
        raise BadArchive("ZIP_TOO_MANY")


def _suspicious(info: zipfile.ZipInfo) -> str:
    if info.flag_bits & 1:
        return "ZIP_ENCRYPTED"
    if stat.S_ISLNK(info.external_attr >> 16):
        return "ZIP_LINK"
    if info.file_size > MAX_RATIO * max(info.compress_size, 1024):
        return "ZIP_BOMB"
    return ""


def _is_clutter(name: str) -> bool:
    last = name.replace("\\", "/").rsplit("/", 1)[-1]
    return "__MACOSX" in name or last.startswith(".") or last in {"Thumbs.db", "desktop.ini"}


def _shown(name: str) -> str:
    plain = "".join(c for c in name.replace("\\", "/") if c >= " ")
    return "/".join(part for part in plain.split("/") if part not in {"", ".", ".."})[-120:]
