"""`make bench-video`: V1 to V4 and V7, a media worker of ours beside Janus and aiortc's MediaRelay, in turns.

The clients are those of ../shared/bench/video: synthetic streams for load, Chromium for what a person sees. Ratios are
taken of medians. Janus (apt-get install janus) runs with a thread for each handle, its default, and with two loops.
"""

import argparse
import json
import os
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests.bench import recording
from tests.servers.processes import free_port, listens, wait_until

ROOT = Path(__file__).parents[2]
DRIVER = Path(os.environ.get("SHARED", ROOT.parent / "shared")) / "bench" / "video" / "bench.py"
JANUS = Path("/usr/bin/janus")
LIBRARIES = Path("/usr/lib/x86_64-linux-gnu/janus")
QUIET = subprocess.DEVNULL
LOOPS = {"janus": "", "janus, 2 loops": "event_loops = 2"}
COLUMNS = (
    "cpu_us_per_packet",
    "delivered",
    "lat_ms_p50",
    "lat_ms_p99",
    "glass_ms_p50",
    "fps",
    "first_frame_s",
    "rss_mb",
)
FLOORS = (  # target, scenario, figure, peer ("" is absolute), at most
    ("V1", "load 1 to 40", "cpu_us_per_packet", "janus", 0.6),
    ("V1", "load 1 to 40", "cpu_us_per_packet", "janus, 2 loops", 0.9),
    ("V1", "load 1 to 100", "cpu_us_per_packet", "janus", 0.6),
    ("V1", "load 1 to 100", "cpu_us_per_packet", "janus, 2 loops", 0.9),
    ("V2", "consult of 4", "cpu_us_per_packet", "janus", 1.0),
    ("V3", "load 1 to 100", "lat_ms_p50", "janus", 1.0),
    ("V3", "load 1 to 100", "lat_ms_p99", "janus", 1.0),
    ("V3", "Chromium 1 to 3", "glass_ms_p50", "janus", 1.2),
    ("V4", "Chromium 1 to 3", "first_frame_s", "", 0.5),
)
Row = dict[str, Any]
Medians = Mapping[tuple[str, str], Row]


def own_address() -> str:
    """Return an address of this machine that is not the loopback's, which Janus' ICE leaves out."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("192.0.2.1", 9))  # sends nothing
        except OSError:
            return "127.0.0.1"
        return str(probe.getsockname()[0])


@contextmanager
def server(kind: str, host: str) -> Iterator[tuple[str, str, int]]:
    """Run one server; give the driver's adapter, its address and the process to charge."""
    if kind in LOOPS:
        with janus(LOOPS[kind], host) as where:
            yield where
        return
    command = [sys.executable, "-m", "tests.bench.video_server", kind, host]
    with subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as running:
        assert running.stdin is not None
        assert running.stdout is not None
        where = json.loads(running.stdout.readline())
        yield "demo", f"ws://127.0.0.1:{where['port']}/", where["pid"]
        running.stdin.close()


@contextmanager
def janus(loops: str, host: str) -> Iterator[tuple[str, str, int]]:
    """Run Janus with the bench's settings, the video room and WebSocket alone."""
    port = free_port()
    with tempfile.TemporaryDirectory() as folder:
        plugins = Path(folder) / "plugins"
        plugins.mkdir()
        (plugins / "libjanus_videoroom.so").symlink_to(LIBRARIES / "plugins" / "libjanus_videoroom.so")
        paths = (
            f'configs_folder = "{folder}"\n plugins_folder = "{plugins}"\n transports_folder = "{LIBRARIES}/transports"'
        )
        disabled = ",".join(f"libjanus_{each}.so" for each in ("http", "pfunix", "rabbitmq", "nanomsg", "mqtt"))
        Path(folder, "janus.jcfg").write_text(
            f"general: {{ {paths}\n debug_level = 3\n {loops} }}\n"
            'media: { ipv6 = false rtp_port_range = "20000-40000" }\n'
            f'nat: {{ ice_enforce_list = "{host}" }}\ntransports: {{ disable = "{disabled}" }}\n'
        )
        Path(folder, "janus.transport.websockets.jcfg").write_text(
            f'general: {{ json = "compact" ws = true ws_port = {port} ws_ip = "{host}" wss = false }}\n'
        )
        Path(folder, "janus.plugin.videoroom.jcfg").write_text("general: { }\n")
        with subprocess.Popen([str(JANUS), "-F", folder], stdin=None, stdout=QUIET, stderr=QUIET) as running:
            wait_until(lambda: listens(port, host), seconds=20, what="Janus")
            yield "janus", f"ws://{host}:{port}", running.pid
            running.terminate()


