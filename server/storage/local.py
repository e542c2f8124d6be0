"""The object store on this machine: bytes as they came, in a place that has nothing to do with what they say.

An object lies in its final place from the first byte (decision 0005): `<date>/<two hex digits>/<random name>`.
It becomes durable when its data and the folders above it are synced, visible when its row is committed.
"""

import asyncio
import errno
import os
import secrets
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import ParamSpec, TypeVar

from dicom.errors import StorageFull
from dicom.scan import Reader
from server.clock import Clock, SystemClock

P = ParamSpec("P")
T = TypeVar("T")
SET_ASIDE = "set-aside"
FACTS = ".facts"  # beside an object: what the walk found, made again when it is missing
FILES_PER_FOLDER = 512  # then another random folder, so that one batch syncs one folder
ORPHAN_AGE = 60.0  # seconds without a row and without a write
_NO_ROOM = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EIO, errno.EFBIG, errno.EMFILE, errno.ENFILE, errno.EROFS})


@dataclass(frozen=True, slots=True)
class LocalFile:
    """An open, empty file for one object; whoever got it closes `fd`."""

    fd: int
    key: str


class LocalStore:
    """Objects in a folder of this machine.

    Parameters
    ----------
    root
        The folder; made when it is missing.
    clock
        Names the day's folder.
    threads
        How many disk operations run at once.
    """

    def __init__(self, root: Path, clock: Clock, *, threads: int = 8) -> None:
        self._root, self._base, self._clock = root, str(root), clock
        self._pool = ThreadPoolExecutor(threads, thread_name_prefix="store")
        self._folder, self._left = "", 0
        self._settled: set[str] = set()  # folders whose own entry in their parent is known to be on disk

    def create(self) -> LocalFile:
        """Open a new file for writing; blocks for a few tens of microseconds.

        Raises
        ------
        StorageFull
            When there is no room.
        """
        key = f"{self._current_folder()}/{secrets.token_hex(16)}"
        with _no_room_is_a_refusal():
            try:
                return LocalFile(self._open_new(key), key)
            except FileNotFoundError:
                (self._root / key).parent.mkdir(parents=True, exist_ok=True, mode=0o700)
                return LocalFile(self._open_new(key), key)

    def _open_new(self, key: str) -> int:
        return os.open(self._place(key), os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)

    def _current_folder(self) -> str:
        today = self._clock.now().strftime("%Y%m%d")
        if self._left <= 0 or not self._folder.startswith(today):
            self._folder, self._left = f"{today}/{secrets.token_hex(1)}", FILES_PER_FOLDER
        self._left -= 1
        return self._folder

    def discard(self, key: str) -> None:
        """Remove an object that has no row; an unknown key is no error."""
        for place in (self._place(key), self._place(f"{key}{FACTS}")):
            with suppress(FileNotFoundError):
                os.unlink(place)  # noqa: PTH108  # see `_place`

    def path(self, key: str) -> Path:
        """Return where an object lies; a key is the store's own and never leaves the root."""
        return Path(self._place(key))

    def _place(self, key: str) -> str:
        """Return the same as text: making a `Path` costs more than opening a file."""
        if ".." in key or key.startswith("/"):
            msg = "a key outside the store"
            raise ValueError(msg)
        return f"{self._base}/{key}"

    def exists(self, key: str) -> bool:
        """Tell whether the object's file is there."""
        return os.path.exists(self._place(key))  # noqa: PTH110  # see `_place`

    async def run(self, job: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Run a blocking disk operation beside the event loop; no room becomes `StorageFull`."""

        def guarded() -> T:
            with _no_room_is_a_refusal():
                return job(*args, **kwargs)

        return await asyncio.get_running_loop().run_in_executor(self._pool, guarded)

    async def inspect(self, key: str, look: Callable[[Reader, int], T], *, sync: bool = False) -> T:
        """Run `look(read, size)` on an object; with `sync` its data is on disk when it returns."""
        return await self.run(self.look, key, look, sync=sync)

    def look(self, key: str, look: Callable[[Reader, int], T], *, sync: bool = False) -> T:
        """Do as `inspect`, here and now; blocks."""
        fd = os.open(self._place(key), os.O_RDONLY | os.O_CLOEXEC)
        try:
            result = look(lambda offset, length: os.pread(fd, length, offset), os.fstat(fd).st_size)
            if sync:
                os.fdatasync(fd)
        finally:
            os.close(fd)
        return result

    def make_durable(self, keys: Sequence[str]) -> None:
        """Sync the folders that hold these objects, and what holds the folders when they are new; blocks."""
        with _no_room_is_a_refusal():
            self._sync_folders({key.rpartition("/")[0] for key in keys})

    def _sync_folders(self, folders: set[str]) -> None:
        for folder in folders:
            _fsync_folder(self._place(folder))
            if folder in self._settled:
                continue
            above = self._root / folder
            while above != self._root:
                above = above.parent
                _fsync_folder(above)
            _fsync_folder(self._root.parent)
            self._settled.add(folder)

    async def set_aside(self, key: str) -> str:
        """Move an object, with its data synced, to `set-aside/`; return its new key."""
        return await self.run(self._set_aside, key)

    def _set_aside(self, key: str) -> str:
        aside = f"{SET_ASIDE}/{self._clock.now():%Y%m%d}/{secrets.token_hex(16)}"
        target = self._root / aside
        target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        self.look(key, lambda _read, _size: None, sync=True)
        self.path(key).rename(target)
        self._sync_folders({aside.rpartition("/")[0]})
        return aside

    async def facts_of(self, keys: Sequence[str]) -> list[bytes | None]:
        """Return what the walk wrote beside objects, None where it has not."""
        return await self.run(lambda: [self._facts(key) for key in keys])

    def _facts(self, key: str) -> bytes | None:
        try:
            return self.path(f"{key}{FACTS}").read_bytes()
        except FileNotFoundError:
            return None

    async def keep_facts(self, key: str, facts: bytes) -> None:
        """Keep what the walk found beside its object; whole or not at all, and not worth a sync."""

        def write() -> None:
            draft = self.path(f"{key}.{secrets.token_hex(4)}{FACTS}")
            draft.write_bytes(facts)
            draft.rename(self.path(f"{key}{FACTS}"))

        await self.run(write)

    def old_files(self) -> Iterator[list[str]]:
        """Give, folder by folder, the keys of files that nobody has written to for a minute (sweep at start).

        Days before the last sweep are left out: what lay there has been looked at.
        """
        marker = self._root / ".swept"
        since = marker.read_text(encoding="ascii").strip() if marker.exists() else ""
        limit = SystemClock().now().timestamp() - ORPHAN_AGE  # files know the machine's time only
        for day in sorted(self._root.glob("[0-9]" * 8)):
            for folder in sorted(day.iterdir()) if day.name >= since else ():
                old = [e.name for e in os.scandir(folder) if not e.name.endswith(FACTS) and e.stat().st_mtime < limit]
                if old:
                    yield [f"{day.name}/{folder.name}/{name}" for name in old]

    def mark_swept(self) -> None:
        """Remember the day before today: a sweep need not look further back."""
        days = sorted(day.name for day in self._root.glob("[0-9]" * 8))
        if len(days) > 1:
            (self._root / ".swept").write_text(days[-2], encoding="ascii")

    def writer(self) -> "Writer":
        """Return what takes an object's bytes while they arrive."""
        return Writer(self)

    async def close(self) -> None:
        """Let the operations at hand finish."""
        await asyncio.get_running_loop().run_in_executor(None, self._pool.shutdown)


class Writer:
    """One object that arrives in pieces; written by threads, a megabyte at a time."""

    def __init__(self, store: LocalStore) -> None:
        self._store = store
        self._file: LocalFile | None = None
        self._pieces: list[bytes] = []
        self._waiting = 0
        self.size = 0

    async def write(self, data: bytes) -> None:
        """Take some bytes.

        Raises
        ------
        StorageFull
            When there is no room.
        """
        self._pieces.append(data)
        self._waiting += len(data)
        self.size += len(data)
        if self._waiting >= 1 << 20:
            await self._flush()

    async def finish(self) -> str:
        """Write the rest and return the object's key; syncing is intake's."""
        await self._flush()
        file, self._file = self._file, None
        if file is None:
            file = self._store.create()
        os.close(file.fd)
        return file.key

    async def abandon(self) -> None:
        """Forget what came so far."""
        file, self._file, self._pieces = self._file, None, []
        if file is not None:
            os.close(file.fd)
            self._store.discard(file.key)

    async def _flush(self) -> None:
        pieces, self._pieces, self._waiting = self._pieces, [], 0
        if pieces:
            await self._store.run(self._append, b"".join(pieces))

    def _append(self, data: bytes) -> None:
        self._file = self._file or self._store.create()
        view = memoryview(data)
        while view:
            view = view[os.write(self._file.fd, view) :]


def _fsync_folder(folder: str | Path) -> None:
    fd = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(fd)
    finally:
        os.close(fd)


@contextmanager
def _no_room_is_a_refusal() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        if error.errno in _NO_ROOM:
            raise StorageFull(os.strerror(error.errno or 0)) from error
        raise
