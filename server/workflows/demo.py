"""What a new installation starts with: the general rules; and the demo county, read from config/demo/county.toml."""

import tomllib
from collections.abc import Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from datetime import UTC, datetime
from pathlib import Path
from types import MappingProxyType
from typing import Any, Protocol

from dicom import rules as imaging_rules
from referral import beds, follow_up, guide, pathways, targets
from referral import rules as referral_rules
from server.accounts.model import Caller, Membership, Role
from server.accounts.passwords import PasswordHasher
from server.accounts.people import User
from server.accounts.places import AeTitle, Agreement, Centre, CentreKind, Organization, OrganizationKind
from server.clock import Clock
from server.patients.identifiers import IdentifierSystem
from server.patients.model import Assistance, AssistanceCategory, Identifier, Sex
from server.workflows import organizations, patients, users, watch
from server.workflows.demo_wards import seed_wards
from video import rules as consult_rules
from video.consults import Expert, Hours

PASSWORD = "lutong-demo"  # noqa: S105 - the demo county's known password; a demo listens on loopback only
COUNTY = Path(__file__).resolve().parents[2] / "config" / "demo" / "county.toml"
FROM_THE_START = datetime(2020, 1, 1, tzinfo=UTC)
GENERAL_RULES: Mapping[str, Mapping[str, Any]] = MappingProxyType(
    {
        **imaging_rules.DEFAULTS,
        "quiet-period": {"seconds": imaging_rules.DEFAULTS["reading"]["quiet_seconds"]},
        referral_rules.REFERRAL: referral_rules.DEFAULTS,
        beds.BED_PRIORITY: beds.DEFAULTS,
        guide.GUIDE: guide.DEFAULTS,
        pathways.PATHWAYS: pathways.DEFAULTS,
        targets.TARGETS: targets.DEFAULTS,
        follow_up.FOLLOW_UP: follow_up.DEFAULTS,
        consult_rules.CONSULT: consult_rules.DEFAULTS,
    }
)


class Installation(Protocol):
    """The hub as seeding needs it."""

    @property
    def clock(self) -> Clock:
        """Return the clock in force."""
        ...

    @property
    def passwords(self) -> PasswordHasher:
        """Return what hashes passwords."""
        ...

    def unit_of_work(self, caller: Caller = ..., /) -> AbstractAsyncContextManager[Any]:
        """Open a unit of work."""
        ...


async def seed_installation(hub: Installation) -> None:
    """Give every installation the general rules and assistance categories, and begin to watch; a version stays."""
    county = _county()
    async with hub.unit_of_work() as uow:
        await seed_rules(uow)
        known = await uow.patients.categories()
        for row in county["assistance_categories"]:
            if row["code"] not in known:
                await uow.patients.put_category(AssistanceCategory(**row))
        await watch.plant(uow, hub.clock.now())


async def seed_rules(uow: Any) -> None:
    """Store version 1 of every general rule (region "")."""
    for kind, data in GENERAL_RULES.items():
        await uow.ledger.put_rule(kind, "", 1, FROM_THE_START, data)


async def seed_demo(hub: Installation) -> None:
    """Build the demo county by the commands that people have, in one transaction; one that stands is left alone."""
    county = _county()
    password_hash = await hub.passwords.hash(PASSWORD)
    async with hub.unit_of_work() as uow:
        if await uow.organizations.get(county["organizations"][0]["id"]) is not None:
            return
        now = hub.clock.now()
        for kind, data in county["rules"].items():
            await uow.ledger.put_rule(kind, county["division"], 1, FROM_THE_START, data)
        await _seed_places(uow, county, now)
        for row in county["users"]:
            user = User(row["username"], row["username"], row["name"], row["title"], now, _roles(row["roles"]))
            await users.add_user(uow, user, password_hash=password_hash)
        for row in county["experts"]:
            await uow.roster.put(_expert(row))
        await seed_wards(uow, county, now)
        for row in county["departments"]:
            await uow.capabilities.put(row["organization"], row["name"], at=now, **_offers(row))
        for resident in county["residents"]:
            await _register(uow, resident, now)
        for row in county["organizations"]:
            await _continue_paper_archive(uow, row)


