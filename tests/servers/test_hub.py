"""One command starts a whole hub, several run on one machine, and each ends when it is told to."""

import json
import signal
import subprocess
from collections.abc import Mapping
from pathlib import Path
from urllib.request import urlopen

import psutil
import pytest

from tests.servers.hub import PROGRAM, STOPS_WITHIN, RunningHub, running_hub
from tests.servers.processes import free_ports, listens

pytestmark = pytest.mark.flow


def test_a_hub_answers_over_http_and_dicom_and_sends_its_page(hub: RunningHub) -> None:
    with urlopen(f"{hub.url}/healthz", timeout=5) as answer:
        assert answer.status == 200
    with urlopen(f"{hub.url}/", timeout=5) as answer:
        assert answer.headers.get_content_type() == "text/html"
    with urlopen(f"{hub.url}/api/openapi.json", timeout=5) as answer:
        assert json.load(answer)["openapi"].startswith("3.1")
    assert listens(hub.dicom_port)


def family(of: RunningHub) -> list[int]:
    return [of.process.pid, *(child.pid for child in psutil.Process(of.process.pid).children(recursive=True))]


def test_two_hubs_run_at_once_and_one_that_is_told_to_end_leaves_nothing_behind(hub: RunningHub) -> None:
    with running_hub() as other:
        assert hub.is_ready()
        processes = family(other)
        assert len(processes) > 3
        assert other.stop() == 0
        assert [pid for pid in processes if psutil.pid_exists(pid)] == []
        assert not listens(other.http_port)
        assert not listens(other.dicom_port)
    assert hub.is_ready()


def refusal(environment: Mapping[str, str], cwd: Path) -> str:
    """Start a hub that must refuse to, and return what it says."""
    done = subprocess.run(
        [str(PROGRAM), "up", "--demo"],
        env=environment,
        cwd=cwd,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert done.returncode == 2
    return done.stderr


def test_a_second_hub_on_the_same_data_is_refused_by_name(hub: RunningHub) -> None:
    http, dicom = free_ports(2)
    ports = {"LUTONG_HTTP_PORT": str(http), "LUTONG_DICOM_PORT": str(dicom)}
    assert str(hub.data_dir) in refusal({**hub.environment, **ports}, hub.data_dir)


def test_a_port_that_another_program_has_is_refused_by_name(hub: RunningHub, tmp_path: Path) -> None:
    data = {"LUTONG_DATA_DIR": str(tmp_path / "d"), "LUTONG_HTTP_PORT": str(free_ports(1)[0])}
    said = refusal({**hub.environment, **data}, tmp_path)
    assert f"port {hub.dicom_port} cannot be opened" in said
    assert "LUTONG_DICOM_PORT" in said


def test_ctrl_c_ends_everything_in_order(fresh_hub: RunningHub) -> None:
    processes = family(fresh_hub)
    fresh_hub.process.send_signal(signal.SIGINT)
    assert fresh_hub.process.wait(STOPS_WITHIN) == 0
    assert [pid for pid in processes if psutil.pid_exists(pid)] == []
