"""A TURN client of a few messages, and coturn on free ports under the configuration that we publish.

Written by hand and not with a library: what is asked here no honest client asks (RFC 8656, RFC 8489).
"""

import hashlib
import hmac
import ipaddress
import secrets
import socket
import struct
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self

from tests.servers.processes import NotReady, free_ports, system_program, wait_until

CONF = Path(__file__).parent.parent.parent / "config" / "coturn.conf"
OURS = (
    "listening-port", "tls-listening-port", "min-port", "max-port", "static-auth-secret", "realm", "cert", "pkey",
)  # fmt: skip
COOKIE = 0x2112A442
ALLOCATE, REFRESH, CREATE_PERMISSION, CHANNEL_BIND, SEND = 0x003, 0x004, 0x008, 0x009, 0x016
SUCCESS, ERROR = 0x100, 0x110
USERNAME, INTEGRITY, ERROR_CODE, CHANNEL, LIFETIME = 0x0006, 0x0008, 0x0009, 0x000C, 0x000D
PEER, DATA, REALM, NONCE, RELAYED, FAMILY, TRANSPORT = 0x0012, 0x0013, 0x0014, 0x0015, 0x0016, 0x0017, 0x0019
UDP = b"\x11\0\0\0"
REALM_NAME = "turn.test"


@dataclass(frozen=True, slots=True)
class Coturn:
    """A relay that runs: where, with which secret, and where it logs."""

    port: int
    tls_port: int
    secret: str
    log: Path


@contextmanager
def running_coturn(folder: Path, *extra: str, cert: Path | None = None, key: Path | None = None) -> Iterator[Coturn]:
    """Run coturn as `config/coturn.conf` says, on free ports of the loopback; `extra` lines are added.

    Skips the test where coturn is not installed.
    """
    program = system_program("turnserver", "coturn")
    port, tls_port = free_ports(2)
    secret, log = secrets.token_hex(16), folder / "turn.log"
    published = [line for line in CONF.read_text().splitlines() if line.partition("=")[0] not in OURS]
    tls = [f"cert={cert}", f"pkey={key}", f"tls-listening-port={tls_port}"] if cert else ["no-tls"]
    lines = [
        *published, *tls, *extra,
        f"listening-port={port}", f"static-auth-secret={secret}", f"realm={REALM_NAME}", "listening-ip=127.0.0.1",
        "min-port=50000", "max-port=64999", f"log-file={log}", "simple-log", f"pidfile={folder / 'turn.pid'}",
        f"userdb={folder / 'turndb'}",
    ]  # fmt: skip
    conf = folder / "turn.conf"
    conf.write_text("\n".join(lines))
    process = subprocess.Popen([program, "-c", conf], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd=folder)
    try:
        wait_until(lambda: _answers(port) or _ended(process), seconds=20, what="coturn", log=log)
        yield Coturn(port, tls_port, secret, log)
    finally:
        process.kill()  # it keeps nothing, and its orderly end takes seconds
        process.wait(10)


def _ended(process: "subprocess.Popen[bytes]") -> bool:
    if process.poll() is not None:
        raise NotReady(f"coturn ended with {process.returncode}")
    return False


def _answers(port: int) -> bool:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        probe.settimeout(0.2)
        probe.sendto(_message(0x001, secrets.token_bytes(12), []), ("127.0.0.1", port))
        try:
            return bool(probe.recv(1500))
        except OSError:
            return False


