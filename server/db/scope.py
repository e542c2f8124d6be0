"""The one door for scoping: every query on a patient's data starts from a condition made here.

A care relation is the organization's, and only through the roles that care for patients: it registered the patient,
sent a study, or asked for or was asked for a reading; or the person broke the glass and the grant still holds.
A bureau, an administrator and an auditor see no patient at all (decisions 13, domain A10).
"""

from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from server.accounts.model import SYSTEM, Caller, Role
from server.accounts.permissions import CARE_ROLES
from server.db.tables import consults, imaging, people, referral

RECORD_ACCESS = timedelta(days=30)  # so long after a ticket's end its receiver reads the patient's record on [P]
Condition = sa.ColumnElement[bool]


def care_organizations(caller: Caller) -> frozenset[str]:
    """Return the organizations in which the caller has a role that cares for patients."""
    return frozenset(m.organization_id for m in caller.memberships if m.role in CARE_ROLES)


def visible_to(caller: Caller, table: sa.Table, *, now: datetime) -> Condition:
    """Return the condition under which rows of a table of patients' data are the caller's to see.

    Parameters
    ----------
    table
        `patients`, `studies`, `instances` (joined with `studies`), `reading_orders`, `set_aside`, `uploads`, `tickets`,
        `follow_ups` or `consults`.

    Raises
    ------
    KeyError
        For a table that has no rule: nothing is visible by accident.
    """
    rule = _RULES[table.name]
    return sa.true() if caller is SYSTEM else rule(caller, now, now - RECORD_ACCESS)


async def has_care_relation(connection: AsyncConnection, caller: Caller, patient_id: str, *, now: datetime) -> bool:
    """Tell whether the caller may open this patient's record."""
    condition = visible_to(caller, people.patients, now=now)
    query = sa.select(sa.exists().where(people.patients.c.id == patient_id, condition))
    return bool(await connection.scalar(query))


def _patients(caller: Caller, now: datetime, since: datetime) -> Condition:
    ours = care_organizations(caller)
    p, s, o = people.patients.c, imaging.studies.c, imaging.reading_orders.c
    sent = sa.exists().where(s.patient_id == p.id, s.organization_id.in_(ours))
    ordered = sa.exists().where(
        o.patient_id == p.id, sa.or_(o.organization_id.in_(ours), o.centre_organization_id.in_(ours))
    )
    return sa.or_(
        p.organization_id.in_(ours), sent, ordered, _granted(caller, p.id, now), _received(caller, p.id, since)
    )


def _studies(caller: Caller, now: datetime, since: datetime) -> Condition:
    ours = care_organizations(caller)
    s, i, o, x = imaging.studies.c, imaging.instances.c, imaging.reading_orders.c, imaging.second_senders.c
    also_sent = sa.or_(  # a second sender sees the study of which some instances are hers (decisions 9)
        sa.exists().where(i.study_instance_uid == s.study_instance_uid, i.organization_id.in_(ours)),
        sa.exists().where(x.study_instance_uid == s.study_instance_uid, x.organization_id.in_(ours)),
    )
    ordered = sa.exists().where(
        o.study_uid == s.study_instance_uid, sa.or_(o.organization_id.in_(ours), o.centre_organization_id.in_(ours))
    )
    doubtful = sa.and_(s.patient_id.is_(None), s.organization_id.in_(_served(caller)))
    named = sa.or_(_granted(caller, s.patient_id, now), _received(caller, s.patient_id, since))
    return sa.or_(s.organization_id.in_(ours), also_sent, ordered, doubtful, named)


def _instances(caller: Caller, now: datetime, since: datetime) -> Condition:
    """Rows of `instances` joined with their `studies`: a second sender sees her own alone (decisions 9)."""
    ours = care_organizations(caller)
    s, i, o, x = imaging.studies.c, imaging.instances.c, imaging.reading_orders.c, imaging.second_senders.c
    ordered = sa.exists().where(
        o.study_uid == s.study_instance_uid, sa.or_(o.organization_id.in_(ours), o.centre_organization_id.in_(ours))
    )
    doubtful = sa.and_(s.patient_id.is_(None), s.organization_id.in_(_served(caller)))
    named = sa.or_(_granted(caller, s.patient_id, now), _received(caller, s.patient_id, since))
    whole = sa.or_(s.organization_id.in_(ours), ordered, doubtful, named)
    sent_too = sa.exists().where(x.sop_instance_uid == i.sop_instance_uid, x.organization_id.in_(ours))
    return sa.or_(i.organization_id.in_(ours), sent_too, whole)