def _offers(row: Mapping[str, Any]) -> dict[str, Any]:
    """Return what a department of the file can do, and who is on duty there."""
    lists = {name: row.get(name, []) for name in ("devices", "services", "on_duty")}
    return {"phone": row.get("phone", ""), **lists}


async def _seed_places(uow: Any, county: Mapping[str, Any], now: datetime) -> None:
    for row in county["organizations"]:
        await organizations.add_organization(uow, _organization(row, county["division"], now))
    for row in county["centres"]:
        await uow.organizations.add_centre(_centre(row))
    for row in county["ae_titles"]:
        entity = AeTitle(row["ae_title"], row["organization"], row["description"], addresses=tuple(row["addresses"]))
        await organizations.add_ae_title(uow, entity)
    for row in county["agreements"]:
        parties = (row["from"], row["to"])
        agreement = Agreement("-".join(parties), *parties, tuple(row["services"]), county["agreements_from"])
        await uow.organizations.add_agreement(agreement)
    for row in county["travel"]:
        await uow.neighbours.set_travel_minutes(*row["between"], row["minutes"])


async def _register(uow: Any, row: Mapping[str, Any], now: datetime) -> None:
    user = await uow.users.by_username(row["by"])
    wanted = patients.Registration(
        name=row["name"],
        sex=Sex(row["sex"]),
        birth_date=row["birth_date"],
        identifiers=(Identifier(IdentifierSystem.RESIDENT_ID, row["resident_id"]),),
        phone=row["phone"],
        address=row["address"],
        allergies=row.get("allergies", ""),
        assistance=tuple(Assistance(a["category"], a["from"], a.get("to")) for a in row.get("assistance", ())),
    )
    seeder, uow.caller = uow.caller, Caller(user.id, user.name, user.title, user.memberships)
    await patients.register_patient(uow, wanted, now=now)
    uow.caller = seeder


async def _continue_paper_archive(uow: Any, row: Mapping[str, Any]) -> None:
    """Count on to the paper archive's last number: the next record of the area continues it."""
    last = row.get("record_serial", 0)
    while last and await uow.ledger.next_serial(f"record:{row['record_area']}") < last:
        continue


def _county() -> dict[str, Any]:
    return tomllib.loads(COUNTY.read_text(encoding="utf-8"))


def _organization(row: Mapping[str, Any], division: str, now: datetime) -> Organization:
    return Organization(
        id=row["id"],
        name=row["name"],
        kind=OrganizationKind(row["kind"]),
        division=division,
        created_at=now,
        parent_id=row.get("parent"),
        record_area=row.get("record_area", ""),
        phone=row["phone"],
        beds=row.get("beds"),
    )


def _centre(row: Mapping[str, Any]) -> Centre:
    return Centre(
        id=row["id"],
        organization_id=row["organization"],
        kind=CentreKind(row["kind"]),
        name=row["name"],
        modalities=tuple(row["modalities"]),
        opens=row["opens"],
        closes=row["closes"],
        weekdays=tuple(row["weekdays"]),
        emergency_round_the_clock=row["emergency_round_the_clock"],
        phone=row["phone"],
    )


def _expert(row: Mapping[str, Any]) -> Expert:
    hours = tuple(Hours(day, opens, closes) for day in row["weekdays"] for opens, closes in row["hours"])
    return Expert(
        row["username"], "", "", row["organization"], tuple(row["specialties"]), row["practising_since"],
        row["licence"], hours, row["slot_minutes"],
    )  # fmt: skip


def _roles(words: Sequence[str]) -> tuple[Membership, ...]:
    """Return memberships of `role@organization` or `role@centre`; a centre's id begins with its organization's."""
    memberships = []
    for word in words:
        role, _, place = word.partition("@")
        organization_id, _, centre = place.partition("-")
        memberships.append(Membership(organization_id, Role(role), place if centre else ""))
    return tuple(memberships)
