"""Starting and ending real server processes in tests: free ports, readiness, an orderly end."""

import os
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

import playwright
import pytest

DEBIAN_BIN = os.pathsep.join(("/usr/bin", "/usr/sbin", "/usr/local/bin"))


class NotReady(Exception):
    """A server did not become ready in time; the message holds the end of its log."""


def free_port() -> int:
    """Return a port of the loopback that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def free_ports(count: int) -> list[int]:
    """Return that many different free ports, all held open until the last is known."""
    probes = [socket.socket() for _ in range(count)]
    try:
        for probe in probes:
            probe.bind(("127.0.0.1", 0))
        return [int(probe.getsockname()[1]) for probe in probes]
    finally:
        for probe in probes:
            probe.close()


def system_program(name: str, package: str) -> Path:
    """Return a program of a Debian package, or skip the test and say what is missing.

    The environment's own bin is not looked at: pynetdicom puts a `storescu` there that is not DCMTK's.
    """
    found = shutil.which(name, path=DEBIAN_BIN)
    if found is None:
        pytest.skip(f"{name} is not installed (apt-get install {package})")
    return Path(found)


def require_playwright() -> None:
    """Skip the test where the Node inside playwright misses a library of Debian's, and say which."""
    node = Path(playwright.__file__).parent / "driver" / "node"
    told = subprocess.run([node, "--version"], check=False, capture_output=True, text=True).stderr
    if "error while loading shared libraries" in told:
        pytest.skip(f"playwright's Node does not run here, {told.split(': ')[2]} is missing")


def wait_until(ready: Callable[[], bool], *, seconds: float, what: str, log: Path | None = None) -> None:
    """Ask every 50 ms until it is so.

    Raises
    ------
    NotReady
        After that many seconds, with the last lines of the log.
    """
    end = time.monotonic() + seconds
    while not ready():
        if time.monotonic() > end:
            tail = "\n".join(log.read_text(errors="replace").splitlines()[-40:]) if log and log.exists() else ""
            raise NotReady(f"{what} was not ready after {seconds:.0f} s\n{tail}")
        time.sleep(0.05)


def listens(port: int, host: str = "127.0.0.1") -> bool:
    """Tell whether somebody accepts connections on a port, of the loopback unless told."""
    with socket.socket() as probe:
        probe.settimeout(0.5)
        return probe.connect_ex((host, port)) == 0


def end(process: "subprocess.Popen[bytes]", *, seconds: float) -> int:
    """Send SIGTERM and wait; after that many seconds kill, and fail, for a server ends when it is told to."""
    if process.poll() is None:
        process.send_signal(signal.SIGTERM)
    try:
        return process.wait(seconds)
    except subprocess.TimeoutExpired:
        process.send_signal(signal.SIGABRT)  # where faulthandler is on, it says where it was
        process.wait()
        pytest.fail(f"process {process.pid} ({process.args!r}) did not end within {seconds:.0f} s of SIGTERM")
