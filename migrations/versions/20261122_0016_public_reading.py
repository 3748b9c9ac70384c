"""public_reading: search over public texts, page numbers for caches, report cards

Revision: 0016
After: 0015
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from migrations.column_types import big_id, exact, long_text, moment

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

# SQLite: an FTS5 table that holds the index alone, kept in step with the rows by triggers.
_IN = "INSERT INTO search_grams(rowid, grams) VALUES (new.id, new.grams);"
_OUT = "INSERT INTO search_grams(search_grams, rowid, grams) VALUES ('delete', old.id, old.grams);"
FTS5 = (
    "CREATE VIRTUAL TABLE search_grams USING fts5(grams, content='search_texts', content_rowid='id')",
    f"CREATE TRIGGER search_texts_in AFTER INSERT ON search_texts BEGIN {_IN} END",
    f"CREATE TRIGGER search_texts_out AFTER DELETE ON search_texts BEGIN {_OUT} END",
    f"CREATE TRIGGER search_texts_changed AFTER UPDATE OF grams ON search_texts BEGIN {_OUT} {_IN} END",
)


def upgrade() -> None:
    """Go up. The code before knows nothing of these tables."""
    op.create_table(
        "page_numbers",
        sa.Column("name", exact(64), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_page_numbers")),
    )
    _search()
    op.create_table(
        "report_cards",
        sa.Column("id", big_id(), nullable=False),
        sa.Column("town_id", big_id(), nullable=False),
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("state", exact(12), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("figures", long_text(), nullable=False),
        sa.Column("reason", sa.String(300), nullable=False),
        sa.Column("made_by", big_id(), nullable=True),
        sa.Column("made_by_name", sa.String(60), nullable=False),
        sa.Column("made_at", moment(), nullable=False),
        sa.Column("published_by", big_id(), nullable=True),
        sa.Column("published_by_name", sa.String(60), nullable=False),
        sa.Column("published_at", moment(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_report_cards")),
        sa.UniqueConstraint("town_id", "month", "number", name=op.f("uq_report_cards_town_id_month_number")),
    )


def _search() -> None:
    op.create_table(
        "search_texts",
        sa.Column("id", big_id(), nullable=False),
        sa.Column("kind", exact(24), nullable=False),
        sa.Column("subject_id", big_id(), nullable=False),
        sa.Column("town_id", big_id(), nullable=False),
        sa.Column("village_id", big_id(), nullable=True),
        sa.Column("at", moment(), nullable=False),
        sa.Column("grams", long_text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_search_texts")),
        sa.UniqueConstraint("kind", "subject_id", name=op.f("uq_search_texts_kind_subject_id")),
    )
    op.create_index("ix_search_texts_newest", "search_texts", ["town_id", "kind", "at", "subject_id"])
    if op.get_bind().dialect.name == "sqlite":
        for statement in FTS5:
            op.execute(statement)
    else:
        op.create_index("ft_search_texts_grams", "search_texts", ["grams"], mysql_prefix="FULLTEXT")


def downgrade() -> None:
    """Go down: what is searched can be made anew from what is public; the report cards cannot."""
    op.drop_table("report_cards")
    if op.get_bind().dialect.name == "sqlite":
        for name in ("search_texts_in", "search_texts_out", "search_texts_changed"):
            op.execute(f"DROP TRIGGER {name}")
        op.execute("DROP TABLE search_grams")
    op.drop_table("search_texts")
    op.drop_table("page_numbers")
