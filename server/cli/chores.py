"""The chores: migrate, seed, check and audit verify."""

import argparse

from server.bootstrap import Hub
from server.cli.hubs import say, with_hub
from server.db.migrations.run import at_newest, migrate
from server.settings import Loaded
from server.workflows import audit, demo


def declare(name: str, parser: argparse.ArgumentParser) -> None:
    """Declare one of the commands."""
    if name == "seed":
        parser.add_argument("what", choices=["demo"])
    if name == "audit":
        parser.add_argument("what", choices=["verify"])
    runs = {"migrate": _migrate, "prepare": _prepare, "seed": _seed, "check": _check, "audit": _audit}
    parser.set_defaults(run=runs[name])


def _migrate(loaded: Loaded, _arguments: argparse.Namespace) -> int:
    migrate(loaded.settings.database)
    say("the database is at this release")
    return 0


def _prepare(loaded: Loaded, _arguments: argparse.Namespace) -> int:
    async def work(hub: Hub) -> int:
        await demo.seed_installation(hub)
        if hub.settings.demo:
            await demo.seed_demo(hub)
        return 0

    migrate(loaded.settings.database)
    return with_hub(loaded, work)


def _seed(loaded: Loaded, _arguments: argparse.Namespace) -> int:
    async def work(hub: Hub) -> int:
        await demo.seed_installation(hub)
        await demo.seed_demo(hub)
        return 0

    return with_hub(loaded, work)


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
        verdict = await audit.verify(hub.unit_of_work, hub.anchors)
        say(str(verdict))
        return 0 if verdict.sound else 1

    return with_hub(loaded, work)