def _reading_orders(caller: Caller, now: datetime, since: datetime) -> Condition:
    ours = care_organizations(caller)
    o = imaging.reading_orders.c
    named = sa.or_(_granted(caller, o.patient_id, now), _received(caller, o.patient_id, since))
    return sa.or_(o.organization_id.in_(ours), o.centre_organization_id.in_(ours), named)


def _set_aside(caller: Caller, now: datetime, since: datetime) -> Condition:
    del now, since  # set-aside objects are the sender's and its registrar's, a grant is no way in (decisions 8)
    sender = imaging.set_aside.c.organization_id
    return sa.or_(sender.in_(care_organizations(caller)), sender.in_(_served(caller)))


def _uploads(caller: Caller, now: datetime, since: datetime) -> Condition:
    del now, since  # an upload belongs to the person who began it
    return imaging.uploads.c.user_id == caller.user_id


def _tickets(caller: Caller, now: datetime, since: datetime) -> Condition:
    """The sender sees a ticket always, the receiver from when it was sent, the village with its township."""
    del since
    t = referral.tickets.c
    ours = care_organizations(caller)
    home = sa.and_(t.direction == "down", t.to_organization_id.in_(_above(caller)))
    sent = sa.and_(t.state != "draft", t.waiting_since.is_not(None))  # a draft may be cancelled and never be sent
    there = sa.and_(sent, sa.or_(t.to_organization_id.in_(ours), home))
    return sa.or_(t.from_organization_id.in_(ours), there, _granted(caller, t.patient_id, now))


def _follow_ups(caller: Caller, now: datetime, since: datetime) -> Condition:
    """Whoever follows the patient, the village with its township, and the hospital that sent him home."""
    del since
    f, t = referral.follow_ups.c, referral.tickets.c
    ours = care_organizations(caller)
    sent_home = sa.exists().where(t.id == f.ticket_id, t.from_organization_id.in_(ours))
    near = sa.or_(f.organization_id.in_(ours), f.organization_id.in_(_above(caller)))
    return sa.or_(near, sent_home, _granted(caller, f.patient_id, now))


def _above(caller: Caller) -> sa.Select[tuple[str | None]]:
    """Return the organizations right above those in which the caller is a family doctor: a village visits for them."""
    hers = [m.organization_id for m in caller.memberships if m.role is Role.FAMILY_DOCTOR]
    o = people.organizations.c
    return sa.select(o.parent_id).where(o.id.in_(hers), o.parent_id.is_not(None))


def _consults(caller: Caller, now: datetime, since: datetime) -> Condition:
    """Both sides see a consult from when it was asked for."""
    del since
    c = consults.consults.c
    ours = care_organizations(caller)
    sides = sa.or_(c.from_organization_id.in_(ours), c.to_organization_id.in_(ours))
    return sa.or_(sides, _granted(caller, c.patient_id, now))


def _received(caller: Caller, patient_id: sa.ColumnElement[str] | sa.Column[str], since: datetime) -> Condition:
    """A receiver reads the record from when it accepted (took over) the patient, until some days after the end.

    So does the invitee of a consult from when it took it on.
    """
    t, c = referral.tickets.c, consults.consults.c
    ours = care_organizations(caller)
    home = sa.and_(t.direction == "down", t.to_organization_id.in_(_above(caller)))
    asked = sa.exists().where(
        c.patient_id == patient_id,
        c.to_organization_id.in_(ours),
        c.accepted_at.is_not(None),
        sa.or_(c.ended_at.is_(None), c.ended_at > since),
    )
    sent = sa.exists().where(
        t.patient_id == patient_id,
        sa.or_(t.to_organization_id.in_(ours), home),
        t.accepted_at.is_not(None),
        sa.or_(t.ended_at.is_(None), t.ended_at > since),
    )
    return sa.or_(sent, asked)


def _served(caller: Caller) -> sa.Select[tuple[str]]:
    """Return the organizations whose doubtful studies a registrar resolves: those that have an agreement with hers."""
    hers = [m.organization_id for m in caller.memberships if m.role is Role.REGISTRAR]
    a = people.agreements.c
    return sa.select(a.from_organization_id).where(a.to_organization_id.in_(hers))


def _granted(caller: Caller, patient_id: sa.ColumnElement[str] | sa.Column[str], now: datetime) -> Condition:
    g = people.access_grants.c
    return sa.exists().where(g.patient_id == patient_id, g.user_id == caller.user_id, g.expires_at > now)


_RULES = {
    "patients": _patients,
    "studies": _studies,
    "instances": _instances,
    "reading_orders": _reading_orders,
    "set_aside": _set_aside,
    "uploads": _uploads,
    "tickets": _tickets,
    "follow_ups": _follow_ups,
    "consults": _consults,
}
