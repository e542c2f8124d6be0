"""A PostgreSQL server of the test run's own: initdb and start take about two seconds, also as root."""

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.servers.processes import free_port

OPTIONS = "-c fsync=off -c full_page_writes=off -c synchronous_commit=off -c max_connections=60"


@dataclass(frozen=True, slots=True)
class PostgresServer:
    """A running server; its superuser is `lutong` and needs no password."""

    port: int
    bin: Path

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


@contextmanager
def running_postgres() -> Iterator[PostgresServer]:
    """Start a server on a free port of the loopback; end it and remove its files afterwards."""
    binaries = find_binaries()
    prefix, user = as_other_user()
    base = Path(tempfile.mkdtemp(prefix="lutong-pg-"))
    port = free_port()

    def run(*command: object) -> None:
        # A parent folder that the other user cannot read must not matter: cwd is /.
        done = subprocess.run(
            [*prefix, *map(str, command)], check=False, cwd="/", stdout=subprocess.PIPE, stderr=subprocess.STDOUT
        )
        if done.returncode:
            raise RuntimeError(done.stdout.decode(errors="replace"))

    data, log = base / "data", base / "log"
    try:
        if user is not None:
            shutil.chown(base, user)
        run(binaries / "initdb", "-D", data, "-U", "lutong", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "-N")
        options = f"{OPTIONS} -c listen_addresses=127.0.0.1 -c port={port} -c unix_socket_directories=''"
        run(binaries / "pg_ctl", "-D", data, "-l", log, "-w", "-o", options, "start")
        try:
            server = PostgresServer(port, binaries)
            server.sql("CREATE DATABASE lutong")
            yield server
        finally:
            run(binaries / "pg_ctl", "-D", data, "-m", "immediate", "-w", "stop")
    finally:
        shutil.rmtree(base, ignore_errors=True)
