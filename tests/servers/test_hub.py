"""One command starts a whole hub, several run on one machine, and each ends when it is told to."""

import json
import signal
import socket
import subprocess
import time
from pathlib import Path
from urllib.request import urlopen

import psutil
import pytest

from tests.servers.hub import PROGRAM, STOPS_WITHIN, RunningHub, running_hub
from tests.servers.processes import NotReady, listens

pytestmark = pytest.mark.flow


def test_a_hub_answers_over_http_and_dicom_and_sends_its_page(hub: RunningHub) -> None:
    with urlopen(f"{hub.url}/healthz", timeout=5) as answer:
        assert answer.status == 200
    with urlopen(f"{hub.url}/", timeout=5) as answer:
        assert answer.headers.get_content_type() == "text/html"
    with urlopen(f"{hub.url}/api/openapi.json", timeout=5) as answer:
        assert json.load(answer)["openapi"].startswith("3.1")
    assert listens(hub.dicom_port)


def test_two_hubs_run_at_once_each_with_its_own_data(hub: RunningHub) -> None:
    with running_hub() as other:
        assert other.is_ready()
        assert hub.is_ready()
        assert other.data_dir != hub.data_dir


def test_a_second_hub_on_the_same_data_is_refused_by_name(hub: RunningHub) -> None:
    ports = {"LUTONG_HTTP_PORT": "1", "LUTONG_DICOM_PORT": "2"}
    done = subprocess.run(
        [str(PROGRAM), "up", "--demo"],
        env={**hub.environment, **ports},
        cwd=hub.data_dir,
        capture_output=True,
        text=True,
        check=False,
        timeout=30,
    )
    assert done.returncode == 2
    assert str(hub.data_dir) in done.stderr


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_hub_that_is_told_to_end_leaves_no_process_and_no_open_port(fresh_hub: RunningHub, number: int) -> None:
    family = [fresh_hub.process.pid, *(child.pid for child in psutil.Process(fresh_hub.process.pid).children(True))]
    assert len(family) > 3
    started = time.monotonic()
    fresh_hub.process.send_signal(number)
    assert fresh_hub.process.wait(STOPS_WITHIN) == 0
    assert time.monotonic() - started < STOPS_WITHIN
    assert [pid for pid in family if psutil.pid_exists(pid)] == []
    assert not listens(fresh_hub.http_port)
    assert not listens(fresh_hub.dicom_port)


def test_a_port_that_is_taken_is_named(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(NotReady, match=str(port)), running_hub(LUTONG_DICOM_PORT=str(port)):
            pass
