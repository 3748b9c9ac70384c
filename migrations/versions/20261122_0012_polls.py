"""polls: verified villagers, and a poll whose ballots nobody can join to a voter

Revision: 0012
After: 0011
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from migrations.column_types import big_id, exact, long_text, moment

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go up. The code before knows nothing of these tables."""
    op.create_table(
        "villagers",
        sa.Column("id", big_id(), nullable=False),
        sa.Column("resident_id", big_id(), nullable=False),
        sa.Column("live_resident_id", big_id(), nullable=True),
        sa.Column("town_id", big_id(), nullable=False),
        sa.Column("village_id", big_id(), nullable=False),
        sa.Column("name", long_text(), nullable=True),
        sa.Column("name_index", exact(64), nullable=True),
        sa.Column("state", exact(12), nullable=False),
        sa.Column("asked_at", moment(), nullable=False),
        sa.Column("decided_at", moment(), nullable=True),
        sa.Column("decided_by", big_id(), nullable=True),
        sa.Column("reason", sa.String(200), nullable=False, server_default=""),
        sa.Column("ended_at", moment(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_villagers")),
        sa.UniqueConstraint("live_resident_id", name=op.f("uq_villagers_live_resident_id")),
    )
    op.create_index("ix_villagers_resident", "villagers", ["resident_id"])
    op.create_index("ix_villagers_village", "villagers", ["village_id", "state", "asked_at", "id"])
    op.create_index("ix_villagers_town", "villagers", ["town_id", "state", "asked_at", "id"])
    op.create_index("ix_villagers_name_index", "villagers", ["name_index"])
    op.create_table(
        "polls",
        sa.Column("id", big_id(), nullable=False),
        sa.Column("subject_kind", exact(32), nullable=False),
        sa.Column("subject_id", big_id(), nullable=False),
        sa.Column("town_id", big_id(), nullable=False),
        sa.Column("village_id", big_id(), nullable=True),
        sa.Column("question", sa.String(200), nullable=False),
        sa.Column("options", long_text(), nullable=False),
        sa.Column("entitled", sa.Integer(), nullable=False),
        sa.Column("opens_at", moment(), nullable=False),
        sa.Column("closes_at", moment(), nullable=False),
        sa.Column("state", exact(12), nullable=False),
        sa.Column("with_offline", sa.Boolean(), nullable=False, server_default=sa.text("0")),
        sa.Column("key_n", long_text(), nullable=False),
        sa.Column("key_secret", long_text(), nullable=True),
        sa.Column("secret", long_text(), nullable=True),
        sa.Column("box", long_text(), nullable=True),
        sa.Column("result", long_text(), nullable=True),
        sa.Column("counted_at", moment(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_polls")),
        sa.UniqueConstraint("subject_kind", "subject_id", name=op.f("uq_polls_subject_kind")),
    )
    op.create_index("ix_polls_due", "polls", ["state", "closes_at"])
    _of_a_poll()


def _of_a_poll() -> None:
    """Papers and ballots are stored by their random keys: without rowids, which would tell the order."""
    op.create_table(
        "poll_papers",
        sa.Column("poll_id", big_id(), autoincrement=False, nullable=False),
        sa.Column("holder", exact(64), nullable=False),
        sa.Column("blinded", exact(64), nullable=False),
        sa.Column("offline", sa.Boolean(), nullable=False, server_default=sa.text("0")),
        sa.Column("fresh", sa.Boolean(), nullable=False, server_default=sa.text("1")),
        sa.ForeignKeyConstraint(["poll_id"], ["polls.id"], name=op.f("fk_poll_papers_poll_id")),
        sa.PrimaryKeyConstraint("poll_id", "holder", name=op.f("pk_poll_papers")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "poll_ballots",
        sa.Column("poll_id", big_id(), autoincrement=False, nullable=False),
        sa.Column("serial", exact(64), nullable=False),
        sa.Column("option", exact(8), nullable=False),
        sa.Column("fresh", sa.Boolean(), nullable=False, server_default=sa.text("1")),
        sa.ForeignKeyConstraint(["poll_id"], ["polls.id"], name=op.f("fk_poll_ballots_poll_id")),
        sa.PrimaryKeyConstraint("poll_id", "serial", name=op.f("pk_poll_ballots")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "poll_offline",
        sa.Column("poll_id", big_id(), autoincrement=False, nullable=False),
        sa.Column("round", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("staff_id", big_id(), nullable=False),
        sa.Column("papers", sa.Integer(), nullable=False),
        sa.Column("counts", long_text(), nullable=False),
        sa.Column("entered_at", moment(), nullable=False),
        sa.ForeignKeyConstraint(["poll_id"], ["polls.id"], name=op.f("fk_poll_offline_poll_id")),
        sa.PrimaryKeyConstraint("poll_id", "round", name=op.f("pk_poll_offline")),
    )


def downgrade() -> None:
    """Go down."""
    for table in ("poll_offline", "poll_ballots", "poll_papers", "polls", "villagers"):
        op.drop_table(table)
