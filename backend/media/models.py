"""One row per photo, from its upload ticket on."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, Double, Index, Integer, SmallInteger, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from backend.kernel.clock import now
from backend.kernel.db import BigId, BinaryString, Model, UtcDateTime
from backend.kernel.ids import new_id


class MediaFile(Model):
    """A photo: ``ticketed`` (may be uploaded) → ``ready`` (checked, re-encoded) → ``attached``.

    ``removed`` stands for one its owner took back, one that failed its check or one swept away
    unattached; its bytes go by an outbox job. ``lon``/``lat`` hold the position the camera wrote (GCJ-02) so
    that the form can offer it; attaching or removing forgets it (PI-03: one point, for one report).
    """

    __tablename__ = "media_files"
    __table_args__ = (
        CheckConstraint("state in ('ticketed','ready','attached','removed')", name="state_known"),
        CheckConstraint("purpose in ('report','after')", name="purpose_known"),
        CheckConstraint(
            "state <> 'attached' or (subject_kind is not null and subject_id is not null)",
            name="attached_to_something",
        ),
        CheckConstraint(
            "state not in ('ready','attached') or (file_key is not null and sha256 is not null)",
            name="ready_has_file",
        ),
        UniqueConstraint("upload_key"),
        Index("ix_media_files_subject", "subject_kind", "subject_id", "position"),
        Index("ix_media_files_state", "state", "created_at"),
        Index("ix_media_files_owner", "owner_kind", "owner_id", "state"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True, default=new_id)
    owner_kind: Mapped[str] = mapped_column(String(16))
    owner_id: Mapped[int] = mapped_column(BigId)
    purpose: Mapped[str] = mapped_column(String(16))
    state: Mapped[str] = mapped_column(String(16), default="ticketed")
    #: what the phone said it would send; never believed afterwards
    content_type: Mapped[str] = mapped_column(String(60))
    declared_size: Mapped[int] = mapped_column(Integer)
    upload_key: Mapped[str] = mapped_column(BinaryString(120))
    file_key: Mapped[str | None] = mapped_column(BinaryString(120))
    thumb_key: Mapped[str | None] = mapped_column(BinaryString(120))
    size: Mapped[int | None] = mapped_column(Integer)
    width: Mapped[int | None] = mapped_column(Integer)
    height: Mapped[int | None] = mapped_column(Integer)
    #: SHA-256 of the stored (re-encoded) bytes, hex
    sha256: Mapped[str | None] = mapped_column(BinaryString(64))
    lon: Mapped[float | None] = mapped_column(Double)
    lat: Mapped[float | None] = mapped_column(Double)
    subject_kind: Mapped[str | None] = mapped_column(String(24))
    subject_id: Mapped[int | None] = mapped_column(BigId)
    role: Mapped[str | None] = mapped_column(String(16))
    position: Mapped[int] = mapped_column(SmallInteger, default=0)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)
    completed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    attached_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    removed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    #: when the bytes of a removed photo were gone from the store
    wiped_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
