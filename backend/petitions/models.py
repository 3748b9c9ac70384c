"""Rows of 信访直通车. Every word of a petitioner is encrypted; nothing here is keyed by a person.

A petition is not a row of `cases`: their queue, figures, exports and titles are for many eyes (ADR 0012).
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Date,
    ForeignKey,
    Index,
    Integer,
    String,
    UniqueConstraint,
    false,
)
from sqlalchemy.orm import Mapped, mapped_column

from backend.kernel.crypto import EncryptedText
from backend.kernel.db import BigId, BinaryString, JsonText, Model, UtcDateTime
from backend.kernel.ids import new_id

#: states that have a closing date; states.ENDED says the same, and a test holds both equal
_ENDED = (
    "'answered', 'reviewed', 'final', 'guided', 'transferred', 'not_accepted', 'no_longer', 'returned', "
    "'joined', 'withdrawn', 'settled', 'archived'"
)


class Petition(Model):
    """One petition. `due_at`: aware UTC, the end of the promised day; all `_on` are dates in Shanghai."""

    __tablename__ = "petitions"
    __table_args__ = (
        CheckConstraint(f"(state IN ({_ENDED})) = (closed_at IS NOT NULL)", name="closed_has_date"),
        Index("ix_petitions_queue", "town_id", "created_at", "id"),
        Index("ix_petitions_state", "town_id", "state", "due_at", "id"),
        Index("ix_petitions_unit", "assignee_unit_id", "created_at", "id"),
        Index("ix_petitions_resident", "resident_id", "created_at", "id"),
        Index("ix_petitions_invitation", "invitation"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True, default=new_id)
    kind: Mapped[str] = mapped_column(BinaryString(24), default="petition")
    code: Mapped[str] = mapped_column(BinaryString(12), unique=True)
    town_id: Mapped[int] = mapped_column(BigId)
    state: Mapped[str] = mapped_column(BinaryString(32))
    version: Mapped[int] = mapped_column(Integer, default=1)
    entry_count: Mapped[int] = mapped_column(Integer, default=0)
    chain_head: Mapped[str] = mapped_column(BinaryString(64))
    #: mini | h5 | anonymous | visit | letter | call | upstream
    channel: Mapped[str] = mapped_column(BinaryString(16))
    topic: Mapped[str] = mapped_column(BinaryString(32))
    title: Mapped[str] = mapped_column(EncryptedText("petitions.title"))
    claim: Mapped[str] = mapped_column(EncryptedText("petitions.claim"))
    facts: Mapped[str] = mapped_column(EncryptedText("petitions.facts"))
    reasons: Mapped[str] = mapped_column(EncryptedText("petitions.reasons"))
    #: who filed it in the program; None for anonymous ones and those that staff registered
    resident_id: Mapped[int | None] = mapped_column(BigId)
    registered_by: Mapped[int | None] = mapped_column(BigId)
    anonymous: Mapped[bool] = mapped_column(Boolean, default=False)
    joint: Mapped[bool] = mapped_column(Boolean, default=False)
    #: SHA-256 of the invitation for co-signers; of the sending itself, for anonymous ones
    invitation: Mapped[str | None] = mapped_column(BinaryString(64))
    sending: Mapped[str | None] = mapped_column(BinaryString(64), unique=True)
    received_on: Mapped[date] = mapped_column(Date)
    #: "" until triage; suggestion | claim (意见建议类, 申诉求决类), and the route of article 31
    petition_class: Mapped[str] = mapped_column(BinaryString(16), default="")
    branch: Mapped[str] = mapped_column(BinaryString(8), default="")
    sender_body: Mapped[str] = mapped_column(String(80), default="")
    sender_number: Mapped[str] = mapped_column(String(64), default="")
    sender_due_on: Mapped[date | None] = mapped_column(Date)
    assignee_unit_id: Mapped[int | None] = mapped_column(BigId)
    assignee_unit_name: Mapped[str] = mapped_column(String(80), default="")
    assignee_staff_id: Mapped[int | None] = mapped_column(BigId)
    #: units that help (协办): [{"id", "name", "staff_id"}]
    helpers: Mapped[list[dict[str, Any]]] = mapped_column(JsonText, default=list)
    accepted_on: Mapped[date | None] = mapped_column(Date)
    #: PET-25 简易办理: accepted to be answered in ten working days
    simple: Mapped[bool] = mapped_column(Boolean, default=False, server_default=false())
    extension_count: Mapped[int] = mapped_column(Integer, default=0)
    pending_request: Mapped[str] = mapped_column(BinaryString(16), default="")  # extension
    pending_by: Mapped[int | None] = mapped_column(BigId)
    pending_until: Mapped[date | None] = mapped_column(Date)
    outcome: Mapped[str | None] = mapped_column(BinaryString(24))
    #: the opinion's parts (PET-10) as JSON, and who drafted it
    opinion: Mapped[str | None] = mapped_column(EncryptedText("petitions.opinion"))
    drafted_by: Mapped[int | None] = mapped_column(BigId)
    #: receipt of the written reply, and of the review's: the windows run from there (PET-11, PET-12)
    delivered_on: Mapped[date | None] = mapped_column(Date)
    reviewed_on: Mapped[date | None] = mapped_column(Date)
    #: an opinion that supports the claim is followed until it is carried out (PET-10)
    follow_up_open: Mapped[bool] = mapped_column(Boolean, default=False)
    urgent: Mapped[bool] = mapped_column(Boolean, default=False)
    joined_into: Mapped[int | None] = mapped_column(BigId)
    #: PET-26: of the matter, never of a person
    repeat_number: Mapped[int] = mapped_column(Integer, default=0)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime)
    due_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    closed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    @property
    def places(self) -> dict[str, int | None]:
        """The town and nothing finer: no figure and no scope of a petition is a village's (§8.1)."""
        return {"town": self.town_id, "area": None, "village": None, "grid": None, "micro_grid": None}


