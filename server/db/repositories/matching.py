"""Studies and patients as matching sees them."""

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from dicom.model import Study
from dicom.orders import PatientIdentity
from server.accounts.crypto import Cipher
from server.db.repositories.patients import WHOLE
from server.db.repositories.studies import Studies
from server.db.tables import imaging, people
from server.patients.resident_id import normalise


class Matching:
    """What matching needs of studies and patients."""

    def __init__(self, connection: AsyncConnection, cipher: Cipher) -> None:
        self._c, self._cipher = connection, cipher
        self._studies = Studies(connection, cipher)

    async def study(self, study_uid: str, *, lock: bool = False) -> Study | None:
        """Return a study; with `lock` no instance is added to it until the transaction ends."""
        if lock:
            c = imaging.studies.c
            query = sa.select(c.version).where(c.study_instance_uid == study_uid).with_for_update()
            await self._c.execute(query)
        return await self._studies.get(study_uid)

    async def point_to(self, study_uid: str, patient_id: str | None) -> None:
        """Write whose study it is."""
        await self._change(study_uid, patient_id=patient_id)

    async def mark_complete(self, study_uid: str, at: datetime | None) -> None:
        """Write when a study was complete, None when it is open again."""
        await self._change(study_uid, complete_at=at)

    async def _change(self, study_uid: str, **values: object) -> None:
        c = imaging.studies.c
        await self._c.execute(
            imaging.studies.update().where(c.study_instance_uid == study_uid).values(version=c.version + 1, **values)
        )

    async def patient(self, patient_id: str) -> PatientIdentity | None:
        """Return what a registered patient is called."""
        p = people.patients.c
        row = (
            await self._c.execute(sa.select(p.id, p.name, p.pinyin, p.sex, p.birth_date).where(p.id == patient_id))
        ).first()
        return PatientIdentity(*row) if row else None

    async def patient_by_number(self, issuer: str, number: str) -> PatientIdentity | None:
        """Return the patient whose identifier this is: the issuer's own number, or one that is good everywhere."""
        i = people.patient_identifiers.c
        own = sa.and_(i.issuer == issuer, i.value_index == self._cipher.blind_index(number.strip(), kind=WHOLE))
        general = sa.and_(i.issuer == "", i.value_index == self._cipher.blind_index(normalise(number), kind=WHOLE))
        owners = set(await self._c.scalars(sa.select(i.patient_id).where(sa.or_(own, general))))
        return await self.patient(owners.pop()) if len(owners) == 1 else None

    async def categories(self, patient_id: str, on: date) -> frozenset[str]:
        """Return the patient's assistance categories in force on a day."""
        a = people.assistance.c
        rows = await self._c.scalars(
            sa.select(a.category).where(
                a.patient_id == patient_id, a.valid_from <= on, sa.or_(a.valid_to.is_(None), a.valid_to >= on)
            )
        )
        return frozenset(rows)

    async def instance_uids(self, study_uid: str) -> list[str]:
        """Return the study's SOP Instance UIDs, sorted: what a signature covers."""
        i = imaging.instances.c
        rows = await self._c.scalars(sa.select(i.sop_instance_uid).where(i.study_instance_uid == study_uid))
        return sorted(rows)
