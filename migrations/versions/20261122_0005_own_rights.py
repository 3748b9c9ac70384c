"""own rights: what a person may do about their own data, retention, the ring of keys

Revision: 0005
After: 0004
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from migrations.column_types import big_id, exact, long_text, moment

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go up. New columns may be empty: the code before knows nothing of them."""
    op.add_column("timeline", sa.Column("inner_salt", exact(32), nullable=True))
    op.add_column("reports", sa.Column("coarse_at", moment(), nullable=True))
    op.add_column("cases", sa.Column("stored_only_at", moment(), nullable=True))
    _readings()
    _rights()
    _minors()
    _keys()


def _readings() -> None:
    op.create_table(
        "case_readings",
        sa.Column("case_id", big_id(), nullable=False),
        sa.Column("staff_id", big_id(), nullable=False),
        sa.Column("hour", moment(), nullable=False),
        sa.Column("unit_name", sa.String(length=80), nullable=False),
        sa.PrimaryKeyConstraint("case_id", "staff_id", "hour", name=op.f("pk_case_readings")),
    )
    op.create_index("ix_case_readings_hour", "case_readings", ["hour"])


def _rights() -> None:
    op.create_table(
        "rights_requests",
        sa.Column("id", big_id(), nullable=False),
        sa.Column("town_id", big_id(), nullable=False),
        sa.Column("resident_id", big_id(), nullable=True),
        sa.Column("kind", exact(16), nullable=False),
        sa.Column("case_id", big_id(), nullable=True),
        sa.Column("text", long_text(), nullable=True),
        sa.Column("state", exact(12), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", moment(), nullable=False),
        sa.Column("due_at", moment(), nullable=False),
        sa.Column("answered_at", moment(), nullable=True),
        sa.Column("answered_by", big_id(), nullable=True),
        sa.Column("unit_name", sa.String(length=80), nullable=False),
        sa.Column("answer", long_text(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rights_requests")),
    )
    op.create_index("ix_rights_requests_resident", "rights_requests", ["resident_id", "created_at", "id"])
    op.create_index("ix_rights_requests_town", "rights_requests", ["town_id", "state", "created_at", "id"])
    op.create_table(
        "rights_copies",
        sa.Column("id", big_id(), nullable=False),
        sa.Column("resident_id", big_id(), nullable=False),
        sa.Column("state", exact(12), nullable=False),
        sa.Column("progress", sa.Integer(), nullable=False),
        sa.Column("content", long_text(), nullable=True),
        sa.Column("created_at", moment(), nullable=False),
        sa.Column("expires_at", moment(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rights_copies")),
    )
    op.create_index("ix_rights_copies_resident", "rights_copies", ["resident_id", "created_at"])
    op.create_index("ix_rights_copies_expires", "rights_copies", ["expires_at"])
    op.create_table(
        "deletion_log",
        sa.Column("id", big_id(), nullable=False),
        sa.Column("at", moment(), nullable=False),
        sa.Column("rule", exact(40), nullable=False),
        sa.Column("kind", exact(40), nullable=False),
        sa.Column("because", exact(16), nullable=False),
        sa.Column("many", sa.Integer(), nullable=False),
        sa.Column("id_hashes", long_text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_deletion_log")),
    )
    op.create_index("ix_deletion_log_at", "deletion_log", ["at", "id"])


def _minors() -> None:
    op.create_table(
        "minors",
        sa.Column("resident_id", big_id(), nullable=False),
        sa.Column("until", sa.Date(), nullable=False),
        sa.Column("stated_at", moment(), nullable=False),
        sa.Column("guardian_id", big_id(), nullable=True),
        sa.Column("agreed_at", moment(), nullable=True),
        sa.PrimaryKeyConstraint("resident_id", name=op.f("pk_minors")),
    )
    op.create_index("ix_minors_guardian_id", "minors", ["guardian_id"])
    op.create_table(
        "guardian_codes",
        sa.Column("id", big_id(), nullable=False),
        sa.Column("code_hash", exact(64), nullable=False),
        sa.Column("resident_id", big_id(), nullable=False),
        sa.Column("expires_at", moment(), nullable=False),
        sa.Column("used_at", moment(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_guardian_codes")),
        sa.UniqueConstraint("code_hash", name="uq_guardian_codes_code_hash"),
    )
    op.create_index("ix_guardian_codes_expires_at", "guardian_codes", ["expires_at"])
    op.create_index("ix_guardian_codes_resident_id", "guardian_codes", ["resident_id"])


def _keys() -> None:
    op.create_table(
        "field_keys",
        sa.Column("name", exact(64), nullable=False),
        sa.Column("first_used_at", moment(), nullable=False),
        sa.Column("retired_at", moment(), nullable=True),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_field_keys")),
    )
    op.create_table(
        "key_rotations",
        sa.Column("target", exact(80), nullable=False),
        sa.Column("column_name", exact(96), nullable=False),
        sa.Column("last_key", exact(255), nullable=True),
        sa.Column("changed", sa.Integer(), nullable=False),
        sa.Column("missed", sa.Integer(), nullable=False),
        sa.Column("started_at", moment(), nullable=False),
        sa.Column("finished_at", moment(), nullable=True),
        sa.PrimaryKeyConstraint("target", "column_name", name=op.f("pk_key_rotations")),
    )


def downgrade() -> None:
    """Go down."""
    for table in (
        "key_rotations",
        "field_keys",
        "guardian_codes",
        "minors",
        "deletion_log",
        "rights_copies",
        "rights_requests",
        "case_readings",
    ):
        op.drop_table(table)
    op.drop_column("cases", "stored_only_at")
    op.drop_column("reports", "coarse_at")
    op.drop_column("timeline", "inner_salt")
