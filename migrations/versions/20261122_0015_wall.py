"""wall: 问题回音壁, its follow-up questions and followers

Revision: 0015
After: 0014
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from migrations.column_types import big_id, exact, long_text, moment

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

TABLES = ("wall_entries", "wall_photos", "wall_consents", "wall_follows", "wall_follow_ups")


def upgrade() -> None:
    """Go up. No category may be on the wall until the town's file or somebody on screen says so."""
    _entries()
    _photos()
    _consents()
    _follows()
    _follow_ups()
    op.add_column("report_categories", sa.Column("wall", exact(8), nullable=False, server_default="never"))


def _entries() -> None:
    op.create_table(
        "wall_entries",
        sa.Column("id", big_id(), nullable=False),
        sa.Column("kind", exact(24), nullable=False),
        sa.Column("code", exact(12), nullable=False),
        sa.Column("source_kind", exact(24), nullable=False),
        sa.Column("source_id", big_id(), nullable=False),
        sa.Column("source_key", exact(48), nullable=True),
        sa.Column("town_id", big_id(), nullable=False),
        sa.Column("area_id", big_id(), nullable=True),
        sa.Column("village_id", big_id(), nullable=True),
        sa.Column("grid_id", big_id(), nullable=True),
        sa.Column("micro_grid_id", big_id(), nullable=True),
        sa.Column("village_name", sa.String(60), nullable=False),
        sa.Column("place_label", sa.String(120), nullable=False),
        sa.Column("state", exact(32), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("entry_count", sa.Integer(), nullable=False),
        sa.Column("chain_head", exact(64), nullable=False),
        sa.Column("category_code", exact(32), nullable=False),
        sa.Column("category_name", sa.String(60), nullable=False),
        sa.Column("unit_id", big_id(), nullable=True),
        sa.Column("unit_name", sa.String(80), nullable=False),
        sa.Column("title", sa.String(60), nullable=False),
        sa.Column("matter", long_text(), nullable=False),
        sa.Column("done", long_text(), nullable=False),
        sa.Column("received_on", sa.Date(), nullable=False),
        sa.Column("closed_on", sa.Date(), nullable=False),
        sa.Column("days_taken", sa.Integer(), nullable=False),
        sa.Column("days_promised", sa.Integer(), nullable=True),
        sa.Column("on_time", sa.Boolean(), nullable=True),
        sa.Column("score", exact(16), nullable=True),
        sa.Column("needs_consent", sa.Boolean(), nullable=False),
        sa.Column("written_by", big_id(), nullable=False),
        sa.Column("writers", long_text(), nullable=False),
        sa.Column("approved_by", big_id(), nullable=True),
        sa.Column("notes", long_text(), nullable=False),
        sa.Column("follower_count", sa.Integer(), nullable=False),
        sa.Column("follow_up_count", sa.Integer(), nullable=False),
        sa.Column("unanswered_count", sa.Integer(), nullable=False),
        sa.Column("waiting_since", moment(), nullable=True),
        sa.Column("created_at", moment(), nullable=False),
        sa.Column("updated_at", moment(), nullable=False),
        sa.Column("published_at", moment(), nullable=True),
        sa.Column("republished_at", moment(), nullable=True),
        sa.Column("due_at", moment(), nullable=True),
        sa.Column("closed_at", moment(), nullable=True),
        sa.CheckConstraint(
            "(state IN ('published', 'unpublished', 'discarded')) = (closed_at IS NOT NULL)",
            name=op.f("ck_wall_entries_closed_has_date"),
        ),
        sa.CheckConstraint(
            "state <> 'published' OR published_at IS NOT NULL",
            name=op.f("ck_wall_entries_published_has_date"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_wall_entries")),
        sa.UniqueConstraint("code", name=op.f("uq_wall_entries_code")),
        sa.UniqueConstraint("source_key", name=op.f("uq_wall_entries_source_key")),
    )
    op.create_index(
        "ix_wall_entries_category",
        "wall_entries",
        ["town_id", "state", "category_code", "published_at", "id"],
    )
    op.create_index("ix_wall_entries_desk", "wall_entries", ["town_id", "state", "created_at", "id"])
    op.create_index("ix_wall_entries_followed", "wall_entries", ["town_id", "state", "follower_count", "id"])
    op.create_index("ix_wall_entries_mine", "wall_entries", ["written_by", "created_at", "id"])
    op.create_index("ix_wall_entries_newest", "wall_entries", ["town_id", "state", "published_at", "id"])
    op.create_index("ix_wall_entries_source", "wall_entries", ["source_kind", "source_id"])
    op.create_index(
        "ix_wall_entries_unit", "wall_entries", ["town_id", "state", "unit_id", "published_at", "id"]
    )
    op.create_index(
        "ix_wall_entries_village", "wall_entries", ["town_id", "state", "village_id", "published_at", "id"]
    )
    op.create_index("ix_wall_entries_waiting", "wall_entries", ["town_id", "state", "waiting_since", "id"])


def _photos() -> None:
    op.create_table(
        "wall_photos",
        sa.Column("id", big_id(), nullable=False),
        sa.Column("entry_id", big_id(), nullable=False),
        sa.Column("role", exact(8), nullable=False),
        sa.Column("media_id", big_id(), nullable=False),
        sa.Column("boxes", long_text(), nullable=False),
        sa.Column("faces_checked_by", big_id(), nullable=True),
        sa.Column("faces_checked_at", moment(), nullable=True),
        sa.Column("file_key", exact(120), nullable=False),
        sa.Column("thumb_key", exact(120), nullable=False),
        sa.Column("width", sa.Integer(), nullable=False),
        sa.Column("height", sa.Integer(), nullable=False),
        sa.Column("sha256", exact(64), nullable=False),
        sa.Column("created_at", moment(), nullable=False),
        sa.ForeignKeyConstraint(["entry_id"], ["wall_entries.id"], name=op.f("fk_wall_photos_entry_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_wall_photos")),
        sa.UniqueConstraint("entry_id", "role", name=op.f("uq_wall_photos_entry_id_role")),
    )


def _consents() -> None:
    op.create_table(
        "wall_consents",
        sa.Column("id", big_id(), nullable=False),
        sa.Column("source_kind", exact(24), nullable=False),
        sa.Column("source_id", big_id(), nullable=False),
        sa.Column("town_id", big_id(), nullable=False),
        sa.Column("resident_id", big_id(), nullable=False),
        sa.Column("state", exact(16), nullable=False),
        sa.Column("asked_by", big_id(), nullable=True),
        sa.Column("message", long_text(), nullable=True),
        sa.Column("asked_at", moment(), nullable=False),
        sa.Column("decided_at", moment(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_wall_consents")),
        sa.UniqueConstraint("source_kind", "source_id", name=op.f("uq_wall_consents_source_kind_source_id")),
    )
    op.create_index("ix_wall_consents_resident", "wall_consents", ["resident_id", "asked_at", "id"])


def _follows() -> None:
    op.create_table(
        "wall_follows",
        sa.Column("entry_id", big_id(), nullable=False),
        sa.Column("resident_id", big_id(), nullable=False),
        sa.Column("created_at", moment(), nullable=False),
        sa.ForeignKeyConstraint(["entry_id"], ["wall_entries.id"], name=op.f("fk_wall_follows_entry_id")),
        sa.PrimaryKeyConstraint("entry_id", "resident_id", name=op.f("pk_wall_follows")),
    )
    op.create_index("ix_wall_follows_resident", "wall_follows", ["resident_id"])


def _follow_ups() -> None:
    op.create_table(
        "wall_follow_ups",
        sa.Column("id", big_id(), nullable=False),
        sa.Column("kind", exact(24), nullable=False),
        sa.Column("entry_id", big_id(), nullable=False),
        sa.Column("comment_id", big_id(), nullable=False),
        sa.Column("source_kind", exact(24), nullable=False),
        sa.Column("source_id", big_id(), nullable=False),
        sa.Column("resident_id", big_id(), nullable=False),
        sa.Column("town_id", big_id(), nullable=False),
        sa.Column("area_id", big_id(), nullable=True),
        sa.Column("village_id", big_id(), nullable=True),
        sa.Column("grid_id", big_id(), nullable=True),
        sa.Column("micro_grid_id", big_id(), nullable=True),
        sa.Column("unit_id", big_id(), nullable=True),
        sa.Column("unit_name", sa.String(80), nullable=False),
        sa.Column("state", exact(32), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("entry_count", sa.Integer(), nullable=False),
        sa.Column("chain_head", exact(64), nullable=False),
        sa.Column("shown", sa.Boolean(), nullable=False),
        sa.Column("overdue", sa.Boolean(), nullable=False),
        sa.Column("answer", long_text(), nullable=False),
        sa.Column("answered_unit", sa.String(80), nullable=False),
        sa.Column("answered_at", moment(), nullable=True),
        sa.Column("created_at", moment(), nullable=False),
        sa.Column("updated_at", moment(), nullable=False),
        sa.Column("due_at", moment(), nullable=True),
        sa.Column("closed_at", moment(), nullable=True),
        sa.CheckConstraint(
            "(state IN ('answered', 'reopen_refused', 'hidden')) = (closed_at IS NOT NULL)",
            name=op.f("ck_wall_follow_ups_closed_has_date"),
        ),
        sa.ForeignKeyConstraint(["entry_id"], ["wall_entries.id"], name=op.f("fk_wall_follow_ups_entry_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_wall_follow_ups")),
        sa.UniqueConstraint("comment_id", name=op.f("uq_wall_follow_ups_comment_id")),
    )
    op.create_index("ix_wall_follow_ups_desk", "wall_follow_ups", ["town_id", "state", "created_at", "id"])
    op.create_index("ix_wall_follow_ups_entry", "wall_follow_ups", ["entry_id", "shown", "created_at", "id"])
    op.create_index("ix_wall_follow_ups_list", "wall_follow_ups", ["town_id", "created_at", "id"])
    op.create_index("ix_wall_follow_ups_resident", "wall_follow_ups", ["resident_id", "created_at", "id"])
    op.create_index("ix_wall_follow_ups_source", "wall_follow_ups", ["source_kind", "source_id", "state"])


def downgrade() -> None:
    """Go down."""
    with op.batch_alter_table("report_categories") as batch_op:
        batch_op.drop_column("wall")
    for table in reversed(TABLES):
        op.drop_table(table)
