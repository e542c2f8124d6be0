"""Devices at the gateway: which AE title may call, for whom it speaks, and when it was last heard of."""

import ipaddress
from datetime import datetime, timedelta
from typing import Any

from dicom.model import Priority, Sender
from server.accounts.model import AuditEntry

SEEN_EVERY = timedelta(minutes=1)
LOOPBACK_ONLY = "loopback"


async def admit(uow: Any, calling_ae_title: str, address: str) -> Sender | None:
    """Return whom a calling AE title speaks for, None when it is unknown, switched off or calls from elsewhere.

    Unknown callers are audited: somebody at the site has to see why a device is refused (reliability R25).
    """
    entity = await uow.organizations.ae_title(calling_ae_title)
    if entity is None or entity.disabled_at is not None or not may_call_from(address, entity.addresses):
        uow.audit(AuditEntry("associate", "ae-title", calling_ae_title[:16], outcome="refused", basis=address))
        return None
    return Sender(
        organization_id=entity.organization_id,
        ae_title=entity.ae_title,
        charset=entity.charset,
        default_priority=Priority(entity.default_priority),
    )


async def heard_of(uow: Any, ae_title: str, now: datetime) -> None:
    """Note when a device last called."""
    await uow.organizations.saw_ae_title(ae_title, now)


def may_call_from(address: str, networks: tuple[str, ...]) -> bool:
    """Tell whether an address lies in one of the networks; none named means any."""
    if not networks:
        return True
    try:
        caller = ipaddress.ip_address(address)
        return any(
            caller.is_loopback if network == LOOPBACK_ONLY else caller in ipaddress.ip_network(network, strict=False)
            for network in networks
        )
    except ValueError:
        return False
