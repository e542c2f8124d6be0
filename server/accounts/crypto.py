"""Encryption at rest of what identifies a person, and the blind index that finds it again (decisions 6)."""

import hashlib
import hmac
import secrets
from base64 import b64decode, b64encode
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

NONCE = 12  # bytes, random per value (NIST SP 800-38D §8.2.2)


class Undecipherable(Exception):
    """A stored value cannot be opened with the keys at hand; `key_id` names the one it asks for."""

    def __init__(self, key_id: str) -> None:
        super().__init__(f"no key {key_id!r} opens this value")
        self.key_id = key_id


@dataclass(frozen=True, slots=True)
class Keyring:
    """The keys of one hub.

    Parameters
    ----------
    active
        Id of the key that new values are closed with.
    keys
        Key id -> 32 bytes; old ones stay so that old values open.
    index
        32 bytes of their own for the blind index; it never rotates without rebuilding the index columns.
    """

    active: str
    keys: Mapping[str, bytes] = field(repr=False)
    index: bytes = field(repr=False)


class Cipher:
    """AES-256-GCM for values in rows; the column's name is bound in, so a value cannot be moved elsewhere."""

    def __init__(self, keyring: Keyring, *, randomness: Callable[[int], bytes] = secrets.token_bytes) -> None:
        self._keys = {key_id: AESGCM(key) for key_id, key in keyring.keys.items()}
        self._active, self._index, self._random = keyring.active, keyring.index, randomness

    def encrypt(self, plain: str, *, column: str) -> str:
        """Return `key id:base64(nonce + ciphertext + tag)`."""
        nonce = self._random(NONCE)
        sealed = self._keys[self._active].encrypt(nonce, plain.encode(), column.encode())
        return f"{self._active}:{b64encode(nonce + sealed).decode()}"

    def decrypt(self, stored: str, *, column: str) -> str:
        """Return the plain text.

        Raises
        ------
        Undecipherable
            When the key is missing, or the value was changed or belongs to another column.
        """
        key_id, _, body = stored.partition(":")
        key = self._keys.get(key_id)
        if key is None:
            raise Undecipherable(key_id)
        try:
            raw = b64decode(body, validate=True)
            return key.decrypt(raw[:NONCE], raw[NONCE:], column.encode()).decode()
        except (InvalidTag, ValueError) as error:
            raise Undecipherable(key_id) from error

    def blind_index(self, value: str, *, kind: str) -> str:
        """Return a keyed digest (hex) under which an exact, normalised value is found without opening any."""
        return hmac.new(self._index, f"{kind}\0{value}".encode(), hashlib.sha256).hexdigest()
