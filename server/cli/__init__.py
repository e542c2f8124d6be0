"""`lutong`: one command line for every role and every chore (design.md, contract).

A process imports only the module of its own command: a gateway carries no PDF builder, the supervisor no DICOM.
"""

import argparse
import importlib
import sys
from pathlib import Path

from server.settings import BadSetting, load

COMMANDS = {  # command: (module of server.cli, what it does)
    "up": ("up", "the whole hub on this machine"),
    "web": ("web", "web pages and interfaces"),
    "gateway": ("gateway", "what devices and hospitals' systems call: DICOM and HL7 v2"),
    "media": ("media", "video consults: forwards media, one process for each core"),
    "worker": ("worker", "background work: relay, deadlines, delivery, audit seal"),
    "decode": ("decode", "a limited child that decodes hostile objects; started by the others"),
    "migrate": ("chores", "bring the database to this release"),
    "seed": ("chores", "fill a new installation"),
    "prepare": ("chores", "migrate and seed, as `up` does before it starts the roles"),
    "check": ("chores", "is this installation sound?"),
    "config": ("settings", "what is in force, and from where"),
    "audit": ("chores", "verify the audit chain"),
    "user": ("people", "accounts: add, disable, reset"),
    "site": ("people", "organizations with their AE titles: add"),
    "send": ("send", "send DICOM files to an AE (C-STORE)"),
    "simulate": ("simulate", "a morning in the demo county, against the running hub"),
}
LATER = {
    "edge": "the township's store-and-forward gateway",
    "fsck": "index against store",
    "backup": "backup and restore",
    "restore": "backup and restore",
}


class CannotRun(Exception):
    """A command cannot do its work here; the message says what to do, the exit code is 2."""


def main(argv: list[str] | None = None) -> int:
    """Run one command; a refusal ends with 2 and says what to do."""
    words = sys.argv[1:] if argv is None else argv
    arguments = _parser(words).parse_args(words)
    try:
        loaded = load(arguments.config, demo=getattr(arguments, "demo", False))
        code: int = arguments.run(loaded, arguments)
    except (BadSetting, CannotRun) as error:
        sys.stderr.write(f"lutong: {'setting ' if isinstance(error, BadSetting) else ''}{error}\n")
        return 2
    return code


def _parser(words: list[str]) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="lutong", description="绿通: the county's consultation and referral hub")
    parser.add_argument("--config", type=Path, help="a TOML file over config/default.toml")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    wanted = next((word for word in words if word in COMMANDS), None)
    for name, (module, text) in COMMANDS.items():
        command = commands.add_parser(name, help=text)
        if name == wanted:
            importlib.import_module(f"server.cli.{module}").declare(name, command)
    for name, subject in LATER.items():
        commands.add_parser(name, help=f"not yet: {subject}").set_defaults(run=_not_yet, subject=subject)
    return parser


def _not_yet(_loaded: object, arguments: argparse.Namespace) -> int:
    raise CannotRun(f"not yet: {arguments.subject} comes with a later release")
