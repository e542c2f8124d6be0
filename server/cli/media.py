"""`lutong media`: one media worker of this machine; loads no codec, no database and no web server."""

import argparse
import gc

import uvloop

from server.cli import CannotRun
from server.clock import SystemClock
from server.listeners import media_worker
from server.logs import configure_logs
from server.settings import Loaded, Settings
from server.supervisor import raise_open_files


def declare(_name: str, parser: argparse.ArgumentParser) -> None:
    """Declare the command."""
    parser.add_argument("--index", type=int, default=0, help="which worker of this machine, from 0; moves the port")
    parser.set_defaults(run=_run)


def _run(loaded: Loaded, arguments: argparse.Namespace) -> int:
    ports = loaded.settings.media_ports
    if not 0 <= arguments.index < len(ports):
        raise CannotRun(f"--index {arguments.index}: there are {len(ports)} media workers (LUTONG_MEDIA_WORKERS)")
    configure_logs(loaded.settings.log_level, f"media-{arguments.index}")
    raise_open_files()
    uvloop.run(_serve(loaded.settings, arguments.index))
    return 0


async def _serve(settings: Settings, index: int) -> None:
    gc.collect()
    gc.freeze()  # what is loaded by now stays: the collector need not look at it between packets
    await media_worker.serve(settings, index, SystemClock())
