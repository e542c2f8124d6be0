"""A PostgreSQL server of the test run's own: initdb and start take about two seconds, also as root."""

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import psutil
import pytest

from tests.servers.processes import free_port

OPTIONS = "-c fsync=off -c full_page_writes=off -c max_connections=80"
FAST = "-c fsync=off -c synchronous_commit=off"  # what a stopped machine forgets does not matter to most tests


@dataclass(frozen=True, slots=True)
class PostgresServer:
    """A running server; its superuser is `lutong` and needs no password."""

    port: int
    bin: Path
    folder: Path
    options: str

    def url(self, database: str = "lutong") -> str:
        """Return the SQLAlchemy URL of one of its databases."""
        return f"postgresql+asyncpg://lutong@127.0.0.1:{self.port}/{database}"

    def sql(self, statement: str) -> None:
        """Run one statement in the maintenance database."""
        psql = [str(self.bin / "psql"), "-X", "-q", "-h", "127.0.0.1", "-p", str(self.port), "-U", "lutong"]
        subprocess.run(
            [*psql, "-d", "postgres", "-v", "ON_ERROR_STOP=1", "-c", statement],
            check=True,
            capture_output=True,
            cwd="/",
        )

    def start(self) -> None:
        """Start the server and wait until it answers."""
        self._control("-l", self.folder / "log", "-w", "-o", self.options, "start")

    def stop_now(self) -> None:
        """End it at once, as a kill would: it recovers from its log at the next start."""
        self._control("-m", "immediate", "-w", "stop")

    def signal_all(self, number: signal.Signals) -> None:
        """Send a signal to the server and every one of its processes: SIGSTOP makes it hang, SIGCONT go on."""
        server = psutil.Process(int((self.folder / "data" / "postmaster.pid").read_text().split()[0]))
        for process in (server, *server.children(recursive=True)):
            with suppress(psutil.NoSuchProcess):
                process.send_signal(number)

    def _control(self, *words: object) -> None:
        as_owner(self.bin / "pg_ctl", "-D", self.folder / "data", *words)


def find_binaries() -> Path:
    """Return the folder of the newest installed server's programs, or skip."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]))
    if found:
        return found[-1].parent
    on_path = shutil.which("initdb")
    if on_path is None:
        pytest.skip("PostgreSQL is not installed (apt-get install postgresql)")
    return Path(on_path).parent


def as_other_user() -> tuple[list[str], str | None]:
    """Return the prefix that leaves root, which PostgreSQL refuses to run as, and the user's name."""
    if os.geteuid() != 0:
        return [], None
    names = {entry.pw_name for entry in pwd.getpwall()}
    user = "postgres" if "postgres" in names else "nobody"
    return ["runuser", "-u", user, "--"], user


def as_owner(*command: object) -> None:
    """Run a program of the server's as its user; what it said is the error when it failed."""
    prefix, _ = as_other_user()
    # A parent folder that the other user cannot read must not matter: cwd is /.
    done = subprocess.run(
        [*prefix, *map(str, command)], check=False, cwd="/", stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    )
    if done.returncode:
        raise RuntimeError(done.stdout.decode(errors="replace"))


@contextmanager
def running_postgres(more: str = FAST) -> Iterator[PostgresServer]:
    """Start a server on a free port of the loopback; end it and remove its files afterwards.

    Parameters
    ----------
    more
        Options of the server; without `FAST` what was committed outlives `stop_now`.
    """
    binaries = find_binaries()
    _, user = as_other_user()
    base = Path(tempfile.mkdtemp(prefix="lutong-pg-"))
    port = free_port()
    options = f"{OPTIONS} {more} -c listen_addresses=127.0.0.1 -c port={port} -c unix_socket_directories=''"
    server = PostgresServer(port, binaries, base, options)
    initdb = (binaries / "initdb", "-D", base / "data", "-U", "lutong", "-A", "trust", "-E", "UTF8", "-N")
    try:
        if user is not None:
            shutil.chown(base, user)
        as_owner(*initdb, "--locale=C.UTF-8")
        server.start()
        try:
            server.sql("CREATE DATABASE lutong")
            yield server
        finally:
            server.stop_now()
    finally:
        shutil.rmtree(base, ignore_errors=True)
