"""Places: organizations and the AE titles they call from."""

import ipaddress
import re
from dataclasses import replace
from datetime import datetime

from dicom.events import Event
from server.accounts.errors import AlreadyExists, IllFormed, UnknownAccount, VersionMismatch
from server.accounts.model import AuditEntry
from server.accounts.places import AeTitle, Organization
from server.workflows.devices import LOOPBACK_ONLY
from server.workflows.unit import UnitOfWork

AE_TITLE = re.compile(r"[ -\[\]-~]{1,16}")  # PS3.5 §6.2: AE, without backslash and control characters


async def add_organization(uow: UnitOfWork, organization: Organization) -> Organization:
    """Register an organization.

    Raises
    ------
    AlreadyExists, IllFormed
    """
    if await uow.organizations.get(organization.id) is not None:
        raise AlreadyExists(organization.id)
    if organization.record_area and not re.fullmatch(r"[0-9]{12}", organization.record_area):
        raise IllFormed("record_area")
    await uow.organizations.add(organization)
    _tell(uow, "registered", organization)
    return organization


async def change_organization(uow: UnitOfWork, changed: Organization, *, seen_version: int) -> Organization:
    """Store what an administrator changed on the version that was seen.

    Raises
    ------
    UnknownAccount, VersionMismatch, IllFormed
    """
    current = await get_organization(uow, changed.id)
    if current.version != seen_version:
        raise VersionMismatch(current.version)
    if changed.record_area and not re.fullmatch(r"[0-9]{12}", changed.record_area):
        raise IllFormed("record_area")
    kept = replace(changed, created_at=current.created_at, version=current.version)
    await uow.organizations.save(kept)
    after = replace(kept, version=kept.version + 1)
    _tell(uow, "changed", after)
    return after


async def get_organization(uow: UnitOfWork, organization_id: str) -> Organization:
    """Return an organization.

    Raises
    ------
    UnknownAccount
    """
    organization = await uow.organizations.get(organization_id)
    if organization is None:
        raise UnknownAccount(organization_id)
    return organization


async def add_ae_title(uow: UnitOfWork, entity: AeTitle) -> AeTitle:
    """Register an application entity of an organization.

    Raises
    ------
    UnknownAccount, AlreadyExists, IllFormed
    """
    organization = await get_organization(uow, entity.organization_id)
    if not AE_TITLE.fullmatch(entity.ae_title) or entity.ae_title != entity.ae_title.strip():
        raise IllFormed("ae_title")
    for address in entity.addresses:
        if not is_network(address):
            raise IllFormed("addresses")
    if await uow.organizations.ae_title(entity.ae_title) is not None:
        raise AlreadyExists(entity.ae_title)
    await uow.organizations.add_ae_title(entity)
    uow.audit(AuditEntry("create", "ae-titles", entity.ae_title, organization_id=organization.id))
    _tell(uow, "ae-title-registered", organization)
    return entity


async def disable_ae_title(uow: UnitOfWork, organization_id: str, ae_title: str, *, now: datetime) -> AeTitle:
    """Refuse a device from now on; what it sent stays.

    Raises
    ------
    UnknownAccount
    """
    organization = await get_organization(uow, organization_id)
    entity = await get_ae_title(uow, organization_id, ae_title)
    if entity.disabled_at is None:
        entity = replace(entity, disabled_at=now)
        await uow.organizations.save_ae_title(entity)
        uow.audit(AuditEntry("disable", "ae-titles", ae_title, organization_id=organization_id))
        _tell(uow, "ae-title-disabled", organization)
        entity = replace(entity, version=entity.version + 1)
    return entity


async def get_ae_title(uow: UnitOfWork, organization_id: str, ae_title: str) -> AeTitle:
    """Return an AE title of an organization.

    Raises
    ------
    UnknownAccount
    """
    entity = await uow.organizations.ae_title(ae_title)
    if entity is None or entity.organization_id != organization_id:
        raise UnknownAccount(ae_title)
    return entity


def is_network(address: str) -> bool:
    """Tell whether an address names a network that somebody may call from."""
    if address == LOOPBACK_ONLY:
        return True
    try:
        ipaddress.ip_network(address)
    except ValueError:
        return False
    return True


def _tell(uow: UnitOfWork, name: str, organization: Organization) -> None:
    if name in {"registered", "changed"}:
        uow.audit(AuditEntry(name, "organizations", organization.id, organization_id=organization.id))
    standing = "closed" if organization.closed_at else "open"
    uow.publish(
        Event(
            "organizations", name, organization.id, organization.version, standing, (organization.id,), organization.id
        )
    )
