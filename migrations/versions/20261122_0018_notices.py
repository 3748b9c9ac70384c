"""notices: notices of 三务公开 with their sign-off chain, attachments, committees

Revision: 0018
After: 0017
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from migrations.column_types import big_id, exact, long_text, moment

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


TABLES = ("notices", "notice_signatures", "notice_files", "committee_members", "notice_reads")


def upgrade() -> None:
    """Go up."""
    _notices()
    _signatures()
    _files()
    _committees()
    _reads()


def _notices() -> None:
    op.create_table(
        "notices",
        sa.Column("id", big_id(), nullable=False),
        sa.Column("kind", exact(24), nullable=False),
        sa.Column("code", exact(12), nullable=False),
        sa.Column("town_id", big_id(), nullable=False),
        sa.Column("area_id", big_id(), nullable=True),
        sa.Column("village_id", big_id(), nullable=True),
        sa.Column("corrects_id", big_id(), nullable=True),
        sa.Column("number", sa.Integer(), nullable=True),
        sa.Column("reason", sa.String(300), nullable=False),
        sa.Column("section", exact(12), nullable=False),
        sa.Column("category", exact(32), nullable=False),
        sa.Column("title", sa.String(80), nullable=False),
        sa.Column("body", long_text(), nullable=False),
        sa.Column("audience", exact(12), nullable=False),
        sa.Column("period", exact(8), nullable=False),
        sa.Column("sheet_id", big_id(), nullable=True),
        sa.Column("state", exact(32), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("entry_count", sa.Integer(), nullable=False),
        sa.Column("chain_head", exact(64), nullable=False),
        sa.Column("drafted_by", big_id(), nullable=False),
        sa.Column("writers", long_text(), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("listed", exact(12), nullable=False),
        sa.Column("supplements", sa.Integer(), nullable=False),
        sa.Column("days_late", sa.Integer(), nullable=False),
        sa.Column("published_at", moment(), nullable=True),
        sa.Column("published_on", sa.Date(), nullable=True),
        sa.Column("shown_until", sa.Date(), nullable=True),
        sa.Column("canonical", long_text(), nullable=True),
        sa.Column("hash", exact(64), nullable=False),
        sa.Column("created_at", moment(), nullable=False),
        sa.Column("updated_at", moment(), nullable=False),
        sa.Column("due_at", moment(), nullable=True),
        sa.Column("closed_at", moment(), nullable=True),
        sa.CheckConstraint(
            "(state IN ('archived', 'withdrawn')) = (closed_at IS NOT NULL)",
            name=op.f("ck_notices_closed_has_date"),
        ),
        sa.CheckConstraint(
            "state NOT IN ('published', 'archived') OR (published_at IS NOT NULL AND canonical IS NOT NULL)",
            name=op.f("ck_notices_published_has_hash"),
        ),
        sa.ForeignKeyConstraint(["corrects_id"], ["notices.id"], name=op.f("fk_notices_corrects_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notices")),
        sa.UniqueConstraint("code", name=op.f("uq_notices_code")),
        sa.UniqueConstraint("corrects_id", "number", name=op.f("uq_notices_corrects_id_number")),
    )
    op.create_index("ix_notices_desk", "notices", ["town_id", "state", "created_at", "id"])
    op.create_index("ix_notices_desk_village", "notices", ["village_id", "state", "created_at", "id"])
    op.create_index("ix_notices_period", "notices", ["town_id", "period", "category", "published_at"])
    op.create_index("ix_notices_public", "notices", ["town_id", "listed", "published_at", "id"])
    op.create_index("ix_notices_village", "notices", ["village_id", "listed", "published_at", "id"])


def _signatures() -> None:
    op.create_table(
        "notice_signatures",
        sa.Column("id", big_id(), nullable=False),
        sa.Column("notice_id", big_id(), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("step", exact(12), nullable=False),
        sa.Column("staff_id", big_id(), nullable=False),
        sa.Column("name", sa.String(40), nullable=False),
        sa.Column("duty", sa.String(80), nullable=False),
        sa.Column("opinion", sa.String(500), nullable=False),
        sa.Column("signed_on", sa.Date(), nullable=False),
        sa.Column("signed_at", moment(), nullable=False),
        sa.ForeignKeyConstraint(["notice_id"], ["notices.id"], name=op.f("fk_notice_signatures_notice_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notice_signatures")),
        sa.UniqueConstraint(
            "notice_id", "round", "staff_id", name=op.f("uq_notice_signatures_notice_id_round_staff_id")
        ),
    )


def _files() -> None:
    op.create_table(
        "notice_files",
        sa.Column("id", big_id(), nullable=False),
        sa.Column("notice_id", big_id(), nullable=False),
        sa.Column("form", exact(8), nullable=False),
        sa.Column("name", sa.String(80), nullable=False),
        sa.Column("media_type", exact(80), nullable=False),
        sa.Column("file_key", exact(120), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("sha256", exact(64), nullable=False),
        sa.Column("state", exact(8), nullable=False),
        sa.Column("pages", long_text(), nullable=False),
        sa.Column("page_count", sa.Integer(), nullable=False),
        sa.Column("table_rows", long_text(), nullable=True),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("created_at", moment(), nullable=False),
        sa.CheckConstraint("form in ('pdf','excel','photo')", name=op.f("ck_notice_files_form_known")),
        sa.CheckConstraint("state in ('ready','drawing','failed')", name=op.f("ck_notice_files_state_known")),
        sa.ForeignKeyConstraint(["notice_id"], ["notices.id"], name=op.f("fk_notice_files_notice_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notice_files")),
    )
    op.create_index("ix_notice_files_key", "notice_files", ["file_key"])
    op.create_index("ix_notice_files_notice", "notice_files", ["notice_id", "position", "id"])


def _committees() -> None:
    op.create_table(
        "committee_members",
        sa.Column("id", big_id(), nullable=False),
        sa.Column("town_id", big_id(), nullable=False),
        sa.Column("village_id", big_id(), nullable=False),
        sa.Column("staff_id", big_id(), nullable=True),
        sa.Column("name", sa.String(40), nullable=False),
        sa.Column("no_kin", sa.Boolean(), nullable=False),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("until_on", sa.Date(), nullable=False),
        sa.Column("entered_by", big_id(), nullable=False),
        sa.Column("created_at", moment(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_committee_members")),
    )
    op.create_index("ix_committee_members_staff", "committee_members", ["staff_id"])
    op.create_index("ix_committee_members_village", "committee_members", ["village_id", "until_on", "id"])


def _reads() -> None:
    op.create_table(
        "notice_reads",
        sa.Column("notice_id", big_id(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("times", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["notice_id"], ["notices.id"], name=op.f("fk_notice_reads_notice_id")),
        sa.PrimaryKeyConstraint("notice_id", "day", name=op.f("pk_notice_reads")),
    )


def downgrade() -> None:
    """Go down."""
    for name in reversed(TABLES):
        op.drop_table(name)
