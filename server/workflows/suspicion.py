"""A machine measures a new ECG: what it suspects moves the order up inside its level, what it misses is said."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from pathlib import Path
from typing import Any, Protocol

from dicom.errors import NotDecodable
from dicom.model import Flag
from dicom.rules import DEFAULTS, ECG_LIMITS
from dicom.service.completion import OPINION, add_machine_flags
from server.clock import Clock

WAVEFORMS = "1.2.840.10008.5.1.4.1.1.9."  # Waveform Storage (PS3.4 B.5)
MOST = 4  # recordings of one study that are measured
QUALITY_ZH = {
    "leads-missing": "导联不全",
    "too-short": "不足10秒",
    "flat-lead": "有平线导联",
    "arm-leads-reversed": "疑左右臂接反",
    "lead-off": "导联脱落",
    "noisy-lead": "干扰大",
}


class Decoder(Protocol):
    """The pool of decode children."""

    async def run(self, job: str, path: Path, **arguments: Any) -> Any:
        """Let a child do one job."""
        ...


class Hub(Protocol):
    """The hub as this work needs it."""

    @property
    def clock(self) -> Clock:
        """Return the clock in force."""
        ...

    @property
    def decoder(self) -> Decoder:
        """Return what decodes in a child."""
        ...

    @property
    def store(self) -> Any:
        """Return the object store."""
        ...

    def unit_of_work(self, *, read: bool = ...) -> AbstractAsyncContextManager[Any]:
        """Open a unit of work."""
        ...


async def look_at_ecg(hub: Hub, study_uid: str) -> None:
    """Let the decode child measure the recordings of a study and flag its order."""
    async with hub.unit_of_work(read=True) as uow:
        study = await uow.matching.study(study_uid)
        records = await uow.studies.instances(study_uid)
        region = await uow.centres.region_of(study.organization_id) if study else ""
        version, row = await uow.ledger.rule(ECG_LIMITS, region, hub.clock.now()) or (0, DEFAULTS[ECG_LIMITS])
    limits = {**row, "version": f"{ECG_LIMITS}/{version}"}
    flags: list[Flag] = []
    for record in [r for r in records if r.sop_class_uid.startswith(WAVEFORMS)][:MOST]:
        flags += await _opinion(hub, hub.store.path(record.store_key), limits)
    async with hub.unit_of_work() as uow:
        order = await uow.orders.by_study(study_uid)
        if order is not None:
            await add_machine_flags(uow, order.id, flags)
        await uow.ledger.clear_deadline(OPINION, study_uid)


async def _opinion(hub: Hub, path: Path, limits: Mapping[str, Any]) -> Sequence[Flag]:
    try:
        answer = await hub.decoder.run("ecg", path, limits=limits)
    except NotDecodable:
        return [Flag("ECG_UNREADABLE", "warn", "机器读不了这份心电波形", "a machine cannot read this waveform")]
    return flags_of(answer.fields["ecg"]["opinion"])


def flags_of(opinion: Mapping[str, Any]) -> list[Flag]:
    """Return a machine's opinion as flags; its suspicions say themselves that nobody has confirmed them."""
    found = [
        Flag(f"ECG_{s['code'].upper().replace('-', '_')}", "machine", s["text"], f"machine: {s['code']}?")
        for s in opinion["suspicions"]
    ]
    if opinion["incomplete"]:
        why = dict.fromkeys(QUALITY_ZH.get(q["flag"], q["flag"]) for q in opinion["quality"])
        codes = dict.fromkeys(q["flag"] for q in opinion["quality"])
        found.append(Flag("ECG_INCOMPLETE", "warn", f"心电不完整：{'、'.join(why)}", f"incomplete: {', '.join(codes)}"))
    return found


LONG_WORK: Mapping[str, Callable[[Any, str], Awaitable[None]]] = {OPINION: look_at_ecg}
