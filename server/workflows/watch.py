"""Each minute the hub looks for what is open and nobody's, or due at no time, and tells medical affairs."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Any

from referral.service.ground import Act, Item, open_item
from referral.tickets import SYSTEM
from server.accounts.people import User
from server.accounts.places import OrganizationKind
from server.workflows.referrals import act_of

WATCH, OWNERLESS = "watch", "ownerless"
EVERY = timedelta(minutes=1)
ANSWERABLE = ("medical-affairs", "bureau")  # where a house has no medical affairs, whoever has above it
LACKS: Mapping[str, tuple[str, str]] = MappingProxyType(
    {"owner": ("无负责人", "nobody has it"), "deadline": ("无期限", "it is due at no time")}
)


async def plant(uow: Any, now: datetime) -> None:
    """Begin to watch, or go on at once after a pause."""
    await uow.ledger.set_deadline(WATCH, OWNERLESS, now)


async def on_watch(uow: Any, subject_id: str, now: datetime) -> None:
    """Open one item for each open thing that lacks owner or deadline; close those of what has both again."""
    await uow.ledger.set_deadline(WATCH, subject_id, now + EVERY)
    act = act_of(uow, SYSTEM, now)
    found = await uow.ownerless.list()
    told = await uow.watch_list.told(OWNERLESS)
    numbers = await uow.referral_board.numbers([v.id for v in found if v.collection == "referrals"])
    for violation in found:
        if (violation.collection, violation.id) not in told:
            await _tell(act, violation, numbers.get(violation.id, violation.id))
    for collection, key in set(told) - {(v.collection, v.id) for v in found}:
        await uow.ledger.close_tasks(collection, key, kinds=(OWNERLESS,), by=SYSTEM.user_id, at=now)


async def _tell(act: Act, violation: Any, number: str) -> None:
    zh = "、".join(LACKS[word][0] for word in violation.missing)
    en = ", ".join(LACKS[word][1] for word in violation.missing)
    item = Item(
        OWNERLESS, violation.collection, violation.id,
        f"{number} {zh}，请指派并定期限", f"{number}: {en}; name somebody and a time",
        act.now.isoformat(),
    )  # fmt: skip
    where = await _answerable(act.uow, violation.organization_id)
    await open_item(act, item, organization_id=where, roles=ANSWERABLE, due_at=act.now)


async def _answerable(uow: Any, organization_id: str) -> str:
    """Return whom to tell: the house itself where somebody answers there or above, else the bureau."""
    bureaus = [place.id for place in await uow.organizations.all() if place.kind is OrganizationKind.BUREAU]
    for where in (organization_id, *bureaus):
        told, role = await uow.neighbours.owner_of(where, ANSWERABLE)
        people = await uow.users.all([told])
        if any(person.disabled_at is None and _has(person, told, role) for person in people):
            return str(where)
    return organization_id


def _has(person: User, organization_id: str, role: str) -> bool:
    return any(m.organization_id == organization_id and m.role == role for m in person.memberships)


DEADLINES = {WATCH: on_watch}
