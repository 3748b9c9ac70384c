"""comments: what people say in public, flags, and statements for the common ground

Revision: 0013
After: 0012
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from migrations.column_types import big_id, exact, long_text, moment

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go up. The code before knows nothing of these tables, and leaves the new column empty."""
    _comments()
    _of_a_comment()
    _common_ground()
    op.add_column("content_reviews", sa.Column("town_id", big_id(), nullable=True))


def _comments() -> None:
    op.create_table(
        "comments",
        sa.Column("id", big_id(), autoincrement=False, nullable=False),
        sa.Column("subject_kind", exact(24), nullable=False),
        sa.Column("subject_id", big_id(), nullable=False),
        sa.Column("town_id", big_id(), nullable=False),
        sa.Column("village_id", big_id(), nullable=True),
        sa.Column("resident_id", big_id(), nullable=True),
        sa.Column("kind", exact(12), nullable=False),
        sa.Column("stance", exact(8), nullable=False),
        sa.Column("text", long_text(), nullable=False),
        sa.Column("marks", long_text(), nullable=False),
        sa.Column("state", exact(12), nullable=False),
        sa.Column("held_because", exact(12), nullable=False),
        sa.Column("created_at", moment(), nullable=False),
        sa.Column("shown_at", moment(), nullable=True),
        sa.Column("answer", long_text(), nullable=False),
        sa.Column("answered_unit", sa.String(60), nullable=False),
        sa.Column("answered_by", big_id(), nullable=True),
        sa.Column("answered_at", moment(), nullable=True),
        sa.Column("hidden_by", big_id(), nullable=True),
        sa.Column("hidden_reason", exact(12), nullable=False),
        sa.Column("hidden_note", sa.String(200), nullable=False),
        sa.Column("hidden_at", moment(), nullable=True),
        sa.Column("objection", long_text(), nullable=False),
        sa.Column("objected_at", moment(), nullable=True),
        sa.Column("objection_result", exact(12), nullable=False),
        sa.Column("objection_by", big_id(), nullable=True),
        sa.Column("flag_count", sa.Integer(), nullable=False),
        sa.Column("flags_answered", sa.Integer(), nullable=False),
        sa.Column("second_count", sa.Integer(), nullable=False),
        sa.Column("has_photos", sa.Boolean(), nullable=False),
        sa.CheckConstraint(
            "state <> 'hidden' or hidden_reason <> ''", name=op.f("ck_comments_hidden_has_reason")
        ),
        sa.CheckConstraint(
            "kind in ('comment','question','follow_up','statement')", name=op.f("ck_comments_kind_known")
        ),
        sa.CheckConstraint("stance in ('','for','against')", name=op.f("ck_comments_stance_known")),
        sa.CheckConstraint(
            "state in ('pending','shown','held','hidden','withdrawn')", name=op.f("ck_comments_state_known")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_comments")),
    )
    op.create_index("ix_comments_resident", "comments", ["resident_id", "created_at"])
    op.create_index(
        "ix_comments_seconds", "comments", ["subject_kind", "subject_id", "state", "second_count", "id"]
    )
    op.create_index(
        "ix_comments_subject", "comments", ["subject_kind", "subject_id", "kind", "state", "created_at", "id"]
    )


def _of_a_comment() -> None:
    op.create_table(
        "comment_flags",
        sa.Column("comment_id", big_id(), nullable=False),
        sa.Column("resident_id", big_id(), nullable=False),
        sa.Column("reason", exact(12), nullable=False),
        sa.Column("note", long_text(), nullable=False),
        sa.Column("created_at", moment(), nullable=False),
        sa.PrimaryKeyConstraint("comment_id", "resident_id", name=op.f("pk_comment_flags")),
    )
    op.create_index("ix_comment_flags_resident", "comment_flags", ["resident_id"])
    op.create_table(
        "comment_seconds",
        sa.Column("comment_id", big_id(), nullable=False),
        sa.Column("resident_id", big_id(), nullable=False),
        sa.Column("created_at", moment(), nullable=False),
        sa.PrimaryKeyConstraint("comment_id", "resident_id", name=op.f("pk_comment_seconds")),
    )
    op.create_index("ix_comment_seconds_resident", "comment_seconds", ["resident_id"])
    op.create_table(
        "comment_hidings",
        sa.Column("id", big_id(), autoincrement=False, nullable=False),
        sa.Column("comment_id", big_id(), nullable=False),
        sa.Column("town_id", big_id(), nullable=False),
        sa.Column("staff_id", big_id(), nullable=True),
        sa.Column("reason", exact(12), nullable=False),
        sa.Column("note", sa.String(200), nullable=False),
        sa.Column("at", moment(), nullable=False),
        sa.Column("objected", sa.Boolean(), nullable=False),
        sa.Column("undone_at", moment(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_comment_hidings")),
    )
    op.create_index("ix_comment_hidings_comment_id", "comment_hidings", ["comment_id"])
    op.create_index("ix_comment_hidings_town", "comment_hidings", ["town_id", "at"])


def _common_ground() -> None:
    op.create_table(
        "statement_votes",
        sa.Column("consultation_id", big_id(), nullable=False),
        sa.Column("holder", exact(64), nullable=False),
        sa.Column("statement_id", big_id(), nullable=False),
        sa.Column("value", sa.SmallInteger(), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.CheckConstraint("value in (-1,0,1)", name=op.f("ck_statement_votes_value_known")),
        sa.PrimaryKeyConstraint("consultation_id", "holder", "statement_id", name=op.f("pk_statement_votes")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "common_grounds",
        sa.Column("consultation_id", big_id(), autoincrement=False, nullable=False),
        sa.Column("secret", long_text(), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("made_at", moment(), nullable=True),
        sa.Column("participants", sa.Integer(), nullable=False),
        sa.Column("picture", long_text(), nullable=True),
        sa.PrimaryKeyConstraint("consultation_id", name=op.f("pk_common_grounds")),
    )


def downgrade() -> None:
    """Go down: what was said, and who agreed with it, goes with the tables."""
    with op.batch_alter_table("content_reviews") as table:
        table.drop_column("town_id")
    for name in (
        "common_grounds",
        "statement_votes",
        "comment_hidings",
        "comment_seconds",
        "comment_flags",
        "comments",
    ):
        op.drop_table(name)
