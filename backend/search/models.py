"""Rows of the search over public texts."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from backend.kernel.db import BigId, BinaryString, LongText, Model, UtcDateTime
from backend.kernel.ids import new_id


class SearchText(Model):
    """One public text as the grams it is found by (search/grams.py); what is not public never comes here.

    MariaDB reads them by its FULLTEXT index. On SQLite triggers of migration 0016 keep the FTS5 table
    search_grams beside this one, so that whoever writes need not know which database it is.
    """

    __tablename__ = "search_texts"
    __table_args__ = (
        UniqueConstraint("kind", "subject_id"),
        Index("ix_search_texts_newest", "town_id", "kind", "at", "subject_id"),
        Index("ix_search_texts_all", "town_id", "at", "subject_id"),
        Index("ix_search_texts_village", "village_id", "kind", "at", "subject_id"),
        Index("ft_search_texts_grams", "grams", mysql_prefix="FULLTEXT", mariadb_prefix="FULLTEXT").ddl_if(
            dialect=("mysql", "mariadb")  # type: ignore[arg-type]  # documented, and not in its types
        ),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True, default=new_id)
    kind: Mapped[str] = mapped_column(BinaryString(24))
    subject_id: Mapped[int] = mapped_column(BigId)
    town_id: Mapped[int] = mapped_column(BigId)
    village_id: Mapped[int | None] = mapped_column(BigId)
    #: what the list is ordered by: when it was published
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    grams: Mapped[str] = mapped_column(LongText)