class PetitionParty(Model):
    """Somebody who speaks in one petition: petitioner, co_signer, agent (PET-23) or representative (PET-18)."""

    __tablename__ = "petition_parties"
    __table_args__ = (
        Index("ix_petition_parties_petition", "petition_id", "id"),
        Index("ix_petition_parties_resident", "resident_id"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True, default=new_id)
    petition_id: Mapped[int] = mapped_column(BigId, ForeignKey("petitions.id"))
    role: Mapped[str] = mapped_column(BinaryString(16))
    resident_id: Mapped[int | None] = mapped_column(BigId)
    name: Mapped[str | None] = mapped_column(EncryptedText("petition_parties.name"))
    phone: Mapped[str | None] = mapped_column(EncryptedText("petition_parties.phone"))
    address: Mapped[str | None] = mapped_column(EncryptedText("petition_parties.address"))
    id_number: Mapped[str | None] = mapped_column(EncryptedText("petition_parties.id_number"))
    #: of an agent to the petitioner, in their own words (PET-23)
    relation: Mapped[str | None] = mapped_column(EncryptedText("petition_parties.relation"))
    confirmed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class PetitionFile(Model):
    """A file of a petition, encrypted before it is stored; `petition_id` is None until it is attached."""

    __tablename__ = "petition_files"
    __table_args__ = (
        Index("ix_petition_files_petition", "petition_id", "id"),
        Index("ix_petition_files_store_key", "store_key"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True, default=new_id)
    petition_id: Mapped[int | None] = mapped_column(BigId)
    #: evidence | document
    purpose: Mapped[str] = mapped_column(BinaryString(16))
    #: who may attach it: "resident:<id>", "staff:<id>", or the hash of an anonymous sending
    owner: Mapped[str] = mapped_column(BinaryString(72))
    name: Mapped[str] = mapped_column(EncryptedText("petition_files.name"))
    media_type: Mapped[str] = mapped_column(BinaryString(80))
    #: of the file as people see it, in bytes; 0 until its bytes are stored
    size: Mapped[int] = mapped_column(Integer, default=0)
    store_key: Mapped[str] = mapped_column(BinaryString(160))
    #: crypto.prefix() of the cipher and key that the bytes are under, so that rotation finds what is left
    key_id: Mapped[str] = mapped_column(BinaryString(80))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)


class PetitionDocument(Model):
    """A numbered written document, how it was delivered (§1.3), and its two files, which the worker fills."""

    __tablename__ = "petition_documents"
    __table_args__ = (
        UniqueConstraint("town_id", "year", "kind", "sequence"),
        Index("ix_petition_documents_petition", "petition_id", "id"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True, default=new_id)
    petition_id: Mapped[int] = mapped_column(BigId, ForeignKey("petitions.id"))
    town_id: Mapped[int] = mapped_column(BigId)
    kind: Mapped[str] = mapped_column(BinaryString(24))
    year: Mapped[int] = mapped_column(Integer)
    #: in the town's own series; None for what a body above made, which has that body's number
    sequence: Mapped[int | None] = mapped_column(Integer)
    number: Mapped[str] = mapped_column(String(60))
    #: what both files were filled from, as JSON
    filled: Mapped[str] = mapped_column(EncryptedText("petition_documents.filled"))
    docx_file_id: Mapped[int | None] = mapped_column(BigId)
    pdf_file_id: Mapped[int | None] = mapped_column(BigId)
    made_by: Mapped[int] = mapped_column(BigId)
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)
    way: Mapped[str] = mapped_column(BinaryString(16), default="")
    delivered_on: Mapped[date | None] = mapped_column(Date)
    signed: Mapped[str] = mapped_column(BinaryString(16), default="")
    stance: Mapped[str] = mapped_column(BinaryString(16), default="")
    delivery_by: Mapped[int | None] = mapped_column(BigId)


class PetitionTemplate(Model):
    """A town's own text of one kind of document, with {{ places }} for what is filled in."""

    __tablename__ = "petition_templates"
    __table_args__ = (UniqueConstraint("town_id", "kind"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True, default=new_id)
    town_id: Mapped[int] = mapped_column(BigId)
    kind: Mapped[str] = mapped_column(BinaryString(24))
    heading: Mapped[str] = mapped_column(String(80))
    body: Mapped[str] = mapped_column(String(8000))
    version: Mapped[int] = mapped_column(Integer, default=1)
    edited_at: Mapped[datetime] = mapped_column(UtcDateTime)


class PetitionRating(Model):
    """One of the two ratings; a row says that it was opened, and perhaps given (§1.4)."""

    __tablename__ = "petition_ratings"

    petition_id: Mapped[int] = mapped_column(BigId, primary_key=True, autoincrement=False)
    #: office (信访部门) | unit (责任单位)
    object: Mapped[str] = mapped_column(BinaryString(8), primary_key=True)
    opened_at: Mapped[datetime] = mapped_column(UtcDateTime)
    #: the last day on which it can be given
    closes_on: Mapped[date] = mapped_column(Date)
    score: Mapped[str | None] = mapped_column(BinaryString(16))
    reason: Mapped[str | None] = mapped_column(EncryptedText("petition_ratings.reason"))
    rated_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class PetitionAvoidance(Model):
    """Somebody who has to keep out of one petition (回避, PET-15)."""

    __tablename__ = "petition_avoidances"

    petition_id: Mapped[int] = mapped_column(BigId, primary_key=True, autoincrement=False)
    staff_id: Mapped[int] = mapped_column(BigId, primary_key=True, autoincrement=False)
    decided_by: Mapped[int] = mapped_column(BigId)
    decided_at: Mapped[datetime] = mapped_column(UtcDateTime)


class PetitionLink(Model):
    """Two petitions about the same matter, joined by the matter with a reason (PET-07, PET-26)."""

    __tablename__ = "petition_links"

    petition_id: Mapped[int] = mapped_column(BigId, primary_key=True, autoincrement=False)
    earlier_id: Mapped[int] = mapped_column(BigId, primary_key=True, autoincrement=False)
    reason: Mapped[str] = mapped_column(EncryptedText("petition_links.reason"))
    linked_by: Mapped[int] = mapped_column(BigId)
    linked_at: Mapped[datetime] = mapped_column(UtcDateTime)


class PetitionReading(Model):
    """A member of staff had the petition open within that hour (aware UTC, on the hour)."""

    __tablename__ = "petition_readings"

    petition_id: Mapped[int] = mapped_column(BigId, primary_key=True, autoincrement=False)
    staff_id: Mapped[int] = mapped_column(BigId, primary_key=True, autoincrement=False)
    hour: Mapped[datetime] = mapped_column(UtcDateTime, primary_key=True)
    unit_name: Mapped[str] = mapped_column(String(80), default="")
