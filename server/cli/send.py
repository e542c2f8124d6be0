"""`lutong send`: a store SCU for whoever has files and no device."""

import argparse
import asyncio
import sys
from pathlib import Path

from server.cli.hubs import say
from server.listeners import scu
from server.settings import Loaded


def declare(_name: str, parser: argparse.ArgumentParser) -> None:
    """Declare the command."""
    parser.add_argument("files", nargs="+", type=Path, help="files, or folders of files")
    parser.add_argument("--to", default="", help="HOST:PORT, by default this hub's gateway")
    parser.add_argument("--called", default="", help="AE title of the destination")
    parser.add_argument("--calling", default="T01", help="AE title we call ourselves")
    parser.set_defaults(run=_run)


def _run(loaded: Loaded, arguments: argparse.Namespace) -> int:
    settings = loaded.settings
    host, _, port = (arguments.to or f"{settings.bind}:{settings.dicom_port}").rpartition(":")
    listed = [f for path in arguments.files for f in (sorted(path.rglob("*")) if path.is_dir() else [path])]
    files = [f for f in listed if f.is_file()]
    destination = scu.Destination(host, int(port), arguments.called or settings.ae_title, arguments.calling)
    refused = 0

    def tell(outcome: scu.Outcome) -> None:
        nonlocal refused
        refused += not outcome.stored
        status = "not offered" if outcome.status is None else f"{outcome.status:04X}"
        say(f"{status}  {outcome.path}  {outcome.comment}".rstrip())

    try:
        asyncio.run(scu.send(destination, files, on_outcome=tell))
    except scu.DeliveryFailed as error:
        sys.stderr.write(f"lutong send: {error}\n")
        return 1
    return 1 if refused else 0
