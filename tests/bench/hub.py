"""Our hub as a system under test: `lutong up --demo` in a scratch folder, reached like any other archive."""

import json
import os
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PASSWORD = "lutong-demo"  # the demo county's, known to everyone


def start(workdir: Path, port: int) -> "subprocess.Popen[bytes]":
    """Start the hub with DICOM on `port` and HTTP on `port + 1`, as the drivers expect of a peer."""
    environment = {k: v for k, v in os.environ.items() if not k.startswith("LUTONG_")} | {
        "LUTONG_DATA_DIR": str(workdir / "hub"),
        "LUTONG_DICOM_PORT": str(port),
        "LUTONG_HTTP_PORT": str(port + 1),
        "LUTONG_LOG_LEVEL": "warning",
    }
    with (workdir / "server.log").open("ab") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "server.cli", "up", "--demo"],
            cwd=ROOT,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
    wait_ready(port + 1, process)
    return process


def wait_ready(http_port: int, process: "subprocess.Popen[bytes]", *, seconds: float = 60) -> None:
    """Wait until the hub says that it is ready.

    Raises
    ------
    RuntimeError
        When it ended or did not get ready in time.
    """
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if process.poll() is not None:
            msg = f"the hub ended with {process.returncode}"
            raise RuntimeError(msg)
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{http_port}/readyz", timeout=2) as answer:
                if answer.status == 200:
                    return
        except OSError:
            time.sleep(0.1)
    msg = "the hub was not ready in time"
    raise RuntimeError(msg)


def token(http_port: int, username: str = "lilan") -> str:
    """Sign in and return a bearer token."""
    request = urllib.request.Request(
        f"http://127.0.0.1:{http_port}/api/v1/session",
        data=json.dumps({"username": username, "password": PASSWORD}).encode(),
        headers={"Content-Type": "application/json", "Idempotency-Key": "bench"},
    )
    with urllib.request.urlopen(request, timeout=10) as answer:
        return str(json.load(answer)["token"])
