"""Files of petitions under a new key: written beside the old one, then named by the row, then the old one goes.

Killed before the row names it, the new object is written again by the next run, under the same name;
killed after, the deletion of the old one is owed by the same unit that changed the row.
"""

from __future__ import annotations

import logging
import re
from datetime import timedelta

from sqlalchemy import func, select, update

from backend.kernel import crypto
from backend.kernel.db import changed_rows, db, outside_transaction, run_unit
from backend.kernel.rotation import has_sealed_files
from backend.media.ports import ObjectMissing, store
from backend.petitions import files
from backend.petitions.models import PetitionFile

#: a copy of the database that was made just before a file moved still finds its object in the copy of the store
OLD_OBJECTS_STAY = timedelta(days=1)
log = logging.getLogger(__name__)


class PetitionFiles:
    """What rotating the keys asks of them; see kernel.rotation.SealedFiles."""

    name = "petition_files.bytes"

    def per_prefix(self) -> dict[str, int]:
        """See SealedFiles. A row whose bytes are yet to come (size 0) needs no key."""
        query = select(PetitionFile.key_id, func.count()).where(PetitionFile.size > 0)
        return {str(key): int(many) for key, many in db.session.execute(query.group_by(PetitionFile.key_id))}

    def stale(self, last: int | None, most: int) -> list[int]:
        """See SealedFiles."""
        query = select(PetitionFile.id).where(
            PetitionFile.size > 0, PetitionFile.key_id != crypto.prefix(), PetitionFile.id > (last or 0)
        )
        return list(db.session.scalars(query.order_by(PetitionFile.id).limit(most)))

    def reseal(self, file_id: int) -> bool:
        """See SealedFiles; the bytes are read and written with no transaction open."""
        row = run_unit(lambda: db.session.get(PetitionFile, file_id), writing=False)
        if row is None:
            return True  # forgotten meanwhile
        old, new = row.store_key, re.sub(r"-[0-9a-f]+\.sealed$", f"-{files.key_mark()}.sealed", row.store_key)
        try:
            with outside_transaction():
                plain = crypto.unseal_bytes(store().read(old), files.context(file_id))
                store().save(new, crypto.seal_bytes(plain, files.context(file_id)), files.STORED_AS)
        except ObjectMissing:
            log.error("a petition's file is not in the store", extra={"file_id": file_id})
            return False
        return run_unit(lambda: _name_anew(file_id, old, new))


def _name_anew(file_id: int, old: str, new: str) -> bool:
    """Compare and set; the old object goes a day later, or the new one when the row is gone meanwhile."""
    changed = changed_rows(
        update(PetitionFile)
        .where(PetitionFile.id == file_id, PetitionFile.store_key == old)
        .values(store_key=new, key_id=crypto.prefix())
    )
    if old != new:
        files.owe_wipe(old if changed else new, OLD_OBJECTS_STAY)
    return bool(changed)


has_sealed_files(PetitionFiles())
