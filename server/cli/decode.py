"""`lutong decode`: the limited child that decodes hostile objects (design.md 4)."""

import argparse

from server.decode import child
from server.settings import Loaded


def declare(_name: str, parser: argparse.ArgumentParser) -> None:
    """Declare the command."""
    parser.set_defaults(run=_run)


def _run(_loaded: Loaded, _arguments: argparse.Namespace) -> int:
    child.main()
    return 0
