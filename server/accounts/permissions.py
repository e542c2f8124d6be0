"""The one permission function: role x route x relation, from the table in rights.csv (read it there).

The table is written by hand and reviewed; a test compares its rows with the routes. Each cell says on whose subjects
a role may use a route: `own` (the subject's organization is one in which the caller has the role), `referred` (the
caller's organization was asked to read it, or the caller broke the glass), `any`, or `-` for not at all.
"""

import csv
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from types import MappingProxyType

from server.accounts.errors import Forbidden, NoCareRelation
from server.accounts.model import Caller, Membership, Role

TABLE = Path(__file__).with_name("rights.csv")
CARE_ROLES = frozenset(Role) - {Role.BUREAU, Role.ADMINISTRATOR, Role.AUDITOR}


class Scope(StrEnum):
    """On whose subjects a right holds."""

    OWN = "own"
    REFERRED = "referred"
    ANY = "any"


@dataclass(frozen=True, slots=True)
class Relation:
    """Where a subject stands: whose it is, who was asked about it, and whether the caller broke the glass.

    Parameters
    ----------
    asked_organizations
        Organizations that were asked to read, resolve or receive it.
    centre_id
        The centre it was sent to, where a role is bound to a centre; None when that does not matter.
    granted
        The caller holds a live grant to this patient.
    """

    organization_id: str | None = None
    asked_organizations: frozenset[str] = frozenset()
    centre_id: str | None = None
    granted: bool = False


@dataclass(frozen=True, slots=True)
class Allowed:
    """The membership and the scope that allow it: an audit record's ground."""

    membership: Membership
    scope: Scope


@dataclass(frozen=True, slots=True)
class Refused:
    """Nothing allows it; `code` is FORBIDDEN (no role) or NO_CARE_RELATION (a role, but not on this subject)."""

    code: str


@dataclass(frozen=True, slots=True)
class Right:
    """One row of the table."""

    route: str
    public: str
    cells: Mapping[Role, frozenset[Scope]]


def decide(caller: Caller, route: str, relation: Relation) -> Allowed | Refused:
    """Decide whether the caller may use a route on a subject."""
    right = RIGHTS.get(key_of(route))
    if right is None:
        return Refused("FORBIDDEN")
    for membership in caller.memberships:
        for scope in sorted(right.cells[membership.role]):
            if _holds(scope, membership, relation):
                return Allowed(membership, scope)
    entered = any(right.cells[m.role] for m in caller.memberships)
    return Refused("NO_CARE_RELATION" if entered else "FORBIDDEN")


def require(caller: Caller, route: str, relation: Relation) -> Allowed:
    """Return what allows the caller to use a route on a subject.

    Raises
    ------
    Forbidden
        When none of the caller's roles has the right at all.
    NoCareRelation
        When a role has it, but not on this subject.
    """
    decision = decide(caller, route, relation)
    if isinstance(decision, Allowed):
        return decision
    raise NoCareRelation if decision.code == "NO_CARE_RELATION" else Forbidden


def may_enter(caller: Caller, route: str) -> None:
    """Let the caller into a route, whatever the subject will be.

    Raises
    ------
    Forbidden
        When no role of the caller has any right on the route, or the table has no such row.
    """
    right = RIGHTS.get(key_of(route))
    if right is None or not any(right.cells[m.role] for m in caller.memberships):
        raise Forbidden


def granted_by(caller: Caller, route: str) -> frozenset[Scope]:
    """Return every scope in which the caller's roles may use a route."""
    right = RIGHTS.get(key_of(route))
    if right is None:
        return frozenset()
    return frozenset(scope for m in caller.memberships for scope in right.cells[m.role])


def organizations_for(caller: Caller, route: str) -> frozenset[str]:
    """Return the organizations whose own subjects the caller may use a route on."""
    right = RIGHTS.get(key_of(route))
    if right is None:
        return frozenset()
    return frozenset(m.organization_id for m in caller.memberships if right.cells[m.role] & {Scope.OWN, Scope.ANY})


def key_of(route: str) -> str:
    """Return a route without the names of its parameters: `GET /a/{id}` and `GET /a/{uid}` are one row."""
    return re.sub(r"\{[^}]*\}", "{}", route)


def _holds(scope: Scope, membership: Membership, relation: Relation) -> bool:
    if scope is Scope.ANY:
        return True
    if scope is Scope.OWN:
        return membership.organization_id == relation.organization_id
    elsewhere = membership.centre_id and relation.centre_id and membership.centre_id != relation.centre_id
    asked = membership.organization_id in relation.asked_organizations and not elsewhere
    return asked or relation.granted


def read_rights(lines: Iterable[str]) -> dict[str, Right]:
    """Read the table; comment lines begin with `#`.

    Raises
    ------
    ValueError
        For an unknown column or cell, or a row that stands twice.
    """
    rights: dict[str, Right] = {}
    table = csv.reader(line for line in lines if line.strip() and not line.startswith("#"))
    _, *roles, _ = (name.strip() for name in next(table))
    for route, *values, public in ([cell.strip() for cell in row] for row in table):
        cells = {Role(role): _cell(value) for role, value in zip(roles, values, strict=True)}
        if set(cells) != set(Role) or key_of(route) in rights:
            msg = f"rights.csv: {route} stands twice or lacks a role"
            raise ValueError(msg)
        rights[key_of(route)] = Right(route, public, MappingProxyType(cells))
    return rights


def _cell(value: str) -> frozenset[Scope]:
    return frozenset() if value == "-" else frozenset(Scope(word) for word in value.split("+"))


RIGHTS: Mapping[str, Right] = MappingProxyType(read_rights(TABLE.read_text(encoding="utf-8").splitlines()))