@dataclass(slots=True)
class TurnClient:
    """One 5-tuple to a relay; every request answers with 0, or with the error code."""

    port: int
    username: str = ""
    password: str = ""
    source: str = "127.0.0.1"
    relayed: tuple[str, int] = ("", 0)
    _socket: socket.socket = field(default_factory=lambda: socket.socket(socket.AF_INET, socket.SOCK_DGRAM))
    _nonce: bytes = b""

    def __enter__(self) -> Self:
        self._socket.settimeout(3)
        self._socket.bind((self.source, 0))
        self._socket.connect(("127.0.0.1", self.port))
        return self

    def __exit__(self, *_: object) -> None:
        self._socket.close()

    def allocate(self, *, v6: bool = False) -> int:
        """Ask for a relay."""
        wanted = [(TRANSPORT, UDP), *([(FAMILY, b"\x02\0\0\0")] if v6 else [])]
        code, found = self._ask(ALLOCATE, wanted)
        if code == 0:
            self.relayed = _address(found[RELAYED], self._transaction)
        return code

    def release(self) -> int:
        """Give the relay back."""
        return self._ask(REFRESH, [(LIFETIME, struct.pack("!I", 0))])[0]

    def permits(self, peer: str, port: int = 9) -> int:
        """Ask for leave to send to a peer."""
        return self._ask(CREATE_PERMISSION, [(PEER, (peer, port))])[0]

    def binds(self, peer: str, port: int = 9) -> int:
        """Ask for a channel to a peer."""
        channel = struct.pack("!HH", 0x4000 + secrets.randbelow(0xFFF), 0)
        return self._ask(CHANNEL_BIND, [(CHANNEL, channel), (PEER, (peer, port))])[0]

    def sends(self, peer: str, port: int, data: bytes) -> None:
        """Send to a peer, permitted or not; nobody answers this."""
        self._socket.send(self._packed(SEND, secrets.token_bytes(12), [(PEER, (peer, port)), (DATA, data)]))

    def hears(self) -> bytes:
        """Return the next datagram that the relay hands on."""
        return self._socket.recv(2048)

    _transaction: bytes = b""

    def _ask(self, method: int, attributes: Sequence[tuple[int, object]]) -> tuple[int, dict[int, bytes]]:
        """Ask as whoever the client is, once more with the nonce that a first refusal brings."""
        code, found = self._once(method, attributes)
        if code in {401, 438} and NONCE in found and found[NONCE] != self._nonce:
            self._nonce = found[NONCE]
            if self.username:
                return self._once(method, attributes)
        return code, found

    def _once(self, method: int, attributes: Sequence[tuple[int, object]]) -> tuple[int, dict[int, bytes]]:
        self._transaction = secrets.token_bytes(12)
        who: list[tuple[int, object]] = []
        if self._nonce and self.username:
            who = [(USERNAME, self.username.encode()), (REALM, REALM_NAME.encode()), (NONCE, self._nonce)]
        packed = self._packed(method, self._transaction, [*attributes, *who])
        self._socket.send(_sealed(packed, self._key()) if who else packed)
        while True:
            kind, transaction, found = _parsed(self._socket.recv(2048))
            if transaction == self._transaction:
                break
        if kind & ERROR == ERROR:
            return found[ERROR_CODE][2] * 100 + found[ERROR_CODE][3], found
        return 0, found

    def _key(self) -> bytes:
        return hashlib.md5(f"{self.username}:{REALM_NAME}:{self.password}".encode()).digest()

    def _packed(self, method: int, transaction: bytes, attributes: Sequence[tuple[int, object]]) -> bytes:
        return _message(method, transaction, attributes)


def _message(method: int, transaction: bytes, attributes: Sequence[tuple[int, object]]) -> bytes:
    body = b""
    for kind, value in attributes:
        raw = _xored(value, transaction) if isinstance(value, tuple) else bytes(value)  # type: ignore[call-overload]
        body += struct.pack("!HH", kind, len(raw)) + raw + bytes(-len(raw) % 4)
    return struct.pack("!HHI", method, len(body), COOKIE) + transaction + body


def _sealed(packed: bytes, key: bytes) -> bytes:
    """Add MESSAGE-INTEGRITY, over a header that counts it already (RFC 8489, 14.5)."""
    counted = packed[:2] + struct.pack("!H", len(packed) - 20 + 24) + packed[4:]
    return counted + struct.pack("!HH", INTEGRITY, 20) + hmac.new(key, counted, "sha1").digest()


def _xored(value: tuple[str, int], transaction: bytes) -> bytes:
    address = ipaddress.ip_address(value[0])
    pad = struct.pack("!I", COOKIE) + transaction
    port = struct.pack("!H", value[1] ^ (COOKIE >> 16))
    plain = address.packed
    return bytes((0, 1 if address.version == 4 else 2)) + port + bytes(a ^ b for a, b in zip(plain, pad, strict=False))


def _address(raw: bytes, transaction: bytes) -> tuple[str, int]:
    pad = struct.pack("!I", COOKIE) + transaction
    plain = bytes(a ^ b for a, b in zip(raw[4:], pad, strict=False))
    return str(ipaddress.ip_address(plain)), int.from_bytes(raw[2:4]) ^ (COOKIE >> 16)


def _parsed(packed: bytes) -> tuple[int, bytes, dict[int, bytes]]:
    found: dict[int, bytes] = {}
    at = 20
    while at + 4 <= len(packed):
        kind, length = struct.unpack_from("!HH", packed, at)
        found.setdefault(kind, packed[at + 4 : at + 4 + length])
        at += 4 + length + (-length % 4)
    return int.from_bytes(packed[:2]), packed[8:20], found


def own_address() -> str | None:
    """Return an IPv4 address of this machine that is not its loopback, None where there is none."""
    told = subprocess.run(["hostname", "-I"], check=False, capture_output=True, text=True).stdout.split()
    return next((each for each in told if "." in each and not each.startswith("127.")), None)
