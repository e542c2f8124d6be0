"""`make bench`: our gateway beside Orthanc with the drivers of ../shared/bench/pacs, in turns; prints one table.

G1 objects a second, G2 CPU per 1000 objects, G3 an ordinary client, G4 round trips, G8 STOW-RS. Ratios are
taken within a repetition and reported as median (min..max). B2, the order of a queue, has no peer and comes first.
"""

import argparse
import importlib
import json
import os
import platform
import shutil
import statistics
import subprocess
import sys
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from server.clock import SystemClock
from tests.bench import board, hub, queue_order

SHARED = Path(os.environ.get("SHARED", hub.ROOT.parent / "shared"))
DRIVERS = SHARED / "bench" / "pacs"
RESULTS = Path(__file__).with_name("RESULTS.md")
CELLS = [("ecg", 1), ("ecg", 4), ("ecg", 16), ("ct", 1), ("ct", 4), ("ct", 16), ("dx", 4)]
OBJECTS = {"ecg": 480, "ct": 320, "dx": 32}
ORDINARY, STOW = "ct x1, ordinary client", "STOW ct x4"
FLOORS = {  # of the project's targets, by figure and cell; a cell without one reports where we stand
    "obj_s": {"ecg": ">= 1.5", "ct": ">= 1.5", "dx": ">= 2", ORDINARY: ">= 8", STOW: ">= 1.3"},
    "cpu_per_1000": {"ecg": "<= 0.6", "ct": "<= 0.6", "dx": "<= 0.35", ORDINARY: "", STOW: "<= 0.5"},
    "p50_ms": {"ct x1": "<= 0.7"},
    "p99_ms": {"ct x1": "<= 1"},
}
Row = dict[str, Any]


