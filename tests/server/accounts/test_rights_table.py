"""The rights table names every route, and no other; public ones are few and give their reason (decisions 16)."""

import pytest

from server.accounts.permissions import RIGHTS, key_of, read_rights
from server.api.resources import endpoints

HEADER = (
    "route, township-doctor, technician, reporting-physician, reviewing-physician, consultant, referral-desk,"
    " ward-nurse, family-doctor, registrar, medical-affairs, bureau, administrator, auditor, public"
)


def test_every_route_has_a_row() -> None:
    missing = [e.route for e in endpoints() if key_of(e.route) not in RIGHTS]
    assert not missing


def test_no_row_is_without_a_route() -> None:
    routes = {key_of(e.route) for e in endpoints()}
    assert not [right.route for key, right in RIGHTS.items() if key not in routes]


def test_public_routes_are_at_most_twelve_and_say_why() -> None:
    public = {key_of(e.route) for e in endpoints() if e.public}
    with_reason = {key for key, right in RIGHTS.items() if right.public}
    assert public == with_reason
    assert len(public) <= 12


def test_a_route_is_public_or_somebody_has_it() -> None:
    for right in RIGHTS.values():
        assert bool(right.public) != any(right.cells.values()), right.route


def test_a_row_that_stands_twice_is_refused() -> None:
    row = "GET /a/{id}" + ", -" * 13 + ","
    with pytest.raises(ValueError, match="twice"):
        read_rights([HEADER, row, row.replace("{id}", "{uid}")])


def test_an_unknown_word_in_a_cell_is_refused() -> None:
    with pytest.raises(ValueError, match="everyone"):
        read_rights([HEADER, "GET /a, everyone" + ", -" * 12 + ","])
