"""outside services: what was posted and whether it may be shown; what the platform's own settings lack

Revision: 0006
After: 0005
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from migrations.column_types import big_id, exact, long_text, moment

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go up."""
    op.create_table(
        "content_reviews",
        sa.Column("id", big_id(), nullable=False),
        sa.Column("subject_kind", exact(24), nullable=False),
        sa.Column("subject_id", big_id(), nullable=False),
        sa.Column("part", exact(8), nullable=False),
        sa.Column("part_id", big_id(), nullable=False),
        sa.Column("state", exact(16), nullable=False),
        sa.Column("suggest", exact(8), nullable=True),
        sa.Column("label", exact(16), nullable=False),
        sa.Column("reason", exact(24), nullable=False),
        sa.Column("note", sa.String(length=200), nullable=False),
        sa.Column("trace_id", exact(64), nullable=True),
        sa.Column("decided_by", big_id(), nullable=True),
        sa.Column("created_at", moment(), nullable=False),
        sa.Column("asked_at", moment(), nullable=True),
        sa.Column("checked_at", moment(), nullable=True),
        sa.Column("decided_at", moment(), nullable=True),
        sa.CheckConstraint(
            "state in ('pending','passed','refused','needs_person')",
            name=op.f("ck_content_reviews_state_known"),
        ),
        sa.CheckConstraint("part in ('text','photo')", name=op.f("ck_content_reviews_part_known")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_content_reviews")),
        sa.UniqueConstraint(
            "subject_kind", "part", "part_id", name=op.f("uq_content_reviews_subject_kind_part_part_id")
        ),
        sa.UniqueConstraint("trace_id", name=op.f("uq_content_reviews_trace_id")),
    )
    op.create_index("ix_content_reviews_state", "content_reviews", ["state", "created_at", "id"])
    op.create_index("ix_content_reviews_subject", "content_reviews", ["subject_kind", "subject_id"])
    op.create_table(
        "platform_checks",
        sa.Column("name", exact(32), nullable=False),
        sa.Column("problems", long_text(), nullable=False),
        sa.Column("unreadable", sa.String(length=200), nullable=False),
        sa.Column("checked_at", moment(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_platform_checks")),
    )


def downgrade() -> None:
    """Go down."""
    op.drop_table("platform_checks")
    op.drop_index("ix_content_reviews_subject", table_name="content_reviews")
    op.drop_index("ix_content_reviews_state", table_name="content_reviews")
    op.drop_table("content_reviews")
