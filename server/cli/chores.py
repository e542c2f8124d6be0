"""The chores: migrate, seed, check, config, audit verify and what an administrator does by hand."""

import argparse
import asyncio
import json
import sys
from pathlib import Path
from typing import Any

from server.bootstrap import Hub
from server.cli import simulate
from server.cli.hubs import say, with_hub
from server.db.migrations.run import at_newest, migrate
from server.listeners import scu
from server.settings import Loaded
from server.workflows import audit, demo

SECRET = ("database_url", "redis_url")


def declare(commands: Any) -> None:
    """Declare the chores' commands."""
    commands.add_parser("migrate", help="bring the database to this release").set_defaults(run=_migrate)
    seed = commands.add_parser("seed", help="fill a new installation")
    seed.add_argument("what", choices=["demo"])
    seed.set_defaults(run=_seed)
    show = commands.add_parser("config", help="what is in force, and from where")
    show.add_argument("--json", action="store_true")
    show.set_defaults(run=_config)
    commands.add_parser("check", help="is this installation sound?").set_defaults(run=_check)
    store = commands.add_parser("send", help="send DICOM files to an AE (C-STORE)")
    store.add_argument("files", nargs="+", type=Path)
    store.add_argument("--to", default="", help="HOST:PORT, by default this hub's gateway")
    store.add_argument("--called", default="", help="AE title of the destination")
    store.add_argument("--calling", default="T01", help="AE title we call ourselves")
    store.set_defaults(run=_send)
    day = commands.add_parser("simulate", help="a morning in the demo county, against the running hub")
    day.add_argument("--files", type=Path, help="a folder of real DICOM files to use instead of the samples")
    day.add_argument("--pause", type=float, default=1.5, help="seconds between the steps")
    day.set_defaults(run=simulate.run, demo=True)
    book = commands.add_parser("audit", help="the audit chain")
    book.add_argument("what", choices=["verify"])
    book.set_defaults(run=_audit)


def _migrate(loaded: Loaded, _arguments: argparse.Namespace) -> int:
    migrate(loaded.settings.database)
    say("the database is at this release")
    return 0


def _seed(loaded: Loaded, _arguments: argparse.Namespace) -> int:
    async def work(hub: Hub) -> int:
        await demo.seed_installation(hub)
        await demo.seed_demo(hub)
        return 0

    return with_hub(loaded, work)


def _config(loaded: Loaded, arguments: argparse.Namespace) -> int:
    values = loaded.settings.model_dump()
    shown = {k: ("***" if k in SECRET and v else v) for k, v in values.items()}
    if arguments.json:
        say(json.dumps({k: {"value": v, "from": loaded.sources.get(k, "default")} for k, v in shown.items()}))
        return 0
    for key, value in shown.items():
        say(f"{key:22} {value!s:40} {loaded.sources.get(key, 'default')}")
    return 0


def _send(loaded: Loaded, arguments: argparse.Namespace) -> int:
    settings = loaded.settings
    host, _, port = (arguments.to or f"{settings.bind}:{settings.dicom_port}").rpartition(":")
    files = [
        f for path in arguments.files for f in (sorted(path.rglob("*")) if path.is_dir() else [path]) if f.is_file()
    ]
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


def _check(loaded: Loaded, _arguments: argparse.Namespace) -> int:
    async def work(hub: Hub) -> int:
        findings = []
        if not await at_newest(hub.database):
            findings.append("the database is not at this release: run `lutong migrate`")
        if not hub.settings.objects_path.is_dir():
            findings.append(f"the object store {hub.settings.objects_path} is missing: run `lutong up` once")
        for finding in findings:
            say(finding)
        say("objects at rest: not encrypted by the hub (use disk encryption); identifiers in rows: encrypted")
        return 1 if findings else 0

    return with_hub(loaded, work)


def _audit(loaded: Loaded, _arguments: argparse.Namespace) -> int:
    async def work(hub: Hub) -> int:
        verdict = await audit.verify(lambda: hub.unit_of_work(read=True), hub.anchors)
        say(str(verdict))
        return 0 if verdict.sound else 1

    return with_hub(loaded, work)
