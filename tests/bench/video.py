"""V1, V3 and V7: CPU per forwarded packet and delay, ours beside aiortc's MediaRelay; `python -m tests.bench.video`.

The clients are those of ../shared/bench/video: Chromium for both servers in turns (a relay decodes, so it needs a real
picture), and synthetic streams for ours alone with many subscribers.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests.bench import recording

ROOT = Path(__file__).parents[2]
DRIVER = Path(os.environ.get("SHARED", ROOT.parent / "shared")) / "bench" / "video" / "bench.py"
COLUMNS = ("cpu_us_per_packet", "cpu_ms_per_stream_s", "delivered", "lat_ms_p50", "lat_ms_p99", "glass_ms_p50", "fps")
Row = dict[str, Any]


@contextmanager
def server(kind: str) -> Iterator[Row]:
    """Run one server; give its port and process id."""
    command = [sys.executable, "-m", "tests.bench.video_server", kind]
    with subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as running:
        assert running.stdout is not None
        yield json.loads(running.stdout.readline())
        running.terminate()


def measure(kind: str, scenario: str, *options: str) -> Row:
    """Drive one server once; return the driver's row."""
    with server(kind) as where:
        url = f"ws://127.0.0.1:{where['port']}/"
        command = [sys.executable, str(DRIVER), scenario, "--adapter", "demo", "--url", url, "--pid", str(where["pid"])]
        done = subprocess.run([*command, *options], cwd=DRIVER.parent, capture_output=True, text=True, check=False)
    rows = [json.loads(line) for line in done.stdout.splitlines() if line.startswith("{")]
    return rows[-1] if rows else {"error": done.stderr[-500:]}


def table(name: str, rows: Sequence[Row]) -> str:
    """Return one line: medians of what was measured."""
    good = [row for row in rows if "error" not in row]
    cells = [name, str(len(good))]
    for column in COLUMNS:
        values = [row[column] for row in good if isinstance(row.get(column), int | float)]
        cells.append(f"{statistics.median(values):g}" if values else "")
    return f"| {' | '.join(cells)} |"


def main() -> int:
    """Measure in turns and print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--reps", type=int, default=3)
    parser.add_argument("--seconds", default="8")
    parser.add_argument("--subscribers", type=int, nargs="*", default=[40, 100])
    arguments = parser.parse_args()
    if not DRIVER.exists():
        print(f"left out: no {DRIVER}")
        return 0
    found: dict[str, list[Row]] = {}
    for _ in range(arguments.reps):
        for kind in ("relay", "ours"):
            row = measure(kind, "glass", "--subs", "3", "--seconds", arguments.seconds)
            found.setdefault(f"{kind}, Chromium 1 to 3", []).append(row)
        for count in arguments.subscribers:
            row = measure("ours", "load", "--subs", str(count), "--seconds", arguments.seconds)
            found.setdefault(f"ours, synthetic 1 to {count}", []).append(row)
    recording.main()
    print(f"| what | runs | {' | '.join(COLUMNS)} |\n|---|--:|{'--:|' * len(COLUMNS)}")
    for name, rows in found.items():
        print(table(name, rows))
        print("".join(f"  failed: {row['error']}\n" for row in rows if "error" in row), end="")
    return 0


if __name__ == "__main__":
    sys.exit(main())
