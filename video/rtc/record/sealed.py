"""A track's file at rest: a header, then one encrypted record for each cluster, readable up to where a kill cut it.

Layout: 8 bytes of magic, 16 of salt; then records of a 13-byte head (length of what follows, begin and end in
milliseconds, flags) and AES-256-GCM's output. The key of a file comes from the recording's key and the file's salt
by HKDF (RFC 5869), so that the record's number can be the nonce. The head is authenticated with its record: nobody can
move, drop or lengthen one within a file unnoticed. That the end is missing is what the manifest tells.
"""

import struct
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

MAGIC = b"LUTONGR1"
SALT = 16
HEADER = len(MAGIC) + SALT
TAG = 16
KEY = 0x01  # flag: a player can start here
MAX_RECORD = 64 << 20  # bytes; beyond it a head is damaged
_HEAD = struct.Struct(">IIIB")
_PURPOSE = b"lutong recording track"

ReadAt = Callable[[int, int], bytes]


class Damaged(ValueError):
    """A record is not what was written, or the key is not the one that it was written with."""


@dataclass(frozen=True, slots=True)
class Record:
    """Where a record lies in the file, and what its head says."""

    number: int
    at: int
    head: bytes
    size: int  # of the plain bytes
    begin: int
    end: int
    flags: int


def _cipher(key: bytes, salt: bytes) -> AESGCM:
    return AESGCM(HKDF(SHA256(), 32, salt, _PURPOSE).derive(key))


def _nonce(number: int) -> bytes:
    return number.to_bytes(12)


class Sealer:
    """Writes a file's bytes, record by record.

    Parameters
    ----------
    key
        The recording's, 32 bytes.
    salt
        Of this file, 16 random bytes.
    """

    def __init__(self, key: bytes, salt: bytes) -> None:
        self.header = MAGIC + salt
        self.records = 0
        self._cipher = _cipher(key, salt)

    def seal(self, plain: bytes, *, begin: int = 0, end: int = 0, flags: int = 0) -> bytes:
        """Return the next record."""
        head = _HEAD.pack(len(plain) + TAG, begin, end, flags)
        sealed = self._cipher.encrypt(_nonce(self.records), plain, head)
        self.records += 1
        return head + sealed


class Unsealer:
    """Reads a file's records; what a kill left unfinished at the end is left out.

    Parameters
    ----------
    key
        The recording's.
    read
        Returns bytes of the file from a place on, fewer at its end.

    Raises
    ------
    Damaged
        It is no such file.
    """

    def __init__(self, key: bytes, read: ReadAt) -> None:
        header = read(0, HEADER)
        if len(header) < HEADER or not header.startswith(MAGIC):
            raise Damaged("no recorded track")
        self._read = read
        self._cipher = _cipher(key, header[len(MAGIC) :])

    def records(self, size: int) -> Iterator[Record]:
        """Give the whole records of a file of this size, without decrypting them."""
        at, number = HEADER, 0
        while at + _HEAD.size <= size:
            head = self._read(at, _HEAD.size)
            if len(head) < _HEAD.size:
                return
            length, begin, end, flags = _HEAD.unpack(head)
            if not TAG <= length <= MAX_RECORD or at + _HEAD.size + length > size:
                return
            yield Record(number, at, head, length - TAG, begin, end, flags)
            at += _HEAD.size + length
            number += 1

    def open(self, record: Record) -> bytes:
        """Return the plain bytes of a record.

        Raises
        ------
        Damaged
            It was changed, or the key is another.
        """
        sealed = self._read(record.at + _HEAD.size, record.size + TAG)
        try:
            return self._cipher.decrypt(_nonce(record.number), sealed, record.head)
        except InvalidTag as error:
            raise Damaged(f"record {record.number}") from error
