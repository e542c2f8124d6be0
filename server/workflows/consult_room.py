"""The room of a consult in transactions: who may come in, what a frame does, what everybody is shown of it."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Protocol

from server.accounts.model import SYSTEM as SYSTEM_CALLER
from server.accounts.model import AuditEntry, Caller
from server.clock import local_date
from server.workflows import sessions
from server.workflows.consults import act_of, party_of
from server.workflows.patient_links import leads_to
from video.consults import SYSTEM, Consult, ConsultState, Party
from video.errors import NotInside, NotPermitted, UnknownSubject
from video.service import rooms, sayings
from video.service.ground import the_consult
from video.service.rooms import Outcome
from video.signaling import journal
from video.signaling.messages import Frame
from video.signaling.room import Held
from video.signaling.seats import PATIENT, Place, Room, Visitor
from video.signaling.views import CALLING, OPEN, Facts

KEPT = frozenset(
    {"admit", "mute", "remove", "lock", "hand-over", "record", "consent", "chat", "leave", "end", "close-class"}
)
"""Frames that stand in the audit trail; devices and hands do not."""


@dataclass(frozen=True, slots=True)
class Guest:
    """Who is at the door: one of the staff, or whoever came by the patient's link.

    Parameters
    ----------
    caller
        The staff's session; None for the patient.
    link
        The digest of the patient's link.
    """

    caller: Caller | None = None
    link: str = ""

    @property
    def acts_as(self) -> Caller:
        """Return who stands in the records: the patient has no account."""
        return self.caller or SYSTEM_CALLER

    @property
    def person(self) -> str:
        """Return to whom the seat belongs."""
        return self.caller.user_id if self.caller else PATIENT


@dataclass(frozen=True, slots=True)
class Shown:
    """A room with its consult and what is shown of it."""

    consult: Consult
    room: Room
    facts: Facts


async def seen(uow: Any, consult_id: str) -> Shown | None:
    """Return a room as it stands."""
    consult = await uow.consults.get(consult_id)
    if consult is None:
        return None
    act = act_of(uow, SYSTEM, uow.now)
    return Shown(consult, await rooms.the_room(act, consult), await facts_of(uow, consult))


async def come_in(uow: Any, guest: Guest, consult_id: str, socket: str) -> Outcome:
    """Take a seat.

    Raises
    ------
    UnknownSubject, NotPermitted, TooEarly, CallOver, Locked
    """
    consult, party = await _known(uow, guest, consult_id)
    visitor = await _visitor(uow, guest, consult, party)
    outcome = await rooms.come_in(act_of(uow, party, uow.now), consult, visitor, socket)
    _keep(uow, outcome.consult, "enter-room", visitor.person)
    return outcome


async def say(uow: Any, guest: Guest, consult_id: str, seat_id: str, frame: Frame) -> Outcome:
    """Do what a frame says.

    Raises
    ------
    VideoRefusal
    """
    consult, party = await _known(uow, guest, consult_id)
    outcome = await sayings.say(act_of(uow, party, uow.now), consult, seat_id, frame)
    if frame.type in KEPT:
        _keep(uow, outcome.consult, f"room-{frame.type}", guest.person)
    return outcome


async def lose(uow: Any, consult_id: str, seat_id: str, socket: str) -> Outcome:
    """Keep the seat of somebody whose socket is gone."""
    act = act_of(uow, SYSTEM, uow.now)
    return await rooms.lose(act, await the_consult(act, consult_id), seat_id, socket)


async def sweep(uow: Any, consult_id: str, silent: Collection[Held]) -> Outcome:
    """Let time pass in a room; one whose call is over is emptied."""
    act = act_of(uow, SYSTEM, uow.now)
    consult = await the_consult(act, consult_id)
    if consult.state in OPEN:
        return await rooms.sweep(act, consult, silent)
    return await rooms.close(act, consult, reason_of(consult))


async def send_out(uow: Any, consult_id: str, seat_id: str, reason: str) -> Outcome:
    """Take somebody's seat whose session or link has ended."""
    act = act_of(uow, SYSTEM, uow.now)
    outcome = await rooms.take_away(act, await the_consult(act, consult_id), seat_id, reason)
    _keep(uow, outcome.consult, "room-send-out", seat_id)
    return outcome


async def stop_recording(uow: Any, consult_id: str) -> Outcome:
    """End a recording that the worker cannot go on with."""
    act = act_of(uow, SYSTEM, uow.now)
    outcome = await rooms.stop_recording(act, await the_consult(act, consult_id))
    _keep(uow, outcome.consult, "room-recording-failed", SYSTEM.user_id)
    return outcome


class Seated(Protocol):
    """Whoever has a seat."""

    guest: Guest
    consult_id: str


async def is_welcome(uow: Any, seated: Seated, *, thorough: bool) -> bool:
    """Tell whether somebody may still sit there: her session, or the patient's link, stands (C02).

    Parameters
    ----------
    thorough
        Look also whether she is still one of the consult's people.
    """
    guest = seated.guest
    if guest.caller is not None:
        caller = await sessions.refreshed(uow, guest.caller, now=uow.now)
        if caller is None:
            return False
        if not thorough:
            return True
        guest = replace(guest, caller=caller)  # with the houses that she belongs to now
    try:
        await _known(uow, guest, seated.consult_id, lock=False)
    except (UnknownSubject, NotPermitted):
        return False
    return True