def main() -> int:
    """Run the repetitions and print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--reps", type=int, default=5)
    parser.add_argument("--servers", nargs="+", default=["orthanc", "lutong"], choices=["orthanc", "lutong"])
    parser.add_argument("--scale", type=float, default=1.0)
    parser.add_argument("--write", action="store_true", help="keep the table in tests/bench/RESULTS.md")
    arguments = parser.parse_args()
    order = f"{queue_order.table()}\n{board.table()}"
    print(order)
    missing = _missing()
    if missing:
        print(f"left out: {missing}")
        return 0
    sys.path.insert(0, str(DRIVERS))
    rows: list[Row] = []
    for rep in range(arguments.reps):
        for name in arguments.servers:
            rows += _measure(name, rep, arguments.scale)
    text = _table(rows, arguments)
    if not rows or "| ct" not in text:
        print("no measurement came out: see the server's log")
        return 1
    print(text)
    if arguments.write:
        RESULTS.write_text(f"{text}\n{order}", encoding="utf-8")
    return 0


def _missing() -> str:
    if not DRIVERS.is_dir():
        return f"the drivers are not there ({DRIVERS}; set SHARED)"
    if not shutil.which("Orthanc"):
        return "Orthanc is not installed (apt-get install orthanc orthanc-dicomweb)"
    return ""


@dataclass(frozen=True, slots=True)
class Run:
    """One server in one repetition, and the drivers that measure it."""

    name: str
    rep: int
    port: int
    aet: str
    calling: str
    pid: int
    scale: float

    def measured(self, cell: str, work: Callable[[], Row]) -> Row:
        """Return the driver's row with what the server's processes cost meanwhile."""
        metering = importlib.import_module("metering")
        with metering.Meter(self.pid) as meter:
            row = work()
        cpu = meter.cpu / max(1, row["ok"]) * 1000
        extra = {"cpu_per_1000": cpu, "rss_mib": meter.peak_rss / 2**20}
        return row | extra | {"server": self.name, "rep": self.rep, "cell": cell}

    def store(self, kind: str, associations: int) -> Row:
        """G1, G2, G4: objects with fresh UIDs over so many associations."""
        driver = importlib.import_module("store")
        factor = 2 if self.name == "lutong" else 1
        count = max(1, int(OBJECTS[kind] * self.scale * factor) // associations)
        options = {"start": self.rep * 1000, "calling": self.calling}
        row: Row = driver.run("127.0.0.1", self.port, self.aet, kind, associations, count, **options)
        return row

    def ordinary_client(self) -> Row:
        """G3: a client that delays its acknowledgements, as modalities do."""
        command = [sys.executable, "store.py", str(self.port), "--aet", self.aet, "--calling", self.calling]
        start = str(500000 + self.rep * 1000)
        done = subprocess.run(
            [*command, "--kind", "ct", "--objects", "40", "--start", start],
            cwd=DRIVERS,
            env=os.environ | {"PACSBENCH_QUICKACK": "0"},
            check=True,
            capture_output=True,
            text=True,
            timeout=120,
        )
        row: Row = json.loads(done.stdout)
        return row

    def stow(self) -> Row:
        """G8: STOW-RS, one CT a request, four connections."""
        driver = importlib.import_module("dicomweb")
        headers = {"Authorization": f"Bearer {hub.token(self.port + 1)}"} if self.name == "lutong" else {}
        base = f"http://127.0.0.1:{self.port + 1}/dicom-web"
        start = 700000 + self.rep * 1000
        row: Row = driver.stow(base, "ct", 4, max(1, int(60 * self.scale)), start=start, headers=headers)
        return row


def _measure(name: str, rep: int, scale: float) -> list[Row]:
    servers = importlib.import_module("servers")
    servers.SERVERS["lutong"] = servers.Server(hub.start, "LUTONG", calling="T01")
    port = 14100 if name == "orthanc" else 14110
    with servers.running(name, port) as (process, aet, _):
        run = Run(name, rep, port, aet, servers.SERVERS[name].calling, process.pid, scale)
        run.store("ecg", 1)  # warm
        rows = [run.measured(f"{kind} x{n}", partial(run.store, kind, n)) for kind, n in CELLS]
        rows.append(run.measured(ORDINARY, run.ordinary_client))
        rows.append(run.measured(STOW, run.stow))
    for row in rows:
        figures = f"{row['obj_s']:.0f}/s {row['cpu_per_1000']:.2f} s {row['errors']}"
        print(f"{rep} {name} {row['cell']}: {figures}", file=sys.stderr)
    return rows


def _table(rows: list[Row], arguments: argparse.Namespace) -> str:
    cells: dict[str, dict[str, dict[int, Row]]] = defaultdict(lambda: defaultdict(dict))
    for row in rows:
        cells[row["cell"]][row["server"]][row["rep"]] = row
    head = (
        f"{SystemClock().now():%Y-%m-%d}, `make bench` (reps {arguments.reps}, scale {arguments.scale}), "
        f"{os.cpu_count()} cores, {platform.platform(terse=True)}, Python {platform.python_version()}. "
        "Lütong: durable and indexed before the acknowledgement, CPU of every process under `lutong up`. "
        "Ratios Lütong / Orthanc within a repetition: median (min..max)."
    )
    names = ("cell", "Orthanc /s", "Lütong /s", "obj/s", "CPU", "p50", "p99", "RSS MiB O / L", "failed")
    out = [
        "# Gateway beside Orthanc",
        "",
        head,
        "",
        f"| {' | '.join(names)} |",
        "|---|--:|--:|---|---|---|---|---|--:|",
    ]
    out += [_line(cell, servers) for cell, servers in cells.items()]
    return "\n".join(out) + "\n"


def _line(cell: str, servers: dict[str, dict[int, Row]]) -> str:
    peer, ours = servers["orthanc"], servers["lutong"]
    pairs = [(ours[rep], peer[rep]) for rep in sorted(set(ours) & set(peer))]
    kind = cell.split(maxsplit=1)[0].lower()

    def ratio(key: str) -> str:
        values = [a[key] / b[key] for a, b in pairs if b[key]]
        if not values:
            return "no pair"
        floors = FLOORS[key]
        floor = floors.get(cell, floors.get(kind, ""))
        shown = f"{statistics.median(values):.2f} ({min(values):.2f}..{max(values):.2f})"
        return f"{shown} {floor}".strip()

    def middle(rows: dict[int, Row], key: str) -> float:
        return statistics.median(r[key] for r in rows.values())

    failed = sum(r["n_errors"] + max(0, r.get("sent", r["ok"]) - r["ok"]) for r in ours.values())
    cells = [
        cell,
        f"{middle(peer, 'obj_s'):.0f}",
        f"{middle(ours, 'obj_s'):.0f}",
        *(ratio(key) for key in ("obj_s", "cpu_per_1000", "p50_ms", "p99_ms")),
        f"{middle(peer, 'rss_mib'):.0f} / {middle(ours, 'rss_mib'):.0f}",
        str(failed),
    ]
    return f"| {' | '.join(cells)} |"


if __name__ == "__main__":
    sys.exit(main())
