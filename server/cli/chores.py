"""The chores: migrate, seed, check, config, audit verify and what an administrator does by hand."""

import argparse
import asyncio
import json
import sys
from collections.abc import Callable, Coroutine
from typing import Any

from server.bootstrap import Hub, open_hub
from server.db.migrations.run import at_newest, migrate
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
    book = commands.add_parser("audit", help="the audit chain")
    book.add_argument("what", choices=["verify"])
    book.set_defaults(run=_audit)


def with_hub(loaded: Loaded, work: Callable[[Hub], Coroutine[Any, Any, int]]) -> int:
    """Run a chore on a hub of its own."""

    async def body() -> int:
        hub = open_hub(loaded.settings)
        try:
            return await work(hub)
        finally:
            await hub.close()

    return asyncio.run(body())


def say(text: str) -> None:
    """Print a line for the person at the terminal."""
    sys.stdout.write(text + "\n")


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
        verdict = await audit.verify(hub.unit_of_work, hub.settings.data_path / "audit" / "anchor.log")
        say(str(verdict))
        return 0 if verdict.sound else 1

    return with_hub(loaded, work)
