"""`lutong config`: what is in force, and from where."""

import argparse
import json

from server.cli.hubs import say
from server.settings import Loaded

SECRET = ("database_url", "redis_url", "turn_secret")


def declare(_name: str, parser: argparse.ArgumentParser) -> None:
    """Declare the command."""
    parser.add_argument("--json", action="store_true")
    parser.set_defaults(run=_run)


def _run(loaded: Loaded, arguments: argparse.Namespace) -> int:
    values = loaded.settings.model_dump()
    shown = {k: ("***" if k in SECRET and v else v) for k, v in values.items()}
    if arguments.json:
        say(json.dumps({k: {"value": v, "from": loaded.sources.get(k, "default")} for k, v in shown.items()}))
        return 0
    for key, value in shown.items():
        say(f"{key:22} {value!s:40} {loaded.sources.get(key, 'default')}")
    return 0
