"""Documents that the hub itself made, kept by their digest beside the objects: written once, never changed."""

import hashlib
import os
import secrets
from collections.abc import Awaitable, Callable
from pathlib import Path

InThread = Callable[..., Awaitable[object]]


class DocumentStore:
    """Files named by the SHA-256 of what they hold.

    Parameters
    ----------
    root
        The folder; made when it is missing.
    run
        Runs a blocking job beside the event loop (the object store's threads).
    """

    def __init__(self, root: Path, run: InThread) -> None:
        self._root, self._run = root, run

    async def keep(self, data: bytes) -> str:
        """Write a document durably; return its key, the digest in hex. The same bytes are one file."""
        key = hashlib.sha256(data).hexdigest()
        await self._run(self._keep, key, data)
        return key

    async def read(self, key: str) -> bytes:
        """Return a document.

        Raises
        ------
        FileNotFoundError
            When there is none.
        """
        found = await self._run(self._path(key).read_bytes)
        return found if isinstance(found, bytes) else b""

    def _path(self, key: str) -> Path:
        return self._root / key[:2] / key

    def _keep(self, key: str, data: bytes) -> None:
        target = self._path(key)
        if target.exists():
            return
        target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        draft = target.with_name(f".{secrets.token_hex(8)}")
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as out:
            out.write(data)
            out.flush()
            os.fsync(out.fileno())
        draft.replace(target)
        for folder in (target.parent, self._root):
            handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
            try:
                os.fsync(handle)
            finally:
                os.close(handle)