async def note_look(uow: Any, consult_id: str, seat_id: str, view: Mapping[str, Any] | None) -> None:
    """Write down what somebody has opened for all, or closed."""
    room = await uow.rooms.get(consult_id)
    seat = room.seat(seat_id)
    if seat is not None:
        subject = journal.subject_of(view)
        await uow.rooms.note([journal.note(room, seat, journal.Happening.LOOKED, uow.now, subject)])


async def may_listen(uow: Any, guest: Guest, consult_id: str, seat_id: str) -> None:
    """Refuse media to whoever is not inside.

    Raises
    ------
    NotInside
    """
    seat = (await uow.rooms.get(consult_id)).seat(seat_id)
    if seat is None or not seat.admitted or seat.who.person != guest.person:
        raise NotInside


def reason_of(consult: Consult) -> str:
    """Return why a room is closed, as frames say it."""
    if consult.state in rooms.BEFORE:
        return "arranging"  # the ring was not answered, or another time is sought
    return consult.state.value if consult.state.value in {"cancelled", "closed"} else "ended"


async def facts_of(uow: Any, consult: Consult) -> Facts:
    """Return what a room shows of its consult."""
    patient = await uow.patients.get(consult.patient_id)
    place = await uow.organizations.get(consult.to_organization_id)
    experts = [await uow.roster.get(user_id) for user_id in consult.experts]
    house = place.name if place else ""
    return Facts(
        number=consult.number,
        state=consult.state,
        begins_at=consult.begins_at,
        organization=house,
        phone=place.phone if place else "",
        patient={"name": patient.name, "sex": patient.sex, "age": patient.age(local_date(uow.now))}
        if patient
        else None,
        teaching=consult.is_class,
        experts=tuple({"name": each.name, "title": each.title, "organization": house} for each in experts if each),
    )


async def _known(uow: Any, guest: Guest, consult_id: str, *, lock: bool = True) -> tuple[Consult, Party]:
    """Return the consult and who the guest is to it."""
    if guest.caller is None:
        return await _by_link(uow, guest.link, consult_id, lock=lock)
    visible = await uow.consult_board.is_visible(guest.caller, consult_id, now=uow.now)
    if not visible and not await uow.class_board.is_invited(guest.caller, consult_id):
        raise UnknownSubject("consults", consult_id)
    consult = await the_consult(act_of(uow, SYSTEM, uow.now), consult_id, lock=lock)
    # Asked again behind the lock: whoever closed the class meanwhile had it.
    invited = await uow.class_board.is_invited(guest.caller, consult_id)
    if not visible and not invited:
        raise UnknownSubject("consults", consult_id)
    party = replace(party_of(guest.caller, consult), invited=invited)
    if not (party.expert or party.sender or party.sender_lead or party.desk or party.lead or invited):
        raise NotPermitted
    return consult, party


async def _by_link(uow: Any, digest: str, consult_id: str, *, lock: bool) -> tuple[Consult, Party]:
    link = await uow.patient_links.get(digest)
    if link is None or link.consult_id != consult_id or link.revoked_at is not None:
        raise UnknownSubject("consults", consult_id)
    consult = await the_consult(act_of(uow, SYSTEM, uow.now), consult_id, lock=lock)
    if not (link.opens(uow.now) or leads_to(consult, uow.now)):
        raise UnknownSubject("consults", consult_id)
    return consult, Party(PATIENT, "患者", patient=True)


async def _visitor(uow: Any, guest: Guest, consult: Consult, party: Party) -> Visitor:
    caller = guest.caller
    if caller is None:
        patient = await uow.patients.get(consult.patient_id)
        return Visitor(PATIENT, patient.name if patient else "患者", Place.PATIENT)
    theirs = party.sender or party.sender_lead
    seat = Place.EXPERT if party.expert else Place.SENDER if theirs else Place.OBSERVER
    invited = party.invited and seat is Place.OBSERVER
    house = consult.from_organization_id if seat is Place.SENDER else consult.to_organization_id
    if invited:
        house = min(caller.organizations, key=lambda each: (each not in consult.invited_houses, each), default=house)
    place = await uow.organizations.get(house)
    return Visitor(caller.user_id, caller.name, seat, caller.title, place.name if place else house, invited)


def _keep(uow: Any, consult: Consult, action: str, person: str) -> None:
    uow.audit(
        AuditEntry(
            action, "consults", consult.id, consult.patient_id, organization_id=consult.from_organization_id,
            basis=person,
        )
    )  # fmt: skip


def needs_sweep(shown: Shown, silent: Collection[Held], now: datetime) -> bool:
    """Tell whether time has something to do in a room, so that a look costs no transaction."""
    room, consult = shown.room, shown.consult
    if consult.state not in OPEN:
        return bool(room.seats)
    held = [seat for seat in room.seats if seat.away_since is not None]
    late = any(now - seat.away_since >= rooms.ALONE for seat in held if seat.away_since is not None)
    unlike = consult.state in CALLING and room.is_two_sided is not (consult.state is ConsultState.IN_CALL)
    return bool(silent) or late or unlike


def quality_of(frame: Frame) -> Mapping[str, Any]:
    """Return what a `stats` frame says."""
    return {name: value for name, value in frame.fields.items() if value is not None}
