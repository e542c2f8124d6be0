"""`lutong gateway`: the process that devices and hospitals' systems call: DICOM and HL7 v2."""

import argparse
import gc

import uvloop

from server.bootstrap import open_hub
from server.listeners import gateway_main
from server.logs import configure_logs
from server.settings import Loaded, Settings
from server.supervisor import raise_open_files


def declare(_name: str, parser: argparse.ArgumentParser) -> None:
    """Declare the command."""
    parser.set_defaults(run=_run)


def _run(loaded: Loaded, _arguments: argparse.Namespace) -> int:
    configure_logs(loaded.settings.log_level, "gateway")
    raise_open_files()
    uvloop.run(_serve(loaded.settings))
    return 0


async def _serve(settings: Settings) -> None:
    hub = open_hub(settings)
    gc.collect()
    gc.freeze()  # what is loaded by now stays: the collector need not look at it with every few objects
    try:
        await gateway_main.serve(hub)
    finally:
        await hub.close()
