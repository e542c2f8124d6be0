"""A real hub of the test run's own: `lutong up --demo` on free ports, with its own data folder."""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.servers.processes import NotReady, end, free_ports, listens, wait_until

PROGRAM = Path(sys.executable).parent / "lutong"
PASSWORD = "lutong-demo"
STARTS_WITHIN = 100.0  # seconds; five on an idle machine, but the tests share theirs
STOPS_WITHIN = 15.0  # seconds (decisions 3)


@dataclass(slots=True)
class RunningHub:
    """A hub that answers; `process` is the supervisor, everything else are its children."""

    process: "subprocess.Popen[bytes]"
    environment: Mapping[str, str]
    data_dir: Path
    log: Path
    http_port: int
    dicom_port: int

    @property
    def url(self) -> str:
        """Return the address of the REST root's host."""
        return f"http://127.0.0.1:{self.http_port}"

    def is_ready(self) -> bool:
        """Tell whether the hub answers on every port it opens, and says itself that it is ready."""
        if self.process.poll() is not None:
            text = self.log.read_text(errors="replace")
            raise NotReady(f"the hub ended with {self.process.returncode}\n{text[-4000:]}")
        try:
            with urllib.request.urlopen(f"{self.url}/readyz", timeout=2) as answer:
                return answer.status == 200 and listens(self.dicom_port)
        except OSError:
            return False

    def set_clock(self, seconds: float) -> None:
        """Move the hub's clock by that many seconds from the machine's (decisions 2)."""
        scratch = self.data_dir.parent / "clock.new"
        scratch.write_text(f"{seconds}\n", encoding="ascii")
        scratch.replace(self.environment["LUTONG_CLOCK_FILE"])

    def clock_offset(self) -> float:
        """Return by how many seconds the hub's clock is moved from the machine's."""
        return float(Path(self.environment["LUTONG_CLOCK_FILE"]).read_text(encoding="ascii"))

    def stop(self) -> int:
        """End the hub in order; it has 15 s."""
        return end(self.process, seconds=STOPS_WITHIN)

    def kill(self) -> None:
        """Kill every process of the hub at once, as a power cut would."""
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()

    def start_again(self) -> None:
        """Start the same hub on the same ports and data, and wait until it is ready."""
        self.process = launch(self.environment, self.data_dir, self.log)
        wait_until(self.is_ready, seconds=STARTS_WITHIN, what="the hub", log=self.log)


def launch(environment: Mapping[str, str], cwd: Path, log: Path) -> "subprocess.Popen[bytes]":
    """Start `lutong up --demo` as the leader of a process group of its own."""
    with log.open("ab") as sink:
        return subprocess.Popen(
            [PROGRAM, "up", "--demo"],
            env=dict(environment),
            cwd=cwd,
            stdin=subprocess.DEVNULL,
            stdout=sink,
            stderr=subprocess.STDOUT,
            process_group=0,
        )


@contextmanager
def running_hub(**settings: str) -> Iterator[RunningHub]:
    """Start a hub and end it afterwards; settings such as ``LUTONG_DATABASE_URL=…`` override the defaults."""
    # A short folder: the embedded Redis listens on a socket below it, whose path has room for 108 bytes.
    base = Path(tempfile.mkdtemp(prefix="lutong-"))
    data = base / "data"
    data.mkdir()
    (base / "clock").write_text("0\n", encoding="ascii")
    http, dicom, dicom_tls, mllp, media = free_ports(5)
    environment = {name: value for name, value in os.environ.items() if not name.startswith("LUTONG_")} | {
        "LUTONG_DATA_DIR": str(data),
        "LUTONG_HTTP_PORT": str(http),
        "LUTONG_DICOM_PORT": str(dicom),
        "LUTONG_DICOM_TLS_PORT": str(dicom_tls),
        "LUTONG_MLLP_PORT": str(mllp),
        "LUTONG_MEDIA_PORT": str(media),
        "LUTONG_MEDIA_WORKERS": "1",  # the ports behind it may be somebody's
        "LUTONG_CLOCK_FILE": str(base / "clock"),
    }
    environment |= settings
    log = base / "log"
    hub = RunningHub(launch(environment, data, log), environment, data, log, http, dicom)
    try:
        wait_until(hub.is_ready, seconds=STARTS_WITHIN, what="the hub", log=log)
        yield hub
    finally:
        hub.stop()
        shutil.rmtree(base, ignore_errors=True)