def measure(kind: str, host: str, scenario: str, *options: str) -> Row:
    """Drive one server once; return the driver's row."""
    environment = {**os.environ, "VB_HOST": host, "VB_PAGE_PORT": str(free_port())}
    with server(kind, host) as (adapter, url, pid):
        command = [sys.executable, str(DRIVER), scenario, "--adapter", adapter, "--url", url, "--pid", str(pid)]
        done = subprocess.run(
            [*command, *options], cwd=DRIVER.parent, env=environment, capture_output=True, text=True, check=False
        )
    rows = [json.loads(line) for line in done.stdout.splitlines() if line.startswith("{")]
    return rows[-1] if rows else {"error": done.stderr[-500:]}


def median(rows: Sequence[Row]) -> Row:
    """Return medians of what was measured."""
    good = [row for row in rows if "error" not in row]
    found: Row = {"runs": len(good)}
    for column in COLUMNS:
        values = [row[column] for row in good if isinstance(row.get(column), int | float)]
        if values:
            found[column] = statistics.median(values)
    return found


def floors(medians: Medians) -> Iterator[str]:
    """Say of each floor whether it is met."""
    for target, scenario, figure, peer, most in FLOORS:
        ours = medians.get((scenario, "ours"), {}).get(figure)
        beside = 1.0 if not peer else medians.get((scenario, peer), {}).get(figure)
        if ours is None or not beside:
            yield f"{target} {scenario}, {figure}: not measured"
            continue
        ratio, unit = ours / beside, f" x {peer}" if peer else " s"
        word = "met" if ratio <= most else "NOT MET"
        yield f"{target} {scenario}, {figure}: {ratio:.2f}{unit}, at most {most}: {word}"


def scenarios(arguments: argparse.Namespace) -> Iterator[tuple[str, list[str], list[str]]]:
    """Give what is played: name, the driver's options, the servers."""
    peers = [each for each in LOOPS if JANUS.exists()]
    for count in arguments.subscribers:
        yield f"load 1 to {count}", ["load", "--subs", str(count)], [*peers, "ours"]
    yield "consult of 4", ["load", "--pubs", "4", "--subs", "3"], [*peers[:1], "ours"]
    yield "Chromium 1 to 3", ["glass", "--subs", "3"], ["relay", *peers[:1], "ours"]


def main() -> int:
    """Measure in turns and print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--reps", type=int, default=3)
    parser.add_argument("--seconds", default="8")
    parser.add_argument("--subscribers", type=int, nargs="*", default=[40, 100])
    arguments = parser.parse_args()
    recording.main()
    if not DRIVER.exists() or shutil.which("chromium") is None:
        print(f"left out: no {DRIVER}, or no Chromium")
        return 0
    host = own_address()
    rows: dict[tuple[str, str], list[Row]] = {}
    for _ in range(arguments.reps):
        for name, options, kinds in scenarios(arguments):
            for kind in kinds:
                row = measure(kind, host, *options, "--seconds", arguments.seconds)
                rows.setdefault((name, kind), []).append(row)
                print("" if "error" not in row else f"failed: {name}, {kind}: {row['error']}\n", end="", flush=True)
    medians = {key: median(found) for key, found in rows.items()}
    print(f"| what | server | runs | {' | '.join(COLUMNS)} |\n|---|---|--:|{'--:|' * len(COLUMNS)}")
    for (name, kind), found in medians.items():
        cells = [f"{found[each]:g}" if each in found else "" for each in COLUMNS]
        print(f"| {name} | {kind} | {found['runs']} | {' | '.join(cells)} |")
    print("\n".join(floors(medians)))
    return 0


if __name__ == "__main__":
    sys.exit(main())
