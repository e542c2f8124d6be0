"""`lutong`: one command line for every role and every chore (design.md, contract)."""

import argparse
import sys
from pathlib import Path

from server.cli import chores, people, roles
from server.settings import BadSetting, load
from server.supervisor import CannotStart

LATER = {
    "media": "video consults",
    "edge": "the township's store-and-forward gateway",
    "backup": "backup and restore",
    "restore": "backup and restore",
}


def main(argv: list[str] | None = None) -> int:
    """Run one command; a refusal ends with 2 and says what to do."""
    arguments = _parser().parse_args(argv)
    try:
        loaded = load(arguments.config, demo=getattr(arguments, "demo", False))
        code: int = arguments.run(loaded, arguments)
    except BadSetting as error:
        print(f"lutong: setting {error}", file=sys.stderr)  # noqa: T201
        return 2
    except CannotStart as error:
        print(f"lutong: {error}", file=sys.stderr)  # noqa: T201
        return 2
    return code


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="lutong", description="绿通: the county's consultation and referral hub")
    parser.add_argument("--config", type=Path, help="a TOML file over config/default.toml")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    roles.declare(commands)
    chores.declare(commands)
    people.declare(commands)
    for name, subject in LATER.items():
        later = commands.add_parser(name, help=f"not yet: {subject}")
        later.set_defaults(run=_not_yet, subject=subject)
    return parser


def _not_yet(_loaded: object, arguments: argparse.Namespace) -> int:
    print(f"lutong: not yet: {arguments.subject} comes with a later release", file=sys.stderr)  # noqa: T201
    return 2
