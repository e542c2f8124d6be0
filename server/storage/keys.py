"""The hub's own keys in data_dir/keys: made on the first start, readable by its user alone, never replaced."""

import json
import os
import secrets
from base64 import b64decode, b64encode
from pathlib import Path

from server.accounts.crypto import Keyring


def load_keyring(data_path: Path) -> Keyring:
    """Return the hub's keys; the first process to come makes them.

    The file is whole or absent: it is written beside, synced, and linked into place, so that of two processes
    starting at once one wins and both read the same keys.
    """
    file = data_path / "keys" / "rows.json"
    if not file.exists():
        _create(file)
    document = json.loads(file.read_text(encoding="ascii"))
    keys = {key_id: b64decode(key) for key_id, key in document["keys"].items()}
    return Keyring(document["active"], keys, b64decode(document["index"]))


def _create(file: Path) -> None:
    file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    draft = file.with_name(f"{file.name}.{secrets.token_hex(8)}")
    document = {"active": "k1", "keys": {"k1": _fresh_key()}, "index": _fresh_key()}
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="ascii") as out:
        json.dump(document, out)
        out.flush()
        os.fsync(out.fileno())
    try:
        file.hardlink_to(draft)
    except FileExistsError:
        return  # another process was first; its keys hold
    finally:
        draft.unlink()
    directory = os.open(file.parent, os.O_RDONLY)
    try:
        os.fsync(directory)
    finally:
        os.close(directory)


def _fresh_key() -> str:
    return b64encode(secrets.token_bytes(32)).decode()
