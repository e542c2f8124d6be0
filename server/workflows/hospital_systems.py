"""The hospitals' systems: registered by an administrator, admitted by name and address."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from server.accounts.errors import AlreadyExists, IllFormed, UnknownAccount
from server.accounts.model import AuditEntry
from server.hl7.adt import Header
from server.hl7.errors import UnknownSender
from server.hl7.systems import HospitalSystem
from server.workflows.devices import may_call_from
from server.workflows.imaging import new_id
from server.workflows.organizations import get_organization, is_network

SEEN_EVERY = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Wanted:
    """What an administrator says of a system; see `HospitalSystem`."""

    application: str
    facility: str
    description: str
    charset: str
    addresses: tuple[str, ...]
    host: str | None
    port: int | None


async def add_system(uow: Any, organization_id: str, wanted: Wanted, *, now: datetime) -> HospitalSystem:
    """Register a system of an organization.

    Raises
    ------
    UnknownAccount, IllFormed, AlreadyExists
    """
    await get_organization(uow, organization_id)
    if (wanted.host is None) != (wanted.port is None):
        raise IllFormed("port")
    if not all(map(is_network, wanted.addresses)):
        raise IllFormed("addresses")
    fields = {name: getattr(wanted, name) for name in Wanted.__slots__}
    system = HospitalSystem(id=new_id(), organization_id=organization_id, created_at=now, **fields)
    if not await uow.exchange.add_system(system):
        raise AlreadyExists(f"{wanted.application} {wanted.facility}")
    uow.audit(AuditEntry("create", "hl7-systems", system.id, organization_id=organization_id))
    return system


async def disable_system(uow: Any, organization_id: str, system_id: str, *, now: datetime) -> HospitalSystem:
    """Refuse a system from now on; what it said stays, and what is on its way to it stops.

    Raises
    ------
    UnknownAccount
    """
    system: HospitalSystem | None = await uow.exchange.system(system_id)
    if system is None or system.organization_id != organization_id:
        raise UnknownAccount(system_id)
    if system.disabled_at is None:
        await uow.exchange.disable(system_id, now)
        uow.audit(AuditEntry("disable", "hl7-systems", system_id, organization_id=organization_id))
        system = replace(system, disabled_at=now, version=system.version + 1)
    return system


async def admit(uow: Any, header: Header, address: str, *, now: datetime) -> HospitalSystem:
    """Return whose message it is, and note once a minute that it was heard of.

    Raises
    ------
    UnknownSender
        For a name that nobody registered, a system that was switched off, or one that calls from elsewhere.
    """
    system: HospitalSystem | None = await uow.exchange.named(header.application, header.facility)
    if system is None or system.disabled_at is not None or not may_call_from(address, system.addresses):
        name = f"{header.application}|{header.facility}"[:64]
        uow.audit(AuditEntry("message", "hl7-systems", name, outcome="refused", basis=address))
        raise UnknownSender("发送方未登记、已停用或地址不对 (the sender is not registered here)", "MSH^1^3")
    if system.last_seen_at is None or now - system.last_seen_at >= SEEN_EVERY:
        await uow.exchange.saw(system.id, now)
    return system
