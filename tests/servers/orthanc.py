"""Debian's Orthanc as a peer: a real archive to send to, query and compare with, on free ports."""

import json
import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.request import urlopen

from tests.servers.processes import end, free_ports, listens, system_program, wait_until

PLUGINS = Path("/usr/share/orthanc/plugins")


@dataclass(frozen=True, slots=True)
class RunningOrthanc:
    """An Orthanc that accepts associations from anyone and answers DICOMweb below ``url + /dicom-web``."""

    ae_title: str
    dicom_port: int
    http_port: int

    @property
    def url(self) -> str:
        """Return the address of its REST root."""
        return f"http://127.0.0.1:{self.http_port}"

    def get(self, path: str) -> object:
        """Return the JSON at a path of its REST API."""
        with urlopen(f"{self.url}{path}", timeout=10) as answer:
            return json.load(answer)


def configuration(base: Path, ae_title: str, dicom: int, http: int, peers: Mapping[str, tuple[str, int]]) -> str:
    """Return the configuration file's text; `peers` are AE title to (host, port), for C-STORE and C-MOVE."""
    settings = {
        "Name": ae_title,
        "StorageDirectory": str(base / "storage"),
        "IndexDirectory": str(base / "storage"),
        "Plugins": [str(PLUGINS / "libOrthancDicomWeb.so")],
        "HttpServerEnabled": True,
        "HttpPort": http,
        "RemoteAccessAllowed": False,
        "AuthenticationEnabled": False,
        "DicomServerEnabled": True,
        "DicomAet": ae_title,
        "DicomPort": dicom,
        "DicomAlwaysAllowEcho": True,
        "DicomAlwaysAllowStore": True,
        "UnknownSopClassAccepted": True,
        "DicomModalities": {name: [name, host, port] for name, (host, port) in peers.items()},
        "DicomWeb": {"Enable": True, "Root": "/dicom-web/"},
    }
    return json.dumps(settings, indent=1)


@contextmanager
def running_orthanc(
    ae_title: str = "ORTHANC", peers: Mapping[str, tuple[str, int]] | None = None
) -> Iterator[RunningOrthanc]:
    """Start an Orthanc on free ports; end it and remove its files afterwards. Skips where it is not installed."""
    program = system_program("Orthanc", "orthanc orthanc-dicomweb")
    base = Path(tempfile.mkdtemp(prefix="lutong-orthanc-"))
    dicom, http = free_ports(2)
    (base / "orthanc.json").write_text(configuration(base, ae_title, dicom, http, peers or {}), encoding="utf-8")
    log = base / "log"
    with log.open("wb") as sink:
        process = subprocess.Popen(
            [program, base / "orthanc.json"], cwd=base, stdin=subprocess.DEVNULL, stdout=sink, stderr=subprocess.STDOUT
        )
    try:
        wait_until(lambda: listens(http) and listens(dicom), seconds=30, what="Orthanc", log=log)
        yield RunningOrthanc(ae_title, dicom, http)
    finally:
        end(process, seconds=15)
        shutil.rmtree(base, ignore_errors=True)
