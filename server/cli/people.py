"""People and sites by hand: `lutong user add|disable|reset`, `lutong site add`."""

import argparse
import getpass
import secrets
import sys
from typing import Any

from server.accounts.errors import AccountRefusal
from server.accounts.model import Membership, Role
from server.accounts.passwords import is_acceptable
from server.accounts.people import User
from server.accounts.places import AeTitle, Organization, OrganizationKind
from server.bootstrap import Hub
from server.cli.hubs import say, with_hub
from server.settings import Loaded
from server.workflows import organizations, users


def declare(name: str, parser: argparse.ArgumentParser) -> None:
    """Declare `user` or `site`."""
    what = parser.add_subparsers(required=True, metavar="WHAT")
    if name == "site":
        _declare_site(what)
        return
    add = what.add_parser("add", help="a new account; the password is asked for, or read from standard input")
    add.add_argument("username")
    add.add_argument("--name", required=True)
    add.add_argument("--title", default="")
    form = "ROLE@ORGANIZATION[:CENTRE]"
    add.add_argument("--role", action="append", required=True, metavar=form, help="may be given several times")
    add.set_defaults(run=_add_user)
    for verb, run, text in (("disable", _disable, "end an account"), ("reset", _reset, "set a new password")):
        one = what.add_parser(verb, help=text)
        one.add_argument("username")
        one.set_defaults(run=run)


def _declare_site(what: Any) -> None:
    new = what.add_parser("add", help="an organization with its AE titles")
    new.add_argument("id")
    new.add_argument("--name", required=True)
    new.add_argument("--kind", required=True, choices=[kind.value for kind in OrganizationKind])
    new.add_argument("--parent", default=None)
    new.add_argument("--ae-title", action="append", default=[])
    new.set_defaults(run=_add_site)


def membership(text: str) -> Membership:
    """Parse `role@organization[:centre]`.

    Raises
    ------
    ValueError
        When it has another form or names an unknown role.
    """
    role, at, place = text.partition("@")
    organization, _, centre = place.partition(":")
    if not at or not organization:
        msg = f"{text}: write ROLE@ORGANIZATION or ROLE@ORGANIZATION:CENTRE"
        raise ValueError(msg)
    return Membership(organization, Role(role), centre)


def _ask_password(username: str) -> str:
    password = getpass.getpass("password: ") if sys.stdin.isatty() else sys.stdin.readline().rstrip("\n")
    if not is_acceptable(password, username):
        msg = "the password is too easy: at least 10 characters, not the user's name"
        raise ValueError(msg)
    return password


def _add_user(loaded: Loaded, arguments: argparse.Namespace) -> int:
    async def work(hub: Hub) -> int:
        roles = tuple(membership(text) for text in arguments.role)
        password_hash = await hub.passwords.hash(_ask_password(arguments.username))
        now = hub.clock.now()
        user = User(secrets.token_hex(8), arguments.username, arguments.name, arguments.title, now, roles)
        async with hub.unit_of_work() as uow:
            await users.add_user(uow, user, password_hash=password_hash)
        say(f"{arguments.username} can sign in at {hub.settings.url}")
        return 0

    return _guarded(loaded, work)


def _disable(loaded: Loaded, arguments: argparse.Namespace) -> int:
    async def work(hub: Hub) -> int:
        async with hub.unit_of_work() as uow:
            user = await _by_name(uow, arguments.username)
            await users.disable_user(uow, user.id, now=hub.clock.now())
        say(f"{arguments.username} is signed out and can no longer sign in")
        return 0

    return _guarded(loaded, work)


def _reset(loaded: Loaded, arguments: argparse.Namespace) -> int:
    async def work(hub: Hub) -> int:
        password_hash = await hub.passwords.hash(_ask_password(arguments.username))
        async with hub.unit_of_work() as uow:
            user = await _by_name(uow, arguments.username)
            await users.reset_password(uow, user.id, password_hash=password_hash, now=hub.clock.now())
        say(f"{arguments.username} has a new password; open sessions are ended")
        return 0

    return _guarded(loaded, work)


def _add_site(loaded: Loaded, arguments: argparse.Namespace) -> int:
    async def work(hub: Hub) -> int:
        organization = Organization(
            arguments.id,
            arguments.name,
            OrganizationKind(arguments.kind),
            hub.settings.region,
            hub.clock.now(),
            parent_id=arguments.parent,
        )
        async with hub.unit_of_work() as uow:
            await organizations.add_organization(uow, organization)
            for ae_title in arguments.ae_title:
                await organizations.add_ae_title(uow, AeTitle(ae_title, organization.id))
        say(f"{arguments.id} {arguments.name}: {', '.join(arguments.ae_title) or 'no AE title yet'}")
        return 0

    return _guarded(loaded, work)


async def _by_name(uow: Any, username: str) -> User:
    user: User | None = await uow.users.by_username(username)
    if user is None:
        msg = f"there is no user {username}"
        raise ValueError(msg)
    return user


def _guarded(loaded: Loaded, work: Any) -> int:
    try:
        return with_hub(loaded, work)
    except (AccountRefusal, ValueError) as error:
        sys.stderr.write(f"lutong: {getattr(error, 'code', '')} {error}\n".replace(":  ", ": "))
        return 2
